"""New records on their way to the file: numbered, named, journalled and put in their tables by the batch.

One look at the ids beside a batch's own says which records are there already and which references are free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.rules.records import FOLDED, spoken
from db.vault import monthly, projection, search
from db.vault.likeness import Touched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.vault.chain import Chain
    from db.vault.cipher import Cipher

BATCH = 1000
REF_DIGITS = 4
_NUMBERS_KEPT = 100_000
_FEW = 10
_ID_BITS = 128

INSERT_RECORD = "insert into record (n, id, kind, ref, state, heads) values (?, ?, ?, ?, ?, ?)"
INSERT_LINK = "insert into link (source, field, target, place) values (?, ?, ?, ?)"

_ARRIVED = "update record set kind = ?, ref = ?, state = 'present', heads = ? where n = ?"

# The ids that begin as one of a batch does; the ends of the ranges are packed, so that one text serves all.
_BESIDE = (
    "with recursive i (k) as (select 0 union all select k + 1 from i where k < ?3) "
    "select r.id, r.n from i cross join record as r "
    "where r.id between substr(?1, i.k * 3 + 1, 3) and substr(?2, i.k * 16 + 1, 16)"
)
_LOW = [bytes([b & 0xF0]) for b in range(256)]
_HIGH = [bytes([b | 0x0F]) + b"\xff" * 13 for b in range(256)]

New = tuple[str, bytes, dict[str, Any]]
Row = tuple[int, dict[str, Any]]


class Making:
    """The records that a transaction makes, and the local numbers that it knows."""

    def __init__(self, cipher: Cipher, chain: Chain, changed: dict[str, int]) -> None:
        self._cipher = cipher
        self._chain = chain
        self._changed = changed
        self._waiting: list[New] = []
        self._numbers: dict[str, int] = {}
        self._beside: dict[bytes, list[tuple[bytes, int]]] = {}
        self._fresh: set[str] = set()
        self.touched = Touched()
        self._n: int = cipher.execute("select coalesce(max(n), 0) from record").fetchone()[0]
        self._learnt = self._n

    def add(self, kind: str, record: bytes, fields: dict[str, Any]) -> None:
        """Take in one new record."""
        self._waiting.append((kind, record, fields))
        if len(self._waiting) >= BATCH:
            self.flush()

    def known(self, ids: list[bytes]) -> dict[bytes, tuple[int, str, str]]:
        """Return number, state and reference of those of *ids* that the file has, announced ones included."""
        self.flush()
        self._beside = {}
        starts = _starts(ids)
        self._look(starts)
        beside = self._beside
        numbers = {
            n: record
            for record, start in zip(ids, starts, strict=True)
            for other, n in beside[start]
            if other == record
        }
        if not numbers:
            return {}
        marks = ", ".join("?" * len(numbers))
        sql = f"select n, state, ref from record where n in ({marks})"  # noqa: S608 - question marks
        return {numbers[n]: (n, state, ref) for n, state, ref in self._cipher.execute(sql, list(numbers))}

    def number(self, record: str) -> int:
        """Return the local number of an id in hex; an unknown one becomes an absent record."""
        known = self._numbers.get(record)
        if known is not None:
            return known
        raw = bytes.fromhex(record)
        n = self._exact(raw)
        if n is None:
            found = self._cipher.execute("select n from record where id = ?", (raw,)).fetchone()
            n = int(found[0]) if found else self.take(raw, (None, None, "absent", "[]"))
        self._numbers[record] = n
        return n

    def take(self, record: bytes, row: tuple[str | None, str | None, str, str]) -> int:
        """Give a new record, its kind, reference, state and heads, the next number and return it."""
        self._n += 1
        with self._cipher.trusted() as c:
            c.execute(INSERT_RECORD, (self._n, record, *row))
        beside = self._beside.get(_start(record))
        if beside is not None:
            beside.append((record, self._n))
        return self._n

    def flush(self) -> None:
        """Bring what is waiting to the journal, the record table and its rows."""
        if not self._waiting:
            return
        batch, self._waiting = self._waiting, []
        self._look(_starts([record for _, record, _ in batch]))
        kinds: dict[str, list[New]] = {}
        for new in batch:
            kinds.setdefault(new[0], []).append(new)
        placed = {kind: [self._place(record) for _, record, _ in news] for kind, news in kinds.items()}
        for kind, news in kinds.items():  # numbered in the order in which they are journalled
            self._enter(kind, news, placed[kind])
        with self._cipher.trusted() as c:
            for kind, news in kinds.items():
                rows = [(place[0], new[2]) for place, new in zip(placed[kind], news, strict=True)]
                self.put(c, kind, rows)
                self._mark(c, kind, rows)
        self._chain.write_out()

    def _enter(self, kind: str, news: list[New], placed: list[tuple[int, bool, int]]) -> None:
        """Journal new records of one kind and enter them in the record table."""
        letter = FOLDED[kind].letter
        new, announced = [], []
        heads = self._chain.append_new(kind, news, [digits for _, _, digits in placed])
        for (_, record, _), (n, is_new, digits), head in zip(news, placed, heads, strict=True):
            ref = spoken(letter, record, digits)
            if is_new:
                new.append((n, record, kind, ref, "present", head))
            else:
                announced.append((kind, ref, head, n))
        with self._cipher.trusted() as c:
            c.executemany(INSERT_RECORD, new)
            c.executemany(_ARRIVED, announced)

    def put(self, c: Any, kind: str, rows: list[Row]) -> None:
        """Write rows of a kind with their links."""
        number = self.number
        self._look_up(kind, rows)
        c.executemany(projection.insert_sql(kind), [projection.row(kind, n, f, number) for n, f in rows])
        for name in projection.link_fields(kind):
            links = [
                (n, name, number(target), place)
                for n, fields in rows
                if name in fields
                for place, target in enumerate(fields[name] or ())
            ]
            if links:
                c.executemany(INSERT_LINK, links)

    def _look_up(self, kind: str, rows: list[Row]) -> None:
        """Learn at once the numbers of what these rows point at, where there are many of them."""
        if len(rows) < _FEW:
            return
        if len(self._numbers) > _NUMBERS_KEPT:
            self._numbers.clear()
        pointing = projection.ref_fields(kind)
        asked = {fields[name] for _, fields in rows for name in pointing if fields.get(name)}
        for name in projection.link_fields(kind):
            asked.update(target for _, fields in rows for target in fields.get(name) or ())
        asked -= self._numbers.keys()
        if asked:
            marks = ", ".join("?" * len(asked))
            sql = f"select id, n from record where id in ({marks})"  # noqa: S608 - question marks
            found = self._cipher.execute(sql, [bytes.fromhex(record) for record in asked])
            self._numbers |= {record.hex(): n for record, n in found}

    def learn(self) -> None:
        """Index the words of what this transaction made, and add its contacts up, in one go."""
        with self._cipher.trusted() as c:
            for kind in self._fresh:
                search.learn_after(c, kind, self._learnt)
            if monthly.KIND in self._fresh:
                monthly.more_after(c, self._learnt)
        self._fresh.clear()
        self._learnt = self._n

    def _mark(self, c: Any, kind: str, rows: list[Row]) -> None:
        """Remember rows whose words are to be learnt at the end, and learn those announced before."""
        for n, _ in rows:
            if n <= self._learnt:
                search.learn(c, kind, n)
                monthly.more(c, kind, n)
        self.touched.touch(c, kind, (n for n, _ in rows))
        self._fresh.add(kind)
        self._changed[kind] = self._changed.get(kind, 0) + len(rows)

    # who else is there

    def _look(self, starts: Iterable[bytes]) -> None:
        """Learn which records' ids begin with the same four digits."""
        beside = self._beside
        new = sorted({start for start in starts if start not in beside})
        if not new:
            return
        beside |= {start: [] for start in new}
        low = b"".join(new)
        high = b"".join([start[:2] + _HIGH[start[2]] for start in new])
        for record, n in self._cipher.execute(_BESIDE, (low, high, len(new) - 1)):
            beside[_start(record)].append((record, n))

    def _exact(self, record: bytes) -> int | None:
        for other, n in self._beside.get(_start(record), ()):
            if other == record:
                return n
        return None

    def _place(self, record: bytes) -> tuple[int, bool, int]:
        """Return a record's number, whether that is new, and how many digits name it.

        They are four or more: so many that no other record's id begins with them.

        Raises:
            Refused: the file has it, and not as an absent one.
        """
        beside = self._beside[_start(record)]
        if not beside:
            self._n += 1
            beside.append((record, self._n))
            return self._n, True, REF_DIGITS
        digits, known, mine = REF_DIGITS, None, int.from_bytes(record, "big")
        for other, n in beside:
            if other == record:
                known = n
            else:
                alike = _ID_BITS - (mine ^ int.from_bytes(other, "big")).bit_length()
                digits = max(digits, alike // 5 + 1)
        if known is None:
            self._n += 1
            beside.append((record, self._n))
            return self._n, True, digits
        found = self._cipher.execute("select state, ref from record where n = ?", (known,)).fetchone()
        if found is None or found[0] != "absent":
            name = found[1] if found else "a record"
            raise Refused(f"{name} exists: amend it, it cannot be made twice")
        return known, False, digits


def _start(record: bytes) -> bytes:
    """Return the first four Crockford digits of an id, as the lowest three bytes that begin with them."""
    return record[:2] + _LOW[record[2]]


def _starts(ids: list[bytes]) -> list[bytes]:
    low = _LOW
    return [record[:2] + low[record[2]] for record in ids]
