"""Records folded from the start after a union: their rows, links, words, states, heads and references."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.rules.canon import compact
from db.rules.records import FOLDED, spoken
from db.vault import fold, forks, grouping, monthly, naming, projection, search
from db.vault.likeness import Touched
from db.vault.making import INSERT_LINK, INSERT_RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.vault.fold import Head

_IDENTITY_DIGITS = 8


def refold(connection: Any, touched: Mapping[bytes, list[Head]]) -> list[str]:
    """Bring the projections of these records in line with their entries; each with those that are new.

    Returns:
        The ids, in hex, of those on which desks wrote past each other.
    """
    folding = _Refolding(connection)
    for record in touched:
        folding.announce(record)
    named = [folding.record(record, heads) for record, heads in touched.items()]
    naming.settle(connection, [place for place in named if place is not None])
    grouping.regroup(connection)
    folding.touched.settle(connection)
    return folding.forked


class _Refolding:
    def __init__(self, connection: Any) -> None:
        self._c = connection
        self.touched = Touched()
        self.forked: list[str] = []
        self._n: int = connection.execute("select coalesce(max(n), 0) from record").fetchone()[0]

    def announce(self, record: bytes) -> int:
        """Return a record's local number; an unknown one becomes an absent record."""
        found = self._c.execute("select n from record where id = ?", (record,)).fetchone()
        if found is not None:
            return int(found[0])
        self._n += 1
        self._c.execute(INSERT_RECORD, (self._n, record, None, None, "absent", "[]"))
        return self._n

    def record(self, record: bytes, new: list[Head]) -> tuple[str, str] | None:
        """Fold one record; returns its kind and the reference it was given, to be settled among its like."""
        n, old = self._c.execute("select n, heads from record where id = ?", (record,)).fetchone()
        reached = compact([*json.loads(old), *new])
        steps = [step for step in fold.lineage(self._c, reached) if step.record == record]
        kind = str(steps[0].kind)
        folded = fold.fold(steps)
        if forks.is_forked(steps):
            self.forked.append(record.hex())
        digits = _IDENTITY_DIGITS if kind == "identity" else naming.given_digits(steps)
        letter = FOLDED[kind].letter if kind in FOLDED else "I"
        ref = spoken(letter, record, digits or _IDENTITY_DIGITS)
        heads = compact([list(head) for head in folded.heads])
        with monthly.around(self._c, kind, n):
            self._clear(kind, n)
            if folded.state != "erased" and kind == "identity":
                self._seal(n, steps)
            elif folded.state != "erased":
                self._put(kind, n, folded.fields)
            self._c.execute(
                "update record set kind = ?, ref = ?, state = ?, heads = ? where n = ?",
                (kind, ref, folded.state, heads, n),
            )
        return kind, ref

    def _clear(self, kind: str, n: int) -> None:
        search.forget(self._c, kind, n)
        self.touched.touch(self._c, kind, (n,))
        self._c.execute(f"delete from {projection.quoted(kind)} where n = ?", (n,))  # noqa: S608 - a kind's name
        self._c.execute("delete from link where source = ?", (n,))

    def _seal(self, n: int, steps: list[fold.Step]) -> None:
        person = self.announce(bytes.fromhex(steps[0].detail["person"]))
        last = steps[-1].head
        self._c.execute("insert into identity (n, person, desk, seq) values (?, ?, ?, ?)", (n, person, *last))

    def _put(self, kind: str, n: int, fields: dict[str, Any]) -> None:
        self._c.execute(projection.insert_sql(kind), projection.row(kind, n, fields, self._number))
        for name in projection.link_fields(kind):
            for place, target in enumerate(fields.get(name) or ()):
                self._c.execute(INSERT_LINK, (n, name, self._number(target), place))
        self.touched.touch(self._c, kind, (n,))
        search.learn(self._c, kind, n)

    def _number(self, record: str) -> int:
        return self.announce(bytes.fromhex(record))
