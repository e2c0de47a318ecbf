"""What a tally is taken over: a period, a sector, a reader; and who counts as whom.

A record counts while its state is ``present``. Judgements of the same person enter here and nowhere else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from db.vault import monthly

if TYPE_CHECKING:
    from datetime import date

    from db.rules.periods import Period

# n: the local number that a record points at. who: the one person it stands for, under her earliest record.
_AS = "from record as r left join same_as as s on s.n = r.n where"
PERSON_AS = (
    "person_as (n, who) as not materialized "
    f"(select r.n, coalesce(s.canonical, r.n) {_AS} r.kind = 'person' and r.state = 'present')"
)
# A restricted woman is not counted, and yet is part of what is: she must not make up most of it.
HIDDEN_AS = (
    "hidden_as (n, who) as not materialized "
    f"(select r.n, coalesce(s.canonical, r.n) {_AS} r.kind = 'person' and r.state = 'restricted')"
)
# An action on a man who was erased or is restricted was still taken: it counts, he does not.
OFFENDER_AS = (
    "offender_as (n, who, counts) as not materialized "
    f"(select r.n, coalesce(s.canonical, r.n), r.state = 'present' {_AS} r.state <> 'struck')"
)
# The numbers of all that stand for one: to be formatted with what holds a ``who``.
STANDING_FOR = "(select {0} union all select n from same_as where canonical = {0})"
# Few records are not present, and an index holds those: to look among them is quicker than at each record.
PRESENT = "{} not in (select n from record where state <> 'present')"
NOT_STRUCK = "{} not in (select n from record where state <> 'present' and state = 'struck')"
# A no holds for all the records that are of her, and while one of them is restricted too.
_REFUSING = """
with no (who) as (
  select coalesce(s.canonical, p.n) from person as p
  cross join record as r on r.n = p.n and r.state in ('present', 'restricted')
  left join same_as as s on s.n = p.n where p.statistics_consent = 0)
select who from no union select s.n from no cross join same_as as s on s.canonical = no.who"""
IN_SECTOR = "(:sector is null or {} = :sector collate nocase)"
# A contact by its number, from a narrow index alone: the rows are wide, and each another page to decrypt.
CONTACT = "engagement as e indexed by engagement_told on e.n"


@dataclass(frozen=True)
class Scope:
    """One period of one unit, as it is known now.

    ``bounds`` are UTC epoch seconds, the second excluded; ``sector`` None means all of them; ``as_at`` is
    the last local day of the period, or today where that comes first.
    """

    reader: Any
    period: Period
    bounds: tuple[int, int]
    sector: str | None
    today: date

    @property
    def as_at(self) -> date:
        """The day as of which what is overdue is counted."""
        return min(self.period.last, self.today)

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The least and the greatest number of the scope's contacts; with none, no number lies between."""
        ((low, high),) = self.reader.execute(
            "select min(n), max(n) from engagement indexed by engagement_at where at >= ? and at < ?",
            self.bounds,
        ).fetchall()
        return (0, -1) if low is None else (low, high)

    @cached_property
    def months(self) -> tuple[int, int] | None:
        """The first and the last month, as 202610, where the scope is whole months that sums are kept of."""
        return monthly.months_of(*self.bounds)

    @cached_property
    def refusing(self) -> frozenset[int]:
        """The numbers of all that stand for somebody who said no to statistics, counted or not."""
        return frozenset(row[0] for row in self.reader.execute(_REFUSING).fetchall())

    def rows(self, sql: str, **more: object) -> list[tuple[Any, ...]]:
        """Run a query with the scope bound: since, until (seconds), first, last (dates), sector.

        Where it asks for them, ``low`` and ``high`` are the ``ends``, ``first_month`` and ``last_month`` the
        ``months``, and ``refusing`` who said no.
        """
        bound = {
            "since": self.bounds[0],
            "until": self.bounds[1],
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "sector": self.sector,
        }
        if ":low" in sql:
            bound["low"], bound["high"] = self.ends
        if ":first_month" in sql:
            assert self.months is not None  # noqa: S101 - asked for only where there are some
            bound["first_month"], bound["last_month"] = self.months
        if ":refusing" in sql:
            bound["refusing"] = json.dumps(sorted(self.refusing))
        found: list[tuple[Any, ...]] = self.reader.execute(sql, bound | more).fetchall()
        return found


class Part(NamedTuple):
    """What one ledger adds to a summary: values by measure id, rows by table id, notes in order.

    A measure that is missing here, or None, has no value in this scope; ``withheld`` names those with too
    small a base to print.
    """

    values: dict[str, float | None]
    tables: dict[str, list[dict[str, Any]]]
    notes: list[str]
    withheld: tuple[str, ...] = ()


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return the count with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"
