"""Two whole names paired part with part, in any order, joined or split parts included."""

from functools import lru_cache
from typing import NamedTuple

from db.rules.names.classes import classes
from db.rules.names.forms import Kind, Likeness, compare
from db.rules.names.parts import epithet, parts


class Pairing(NamedTuple):
    """What agreed: (part of *a*, part of *b*, likeness), and what each side has left over."""

    agreed: tuple[tuple[str, str, Likeness], ...]
    left_a: tuple[str, ...]
    left_b: tuple[str, ...]


def _joined(left: list[str], other: list[str], dear: float) -> tuple[str, str, int, int] | None:
    """Return two neighbours of *left* that read as one of *other*: "saif", "eldin" and "saifeldin"."""
    for at in range(len(left) - 1):
        together = left[at] + left[at + 1]
        if len(together) < 5:
            continue
        for place, whole in enumerate(other):
            if abs(len(whole) - len(together)) <= 1 and compare(together, whole).cost <= dear:
                return together, whole, at, place
    return None


def _greedy(a: list[str], b: list[str]) -> list[tuple[str, str, Likeness]]:
    found = []
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            one = compare(x, y)
            if one.cost < 90:
                rank = one.cost + (4.0 if one.kind is Kind.INITIAL else 0.0) + 0.01 * abs(i - j)
                found.append((rank, i, j, one))
    agreed: list[tuple[str, str, Likeness]] = []
    used_a: set[int] = set()
    used_b: set[int] = set()
    for _, i, j, one in sorted(found, key=lambda item: item[:3]):
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            agreed.append((a[i], b[j], one))
    a[:] = [x for i, x in enumerate(a) if i not in used_a]
    b[:] = [y for j, y in enumerate(b) if j not in used_b]
    return agreed


def _join(a: list[str], b: list[str], dear: float) -> list[tuple[str, str, Likeness]]:
    """Take out of both lists what agrees once two neighbours of one are written together."""
    agreed: list[tuple[str, str, Likeness]] = []
    while a and b:
        ours, theirs = _joined(a, b, dear), _joined(b, a, dear)
        if ours is not None:
            text, whole, at, place = ours
            del a[at : at + 2], b[place]
        elif theirs is not None:
            whole, text, at, place = theirs
            del b[at : at + 2], a[place]
        else:
            break
        agreed.append((text, whole, Likeness(Kind.SPELLING, 0.6)))
    return agreed


@lru_cache(maxsize=65536)
def pair(a: tuple[str, ...], b: tuple[str, ...]) -> Pairing:
    """Pair the parts of two names, dearest agreement first, parts written together or apart included."""
    left_a, left_b = list(a), list(b)
    agreed = _join(left_a, left_b, 0.0)
    agreed += _greedy(left_a, left_b)
    agreed += _join(left_a, left_b, 2.2)
    return Pairing(tuple(agreed), tuple(left_a), tuple(left_b))


_COST, _BOTH, _SILENT = 0.9, 3.0, 0.15  # fitted on labelled name pairs, bench/matching.py
_HEAD = 6.0  # bits a part is worth where no list says how common it is
_COMMON = 4.0  # a part the class file knows is a common one


def _worth(part: str) -> float:
    if len(part) == 1:
        return 1.5
    if epithet(part):
        return 2.0
    return _COMMON if classes(part) else min(_HEAD + 0.3 * max(0, len(part) - 5), 8.0)


def likeness(a: str, b: str) -> float:
    """Return how alike two written names are, 0 to 1, with no list to say which names are common.

    A part left over on both sides is a contradiction; on one side alone it is only silence.
    """
    from rapidfuzz.distance import OSA

    first, second = parts(a), parts(b)
    if not first or not second:
        return 0.0
    if OSA.distance("".join(first), "".join(second), score_cutoff=1) <= 1 and len("".join(first)) >= 5:
        return 1.0 if first == second else 0.95
    paired = pair(first, second)
    gained = full = 0.0
    for x, y, how in paired.agreed:
        worth = max(_worth(x), _worth(y)) if how.kind is not Kind.INITIAL else 2.0
        full += worth
        gained += max(0.0, worth - _COST * how.cost)
    missing_a = sum(_worth(x) for x in paired.left_a)
    missing_b = sum(_worth(y) for y in paired.left_b)
    both = min(missing_a, missing_b)
    silent = max(missing_a, missing_b) - both
    total = full + _BOTH * both + _SILENT * silent
    return gained / total if total else 0.0
