"""Two parts of a name compared: what kind of likeness, and how many bits it costs against being equal."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from db.rules.names.classes import classes, stems, table
from db.rules.names.sounds import skeleton, spoken


class Kind(StrEnum):
    """How two parts agree, best first; the value is the word a reason uses."""

    SAME = "same"
    SPELLING = "other spelling"
    SOUND = "sounds the same"
    SHORT = "short form"
    LETTER = "one letter out"
    PREFIX = "beginning"
    NEAR = "near"
    INITIAL = "initial"
    NONE = "differs"


class Likeness(NamedTuple):
    """A kind, and its cost in bits against equality (source: matching.md section 7, refined on our names)."""

    kind: Kind
    cost: float


_NONE = Likeness(Kind.NONE, 99.0)


def _by_class(a: str, b: str) -> Likeness | None:
    shared = classes(a) & classes(b)
    if not shared:
        return None
    from rapidfuzz.distance import JaroWinkler

    forms = table()
    spelled = any(forms[a][name] and forms[b][name] for name in shared)
    if spelled and JaroWinkler.normalized_similarity(a, b) >= 0.72:
        return Likeness(Kind.SPELLING, 0.5)
    return Likeness(Kind.SHORT, 1.2 if any(forms[a][n] or forms[b][n] for n in shared) else 1.5)


def _by_stem(a: str, b: str) -> Likeness | None:
    for street, full in ((a, b), (b, a)):
        for stem in stems(street):
            if stem == full or (len(stem) >= 3 and full.startswith(stem) and len(full) <= len(stem) + 5):
                return Likeness(Kind.SHORT, 1.6)
            if len(stem) >= 3 and classes(stem) & classes(full):
                return Likeness(Kind.SHORT, 2.0)
    return None


def _by_letters(a: str, b: str) -> Likeness | None:
    from rapidfuzz.distance import OSA

    shorter = min(len(a), len(b))
    out = OSA.distance(a, b, score_cutoff=2)
    heard_a, heard_b = spoken(a), spoken(b)
    if shorter >= 3 and heard_a == heard_b:
        return Likeness(Kind.SOUND, 0.9)
    if out == 1 and shorter >= 3:
        cost = 1.6 if shorter >= 6 else 2.2 if shorter >= 4 else 3.0
        return Likeness(Kind.LETTER, cost + (0.8 if a[0] != b[0] else 0.0))
    if (
        shorter >= 4
        and OSA.distance(heard_a, heard_b, score_cutoff=1) <= 1
        and min(len(heard_a), len(heard_b)) >= 4
    ):
        return Likeness(Kind.SOUND, 2.4 if a[0] == b[0] else 3.0)
    if out == 2 and shorter >= 6:
        return Likeness(Kind.NEAR, 3.0 if shorter >= 7 else 3.6)
    return None


def _by_sound(a: str, b: str) -> Likeness | None:
    from rapidfuzz.distance import JaroWinkler

    bones = skeleton(a)
    shorter = min(len(a), len(b))
    closeness = JaroWinkler.normalized_similarity(a, b)
    if len(bones) >= 2 and bones == skeleton(b) and shorter >= 4 and closeness >= 0.6:
        return Likeness(Kind.SOUND, 2.2 if closeness >= 0.75 and len(bones) >= 3 else 3.4)
    if closeness >= 0.91 and shorter >= 5:
        return Likeness(Kind.NEAR, 3.5)
    if shorter >= 3 and (a.startswith(b) or b.startswith(a)):
        return Likeness(Kind.PREFIX, 2.2)
    return None


def _strange(a: str, b: str) -> bool:
    """Tell cheaply that nothing can be alike: another first sound, no class, over a letter apart."""
    from rapidfuzz.distance import OSA

    if skeleton(a)[:1] == skeleton(b)[:1] or classes(a) & classes(b):
        return False
    return OSA.distance(a, b, score_cutoff=1) > 1


@lru_cache(maxsize=262144)
def compare(a: str, b: str) -> Likeness:
    """Compare two folded parts; symmetrical. A single letter agrees with what it begins."""
    if a == b:
        return Likeness(Kind.SAME, 0.0)
    if not a or not b:
        return _NONE
    if len(a) == 1 or len(b) == 1:
        return Likeness(Kind.INITIAL, 0.0) if a[0] == b[0] else _NONE
    if _strange(a, b):
        return _NONE
    found = [
        x for x in (_by_class(a, b), _by_letters(a, b), _by_stem(a, b), _by_sound(a, b)) if x is not None
    ]
    return min(found, key=lambda one: one.cost) if found else _NONE
