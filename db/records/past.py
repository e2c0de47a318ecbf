"""A record's history: who changed what, when and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db.records.references import find, reason_where_restricted
from db.records.shapes import people_shown
from db.records.spoken import spoken
from db.records.undoing import REASSIGN
from db.records.words import Record, Why
from db.rules import periods
from db.vault import fold, journal

if TYPE_CHECKING:
    from db.vault.store import Look, Store


def history(store: Store, kind: str, ref: str, why: Why = Why()) -> list[Record]:  # noqa: B008 - immutable
    """Return a record's changes, oldest first: when (local), who, what, which fields, why; a consultation."""
    with store.counts() as reader:
        found = find(reader, store.id_key, ref, (kind,))
        reason_where_restricted(found, why, reader)
    with store.consult(kind, found.id, reason=why.reason, note=why.note) as look:
        (heads,) = look.execute("select heads from record where n = ?", (found.n,)).fetchone()
        names = dict(look.execute("select id, name from member").fetchall())
        steps = fold.lineage(look, heads)
        told = [_told(look, kind, step, names) for step in steps]
        whom = people_shown(look, kind, [one["values"] or {} for one in told if kind != "person"])
        look.shown(len(told), [found.id.hex()] if kind == "person" else whom)
    return told


def _told(look: Look, kind: str, step: fold.Step, names: dict[str, str]) -> Record:
    (first,) = look.execute(
        "select detail from entry where desk = ? and seq = ?", (step.desk, step.tx)
    ).fetchone()
    context = json.loads(first)
    moved = REASSIGN if step.detail.get("event") == REASSIGN else step.operation
    what = "undo" if "undo" in step.detail else step.detail.get("state", moved)
    if step.redacts:
        what = "redaction"
    return {
        "entry": f"{step.desk:012x}/{step.seq}",
        "at": periods.iso(journal.wall_ms(step.at) // 1000),
        "member": names.get(step.actor, step.actor),
        "what": what,
        "fields": sorted(step.set or {}),
        "values": step.set and {name: spoken(look, kind, name, value) for name, value in step.set.items()},
        "reason": context.get("reason"),
        "note": step.note,
        "command": context.get("command"),
    }
