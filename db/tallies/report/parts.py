"""The month's report from A to F, made of what a summary tells and of nothing else.

What the profile in force has left out of the summary, or withheld in it, is left out or withheld here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules.sheets import HIDDEN, Figure, Grid, Part
from db.tallies import pictures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.rules.charts import Chart

Told = dict[str, Any]


class Letter(NamedTuple):
    """One part: its title, and the measures and tables that stand in it."""

    title: str
    measures: tuple[str, ...]
    tables: tuple[str, ...]


LETTERS = {
    "A": Letter(
        "A. Women",
        (
            *("people_engaged", "people_engaged_new", "engagements", "engagements_flagged_down"),
            *("contacts_other", "concerns", "concerns_undecided", "concerns_decided_24h"),
            *("referrals_offered", "referrals_accepted"),
            *("followups_due", "followups_done", "followups_overdue"),
        ),
        ("engagements_by_sector", "concerns_by_behaviour"),
    ),
    "B": Letter(
        "B. Offenders",
        (
            *("offenders_identified", "offenders_dealt_with", "offenders_dealt_with_new"),
            *("offenders_dealt_with_wide", "arrests", "cautions", "charges", "courses", "orders_granted"),
        ),
        ("offenders_by_highest_action", "actions_by_kind", "outcomes_by_code", "limitation_dates"),
    ),
    "C": Letter("C. Harm", (), ("concerns_by_sharing_level",)),
    "D": Letter("D. Calls for service", ("calls", "calls_change_percent"), ("calls_by_month",)),
}
CALLS = "Calls for service"


def parts(told: Told, more: Mapping[str, Part]) -> tuple[Part, ...]:
    """Return the parts in order: what the summary tells, then *more* by letter, where there is more."""
    drawn = {chart.id: chart for chart in pictures.charts(told)}
    floored = told["profile"] == pictures.HEADLINE
    placed = {name for letter in LETTERS.values() for name in (*letter.measures, *letter.tables)}
    made = []
    for key, letter in LETTERS.items():
        here = set(letter.measures) | set(letter.tables)
        if key == "B":  # a table or measure that came later, and has no place of its own
            here |= {one["id"] for one in (*told["measures"], *told["tables"])} - placed
        words = tuple(note for note in told["notes"] if note.startswith(CALLS)) if key == "D" else ()
        part = Part(
            letter.title,
            words,
            tuple(figure(one, floored) for one in told["measures"] if one["id"] in here),
            tuple(grid(one, drawn, floored) for one in told["tables"] if one["id"] in here),
        )
        made.append(joined(part, more.get(key)))
    made += [part for key, part in more.items() if key not in LETTERS]
    return tuple(part for part in made if part.figures or part.grids or part.words)


def notes(told: Told) -> tuple[str, ...]:
    """Return the summary's notes that do not stand in a part."""
    return tuple(note for note in told["notes"] if not note.startswith(CALLS))


def joined(part: Part, more: Part | None) -> Part:
    """Return a part with what another adds to it."""
    if more is None:
        return part
    return Part(part.title, part.words + more.words, part.figures + more.figures, part.grids + more.grids)


def figure(measure: Mapping[str, Any], floored: bool = False) -> Figure:
    """Return a measure of a summary as a figure; *floored* where counts are printed as the ten below."""
    return Figure(
        measure["id"],
        measure["label"],
        cell(measure, "value", floored),
        cell(measure, "compare", floored),
        measure["definition"],
    )


def cell(row: Mapping[str, Any], key: str, floored: bool) -> object:
    """Return a count, or that it is withheld."""
    if row.get(key) is None:
        return HIDDEN if pictures.is_withheld(row, key) else None
    return pictures.floor_said(row[key]) if floored else row[key]


def grid(table: Mapping[str, Any], drawn: Mapping[str, Chart], floored: bool = False) -> Grid:
    """Return a table of a summary with its chart."""
    name, rows = table["id"], table["rows"]
    header, cells = _shape(name, rows, floored)
    return Grid(name, table["label"], header, tuple(cells), table["definition"], drawn.get(name))


def _shape(
    name: str, rows: Sequence[Mapping[str, Any]], floored: bool
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    if name == "limitation_dates":
        return ("last day", "offence", "count", "days left", "records"), [
            (
                date.fromisoformat(row["last_day"]),
                row["offence"],
                row["count"],
                row["days_left"],
                ", ".join(row["refs"]),
            )
            for row in rows
        ]
    if name == "calls_by_month":
        return ("month", *pictures.YEARS), [
            (pictures.said(name, row), cell(row, "count", floored), cell(row, "year_before", floored))
            for row in rows
        ]
    first = next(iter(rows[0]), "row").replace("_", " ") if rows else "row"
    return (first, "count"), [(pictures.said(name, row), cell(row, "count", floored)) for row in rows]
