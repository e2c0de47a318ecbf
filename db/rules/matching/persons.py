"""Names, telephones, birth, age and height weighed one against another."""

from typing import NamedTuple

from db.rules import names, telephones
from db.rules.matching.evidence import Context, Reason
from db.rules.matching.normal import Normal
from db.rules.matching.weights import (
    AGE_WORST,
    BORN_DIFFERS,
    BORN_DIGIT,
    BORN_SAME,
    BORN_SWAPPED,
    HEIGHT_WORST,
    NAME_CAP,
    NAME_DIFFERS,
    NAME_OTHER,
    NAME_OTHER_PART,
    NAME_SILENT,
    NAME_SURE,
)
from db.rules.names.parts import epithet


class _Told(NamedTuple):
    """One name against another: bits in all and against, what each part of his name paid, the words."""

    total: float
    against: float
    paid: dict[str, float]
    words: list[str]


def _worth(asked: str, found: str, likeness: names.Likeness, context: Context) -> float:
    if likeness.kind is names.Kind.INITIAL:
        return 2.0 if len(asked) != len(found) or len(asked) > 1 else 1.0
    rare = min(context.bits(f"n.{asked}"), context.bits(f"n.{found}"))
    bits = max(0.3, min(NAME_CAP, rare - NAME_SURE) - likeness.cost)
    return min(bits, 2.5) if epithet(found) else bits


def _told(asked: tuple[str, ...], held: tuple[str, ...], context: Context) -> _Told | None:
    how = names.pair(asked, held)
    if not how.agreed:
        return None
    paid: dict[str, float] = {}
    words = []
    for a, b, likeness in how.agreed:
        paid[b] = max(paid.get(b, 0.0), _worth(a, b, likeness, context))
        words.append(f"{likeness.kind}: {a}" if a == b else f"{likeness.kind}: {a}/{b}")
    left_a, left_b = ([x for x in left if not epithet(x)] for left in (how.left_a, how.left_b))
    clash = min(len(left_a), len(left_b))
    if clash:
        words.append(f"differs: {left_a[0]}/{left_b[0]}")
    against = NAME_DIFFERS * clash + NAME_SILENT * (len(left_a) - clash)
    return _Told(sum(paid.values()) + against, against, paid, words)


def _extra(told: list[_Told], best: _Told) -> float:
    """Return the bits of other names that agree too, halved: aliases often repeat the name."""
    paid: dict[str, float] = {}
    for one in told:
        if one.total > -1.0:
            for part, bits in one.paid.items():
                paid[part] = max(paid.get(part, 0.0), bits)
    return max(0.0, 0.5 * (sum(paid.values()) - (best.total - best.against)))


def name(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh names and aliases, each part of the man's names paid once; silence of one side costs little."""
    asked, held = query.get("names", []), found.get("names", [])
    if not asked or not held:
        return []
    said = (query["said"].get("name", ""), found["said"].get("name", ""))
    pairs = (_told(tuple(a), tuple(b), context) for a in asked for b in held)
    told = [one for one in pairs if one is not None]
    if not told:
        full = max(map(len, asked)) > 1 and max(map(len, held)) > 1
        return [Reason("name", *said, NAME_OTHER if full else NAME_OTHER_PART, "another name")]
    best = max(told, key=lambda one: one.total)
    extra = _extra(told, best) if len(asked) > 1 else 0.0
    return [Reason("name", *said, min(best.total + extra, 24.0), "; ".join(best.words))]


def telephone(query: Normal, found: Normal, _: Context) -> list[Reason]:
    """Weigh the best agreeing pair of numbers; men have several, so another number says little."""
    asked, held = query.get("phones", []), found.get("phones", [])
    if not asked or not held:
        return []
    best, a, b = max(
        ((telephones.compare(x, y), x, y) for x in asked for y in held), key=lambda one: one[0].bits
    )
    return [Reason("telephones", a, b, best.bits, str(best.how))] if best.bits else []


def _whole_birth(a: list[int], b: list[int]) -> tuple[float, str]:
    if a == b:
        return BORN_SAME, "same date of birth"
    if a[0] == b[0] and a[1] == b[2] and a[2] == b[1]:
        return BORN_SWAPPED, "day and month swapped"
    written = [f"{year:04d}{month:02d}{day:02d}" for year, month, day in (a, b)]
    out = sum(x != y for x, y in zip(*written, strict=True))
    if out == 1 or (out == 2 and sorted(written[0]) == sorted(written[1])):
        return BORN_DIGIT, "one figure out"
    same = sum(x == y for x, y in zip(a, b, strict=True))
    if same == 2:
        return BORN_DIGIT - 2.0, "two of day, month and year the same"
    return BORN_DIFFERS, "another date of birth"


def born(query: Normal, found: Normal, _: Context) -> list[Reason]:
    """Weigh dates of birth, either of them perhaps only a year or a month."""
    a, b = query.get("born", []), found.get("born", [])
    if not a or not b:
        return []
    said = (query["said"].get("date_of_birth", ""), found["said"].get("date_of_birth", ""))
    if all(a) and all(b):
        return [Reason("date_of_birth", *said, *_whole_birth(a, b))]
    apart = abs(a[0] - b[0])
    if apart:
        bits = {1: 3.0, 2: 1.5, 3: 0.0}.get(apart, max(BORN_DIFFERS - 3.0, -1.0 - 0.4 * apart))
        return [Reason("date_of_birth", *said, bits, f"{apart} year{'s' if apart > 1 else ''} apart")]
    if a[1] and b[1]:
        bits, why = (8.0, "same month and year") if a[1] == b[1] else (2.5, "same year, another month")
        return [Reason("date_of_birth", *said, bits, why)]
    return [Reason("date_of_birth", *said, 5.0, "same year")]


def _gap(a: list[float], b: list[float]) -> tuple[float, float, float]:
    """Return how far two ranges lie apart, how wide they are together, how far apart their middles are."""
    return max(0.0, a[0] - b[1], b[0] - a[1]), (a[1] - a[0]) + (b[1] - b[0]), abs(sum(a) - sum(b)) / 2


def age(query: Normal, found: Normal, _: Context) -> list[Reason]:
    """Weigh years of birth: guesses are often five years out, so a small gap says little, a wide one much."""
    a, b = query.get("years", []), found.get("years", [])
    if not a or not b or (query.get("born") and found.get("born")):
        return []
    gap, wide, middles = _gap(a, b)
    asked = query["said"].get("age") or query["said"].get("date_of_birth", "")
    held = found["said"].get("age") or found["said"].get("date_of_birth", "")
    if gap <= 0.5:
        bits = max(0.3, 2.6 - 0.08 * wide - 0.1 * middles)
        return [Reason("age", asked, held, bits, "ages agree")]
    bits = max(AGE_WORST, 1.2 - 0.35 * gap if gap < 6 else 2.8 - 0.6 * gap)
    return [Reason("age", asked, held, bits, f"{gap:.0f} year{'s' if round(gap) != 1 else ''} apart")]


def height(query: Normal, found: Normal, _: Context) -> list[Reason]:
    """Weigh heights in centimetres; an inch or two either way is how people guess."""
    a, b = query.get("height", []), found.get("height", [])
    if not a or not b:
        return []
    gap, wide, middles = _gap([float(x) for x in a], [float(x) for x in b])
    said = (query["said"].get("height", ""), found["said"].get("height", ""))
    if gap <= 1:
        return [Reason("height", *said, max(0.2, 2.4 - 0.06 * wide - 0.1 * middles), "heights agree")]
    bits = max(HEIGHT_WORST, 1.1 - 0.25 * gap if gap < 8 else 2.7 - 0.45 * gap)
    return [Reason("height", *said, bits, f"{gap:.0f} cm apart")]
