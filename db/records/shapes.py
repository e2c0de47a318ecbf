"""Records as flat objects, listed and shown: each look is journalled before it is handed over."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import NotFound
from db.records import hidden
from db.records.references import find, reason_where_restricted
from db.records.words import Filter, Record, Why
from db.rules import periods, values
from db.rules.records import KINDS, span
from db.vault import grouping, projection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from db.vault.store import Look, Store


@cache
def shape_sql(kind: str, front: str = "", *, listed: bool = False) -> str:
    """Return the select of a kind's shape: ref first, references spoken, lists as JSON.

    ``front`` is what else is selected, before it: fixed text over ``x`` and ``r``. Where many are *listed*,
    each row is read with its record: the file would look at all records for the few of a kind.
    """
    parts = [*([front] if front else []), "r.ref"]
    for field in KINDS[kind].fields:
        if field.type == "ref":
            parts.append(f"(select ref from record where n = x.{projection.quoted(field.name)})")  # noqa: S608 - a kind's column
        elif field.type == "refs":
            parts.append(
                "(select json_group_array(t.ref) from (select q.ref from link as l join record as q "  # noqa: S608 - names of the table of kinds
                f"on q.n = l.target where l.source = x.n and l.field = '{field.name}' order by l.place) as t)"
            )
        else:
            parts.append(f"x.{projection.quoted(field.name)}")
    return (
        f"select {', '.join(parts)} from {projection.quoted(kind)} as x "  # noqa: S608 - names of the table of kinds
        f"{'cross ' * listed}join record as r on r.n = x.n"
    )


_LISTS = ("texts", "codes", "tagged", "refs")
_MADE: dict[str, Callable[[Any], Any]] = {
    "flag": bool,
    "instant": periods.iso,
    "when": values.local_when,
    "object": json.loads,
}


class _Plan(NamedTuple):
    """What a kind's shape is made of: every name in order, those of lists, what is made of the others."""

    names: tuple[str, ...]
    lists: tuple[str, ...]
    made: tuple[tuple[str, Callable[[Any], Any]], ...]


@cache
def _plan(kind: str) -> _Plan:
    fields = KINDS[kind].fields
    return _Plan(
        ("ref", *(field.name for field in fields)),
        tuple(field.name for field in fields if field.type in _LISTS),
        tuple((field.name, _MADE[field.type]) for field in fields if field.type in _MADE),
    )


def shape(kind: str, row: Sequence[Any]) -> Record:
    """Return a row of the kind's shape as a flat object: lists are lists, what is absent is None."""
    plan = _plan(kind)
    made: Record = dict(zip(plan.names, row, strict=True))
    for name in plan.lists:
        made[name] = _list(made[name])
    for name, make in plan.made:
        value = made[name]
        if value is not None:
            made[name] = make(value)
    if kind == "concern":
        seen = made.pop("vehicle_seen")
        made["vehicle"] = made["vehicle"] or seen
    return made


def _list(stored: str | None) -> list[Any]:
    """Read a stored list of texts; one without an escape is split, which is much the faster."""
    if not stored or stored == "[]":
        return []
    if "\\" not in stored and stored.startswith('["') and stored.endswith('"]'):
        return stored[2:-2].split('","')
    found: list[Any] = json.loads(stored)
    return found


_WAITS = ("'offered'", "'sent'", "'accepted'", "'waiting'")  # statuses in which a referral is chased
_ORDER = {
    "engagement": "x.at desc, x.n desc",
    "sighting": "x.at desc, x.n desc",
    "action": 'x."on" desc, x.n desc',
    "followup": "x.done_on is not null, x.due_on, x.n",
    "referral": f"x.status not in ({', '.join(_WAITS)}), x.chase_on is null, x.chase_on, x.n",
    "call": "x.month desc, x.n",
    "person": "x.pseudonym, x.n",
}


def select(
    reader: Any,
    kind: str,
    filters: Iterable[Filter] = (),
    *,
    limit: int | None = None,
    opened: bool = False,
) -> list[Record]:
    """Return the shapes of the records that stand and pass the filters, in the kind's own order.

    Who wants no contact, or is restricted, is not pointed at, and what is hers or his alone is left out, but
    where whose it is was *opened*, with a reason.
    """
    where = ["r.state = 'present'", *([] if opened else [hidden.visible(kind)])]
    bound: list[object] = []
    for one in filters:
        where.append(one.sql)
        bound.extend(one.values)
    sql = f"{shape_sql(kind, listed=True)} where {' and '.join(where)} order by {_ORDER.get(kind, 'x.n')}"
    if limit is not None:
        sql += " limit ?"
        bound.append(limit)
    return hidden.without_her(reader, kind, [shape(kind, row) for row in reader.execute(sql, bound)])


def shape_of(reader: Any, kind: str, record: bytes) -> Record:
    """Return the shape of the record with that id."""
    row = reader.execute(f"{shape_sql(kind)} where r.id = ?", (record,)).fetchone()
    return shape(kind, row)


def listing(
    store: Store,
    kind: str,
    filters: Sequence[Filter] = (),
    *,
    limit: int | None = None,
    why: Why = Why(),  # noqa: B008 - an empty tuple, immutable
) -> list[Record]:
    """Return a list of a kind; journalled as one consultation with the filters' names and the count."""
    with store.consult(kind, reason=why.reason, note=why.note) as look:
        found = select_as_one(look, kind, filters, limit)
        if filters:
            look.detail["filters"] = [one.name for one in filters]
        look.shown(len(found), people_shown(look, kind, found))
    return found


MERGED = ("person", "offender")  # the kinds that are merged by an officer, and then listed once


def select_as_one(
    reader: Any, kind: str, filters: Sequence[Filter], limit: int | None = None
) -> list[Record]:
    """Return what ``select`` does, a merged group once: the record it goes by, with whom that stands.

    ``same_as`` holds the references of the others. A group is found where one of its records is; where the
    record it goes by does not stand, it is told by the first that does.
    """
    if kind not in MERGED:
        return select(reader, kind, filters, limit=limit)
    groups = _groups(reader, kind)
    found = select(reader, kind, filters, limit=None if groups else limit)
    told: dict[str, Record] = {}
    for record in found:
        first, others = groups.get(record["ref"], (record["ref"], []))
        if first not in told:
            whole = record if first == record["ref"] else _by_ref(reader, kind, first)
            told[first] = whole | {"same_as": others}
    return list(told.values())[:limit]


def _groups(reader: Any, kind: str) -> dict[str, tuple[str, list[str]]]:
    """Return of each record that stands with others: the reference of the group's first, and of the rest."""
    groups: dict[int, list[str]] = {}
    for canonical, ref in reader.execute(
        "select s.canonical, r.ref from same_as as s join record as r on r.n = s.n "
        "where r.kind = ? and r.state = 'present' order by s.n <> s.canonical, s.n",
        (kind,),
    ):
        groups.setdefault(canonical, []).append(ref)
    return {ref: (refs[0], refs[1:]) for refs in groups.values() for ref in refs}


def _by_ref(reader: Any, kind: str, ref: str) -> Record:
    sql = f"{shape_sql(kind)} where r.id between ? and ? and r.ref = ?"
    return shape(kind, reader.execute(sql, (*span(ref), ref)).fetchone())


def same_as(reader: Any, n: int) -> list[str]:
    """Return the references of the records that stand for the same as record number *n*, by its side."""
    return [
        ref
        for one in grouping.together(reader, n)
        if one != n
        for (ref,) in reader.execute("select ref from record where n = ?", (one,))
    ]


def people_shown(look: Look, kind: str, found: Sequence[Record]) -> list[str]:
    """Return the ids of the people that these shapes show: themselves, or whom they name."""
    refs: list[str] = []
    for record in found:
        if len(refs) >= 500:
            break
        if kind == "person":
            refs.append(record["ref"])
        else:
            refs.extend(record.get("people") or ())
            refs.extend(ref for ref in (record.get("person"), record.get("about")) if ref and ref[:2] == "P-")
    ids: list[str] = []
    for ref in dict.fromkeys(refs):
        sql = "select id from record where id between ? and ? and ref = ?"
        ids.extend(row[0].hex() for row in look.execute(sql, (*span(ref), ref)))
    return ids


def show(store: Store, kind: str, ref: str, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Return one record; the look itself is journalled.

    Raises:
        NotFound: nothing of that kind answers to the reference, or it was erased.
        Usage: it is restricted, and no reason is given.
    """
    with store.counts() as reader:
        found = find(reader, store.id_key, ref, (kind,))
    with store.consult(kind, found.id, reason=why.reason, note=why.note) as look:
        row = look.execute(f"{shape_sql(kind)} where x.n = ?", (found.n,)).fetchone()
        if row is None:
            raise NotFound(f"{found.ref} was erased: nothing of it is held")
        reason_where_restricted(found, why, look)
        record = shape(kind, row)
        if kind in MERGED:
            record["same_as"] = same_as(look, found.n)
        look.shown(1, people_shown(look, kind, [record]))
    return record
