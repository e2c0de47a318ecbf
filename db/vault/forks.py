"""Records on which desks wrote past each other: what stands open until somebody who saw both settles it.

Only a union makes one, so each names, in the payload of its entry, those among what it touched.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules.records import FOLDED
from db.vault import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.fold import Conflict, Step
    from db.vault.store import Store

_TOOK_IN = (
    "select p.body from entry as e left join payload as p on p.desk = e.desk and p.seq = e.seq "
    "where e.operation = 'security' and e.detail like '%\"event\":\"journal_import\"%'"
)
_EVERY = (
    "select id from record where heads like '%],[%' union "
    "select record from entry where record is not null and base like '%],[%'"
)


class OpenConflict(NamedTuple):
    """A record of which two members set one field to different values, neither having seen the other's."""

    kind: str
    record: bytes
    ref: str
    conflicts: tuple[Conflict, ...]


def is_forked(steps: Sequence[Step]) -> bool:
    """Tell whether a record's entries ever stood side by side, brought together since or not."""
    return len(fold.heads(steps)) > 1 or any(len(step.base) > 1 for step in steps)


def every(reader: Any) -> list[str]:
    """Return the ids, in hex, of all records that ever forked, by looking through every entry."""
    return [record.hex() for (record,) in reader.execute(_EVERY).fetchall()]


def open_conflicts(store: Store) -> list[OpenConflict]:
    """Return the records on which two desks disagree until somebody who saw both sets the field again."""
    with store.counts() as reader:
        return conflicts_in(reader)


def conflicts_in(reader: Any) -> list[OpenConflict]:
    """Return the open conflicts, in order of the records' ids, by a reader inside a transaction."""
    found = []
    for record in sorted(_named(reader)):
        row = reader.execute(
            "select kind, ref, heads from record where id = ? and state not in ('absent', 'erased')",
            (bytes.fromhex(record),),
        ).fetchone()
        if row is None or row[0] not in FOLDED:
            continue
        kind, ref, heads = row
        steps = [step for step in fold.lineage(reader, heads) if step.record == bytes.fromhex(record)]
        conflicts = tuple(fold.conflicts(steps))
        if conflicts:
            found.append(OpenConflict(kind, bytes.fromhex(record), ref, conflicts))
    return found


def _named(reader: Any) -> set[str]:
    """Return the records that the unions name; all that ever forked where one is of before they did."""
    named: set[str] = set()
    for (body,) in reader.execute(_TOOK_IN).fetchall():
        forked = json.loads(body).get("forked") if body is not None else None
        if forked is None:
            return set(every(reader))
        named.update(forked)
    return named
