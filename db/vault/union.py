"""Entries of several desks brought together: in any order, more than once, the outcome is the same.

Nothing is taken before it is judged; an erasure outranks whatever arrives, before or after it. Each desk
writes only its own entries: what comes from elsewhere is kept as it was signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.vault import emptying, forks, journal, members, quarantine, rebuild, refolding
from db.vault.chain import INSERT_ENTRY, INSERT_PAYLOAD
from db.vault.union_base import is_redaction
from db.vault.union_check import Part, judge
from db.vault.verify_chain import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from db.vault.faults import Fault
    from db.vault.fold import Head
    from db.vault.store import Store
    from db.vault.writing import Write

_AHEAD_MS = 24 * 3600 * 1000


class Taken(NamedTuple):
    """What a union brought.

    ``entries`` and ``records`` are new or changed; ``faults`` are of the desks of which nothing was taken;
    ``aside`` counts what lies in quarantine now, ``ahead`` are desks whose clock is over a day ahead.
    """

    entries: int
    records: int
    faults: tuple[Fault, ...]
    aside: int
    ahead: tuple[int, ...]


def parts(store: Store) -> Iterator[Part]:
    """Return every entry of the unit with what hangs on it, by desk and number; inside a transaction."""
    columns = ", ".join(f"e.{name}" for name in (*journal.COLUMNS.split(", "), "hash", "signature"))
    cursor = store.cipher.execute(
        f"select {columns}, p.salt, p.body, k.identity_key, k.sealed from entry as e "  # noqa: S608 - the journal's own columns
        "left join payload as p on p.desk = e.desk and p.seq = e.seq "
        "left join data_key as k on k.desk = e.desk and k.seq = e.seq order by e.desk, e.seq"
    )
    for row in cursor:
        yield Part(row[:15], row[15], row[16], None if row[17] is None else (row[17], row[18]))


def bring(store: Store, tx: Write, found: Iterable[Part]) -> Taken:
    """Bring entries from elsewhere together with those that are here, inside a writing transaction.

    A desk at fault gives nothing, and is named; the rest is taken. Its own entry names the records on which
    desks wrote past each other; looks that name a woman who is erased are emptied under entries of its own.
    Nothing else may be written in *tx* but security entries.

    Raises:
        Damaged: they would undo the removal of a member; nothing was taken.
    """
    found = list(found)
    judged = judge(store, found)
    new = judged.new
    with store.cipher.trusted() as c:
        c.executemany(INSERT_ENTRY, [part.row for part in new])
        _advance(c, new)
        people = members.fold_members(members.read_events(store))
        aside, before = quarantine.find(c, people.accepted), quarantine.stored(c)
        quarantine.put(c, aside)
        if aside != before:
            rebuild.put_erased(c)
        standing = [part for part in new if part.head not in aside]
        called = _called(c, standing)
        erasing = _erase(c, standing)
        if aside != before or any(emptying.looks_in(part.row[11]) for part in standing):
            emptying.refill(c)
        _call(c, called, found)
        touched = _touched(new, aside)
        for record in _fill(c, found) - touched.keys():
            touched[record] = []
        if aside != before:
            rebuild.within(store)
            forked = forks.every(c)
        else:
            rebuild.put_members(c, members.fold_members(members.read_events(store)))  # names are payloads
            forked = refolding.refold(c, touched)
    tx.erased = tx.erased or erasing
    tx.chain.at = max([tx.chain.at, *(part.row[2] for part in new)])
    limit = store.clock() + _AHEAD_MS
    ahead = {part.row[0] for part in new if journal.wall_ms(part.row[2]) > limit}
    for record, names in called.items():
        tx.quieten(record, emptying.find(tx, names), emptying.LATE)
    tx.chain.event("journal_import", {"count": len(new), "rows": len(found)}, {"forked": forked})
    return Taken(len(new), len(touched), tuple(judged.faults), len(aside), tuple(sorted(ahead)))


def _advance(c: Any, new: list[Part]) -> None:
    """Move each desk's head to its last entry."""
    last = {part.row[0]: (part.row[0], part.row[1], part.row[13], part.row[2]) for part in new}
    c.executemany(
        "insert into desk (desk, seq, hash, at) values (?, ?, ?, ?) on conflict (desk) "
        "do update set seq = excluded.seq, hash = excluded.hash, at = excluded.at",
        list(last.values()),
    )


_GONE = (
    "select e.desk, e.seq from erased as x join entry as o on o.desk = x.desk and o.seq = x.seq "
    "join entry as e on e.record = x.record where json_extract(o.detail, '$.event') is not 'redact' "
    "or (e.at, e.desk, e.seq) < (o.at, o.desk, o.seq)"
)


def _erase(c: Any, new: list[Part]) -> bool:
    """Note new erasures and redactions, and empty what they name; tells whether there are any."""
    of = [part for part in new if part.row[7] == "erasure" and part.row[9] is not None]
    erasures = [_Erasure(part.row[2], part.head, is_redaction(part.row)) for part in of]
    records = [part.row[9] for part in of]
    for record, erasure in zip(records, erasures, strict=True):
        row = c.execute(
            "select e.at, e.desk, e.seq, json_extract(e.detail, '$.event') is 'redact' from erased as x "
            "join entry as e on e.desk = x.desk and e.seq = x.seq where x.record = ?",
            (record,),
        ).fetchone()
        if row is None or erasure.outranks(_Erasure(row[0], row[1:3], bool(row[3]))):
            c.execute("delete from erased where record = ?", (record,))
            c.execute("insert into erased (record, desk, seq) values (?, ?, ?)", (record, *erasure.head))
    if erasures:
        c.execute(f"delete from payload where (desk, seq) in ({_GONE})")  # noqa: S608 - fixed text
        c.execute(f"delete from data_key where (desk, seq) in ({_GONE})")  # noqa: S608 - fixed text
    return bool(erasures)


def _called(c: Any, new: list[Part]) -> dict[bytes, set[str]]:
    """Return what those whose erasure arrives are called here, as long as it is known."""
    gone = {
        part.row[9]
        for part in new
        if part.row[7] == "erasure" and part.row[8] in emptying.NAMED and part.row[9]
    }
    return {record: emptying.names_of(c, record) for record in gone}


def _call(c: Any, called: dict[bytes, set[str]], found: list[Part]) -> None:
    """Add what a desk that has not heard of somebody's erasure still calls them."""
    erased = {row[0] for row in c.execute("select record from erased")}
    for part in found:
        if part.row[8] in emptying.NAMED and part.row[9] in erased and part.body is not None:
            called.setdefault(part.row[9], set()).update(emptying.names_in(part.body))


class _Erasure(NamedTuple):
    at: int
    head: Head
    redacts: bool

    def outranks(self, other: _Erasure) -> bool:
        """Tell which of two stands for a record: the earliest erasure, or else the latest redaction."""
        if self.redacts != other.redacts:
            return other.redacts
        later = (self.at, self.head) > (other.at, other.head)
        return later if self.redacts else not later


def _fill(c: Any, found: list[Part]) -> set[bytes]:
    """Put in the payloads and data keys that are missing here, unless an erasure names their record.

    Returns:
        The records whose changes got a payload.
    """
    lacking = dict(
        ((desk, seq), digest)
        for desk, seq, digest in c.execute(
            "select e.desk, e.seq, e.digest from entry as e "  # noqa: S608 - fixed text
            "left join payload as p on p.desk = e.desk and p.seq = e.seq "
            f"where e.digest is not null and p.desk is null and (e.desk, e.seq) not in ({_GONE}) "
            "and (e.desk, e.seq) not in (select desk, seq from emptied)"
        )
    )
    filled = set()
    for part in found:
        digest = lacking.get(part.head)
        if digest is None or part.salt is None or part.body is None:
            continue
        if journal.payload_digest(part.salt, part.body) != digest:
            continue
        c.execute(INSERT_PAYLOAD, (*part.head, part.salt, part.body))
        if part.key is not None:
            c.execute(
                "insert into data_key (desk, seq, identity_key, sealed) values (?, ?, ?, ?) "
                "on conflict (desk, seq) do nothing",
                (*part.head, *part.key),
            )
        if (
            part.row[7] in CHANGES
            and c.execute("select 1 from record where id = ?", (part.row[9],)).fetchone()
        ):
            filled.add(part.row[9])
    return filled


def _touched(new: list[Part], aside: set[Head]) -> dict[bytes, list[Head]]:
    touched: dict[bytes, list[Head]] = {}
    for part in new:
        if part.row[7] in CHANGES and part.row[9] is not None and part.head not in aside:
            touched.setdefault(part.row[9], []).append(part.head)
    return touched
