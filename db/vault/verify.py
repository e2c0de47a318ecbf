"""Is the journal whole, and do the records say what it adds up to? Names each fault, mends none.

FORMAT.md says what each fault means, and what nobody can catch from the file alone.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from db.vault import agreement, fold, members, quarantine, verify_apart, verify_rows, verify_tables
from db.vault.faults import Fault, Faults
from db.vault.verify_chain import Walk
from db.vault.verify_signers import Signers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.vault.cipher import Cipher
    from db.vault.store import Store
    from db.vault.verify_apart import Others

__all__ = ["Fault", "Report", "digest_of", "look", "verify"]

Since = dict[int, int]


class Report(NamedTuple):
    """What was looked at and what was found; ``heads`` are the last entry of each desk."""

    entries: int
    transactions: int
    records: int
    faults: tuple[Fault, ...]
    heads: tuple[tuple[int, int], ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def verify(
    store: Store,
    *,
    since_last: bool = False,
    witness: tuple[int, int, str] | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Report:
    """Check pages, chain, signatures, roles, digests, and the records against the journal.

    Args:
        store: the open unit.
        since_last: begin after the entries that the last ``verify`` entry names: those before, the pages,
            and the records that nothing has changed since are trusted.
        witness: desk, number and hash (hex) of an entry that was once the newest; it must be in the chain,
            and so must the last that this desk knows it wrote.
        tick: told the number of entries so far, now and then.
    """
    witnesses = {witness, store.last_written()}  # before the reading begins: another officer may go on
    with store.counts():
        report = look(store, since_last=since_last, witnesses=witnesses, tick=tick)
    if not any(fault.name == "page-altered" for fault in report.faults):
        return report
    pages = [Fault("page-altered", page) for page in sorted(verify_tables.still_altered(store.cipher))[:20]]
    others = [fault for fault in report.faults if fault.name != "page-altered"]
    return report._replace(faults=(*pages, *others))


def look(
    store: Store,
    *,
    since_last: bool = False,
    witnesses: Iterable[tuple[int, int, str] | None] = (),
    tick: Callable[[int], None] = lambda _: None,
) -> Report:
    """Do what ``verify`` does, inside a transaction that is open already."""
    faults, reader = Faults(), store.cipher
    since: Since = {}
    if since_last:
        with faults.reading("verify"):
            since = _last_verified(store, faults)
    with faults.reading("schema"):
        verify_tables.shape(reader, faults)
    with faults.reading("journal"), verify_apart.others(store) as others:
        walk = _walk(store, since, faults, tick)
        for kept in witnesses:
            if kept is not None:
                _witness(store, kept, faults)
        records = _some(store, walk, faults) if since else _all(store, walk, others, faults)
        heads = tuple((desk, link.seq) for desk, link in walk.heads.items())
        return Report(walk.entries, walk.transactions, records, tuple(faults.found), heads)
    return Report(0, 0, 0, tuple(faults.found), ())


def _walk(store: Store, since: Since, faults: Faults, tick: Callable[[int], None]) -> Walk:
    """Check the chain with all that hangs on it."""
    reader = store.cipher
    events = members.read_events(store)
    people = members.fold_members(events)
    founding = next((event.detail for event in events if event.what == "genesis"), None)
    if founding != store.genesis:
        faults.add("genesis-differs", "genesis")
    with faults.reading("member"):
        verify_tables.members(reader, people, faults)
    erased = {}
    emptied: frozenset[tuple[int, int]] = frozenset()
    with faults.reading("erased"):
        erased = verify_tables.erasures(reader, faults)
        emptied = verify_tables.emptied(reader, faults)
        agreement.check(reader, people, faults)
    aside = frozenset(quarantine.stored(reader))
    signers = Signers(people, events, faults, aside)
    walk = Walk(reader, store.unit, signers, faults, since)
    walk.run(erased, tick, aside, emptied)
    with faults.reading("quarantine"):
        verify_tables.aside(reader, people, aside, faults)
    walk.transactions = signers.transactions
    if not since and walk.security != len(events):
        faults.add("table-torn", "entry_security")
    with faults.reading("desk"):
        verify_tables.heads(reader, walk, faults)
        if not since:
            verify_tables.payloads(reader, walk, faults)
    with faults.reading("data_key"):
        verify_tables.data_keys(reader, events, faults)
    return walk


def _all(store: Store, walk: Walk, others: Others, faults: Faults) -> int:
    """Check pages, tables and every record; the walk's changes are all reached from the records."""
    for fault in others.tables():
        faults.add(*fault)
    compared, found = others.rows()
    now = store.cipher.execute("select desk, seq from desk order by desk").fetchall()
    if compared.heads != tuple(now):  # somebody has written since the walk began
        compared, found = verify_apart.rows_of(store.cipher)
    for fault in found:
        faults.add(*fault)
    if compared.reached != walk.changes:
        before = len(faults.found)
        _locate(store.cipher, faults)
        if len(faults.found) == before:
            faults.add("heads-differ", "record")
    return compared.records


def _locate(reader: Cipher, faults: Faults) -> None:
    """Name the records whose entries are not all reached: rows that are gone, heads that were put back."""
    changes = "operation in ('collection', 'alteration', 'combination', 'erasure')"
    lost = reader.execute(
        "select distinct e.record from entry as e left join record as r on r.id = e.record "  # noqa: S608 - fixed text
        f"where e.record is not null and r.kind is null and e.{changes} limit 100"
    ).fetchall()
    for (record,) in lost:
        faults.add("row-missing", record.hex())
    for record, count, heads in reader.execute(
        "select e.record, count(*), r.heads from entry as e join record as r on r.id = e.record "  # noqa: S608 - fixed text
        f"where r.kind is not null and e.{changes} group by e.record"
    ).fetchall():
        with faults.reading(record.hex()):
            steps = [step for step in fold.lineage(reader, heads) if step.record == record]
            if len(steps) != count:
                faults.add("heads-differ", record.hex())


def _some(store: Store, walk: Walk, faults: Faults) -> int:
    """Check the records that the entries walked have changed."""
    verify_rows.Rows(store.cipher, faults).some(walk.touched)
    return len(walk.touched)


def _witness(store: Store, witness: tuple[int, int, str], faults: Faults) -> None:
    """Ask that an entry is in the chain: a tail cut off later, or a write-ahead log cut short, lacks it."""
    row = store.cipher.execute("select hash from entry where desk = ? and seq = ?", witness[:2]).fetchone()
    if row is None or row[0].hex() != witness[2]:
        faults.at("witness-missing", *witness[:2])


def digest_of(store: Store, heads: Iterable[tuple[int, int]]) -> str:
    """Return in hex the BLAKE2b-256 of the hashes of these entries, in order of desk."""
    hashed: Any = blake2b(digest_size=32)
    for desk, seq in sorted(heads):
        row = store.cipher.execute(
            "select hash from entry where desk = ? and seq = ?", (desk, seq)
        ).fetchone()
        hashed.update(row[0] if row else b"")
    return str(hashed.hexdigest())


def _last_verified(store: Store, faults: Faults) -> Since:
    """Return the heads that the newest ``verify`` entry accepted; none where they are not what it saw.

    Its own desk's must come before it, so that its own signature is checked again.
    """
    for desk, seq, detail in store.cipher.execute(
        "select desk, seq, detail from entry where operation = 'security' order by at desc"
    ):
        said = json.loads(detail)
        if said.get("event") != "verify" or "accepted" not in said:
            continue
        accepted = {head[0]: head[1] for head in said["accepted"]}
        if accepted.get(desk, 0) >= seq or said.get("hash") != digest_of(store, accepted.items()):
            faults.at("last-verify-differs", desk, seq)
            return {}
        return accepted
    return {}
