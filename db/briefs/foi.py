"""Freedom-of-information tables: the unit's own records by year, under the public profile's protection.

What is asked for and not held is said to be not held by design. The answer says that it is no crime record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.briefs import handing
from db.errors import Refused
from db.rules import periods
from db.rules.periods.spans import MONTHS
from db.rules.sheets import HIDDEN, Grid, Part, Sheet
from db.tallies import leaving, pictures
from db.tallies.definitions import MEASURES, TABLES
from db.tallies.leaving.cuts import CUTS
from db.tallies.report.parts import CALLS, cell
from db.tallies.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.briefs.handing import Handing
    from db.vault.store import Store

PROFILE = "public"
YEARS_MOST = 10


class Preset(NamedTuple):
    """One answer: its title, the measures by year, the tables by year."""

    title: str
    measures: tuple[str, ...]
    tables: tuple[str, ...] = ()
    cut: str | None = None


def _cut(title: str, name: str) -> Preset:
    """Return the answer that prints a cut, which is a release of its own."""
    made = CUTS[name]
    measures = tuple(dict.fromkeys(one.of for one in made))
    return Preset(title, measures, tuple(one.table.id for one in made), name)


PRESETS = {
    "people": Preset("People engaged", ("people_engaged", "engagements", "referrals_offered")),
    "offenders": Preset("Offenders dealt with", ("offenders_dealt_with",), ("offenders_by_highest_action",)),
    "actions": Preset(
        "Arrests, cautions, charges, courses and orders",
        ("arrests", "cautions", "charges", "courses", "orders_granted"),
        ("actions_by_kind",),
    ),
    "outcomes": Preset("Outcomes of crimes", (), ("outcomes_by_code",)),
    "concerns": Preset("Concerns reported to the unit", ("concerns",), ("concerns_by_behaviour",)),
    "calls": Preset("Calls for service", ("calls",)),
    "offences": _cut("Arrests and charges by offence", "offences"),
    "ages": _cut("Offenders dealt with by age", "ages"),
    "sexes": _cut("Offenders dealt with by sex", "sexes"),
}
BASIS = "Records of this unit, not the force's recorded crime: actions and people are counted, not offences."
NOT_HELD = "Immigration status, nationality and referrals to immigration enforcement: not held by design."
REFUSAL = (
    "The information is held. The counts are so small that they could identify a person, whether victim, "
    "witness or suspect: it is exempt under section 40(2) (personal information) and, where safety is at "
    "stake, section 38 of the Freedom of Information Act 2000. A longer period, or a total, may be asked for."
)


def years(first: int, last: int, today_year: int) -> list[int]:
    """Return the years from one to another, both included.

    Raises:
        Refused: they are in the wrong order, too many, or not over.
    """
    if not first <= last <= first + YEARS_MOST - 1:
        raise Refused(f"years: from the earlier to the later, at most {YEARS_MOST}")
    if last >= today_year:
        raise Refused(f"years: only years that are over leave the unit: {today_year - 1} is the last")
    return [*range(first, last + 1)]


class Answer(NamedTuple):
    """The sheet, and whether it is a refusal: disclosure control left nothing to print."""

    sheet: Sheet
    refused: bool


def foi(store: Store, preset: str, span: tuple[int, int], handed: Handing) -> Answer:
    """Return the answer to a request: a row for each figure, a column for each year.

    Raises:
        Refused: this member is no supervisor; a year that is not over.
    """
    handing.check(store, handed)
    made = PRESETS[preset]
    asked = years(*span, periods.local_day(store.now()).year)
    to = handed.recipients[0]
    whole = [leaving.Wanted(periods.year(f"{year}"), PROFILE, to, cut=made.cut) for year in asked]
    told = leaving.leave_together(store, whole)
    grids = (_measures(made, asked, told), *(_table(name, asked, told) for name in made.tables))
    kept = tuple(grid for grid in grids if grid.rows)
    counts = [one for grid in kept for row in grid.rows for one in row[1:]]
    refused = HIDDEN in counts and not any(isinstance(one, int) and one > 0 for one in counts)
    note = next((one["notes"][0] for one in told if one), "")
    held = _calls_held(told) if "calls" in made.measures else _beginning(store, asked[0])
    shown = Part("Refusal", (REFUSAL,)) if refused else Part(made.title, () if kept else (_NONE,), grids=kept)
    sheet = Sheet(
        f"Freedom of information: {made.title}, {_span(asked)}",
        (
            ("period", f"{_span(asked)}, each year whole"),
            ("profile", PROFILE),
            ("for", handed.said),
            ("as at", periods.local_day(store.now())),
            ("basis", BASIS),
            ("release", ", ".join(one["release"] for one in told if one) or None),
        ),
        (shown,),
        tuple(one for one in (note, *held, "" if refused else _HELD, NOT_HELD) if one),
        warning=f"{PROFILE} profile, for {handed.said}",
    )
    return Answer(sheet, refused)


_NONE = "None were counted in these years."
_HELD = "A figure that is withheld is held: section 40(2) of the Freedom of Information Act 2000."


def _beginning(store: Store, first: int) -> list[str]:
    """Say from when on there are records, where the first year asked for begins before that."""
    today = periods.local_day(store.now())
    year = periods.year(f"{first}")
    with store.counts() as reader:
        start = leaving.first_day(Scope(reader, year, year.bounds(), None, today))
    if start is None or start <= year.first:
        return []
    begins = f"{MONTHS[start.month - 1]} {start.year}"
    return [f"The unit's records begin in {begins}: of the time before, none are held."]


def _calls_held(told: Sequence[dict[str, Any] | None]) -> list[str]:
    """Say for which months no calls are held, and what the figures do not say."""
    said = (note for one in told if one for note in one["notes"])
    return list(dict.fromkeys(note for note in said if note.startswith(CALLS)))


def _span(asked: Sequence[int]) -> str:
    return f"{asked[0]}" if len(asked) == 1 else f"{asked[0]} to {asked[-1]}"


def _measures(made: Preset, asked: Sequence[int], told: Sequence[dict[str, Any] | None]) -> Grid:
    labels = {one.id: (one.label, one.definition) for one in MEASURES}
    for row in (row for one in told if one is not None for row in one["measures"]):
        labels[row["id"]] = (row["label"], row["definition"])
    found = [{} if one is None else {row["id"]: row for row in one["measures"]} for one in told]
    rows = tuple((labels[id][0], *(_cell(year.get(id), "value") for year in found)) for id in made.measures)
    said = " ".join(f"{labels[id][0]}: {labels[id][1]}" for id in made.measures)
    return Grid(f"foi_{made.title}", made.title, ("figure", *map(str, asked)), rows, said)


def _table(name: str, asked: Sequence[int], told: Sequence[dict[str, Any] | None]) -> Grid:
    """Return a table by year; a row that a year does not have was not counted in it: nought, or withheld."""
    every = (*TABLES, *(one.table for cut in CUTS.values() for one in cut))
    label, definition = next((one.label, one.definition) for one in every if one.id == name)
    found: list[dict[str, dict[str, Any]]] = []
    for one in told:
        table = next((t for t in one["tables"] if t["id"] == name), None) if one else None
        found.append({pictures.said(name, row): row for row in table["rows"]} if table else {})
    names = dict.fromkeys(said for year in found for said in year)
    rows = tuple(
        (
            said,
            *(
                _cell(year.get(said, {"count": 0} if one else None), "count")
                for year, one in zip(found, told, strict=True)
            ),
        )
        for said in names
    )
    return Grid(name, label, ("", *map(str, asked)), rows, definition)


def _cell(row: dict[str, Any] | None, key: str) -> object:
    return cell({key: None, "withheld": True}, key, False) if row is None else cell(row, key, False)
