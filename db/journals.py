"""The journal as members read it: its entries in order, who made them, and the proof that it was checked.

Its list counts as numbers, not as a look: it shows ids, codes and references, never what a record holds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Refused
from db.rules import periods
from db.vault import journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.store import Store
    from db.vault.verify import Report

OPERATIONS = (
    *("collection", "alteration", "consultation", "disclosure", "combination", "erasure", "security"),
)
COLUMNS = ("at", "desk", "seq", "member", "operation", "kind", "ref", "event", "reason", "command", "count")


class Span(NamedTuple):
    """Which entries are wanted: UTC epoch seconds from and before, an operation, the newest so many."""

    since: int | None = None
    until: int | None = None
    operation: str | None = None
    limit: int | None = None


def entries(store: Store, span: Span = Span()) -> list[dict[str, Any]]:  # noqa: B008 - immutable
    """Return entries, newest first: local time, desk and number, member, operation, kind, reference, codes.

    Reason and command stand on a transaction's first entry, and are told with each of its entries.
    """
    where, bound = _where(span)
    limit = "limit ?" if span.limit is not None else ""
    with store.counts() as reader:
        rows = reader.execute(
            "select e.at, e.desk, e.seq, coalesce(m.name, e.actor), e.operation, e.kind, r.ref, e.detail, "  # noqa: S608 - fixed conditions
            "case when e.tx = e.seq then null else "
            "(select f.detail from entry as f where f.desk = e.desk and f.seq = e.tx) end "
            "from entry as e left join member as m on m.id = e.actor "
            "left join record as r on r.id = e.record "
            f"{where} order by e.at desc, e.desk {limit}",
            [*bound, span.limit] if span.limit is not None else bound,
        ).fetchall()
    return [_told(row) for row in rows]


def _where(span: Span) -> tuple[str, list[object]]:
    parts: list[str] = []
    bound: list[object] = []
    for sql, value in (
        ("e.at >= ?", None if span.since is None else (span.since * 1000) << 16),
        ("e.at < ?", None if span.until is None else (span.until * 1000) << 16),
        ("e.operation = ?", span.operation),
    ):
        if value is not None:
            parts.append(sql)
            bound.append(value)
    return (f"where {' and '.join(parts)}" if parts else ""), bound


def _told(row: Sequence[Any]) -> dict[str, Any]:
    at, desk, seq, member, operation, kind, ref, detail, first = row
    clear = json.loads(detail)
    context = json.loads(first) if first else clear
    return {
        "at": periods.iso(journal.wall_ms(at) // 1000),
        "desk": f"{desk:012x}",
        "seq": seq,
        "member": member,
        "operation": operation,
        "kind": kind,
        "ref": ref,
        "event": clear.get("event"),
        "reason": context.get("reason"),
        "command": context.get("command"),
        "count": clear.get("count"),
        "fields": clear.get("fields", []),
    }


def record_verification(store: Store, report: Report) -> None:
    """Keep in the journal that it was verified up to these heads; ``--since-last`` begins there.

    Raises:
        Refused: the report names faults.
    """
    if not report.ok:
        raise Refused("a journal with faults is not recorded as verified: mend it first")
    from db.vault.verify import digest_of

    accepted = [[desk, seq] for desk, seq in report.heads]
    with store.write() as tx:
        seen = {"accepted": accepted, "hash": digest_of(store, report.heads)}
        tx.chain.event("verify", {"count": report.entries, **seen})


def record_lock(store: Store) -> None:
    """Keep in the journal that the session was ended."""
    with store.write() as tx:
        tx.chain.event("lock")


def newest(store: Store) -> str | None:
    """Return this desk's newest entry as a witness: desk, number and hash; None where it wrote none."""
    desk = store.known_desk()
    with store.counts() as reader:
        row = reader.execute("select desk, seq, hash from desk where desk = ?", (desk,)).fetchone()
    return None if row is None else f"{row[0]:012x}/{row[1]}/{row[2].hex()}"


def witness(text: str | None) -> tuple[int, int, str] | None:
    """Return a witness as ``verify`` takes it; None where there is none, or it is none of ours."""
    parts = (text or "").split("/")
    try:
        desk, seq, hashed = parts
        return int(desk, 16), int(seq), bytes.fromhex(hashed).hex()
    except ValueError:
        return None
