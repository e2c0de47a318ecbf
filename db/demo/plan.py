"""How big the invented unit is and what its numbers come to, from a seed, a day and a size alone.

The figures are those of the campaign that inspired beech: more than 40 women, more than 70 men.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

SMALL, LARGE = 280, 20_000
_MOST = 1_000_000
SEED = 51
_SHORTEST = 180  # days

SIZES = {"small": SMALL, "large": LARGE}

MET_OF_THE_WALK = 7  # the man whom the walk meets: nothing was done to him before it


class Plan(NamedTuple):
    """What is to be invented: the days from *first* to *last*, and how many of everything."""

    seed: int
    first: date
    last: date
    engagements: int
    women: int
    men: int
    dealt_with: int

    def rng(self, *about: object) -> Random:
        """Return the chance that belongs to one thing alone, so that each is invented without the others."""
        return Random(f"{self.seed} {about}")  # noqa: S311 - invented, nothing secret

    def day(self, fraction: float) -> date:
        """Return the day at a fraction, from 0 up to 1, of the campaign."""
        return self.first + timedelta(days=int(fraction * ((self.last - self.first).days + 1)))


def plan(today: date, engagements: int = SMALL, seed: int = SEED) -> Plan:
    """Return the plan of a campaign that ends yesterday.

    It begins on a 20 January, as the campaign did, at least half a year ago. More engagements than the
    small unit has bring more women and men, by the square root.
    """
    if not 1 <= engagements <= _MOST:
        from db.errors import Usage

        raise Usage(f"--size: a demo has 1 to {_MOST:,} engagements, or it is small or large")
    first = date(today.year, 1, 20)
    if (today - first).days < _SHORTEST:
        first = first.replace(year=today.year - 1)
    chance = Random(f"{seed} plan")  # noqa: S311 - invented, nothing secret
    growth = max(1.0, (engagements / SMALL) ** 0.5)
    women = min(int(chance.randint(43, 48) * growth), max(1, engagements * 3 // 4))
    return Plan(
        seed=seed,
        first=first,
        last=today - timedelta(days=1),
        engagements=engagements,
        women=women,
        men=int(chance.randint(84, 94) * growth),
        dealt_with=int(chance.randint(73, 78) * growth),
    )


@lru_cache(maxsize=4)
def dealt_with(plan: Plan) -> frozenset[int]:
    """Return the numbers of the men who were cautioned, arrested or charged."""
    others = [man for man in range(plan.men) if man != MET_OF_THE_WALK]
    return frozenset(plan.rng("dealt with").sample(others, plan.dealt_with))


@lru_cache(maxsize=4)
def first_meetings(plan: Plan) -> dict[int, int]:
    """Return which engagement is the first with which woman; they spread over the campaign, thinning out."""
    spread, found, place = plan.engagements * 0.95, {}, -1
    for woman in range(plan.women):
        place = max(place + 1, int(spread * (woman / plan.women) ** 1.3))
        found[place] = woman
    return found


@lru_cache(maxsize=4)
def women_met(plan: Plan) -> tuple[int, ...]:
    """Return how many women are known by each engagement, it included."""
    met, known = [], 0
    first = first_meetings(plan)
    for number in range(plan.engagements):
        known += number in first
        met.append(known)
    return tuple(met)
