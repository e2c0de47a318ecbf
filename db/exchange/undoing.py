"""A whole import taken back in one step. What was changed since by somebody stays, and is named.

Its records are struck out, what it changed is set back; every step is an entry, and ``undo`` takes each back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import NotFound, Refused, Usage
from db.exchange import plans
from db.exchange.landing import IMPORT_UNDO
from db.rules import limits, periods
from db.rules.records import FOLDED
from db.vault import fold, journal, projection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Record, Why
    from db.vault.fold import Step
    from db.vault.store import Store
    from db.vault.writing import Write

_CLOSING = (
    "select desk, seq, tx, at, actor, kind, detail from entry where operation = 'collection' "
    "and record is null and json_extract(detail, '$.import') is not null"
)
_OF_TX = (
    "select record, min(seq) from entry where desk = ? and seq between ? and ? and record is not null "
    "group by record order by 2"
)


class Kept(NamedTuple):
    """A record, or fields of one, that an undo leaves as they are: its reference, and why."""

    ref: str
    why: str


class Undone(NamedTuple):
    """What an undo did: the import's id, how many records it struck and set back, what it left."""

    id: str
    struck: int
    set_back: int
    kept: tuple[Kept, ...]


def listed(store: Store) -> list[Record]:
    """Return the imports carried out, newest first: id, when (local), who, kind, rows, whether taken back."""
    with store.counts() as reader:
        names = dict(reader.execute("select id, name from member").fetchall())
        rows = reader.execute(f"{_CLOSING} order by at desc").fetchall()
        told = []
        for _, _, _, at, actor, kind, detail in rows:
            said = json.loads(detail)
            told.append(
                {
                    "import": said["import"],
                    "at": periods.iso(journal.wall_ms(at) // 1000),
                    "member": names.get(actor, actor),
                    "kind": kind,
                    "rows": said.get("rows"),
                    "undone": next(plans.standing(reader, "import", said["import"]), None) is None,
                }
            )
    return told


def undo(store: Store, ident: str, why: Why) -> Undone:
    """Take a whole import back.

    Raises:
        NotFound: no import has that id.
        Refused: it was taken back before.
        Usage: another member carried it out and no reason is given.
    """
    with store.write(why.reason, why.note, {"event": IMPORT_UNDO, "import": ident}) as tx:
        found = tx.execute(f"{_CLOSING} and json_extract(detail, '$.import') = ?", (ident,)).fetchone()
        if found is None:
            raise NotFound("no import has that id: 'beech import list' names them")
        if next(plans.standing(tx, "import", ident), None) is None:
            raise Refused("that import was taken back before")
        desk, seq, began, _, actor, kind, _ = found
        if actor != store.member.id and why.reason is None:
            raise Usage("another member carried that import out: say why with --reason CODE")
        back = _Back(tx, desk, began, tx.execute(_OF_TX, (desk, began, seq)).fetchall())
        for record in back.records:
            back.take(record)
        detail = {"event": IMPORT_UNDO, "import": ident, "count": back.struck + back.set_back}
        tx.chain.append("alteration", kind, None, detail=detail)
    return Undone(ident, back.struck, back.set_back, tuple(back.kept))


class _Back:
    """One undo at work inside its transaction."""

    def __init__(self, tx: Write, desk: int, began: int, rows: Sequence[tuple[bytes, int]]) -> None:
        self._tx = tx
        self._of = (desk, began)
        self.records = [record for record, _ in rows]
        self.struck = self.set_back = 0
        self.kept: list[Kept] = []
        self._hanging = _hanging(tx, set(self.records))

    def take(self, record: bytes) -> None:
        n, kind, state, ref, heads = self._tx.execute(
            "select n, kind, state, ref, heads from record where id = ?", (record,)
        ).fetchone()
        if state == "erased":
            return
        steps = fold.lineage(self._tx, heads)
        own = [step for step in steps if (step.desk, step.tx) == self._of]
        later = _standing_after(steps, own)
        if any(step.redacts for step in own):
            self.kept.append(Kept(ref, "was lowered to level 0, which cannot be taken back"))
        elif own[0].operation == "collection":
            self._strike(record, (state, ref), own, later)
        else:
            self._set_back((record, n, kind, ref), steps, own, later)

    def _strike(self, record: bytes, place: tuple[str, str], own: list[Step], later: list[Step]) -> None:
        state, ref = place
        if state == "struck":
            return
        hangs = self._hanging.get(record)
        if later or state == "restricted":
            why = "was changed since" if later else "is restricted"
            self.kept.append(Kept(ref, f"{why}: it stays"))
        elif hangs is not None:
            self.kept.append(Kept(ref, f"{hangs}, which is not of this import, points at it: it stays"))
        else:
            self._tx.amend(record, {}, state="struck", detail=_names(own))
            self.struck += 1

    def _set_back(
        self, place: tuple[bytes, int, str, str], steps: list[Step], own: list[Step], later: list[Step]
    ) -> None:
        record, n, kind, ref = place
        before = fold.fold(steps[: steps.index(own[0])])
        changed_since = {name for step in later for name in step.changes()}
        set_by = {name for step in own for name in step.changes()}
        now = projection.read_fields(self._tx, kind, n)
        fields = {
            name: before.fields.get(name)
            for name in sorted(set_by - changed_since - {""})
            if now.get(name) != before.fields.get(name)
        }
        for name in sorted(set_by & changed_since):
            self.kept.append(Kept(ref, f"{name or 'state'}: was changed since"))
        state = before.state if "" in set_by - changed_since else None
        if not fields and state is None:
            return
        try:
            after = {k: v for k, v in (now | fields).items() if v is not None}
            limits.check(kind, after, vehicles=True, changed=fields)
            self._tx.amend(record, fields, state=state, detail=_names(own))
        except Refused as error:
            self.kept.append(Kept(ref, f"{error}; it stays"))
        else:
            self.set_back += 1


def _standing_after(steps: list[Step], own: list[Step]) -> list[Step]:
    """Return the changes made since that were not themselves taken back."""
    after = steps[steps.index(own[-1]) + 1 :]
    undone = {tuple(pair) for step in after for pair in step.detail.get("undo", ())}
    return [step for step in after if step.head not in undone and "undo" not in step.detail]


def _names(own: list[Step]) -> dict[str, Any]:
    return {"undo": [list(step.head) for step in own]}


def _hanging(tx: Write, mine: set[bytes]) -> dict[bytes, str]:
    """Return of each record of an import that one from elsewhere points at, the latter's reference."""
    found: dict[bytes, str] = {}
    queries = [
        "select t.id, s.id, s.ref from link as l join record as s on s.n = l.source "
        "join record as t on t.n = l.target where s.state = 'present'"
    ]
    for kind in FOLDED:
        table = projection.quoted(kind)
        for name in projection.ref_fields(kind):
            queries.append(
                f"select t.id, s.id, s.ref from {table} as x cross join record as s on s.n = x.n "  # noqa: S608 - names of the table of kinds
                f"join record as t on t.n = x.{projection.quoted(name)} where s.state = 'present'"
            )
    for sql in queries:
        for target, source, ref in tx.execute(sql):
            if target in mine and source not in mine:
                found.setdefault(target, ref)
    return found
