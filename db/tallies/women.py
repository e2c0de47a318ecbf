"""The women's ledger: who was spoken to, what they reported, where they were referred, what is due.

A person who was erased, restricted or struck is not counted; the contact with her still is.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from db.tallies.people import People
from db.tallies.scope import (
    CONTACT,
    IN_SECTOR,
    OFFENDER_AS,
    PERSON_AS,
    PRESENT,
    Part,
    plural,
)
from db.vault import monthly

if TYPE_CHECKING:
    from db.tallies.scope import Scope

DAY = 86400
ENGAGEMENTS = f"""
from engagement as e where e.at >= :since and e.at < :until and {IN_SECTOR.format("e.sector")}
and {PRESENT.format("e.n")}"""

# The contacts of each sector: one by one, from an index that holds all that is counted, or by their months.
_BY_SECTOR = f"""
select e.sector, {", ".join(monthly.SUMS.values())}
from engagement as e indexed by engagement_told
where e.n between :low and :high and e.at >= :since and e.at < :until and {PRESENT.format("e.n")}
and {IN_SECTOR.format("e.sector")} group by e.sector"""  # noqa: S608 - fixed text
_BY_SECTOR_AND_MONTH = f"""
select m.sector, {", ".join(f"sum(m.{name})" for name in monthly.SUMS)}
from contacts_monthly as m where m.month between :first_month and :last_month
and {IN_SECTOR.format("m.sector")} group by m.sector"""  # noqa: S608 - fixed text

# The concerns of contacts between two times; they are found by the numbers that those contacts can have.
TOLD = f"""
with {PERSON_AS}, {OFFENDER_AS}
{{}} from concern as c cross join {CONTACT} = c.engagement
where c.engagement between :low and :high and e.at >= :since and e.at < :until
and {PRESENT.format("e.n")} and {PRESENT.format("c.n")}
and {IN_SECTOR.format("coalesce(c.sector, e.sector)")}"""
_REFUSED = "{} in (select value from json_each(:refusing))"
# A contact on which somebody is named who said no, and nobody beside her who is counted and did not.
LEFT_OUT = f"""(e.n in (
  select l.source from link as l where l.field = 'people' and {_REFUSED.format("l.target")})
and not exists (select 1 from link as l join person_as as w on w.n = l.target
  where l.source = e.n and l.field = 'people' and not {_REFUSED.format("w.who")}))"""  # noqa: S608 - fixed text


def engaged(scope: Scope) -> Part:
    """Return the people engaged and the contacts with them."""
    people = People(scope)
    counted = _BY_SECTOR if scope.months is None else _BY_SECTOR_AND_MONTH
    by_sector = scope.rows(f"{counted} order by sector is null, 2 desc, sector")
    spoke, flagged, other, unnamed_contacts, unnamed = (
        sum(row[column] for row in by_sector) for column in range(1, 6)
    )
    return Part(
        {
            "people_engaged": people.count,
            "people_engaged_new": people.new,
            "engagements": spoke,
            "engagements_flagged_down": flagged,
            "contacts_other": other,
        },
        {"engagements_by_sector": [{"sector": row[0], "count": row[1]} for row in by_sector if row[1]]},
        [
            f"Beside the people engaged: {plural(unnamed_contacts, 'contact')} with "
            f"{plural(unnamed, 'person', 'people')} not named, never added to them.",
            f"Likely counted twice: {people.duplicates} of the people engaged share a pseudonym or a street "
            "name with another; none was taken off.",
            *_without_refusing(scope, people, (spoke, flagged)),
        ],
    )


def _without_refusing(scope: Scope, people: People, counted: tuple[int, int]) -> list[str]:
    """Say how many said no to statistics, and what is left without them.

    An engagement is left out where nobody who allows statistics is named on it beside her.
    """
    if not scope.refusing:
        return []
    (theirs,) = scope.rows(
        f"""
        with {PERSON_AS} select count(*), coalesce(sum(e.initiated_by = 'flagged_down'), 0)
        {ENGAGEMENTS} and e.contact = 'spoke' and {LEFT_OUT}"""
    )
    if not people.refusing and not theirs[0]:
        return []
    spoke, flagged = (count - less for count, less in zip(counted, theirs, strict=True))
    return [
        f"{plural(len(people.refusing), 'person', 'people')} engaged said no to statistics: counted here, "
        f"never in what leaves the unit. Without all who said no: people engaged {people.allowing}, for the "
        f"first time {people.new - people.refusing_new}, engagements {spoke}, flagged down {flagged}."
    ]


def concerns(scope: Scope) -> Part:
    """Return the concerns by the date of the contact at which they were reported."""
    told = TOLD.format(
        "select c.sharing_level, c.behaviours, c.ncrs_decision is not null, c.ncrs_at - e.at <= :day, "
        + f"coalesce({_REFUSED.format('c.person')}, {LEFT_OUT})"
    )
    rows = [(*alike, count) for alike, count in Counter(scope.rows(told, day=DAY)).items()]
    behaviours: dict[str, int] = {}
    levels = dict.fromkeys(range(1, 6), 0)
    for level, listed, *_, count in rows:
        levels[level] += count
        for behaviour in set(json.loads(listed or "[]")):
            behaviours[behaviour] = behaviours.get(behaviour, 0) + count
    every = sum(row[5] for row in rows)
    return Part(
        {
            "concerns": every,
            "concerns_undecided": sum(row[5] for row in rows if not row[2]),
            "concerns_decided_24h": sum(row[5] for row in rows if row[2] and row[3]),
        },
        {
            "concerns_by_behaviour": [
                {"behaviour": code, "count": count} for code, count in by_count(behaviours)
            ],
            "concerns_by_sharing_level": [
                {"sharing_level": level, "count": count} for level, count in levels.items()
            ],
        },
        _left_out("concerns", every, sum(row[5] for row in rows if row[4])),
    )


def by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return codes and counts, the largest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def owed(scope: Scope) -> Part:
    """Return referrals and follow-ups; neither is kept by sector."""
    if scope.sector is not None:
        return Part({}, {}, [])
    ((due, done, overdue),) = scope.rows(
        "select count(*), count(f.done_on), coalesce(sum(f.done_on is null and f.due_on < :as_at), 0) "  # noqa: S608 - fixed text
        f"from followup as f where f.due_on between :first and :last and {PRESENT.format('f.n')}",
        as_at=scope.as_at.isoformat(),
    )
    offered = scope.rows(
        f"""
        select f.status in ('accepted', 'engaged') or f.accepted_on is not null, f.status, r.heads,
          {_REFUSED.format("f.person")}
        from referral as f cross join record as r on r.n = f.n and r.state = 'present'
        where f.offered_on between :first and :last"""  # noqa: S608 - fixed text
    )
    accepted = sum(bool(row[0]) or was_accepted(scope.reader, row[1], row[2]) for row in offered)
    return Part(
        {
            "referrals_offered": len(offered),
            "referrals_accepted": accepted,
            "followups_due": due,
            "followups_done": done,
            "followups_overdue": overdue,
        },
        {},
        [
            *_left_out("referrals offered", len(offered), sum(bool(row[3]) for row in offered)),
            *_followups_left_out(scope, due),
        ],
    )


def _followups_left_out(scope: Scope, due: int) -> list[str]:
    """Say how many follow-ups are left without those about nobody but people who said no."""
    from db.tallies.leaving import owed as leaving_owed

    if not due or not scope.refusing:
        return []
    names = ("followups_due", "followups_done", "followups_overdue")
    cells = leaving_owed.owed(scope)
    left = [cells[name,].number for name in names]
    if left[0] == due:
        return []
    return [
        f"Without people who said no to statistics: follow-ups due {left[0]}, done {left[1]}, overdue "
        f"{left[2]}."
    ]


def _left_out(what: str, count: int, refusing: int) -> list[str]:
    if not refusing:
        return []
    return [f"Without people who said no to statistics: {what} {count - refusing}."]


def was_accepted(reader: Any, status: str, heads: str) -> bool:
    """Tell whether a referral that has gone on since had reached accepted or engaged before.

    A change that was taken back by ``undo`` does not count.
    """
    if status not in ("waiting", "closed", "rejected"):
        return False
    from db.vault import fold

    steps = fold.lineage(reader, heads)
    undone = {tuple(pair) for step in steps for pair in step.detail.get("undo", ())}
    return any(
        (step.set or {}).get("status") in ("accepted", "engaged")
        for step in steps
        if step.head not in undone and "undo" not in step.detail
    )
