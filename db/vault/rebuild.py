"""Every projection dropped and made anew from the entries and payloads alone; what they add up to.

A normal write folds one entry on top, this folds from the start, and both give the same rows. On the desk
that wrote them the local numbers come out the same too; elsewhere they need not, so a snapshot tells by id.
"""

from __future__ import annotations

import json
from heapq import merge
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules.canon import compact
from db.rules.records import FOLDED, spoken
from db.vault import (
    emptying,
    fold,
    grouping,
    likeness,
    members,
    monthly,
    naming,
    projection,
    quarantine,
    search,
)
from db.vault.making import INSERT_LINK, INSERT_RECORD
from db.vault.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.cipher import Cipher
    from db.vault.store import Store

__all__ = ["rebuild", "snapshot"]

_LETTERS = {name: kind.letter for name, kind in FOLDED.items()} | {"identity": "I"}
_IDENTITY_DIGITS = 8
_BATCH = 2000
_TABLES = (
    *monthly.TABLES,
    "link",
    "same_as",
    *FOLDED,
    "identity",
    "record",
    "desk",
    "erased",
    "emptied",
    "member",
    "quarantine",
)

Head = tuple[int, int]


class _Change(NamedTuple):
    """An entry that changes a record, in the order of the fold."""

    at: int
    desk: int
    seq: int
    operation: str
    kind: str
    record: bytes
    detail: str

    @property
    def creates(self) -> bool:
        """Tell whether this makes the record: a collection, or the first judgement on a pair."""
        return self.operation == "collection" or (self.operation == "combination" and '"ref":' in self.detail)

    @property
    def heads(self) -> str:
        """Return the record's heads where this is its only entry."""
        return f"[[{self.desk},{self.seq}]]"

    def ref(self) -> str:
        """Return the spoken reference that a creation gave."""
        digits = _IDENTITY_DIGITS if self.kind == "identity" else json.loads(self.detail)["ref"]
        return spoken(_LETTERS[self.kind], self.record, digits)


def rebuild(store: Store) -> None:
    """Rebuild every projection in one transaction; the journal, its payloads and the data keys stay.

    Raises:
        Busy: another program holds the file; nothing was changed.
        Damaged: the journal cannot be read.
    """
    store.cipher.begin()
    try:
        within(store)
        store.cipher.commit()
    except BaseException:
        store.cipher.rollback()
        raise


def within(store: Store) -> None:
    """Rebuild every projection inside a transaction that is open already."""
    with store.cipher.trusted() as c:
        likeness.empty(c)
        for table in _TABLES:
            c.execute(f"delete from {projection.quoted(table)}")  # noqa: S608 - fixed names
        people = members.fold_members(members.read_events(store))
        quarantine.put(c, quarantine.find(c, people.accepted))
        _desks(c)
        put_members(c, people)
        made = _Rebuilding(store.cipher, c)
        made.enter(_changes(store.cipher))
        made.fill()
        naming.settle(c, naming.shared(c))
        grouping.regroup(c)
        likeness.refill(c)
        monthly.refill(c)
        for table in search.TABLES:
            c.execute(f"insert into {table} ({table}) values ('rebuild')")  # noqa: S608 - a fixed table


def _desks(c: Any) -> None:
    c.execute(
        "insert into desk (desk, seq, hash, at) select e.desk, e.seq, e.hash, e.at from entry as e "
        "join (select desk, max(seq) as seq from entry group by desk) as l "
        "on l.desk = e.desk and l.seq = e.seq"
    )
    put_erased(c)
    emptying.refill(c)


def put_erased(c: Any) -> None:
    """Write the table of erased records anew, each with its earliest erasure."""
    c.execute("delete from erased")
    c.execute(
        "insert into erased (record, desk, seq) select record, desk, seq from entry "
        "where operation = 'erasure' and record is not null "
        "and json_extract(detail, '$.event') is not 'redact' "
        "and (desk, seq) not in (select desk, seq from quarantine) "
        "order by at, desk, seq on conflict (record) do nothing"
    )
    c.execute(
        "insert into erased (record, desk, seq) select record, desk, seq from entry "
        "where operation = 'erasure' and json_extract(detail, '$.event') is 'redact' "
        "and (desk, seq) not in (select desk, seq from quarantine) "
        "order by at desc, desk desc, seq desc on conflict (record) do nothing"
    )


def put_members(c: Any, people: members.People) -> None:
    """Write the member table anew."""
    c.execute("delete from member")
    c.executemany(
        "insert into member (id, name, key, roles, state) values (?, ?, ?, ?, ?)",
        [
            (ident, person.name, person.key, compact(list(person.roles)), person.state)
            for ident, person in people.now().items()
            if ident != members.RECOVERY
        ],
    )


def _changes(reader: Cipher) -> Iterator[_Change]:
    """Return every desk's changes of records, merged in order of (at, desk, seq)."""
    desks = [desk for (desk,) in reader.execute("select desk from desk order by desk").fetchall()]
    return merge(*(_of_desk(reader, desk) for desk in desks))


def _of_desk(reader: Cipher, desk: int) -> Iterator[_Change]:
    cursor = reader.execute(
        "select at, desk, seq, operation, kind, record, detail from entry where desk = ? "
        "and record is not null and kind is not null "
        "and (desk, seq) not in (select desk, seq from quarantine) "
        "and operation in ('collection', 'alteration', 'combination', 'erasure') order by seq",
        (desk,),
    )
    while rows := cursor.fetchmany(_BATCH):
        yield from map(_Change._make, rows)


class _Rebuilding:
    """Records entered in the order in which they were made, then filled."""

    def __init__(self, reader: Cipher, connection: Any) -> None:
        self._reader = reader
        self._c = connection
        self._n = 0
        self._long: dict[bytes, list[Head]] = {}  # the entries of records that have several

    def enter(self, changes: Iterator[_Change]) -> None:
        """Give each record its number; those of one entry are whole with that."""
        insert = INSERT_RECORD + " on conflict (id) do nothing"
        for change in changes:
            ref = change.ref() if change.creates else None
            row = (self._n + 1, change.record, change.kind, ref, "present", change.heads)
            if self._c.execute(insert, row).rowcount:
                self._n += 1
            else:
                self._lengthen(change)

    def _lengthen(self, change: _Change) -> None:
        heads = self._long.get(change.record)
        if heads is None:
            (first,) = self._c.execute("select heads from record where id = ?", (change.record,)).fetchone()
            heads = self._long[change.record] = [(d, s) for d, s in json.loads(first)]
        heads.append((change.desk, change.seq))

    def fill(self) -> None:
        """Write the rows and links of every record."""
        for kind in FOLDED:
            last = 0
            while rows := self._c.execute(
                "select r.n, r.id, p.body from record as r "
                "join payload as p on p.desk = json_extract(r.heads, '$[0][0]') "
                "and p.seq = json_extract(r.heads, '$[0][1]') "
                "where r.kind = ? and r.n > ? order by r.n limit ?",
                (kind, last, _BATCH),
            ).fetchall():
                for n, record, body in rows:
                    if record not in self._long:
                        self._put(kind, n, json.loads(body)["set"])
                last = rows[-1][0]
        self._c.execute(
            "update record set state = 'erased' where kind <> 'identity' and not exists (select 1 "
            "from payload as p where p.desk = json_extract(heads, '$[0][0]') "
            "and p.seq = json_extract(heads, '$[0][1]'))"
        )
        self._identities()
        for record, heads in self._long.items():
            self._refold(record, heads)

    def _refold(self, record: bytes, heads: list[Head]) -> None:
        steps = [self._step(head) for head in heads]
        folded = fold.fold(steps)
        n, kind = self._c.execute("select n, kind from record where id = ?", (record,)).fetchone()
        digits = _IDENTITY_DIGITS if kind == "identity" else naming.given_digits(steps)
        self._c.execute(
            "update record set ref = ?, state = ?, heads = ? where n = ?",
            (
                spoken(_LETTERS[kind], record, digits) if digits else None,
                folded.state,
                compact([list(head) for head in folded.heads]),
                n,
            ),
        )
        if folded.state == "erased":
            self._c.execute("delete from identity where n = ?", (n,))
        elif kind == "identity":
            self._c.execute("update identity set desk = ?, seq = ? where n = ?", (*steps[-1].head, n))
        else:
            self._put(kind, n, folded.fields)

    def _step(self, head: Head) -> fold.Step:
        row = self._c.execute(f"{fold.SELECT_STEP} where e.desk = ? and e.seq = ?", head).fetchone()
        return fold.read_step(row)

    def _identities(self) -> None:
        rows = self._c.execute(
            "select r.n, e.desk, e.seq, e.detail from record as r "
            "join entry as e on e.desk = json_extract(r.heads, '$[0][0]') "
            "and e.seq = json_extract(r.heads, '$[0][1]') where r.kind = 'identity'"
        ).fetchall()
        for n, desk, seq, detail in rows:
            person = json.loads(detail).get("person")
            if person is not None:
                self._c.execute(
                    "insert into identity (n, person, desk, seq) values (?, ?, ?, ?)",
                    (n, self._number(person), desk, seq),
                )

    def _put(self, kind: str, n: int, fields: dict[str, Any]) -> None:
        self._c.execute(projection.insert_sql(kind), projection.row(kind, n, fields, self._number))
        for name in projection.link_fields(kind):
            for place, target in enumerate(fields.get(name) or ()):
                self._c.execute(INSERT_LINK, (n, name, self._number(target), place))

    def _number(self, record: str) -> int:
        raw = bytes.fromhex(record)
        found = self._c.execute("select n from record where id = ?", (raw,)).fetchone()
        if found is not None:
            return int(found[0])
        (last,) = self._c.execute("select max(n) from record").fetchone()
        self._c.execute(INSERT_RECORD, (last + 1, raw, None, None, "absent", "[]"))
        return int(last) + 1
