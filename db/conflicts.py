"""What two members set differently, neither having seen the other's, side by side; settled by a person.

Told until somebody who has seen both sets the field again with ``amend``, or judges the pair anew. A pair
that is judged different, and that other judgements put into one group, is told as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import judgements, records
from db.records import visible
from db.rules import periods
from db.vault import fold, forks, journal

if TYPE_CHECKING:
    from db.records import Record, Why
    from db.vault.fold import Conflict, Head
    from db.vault.store import Look, Store


def count(reader: Any) -> int:
    """Return how many fields and pairs are in conflict, of all kinds."""
    fields = sum(len(one.conflicts) for one in forks.conflicts_in(reader))
    return fields + len(judgements.apart(reader))


def listing(store: Store, kind: str, why: Why) -> list[Record]:
    """Return the conflicts of a kind, each with both values, who set them and when; one consultation.

    Of a restricted record the values are left out where no reason is given.
    """
    with store.consult(kind, reason=why.reason, note=why.note) as look:
        told: list[Record] = []
        for one in forks.conflicts_in(look):
            if one.kind == kind:
                told.extend(_told(look, kind, one, conflict, why) for conflict in one.conflicts)
            elif one.kind == "judgement":
                told.extend(
                    _pair(look, one, conflict) for conflict in one.conflicts if _is_of(look, one, kind)
                )
        for a, b in judgements.apart(look, kind):
            told.append(_row(a, "same_as", [f"different from {b}", None, None, "in one group", None, None]))
        shown = [{"ref": row["ref"]} for row in told] if kind == "person" else []
        look.shown(len(told), records.people_shown(look, kind, shown) if shown else ())
    return told


_KEYS = ("one", "one_by", "one_at", "other", "other_by", "other_at")


def _row(ref: str, field: str, told: list[Any]) -> Record:
    return {"ref": ref, "field": field, **dict(zip(_KEYS, told, strict=True))}


def _told(look: Look, kind: str, one: forks.OpenConflict, conflict: Conflict, why: Why) -> Record:
    (state,) = look.execute("select state from record where id = ?", (one.record,)).fetchone()
    withheld = state == "restricted" and why.reason is None
    told: list[Any] = []
    for head in (conflict.one, conflict.other):
        value, *rest = _side(look, conflict.field, head)
        told += [None if withheld else records.spoken(look, kind, conflict.field, value), *rest]
    return _row(one.ref, conflict.field or "state", told)


def _pair(look: Look, one: forks.OpenConflict, conflict: Conflict) -> Record:
    """Return a judgement in conflict, under both references of its pair."""
    told = [part for head in (conflict.one, conflict.other) for part in _side(look, conflict.field, head)]
    pair = look.execute(
        "select a.ref, b.ref from judgement as j join record as r on r.n = j.n "  # noqa: S608 - fixed text
        "join record as a on a.n = j.one join record as b on b.n = j.other where r.id = ?1 "
        f"and (a.kind <> 'concern' or {visible('concern', 'a')}) "
        f"and (b.kind <> 'concern' or {visible('concern', 'b')})",
        (one.record,),
    ).fetchone()
    return _row(" ".join(pair) if pair else "a report that is not shown", conflict.field, told)


def _is_of(look: Look, one: forks.OpenConflict, kind: str) -> bool:
    sql = (
        "select 1 from judgement as j join record as r on r.n = j.n join record as a on a.n = j.one "
        "join record as b on b.n = j.other "
        "where r.id = ? and iif(b.kind = 'offender', b.kind, a.kind) = ?"
    )
    return look.execute(sql, (one.record, kind)).fetchone() is not None


def _side(look: Look, field: str, head: Head) -> tuple[Any, str, str]:
    """Return what one entry set a field to, by whom, when (local)."""
    row = look.execute(f"{fold.SELECT_STEP} where e.desk = ? and e.seq = ?", head).fetchone()
    step = fold.read_step(row)
    named = look.execute("select name from member where id = ?", (step.actor,)).fetchone()
    at = periods.iso(journal.wall_ms(step.at) // 1000)
    return step.changes().get(field), named[0] if named else step.actor, at
