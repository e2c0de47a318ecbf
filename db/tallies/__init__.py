"""The tallies: every number the unit counts about itself, each with its definition.

Numbers are exact here, and for the unit's own eyes. They are read as counts, without a journal entry.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.errors import Usage
from db.rules import periods
from db.tallies import calls, limits, men, women
from db.tallies.definitions import TABLES, measures
from db.tallies.scope import Part, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.rules.periods import Period
    from db.vault.store import Store

COMPARISONS = {"previous": periods.previous, "last-year": periods.last_year}


def summary(
    store: Store,
    period: Period,
    *,
    compare: str | None = None,
    sector: str | None = None,
    bounds: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Return the internal tallies of a period, in the shape that ``summary -f json`` prints.

    Args:
        store: the open unit; its clock says what is overdue.
        period: whole local days.
        compare: ``previous`` (the period before) or ``last-year``.
        sector: one sector as entered, capitals apart; what is not kept by sector has no value then.
        bounds: UTC epoch seconds that narrow the contacts and sightings within the period.

    Raises:
        Usage: the comparison is not known, or is asked of a part of a day.
    """
    other = _compared(period, compare, bounds)
    with store.counts() as reader, _uncollected():
        today = periods.local_day(store.now())
        scope = Scope(reader, period, bounds or period.bounds(), sector, today)
        tallied = _tally(scope)
        before = _values(replace(scope, period=other, bounds=other.bounds())) if other else {}
        defined = measures(reader)
        tallied.tables["limitation_dates"] = limits.limitation_dates(scope)
    return {
        "period": _named(period),
        "compared_with": _named(other) if other else None,
        "sector": sector,
        "profile": "internal",
        "measures": [_measure(tallied, before, *measure) for measure in defined],
        "tables": [
            {"id": id, "label": label, "rows": tallied.tables.get(id, []), "definition": definition}
            for id, label, definition in TABLES
        ],
        "notes": [*_notes(scope, bounds is not None), *tallied.notes],
    }


def limits_ahead(store: Store) -> list[dict[str, Any]]:
    """Return the limitation dates that lie ahead, as ``limitation_dates`` has them: codes, refs."""
    day = periods.local_day(store.now())
    with store.counts() as reader:
        period = periods.Period(day, day, "")
        return limits.limitation_dates(Scope(reader, period, period.bounds(), None, day))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the collector the many rows that are read meanwhile: none of them is part of a cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _compared(period: Period, compare: str | None, bounds: tuple[int, int] | None) -> Period | None:
    if compare is None:
        return None
    if compare not in COMPARISONS:
        raise Usage(f"A comparison is with {' or '.join(COMPARISONS)}.")
    if bounds is not None:
        raise Usage("A comparison takes whole days: give --since and --until without a time.")
    return COMPARISONS[compare](period)


def _named(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat(), "label": period.label}


def _measure(
    tallied: Part, before: dict[str, float | None], id: str, label: str, definition: str
) -> dict[str, Any]:
    made = {
        "id": id,
        "label": label,
        "value": tallied.values.get(id),
        "compare": before.get(id),
        "definition": definition,
    }
    return made | ({"withheld": True} if id in tallied.withheld else {})


def _tally(scope: Scope) -> Part:
    whole = Part({}, {}, [], ())
    for count in (women.engaged, women.concerns, women.owed, men.dealt_with, calls.calls):
        part = count(scope)
        whole = Part(
            whole.values | part.values,
            whole.tables | part.tables,
            whole.notes + part.notes,
            whole.withheld + part.withheld,
        )
    return whole


def _values(scope: Scope) -> dict[str, float | None]:
    return _tally(scope).values


def _notes(scope: Scope, narrowed: bool) -> list[str]:
    """Say what bears on the whole: a period that is not over, a sector, a part of a day."""
    notes = []
    if scope.today <= scope.period.last:
        notes.append(f"The period is not over: counted as at {periods.short(scope.today)}.")
    if scope.sector is not None:
        notes.append(
            "One sector: referrals, follow-ups and actions are not kept by sector and have no value here; "
            "offenders identified are those with a concern or a sighting there."
        )
    if narrowed:
        notes.append(
            "Narrowed to times: contacts, concerns and sightings; what has a date alone counts by days."
        )
    return notes
