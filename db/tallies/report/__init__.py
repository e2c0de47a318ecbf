"""The report from A to F: what a summary tells, on paper, and for the unit itself what only it may see.

parts    A to D, made of the summary and of nothing else
inside   harm by month, who came back, where: for the internal profile alone, and so are
start    what is counted since the unit's start, and the calls of the year before it
men      who is named and who is not, what a court made of it
quality  what is missing, doubled or overdue
plan     what is to be done, by whom: internal, and read under the disclosure that hands it out
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from db import releases
from db.rules import periods
from db.rules.sheets import Part, Sheet
from db.tallies.report import inside, men, quality, start
from db.tallies.report.parts import joined, notes, parts
from db.tallies.report.plan import plan
from db.tallies.scope import Scope

if TYPE_CHECKING:
    from db.rules.periods import Period
    from db.vault.store import Look, Store

Told = dict[str, Any]
INTERNAL = "internal"
_STAYS = "exact figures for the unit itself, not for release"


def hand_out(store: Store, told: Told, period: Period, recipient: str) -> Sheet:
    """Return the report of a summary for a file to *recipient*; journalled as a disclosure before it is made.

    Raises:
        Refused: the figures are not for that recipient.
    """
    releases.check_recipient(store.cipher, told["profile"], recipient)
    with store.consult(None, operation="disclosure") as look:
        more = _more(store, look, told, period) if told["profile"] == INTERNAL else {}
        look.detail |= {"event": "summary", "purpose": "statistics", "recipient": recipient}
        look.asked(since=period.first.isoformat(), until=period.last.isoformat())
    return sheet(told | {"recipient": recipient}, periods.local_day(store.now()), more)


def facts(made: Sheet) -> dict[str, object]:
    """Return what a sheet says about itself, days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in made.facts}


def sheet(told: Told, today: date, more: dict[str, Part] | None = None) -> Sheet:
    """Return a summary as a sheet; *more* are parts for the unit's own eyes, by letter."""
    period, beside = told["period"], told["compared_with"]
    facts: list[tuple[str, object]] = [
        ("period", f"{period['label']} ({period['from']} to {period['to']})"),
        ("profile", told["profile"]),
        ("as at", today),
    ]
    if beside:
        facts.append(("beside", f"{beside['label']} ({beside['from']} to {beside['to']})"))
    facts += [(name, told[name]) for name in ("sector", "recipient", "release") if told.get(name)]
    return Sheet(
        f"Report, {period['label']}",
        tuple(facts),
        parts(told, more or {}),
        notes(told),
        beside["label"] if beside else None,
        _STAYS if told["profile"] == INTERNAL else f"{told['profile']} profile, for {told['recipient']}",
    )


def _more(store: Store, look: Look, told: Told, period: Period) -> dict[str, Part]:
    """Return what the unit alone sees; a summary of one sector or of part of a day has none of it."""
    values = {one["id"]: one["value"] for one in told["measures"]}
    if told["sector"] is not None or values["offenders_dealt_with"] is None:
        return {}
    today = periods.local_day(store.now())
    scope = Scope(look, period, period.bounds(), None, today)
    back = inside.again(told)
    return {
        "A": Part("", figures=(*start.women(scope), *back["A"].figures, inside.referrals_engaged(scope))),
        "B": joined(joined(back["B"], men.men(scope)), Part("", grids=(inside.by_force(look, period),))),
        "C": inside.harm(look, period, today),
        "D": Part("", figures=start.calls(scope)),
        "E": plan(look, today),
        "F": quality.quality(store.cipher, period, store.now()),
    }
