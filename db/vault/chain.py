"""A transaction's entries: chained as they are made, written in batches, the last one signed.

Both doors, write and consult, append through here; nothing else does.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from db.errors import Locked, Refused
from db.rules import details, roles
from db.rules.canon import canonical, compact
from db.vault import journal
from db.vault.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.store import Store

_JUMP_MS = 5 * 60 * 1000

INSERT_ENTRY = (
    f"insert into entry ({journal.COLUMNS}, hash, signature) "  # noqa: S608 - the journal's own column list
    "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_PAYLOAD = "insert into payload (desk, seq, salt, body) values (?, ?, ?, ?)"


class Chain:
    """The entries of one transaction of one desk; begun after ``begin immediate``.

    The first entry carries the context (interface, command, reason); the others belong to it by ``tx``.
    """

    def __init__(self, store: Store, context: dict[str, Any], note: str | None) -> None:
        self._store = store
        self._cipher = store.cipher
        self._context: dict[str, Any] | None = context
        self._note = note
        self._entries: list[tuple[Any, ...]] = []
        self._payloads: list[tuple[int, int, bytes, bytes]] = []
        self._roles: dict[tuple[str, str | None, str | None], str] = {}
        self._details: dict[int, str] = {}
        self._wall = store.clock()
        self.desk = store.desk_for_writing()
        rows = self._cipher.execute("select desk, seq, hash, at from desk").fetchall()
        mine = next((row for row in rows if row[0] == self.desk), None)
        self.seq: int = mine[1] if mine else 0
        self.hash: bytes = mine[2] if mine else journal.START
        self.at = max((row[3] for row in rows), default=0)
        self.tx = self.seq + 1
        if rows and mine is None:
            self.event("desk_new", {"desk": self.desk})
        behind = journal.wall_ms(self.at) - self._wall
        if behind > _JUMP_MS and not store.jump_is_known(self.at, behind - _JUMP_MS):
            self.event("clock_jump", {"behind_ms": behind})

    @property
    def empty(self) -> bool:
        """Tell whether nothing was appended."""
        return self.seq < self.tx

    def role(self, operation: str, event: str | None, kind: str | None = None) -> str:
        """Return the least role of this member that allows the operation on a record of that kind.

        Raises:
            Refused: none does.
            Locked: a session signs, and this takes the member's own seed.
        """
        known = self._roles.get((operation, event, kind))
        if known is None:
            if self._store.signer.session is not None and roles.needs_seed(operation, event):
                raise Locked("a session cannot do this: give the passphrase again")
            least = roles.least(self._store.member.roles, operation, event, kind)
            if least is None:
                needed = " or ".join(roles.allowed(operation, event, kind))
                raise Refused(f"only a {needed} may do this: ask one, or see 'beech status' for your roles")
            known = self._roles[operation, event, kind] = least
        return known

    def append(  # noqa: PLR0913 - the columns of an entry
        self,
        operation: str,
        kind: str | None,
        record: bytes | None,
        *,
        base: str = "[]",
        detail: dict[str, Any] | None = None,
        body: dict[str, Any] | bytes | None = None,
    ) -> tuple[int, int]:
        """Append one entry and its payload; returns (desk, seq).

        Args:
            operation: one of the six of DPA 2018 s.62, or security.
            kind: the record's kind, or None.
            record: the record's id, or None where the entry is about a list.
            base: the heads of the record its author had seen, as JSON.
            detail: codes, numbers and ids, in the clear for ever.
            body: what an erasure can empty: a dict becomes JSON, bytes stay as they are.
        """
        clear = detail or {}
        if self._context is not None:
            clear, self._context = self._context | clear, None
        if self._note is not None and not isinstance(body, bytes):
            body = self._noted(body or {})
        raw = body if isinstance(body, bytes) or body is None else compact(body).encode()
        self._link(
            self.role(operation, clear.get("event"), kind),
            (operation, kind, record, base, _codes(clear)),
            None if raw is None else (os.urandom(16), raw),
        )
        return self.desk, self.seq

    def append_new(
        self, kind: str, made: Sequence[tuple[str, bytes, dict[str, Any]]], digits: Sequence[int]
    ) -> list[str]:
        """Append the entries of new records of one kind; returns the heads of each, as JSON.

        Args:
            kind: the kind's word.
            made: of each record its kind, its id, its fields.
            digits: how many digits of its id each one's reference has.
        """
        store, desk, tx = self._store, self.desk, self.tx
        who = (store.member.id, self.role("collection", None, kind), store.signer.session, "collection", kind)
        linked, digested = journal.linker(store.unit, (desk, tx), who), journal.payload_digest
        seq, at, previous = self.seq, journal.tick(self._wall, self.at) - 1, self.hash
        entries, payloads, heads, said = self._entries, self._payloads, [], self._details
        salts = journal.salts(len(made))
        for (_, record, fields), length, salt in zip(made, digits, salts, strict=True):
            seq, at = seq + 1, at + 1
            body = compact({"set": fields} if self._note is None else self._noted({"set": fields})).encode()
            digest, detail = digested(salt, body), said.get(length) or self._clear(length)
            previous = linked(previous, (seq, at), record, detail, digest)
            entries.append((desk, seq, at, tx, *who, record, "[]", detail, digest, previous, None))
            payloads.append((desk, seq, salt, body))
            heads.append(f"[[{desk},{seq}]]")
        self.seq, self.at, self.hash = seq, at, previous
        return heads

    def _clear(self, length: int) -> str:
        """Return the detail of a new record's entry; the transaction's first carries the context."""
        if self._context is None:
            return self._details.get(length) or self._details.setdefault(length, f'{{"ref":{length}}}')
        clear, self._context = self._context | {"ref": length}, None
        return _codes(clear)

    def _noted(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the first payload with the officer's words beside what it sets."""
        note, self._note = self._note, None
        return {**body, "note": note}

    def unsaid(self) -> None:
        """Leave out the officer's words where no entry has them yet."""
        self._note = None

    def event(
        self, event: str, detail: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> tuple[int, int]:
        """Append a security entry: a key, a member, a lock, a backup; returns its (desk, seq)."""
        return self.append("security", None, None, detail={"event": event, **(detail or {})}, body=body)

    def _link(self, role: str, what: tuple[Any, ...], payload: tuple[bytes, bytes] | None) -> None:
        self.seq += 1
        self.at = journal.tick(self._wall, self.at)
        digest = None
        if payload is not None:
            digest = journal.payload_digest(*payload)
            self._payloads.append((self.desk, self.seq, *payload))
        store = self._store
        who = (store.member.id, role, store.signer.session)
        entry = Entry._make((self.desk, self.seq, self.at, self.tx, *who, *what, digest))
        self.hash = journal.entry_hash(store.unit, self.hash, entry)
        self._entries.append((*entry, self.hash, None))

    def write_out(self, keep: int = 1) -> None:
        """Bring all but the last *keep* entries to the file: the very last waits for its signature."""
        ready = self._entries[: len(self._entries) - keep]
        with self._cipher.trusted() as c:
            c.executemany(INSERT_ENTRY, ready)
            c.executemany(INSERT_PAYLOAD, self._payloads)
        self._entries, self._payloads = self._entries[len(ready) :], []

    def finish(self) -> None:
        """Sign the last entry and write what is left, with the desk's new head."""
        last = self._entries[-1]
        self._entries[-1] = (*last[:-1], self._store.signer.sign(self.hash))
        self.write_out(keep=0)
        with self._cipher.trusted() as c:
            c.execute(
                "insert into desk (desk, seq, hash, at) values (?, ?, ?, ?) on conflict (desk) "
                "do update set seq = excluded.seq, hash = excluded.hash, at = excluded.at",
                (self.desk, self.seq, self.hash, self.at),
            )


def _codes(detail: dict[str, Any]) -> str:
    """Return a detail as it is stored, once it is sure that it holds codes, numbers and ids alone."""
    fault = details.fault(detail)
    if fault is not None:
        raise AssertionError(f"not a code, number or id: {fault}")
    return canonical(detail).decode()
