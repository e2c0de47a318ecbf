"""Pages of a list and the keys before them: SQL for each kind's own order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import filters, records, watchlist
from db.pages import words
from db.records import Filter, Record
from db.rules.records import span
from db.vault import projection

if TYPE_CHECKING:
    from db.vault.store import Look, Store

PAGE = 128

Key = tuple[Any, ...]


class Order(NamedTuple):
    """A kind's order: its columns, the local number last; whether the newest comes first."""

    columns: tuple[str, ...]
    falling: bool


_ORDERS = {
    "engagement": Order(("x.at", "x.n"), True),
    "person": Order(("x.pseudonym", "x.n"), False),
    "offender": Order(("x.n",), False),
    "followup": Order(("x.due_on", "x.n"), False),
}


_TOLD_BY_ANOTHER = (
    "select s.n from same_as as s cross join same_as as t on t.canonical = s.canonical and t.n <> s.n "
    "cross join record as q on q.n = t.n and q.state = 'present' "
    "where t.n = t.canonical or (s.n <> s.canonical and t.n < s.n)"
)


class Sheet(NamedTuple):
    """A list: its kind, and what narrows it."""

    kind: str
    filters: tuple[Filter, ...] = ()
    typed: str = ""


class Anchors(NamedTuple):
    """How many rows a list has, and the key of the last row of each full page."""

    total: int
    keys: tuple[Key, ...]


def sheet(store: Store, kind: str, typed: str = "") -> Sheet:
    """Return the list of a kind, narrowed by what was typed: every word has to be somewhere in a row."""
    found = [*filters.build(store, kind, {}), *words.narrowed(kind, typed)]
    if kind == "followup":
        found.append(Filter("open", "x.done_on is null", ()))
    return Sheet(kind, tuple(found), typed.strip())


def _source(of: Sheet) -> tuple[str, list[object]]:
    """Return the from and where of a list; what is struck, restricted, erased or hidden is left out.

    A merged group is told once: by the record it goes by, or where that does not stand, the first that does.
    """
    table = projection.quoted(of.kind)
    where = [
        "x.n not in (select n from record where kind = ? and state <> 'present')",
        f"x.n not in ({_TOLD_BY_ANOTHER})",
        records.visible(of.kind),
        *(one.sql for one in of.filters),
    ]
    bound: list[object] = [of.kind]
    for one in of.filters:
        bound.extend(one.values)
    return f"from {table} as x where {' and '.join(where)}", bound


def anchors(store: Store, of: Sheet) -> Anchors:
    """Count a list and return the keys its pages follow; it shows nobody, and is not journalled."""
    order = _ORDERS[of.kind]
    source, bound = _source(of)
    names = ", ".join(f"{column} as k{i}" for i, column in enumerate(order.columns))
    keys = ", ".join(f"k{i}" for i in range(len(order.columns)))
    with store.counts() as reader:
        (count,) = reader.execute(f"select count(*) {source}", bound).fetchone()
        rows = reader.execute(
            f"select {keys} from "  # noqa: S608 - columns of the table of kinds
            f"(select {names}, row_number() over (order by {_by(order)}) as place {source}) "
            f"where place % {PAGE} = 0",
            bound,
        ).fetchall()
    return Anchors(count, tuple(tuple(row) for row in rows))


def _by(order: Order) -> str:
    return ", ".join(f"{column} {'desc' if order.falling else 'asc'}" for column in order.columns)


def page(store: Store, of: Sheet, after: Key | None) -> list[tuple[Key, Record]]:
    """Return up to 128 rows that follow a key, each with its own; one consultation.

    An engagement tells its women's pseudonyms as ``who``, a man his ``vehicles``.
    """
    order = _ORDERS[of.kind]
    source, bound = _source(of)
    columns = ", ".join(order.columns)
    if after is not None:
        marks = ", ".join("?" * len(order.columns))
        source += f" and ({columns}) {'<' if order.falling else '>'} ({marks})"
        bound = [*bound, *after]
    with store.consult(of.kind) as look:
        keys = look.execute(f"select {columns} {source} order by {_by(order)} limit {PAGE}", bound).fetchall()
        numbers = [key[-1] for key in keys]
        found = _shaped(look, of.kind, numbers)
        if of.typed:
            look.asked(search=of.typed)
        if of.filters:
            look.detail["filters"] = sorted({one.name for one in of.filters})
        look.shown(len(found), records.people_shown(look, of.kind, found))
    return list(zip((tuple(key) for key in keys), found, strict=True))


def _shaped(look: Look, kind: str, numbers: list[int]) -> list[Record]:
    listed = json.dumps(numbers)
    in_page = Filter("page", "x.n in (select value from json_each(?))", (listed,))
    found = {record["ref"]: record for record in records.select(look, kind, [in_page])}
    refs = dict(
        look.execute("select n, ref from record where n in (select value from json_each(?))", (listed,))
    )
    if kind == "engagement":
        name_women(look, found.values())
    elif kind == "offender":
        by_man = watchlist.listed(look, "x.offender in (select value from json_each(?))", (listed,))
        for n, ref in refs.items():
            found[ref]["vehicles"] = by_man.get(n, [])
    return [found[refs[n]] for n in numbers]


def name_women(look: Look, engagements: Any) -> None:
    """Tell each contact's women by pseudonym, beside their references."""
    called: dict[str, str] = {}
    for record in engagements:
        for ref in record["people"]:
            if ref not in called:
                row = look.execute(
                    "select x.pseudonym from record as r join person as x on x.n = r.n "
                    "where r.id between ? and ? and r.ref = ?",
                    (*span(ref), ref),
                ).fetchone()
                called[ref] = row[0] if row else ref
        record["who"] = [called[ref] for ref in record["people"]]
