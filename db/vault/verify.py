"""Is the journal whole, and do the records say what it adds up to? Names each fault, mends none.

FORMAT.md says what each fault means, and what nobody can catch from the file alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import details, roles
from db.vault import cipher as vault
from db.vault import journal, keys
from db.vault.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.vault.store import Store

CHANGES = ("collection", "alteration", "combination", "erasure")
_DAY_MS = 24 * 3600 * 1000


class Fault(NamedTuple):
    """One thing that is wrong: its name in FORMAT.md, and where (desk and number, or a record's id)."""

    name: str
    where: str


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


class Person(NamedTuple):
    """A member at one point of the journal."""

    key: str
    roles: tuple[str, ...]
    state: str


class Certificate(NamedTuple):
    """What an unlock entry allows: one key, for one member, on one desk, until a time (UTC seconds)."""

    member: str
    key: str
    not_after: int


class Walk:
    """One pass over the journal: chain, digests, details, roles, signatures."""

    def __init__(self, store: Store, since: dict[int, int], signatures: bool = True) -> None:
        self._store = store
        self._since = since
        self._signatures = signatures
        self.faults: list[Fault] = []
        self.entries = self.transactions = 0
        self.erased: dict[bytes, str] = {}
        self.changed: dict[bytes, int] = {}
        self.created = 0
        self.heads: dict[int, tuple[int, bytes, int]] = {}
        self._members: dict[str, Person] = {}
        self._certificates: dict[tuple[int, int], Certificate] = {}
        self._details: dict[str, dict[str, Any] | None] = {}
        self._allowed: set[tuple[str, str | None, str, str]] = set()

    def fault(self, name: str, where: str) -> None:
        """Note a fault; after a thousand only counts go on."""
        if len(self.faults) < 1000:
            self.faults.append(Fault(name, where))

    def run(self, tick: Callable[[int], None]) -> None:
        """Walk every desk's entries in order."""
        self._learn_members()
        execute = self._store.cipher.execute
        self.erased = {record: "" for (record,) in execute("select record from erased")}
        named = {
            record
            for (record,) in execute(
                "select record from entry where operation = 'erasure' and record is not null"
            )
        }
        for record in self.erased.keys() ^ named:
            self.fault("erasure-unmatched", record.hex())
        self.erased = dict.fromkeys(named, "")
        for desk in self._desks():
            self._desk(desk, tick)
        for desk, seq, head, at in execute("select desk, seq, hash, at from desk").fetchall():
            if self.heads.get(desk) != (seq, head, at):
                self.fault("head-differs", f"{desk:012x}/{seq}")

    def _desks(self) -> list[int]:
        found = self._store.cipher.execute(
            "with recursive d (desk) as (select min(desk) from entry union all "
            "select (select min(desk) from entry where desk > d.desk) from d where d.desk is not null) "
            "select desk from d where desk is not null"
        )
        return [desk for (desk,) in found]

    def _rows(self, desk: int, after: int) -> Iterator[tuple[Any, ...]]:
        cursor = self._store.cipher.execute(
            f"select e.{', e.'.join(journal.COLUMNS.split(', '))}, e.hash, e.signature, p.salt, p.body "  # noqa: S608 - the journal's own columns
            "from entry as e left join payload as p on p.desk = e.desk and p.seq = e.seq "
            "where e.desk = ? and e.seq > ? order by e.seq",
            (desk, after),
        )
        while True:
            with vault.spoken_errors():
                rows = cursor.fetchmany(2000)
            if not rows:
                return
            yield from rows

    def _desk(self, desk: int, tick: Callable[[int], None]) -> None:
        after = self._since.get(desk, 0)
        previous, clock = journal.START, 0
        if after:
            row = self._store.cipher.execute(
                "select hash, at from entry where desk = ? and seq = ?", (desk, after)
            ).fetchone()
            if row is None:
                return self.fault("chain-broken", f"{desk:012x}/{after}")
            previous, clock = row
        unit, expected = self._store.unit, after
        hashed, digested = journal.entry_hash, journal.payload_digest
        transaction: list[Entry] = []
        for row in self._rows(desk, after):
            entry = Entry._make(row[:13])
            hash_, signature, salt, body = row[13:]
            expected += 1
            if entry.seq != expected or hashed(unit, previous, entry) != hash_:
                self.fault("chain-broken", f"{desk:012x}/{entry.seq}")
                expected = entry.seq
            if entry.at <= clock:
                self.fault("clock-backwards", f"{desk:012x}/{entry.seq}")
            previous, clock = hash_, entry.at
            if entry.digest is None:
                if salt is not None:
                    self.fault("payload-unannounced", f"{desk:012x}/{entry.seq}")
            elif salt is None:
                if entry.record not in self.erased:
                    self.fault("payload-missing", f"{desk:012x}/{entry.seq}")
            elif digested(salt, body) != entry.digest:
                self.fault("payload-altered", f"{desk:012x}/{entry.seq}")
            elif entry.record in self.erased:
                self.fault("payload-after-erasure", f"{desk:012x}/{entry.seq}")
            self._look_at(entry)
            if self._signatures:
                transaction.append(entry)
                if signature is not None:
                    self._transaction(transaction, hash_, signature)
                    transaction = []
            self.entries += 1
            if not self.entries % 20_000:
                tick(self.entries)
        if transaction:
            self.fault("unsigned", f"{desk:012x}/{transaction[0].seq}")
        self.heads[desk] = (expected, previous, clock)

    def _look_at(self, entry: Entry) -> None:
        """Check what an entry says in the clear, and count what it does to records."""
        text = entry.detail
        if text in self._details:
            detail = self._details[text]
        else:
            try:
                detail = json.loads(text)
            except ValueError:
                detail = None
            if detail is not None and details.fault(detail) is not None:
                detail = None
            if len(self._details) < 10_000:
                self._details[text] = detail
        if detail is None:
            return self.fault("detail-not-codes", f"{entry.desk:012x}/{entry.seq}")
        key = (entry.operation, detail.get("event"), entry.role, entry.actor)
        if key not in self._allowed:
            if entry.role not in roles.allowed(entry.operation, detail.get("event")):
                self.fault("role-too-low", f"{entry.desk:012x}/{entry.seq}")
            self._allowed.add(key)
        if entry.record is not None and entry.operation in CHANGES:
            if entry.operation == "collection":
                self.created += 1
            else:
                self.changed[entry.record] = self.changed.get(entry.record, 0) + 1
        return None

    # who signed

    def _learn_members(self) -> None:
        """Fold the members from the signed entries, genesis first, in the order of their clocks."""
        rows = self._store.cipher.execute(
            f"select {journal.COLUMNS}, signature from entry "  # noqa: S608 - the journal's own columns
            "where operation = 'security' order by at, desk"
        ).fetchall()
        for row in rows:
            entry = Entry._make(row[:13])
            try:
                detail = json.loads(entry.detail)
            except ValueError:
                continue
            event = detail.get("event")
            if event == "genesis":
                if self._members or detail != self._store.genesis:
                    self.fault("genesis-not-first", f"{entry.desk:012x}/{entry.seq}")
                    continue
                self._members[detail["member"]] = Person(detail["key"], tuple(detail["roles"]), "active")
            elif event == "unlock":
                self._certificates[entry.desk, entry.seq] = Certificate(
                    entry.actor, str(detail.get("key", "")), int(detail.get("not_after", 0))
                )
        stored = {
            row[0]: Person(row[1], tuple(json.loads(row[2])), row[3])
            for row in self._store.cipher.execute("select id, key, roles, state from member")
        }
        if stored != self._members:
            self.fault("members-differ", "member")

    def _transaction(self, entries: list[Entry], hash_: bytes, signature: bytes) -> None:
        """Check one transaction: one actor, one session, numbered as one, signed by who it says."""
        self.transactions += 1
        first, last = entries[0], entries[-1]
        where = f"{last.desk:012x}/{last.seq}"
        actor, session, tx = first.actor, first.session, first.seq
        for entry in entries:
            if entry.actor != actor or entry.session != session or entry.tx != tx:
                self.fault("transaction-mixed", f"{entry.desk:012x}/{entry.seq}")
        person = self._members.get(actor)
        if person is None:
            return self.fault("actor-unknown", where)
        if not {entry.role for entry in entries} <= {"officer", *person.roles}:
            self.fault("role-not-held", where)
        key = person.key
        if session is not None:
            certificate = self._certificates.get((last.desk, session))
            if certificate is None or certificate.member != actor or session >= first.seq:
                return self.fault("certificate-missing", where)
            if journal.wall_ms(first.at) > certificate.not_after * 1000 + _DAY_MS:
                self.fault("certificate-expired", where)
            key = certificate.key
        if not keys.signed_by(key, hash_, signature):
            self.fault("signature-wrong", where)
        return None


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
        since_last: begin after the last verification that found nothing, trusting what it trusted.
        witness: desk, number and hash (hex) of an entry that was once the newest; it must be in the chain.
        tick: told the number of entries so far, now and then.
    """
    from db.vault import verify_rows

    since = _last_verified(store) if since_last else {}
    walk = Walk(store, since)
    with store.counts():
        if not since_last:
            with store.cipher.trusted() as connection:
                pages = connection.execute("pragma cipher_integrity_check").fetchall()
            for (text,) in pages[:20]:
                walk.fault("page-altered", str(text).rsplit(" ", 1)[-1])
        walk.run(tick)
        if witness is not None:
            row = store.cipher.execute(
                "select hash from entry where desk = ? and seq = ?", witness[:2]
            ).fetchone()
            if row is None or row[0].hex() != witness[2]:
                walk.fault("witness-missing", f"{witness[0]:012x}/{witness[1]}")
        records = 0 if since_last else verify_rows.compare(store, walk)
    heads = tuple((desk, head[0]) for desk, head in walk.heads.items())
    return Report(walk.entries, walk.transactions, records, tuple(walk.faults), heads)


def _last_verified(store: Store) -> dict[int, int]:
    for (detail,) in store.cipher.execute(
        "select detail from entry where operation = 'security' order by at desc"
    ):
        found = json.loads(detail)
        if found.get("event") == "verify":
            return {desk: seq for desk, seq in found.get("accepted", [])}
    return {}
