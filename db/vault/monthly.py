"""Sums by month, beside the records: how often each person was spoken to, what each sector's contacts were.

A tally of whole months reads these few rows instead of every contact. They are of contacts that are present:
what is struck, restricted or erased is in none. A month is London's by the clock, told by a fixed rule of
UTC: from April to October it begins an hour before midnight. Where the zone's own rules say otherwise, no
period is whole months of these, and its contacts are read one by one.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "engagement"
TABLES = ("met_monthly", "contacts_monthly")

_HOUR, _DAY = 3600, 86400
_SUMMER = range(4, 11)  # the months that begin in British Summer Time

_SHIFTED = f"strftime('%m', e.at + {_HOUR}, 'unixepoch') between '{_SUMMER[0]:02d}' and '{_SUMMER[-1]:02d}'"
MONTH = f"""cast(iif(e.at % {_DAY} < {_DAY - _HOUR}, strftime('%Y%m', e.at, 'unixepoch'),
  strftime('%Y%m', e.at + {_HOUR} * ({_SHIFTED}), 'unixepoch')) as integer)"""  # of the contact ``e``

# What is counted of the contacts ``e`` of a sector, one by one or by the month.
SUMS = {
    "spoke": "sum(e.contact = 'spoke')",
    "flagged_down": "sum(e.contact = 'spoke' and e.initiated_by is 'flagged_down')",
    "other": "sum(e.contact <> 'spoke')",
    "with_unnamed": "sum(e.contact = 'spoke' and e.people_unnamed > 0)",
    "unnamed": "sum(iif(e.contact = 'spoke', e.people_unnamed, 0))",
}

# A contact by its number, and all that came after a number; from an index that holds what is counted.
_ONE = "e.n = :n and exists (select 1 from record where n = :n and state = 'present')"
_AFTER = "e.n > :n and e.n not in (select n from record where state <> 'present')"

_MET = f"""
select l.target as person, {MONTH} as month, :sign * count(*) as contacts
from engagement as e indexed by engagement_told
cross join link as l on l.source = e.n and l.field = 'people'
where e.contact = 'spoke' and {{}} group by 1, 2"""  # noqa: S608 - fixed text
_SIGNED = ", ".join(f":sign * {made} as {name}" for name, made in SUMS.items())
_CONTACTS = f"""
select {MONTH} as month, e.sector as sector, {_SIGNED}
from engagement as e indexed by engagement_told where {{}} group by 1, 2"""  # noqa: S608 - fixed text

_PUT = (
    f"insert into met_monthly (person, month, contacts) {_MET} "
    "on conflict (person, month) do update set contacts = contacts + excluded.contacts",
    f"insert into contacts_monthly (month, sector, {', '.join(SUMS)}) {_CONTACTS} "
    "on conflict (month, coalesce(sector, x'')) do update set "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS),
)
_EMPTY = (
    "delete from met_monthly where contacts = 0 "
    "and person in (select target from link where source = :n and field = 'people')",
    "delete from contacts_monthly where spoke = 0 and other = 0",
)
_DIFFERING = {
    "met_monthly": (_MET, ("person", "month"), ("contacts",)),
    "contacts_monthly": (_CONTACTS, ("month", "sector"), tuple(SUMS)),
}


def months_of(since: int, until: int) -> tuple[int, int] | None:
    """Return the first and the last month, as 202610, of UTC epoch seconds that are whole months; else None.

    *until* is excluded.
    """
    first, after = (datetime.fromtimestamp(max(at, 0) + _HOUR, UTC) for at in (since, until))
    if _start(first.year, first.month) != since or _start(after.year, after.month) != until:
        return None
    last = after.year * 12 + after.month - 2  # the month before, counted from January of the year 0
    return first.year * 100 + first.month, last // 12 * 100 + last % 12 + 1


def _start(year: int, month: int) -> int:
    """Return the UTC epoch second at which a month begins."""
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) - _HOUR * (month in _SUMMER)


def more_after(c: Any, last: int) -> None:
    """Add the contacts that came after number *last*."""
    _put(c, _AFTER, last, 1)


def more(c: Any, kind: str, n: int) -> None:
    """Add a record, if it is a contact."""
    if kind == KIND:
        _put(c, _ONE, n, 1)


@contextmanager
def around(c: Any, kind: str, n: int) -> Iterator[None]:
    """Keep the sums right while a record's row, links or state change inside."""
    if kind == KIND:
        _put(c, _ONE, n, -1)
        for sql in _EMPTY:
            c.execute(sql, {"n": n} if ":n" in sql else {})
    yield
    more(c, kind, n)


def refill(c: Any) -> None:
    """Make everything anew, from empty tables."""
    more_after(c, -1)


def differing(reader: Any) -> list[str]:
    """Return the tables of which a sum is not what the contacts come to."""
    return [table for table, made in _DIFFERING.items() if _differs(reader, table, *made)]


def _differs(reader: Any, table: str, sql: str, keys: tuple[str, ...], sums: tuple[str, ...]) -> bool:
    at = " and ".join(f"s.{key} is f.{key}" for key in keys)
    alike = " and ".join(f"s.{name} is f.{name}" for name in sums)
    (counted, stored, right) = reader.execute(
        f"with f as materialized ({sql.format(_AFTER)}) select (select count(*) from f), "  # noqa: S608 - fixed text
        f"(select count(*) from {table}), (select count(*) from f join {table} as s on {at} and {alike})",
        {"n": -1, "sign": 1},
    ).fetchone()
    return not counted == stored == right


def _put(c: Any, which: str, n: int, sign: int) -> None:
    for sql in _PUT:
        c.execute(sql.format(which), {"n": n, "sign": sign})
