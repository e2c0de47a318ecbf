"""An erasure takes two members, one of them a supervisor: who asked, who agreed, and whether that was so.

Told by the journal alone, so that verify judges it again. In a unit with one active member he may do both.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.vault import emptying, fold
from db.vault.members import RECOVERY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.cipher import Cipher
    from db.vault.faults import Faults
    from db.vault.members import Order, People

LIFT = "lift"  # puts a restricted record back; a supervisor's
ASKED, ORDERED = "erase_asked", "erase_ordered"  # the first call: any member's, a supervisor's
BY_SUPERVISOR, AGREED, ALONE = "erase", "erase_agreed", "erase_alone"  # the second call
AGAIN = "erase_again"  # after a restore
REDACT = "redact"  # the sharing level lowered to nought: at once, by any officer; or her words go with her
WITH = "erase_with"  # what is hers alone goes with her, in the same transaction

_SECOND = (BY_SUPERVISOR, AGREED, ALONE)


def asks(steps: Sequence[fold.Step]) -> list[fold.Step]:
    """Return the requests to erase that stand: those that no later lifting took back; steps are in order."""
    found: list[fold.Step] = []
    for step in steps:
        event = step.detail.get("event")
        if event == LIFT:
            found = []
        elif event in (ASKED, ORDERED):
            found.append(step)
    return found


def event_for(standing: Sequence[fold.Step], member: str, *, supervisor: bool, alone: bool) -> str | None:
    """Return under which event a member may empty the record that was asked for, or None: it takes another.

    Args:
        standing: the requests that stand.
        member: his id.
        supervisor: whether he is one.
        alone: whether he is the unit's only active member.
    """
    others = [step for step in standing if step.actor != member]
    if others and supervisor:
        return BY_SUPERVISOR
    if any(step.detail["event"] == ORDERED for step in others):
        return AGREED
    return ALONE if standing and not others and alone and supervisor else None


def check(reader: Cipher, people: People, faults: Faults) -> None:
    """Each erasure was asked for by whom it takes; a name that is detached is an identity.

    One that names no event, or repeats an earlier one after a restore, is a supervisor's by its role.
    """
    rows = reader.execute(
        "select e.desk, e.seq, e.at, e.tx, e.actor, e.kind, e.base, e.detail, p.body from erased as x "
        "join entry as e on e.desk = x.desk and e.seq = x.seq "
        "left join payload as p on p.desk = e.desk and p.seq = e.seq where e.operation = 'erasure'"
    ).fetchall()
    _check_looks(reader, people, faults)
    for desk, seq, at, tx, actor, kind, base, detail, body in rows:
        said = json.loads(detail)
        event = said.get("event")
        if event == "detach":
            right = kind == "identity"
        elif event == REDACT:
            lowered = json.loads(body)["set"].get("sharing_level") == 0
            right = kind == "engagement" and (lowered or _beside(reader, desk, tx, said.get("with")))
            right = right or kind == "judgement" and _silenced(reader, (desk, tx), body, said.get("with"))
        elif event == WITH:
            right = _beside(reader, desk, tx, said.get("with"))
        elif event in _SECOND:
            right = _agreed(people, event, (at, desk, seq), actor, asks(fold.lineage(reader, base)))
        else:
            right = event in (None, AGAIN)
        if not right:
            faults.at("erasure-not-agreed", desk, seq)


def _silenced(reader: Cipher, at: tuple[int, int], body: str, record: Any) -> bool:
    """Tell whether a judgement lost its words with what was emptied: by agreement, or lowered to level 0.

    Also later, where another desk wrote them before it heard that one of the pair was erased.
    """
    pair = json.loads(body)["set"]
    if record is None or _beside(reader, *at, record):
        return record is not None
    if _is_erased(reader, bytes.fromhex(record)):
        return any(_is_erased(reader, bytes.fromhex(pair[name])) for name in ("one", "other") if name in pair)
    row = reader.execute(
        "select 1 from entry where record = ? and desk = ? and tx = ? and kind = 'engagement' "
        "and operation = 'erasure' and json_extract(detail, '$.event') = ?",
        (bytes.fromhex(record), *at, REDACT),
    ).fetchone()
    return row is not None and record in (pair.get("one"), pair.get("other"))


def _check_looks(reader: Cipher, people: People, faults: Faults) -> None:
    """Looks are emptied with an erasure of the woman named, or by a supervisor once she is erased."""
    rows = reader.execute(
        "select e.desk, e.seq, e.tx, e.detail from (select distinct by_desk, by_seq from emptied) as k "
        "join entry as e on e.desk = k.by_desk and e.seq = k.by_seq"
    ).fetchall()
    for desk, seq, tx, detail in rows:
        said = json.loads(detail)
        record = bytes.fromhex(said.get("with", ""))
        if said.get("event") == emptying.LATE:
            right = _is_erased(reader, record)
        else:
            right = _erases(reader, people, record, (desk, tx))
        if not right:
            faults.at("erasure-not-agreed", desk, seq)


def _is_erased(reader: Cipher, record: bytes) -> bool:
    sql = (
        "select 1 from erased as x join entry as e on e.desk = x.desk and e.seq = x.seq "
        "where x.record = ? and json_extract(e.detail, '$.event') is not 'redact'"
    )
    return reader.execute(sql, (record,)).fetchone() is not None


def _erases(reader: Cipher, people: People, record: bytes, of: tuple[int, int]) -> bool:
    """Tell whether a transaction (desk, number) empties a record, agreed to; another may have before."""
    row = reader.execute(
        "select e.at, e.seq, e.actor, e.base, json_extract(e.detail, '$.event') from entry as e "
        "where e.desk = ? and e.seq >= ? and e.tx = ? and e.operation = 'erasure' and e.record = ?",
        (of[0], of[1], of[1], record),
    ).fetchone()
    if row is None:
        return False
    at, seq, actor, base, event = row
    if event in _SECOND:
        return _agreed(people, event, (at, of[0], seq), actor, asks(fold.lineage(reader, base)))
    return event in (None, AGAIN)


def _beside(reader: Cipher, desk: int, tx: int, record: Any) -> bool:
    """Tell whether the record that another goes with was emptied in the same transaction.

    By agreement, or again after a restore.
    """
    if record is None:
        return False
    marks = ", ".join("?" * (len(_SECOND) + 1))
    row = reader.execute(
        "select 1 from erased as x join entry as e on e.desk = x.desk and e.seq = x.seq "  # noqa: S608 - question marks
        f"where x.record = ? and e.desk = ? and e.tx = ? and json_extract(e.detail, '$.event') in ({marks})",
        (bytes.fromhex(record), desk, tx, *_SECOND, AGAIN),
    ).fetchone()
    return row is not None


def _agreed(people: People, event: str, order: Order, actor: str, standing: Sequence[fold.Step]) -> bool:
    """Tell whether the second call was its member's to make; the roles are judged with every entry."""
    alone = not any(
        person is not None and person.state == "active"
        for ident in people.now()
        if ident not in (actor, RECOVERY)
        for person in [people.before(ident, order)]
    )
    supervisor = event != AGREED  # the table of roles asks it of the others
    return event_for(standing, actor, supervisor=supervisor, alone=alone) == event
