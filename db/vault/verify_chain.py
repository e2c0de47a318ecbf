"""The first half of verify: every desk's entries in order, their hashes, clocks, digests, and who signed.

What is said in the clear and by which role is judged once for all entries that say the same.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import details, roles
from db.vault import emptying, journal
from db.vault.mishaps import spoken_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from db.vault.cipher import Cipher
    from db.vault.faults import Faults
    from db.vault.members import Order
    from db.vault.verify_signers import Signers

_JUDGED_EACH = ("erasure", "security")
CHANGES = ("collection", "alteration", "combination", "erasure")
_BATCH = 2000
_NEVER = (0, 0, 0)
_NOTHING_SEEN = journal.text("[]")
_MEANINGS_MOST = 20_000

Row = tuple[Any, ...]
Erased = dict[bytes, "Order | None"]  # None: all is gone; else what came before this redaction


class Link(NamedTuple):
    """The end of a desk's chain so far: number, hash, clock."""

    seq: int
    hash: bytes
    at: int


class _Meaning(NamedTuple):
    """What entries alike in all but record and numbers say: their bytes; whether they change a record."""

    who: bytes
    said: bytes
    changes: bool


class Walk:
    """One pass over the journal.

    Args:
        reader: the open file.
        unit: the unit's id.
        signers: who may have signed.
        faults: where faults go.
        since: by desk, the number after which to begin; empty for all.
    """

    def __init__(
        self, reader: Cipher, unit: bytes, signers: Signers, faults: Faults, since: Mapping[int, int]
    ) -> None:
        self._reader = reader
        self._lead = journal.ENTRY_TAG + unit
        self._signers = signers
        self._faults = faults
        self._since = since
        self._meanings: dict[tuple[Any, ...], _Meaning] = {}
        self._erased: Erased = {}
        self._aside: frozenset[tuple[int, int]] = frozenset()
        self._excused: set[bytes] = set()  # whose payloads a leaver's erasure, in quarantine, has emptied
        self._emptied: frozenset[tuple[int, int]] = frozenset()
        self._quiet: set[tuple[int, int]] = set()  # looks emptied by what is in quarantine
        self._who: tuple[Any, ...] | None = None  # of the entry before, where its transaction is open
        self.entries = self.changes = self.security = self.transactions = self.payloads = 0
        self.touched: dict[bytes, int] = {}  # by record, its changes since; only where not all is walked
        self.heads: dict[int, Link] = {}

    def run(
        self,
        erased: Erased,
        tick: Callable[[int], None],
        aside: frozenset[tuple[int, int]] = frozenset(),
        emptied: frozenset[tuple[int, int]] = frozenset(),
    ) -> None:
        """Walk every desk.

        Args:
            erased: the erased and the redacted records as the table has them.
            tick: told the number of entries so far, now and then.
            aside: what is in quarantine, and changes nothing.
            emptied: the looks whose words went with a woman, as the table has them.
        """
        self._erased, self._aside, self._emptied = erased, aside, emptied
        self._quiet = emptying.aside(self._reader)
        self._excused = {
            row[0]
            for row in self._reader.execute(
                "select e.record from quarantine as q join entry as e on e.desk = q.desk and e.seq = q.seq "
                "where e.operation = 'erasure' and e.record is not null"
            )
        }
        for desk in self._desks():
            with self._faults.reading(f"{desk:012x}"):
                self._desk(desk, tick)

    def _desks(self) -> list[int]:
        found = self._reader.execute(
            "with recursive d (desk) as (select min(desk) from entry union all "
            "select (select min(desk) from entry where desk > d.desk) from d where d.desk is not null) "
            "select desk from d where desk is not null"
        )
        return [desk for (desk,) in found]

    def _desk(self, desk: int, tick: Callable[[int], None]) -> None:
        link = self._begin(desk)
        self._signers.begin()
        self._who = None
        for rows in self._rows(desk, link.seq):
            link = self._batch(rows, link)
            self.entries += len(rows)
            self.payloads += sum(row[15] is not None for row in rows)
            tick(self.entries)
        self._signers.end()
        self.heads[desk] = link

    def _begin(self, desk: int) -> Link:
        after = self._since.get(desk, 0)
        if not after:
            return Link(0, journal.START, 0)
        row = self._reader.execute(
            "select seq, hash, at from entry where desk = ? and seq = ?", (desk, after)
        ).fetchone()
        if row is None:
            self._faults.at("chain-broken", desk, after)
            return Link(0, journal.START, 0)
        return Link(*row)

    def _rows(self, desk: int, after: int) -> Iterator[list[Row]]:
        cursor = self._reader.execute(
            f"select e.{', e.'.join(journal.COLUMNS.split(', '))}, e.hash, e.signature, p.salt, p.body "  # noqa: S608 - the journal's own columns
            "from entry as e left join payload as p on p.desk = e.desk and p.seq = e.seq "
            "where e.desk = ? and e.seq > ? order by e.seq",
            (desk, after),
        )
        while True:
            with spoken_errors():
                rows = cursor.fetchmany(_BATCH)
            if not rows:
                return
            yield rows

    def _batch(self, rows: list[Row], link: Link) -> Link:
        """Check one batch; all that is done for each entry of an import stands here."""
        meanings, signers, erased, lead = self._meanings, self._signers, self._erased, self._lead
        pack, null, of_record, of_digest = journal.NUMBERS, journal.NULL, journal.ID, journal.DIGEST
        text, paid, who = journal.text, journal.PAYLOAD_TAG, self._who
        aside, emptied = self._aside, self._emptied
        number, previous, clock = link
        hashing = blake2b
        for row in rows:
            (desk, seq, at, tx, actor, role, session, operation, kind) = row[:9]
            (record, base, detail, digest, hashed, signature, salt, body) = row[9:]
            what = (actor, role, session, operation, kind, detail)
            meaning = meanings.get(what) or self._learn(row, what)
            joined = b"".join(
                (
                    lead,
                    previous,
                    pack(desk, seq, at, tx),
                    meaning.who,
                    null if record is None else of_record + record,
                    _NOTHING_SEEN if base == "[]" else text(base),
                    meaning.said,
                    null if digest is None else of_digest + digest,
                )
            )
            if seq != number + 1 or at <= clock or hashing(joined, digest_size=32).digest() != hashed:
                self._name_break(row, number, clock)
            if (
                salt is None
                or record in erased
                or (emptied and (desk, seq) in emptied)
                or hashing(paid + salt + body, digest_size=32).digest() != digest
            ):
                self._judge_payload(row)
            if signature is not None or who != (tx, actor, role, session, operation):
                signers.meet(row)
                who = (tx, actor, role, session, operation) if signature is None else None
            if meaning.changes and record is not None and not (aside and (desk, seq) in aside):
                self._count(record)
            number, previous, clock = seq, hashed, at
        self._who = who
        return Link(number, previous, clock)

    def _count(self, record: bytes) -> None:
        self.changes += 1
        if self._since:
            self.touched[record] = self.touched.get(record, 0) + 1

    def _name_break(self, row: Row, number: int, clock: int) -> None:
        desk, seq, at = row[:3]
        if at <= clock:
            self._faults.at("clock-backwards", desk, seq)
        if seq != number + 1 or at > clock:
            self._faults.at("chain-broken", desk, seq)

    def _judge_payload(self, row: Row) -> None:
        """Name what is wrong with a payload; it may be absent where it was never, or was erased."""
        desk, seq, record, digest = row[0], row[1], row[9], row[12]
        salt, body = row[15:]
        before = self._erased.get(record, _NEVER)
        gone = before is None or (row[2], desk, seq) < before or (desk, seq) in self._emptied
        excused = record in self._excused or (desk, seq) in self._quiet
        if digest is None:
            fault = "payload-unannounced" if salt is not None else None
        elif salt is None:
            fault = None if gone or excused else "payload-missing"
        elif journal.payload_digest(salt, body) != digest:
            fault = "payload-altered"
        else:
            fault = "payload-after-erasure" if gone else None
        if fault is not None:
            self._faults.at(fault, desk, seq)

    def _is_known(self, row: Row) -> bool:
        """Tell whether the tables of the erased and the emptied know what this entry did."""
        if row[9] is None:
            named = emptying.looks_in(row[11])
            return bool(named) and self._emptied.issuperset(named)
        until = self._erased.get(row[9], _NEVER)
        if until is None:
            return True
        return '"event":"redact"' in row[11] and (row[2], row[0], row[1]) <= until

    def _learn(self, row: Row, what: tuple[Any, ...]) -> _Meaning:
        """Judge what entries like this one say in the clear; those that are at fault are judged each anew."""
        desk, seq = row[:2]
        actor, role, session, operation, kind = row[4:9]
        meaning = _Meaning(
            journal.who_and_what(actor, role, session, operation, kind),
            journal.text(row[11]),
            operation in CHANGES,
        )
        faults = said_faults(row[11], role, operation, session, kind)
        self.security += operation == "security"
        for name in faults:
            self._faults.at(name, desk, seq)
        if operation == "erasure" and not self._is_known(row) and row[:2] not in self._aside:
            self._faults.at("erasure-unmatched", desk, seq)
        elif not faults and operation not in _JUDGED_EACH:
            if len(self._meanings) >= _MEANINGS_MOST:
                self._meanings.clear()
            self._meanings[what] = meaning
        return meaning


def said_faults(detail: str, role: str, operation: str, session: int | None, kind: str | None) -> list[str]:
    """Return the faults of what an entry says in the clear, and of who may say it."""
    try:
        said = json.loads(detail)
    except ValueError:
        said = None
    if not isinstance(said, dict) or details.fault(said) is not None:
        return ["detail-not-codes"]
    event = said.get("event")
    faults = []
    if role not in roles.allowed(operation, event, kind):
        faults.append("role-too-low")
    if session is not None and roles.needs_seed(operation, event):
        faults.append("seed-needed")
    return faults
