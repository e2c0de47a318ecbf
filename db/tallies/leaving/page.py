"""The figures of one period as one page: exact counts, who is behind each, and how they hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rules.disclosure import Cell, Page, Sum, of_people
from db.tallies.calls import Months
from db.tallies.definitions import HIGHEST, SUMS
from db.tallies.leaving import men, owed, women

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.rules.disclosure import Key
    from db.tallies.scope import Scope

Counts = dict[tuple[str, ...], Cell]

_NESTED = (
    ("people_engaged", "people_engaged_new"),
    ("engagements", "engagements_flagged_down"),
    ("concerns", "concerns_undecided", "concerns_decided_24h"),
    ("referrals_offered", "referrals_accepted"),
    ("followups_due", "followups_done", "followups_overdue"),
)
_DEALT = ("charge", "caution", "arrest")


def page(scope: Scope, area: women.Area) -> Page:
    """Return the page of a period, without the people who said no to statistics.

    What is counted in one area alone stands with the differences: it is printed only where an area is asked
    for, but a reader who has that knows how it hangs together with the rest.
    """
    made = women.contacts(scope, area) | women.concerns(scope, area) | owed.owed(scope)
    made |= men.dealt_with(scope, women.refused_concerns(scope))
    return assembled(made | _calls(scope))


def assembled(made: Counts) -> Page:
    """Return counts as a page, with what a reader can subtract and add up of them."""
    differences = _differences(made) | men.differences(made) | _in_areas(made)
    printed = {key: cell for key, cell in made.items() if key not in differences}
    page = Page(printed, differences, _sums(made, differences))
    return page._replace(sums=[one for one in page.sums if _adds_up(page, one)])


def _adds_up(page: Page, one: Sum) -> bool:
    """Tell whether a sum holds: where the unit counts by sets of its own, men need not add up as they do."""
    total, *parts = (page.cell(key) for key in (one.total, *one.parts))
    return (total.number if total else 0) == sum(part.number for part in parts if part)


def in_area(of: Page, area: str) -> dict[Key, Cell]:
    """Return what is printed of one area of the unit."""
    keys = [(name, "in", area) for name in ("people_engaged", "concerns")]
    return {key: of.cell(key) or Cell(0, {}) for key in (*keys, ("engagements_by_sector", area))}


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


def _in_areas(made: Counts) -> Counts:
    found: Counts = {key: cell for key, cell in made.items() if key[:2] == ("concerns", "in")}
    everyone = set(made["people_engaged",].people or ())
    for key, cell in made.items():
        if key[0] == "engagements_by_sector":
            found["people_engaged", "in", key[1]] = of_people(cell.people or ())
            found["people_engaged", "not in", key[1]] = of_people(everyone - (cell.people or {}).keys())
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
    sums += [
        Sum(("people_engaged",), (("people_engaged", "in", key[2]), key))
        for key in differences
        if key[:2] == ("people_engaged", "not in")
    ]
    sums.append(Sum(("concerns",), tuple(key for key in differences if key[:2] == ("concerns", "in"))))
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
        Sum(("offenders_dealt_with_wide", "lesser"), lesser),
        Sum(("offenders_dealt_with_wide", "lesser"), (beside, ("offenders_dealt_with_wide", "alone"))),
    ]
