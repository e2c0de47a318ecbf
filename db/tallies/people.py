"""Who was spoken to, and for the first time or not: the people of a scope, each counted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.tallies.scope import CONTACT, IN_SECTOR, PRESENT, STANDING_FOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.tallies.scope import Scope

# A record's number grows with time, so that most of what came later is passed over by its number alone. The
# greatest number of what came before is found from above; but first it is asked whether anything did.
_LAST_BEFORE = """(select iif(exists (select 1 from engagement indexed by engagement_at where at < :since),
  (select n from engagement indexed by engagement_told where at < :since order by n desc limit 1), -1))"""
_BEFORE = f"""
select 1 from link as l cross join {CONTACT} = l.source
where l.target = {{}} and l.field = 'people'
and l.source <= {_LAST_BEFORE}
and e.at < :since and e.contact = 'spoke' and {PRESENT.format("e.n")} and {PRESENT.format("l.target")}"""  # noqa: S608 - fixed text
_DURING = f"""
select 1 from link as l cross join {CONTACT} = l.source
where l.target = {{}} and l.field = 'people' and l.source between :low and :high
and e.at >= :since and e.at < :until and e.contact = 'spoke'
and {IN_SECTOR.format("e.sector")} and {PRESENT.format("e.n")}"""  # noqa: S608 - fixed text
# The same of whole months and all sectors, by the sums that are kept of them.
_MONTHS_BEFORE = f"""
select 1 from met_monthly as m
where m.person = {{0}} and m.month < :first_month and {PRESENT.format("{0}")}"""  # noqa: S608 - fixed text
_MONTHS_DURING = """
select 1 from met_monthly as m where m.person = {} and m.month between :first_month and :last_month"""
# Who was spoken to, whether before as well, whether other records are of her, and what this one tells of her.
_SEEN = f"""
select coalesce(s.canonical, p.n) as who, exists ({{before}}), s.n is not null,
p.sex, p.pseudonym, p.known_as
from person as p left join same_as as s on s.n = p.n
where {PRESENT.format("p.n")} and exists ({{during}})"""  # noqa: S608 - fixed text


class People:
    """The people spoken to in a scope: their numbers, sex as recorded, and who is new."""

    def __init__(self, scope: Scope) -> None:
        during = _DURING if scope.months is None or scope.sector is not None else _MONTHS_DURING
        seen = scope.rows(_SEEN.format(before=_before(scope, "p.n"), during=during.format("p.n")))
        merged = {row[0] for row in seen if row[2]}
        women: dict[int, list[tuple[Any, ...]]] = {row[0]: [row[3:]] for row in seen if not row[2]}
        for who, *told in _records_of(scope, merged):
            women.setdefault(who, []).append(tuple(told))
        self.count = len(women)
        known = {row[0] for row in seen if row[1]}
        known |= has_spoken_before(scope, merged - known)
        new = women.keys() - known
        self.new = len(new)
        self.duplicates = doubles(
            [name for _, pseudonym, others in told for name in _names(pseudonym, others)]
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
        f"where exists ({_before(scope, 's.who')}) or exists (select 1 from same_as as a "
        f"where a.canonical = s.who and exists ({_before(scope, 'a.n')}))",
        people=json.dumps(list(people)),
    )
    return {row[0] for row in rows}


def _names(pseudonym: str, known_as: str | None) -> tuple[str, ...]:
    return (pseudonym, *json.loads(known_as)) if known_as else (pseudonym,)


def _before(scope: Scope, who: str) -> str:
    """Return a query that has a row where a person of that number was spoken to before the scope."""
    return (_BEFORE if scope.months is None else _MONTHS_BEFORE).format(who)


def doubles(names: Iterable[Sequence[str]]) -> int:
    """Return how many people share a pseudonym or a street name with one before them."""
    seen: set[str] = set()
    doubles = 0
    for mine in names:
        folded = [" ".join(name.casefold().split()) for name in mine]
        doubles += not seen.isdisjoint(folded)
        seen.update(folded)
    return doubles
