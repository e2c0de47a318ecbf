"""What imports and unions have queued for matching, worked off in order; a hit is offered, never taken.

How far it has got stands in the journal: an event ``matched`` with the last entry of each desk that was seen.
What was entered on this desk by hand was matched then, and waits for nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import records
from db.records import hidden
from db.rules import periods, values
from db.watchlist.looking import Looking, Matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.records import Why
    from db.vault.store import Store

EVENT = "matched"
OFFERED = 3  # of one record, kept until somebody has judged
_KINDS = "('offender', 'vehicle', 'concern', 'engagement')"
_BATCH = 100
_READ = 5_000


class Worked(NamedTuple):
    """How many records were matched, and of how many somebody may be on the watchlist."""

    records: int
    matched: int


class _Waiting(NamedTuple):
    n: int
    ref: str
    kind: str


def waiting(store: Store) -> int:
    """Return how many records wait to be matched; a count, no look."""
    with store.counts() as reader:
        seen = _seen(reader)
        found: set[bytes] = set()
        for desk, last in reader.execute("select desk, seq from desk order by desk").fetchall():
            for _, record in _queued(store, reader, desk, (seen.get(desk, 0), last)):
                found.add(record)
    return len(found)


def work_off(
    store: Store,
    limit: int,
    tell: Callable[[str, Matches], None],
    weak: bool = False,
    why: Why = records.Why(),  # noqa: B008 - immutable
) -> Worked:
    """Match what is queued, so many records at a time; each batch is one look with its place in the queue.

    Args:
        store: the open unit.
        limit: hits of one record at most.
        tell: told of each record with hits its reference and these, once the look is durable.
        weak: weak hits as well.
        why: a reason, where one is given.
    """
    done = matched = 0
    while (batch := work_some(store, (limit, weak), why=why)) is not None:
        done += len(batch)
        for ref, matches in batch:
            if matches.hits:
                matched += 1
                tell(ref, matches)
    return Worked(done, matched)


def work_some(
    store: Store,
    shown: tuple[int, bool] = (OFFERED, False),
    most: int = _BATCH,
    why: Why = records.Why(),  # noqa: B008 - immutable
) -> list[tuple[str, Matches]] | None:
    """Match the next few that are queued, in one look with its place in the queue; None at the queue's end.

    Who may be meant is kept with the look, so that ``offered`` tells of it until somebody has judged.

    Args:
        store: the open unit.
        shown: hits of one record at most, and whether weak ones are among them.
        most: records at most; nobody else writes while they are matched.
        why: a reason, where one is given.
    """
    with store.write(why.reason, why.note) as tx:
        batch, heads = _next(store, tx, most)
        if not heads:
            return None
        looking = Looking(tx, periods.local_day(store.now()))
        found = [(one.ref, of_record(store, tx, looking, (one.n, one.kind), shown)) for one in batch]
        offered = [
            [ref, hit["ref"], hit["band"]]
            for ref, matches in found
            for hit in matches.hits[:OFFERED]
            if hit["band"] != "weak"
        ]
        body = {"asked": {"records": [ref for ref, _ in found]}, "offered": offered}
        count = sum(len(matches.hits) for _, matches in found)
        tx.chain.append("consultation", "offender", None, detail={"count": count}, body=body)
        tx.chain.event(EVENT, {"accepted": [[desk, seq] for desk, seq in sorted(heads.items())]})
    return found


def _seen(reader: Any) -> dict[int, int]:
    seen: dict[int, int] = {}
    for (detail,) in reader.execute(
        "select detail from entry where operation = 'security' and json_extract(detail, '$.event') = ?",
        (EVENT,),
    ):
        for desk, seq in json.loads(detail).get("accepted", ()):
            seen[desk] = max(seen.get(desk, 0), seq)
    return seen


def _next(store: Store, tx: Any, most: int) -> tuple[list[_Waiting], dict[int, int]]:
    """Return the next records to match, and up to where each desk is seen with them; {} at the end."""
    seen, found = _seen(tx), dict[bytes, None]()
    moved: dict[int, int] = {}
    for desk, last in tx.execute("select desk, seq from desk order by desk").fetchall():
        first = seen.get(desk, 0)
        if len(found) >= most:
            break
        reached = last
        for seq, record in _queued(store, tx, desk, (first, last)):
            found[record] = None
            if len(found) >= most:
                reached = seq
                break
        if reached > first and (found or reached > first + _READ):
            moved[desk] = reached
    standing = {one.n: one for record in found for one in _standing(tx, record)}
    return list(standing.values()), moved


def _queued(store: Store, reader: Any, desk: int, span: tuple[int, int]) -> Iterator[tuple[int, bytes]]:
    """Yield number and record of the entries of a desk, after the first and up to the last, that wait."""
    mine = desk == store.known_desk()
    imports: dict[int, bool] = {}
    first, last = span
    while True:
        rows = reader.execute(
            "select seq, record, tx from entry where desk = ? and seq > ? and seq <= ? "  # noqa: S608 - fixed text
            "and record is not null and operation in ('collection', 'alteration') "
            f"and kind in {_KINDS} order by seq limit ?",
            (desk, first, last, _READ),
        ).fetchall()
        for seq, record, of in rows:
            if mine and of not in imports:
                (detail,) = reader.execute(
                    "select detail from entry where desk = ? and seq = ?", (desk, of)
                ).fetchone()
                imports[of] = "import" in json.loads(detail)
            if not mine or imports[of]:
                yield seq, record
        if len(rows) < _READ:
            return
        first = rows[-1][0]


def _standing(reader: Any, record: bytes) -> list[_Waiting]:
    """Return the record, or for a man's vehicle the man, where it stands."""
    rows = reader.execute(
        "select r.n, r.ref, r.kind from record as x left join vehicle as v on v.n = x.n "  # noqa: S608 - fixed text
        "join record as r on r.n = coalesce(v.offender, x.n) "
        "where x.id = ? and x.state = 'present' and r.state = 'present' "
        f"and (r.kind <> 'concern' or {records.visible('concern')}) "
        f"and r.n not in ({hidden.CONTACTS})",
        (record,),
    ).fetchall()
    return [_Waiting(*row) for row in rows]


def of_record(
    store: Store, reader: Any, looking: Looking, record: tuple[int, str], shown: tuple[int, bool]
) -> Matches:
    """Rank the watchlist against a record, by number and kind: of a contact against what she said in it.

    Of a contact with a woman who is hidden nothing is asked.
    """
    n, kind = record
    if kind != "engagement":
        return looking.match_record(n, *shown)
    row = reader.execute(
        "select mentions from engagement where n = ? and mentions is not null "  # noqa: S608 - fixed text
        f"and n not in ({hidden.CONTACTS})",
        (n,),
    ).fetchone()
    if row is None:
        return Matches([], 0, None)
    from db.rules.mentions import read_mentions

    said = read_mentions(row[0])
    described = values.read_description(said, records.local_now(store)) if said else {}
    return looking.match_said(n, described, *shown) if described else Matches([], 0, None)
