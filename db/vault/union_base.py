"""What entries from elsewhere stand on: what their authors had seen, their record's kind, their payloads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.vault import emptying
from db.vault.verify_chain import CHANGES

if TYPE_CHECKING:
    from db.vault import journal
    from db.vault.faults import Faults
    from db.vault.members import People
    from db.vault.store import Store
    from db.vault.union_check import Part

Head = tuple[int, int]
_NONE = (0, 0, 0)
_ALL = (1 << 63, 0, 0)


def is_redaction(row: tuple[Any, ...]) -> bool:
    """Tell whether an erasure restates the fields kept, so that only what came before it is gone."""
    return '"event":"redact"' in row[11]


class OnTop:
    """One look at the new entries beside those that are here."""

    def __init__(self, store: Store, new: dict[int, list[Part]], people: People) -> None:
        self._reader = store.cipher
        self._new = {part.head: part.entry for of in new.values() for part in of}
        self._gone: dict[bytes, tuple[int, int, int]] = {}  # by record, before when payloads may be missing
        for record, *order, redacts in store.cipher.execute(
            "select x.record, e.at, e.desk, e.seq, json_extract(e.detail, '$.event') is 'redact' "
            "from erased as x join entry as e on e.desk = x.desk and e.seq = x.seq"
        ):
            self._gone[record] = (order[0], order[1], order[2]) if redacts else _ALL
        for head, entry in self._new.items():
            if entry.operation == "erasure" and entry.record and not people.is_late(entry.actor, *head):
                until = (entry.at, *head) if is_redaction(tuple(entry)) else _ALL
                self._gone[entry.record] = max(until, self._gone.get(entry.record, until))
        self._excused = {
            entry.record
            for head, entry in self._new.items()
            if entry.operation == "erasure" and entry.record and people.is_late(entry.actor, *head)
        }
        self._kinds: dict[bytes, str | None] = {}
        self._emptied = set(store.cipher.execute("select desk, seq from emptied")) | emptying.aside(
            store.cipher
        )
        for entry in self._new.values():
            if entry.operation == "erasure" and entry.record is None:
                self._emptied.update(emptying.looks_in(entry.detail))

    def check(self, part: Part, faults: Faults) -> None:
        """Note what an entry lacks."""
        entry = part.entry
        empty = entry.digest is not None and part.body is None
        gone = self._gone.get(entry.record or b"", _NONE) > (entry.at, *part.head)
        excused = entry.record in self._excused or part.head in self._emptied
        if empty and not gone and not excused:
            faults.at("payload-missing", *part.head)
        if entry.operation not in CHANGES or entry.record is None:
            return
        seen = [(desk, seq) for desk, seq in json.loads(entry.base)]
        creates = entry.operation == "collection" or "ref" in json.loads(entry.detail)
        if not (seen or creates) or not all(self._precedes(head, entry) for head in seen):
            faults.at("base-unknown", *part.head)
        if self._kinds.setdefault(entry.record, self._kind(entry.record) or entry.kind) != entry.kind:
            faults.at("kind-differs", *part.head)

    def _precedes(self, head: Head, entry: journal.Entry) -> bool:
        """Tell whether an entry seen is of the same record, and earlier."""
        known = self._new.get(head)
        found = (known.record, known.at) if known else self._stored(head)
        return found is not None and found[0] == entry.record and found[1] < entry.at

    def _stored(self, head: Head) -> tuple[bytes, int] | None:
        row = self._reader.execute("select record, at from entry where desk = ? and seq = ?", head).fetchone()
        return (row[0], row[1]) if row else None

    def _kind(self, record: bytes) -> str | None:
        row = self._reader.execute("select kind from record where id = ?", (record,)).fetchone()
        return row[0] if row else None
