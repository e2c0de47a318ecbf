"""The figures of one period as one page: exact counts, who is behind each, and how they hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rules.disclosure import Cell, Page, Sum
from db.tallies.calls import Months
from db.tallies.definitions import HIGHEST, SUMS
from db.tallies.leaving import men, owed, women

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.rules.disclosure import Key
    from db.tallies.scope import Scope

Counts = dict[tuple[str, ...], Cell]

# What may be asked of one area of the unit: flag-downs never, nor any table.
BY_AREA = ("people_engaged", "engagements", "concerns")
_NESTED = (
    ("people_engaged", "people_engaged_new"),
    ("engagements", "engagements_flagged_down"),
    ("concerns", "concerns_undecided", "concerns_decided_24h"),
    ("referrals_offered", "referrals_accepted"),
    ("followups_due", "followups_done", "followups_overdue"),
)
_DEALT = ("charge", "caution", "arrest")


def page(scope: Scope, area: Callable[[str | None], str]) -> Page:
    """Return the page of a scope, without the people who said no to statistics.

    Args:
        scope: a period of whole days; with a sector, that sector alone.
        area: gives the fixed group that a sector belongs to.
    """
    refused = women.refusing(scope)
    made = women.contacts(scope, refused, area) | women.concerns(scope, refused)
    made |= owed.owed(scope, refused)
    made |= men.dealt_with(scope, women.refused_concerns(scope, refused))
    made |= _calls(scope)
    differences = _differences(made) | men.differences(made)
    return Page(made, differences, _sums(made, differences))


def _calls(scope: Scope) -> Counts:
    months = Months(scope)
    made: Counts = {}
    for kind, of in (("calls_by_month", months.now), ("calls_by_month_before", months.before)):
        for month in of:
            if month in months.counts:
                made[kind, month] = Cell(months.counts[month])
    total = sum(months.counts.get(month, 0) for month in months.now)
    base = sum(months.counts.get(month, 0) for month in months.before)
    return {("calls",): Cell(total), ("calls_before",): Cell(base)} | made


def _differences(made: Counts) -> Counts:
    """Return what is left of a figure without those of it that are printed beside it."""
    found: Counts = {}
    for whole, *parts in _NESTED:
        if (whole,) in made:
            found[whole, "rest"] = _less(made[whole,], [made[part,] for part in parts])
    for key in made:
        if key[0] == "concerns_by_behaviour":
            found["concerns", "without", key[1]] = _less(made["concerns",], [made[key]])
    return found


def _less(whole: Cell, parts: Iterable[Cell]) -> Cell:
    """Return a cell without parts of it that do not overlap."""
    count, people = whole.number, dict(whole.people or {})
    beside = dict(whole.beside)
    for part in parts:
        count -= part.number
        for shares, less in ((people, part.people or {}), (beside, part.beside)):
            for who, share in less.items():
                shares[who] = shares.get(who, 0) - share
    return Cell(
        count,
        {who: share for who, share in people.items() if share > 0},
        {who: share for who, share in beside.items() if share > 0},
    )


def _sums(made: Counts, differences: Counts) -> list[Sum]:
    sums = [
        Sum((whole,), (*((part,) for part in parts), (whole, "rest")))
        for whole, *parts in _NESTED
        if (whole, "rest") in differences
    ]
    sums += [
        Sum(("concerns",), (("concerns_by_behaviour", key[2]), key))
        for key in differences
        if key[:2] == ("concerns", "without")
    ]
    for total, table in (
        ("engagements", "engagements_by_sector"),
        ("concerns", "concerns_by_sharing_level"),
        ("offenders_dealt_with_wide", "offenders_by_highest_action"),
        ("calls", "calls_by_month"),
        ("calls_before", "calls_by_month_before"),
    ):
        sums.append(Sum((total,), tuple(key for key in made if key[0] == table)))
    for measure, actions in SUMS.items():
        kinds = [("actions_by_kind", action) for action in actions]
        sums.append(Sum((measure,), tuple(key for key in kinds if key in made)))
    return [one for one in (*sums, *_of_men()) if one.parts]


def _of_men() -> list[Sum]:
    dealt, wide = ("offenders_dealt_with",), ("offenders_dealt_with_wide",)
    rows = {name: ("offenders_by_highest_action", name) for name, _ in HIGHEST}
    lesser = tuple(key for name, key in rows.items() if name not in _DEALT)
    beside: Key = ("offenders_dealt_with", "arrested beside")
    return [
        Sum(wide, (dealt, ("offenders_dealt_with_wide", "alone"))),
        Sum(dealt, (("offenders_dealt_with_new",), ("offenders_dealt_with", "before"))),
        Sum(dealt, (("offenders_released",), ("offenders_dealt_with", "not released"))),
        Sum(dealt, (*(rows[name] for name in _DEALT), beside)),
        Sum(("offenders", "of the lesser rows"), lesser),
        Sum(("offenders", "of the lesser rows"), (beside, ("offenders_dealt_with_wide", "alone"))),
    ]
