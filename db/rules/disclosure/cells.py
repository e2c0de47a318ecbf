"""What is counted and who is behind it; how a profile prints it. Nobody is named here: people are numbers.

A cell passes only if the count and the different people behind it reach the threshold, and nobody makes up
more than half of it: twelve engagements may be one woman.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEAST_BASE = 20  # no percentage on fewer: domain practice


class Cell(NamedTuple):
    """A count. ``people``: of how many of the counted each person is part; None where nobody is behind it.

    ``beside`` are others who are part of it (the man a concern is about): none of them may be most of it.
    """

    number: int
    people: Mapping[int, int] | None = None
    beside: Mapping[int, int] = {}

    def __add__(self, other: object) -> Cell:
        """Return both together: what is counted in one is not counted in the other."""
        if not isinstance(other, Cell):
            return NotImplemented
        people = None if self.people is None else _together(self.people, other.people or {})
        return Cell(self.number + other.number, people, _together(self.beside, other.beside))


def of_people(people: Iterable[int]) -> Cell:
    """Return a count of different people."""
    found = dict.fromkeys(people, 1)
    return Cell(len(found), found)


class Profile(NamedTuple):
    """How a figure leaves: from which count on, and rounded to what."""

    name: str
    threshold: int
    step: int

    def printed(self, count: int) -> int | None:
        """Return a count that passes as it is printed; None where even then nothing is said of it."""
        if self.name == "headline":
            return self.step * ((count - 1) // self.step) or None if count else None
        return self.step * ((count + self.step // 2) // self.step)

    def note(self) -> str:
        """Say what is withheld and how the rest is printed."""
        least = self.threshold
        behind = f"or of fewer than {least} different people, or of which one person makes up more than half"
        if self.name == "headline":
            return (
                f"Each figure is the {self.step} that the count is more than: 40 is said as 'more than 40'. "
                f"Counts up to {self.step}, nought included, {behind} are withheld, and with them what they "
                "could be worked out from."
            )
        small = f"Nought is printed; counts under {least}, {behind}, are withheld, and with them what they "
        if self.step == 1:
            return f"{small}could be worked out from."
        return (
            f"{small}could be worked out from; all others are rounded to the nearest {self.step}, totals on "
            "their own, so that parts need not add up."
        )


PARTNER = Profile("partner", 5, 1)
PUBLIC = Profile("public", 8, 5)
HEADLINE = Profile("headline", PUBLIC.threshold, 10)
PROFILES = {profile.name: profile for profile in (PARTNER, PUBLIC, HEADLINE)}


def passes(cell: Cell, threshold: int) -> bool:
    """Tell whether a count may be printed by itself. Nought may."""
    if cell.number == 0:
        return True
    if cell.number < threshold:
        return False
    people = cell.people
    if people is not None and len(people) < threshold:
        return False
    shares = [*(people or {}).values(), *cell.beside.values()]
    return 2 * max(shares, default=0) <= cell.number


def _together(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    both = dict(one)
    for who, share in other.items():
        both[who] = both.get(who, 0) + share
    return both
