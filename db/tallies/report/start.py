"""What the report says of the time since the unit's start, and of the year before it. For the unit alone.

The start is the first day of the month of the first contact or action that is held.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db.rules import periods
from db.rules.sheets import Figure
from db.tallies.calls import whole_months
from db.tallies.leaving import first_day
from db.tallies.people import People
from db.tallies.women import ENGAGEMENTS

if TYPE_CHECKING:
    from datetime import date

    from db.tallies.scope import Scope

TOO_FEW = "too few months held to say"


def women(scope: Scope) -> tuple[Figure, ...]:
    """Return the people engaged and the engagements from the start to the period's end."""
    first = first_day(scope)
    if first is None or first > scope.period.last:
        return ()
    whole = periods.between(first, scope.period.last)
    since = replace(scope, period=whole, bounds=whole.bounds())
    ((engagements,),) = since.rows(f"select count(*) {ENGAGEMENTS} and e.contact = 'spoke'")
    return (
        Figure(
            "people_engaged_since_start",
            "People engaged since the start",
            People(since).count,
            None,
            f"Different people named on engagements from {periods.short(first)} to the period's last day, "
            "each counted once.",
        ),
        Figure(
            "engagements_since_start",
            "Engagements since the start",
            engagements,
            None,
            f"Contacts in which somebody was spoken to, from {periods.short(first)} to the period's last "
            "day.",
        ),
    )


def calls(scope: Scope) -> tuple[Figure, ...]:
    """Return the mean of the calls a month in the twelve months before the start, where all are held."""
    first = first_day(scope)
    if first is None:
        return ()
    return (
        Figure(
            "calls_mean_before_start",
            "Calls a month in the year before the start",
            _mean(scope, first),
            None,
            "Calls for service of the twelve months before the month of the first contact or action held, "
            "divided by twelve. What was recorded then and now need not be the same: it does not say why a "
            "number changed.",
        ),
    )


def _mean(scope: Scope, first: date) -> float | str:
    year = periods.between(first.replace(year=first.year - 1), first)
    months = whole_months(year)
    held = scope.rows(
        "select c.month, sum(c.count) from call as c cross join record as r on r.n = c.n "
        "where r.state = 'present' and c.month between :from and :to group by c.month",
        **{"from": months[0], "to": months[-1]},
    )
    return round(sum(count for _, count in held) / len(months), 1) if len(held) == len(months) else TOO_FEW
