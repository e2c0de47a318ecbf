"""A writing transaction: every change to the unit's data is an entry, and its row follows from it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from db.errors import NotFound, Refused
from db.rules.canon import compact
from db.rules.records import KINDS, spoken
from db.vault import journal, projection, search
from db.vault.chain import Chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from db.vault.identity import Sealed
    from db.vault.store import Store

BATCH = 1000
REF_DIGITS = 4
NUMBERS_KEPT = 100_000

INSERT_RECORD = "insert into record (n, id, kind, ref, state, heads) values (?, ?, ?, ?, ?, ?)"
INSERT_LINK = "insert into link (source, field, target, place) values (?, ?, ?, ?)"

New = tuple[str, bytes, dict[str, Any]]


class Write:
    """The only way to change the unit; made by ``Store.write``."""

    def __init__(self, store: Store, context: dict[str, Any], note: str | None) -> None:
        self._store = store
        self._cipher = store.cipher
        self.chain = Chain(store, context, note)
        self._creates: list[New] = []
        self._numbers: dict[str, int] = {}
        self._looked: dict[bytes, tuple[int, str, str] | None] = {}
        self._fresh: set[str] = set()
        (self._n,) = self._cipher.execute("select coalesce(max(n), 0) from record").fetchone()
        self._learnt = self._n
        self.changed: dict[str, int] = {}
        self.erased = False

    def execute(self, sql: str, parameters: Iterable[object] = ()) -> Any:
        """Run a read inside the transaction; it sees what has been written so far."""
        self._flush()
        return self._cipher.execute(sql, tuple(parameters))

    def create(self, kind: str, fields: dict[str, Any], external_ref: str | None = None) -> bytes:
        """Make a record; returns its id, random or derived from *external_ref*. Journalled as collection."""
        if external_ref is None:
            return self.create_as(kind, os.urandom(16), fields)
        return self.create_as(kind, journal.derived_id(self._store.id_key, kind, external_ref), fields)

    def create_as(self, kind: str, record: bytes, fields: dict[str, Any]) -> bytes:
        """Make a record of a given id: random, or derived by ``journal.derived_id``; returns the id."""
        self._creates.append((kind, record, fields))
        if len(self._creates) >= BATCH:
            self._flush()
        return record

    def amend(
        self,
        record: bytes,
        fields: Mapping[str, Any],
        *,
        state: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Set fields of a record (None clears one) or its state, or both; journalled as alteration.

        Raises:
            NotFound: no such record.
            Refused: it was erased; nothing can be added to it.
        """
        n, kind, heads, old_state, ref = self._record(record)
        if old_state == "erased":
            raise Refused(f"{ref} was erased: nothing can be added to it")
        clear = {"state": state} if state else {}
        if fields:
            clear |= {"fields": sorted(fields)}
        body = {"set": dict(fields)} if fields else None
        head = self.chain.append(
            "alteration", kind, record, base=heads, detail=clear | (detail or {}), body=body
        )
        with self._cipher.trusted() as c:
            if fields:
                kept = self._fields(kind, n) | dict(fields)
                self._put(c, kind, n, {k: v for k, v in kept.items() if v is not None})
            c.execute(
                "update record set heads = ?, state = coalesce(?, state) where n = ?",
                (compact([head]), state, n),
            )
        self._mark(kind)

    def erase(self, record: bytes, detail: dict[str, Any] | None = None) -> None:
        """Empty a record: payloads, data keys, row, words. The chain still verifies. Cannot be undone.

        Raises:
            NotFound: no such record.
            Refused: it was erased before.
        """
        n, kind, heads, state, ref = self._record(record)
        if state == "erased":
            raise Refused(f"{ref} was erased before")
        head = self.chain.append("erasure", kind, record, base=heads, detail=detail or {})
        self.chain.write_out()
        self._learn()
        of_record = "(desk, seq) in (select desk, seq from entry where record = ?)"
        with self._cipher.trusted() as c:
            c.execute("insert into erased (record, desk, seq) values (?, ?, ?)", (record, *head))
            c.execute(f"delete from payload where {of_record}", (record,))  # noqa: S608 - fixed text
            c.execute(f"delete from data_key where {of_record}", (record,))  # noqa: S608 - fixed text
            search.forget(c, kind, n)
            c.execute(f"delete from {projection.quoted(kind)} where n = ?", (n,))  # noqa: S608 - a kind's name
            c.execute("delete from link where source = ?", (n,))
            c.execute("update record set state = 'erased', heads = ? where n = ?", (compact([head]), n))
        self.erased = True
        self._mark(kind)

    def seal_identity(self, person: bytes, record: bytes, seal: Callable[[int, int], Sealed]) -> None:
        """Keep a new version of a person's sealed identity; its data key stands outside the chain.

        Args:
            person: whose.
            record: the identity's own record id: a new one, or that of the version it replaces.
            seal: given the entry's desk and number, to which it binds it, returns what is kept.
        """
        n_person = self.number(person.hex())
        found = self.execute("select n, heads from record where id = ?", (record,)).fetchone()
        sealed = seal(self.chain.desk, self.chain.seq + 1)
        head = self.chain.append(
            "alteration" if found else "collection",
            "identity",
            record,
            base=found[1] if found else "[]",
            detail={"person": person.hex()},
            body=sealed.payload,
        )
        with self._cipher.trusted() as c:
            if found:
                n = found[0]
                c.execute("delete from identity where n = ?", (n,))
                c.execute("update record set heads = ? where n = ?", (compact([head]), n))
            else:
                self._n = n = self._n + 1
                ref = spoken("I", record, 8)
                c.execute(INSERT_RECORD, (n, record, "identity", ref, "present", compact([head])))
            c.execute("insert into identity (n, person, desk, seq) values (?, ?, ?, ?)", (n, n_person, *head))
            c.execute(
                "insert into data_key (desk, seq, identity_key, sealed) values (?, ?, ?, ?)",
                (*head, sealed.identity_key, sealed.data_key),
            )

    def reseal(self, sealed: list[tuple[bytes, bytes, int, int]]) -> None:
        """Put data keys sealed to a new identity key in place of the old: (key, sealed, desk, seq) each."""
        with self._cipher.trusted() as c:
            c.executemany("update data_key set identity_key = ?, sealed = ? where desk = ? and seq = ?", sealed)

    def put_member(self, member: str, name: str, key: str, roles: tuple[str, ...], state: str) -> None:
        """Bring the member table in line with the member entry just appended."""
        with self._cipher.trusted() as c:
            c.execute("delete from member where id = ?", (member,))
            c.execute(
                "insert into member (id, name, key, roles, state) values (?, ?, ?, ?, ?)",
                (member, name, key, compact(list(roles)), state),
            )

    def number(self, record: str) -> int:
        """Return the local number of an id in hex; an unknown one becomes an absent record."""
        known = self._numbers.get(record)
        if known is not None:
            return known
        raw = bytes.fromhex(record)
        found = self._cipher.execute("select n from record where id = ?", (raw,)).fetchone()
        if found is None:
            self._n += 1
            found = (self._n,)
            with self._cipher.trusted() as c:
                c.execute(INSERT_RECORD, (self._n, raw, None, None, "absent", "[]"))
        if len(self._numbers) < NUMBERS_KEPT:
            self._numbers[record] = found[0]
        return int(found[0])

    def ref(self, record: bytes) -> str:
        """Return the spoken reference of a record of this unit."""
        return str(self.execute("select ref from record where id = ?", (record,)).fetchone()[0])

    def finish(self) -> None:
        """Write what is left, sign, index the new words; called by the store before it commits."""
        self._flush()
        if not self.chain.empty:
            self.chain.finish()
            self._learn()

    # how a record reaches its row

    def _flush(self) -> None:
        if not self._creates:
            return
        batch, self._creates = self._creates, []
        with self._cipher.trusted() as c:
            announced = self._announced(batch)
            refs = self._refs(c, batch)
            for kind in dict.fromkeys(kind for kind, _, _ in batch):
                self._make(
                    c,
                    kind,
                    [(r, ref, f) for (k, r, f), ref in zip(batch, refs, strict=True) if k == kind],
                    announced,
                )
        self.chain.write_out()

    def _make(
        self,
        c: Any,
        kind: str,
        made: list[tuple[bytes, str, dict[str, Any]]],
        announced: dict[bytes, int],
    ) -> None:
        """Bring new records of one kind to the journal, the record table and their rows."""
        heads = self.chain.append_new(kind, [(record, len(ref) - 2, f) for record, ref, f in made])
        records, rows, numbers = [], [], self._numbers
        for (record, ref, fields), head in zip(made, heads, strict=True):
            n = announced.get(record)
            if n is None:
                self._n = n = self._n + 1
                records.append((n, record, kind, ref, "present", head))
            else:
                c.execute(
                    "update record set kind = ?, ref = ?, state = 'present', heads = ? where n = ?",
                    (kind, ref, head, n),
                )
            if len(numbers) < NUMBERS_KEPT:
                numbers[record.hex()] = n
            rows.append((n, fields))
        c.executemany(INSERT_RECORD, records)
        self._insert(c, kind, rows)

    def _insert(self, c: Any, kind: str, rows: list[tuple[int, dict[str, Any]]]) -> None:
        c.executemany(
            projection.insert_sql(kind), [projection.row(kind, n, fields, self.number) for n, fields in rows]
        )
        for name in projection.link_fields(kind):
            links = [
                (n, name, self.number(target), place)
                for n, fields in rows
                for place, target in enumerate(fields.get(name) or ())
            ]
            c.executemany(INSERT_LINK, links)
        for n, _ in rows:
            if n <= self._learnt:
                search.learn(c, kind, n)
        self._fresh.add(kind)
        self._mark(kind, len(rows))

    def known(self, ids: list[bytes]) -> dict[bytes, tuple[int, str, str]]:
        """Return number, state and reference of those of *ids* that the file has, announced ones included."""
        self._flush()
        marks = ", ".join("?" * len(ids))
        with self._cipher.trusted() as c:
            rows = c.execute(f"select id, n, state, ref from record where id in ({marks})", ids).fetchall()  # noqa: S608 - question marks
        found = {record: (n, state, ref) for record, n, state, ref in rows}
        self._looked = {record: found.get(record) for record in ids}
        return found

    def _announced(self, batch: list[New]) -> dict[bytes, int]:
        """Return the numbers of the batch's records that references had announced before they came."""
        looked = self._looked
        if not all(record in looked for _, record, _ in batch):
            self.known([record for _, record, _ in batch])
            looked = self._looked
        self._looked = {}
        numbers = {}
        for _, record, _ in batch:
            place = looked[record]
            if place is not None:
                if place[1] != "absent":
                    raise Refused(f"{place[2]} exists: amend it, it cannot be made twice")
                numbers[record] = place[0]
        return numbers

    def _refs(self, c: Any, batch: list[New]) -> list[str]:
        """Return each new reference: the shortest free prefix of the id, four digits or more."""
        refs = [""] * len(batch)
        left, taken, length = list(range(len(batch))), set(), REF_DIGITS
        while left:
            asked = {i: spoken(KINDS[batch[i][0]].letter, batch[i][1], length) for i in left}
            marks = ", ".join("?" * len(asked))
            sql = f"select ref from record where ref in ({marks})"  # noqa: S608 - question marks
            taken |= {ref for (ref,) in c.execute(sql, list(asked.values()))}
            for i, ref in asked.items():
                if ref not in taken:
                    refs[i] = ref
                    taken.add(ref)
            left, length = [i for i in left if not refs[i]], length + 1
        return refs

    def _put(self, c: Any, kind: str, n: int, fields: dict[str, Any]) -> None:
        self._learn()
        search.forget(c, kind, n)
        c.execute(f"delete from {projection.quoted(kind)} where n = ?", (n,))  # noqa: S608 - a kind's name
        c.execute("delete from link where source = ?", (n,))
        c.execute(projection.insert_sql(kind), projection.row(kind, n, fields, self.number))
        for name in projection.link_fields(kind):
            for place, target in enumerate(fields.get(name) or ()):
                c.execute(INSERT_LINK, (n, name, self.number(target), place))
        search.learn(c, kind, n)

    def _learn(self) -> None:
        """Index the words of what this transaction made, in one go."""
        with self._cipher.trusted() as c:
            for kind in self._fresh:
                search.learn_after(c, kind, self._learnt)
        self._fresh.clear()
        self._learnt = self._n

    def _fields(self, kind: str, n: int) -> dict[str, Any]:
        return read_fields(self._cipher, kind, n)

    def _record(self, record: bytes) -> tuple[int, str, str, str, str]:
        found = self.execute(
            "select n, kind, heads, state, ref from record where id = ? and state <> 'absent'", (record,)
        ).fetchone()
        if found is None:
            raise NotFound("no record has that reference")
        n, kind, heads, state, ref = found
        return n, kind, heads, state, ref

    def _mark(self, kind: str, count: int = 1) -> None:
        self.changed[kind] = self.changed.get(kind, 0) + count


def read_fields(reader: Any, kind: str, n: int) -> dict[str, Any]:
    """Return the folded fields of record number *n* as its row has them; {} where it has none."""
    return read_many(reader, kind, [n])[n]


def read_many(reader: Any, kind: str, numbers: list[int]) -> dict[int, dict[str, Any]]:
    """Return the folded fields of several records of a kind, by number."""
    marks = ", ".join("?" * len(numbers))
    links: dict[int, dict[str, list[str]]] = {}
    if projection.link_fields(kind):
        for source, name, target in reader.execute(
            "select l.source, l.field, r.id from link as l join record as r on r.n = l.target "  # noqa: S608 - question marks
            f"where l.source in ({marks}) order by l.source, l.field, l.place",
            numbers,
        ):
            links.setdefault(source, {}).setdefault(name, []).append(target.hex())

    def identify(number: int) -> str:
        found = reader.execute("select id from record where n = ?", (number,)).fetchone()
        return str(found[0].hex())

    rows = reader.execute(f"{projection.select_sql(kind)} where x.n in ({marks})", numbers).fetchall()
    stored = {row[0]: row for row in rows}
    return {
        n: projection.fields_of(kind, stored[n], identify, links.get(n, {})) if n in stored else {}
        for n in numbers
    }
