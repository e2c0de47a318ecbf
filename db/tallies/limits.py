"""Limitation dates: the clocks of summary-only offences that end in the period or after it.

Counts and references only; a look at the record itself is a consultation.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db.records import visible
from db.records.hidden import MEN
from db.rules import limitation, periods
from db.tallies.scope import IN_SECTOR, PRESENT

if TYPE_CHECKING:
    from db.tallies.scope import Scope

# What ends the need for a charge. A conditional caution or a course does not: he may fail it.
CLOSES = frozenset(
    (
        *("charge", "summons_postal_requisition", "caution_simple", "community_resolution"),
        *("outcome22", "pnd", "nfa"),
    )
)

# The engagement's row is read only where a sector is asked for.
_SECTOR = IN_SECTOR.format("coalesce(c.sector, (select sector from engagement where n = c.engagement))")


# One offence that may be charged: whether it is known on whom, who (else the concern's own number), what, and
# the day. A plain tuple: a year of a large unit has a hundred thousand.
Matter = tuple[bool, int, str, str]
Matters = dict[Matter, list[str]]
# For whom a man's record stands, None where it was struck, and whether he counts.
Whose = dict[int, tuple[int | None, bool]]


class Closings(NamedTuple):
    """What closes offences, each by whose and what: the very day, or the last action that names none."""

    days: set[tuple[int, str, str]]
    last: dict[tuple[int, str], str]

    def close(self, matter: Matter) -> bool:
        """Tell whether an action closes an offence: one on this very day's, or any from that day on."""
        known, who, offence, on = matter
        return known and ((who, offence, on) in self.days or self.last.get((who, offence), "") >= on)


def limitation_dates(scope: Scope) -> list[dict[str, Any]]:
    """Return rows of last_day, offence, count, days_left (from today; negative when past) and refs."""
    matters: Matters = {}
    whose = _whose(scope)
    closings = _actions(scope, matters, whose)
    _concerns(scope, matters, whose, closings)
    left: dict[tuple[str, str], list[list[str]]] = {}
    for matter, refs in matters.items():
        if not closings.close(matter):
            left.setdefault(matter[2:], []).append(refs)
    rows: dict[tuple[date, str], list[list[str]]] = {}
    for (offence, on), found in left.items():
        end = limitation.last_day(date.fromisoformat(on))
        if end >= scope.period.first:
            rows.setdefault((end, offence), []).extend(found)
    return [
        {
            "last_day": last.isoformat(),
            "offence": offence,
            "count": len(found),
            "days_left": (last - scope.today).days,
            "refs": sorted(ref for refs in found for ref in refs),
        }
        for (last, offence), found in sorted(rows.items())
    ]


def _whose(scope: Scope) -> Whose:
    """Return the few records that do not stand for a man of their own who counts."""
    return {
        n: (None if state == "struck" else who, state == "present")
        for n, who, state in scope.rows(
            """
            select r.n, coalesce(s.canonical, r.n), r.state
            from record as r indexed by record_aside left join same_as as s on s.n = r.n
            where r.state <> 'present' and (r.kind = 'offender' or r.kind is null)
            union select s.n, s.canonical, r.state from same_as as s join record as r on r.n = s.n"""
        )
    }


def _actions(scope: Scope, matters: Matters, whose: Whose) -> Closings:
    """Add the matters that actions tell of; return what closes one.

    A man who is restricted, under any of his records, is neither named nor counted; what was done to him
    still closes.
    """
    closings = Closings(set(), {})
    last = scope.period.last.isoformat()
    for offender, ours, offence, offence_on, on, action, ref in scope.rows(
        f"""
        select a.offender, a.for_unit and a.offender not in ({MEN}),
          a.offence, coalesce(a.offence_on, ''), a."on", a.action, r.ref
        from action as a cross join record as r on r.n = a.n and r.state = 'present'
        where a."on" >= :earliest and a.offence in (select value from json_each(:offences))
        and (a.offence_on <= :last or a.action in (select value from json_each(:closes)))""",  # noqa: S608 - fixed text
        closes=json.dumps(sorted(CLOSES)),
        **_bound(scope),
    ):
        who, counts = whose.get(offender, (offender, True))
        if who is None:
            continue
        if action in CLOSES and offence_on:
            closings.days.add((who, offence, offence_on))
        elif action in CLOSES:
            closings.last[who, offence] = max(on, closings.last.get((who, offence), ""))
        if scope.sector is None and counts and ours and offence_on and offence_on <= last:
            matters.setdefault((True, who, offence, offence_on), []).append(ref)
    return closings


def _concerns(scope: Scope, matters: Matters, whose: Whose, closings: Closings) -> None:
    """Add the matters that concerns tell of: the offence as guessed, the first day it may have happened.

    Of a man who does not count each concern stands alone, and is closed by what was done to him.
    """
    last = scope.period.last.isoformat()
    for n, offender, offence, happened, ref in scope.rows(
        f"""
        select c.n, c.offender, c.offence_guess, c.happened_from, r.ref
        from concern as c cross join record as r on r.n = c.n and r.state = 'present'
        where {PRESENT.format("c.engagement")} and c.happened_from between :earliest and :last || 'U'
        and c.offence_guess in (select value from json_each(:offences))
        and c.ncrs_decision is not 'incident_only' and {visible("concern", "c")} and {_SECTOR}""",  # noqa: S608 - fixed text
        **_bound(scope),
    ):
        on = happened if len(happened) == 10 else _local_day(happened)
        who, counts = (None, False) if offender is None else whose.get(offender, (offender, True))
        if on <= last:
            his = (who is not None, who or n, offence, on)
            key = his if counts or who is None else (False, n, offence, on)
            if key is his or not closings.close(his):
                matters.setdefault(key, []).append(ref)


def _bound(scope: Scope) -> dict[str, str]:
    return {
        "earliest": limitation.earliest(scope.period.first).isoformat(),
        "offences": json.dumps(limitation.SUMMARY_ONLY),
    }


def _local_day(happened: str) -> str:
    """Return the local day of a stored UTC time."""
    return periods.local_day(int(datetime.fromisoformat(happened).timestamp())).isoformat()
