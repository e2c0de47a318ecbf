"""Who looked at a woman, when and why: told from the journal's own entries of every look and disclosure.

A look keeps the people it showed in its payload, so one scan of the looks answers; nothing is indexed for it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db import records
from db.rules import periods
from db.vault import emptying, grouping, journal
from db.vault.look import SHOWN_MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Record, Why
    from db.vault.store import Look, Store

_ID = 35  # bytes that one id takes in a payload: 32 digits, quotes, a comma


def looks(store: Store, ref: str, why: Why) -> list[Record]:
    """Return every look at her, oldest first: when (local), who, how, why; a consultation itself.

    Under every record that she is merged with. A list of more than 500 keeps the first 500: a longer one
    in which she is not among those is told as one that may have shown her.

    Raises:
        NotFound: no person has that reference.
        Usage: she is restricted, and no reason is given.
    """
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("person",))
    records.reason_where_restricted(found, why)
    with store.consult("person", found.id, reason=why.reason, note=why.note) as look:
        numbers = json.dumps(grouping.together(look, found.n))
        ids = [
            record
            for (record,) in look.execute(
                "select id from record where n in (select value from json_each(?))", (numbers,)
            )
        ]
        told = [one for row in _rows(look, ids) if (one := _told(look, row, ids)) is not None]
        look.shown(len(told), [found.id.hex()])
    return told


def _rows(look: Look, ids: Sequence[bytes]) -> list[tuple[Any, ...]]:
    named = " or ".join([f"e.record = ? or instr({emptying.BODY}, ?) > 0"] * len(ids))
    bound = [part for record in ids for part in (record, record.hex().encode())]
    rows: list[tuple[Any, ...]] = look.execute(
        f"select e.at, coalesce(m.name, e.actor), e.operation, e.record, e.detail, f.detail, {emptying.BODY} "  # noqa: S608 - question marks
        "from entry as e join entry as f on f.desk = e.desk and f.seq = e.tx "
        f"{emptying.JOIN} left join member as m on m.id = e.actor "
        "where (e.operation = 'consultation' or e.operation = 'disclosure') "
        f"and ({named} or length({emptying.BODY}) >= ?) order by e.at, e.desk, e.seq",
        (*bound, SHOWN_MOST * _ID),
    ).fetchall()
    return rows


def _told(look: Look, row: tuple[Any, ...], ids: Sequence[bytes]) -> Record | None:
    at, member, operation, record, detail, first, body = row
    clear, context = json.loads(detail), json.loads(first)
    payload = json.loads(body) if body is not None else {}
    shown = payload.get("shown", ())
    hers = record in ids or any(one.hex() in shown for one in ids)
    if not hers and (len(shown) < SHOWN_MOST or clear.get("count", 0) <= SHOWN_MOST):
        return None
    return {
        "at": periods.iso(journal.wall_ms(at) // 1000),
        "member": member,
        "what": clear.get("event", operation),
        "how": _how(look, record, ids, clear.get("count", 0)) if hers else "a list too long to say",
        "reason": context.get("reason"),
        "note": payload.get("note"),
        "purpose": clear.get("purpose"),
        "recipient": clear.get("recipient"),
        "command": context.get("command"),
    }


def _how(look: Look, record: bytes | None, ids: Sequence[bytes], count: int) -> str:
    """Return how she was seen: opened herself, named on another record, one of so many shown."""
    if record in ids:
        return "opened"
    if record is not None:
        row = look.execute("select ref from record where id = ?", (record,)).fetchone()
        return f"named on {row[0]}" if row and row[0] else "named on a record"
    return f"one of {count} shown" if count > 1 else "shown alone"
