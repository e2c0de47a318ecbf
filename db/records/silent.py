"""What another desk wrote of a contact that was lowered to level 0 meanwhile: it goes when lowered again.

The fold shows none of it, and hangs what hangs on it; only another redaction takes it from the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules import limits
from db.vault import fold

if TYPE_CHECKING:
    from db.vault.store import Store

_HANGS = (
    "select 1 from concern where engagement = e.n union all select 1 from referral where engagement = e.n "
    "union all select 1 from followup where about = e.n"
)
_REDACTED = (
    "select 1 from erased as x where x.record = r.id and r.heads <> json_array(json_array(x.desk, x.seq))"
)
_JUDGED = (
    "select r.heads from judgement as j cross join record as r on r.n = j.n "
    "where (j.one = ?1 or j.other = ?1) and r.state = 'present'"
)


def left(store: Store) -> list[str]:
    """Return the references of the contacts at level 0 of which something is kept that may not be."""
    with store.counts() as reader:
        rows = reader.execute(
            "select r.n, r.ref from engagement as e cross join record as r on r.n = e.n "
            "where e.sharing_level = 0 order by r.n"
        ).fetchall()
        return [ref for n, ref in rows if lingers(reader, n)]


def women(store: Store) -> list[str]:
    """Return the references of the people at level 0 of whom words are kept."""
    with store.counts() as reader:
        rows = reader.execute(
            "select r.ref from person as x cross join record as r on r.n = x.n where x.sharing_level = 0 "
            "and (coalesce(x.known_as, '[]') <> '[]' or coalesce(x.safety, '') <> '') order by r.n"
        ).fetchall()
    return [ref for (ref,) in rows]


def lingers(reader: Any, n: int) -> bool:
    """Tell whether of a contact at level 0 there is more than that it took place."""
    hangs, redacted, heads = reader.execute(
        f"select exists ({_HANGS}), exists ({_REDACTED}), r.heads "  # noqa: S608 - fixed text
        "from engagement as e cross join record as r on r.n = e.n where e.n = ?",
        (n,),
    ).fetchone()
    return bool(hangs) or (bool(redacted) and _written(reader, heads)) or _judged(reader, n)


def _written(reader: Any, heads: str) -> bool:
    """Tell whether somebody who had not heard of the redaction wrote words, or whom he met, after it."""
    steps = fold.lineage(reader, heads)
    last = max(place for place, step in enumerate(steps) if step.redacts)
    past = fold.pasts(steps)
    return any(
        (step.note or any((step.set or {}).get(name) for name in limits.LEVEL_0))
        and steps[last].head not in past[step.head]
        for step in steps[last + 1 :]
    )


def _judged(reader: Any, n: int) -> bool:
    rows = reader.execute(_JUDGED, (n,)).fetchall()
    return any(step.note for (heads,) in rows for step in fold.lineage(reader, heads))
