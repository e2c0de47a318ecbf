"""Scores one man, ranks a list, puts each hit in a band with its reasons. A hit is a lead, never a link.

Fellegi-Sunter bits summed over fields; the prior is the list or 30,000 local men, whichever is more.
"""

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from db.rules import plates
from db.rules.matching import looks, persons, vehicles
from db.rules.matching.evidence import Context, Reason, ReasonShape
from db.rules.matching.normal import Normal
from db.rules.matching.weights import (
    CALIBRATED,
    GROUP_AGREES,
    GROUPS_AGREE,
    HARD,
    LEADS_FROM,
    LEADS_MOST,
    LEADS_WITHIN,
    LOCAL_MEN,
    NEVER_POSSIBLE,
    POSSIBLE,
    PROBABLE,
    PROBABLE_BY_WORDS,
    SOFT_TOGETHER,
    VERSION,
)

_GROUPS = {
    "name": "name", "telephones": "telephones", "date_of_birth": "born", "age": "person", "height": "person",
    "build": "person", "hair": "person", "facial_hair": "person", "accent": "person", "marks": "marks",
    "mo": "mo",
    "vrm": "vehicle", "make": "vehicle", "model": "vehicle", "body": "vehicle", "colour": "vehicle",
}  # fmt: skip


def _shaped(reasons: Iterable[Reason]) -> list[ReasonShape]:
    return [
        {"field": r.field, "asked": r.asked, "found": r.found, "points": round(r.points, 1), "why": r.why}
        for r in reasons
    ]


class Band(StrEnum):
    """How a hit is shown."""

    PROBABLE = "probable"
    POSSIBLE = "possible"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Scored:
    """One comparison: total bits, the chance it is he, whether a whole plate or number agrees, and why."""

    bits: float
    chance: float
    sure: bool
    reasons: tuple[Reason, ...]

    def shape(self) -> list[ReasonShape]:
        """Return the reasons as interface.md shapes them."""
        return _shaped(self.reasons)

    def groups(self) -> set[str]:
        """Return the groups of fields that agree; fields that hang together count once."""
        sums: dict[str, float] = {}
        for reason in self.reasons:
            group = _GROUPS.get(reason.field)
            if group:
                sums[group] = sums.get(group, 0.0) + reason.points
        return {group for group, points in sums.items() if points >= GROUPS_AGREE.get(group, GROUP_AGREES)}


@dataclass(frozen=True, slots=True)
class Hit:
    """A man of the list, the calibrated chance of 100 that it is he, his band, and the reasons by size."""

    ref: str
    score: int
    band: Band
    bits: float
    reasons: tuple[Reason, ...]

    def shape(self) -> list[ReasonShape]:
        """Return the reasons as interface.md shapes them."""
        return _shaped(self.reasons)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits best first, how many more there were, a sentence for the officer if due, and the weights used."""

    hits: tuple[Hit, ...]
    more: int
    note: str | None
    weights: str


def _chance(bits: float, prior: float) -> float:
    against = min(60.0, max(-60.0, prior - bits))
    return 1.0 / (1.0 + math.pow(2.0, against))


def prior_bits(context: Context) -> float:
    """Return how many bits make it as likely one man as two, by how many he may be among."""
    return math.log2(2 * max(context.size, LOCAL_MEN))


def _of_hundred(above: float, band: Band) -> int:
    """Return the calibrated chance, of 100; never all and never none, for no score is certain.

    Nobody who is not called probable is given as much as one who is: a car alone may be sure, its driver not.
    """
    start, slope = CALIBRATED
    most = 99 if band is Band.PROBABLE else math.ceil(100 * PROBABLE) - 1
    return min(most, max(1, round(100 * _chance(start + slope * above, 0.0))))


_Weigh = Callable[[Normal, Normal, Context], list[Reason]]
_WEIGHED: tuple[tuple[tuple[str, ...], _Weigh], ...] = (
    (("names",), persons.name),
    (("phones",), persons.telephone),
    (("born",), persons.born),
    (("years",), persons.age),
    (("height",), persons.height),
    (("hair", "build", "face", "accent", "eth"), looks.appearance),
    (("marks",), looks.marked),
    (("ways",), looks.ways),
    (("sector",), looks.place),
    (("cars",), vehicles.vehicle),
)


def weighed(query: Normal) -> list[_Weigh]:
    """Return what is to be weighed for a description: of what it does not say, nothing."""
    return [weigh for fields, weigh in _WEIGHED if any(query.get(field) for field in fields)]


def score(query: Normal, candidate: Normal, context: Context) -> Scored:
    """Compare a description with one man; the reasons come with what speaks for him first."""
    return _score(weighed(query), query, candidate, context)


def _score(weighs: list[_Weigh], query: Normal, candidate: Normal, context: Context) -> Scored:
    reasons: list[Reason] = []
    for weigh in weighs:
        reasons += weigh(query, candidate, context)
    bits = 0.0
    sure = False
    for reason in reasons:
        bits += reason.points
        sure = sure or (reason.why in _SURE and reason.field in _SURELY)
    reasons.sort(key=_points, reverse=True)
    return Scored(bits, _chance(bits, prior_bits(context)), sure, tuple(reasons))


_SURE, _SURELY = ("same number", "same plate"), ("telephones", "vrm")
_points = attrgetter("points")


def _probable(scored: Scored, chance: float) -> bool:
    groups = scored.groups()
    by_words = not scored.sure and groups.isdisjoint(("telephones", "born", "vehicle"))
    if chance < (PROBABLE_BY_WORDS if by_words else PROBABLE) or any(
        r.points <= HARD for r in scored.reasons
    ):
        return False
    if any(r.field == "date_of_birth" and r.points <= -5.0 for r in scored.reasons):
        return False
    against = sum(r.points for r in scored.reasons if r.points < 0)
    return against > SOFT_TOGETHER and (scored.sure or len(groups) >= 2)


def _band(scored: Scored, chance: float, leads: bool) -> Band:
    if _probable(scored, chance):
        return Band.PROBABLE
    if any(r.points <= NEVER_POSSIBLE for r in scored.reasons):
        return Band.WEAK
    if chance >= POSSIBLE or leads:
        return Band.POSSIBLE
    return Band.WEAK


def _among(best: list[tuple[float, str, Scored]], prior: float) -> list[float]:
    """Return each one's chance given the others: two men whom the words fit alike halve each other's."""
    nobody = 2.0**prior
    weights = [2.0 ** min(100.0, scored.bits) for _, _, scored in best]
    return [weight / (sum(weights) + nobody) for weight in weights]


def too_vague(query: Normal) -> str | None:
    """Return the sentence to say when a description holds nothing to rank by; ``None`` when it does."""
    if query.get("refused"):
        return query["refused"]
    worth = 5.0 * bool(query.get("names")) + 5.0 * bool(query.get("phones")) + 4.0 * bool(query.get("born"))
    worth += sum(2.0 * len(mark) for mark in query.get("marks", [])) + 1.5 * len(query.get("ways", []))
    worth += sum(len(query.get(key) or ()) > 0 for key in ("years", "height", "build", "hair", "face"))  # type: ignore[arg-type]
    worth += 1.5 * bool(query.get("accent")) + 0.5 * bool(query.get("sector"))
    for car in query.get("cars", []):
        known = plates.known(car["vrm"])
        worth += (3.0 if known >= 3 else 0.9 * known) + 2.0 * bool(car["makes"]) + 2.0 * bool(car["models"])
        worth += 1.2 * bool(car["colours"]) + 0.8 * bool(car["bodies"])
    if worth >= 2.5:
        return None
    if any(car["vrm"] for car in query.get("cars", [])):
        return "Too little of the plate to rank: give three characters, or two with the make or colour."
    return (
        "The description is too vague to rank: add a name, a plate, a telephone, a mark or two more features."
    )


def _note(query: Normal, best: list[tuple[float, str, Scored]]) -> str | None:
    """Say how many plates fit when a partial one leaves too many to tell apart."""
    if not any(car["vrm"] for car in query.get("cars", [])):
        return None
    fitting = sum(1 for _, _, s in best if any(r.field == "vrm" and r.points > 0 for r in s.reasons))
    tied = sum(1 for _, _, s in best if s.bits >= best[0][2].bits - 1.0) if best else 0
    return f"{fitting} plates fit; add the make or colour." if fitting > 5 and tied > 3 else None


def rank(
    query: Normal,
    candidates: Iterable[tuple[str, Normal]],
    context: Context,
    limit: int = 10,
    weak: bool = False,
) -> Ranking:
    """Rank (reference, form) pairs, best first; equal scores keep the order of references.

    Weak hits are left out unless *weak*; `too_vague` is the caller's to ask first.
    """
    weighs = weighed(query)
    scored = (
        (s.bits, ref, s)
        for ref, s in ((ref, _score(weighs, query, form, context)) for ref, form in candidates)
    )
    best = heapq.nsmallest(max(50, limit), scored, key=lambda one: (-one[0], one[1]))
    best = [one for one in best if any(r.points > 0 for r in one[2].reasons)]
    prior = prior_bits(context)
    leaders = _leaders(best)
    hits = []
    for place, ((bits, ref, one), chance) in enumerate(zip(best, _among(best, prior), strict=True)):
        band = _band(one, chance, place < leaders)
        hits.append(Hit(ref, _of_hundred(bits - prior, band), band, round(bits, 2), one.reasons))
    shown = [hit for hit in hits if weak or hit.band is not Band.WEAK]
    return Ranking(tuple(shown[:limit]), max(0, len(shown) - limit), _note(query, best), VERSION)


def _leaders(best: list[tuple[float, str, Scored]]) -> int:
    """Return how many stand clear of the rest with something of substance; none if they are many."""
    if not best or best[0][0] < LEADS_FROM:
        return 0
    close = sum(1 for bits, _, _ in best if bits >= best[0][0] - LEADS_WITHIN)
    return close if close <= LEADS_MOST else 0
