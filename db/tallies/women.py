"""The women's ledger: who was spoken to, what they reported, where they were referred, what is due.

A person who was erased, restricted or struck is not counted; the contact with her still is.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from db.tallies.scope import (
    CONTACT,
    IN_SECTOR,
    OFFENDER_AS,
    PERSON_AS,
    PRESENT,
    STANDING_FOR,
    Part,
    plural,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.tallies.scope import Scope

DAY = 86400
ENGAGEMENTS = f"""
from engagement as e where e.at >= :since and e.at < :until and {IN_SECTOR.format("e.sector")}
and {PRESENT.format("e.n")}"""

# The sectors there are, and none; the contacts of each are read from an index that holds all that is counted.
_BY_SECTOR = f"""
with recursive place (sector) as (
  select min(sector) from engagement
  union all select (select min(e.sector) from engagement as e where e.sector > p.sector)
  from place as p where p.sector is not null)
select {{}} from (select sector from place union select null) as p
cross join engagement as e indexed by engagement_sector on e.sector is p.sector
and e.at >= :since and e.at < :until and {PRESENT.format("e.n")}
where {IN_SECTOR.format("p.sector")} group by p.sector"""  # noqa: S608 - fixed text

# A record's number grows with time, so that most of what came later is passed over by its number alone. The
# greatest number of what came before is found from above; but first it is asked whether anything did.
_LAST_BEFORE = """(select iif(exists (select 1 from engagement indexed by engagement_at where at < :since),
  (select n from engagement indexed by engagement_told where at < :since order by n desc limit 1), -1))"""
_BEFORE = f"""
select 1 from link as l cross join {CONTACT} = l.source
where l.target = {{}} and l.field = 'people'
and l.source <= {_LAST_BEFORE}
and e.at < :since and e.contact = 'spoke' and {PRESENT.format("e.n")} and {PRESENT.format("l.target")}"""  # noqa: S608 - fixed text
# Who was spoken to, whether before as well, whether other records are of her, and what this one tells of her.
_SEEN = f"""
with {PERSON_AS}
select w.who, exists ({_BEFORE.format("p.n")}), exists (select 1 from same_as as a where a.canonical = w.who),
p.sex, p.pseudonym, p.known_as
from person as p cross join person_as as w on w.n = p.n
where exists (
  select 1 from link as l cross join {CONTACT} = l.source
  where l.target = p.n and l.field = 'people' and l.source between :low and :high
  and e.at >= :since and e.at < :until and e.contact = 'spoke'
  and {IN_SECTOR.format("e.sector")} and {PRESENT.format("e.n")})"""  # noqa: S608 - fixed text
# The concerns of contacts between two times; they are found by the numbers that those contacts can have.
TOLD = f"""
with {PERSON_AS}, {OFFENDER_AS}
{{}} from concern as c cross join {CONTACT} = c.engagement
where c.engagement between :low and :high and e.at >= :since and e.at < :until
and {PRESENT.format("e.n")} and {PRESENT.format("c.n")}
and {IN_SECTOR.format("coalesce(c.sector, e.sector)")}"""
_REFUSED = "{} in (select value from json_each(:refusing))"
# A contact on which somebody is named who said no, and nobody beside her who is counted and did not.
LEFT_OUT = f"""(exists (select 1 from link as l
  where l.source = e.n and l.field = 'people' and {_REFUSED.format("l.target")})
and not exists (select 1 from link as l join person_as as w on w.n = l.target
  where l.source = e.n and l.field = 'people' and not {_REFUSED.format("w.who")}))"""  # noqa: S608 - fixed text


class People:
    """The people spoken to in a scope: their numbers, sex as recorded, and who is new."""

    def __init__(self, scope: Scope) -> None:
        seen = scope.rows(_SEEN)
        merged = {who for who, _, others, *_ in seen if others}
        women: dict[int, list[tuple[Any, ...]]] = {
            who: [tuple(told)] for who, _, others, *told in seen if not others
        }
        for who, *told in _records_of(scope, merged):
            women.setdefault(who, []).append(tuple(told))
        self.count = len(women)
        known = {who for who, before, *_ in seen if before}
        known |= has_spoken_before(scope, merged - known)
        new = women.keys() - known
        self.new = len(new)
        self.duplicates = doubles(
            [name for one in told for name in (one[1], *(json.loads(one[2]) if one[2] else ()))]
            for _, told in sorted(women.items())
        )
        self.refusing = [who for who in women if who in scope.refusing]
        self.refusing_new = len(new.intersection(self.refusing))
        self.allowing = self.count - len(self.refusing)
        allowing = women.keys() - set(self.refusing)
        self.allowing_sexes = {one[0] for who in allowing for one in women[who]}


def _records_of(scope: Scope, people: Iterable[int]) -> list[tuple[Any, ...]]:
    """Return who it is, sex, pseudonym and street names of each record that is of one of the people."""
    return scope.rows(
        f"""
        select s.value, p.sex, p.pseudonym, p.known_as
        from json_each(:people) as s join person as p on p.n in {STANDING_FOR.format("s.value")}
        join record as m on m.n = p.n and m.state = 'present' order by s.value, p.n""",  # noqa: S608 - fixed text
        people=json.dumps(sorted(people)),
    )


def has_spoken_before(scope: Scope, people: Iterable[int]) -> set[int]:
    """Return those of the people who were spoken to before the scope begins."""
    rows = scope.rows(
        "select s.who from (select value as who from json_each(:people)) as s "  # noqa: S608 - fixed text
        f"where exists ({_BEFORE.format('s.who')}) or exists (select 1 from same_as as a "
        f"where a.canonical = s.who and exists ({_BEFORE.format('a.n')}))",
        people=json.dumps(list(people)),
    )
    return {row[0] for row in rows}


def doubles(names: Iterable[Sequence[str]]) -> int:
    """Return how many people share a pseudonym or a street name with one before them."""
    seen: set[str] = set()
    doubles = 0
    for mine in names:
        folded = {" ".join(name.casefold().split()) for name in mine}
        doubles += not seen.isdisjoint(folded)
        seen |= folded
    return doubles


def engaged(scope: Scope) -> Part:
    """Return the people engaged and the contacts with them."""
    people = People(scope)
    by_sector = scope.rows(
        _BY_SECTOR.format(
            "p.sector, count(*) - count(*) filter (where e.contact <> 'spoke'), "
            "count(*) filter (where e.initiated_by = 'flagged_down' and e.contact = 'spoke'), "
            "count(*) filter (where e.contact <> 'spoke'), "
            "count(*) filter (where e.people_unnamed > 0 and e.contact = 'spoke'), "
            "coalesce(sum(e.people_unnamed) filter (where e.people_unnamed > 0 and e.contact = 'spoke'), 0)"
        )
        + " order by p.sector is null, 2 desc, p.sector"
    )
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
