"""A record's last change taken back, by an entry of its own; a moved contact with all that moved along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Refused
from db.records.changes import lead_on, reason_for_others
from db.records.reading import check_related
from db.records.references import find
from db.records.words import Found, Record, Why
from db.rules import limits
from db.vault import fold
from db.vault.projection import read_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.store import Store
    from db.vault.writing import Write

REASSIGN = "reassign"  # the event of what a reassignment moved; ``with`` is the contact


def undo(store: Store, kind: str, ref: str, why: Why = Why()) -> str:  # noqa: B008 - immutable
    """Take back a record's last change that still stands, by a compensating entry; returns its reference.

    A creation is taken back by striking it out, a strike by restoring it, and so is that last step.

    Raises:
        Refused: nothing is left to undo, or what stood before is forbidden since.
    """
    with store.write(why.reason, why.note) as tx:
        found = find(tx, store.id_key, ref, (kind,))
        if found.state == "erased":
            raise Refused(f"{found.ref} was erased: that cannot be undone")
        reason_for_others(store, tx, found, why)
        (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
        steps = fold.lineage(tx, heads)
        undone = {tuple(pair) for step in steps for pair in step.detail.get("undo", ())}
        left = [s for s in steps if s.head not in undone and "undo" not in s.detail]
        if not left and found.state == "struck":  # one undo too many struck it: it comes back
            tx.amend(found.id, {}, state="present", detail={"undo": [list(steps[-1].head)]})
            lead_on(store, tx, kind, found.id)
            return found.ref
        if not left:
            raise Refused(f"{found.ref} has no change left to undo")
        last = left[-1]
        if last.redacts:
            raise Refused(f"{found.ref} was redacted: that cannot be undone")
        if last.detail.get("event") == REASSIGN:
            _move_back(store, tx, found, last, why)
        else:
            _take_back(tx, found, steps, last)
        lead_on(store, tx, kind, found.id)
    return found.ref


def _take_back(tx: Write, found: Found, steps: Sequence[fold.Step], last: fold.Step) -> None:
    fields, state = _reverse(steps, last)
    if state is None and not fields:
        state = "struck"
    if any(fields.values()):  # what stood once may be forbidden since: nothing hangs on a contact of level 0
        stands = read_fields(tx, found.kind, found.n) | fields
        check_related(tx, found.kind, {name: value for name, value in stands.items() if value is not None})
        if found.kind == "person":
            limits.check_silent(stands, fields)
    tx.amend(found.id, fields, state=state, detail={"undo": [list(last.head)]})


def _move_back(store: Store, tx: Write, found: Found, last: fold.Step, why: Why) -> None:
    """Take a whole move back: the contact's, and of what moved with it all that was not moved again since.

    Raises:
        Refused: this is not the contact, but what was moved with it.
    """
    contact = bytes.fromhex(last.detail["with"])
    if contact != found.id:
        ref = tx.ref(contact)
        raise Refused(f"{found.ref} was moved with {ref}: 'engagements undo {ref}' takes the whole move back")
    for one in _moved(tx, last):
        reason_for_others(store, tx, one, why)
        (heads,) = tx.execute("select heads from record where n = ?", (one.n,)).fetchone()
        steps = fold.lineage(tx, heads)
        moved = next(step for step in steps if (step.desk, step.tx) == (last.desk, last.tx))
        now = fold.fold(steps).fields
        if one.id == found.id or all(now.get(name) == value for name, value in (moved.set or {}).items()):
            _take_back(tx, one, steps, moved)


def _moved(tx: Write, last: fold.Step) -> list[Found]:
    """Return the records that one transaction moved; its entries follow one another."""
    found: list[Found] = []
    seq = last.tx
    while row := tx.execute(
        "select tx, json_extract(detail, '$.event'), record from entry where desk = ? and seq = ?",
        (last.desk, seq),
    ).fetchone():
        if row[0] != last.tx:
            break
        if row[1] == REASSIGN:
            place = tx.execute(
                "select n, id, kind, state, ref from record where id = ?", (row[2],)
            ).fetchone()
            found.append(Found(*place))
        seq += 1
    return [one for one in found if one.state != "erased"]


def _reverse(steps: Sequence[fold.Step], last: fold.Step) -> tuple[Record, str | None]:
    """Return the fields and the state that put back what stood before *last*."""
    if last.operation == "collection":
        return {}, "struck"
    before = fold.fold(steps[: steps.index(last)])
    fields = {name: before.fields.get(name) for name in last.set or {}}
    return fields, before.state if "state" in last.detail else None
