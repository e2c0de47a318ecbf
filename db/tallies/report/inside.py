"""What the report adds for the unit's own eyes alone: harm by month, who came back, where.

Nothing here passes disclosure control, so none of it is made for a profile that leaves the unit.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.rules import periods
from db.rules.charts import Chart, Point
from db.rules.periods.spans import MONTHS
from db.rules.sheets import Figure, Grid, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.rules.periods import Period
    from db.tallies.scope import Scope

KINDS = {
    "violence": frozenset(
        (
            "assaults",
            "strangles",
            "restrains",
            "weapon",
            "weapon_knife",
            "weapon_blunt",
            "weapon_gun",
            "weapon_other",
        )
    ),
    "sexual": frozenset(("sexual_assault", "stealth")),
    "robbery": frozenset(("robs", "takes_back_money")),
}
_MONTHS_BACK = 12


def harm(reader: Any, period: Period, today: date) -> Part:
    """Return concerns of the twelve months up to the period's last, or to this one, by what was reported."""
    end = min(period.last, max(today, period.first))
    last = end.year * 12 + end.month - 1
    months = [f"{n // 12}-{n % 12 + 1:02d}" for n in range(last - _MONTHS_BACK + 1, last + 1)]
    counts = {month: dict.fromkeys(("all", *KINDS, "hate", "shared"), 0) for month in months}
    since = periods.midnight(date.fromisoformat(f"{months[0]}-01"))
    for at, behaviours, hate, level in reader.execute(
        "select e.at, c.behaviours, c.hate_motivation, c.sharing_level "
        "from engagement as e cross join record as r on r.n = e.n and r.state = 'present' "
        "join concern as c on c.engagement = e.n join record as q on q.n = c.n and q.state = 'present' "
        "where e.at >= ? and e.at < ?",
        (since, periods.midnight(end + timedelta(days=1))),
    ):
        row = counts[periods.local_day(at).isoformat()[:7]]
        row["all"] += 1
        listed = json.loads(behaviours or "[]")
        for kind, codes in KINDS.items():
            row[kind] += not codes.isdisjoint(listed)
        row["hate"] += bool(json.loads(hate or "[]"))
        row["shared"] += level >= 2
    rows = tuple((_month(month), *row.values()) for month, row in counts.items())
    points = tuple(Point(_month(month), row["all"]) for month, row in counts.items())
    title = "Concerns by month"
    header = ("month", "concerns", *KINDS, "hate motive", "sharing level 2 and over")
    grid = Grid("harm_by_month", title, header, rows, _HARM, Chart("harm_by_month", title, points, True))
    return Part("", grids=(grid,))


_HARM = (
    "Concerns by the month of the contact at which they were reported: reports to this unit, not recorded "
    "crimes. Violence: assaults, strangles, restrains, weapon. Sexual: sexual assault, stealth. Robbery: "
    "robs, takes the money back. One concern may count under several. How many she lets be shared as "
    "intelligence and further shows whether trust holds."
)


def _month(month: str) -> str:
    return f"{MONTHS[int(month[5:]) - 1][:3]} {month[:4]}"


def again(told: Mapping[str, Any]) -> dict[str, Part]:
    """Return who came back: those engaged, and those dealt with, who were so before the period."""
    held = {one["id"]: one for one in told["measures"]}
    return {
        letter: Part("", figures=(_again(id, label, definition, held[of], held[f"{of}_new"]),))
        for letter, of, id, label, definition in _AGAIN
    }


_AGAIN = (
    (
        "A",
        "people_engaged",
        "people_engaged_returning",
        "People engaged again",
        "Those of the people engaged with whom the unit had spoken before the period.",
    ),
    (
        "B",
        "offenders_dealt_with",
        "offenders_dealt_with_again",
        "Offenders dealt with again",
        "Those of the offenders dealt with who had been before the period.",
    ),
)


def _again(id: str, label: str, definition: str, every: Mapping[str, Any], new: Mapping[str, Any]) -> Figure:
    now, then = (
        None if every[key] is None or new[key] is None else every[key] - new[key]
        for key in ("value", "compare")
    )
    return Figure(id, label, now, then, definition)


def by_force(reader: Any, period: Period) -> Grid:
    """Return the actions of the period by the force area in which they were taken."""
    rows = reader.execute(
        'select a.force_area, count(distinct coalesce(s.canonical, a.offender) || a."on" || a.action) '
        "from action as a cross join record as r on r.n = a.n and r.state = 'present' "
        "join record as m on m.n = a.offender and m.state <> 'struck' "
        "left join same_as as s on s.n = a.offender "
        'where a."on" between ? and ? and a.for_unit = 1 group by 1 order by a.force_area is null, 2 desc, 1',
        (period.first.isoformat(), period.last.isoformat()),
    ).fetchall()
    return Grid(
        "actions_by_force_area",
        "Actions by force area",
        ("force area", "count"),
        tuple((area or "not recorded", count) for area, count in rows),
        "Actions for this unit by the force area as entered: one for each man, date and kind.",
    )


def referrals_engaged(scope: Scope) -> Figure:
    """Return how many of the period's referrals reached the service and were taken up."""
    ((engaged,),) = scope.rows(
        "select count(*) from referral as f cross join record as r on r.n = f.n and r.state = 'present' "
        "where f.offered_on between :first and :last and f.status = 'engaged'"
    )
    return Figure(
        "referrals_engaged",
        "Referrals engaged",
        engaged,
        None,
        "Those of the referrals offered in the period whose state is engaged now.",
    )
