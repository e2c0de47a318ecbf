"""All projections at one moment, told by ids instead of local numbers, so that two can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules.records import FOLDED
from db.vault import projection, search

if TYPE_CHECKING:
    from db.vault.store import Store


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every projection's rows in a fixed order, each local number told as the record's id in hex."""
    with store.counts(), store.cipher.trusted() as c:
        return rows_of(c)


def rows_of(c: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return what ``snapshot`` does, by a connection that may read everything and make temporary tables."""
    found = {
        "record": c.execute("select hex(id), kind, ref, state, heads from record order by 1").fetchall(),
        "link": c.execute(
            "select hex(s.id), l.field, l.place, hex(t.id) from link as l "
            "left join record as s on s.n = l.source left join record as t on t.n = l.target order by 1, 2, 3"
        ).fetchall(),
        "identity": c.execute(
            "select hex(r.id), hex(p.id), i.desk, i.seq from identity as i "
            "left join record as r on r.n = i.n left join record as p on p.n = i.person order by 1, 2"
        ).fetchall(),
    }
    found["same_as"] = c.execute(
        "select hex(r.id), hex(p.id) from same_as as s left join record as r on r.n = s.n "
        "left join record as p on p.n = s.canonical order by 1, 2"
    ).fetchall()
    found["met_monthly"] = c.execute(
        "select hex(r.id), m.month, m.contacts from met_monthly as m "
        "left join record as r on r.n = m.person order by 1, 2"
    ).fetchall()
    for table in ("contacts_monthly", "desk", "erased", "emptied", "member", "quarantine"):
        found[table] = c.execute(f"select * from {table} order by 1, 2").fetchall()  # noqa: S608 - fixed names
    for kind in FOLDED:
        found[kind] = c.execute(_by_id(kind)).fetchall()
    found["likeness"] = c.execute(
        "select hex(r.id), x.form, x.said, x.keys from likeness as x "
        "left join record as r on r.n = x.n order by 1"
    ).fetchall()
    for table in ("term", "alike"):
        found[table] = c.execute(f"select * from {table} order by 1, 2").fetchall()  # noqa: S608 - fixed names
    for table in search.TABLES:
        found[table] = words_of(c, table)
    return found


def _by_id(kind: str) -> str:
    refs = {field.name for field in FOLDED[kind].fields if field.type == "ref"}
    names = [
        f"(select hex(id) from record where n = x.{projection.quoted(name)})"  # noqa: S608 - names of the table of kinds
        if name in refs
        else f"x.{projection.quoted(name)}"
        for name in projection.columns(kind)
    ]
    return (
        f"select hex(r.id), {', '.join(names)} from {projection.quoted(kind)} as x "  # noqa: S608 - names of the table of kinds
        "left join record as r on r.n = x.n order by 1, 2"
    )


def words_of(c: Any, table: str) -> list[tuple[Any, ...]]:
    """Return every word that a full-text table knows, with the record, the column and the place."""
    c.execute(f"create virtual table temp.words_seen using fts5vocab('main', '{table}', 'instance')")
    try:
        rows: list[tuple[Any, ...]] = c.execute(
            "select v.term, hex(r.id), v.col, v.offset from temp.words_seen as v "
            "left join record as r on r.n = v.doc order by 1, 2, 3, 4"
        ).fetchall()
    finally:
        c.execute("drop table temp.words_seen")
    return rows
