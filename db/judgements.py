"""Whether two records are of one: same, different, unsure. A judgement, never a rewrite; can be taken back.

Its id is the keyed hash of the sorted pair, so that two desks that judge one pair make one judgement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db import records
from db.errors import Refused, Usage
from db.records import Why
from db.vault import journal

if TYPE_CHECKING:
    from typing import Any

    from db.vault.store import Store

VERDICTS = ("same", "different", "unsure")
KINDS = ("person", "offender", "vehicle")


class Judgement(NamedTuple):
    """What was judged of a pair: the references in order of the records' ids, the verdict, a reason code."""

    one: str
    other: str
    verdict: str
    reason: str | None


def judge(store: Store, ref: str, other: str, verdict: str, why: Why = Why()) -> Judgement:  # noqa: B008 - immutable
    """Judge whether two records are of one man, woman or car; a later judgement on the pair replaces it.

    Raises:
        Usage: the verdict is not one.
        Refused: they are one record, of different kinds, or one was erased.
        NotFound: a reference names nothing.
    """
    if verdict not in VERDICTS:
        raise Usage(f"verdict: is one of {', '.join(VERDICTS)}")
    with store.write(why.reason, why.note) as tx:
        pair = sorted(
            (records.find(tx, store.id_key, text, KINDS) for text in (ref, other)), key=lambda found: found.id
        )
        one, two = pair
        if one.id == two.id:
            raise Refused(f"{one.ref} is one record: judge two")
        if one.kind != two.kind:
            raise Refused(f"{one.ref} and {two.ref} are of different kinds: only like is judged with like")
        for found in pair:
            if found.state == "erased":
                raise Refused(f"{found.ref} was erased: nothing can be judged about it")
        fields: dict[str, Any] = {"one": one.id.hex(), "other": two.id.hex(), "verdict": verdict}
        tx.combine(pair_id(store, one.id, two.id), fields | {"reason": why.reason})
    return Judgement(one.ref, two.ref, verdict, why.reason)


def pair_id(store: Store, one: bytes, other: bytes) -> bytes:
    """Return the id of the judgement on a pair, whichever of the two is named first."""
    first, second = sorted((one.hex(), other.hex()))
    return journal.derived_id(store.id_key, "judgement", f"{first} {second}")


def canonical(reader: Any, n: int) -> int:
    """Return the local number of the record that stands for a record's group: itself where it is in none."""
    row = reader.execute("select canonical from same_as where n = ?", (n,)).fetchone()
    return int(row[0]) if row else n


def contradictions(store: Store) -> list[tuple[str, str]]:
    """Return the references of pairs judged different that other judgements put into one group."""
    with store.counts() as reader:
        rows: list[tuple[str, str]] = reader.execute(
            "select a.ref, b.ref from judgement as j join record as r on r.n = j.n "
            "join same_as as x on x.n = j.one join same_as as y on y.n = j.other "
            "join record as a on a.n = j.one join record as b on b.n = j.other "
            "where j.verdict = 'different' and r.state = 'present' and x.canonical = y.canonical "
            "order by 1, 2"
        ).fetchall()
    return rows
