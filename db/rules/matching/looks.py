"""Build, hair, accent, appearance, marks, ways of doing and place weighed one against another."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from db.rules.descriptions import looks, marks
from db.rules.matching.evidence import Context, Reason
from db.rules.matching.normal import Normal
from db.rules.matching.weights import (
    CODED,
    MARK_CAP,
    MARK_FADE,
    MARKS_CAP,
    SECTOR_CAP,
    WAY_CAP,
    WAY_FADE,
    WAYS_CAP,
)

_OTHER_THING, _OTHER_SIDE = -1.8, -0.8  # another picture, or the other arm
_TRUE = 0.6  # how often a witness says what the record says, in bits: log2(1 / 0.66)


def _plain(code: str) -> str:
    return code.split(".", 1)[1].replace("_", " ")


def coded(asked: list[str], found: list[str], context: Context) -> tuple[float, str] | None:
    """Weigh two lists of codes of one kind; ``None`` where either says nothing."""
    if not asked or not found:
        return None
    key = (*asked, "/", *found)
    if key not in context.memo:
        context.memo[key] = _coded(asked, found, context)
    return context.memo[key]


def _coded(asked: list[str], found: list[str], context: Context) -> tuple[float, str]:
    rule = CODED[asked[0].split(".", 1)[0]]
    same = [code for code in asked if code in found]
    if same:
        bits = max(context.bits(code) for code in same) - _TRUE
        return max(0.15, min(rule.cap, bits)), f"same: {_plain(same[0])}"
    for a in asked:
        for b in found:
            if b in looks.near(a):
                bits = rule.near * min(rule.cap, max(0.0, context.bits(b) - _TRUE))
                return bits, f"near: {_plain(a)}/{_plain(b)}"
    kin = any(looks.near(a) & looks.near(b) for a in asked for b in found)
    return rule.against * (0.5 if kin else 1.0), f"differs: {_plain(asked[0])}/{_plain(found[0])}"


def _field(
    query: Normal, found: Normal, context: Context, name: str, codes: tuple[list[str], list[str]]
) -> list[Reason]:
    weighed = coded(*codes, context)
    if weighed is None:
        return []
    return [Reason(name, query["said"].get(name, ""), found["said"].get(name, ""), *weighed)]


def _hair(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh colour, length and kind together: hair is cut and dyed, so little stands against."""
    asked, held = query.get("hair", []), found.get("hair", [])
    if not asked or not held:
        return []
    points, whys = 0.0, []
    for kind in ("haircolour", "hairlength", "hairkind"):
        both = [[code for code in codes if code.startswith(kind)] for codes in (asked, held)]
        weighed = coded(both[0], both[1], context)
        if weighed is not None:
            points += weighed[0]
            whys.append(weighed[1])
    if not whys:
        return []
    said = query["said"].get("hair", ""), found["said"].get("hair", "")
    return [Reason("hair", *said, max(-1.8, min(4.5, points)), "; ".join(whys))]


def appearance(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh build, hair, facial hair, accent and, unless switched off, ethnicity as seen."""
    reasons = _hair(query, found, context)
    for name, a, b in (
        ("build", query.get("build", []), found.get("build", [])),
        ("facial_hair", query.get("face", []), found.get("face", [])),
        ("accent", query.get("accent", []), found.get("accent", [])),
    ):
        reasons += _field(query, found, context, name, (a, b))
    if context.ethnicity:
        eth = (query.get("eth", []), found.get("eth", []))
        reasons += _field(query, found, context, "ethnicity_appearance", eth)
    return reasons


def _shared(name: str, asked: list[str], held: list[str], context: Context, prefix: str) -> dict[str, float]:
    """Return the bits each asked concept earns from *held*: all for the same, a part for a near one."""
    earned: dict[str, float] = {}
    for concept in asked:
        bits = min(6.0, context.bits(prefix + concept) - _TRUE)
        if concept in held:
            earned[concept] = max(0.2, bits)
            continue
        near = marks.near(name, concept)
        if not near.isdisjoint(held):
            earned[concept] = max(0.1, 0.45 * bits)
    return earned


def _together(bits: Iterable[float], fade: float) -> float:
    """Add up what hangs together: the dearest counts whole, each further one less."""
    return sum(one * fade**place for place, one in enumerate(sorted(bits, reverse=True)))


class _Asked(NamedTuple):
    """A mark that is asked for: what of another one would be worth anything, and what it can contradict."""

    reach: frozenset[str]
    things: bool
    sides: bool


@lru_cache(maxsize=4096)
def _asked(mark: tuple[str, ...]) -> _Asked:
    reach = frozenset(mark).union(*(marks.near("marks", concept) for concept in mark))
    return _Asked(reach, *(any(c.startswith(kind) for c in mark) for kind in ("thing.", "side.")))


def _mark(asked: list[str], held: list[str], context: Context) -> tuple[float, str]:
    known = _asked(tuple(asked))
    if known.reach.isdisjoint(held):  # most pairs: nothing is earned, little speaks against
        against = 0.0
        if known.things and any(c.startswith("thing.") for c in held):
            against += _OTHER_THING
        if known.sides and any(c.startswith("side.") for c in held):
            against += _OTHER_SIDE
        return against, ""
    key = ("mark", *asked, "/", *held)
    weighed = context.memo.get(key)
    if weighed is None:
        weighed = context.memo[key] = _weigh(asked, held, context)
    return weighed


def _weigh(asked: list[str], held: list[str], context: Context) -> tuple[float, str]:
    earned = _shared("marks", asked, held, context, "")
    telling = [c for c in earned if c.split(".", 1)[0] in ("type", "thing", "w")]
    points = _together(earned.values(), MARK_FADE) * (1.0 if telling else 0.15)
    types = [{c for c in mark if c.startswith("type.")} for mark in (asked, held)]
    if types[0] and types[1] and not any(c.startswith("type.") for c in earned):
        points *= 0.35
    for kind, against in (("thing.", _OTHER_THING), ("side.", _OTHER_SIDE)):
        both = all(any(c.startswith(kind) for c in mark) for mark in (asked, held))
        if both and not any(c.startswith(kind) for c in earned):
            points += against
    return min(MARK_CAP, points), ", ".join(_plain(c) for c in sorted(earned, key=lambda c: -earned[c]))


def _words(one: Normal) -> str:
    return one["said"].get("marks") or one["said"].get("mo", "")


def marked(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh each mark asked for against the man's best one; one nobody noted before says little against."""
    asked, held = query.get("marks", []), found.get("marks", [])
    if not asked or not held:
        return []
    points, whys = 0.0, []
    for mark in asked:
        best, why = max(_mark(mark, other, context) for other in held)
        points += best if best > 0.4 else max(-0.9, best - 0.5)
        if best > 0.4:
            whys.append(why)
    said = _words(query), _words(found)
    shown = "; ".join(whys) or "other marks"
    return [Reason("marks", *said, max(-2.0, min(MARKS_CAP, points)), shown)]


def ways(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh how he goes about it: rare shared ways count, missing ones do not."""
    asked, held = query.get("ways", []), found.get("ways", [])
    if not asked or not held:
        return []
    earned = _shared("mo", asked, held, context, "o.")
    weighed = (min(WAY_CAP, bits) * (0.5 if c.startswith("w.") else 0.9) for c, bits in earned.items())
    points = _together(weighed, WAY_FADE)
    said = query["said"].get("mo", ""), found["said"].get("mo", "")
    if not earned:
        return [Reason("mo", *said, -0.3, "other ways")]
    telling = sorted(earned, key=lambda c: -earned[c])[:5]
    return [Reason("mo", *said, min(WAYS_CAP, points), ", ".join(_plain(c) for c in telling))]


def place(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh the sector: the same beat is a little for him, another says nothing against."""
    asked, held = query.get("sector", []), found.get("sector", [])
    same = [word for word in asked if word in held]
    if not asked or not held:
        return []
    said = query["said"].get("sector", ""), found["said"].get("sector", "")
    if not same:
        return [Reason("sector", *said, -0.4, "another place")]
    bits = sum(context.bits(f"p.{word}") for word in same) * 0.5
    return [Reason("sector", *said, min(SECTOR_CAP, bits), f"same: {' '.join(same)}")]
