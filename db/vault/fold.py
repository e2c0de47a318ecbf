"""What a record's entries add up to. The one function that says what a history means.

Order is (at, desk, seq). An erasure outranks every other entry, whatever its time; a redaction
is one that restates the fields kept. What is restricted stays so until a supervisor lifts it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Head = tuple[int, int]


class Step(NamedTuple):
    """One entry of a record, read back. ``set`` is None where the payload set nothing or was erased."""

    desk: int
    seq: int
    at: int
    tx: int
    actor: str
    operation: str
    base: tuple[Head, ...]
    detail: dict[str, Any]
    set: dict[str, Any] | None
    note: str | None
    kind: str | None = None
    record: bytes | None = None

    @property
    def head(self) -> Head:
        """This entry's (desk, seq)."""
        return self.desk, self.seq

    @property
    def redacts(self) -> bool:
        """Whether this is an erasure that restates the fields kept: what was set before it is gone."""
        return self.operation == "erasure" and self.detail.get("event") == "redact"

    def changes(self) -> dict[str, Any]:
        """Return what this entry set: fields, and the record's state under ``""``."""
        changed = dict(self.set or {})
        if "state" in self.detail:
            changed[""] = self.detail["state"]
        return changed


class Conflict(NamedTuple):
    """One field that two people set to different values, neither having seen the other's."""

    field: str
    one: Head
    other: Head


class Folded(NamedTuple):
    """A record as its entries have it: fields without nulls, state, heads in order."""

    fields: dict[str, Any]
    state: str
    heads: tuple[Head, ...]


def fold(steps: Iterable[Step]) -> Folded:
    """Fold a record's entries: a creation, then each change; two creations fold as one and a change."""
    ordered = sorted(steps, key=lambda s: (s.at, s.desk, s.seq))
    if any(step.operation == "erasure" and not step.redacts for step in ordered) or _is_emptied(ordered):
        return Folded({}, "erased", heads(ordered))
    fields: dict[str, Any] = {}
    state = "present"
    for step in ordered:
        if step.redacts:
            fields = {}
        fields = lawful(step.kind, fields, step.set or {}, step.detail)
        if may_leave(state, step.detail):
            state = step.detail.get("state", state)
    return Folded({k: v for k, v in fields.items() if v is not None}, state, heads(ordered))


def may_leave(state: str, detail: Mapping[str, Any]) -> bool:
    """Tell whether an entry may change a state: nothing but lifting it ends a restriction."""
    return state != "restricted" or detail.get("event") == "lift"


def _is_emptied(steps: Sequence[Step]) -> bool:
    """Tell whether a creation has lost what it set: a leaver's erasure, in quarantine since, emptied it."""
    emptied = any(
        step.operation == "collection" and step.kind not in (None, "identity") and step.set is None
        for step in steps
    )
    return emptied and not any(step.redacts for step in steps)


NO_CONTACT = "no_contact"
CONTACT_AGAIN = "contact_again"


def takes_back_no(kind: str | None, before: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    """Tell whether a change takes back that she wants no contact."""
    return (
        kind == "person"
        and before.get("status") == NO_CONTACT
        and changed.get("status", NO_CONTACT) != NO_CONTACT
    )


def lawful(
    kind: str | None, before: dict[str, Any], changed: Mapping[str, Any], detail: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields after a change, within what holds even where two desks changed a record at once.

    At sharing level 0 no words and nobody are kept, whoever wrote meanwhile; a sighting is of somebody; who
    wants no contact wants none until a supervisor says otherwise.
    """
    after = before | dict(changed)
    if takes_back_no(kind, before, changed) and detail.get("event") != CONTACT_AGAIN:
        after["status"] = NO_CONTACT
    if kind == "engagement" and after.get("sharing_level") == 0:
        after |= dict.fromkeys(_WORDS)
    if kind == "sighting" and not any(after.get(name) for name in _SEEN):
        after |= {name: before.get(name) for name in _SEEN}
    return after


_WORDS = ("narrative", "mentions", "people", "refs")
_SEEN = ("offender", "vehicle")


def heads(steps: Sequence[Step]) -> tuple[Head, ...]:
    """Return the entries that no other entry of the record has seen."""
    seen = {head for step in steps for head in step.base}
    return tuple(sorted(step.head for step in steps if step.head not in seen))


def conflicts(steps: Sequence[Step]) -> list[Conflict]:
    """Return the open conflicts: concurrent entries that set a field to different values.

    Settled is one on which a later entry, descending from both, set the field again.
    """
    past = pasts(steps)
    found = []
    ordered = sorted(steps, key=lambda s: (s.at, s.desk, s.seq))
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if one.head in past[other.head] or other.head in past[one.head]:
                continue
            mine, theirs = one.changes(), other.changes()
            for name in sorted(mine.keys() & theirs.keys()):
                if mine[name] != theirs[name] and not _settled(ordered, past, name, {one.head, other.head}):
                    found.append(Conflict(name, one.head, other.head))
    return found


def pasts(steps: Sequence[Step]) -> dict[Head, set[Head]]:
    """Return by entry all that its author had seen of these."""
    by_head = {step.head: step for step in steps}
    past: dict[Head, set[Head]] = {}
    for step in sorted(steps, key=lambda s: (s.at, s.desk, s.seq)):
        mine: set[Head] = set()
        for head in step.base:
            mine.add(head)
            if head in by_head:
                mine |= past.get(head, set())
        past[step.head] = mine
    return past


def _settled(steps: Sequence[Step], past: dict[Head, set[Head]], name: str, both: set[Head]) -> bool:
    return any(name in step.changes() and both <= past[step.head] for step in steps)


SELECT_STEP = (
    "select e.desk, e.seq, e.at, e.tx, e.actor, e.operation, e.base, e.detail, p.body, e.kind, e.record "
    "from entry as e left join payload as p on p.desk = e.desk and p.seq = e.seq "
)


def read_step(row: tuple[Any, ...]) -> Step:
    """Return a row of SELECT_STEP as a step; a sealed identity's payload sets nothing that can be read."""
    desk, seq, at, tx, actor, operation, base, detail, body, kind, record = row
    payload = json.loads(body) if body is not None and kind != "identity" else {}
    heads_seen = tuple((d, s) for d, s in json.loads(base))
    return Step(
        desk,
        seq,
        at,
        tx,
        actor,
        operation,
        heads_seen,
        json.loads(detail),
        payload.get("set"),
        payload.get("note"),
        kind,
        record,
    )


def lineage(reader: Any, heads_json: str) -> list[Step]:
    """Return every entry a record is made of, oldest first, by following its heads back.

    What is in quarantine is passed through, and left out.

    Args:
        reader: anything with ``execute``: the store's cipher, a look, a writing transaction.
        heads_json: the record's heads as stored.
    """
    found: dict[Head, Step] = {}
    left = [(d, s) for d, s in json.loads(heads_json)]
    while left:
        head = left.pop()
        if head in found:
            continue
        row = reader.execute(f"{SELECT_STEP} where e.desk = ? and e.seq = ?", head).fetchone()
        if row is None:
            continue
        found[head] = step = read_step(row)
        left.extend(step.base)
    for head in reader.execute("select desk, seq from quarantine").fetchall():
        found.pop(head, None)
    return sorted(found.values(), key=lambda s: (s.at, s.desk, s.seq))
