"""The second half of verify: every record's row against what its entries add up to.

A record of one entry is compared as it streams by; one with a longer history is folded from all of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules.canon import compact
from db.rules.records import FOLDED, spoken
from db.vault import fold, naming, projection
from db.vault.mishaps import spoken_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from db.vault.cipher import Cipher
    from db.vault.faults import Faults

_BATCH = 2000
_NUMBERS_MOST = 200_000
_TEXTS_MOST = 4000
_AFTER = 8  # columns of a record and its entry, before those of its row
_IDENTITY_LETTER, _IDENTITY_DIGITS = "I", 8

_decode = json.JSONDecoder().raw_decode
Row = tuple[Any, ...]
Links = dict[str, list[int]]
_NONE: Links = {}  # never filled


class Compared(NamedTuple):
    """How many records were compared and entries of theirs reached; the desks' heads at that moment."""

    records: int
    reached: int
    heads: tuple[tuple[int, int], ...]


class Rows:
    """One comparison of rows with entries; ``faults`` are where it says what differs."""

    def __init__(self, reader: Cipher, faults: Faults) -> None:
        self._reader = reader
        self._faults = faults
        self._known: dict[str, int] = {}
        self._digits: dict[str, int] = {}
        self.records = self.reached = 0

    def all(self) -> Compared:
        """Compare every record; the entries reached are to be all there are."""
        kinds = {kind for (kind,) in self._reader.execute("select distinct kind from record")}
        for kind in FOLDED:
            with self._faults.reading(kind):
                filled = self._kind(kind) if kind in kinds else 0
                count = f"select count(*) from {projection.quoted(kind)}"  # noqa: S608 - a kind's name
                if self._reader.execute(count).fetchone() != (filled,):
                    self._faults.add("row-stray", kind)
        for n, record, state, heads, ref in self._reader.execute(
            "select n, id, state, heads, ref from record where kind = 'identity'"
        ).fetchall():
            self.records += 1
            with self._faults.reading(record.hex()):
                self._identity(n, record, (state, heads, ref))
        heads = self._reader.execute("select desk, seq from desk order by desk").fetchall()
        return Compared(self.records, self.reached, tuple(heads))

    def some(self, records: Iterable[bytes]) -> None:
        """Compare these records alone."""
        for record in records:
            row = self._reader.execute(
                "select n, kind, state, heads, ref from record where id = ?", (record,)
            ).fetchone()
            with self._faults.reading(record.hex()):
                if row is None or row[1] is None:
                    self._faults.add("row-missing", record.hex())
                elif row[1] == "identity":
                    self._identity(row[0], record, row[2:])
                else:
                    self._again(row[1], (row[0], record, *row[2:]))

    def _kind(self, kind: str) -> int:
        """Stream a kind's records beside their rows and entries, by number; returns how many rows."""
        linked, letter, filled = projection.link_fields(kind), FOLDED[kind].letter, 0
        links = _Beside(self._reader, kind) if linked else None
        agree, digits, count = self._agrees(kind), self._digits, 0
        for row in _stream(self._reader, f"{_beside(kind)} where r.kind = ? order by r.n", (kind,)):
            stored = row[_AFTER:]
            n, record, state, heads, ref, is_bare, detail, body = row[:_AFTER]
            mine = links.of(n) if links is not None else _NONE
            filled += stored[0] is not None
            if not is_bare or body is None:
                with self._faults.reading(record.hex()):
                    self._folded(kind, (n, record, state, heads, ref), stored, mine)
                self.records += 1
                continue
            count += 1
            try:
                fields = _decode(str(body, "utf-8"))[0]["set"]
                length = digits.get(detail) or self._learn(detail)
                same = (
                    stored[0] == n
                    and agree(stored, fields)
                    and state == "present"
                    and (ref == spoken(letter, record, length) or self._is_called(kind, record, ref, length))
                    and self._points(linked, fields, mine)
                )
            except (ValueError, TypeError, KeyError, AttributeError):
                same = False
            if not same:
                self._faults.add("row-differs", record.hex())
        self.records += count
        self.reached += count
        return filled

    def _agrees(self, kind: str) -> Callable[[Row, dict[str, Any]], bool]:
        """Return what tells whether a stored row is what these fields come to, its number aside."""
        columns, special, number = projection.columns(kind), projection.special(kind), self._number
        texts: dict[str, Any] = {}  # what a stored list means, where it is spelt as it should be

        def agree(stored: Row, fields: dict[str, Any]) -> bool:
            values = list(map(fields.get, columns))
            for place, is_ref in special:
                value = values[place]
                if value is None:
                    continue
                held = stored[place + 1]
                if is_ref:
                    values[place] = number(value)
                elif held in texts and texts[held] == value:
                    values[place] = held
                else:
                    values[place] = compact(value)
                    if values[place] == held and len(texts) < _TEXTS_MOST:
                        texts[held] = value
            return tuple(values) == stored[1:]

        return agree

    def _learn(self, detail: str) -> int:
        digits = int(json.loads(detail)["ref"])
        if len(self._digits) < 1000:
            self._digits[detail] = digits
        return digits

    def _again(self, kind: str, place: Row) -> None:
        """Compare one record by itself."""
        n = place[0]
        row = self._reader.execute(f"{projection.select_sql(kind)} where x.n = ?", (n,)).fetchone()
        links: Links = {}
        for field, order, target in self._reader.execute(
            "select field, place, target from link where source = ? order by field, place", (n,)
        ):
            _hang(links, field, order, target)
        self._folded(kind, place, row or (None,), links)

    def _folded(self, kind: str, place: Row, stored: Row, links: Links) -> None:
        """Fold a record from all its entries and compare; *place* is its number, id, state, heads, ref."""
        n, record, state, heads, ref = place
        steps = self._steps(record, heads)
        digits = naming.given_digits(steps)
        if digits is None or any(step.kind != kind for step in steps):
            self._faults.add("row-without-entry", record.hex())
            return
        folded = fold.fold(steps)
        same = (
            state == folded.state
            and heads == compact([list(head) for head in folded.heads])
            and self._is_called(kind, record, ref, digits)
        )
        if folded.state == "erased":
            same = same and stored[0] is None and not links
        else:
            expected = projection.row(kind, n, folded.fields, self._number)
            same = (
                same
                and list(stored) == expected
                and links == self._expected(projection.link_fields(kind), folded.fields)
            )
        if not same:
            self._faults.add("row-differs", record.hex())

    def _is_called(self, kind: str, record: bytes, ref: str, digits: int) -> bool:
        """Tell whether a reference is as given, or has grown because another was given the same."""
        if ref == spoken(FOLDED[kind].letter, record, digits):
            return True
        return naming.beside(self._reader, kind, str(ref)).get(record) == ref

    def _steps(self, record: bytes, heads: str) -> list[fold.Step]:
        """Return the record's entries, reached from its heads, and count them."""
        steps = [step for step in fold.lineage(self._reader, heads) if step.record == record]
        self.reached += len(steps)
        return steps

    def _identity(self, n: int, record: bytes, place: Row) -> None:
        """Compare a sealed identity: each version has its data key, the newest its row."""
        state, heads, ref = place
        steps = self._steps(record, heads)
        if not steps or any(step.kind != "identity" for step in steps):
            self._faults.add("row-without-entry", record.hex())
            return
        folded = fold.fold(steps)
        erased = any(step.operation == "erasure" for step in steps)
        last, person = steps[-1].head, steps[0].detail.get("person", "")
        row = self._reader.execute("select person, desk, seq from identity where n = ?", (n,)).fetchone()
        same = (
            row == (None if erased else (self._number(person), *last))
            and state == ("erased" if erased else "present")
            and heads == compact([list(head) for head in folded.heads])
            and ref == spoken(_IDENTITY_LETTER, record, _IDENTITY_DIGITS)
        )
        if not same:
            self._faults.add("identity-differs", record.hex())
        for step in steps if not erased else ():
            key = self._reader.execute(
                "select 1 from data_key where desk = ? and seq = ?", step.head
            ).fetchone()
            if key is None:
                self._faults.at("data-key-missing", *step.head)

    def _number(self, record: str) -> int:
        known = self._known.get(record)
        if known is None:
            row = self._reader.execute(
                "select n from record where id = ?", (bytes.fromhex(record),)
            ).fetchone()
            known = row[0] if row else -1
            if len(self._known) < _NUMBERS_MOST:
                self._known[record] = known
        return known

    def _points(self, linked: tuple[str, ...], fields: dict[str, Any], mine: Links) -> bool:
        """Tell whether the links of a record are those that its fields name."""
        found = 0
        for name in linked:
            targets = fields.get(name)
            if targets:
                found += 1
                if mine.get(name) != list(map(self._number, targets)):
                    return False
        return found == len(mine)

    def _expected(self, linked: tuple[str, ...], fields: dict[str, Any]) -> Links:
        number = self._number
        return {name: [number(t) for t in fields[name]] for name in linked if fields.get(name)}


def _beside(kind: str) -> str:
    """Return the select of a kind's records, each with whether its head is all there is, and its row."""
    names = ", ".join(f"x.{projection.quoted(c)}" for c in ("n", *projection.columns(kind)))
    return (
        "select r.n, r.id, r.state, r.heads, r.ref, e.operation = 'collection' and e.record = r.id "  # noqa: S608 - names of the table of kinds
        "and e.kind = r.kind and e.base = '[]' and r.heads = '[[' || e.desk || ',' || e.seq || ']]', "
        f"e.detail, p.body, {names} from record as r left join {projection.quoted(kind)} as x on x.n = r.n "
        "left join entry as e on e.desk = cast(substr(r.heads, 3) as integer) "
        "and e.seq = cast(substr(r.heads, instr(r.heads, ',') + 1) as integer) "
        "left join payload as p on p.desk = e.desk and p.seq = e.seq"
    )


def _stream(reader: Cipher, sql: str, parameters: tuple[object, ...]) -> Iterator[Row]:
    cursor = reader.execute(sql, parameters)
    while True:
        with spoken_errors():
            rows = cursor.fetchmany(_BATCH)
        if not rows:
            return
        yield from rows


def _hang(links: Links, field: str, place: int, target: int) -> None:
    """Put a link in its place; one with a gap before it counts as pointing nowhere."""
    held = links.setdefault(field, [])
    held.append(target if place == len(held) else -1)


class _Beside:
    """The links of a kind's records, read on beside them; both in order of their numbers."""

    def __init__(self, reader: Cipher, kind: str) -> None:
        sql = (
            "select l.source, l.field, l.place, l.target from link as l cross join record as r "
            "on r.n = l.source where r.kind = ? order by l.source, l.field, l.place"
        )
        self._rows = _stream(reader, sql, (kind,))
        self._next = next(self._rows, None)

    def of(self, n: int) -> Links:
        """Return the links of record number *n*."""
        link = self._next
        if link is None or link[0] > n:
            return _NONE
        held: Links = {}
        while link is not None and link[0] <= n:
            if link[0] == n:
                _hang(held, *link[1:])
            link = self._next = next(self._rows, None)
        return held
