"""Referrals and follow-ups as they may leave: each count with the people they are for or about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rules.disclosure import Cell
from db.tallies.scope import HIDDEN_AS, OFFENDER_AS, PERSON_AS
from db.tallies.women import was_accepted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.tallies.scope import Scope

Counts = dict[tuple[str, ...], Cell]

_FOLLOWUPS = f"""
with {PERSON_AS}, {HIDDEN_AS}, {OFFENDER_AS}, due (n, about, due_on, done_on) as (
  select f.n, f.about, f.due_on, f.done_on from followup as f
  join record as r on r.n = f.n and r.state = 'present' where f.due_on between :first and :last),
behind (n, who) as (
  select n, about from due
  union select d.n, l.target from due as d join link as l on l.source = d.about and l.field = 'people'
  union select d.n, c.person from due as d join concern as c on c.n = d.about
  union select d.n, l.target from due as d join concern as c on c.n = d.about and c.person is null
    join link as l on l.source = c.engagement and l.field = 'people'
  union select d.n, f.person from due as d join referral as f on f.n = d.about
  union select d.n, v.offender from due as d join vehicle as v on v.n = d.about
  union select d.n, a.offender from due as d join action as a on a.n = d.about
  union select d.n, o.offender from due as d join "order" as o on o.n = d.about)
select d.n, d.due_on, d.done_on, coalesce(
  (select w.who from person_as as w where w.n = b.who),
  (select w.who from offender_as as w join offender as o on o.n = w.n where w.n = b.who),
  (select w.who from hidden_as as w where w.n = b.who))
from due as d left join behind as b on b.n = d.n"""  # noqa: S608 - fixed text


def owed(scope: Scope) -> Counts:
    """Return referrals and follow-ups; what is about nobody but people who said no is left out."""
    no = scope.refusing
    offered = [row for row in _referrals(scope) if row[0] not in no]
    accepted = [row for row in offered if row[1] or was_accepted(scope.reader, row[2], row[3])]
    due = [(who - no, on, done) for who, on, done in _followups(scope) if not who or who - no]
    as_at = scope.as_at.isoformat()
    return {
        ("referrals_offered",): _behind({row[0]} for row in offered),
        ("referrals_accepted",): _behind({row[0]} for row in accepted),
        ("followups_due",): _behind(who for who, _, _ in due),
        ("followups_done",): _behind(who for who, _, done in due if done),
        ("followups_overdue",): _behind(who for who, on, done in due if not done and on < as_at),
    }


def _referrals(scope: Scope) -> list[tuple[int, int, str, str]]:
    return [
        (row[0], row[1], row[2], row[3])
        for row in scope.rows(
            f"""
            with {PERSON_AS}
            select coalesce((select w.who from person_as as w where w.n = f.person), f.person),
              f.status in ('accepted', 'engaged') or f.accepted_on is not null, f.status, r.heads
            from referral as f cross join record as r on r.n = f.n and r.state = 'present'
            where f.offered_on between :first and :last"""  # noqa: S608 - fixed text
        )
    ]


def _followups(scope: Scope) -> list[tuple[set[int], str, str | None]]:
    """Return of each follow-up due: whom it is about, when it is due, when it was done."""
    found: dict[int, tuple[set[int], str, str | None]] = {}
    for n, due, done, who in scope.rows(_FOLLOWUPS):
        people = found.setdefault(n, (set(), due, done))[0]
        if who is not None:
            people.add(who)
    return list(found.values())


def _behind(people: Iterable[Iterable[int]]) -> Cell:
    count = 0
    shares: dict[int, int] = {}
    for each in people:
        count += 1
        for who in each:
            shares[who] = shares.get(who, 0) + 1
    return Cell(count, shares)
