"""A writing transaction: every change to the unit's data is an entry, and its row follows from it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from db.errors import NotFound, Refused
from db.rules.canon import compact
from db.rules.records import spoken
from db.vault import drafting, emptying, fold, grouping, journal, monthly, projection, search
from db.vault.chain import Chain
from db.vault.projection import read_fields
from db.vault.sealing import Sealing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from db.vault.store import Store


JUDGEMENT_DIGITS = 8


class Write(Sealing):
    """The only way to change the unit; made by ``Store.write``."""

    def __init__(self, store: Store, context: dict[str, Any], note: str | None) -> None:
        super().__init__(store.cipher, Chain(store, context, note))
        self._store = store
        self.reason: str | None = context.get("reason")
        self.erased = False

    def execute(self, sql: str, parameters: Iterable[object] = ()) -> Any:
        """Run a read inside the transaction; it sees what has been written so far."""
        self._making.flush()
        return self._cipher.execute(sql, tuple(parameters))

    def create(self, kind: str, fields: dict[str, Any], external_ref: str | None = None) -> bytes:
        """Make a record; returns its id, random or derived from *external_ref*. Journalled as collection."""
        if external_ref is None:
            return self.create_as(kind, os.urandom(16), fields)
        return self.create_as(kind, journal.derived_id(self._store.id_key, kind, external_ref), fields)

    def create_as(self, kind: str, record: bytes, fields: dict[str, Any]) -> bytes:
        """Make a record of a given id: random, or derived by ``journal.derived_id``; returns the id."""
        self._making.add(kind, record, fields)
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
            Refused: it was erased, nothing can be added to it; or it is restricted, and this is no lifting.
        """
        n, kind, heads, old_state, ref = self._record(record)
        if old_state == "erased":
            raise Refused(f"{ref} was erased: nothing can be added to it")
        if state not in (None, "restricted") and not fold.may_leave(old_state, detail or {}):
            raise Refused(f"{ref} is restricted: a supervisor lifts that first, with 'restrict {ref} --lift'")
        clear: dict[str, Any] = {"state": state} if state else {}
        if kind == "person" and "status" in fields:
            clear |= self._contact_again(n, fields)
        if fields:
            clear |= {"fields": sorted(fields)}
        body = {"set": dict(fields)} if fields else None
        head = self.chain.append(
            "alteration", kind, record, base=heads, detail=clear | (detail or {}), body=body
        )
        with self._changing(kind, n) as c:
            if fields:
                kept = self._fields(kind, n) | dict(fields)
                self._put(c, kind, n, {k: v for k, v in kept.items() if v is not None})
            else:
                self._making.touched.touch(c, kind, (n,))
            c.execute(
                "update record set heads = ?, state = coalesce(?, state) where n = ?",
                (compact([head]), state, n),
            )
        self._mark(kind)

    def _contact_again(self, n: int, fields: Mapping[str, Any]) -> dict[str, str]:
        """Return the event of a change that takes back her no, which is a supervisor's alone."""
        takes_back = fold.takes_back_no("person", self._fields("person", n), fields)
        return {"event": fold.CONTACT_AGAIN} if takes_back else {}

    def combine(self, record: bytes, fields: dict[str, Any]) -> None:
        """Judge a pair of records, or judge it anew; journalled as combination.

        Args:
            record: the judgement's id, derived from the pair.
            fields: the pair, the verdict and why; they replace those of an earlier judgement.
        """
        found = self.execute(
            "select n, heads from record where id = ? and state <> 'absent'", (record,)
        ).fetchone()
        clear = {"verdict": fields["verdict"]} | ({} if found else {"ref": JUDGEMENT_DIGITS})
        base = found[1] if found else "[]"
        head = self.chain.append(
            "combination", "judgement", record, base=base, detail=clear, body={"set": fields}
        )
        heads = compact([head])
        with self._cipher.trusted() as c:
            if found:
                n = found[0]
                c.execute("update record set heads = ? where n = ?", (heads, n))
            else:
                ref = spoken("J", record, JUDGEMENT_DIGITS)
                n = self._making.take(record, ("judgement", ref, "present", heads))
            self._put(c, "judgement", n, {k: v for k, v in fields.items() if v is not None})
            self.chain.write_out()
            grouping.regroup(c)
        self._mark("judgement")

    def erase(self, record: bytes, detail: dict[str, Any] | None = None) -> None:
        """Empty a record: payloads, data keys, row, words. The chain still verifies. Cannot be undone.

        With a woman or a man go the words of the looks that name them.
        The officer's words for it are not kept: no payload stands beside an erased record.

        Raises:
            NotFound: no such record.
            Refused: it was erased before.
        """
        n, kind, heads, state, ref = self._record(record)
        if state == "erased":
            raise Refused(f"{ref} was erased before")
        called = emptying.names_of(self, record) if kind in emptying.NAMED else set()
        self.chain.unsaid()
        head = self.chain.append("erasure", kind, record, base=heads, detail=detail or {})
        self.chain.write_out()
        of_record = "(desk, seq) in (select desk, seq from entry where record = ?)"
        with self._changing(kind, n) as c:
            c.execute("replace into erased (record, desk, seq) values (?, ?, ?)", (record, *head))
            c.execute(f"delete from payload where {of_record}", (record,))  # noqa: S608 - fixed text
            c.execute(f"delete from data_key where {of_record}", (record,))  # noqa: S608 - fixed text
            drafting.forget(c, record)
            search.forget(c, kind, n)
            self._making.touched.touch(c, kind, (n,))
            c.execute(f"delete from {projection.quoted(kind)} where n = ?", (n,))  # noqa: S608 - a kind's name
            c.execute("delete from link where source = ?", (n,))
            c.execute("update record set state = 'erased', heads = ? where n = ?", (compact([head]), n))
        self.erased = True
        self._mark(kind)
        self.quieten(record, emptying.find(self, called), emptying.WITH_HER)

    def quieten(self, record: bytes, found: list[emptying.Named], event: str) -> None:
        """Empty looks whose words name a woman or a man who is erased; what is kept of them is restated."""
        for start in range(0, len(found), emptying.MOST):
            some = found[start : start + emptying.MOST]
            heads = [one.head for one in some]
            detail = {"event": event, "with": record.hex(), "looks": [list(head) for head in heads]}
            body = {"kept": [one.kept for one in some]}
            by = self.chain.append("erasure", None, None, detail=detail, body=body)
            self.chain.write_out()
            with self._cipher.trusted() as c:
                emptying.put(c, by, heads)
            self.erased = True

    def redact(
        self, record: bytes, names: Iterable[str], fields: Mapping[str, Any], beside: str | None = None
    ) -> None:
        """Empty some fields of a record for good, and set others: an erasure that restates what is kept.

        Every payload of the record so far goes; the entry's own says all that the record now is. *beside* is
        the id, in hex, of the woman with whose erasure the words go, in one transaction.

        Raises:
            NotFound: no such record.
            Refused: it was erased.
        """
        n, kind, heads, state, ref = self._record(record)
        if state == "erased":
            raise Refused(f"{ref} was erased: nothing can be added to it")
        gone = sorted(names)
        kept = {name: value for name, value in self._fields(kind, n).items() if name not in gone}
        kept = {name: value for name, value in {**kept, **fields}.items() if value is not None}
        detail = {"event": "redact", "fields": gone} | ({"with": beside} if beside else {})
        head = self.chain.append("erasure", kind, record, base=heads, detail=detail, body={"set": kept})
        self.chain.write_out()
        with self._changing(kind, n) as c:
            c.execute("replace into erased (record, desk, seq) values (?, ?, ?)", (record, *head))
            c.execute(  # the entry itself is not in the table yet
                "delete from payload where (desk, seq) in (select desk, seq from entry where record = ?)",
                (record,),
            )
            drafting.forget(c, record)
            self._put(c, kind, n, kept)
            c.execute("update record set heads = ? where n = ?", (compact([head]), n))
        self.erased = True
        self._mark(kind)

    def known(self, ids: list[bytes]) -> dict[bytes, tuple[int, str, str]]:
        """Return number, state and reference of those of *ids* that the file has, announced ones included."""
        return self._making.known(ids)

    def number(self, record: str) -> int:
        """Return the local number of an id in hex; an unknown one becomes an absent record."""
        return self._making.number(record)

    def ref(self, record: bytes) -> str:
        """Return the spoken reference of a record of this unit."""
        return str(self.execute("select ref from record where id = ?", (record,)).fetchone()[0])

    def flush(self) -> None:
        """Bring every record made so far to the journal and its tables."""
        self._making.flush()

    def finish(self) -> None:
        """Write what is left, sign, index the new words; called by the store before it commits."""
        self._making.flush()
        if not self.chain.empty:
            self.chain.finish()
            self._making.learn()
            with self._cipher.trusted() as c:
                self._making.touched.settle(c)

    @contextmanager
    def _changing(self, kind: str, n: int) -> Iterator[Any]:
        """Give the connection, to change a record that may be of this very transaction."""
        self._making.learn()
        with self._cipher.trusted() as c, monthly.around(c, kind, n):
            yield c

    def _put(self, c: Any, kind: str, n: int, fields: dict[str, Any]) -> None:
        self._making.learn()
        search.forget(c, kind, n)
        self._making.touched.touch(c, kind, (n,))
        c.execute(f"delete from {projection.quoted(kind)} where n = ?", (n,))  # noqa: S608 - a kind's name
        c.execute("delete from link where source = ?", (n,))
        self._making.put(c, kind, [(n, fields)])
        self._making.touched.touch(c, kind, (n,))
        search.learn(c, kind, n)

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
