"""What a comparison yields, and how rare a thing is in the list it was found in."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypedDict

from db.rules.matching.normal import Normal
from db.rules.matching.weights import COMMON, WORTH_OF_LIST
from db.rules.names import classes


class Reason(NamedTuple):
    """One line of an explanation: points are bits, below nought where it speaks against."""

    field: str
    asked: str
    found: str
    points: float
    why: str


class ReasonShape(TypedDict):
    """A reason as interface.md shapes it."""

    field: str
    asked: str
    found: str
    points: float
    why: str


class Counted(Protocol):
    """What tells of how many men a term is said: a dict, or a file that is asked."""

    def get(self, term: str, default: int, /) -> int:
        """Return the count of a term."""


@dataclass(frozen=True, slots=True)
class Context:
    """The list compared against: how long it is and how many of its men each term is said of.

    ``ethnicity`` off leaves appearance out altogether, by policy of the unit. What was weighed once is
    remembered as long as the object lives: make a new one when the list changes.
    """

    size: int = 0
    counts: Counted = field(default_factory=dict[str, int])
    ethnicity: bool = True
    memo: dict[object, tuple[float, str] | None] = field(default_factory=dict, compare=False, repr=False)
    rarity: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def bits(self, term: str) -> float:
        """Return how many bits it is worth to share *term*, by its rarity here and at large."""
        known = self.rarity.get(term)
        if known is not None:
            return known
        rate = (self.counts.get(term, 0) + WORTH_OF_LIST * _common(term)) / (self.size + WORTH_OF_LIST)
        bits = self.rarity[term] = -math.log2(min(1.0, max(rate, 1e-6)))
        return bits


def _common(term: str) -> float:
    if term.startswith("n."):
        return COMMON["n.known" if classes(term[2:]) else "n.other"]
    plain = term.removeprefix("o.")
    return COMMON.get(plain) or COMMON.get(plain.split(".", 1)[0], 0.03)


def terms(normal: Normal) -> set[str]:
    """Return the terms a stored form is counted under."""
    found = {f"n.{part}" for name in normal.get("names", []) for part in name}
    for codes in (
        normal.get("build"),
        normal.get("hair"),
        normal.get("face"),
        normal.get("accent"),
        normal.get("eth"),
    ):
        found.update(codes or [])
    found.update(concept for mark in normal.get("marks", []) for concept in mark)
    found.update(f"o.{concept}" for concept in normal.get("ways", []))
    found.update(f"p.{word}" for word in normal.get("sector", []))
    for car in normal.get("cars", []):
        found.update(f"make.{code}" for code in car["makes"])
        found.update(f"model.{code}" for code in car["models"])
        found.update(f"body.{code}" for code in car["bodies"])
        found.update(f"colour.{code}" for code in car["colours"])
    return found


def context(normals: Iterable[Normal], ethnicity: bool = True) -> Context:
    """Count a list; the storage side may keep these counts and build `Context` itself."""
    counts: Counter[str] = Counter()
    size = 0
    for normal in normals:
        size += 1
        counts.update(terms(normal))
    return Context(size, counts, ethnicity)
