"""Rows as fields in stored form: a sheet column by column where every cell is sound, else row by row.

An empty cell of a CSV says nothing of its field; in JSON null clears it, and what is absent says nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db import prompts, records, settings
from db.errors import BeechError, Refused, Usage
from db.exchange.reading import Row, Sheet
from db.exchange.references import References
from db.rules import readers, text, values, vocabulary
from db.rules.records import KINDS, Field
from db.vault import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from db.records import Record
    from db.vault.store import Store
    from db.vault.writing import Write

_TOLD = ("same_as",)  # what a list says of a record that is no field of its own
_OF_EXPORTS = ("marking", "release", "deleted")  # and what an export says of each of its rows
_SAID = frozenset((*_TOLD, *_OF_EXPORTS, prompts.STAFF))  # what is read and not kept
_KEPT = 2000
_REPORTS = ("engagement", "concern", "offender")  # what may tell of police or partner staff
# Printable ASCII with neither blank nor quote at its ends stands as it is: most text does, unread.
_plain = re.compile(r"[(-~](?:[ -~]*[!-~])?").fullmatch


class Read(NamedTuple):
    """A row as read: its number, its record's derived id, its spoken reference, what it sets."""

    number: int
    id: bytes | None
    ref: str | None
    fields: Record


class Bad(NamedTuple):
    """A row that a rule refuses, and why."""

    number: int
    why: str


class Reader:
    """Reads the rows of one kind."""

    def __init__(self, store: Store, tx: Write, kind: str) -> None:
        self._kind = kind
        self._now = records.local_now(store)
        self._added = settings.added(tx)
        self._references = References(store, tx, kind)
        self._derived = journal.deriver(store.id_key, kind)
        self.taken_out = 0
        self._readers: dict[str, Callable[[Any], Any]] = {}
        self._columns: dict[str, Callable[[Sequence[str]], list[Any]]] = {}

    @property
    def told_of_struck(self) -> bool:
        """Whether any row so far pointed at a record that was struck out."""
        return self._references.struck

    def read(self, batch: Sheet | list[Row]) -> list[Read | Bad]:
        """Return each row as read, or why it is refused.

        Raises:
            Usage: a column or key is not known.
            Refused: a column is one that is never held.
        """
        if not isinstance(batch, Sheet):
            for name in {name for row in batch for name in row.raw}:
                self._references.look_up(name, [row.raw.get(name) for row in batch])
            return [self._row(row) for row in batch]
        self._check_header(batch.columns)
        for name, column in zip(batch.columns, zip(*batch.cells, strict=True), strict=True):
            self._references.look_up(name, column)
        try:
            return self._sheet(batch)
        except BeechError:  # whose cell it is, reading by rows tells
            return [self._row(row, cells=True) for row in _rows(batch)]

    def _sheet(self, sheet: Sheet) -> list[Read | Bad]:
        names, full, sparse = [], [], []
        for name, cells in zip(sheet.columns, zip(*sheet.cells, strict=True), strict=True):
            column = self._column(name)(cells)
            if None in column:
                sparse.append((name, column))
            else:
                names.append(name)
                full.append(column)
        made: list[Record] = [dict(zip(names, row, strict=True)) for row in zip(*full, strict=True)]
        if not full:
            made = [{} for _ in sheet.numbers]
        for name, column in sparse:
            for fields, value in zip(made, column, strict=True):
                if value is not None:
                    fields[name] = value
        return [self._read(number, fields) for number, fields in zip(sheet.numbers, made, strict=True)]

    def _row(self, row: Row, *, cells: bool = False) -> Read | Bad:
        fields: Record = {}
        try:
            for key, value in records.arrange(self._kind, row.raw).items():
                read = self._reader(key)
                meant = None if value is None else read(value)
                if key not in _SAID:
                    fields[key] = meant
        except Usage as error:
            raise Usage(f"row {row.number}: {error}") from None
        except BeechError as error:
            self.taken_out += isinstance(error, _Staff)
            return Bad(row.number, str(error))
        if cells:
            fields = {key: value for key, value in fields.items() if value is not None}
        return self._read(row.number, fields)

    def _read(self, number: int, fields: Record) -> Read:
        ref = fields.pop("ref", None)
        external = records.external_of(self._kind, fields)
        if self._kind == "person":
            fields.pop("external_ref", None)
        return Read(number, None if external is None else self._derived(external), ref, fields)

    # columns and keys

    def _check_header(self, names: Sequence[str]) -> None:
        known = [name for name in names if self._is_known(name)]
        if not known and not any(map(vocabulary.forbidden, names)):
            # a file without a header: its first row may hold anything, and is not repeated
            takes = ", ".join(f.name for f in KINDS[self._kind].fields)
            raise Usage(f"the first line names no column of {self._kind}: it takes {takes}")
        for name in names:
            self._reader(name)

    def _is_known(self, name: str) -> bool:
        return name in ("ref", "external_ref", *_SAID) or KINDS[self._kind].field(name) is not None

    def _reader(self, key: str) -> Callable[[Any], Any]:
        """Return what reads a key's raw values, made once."""
        read = self._readers.get(key)
        if read is None:
            read = self._readers[key] = self._made(key)
        return read

    def _made(self, key: str) -> Callable[[Any], Any]:
        field, now = KINDS[self._kind].field(key), self._now
        if field is None:
            if key in _OF_EXPORTS or (key in _TOLD and self._kind in records.MERGED):
                return lambda raw: None
            if key == "ref" or (key == "external_ref" and self._kind == "person"):
                return lambda raw: records.one_ref(key, raw)
            if key == "vehicles" and self._kind == "offender":
                from db import watchlist

                return lambda raw: watchlist.read(raw, now)
            if key == prompts.STAFF and self._kind in _REPORTS:
                return _staff
            values.refuse_unknown(key, self._kind, heads_a_column=True)
            raise AssertionError("refused above")
        if field.type in ("ref", "refs"):
            return self._references.reader(field)
        read = values.reader(field, self._added)
        return lambda raw: read(raw, now)

    def _column(self, name: str) -> Callable[[Sequence[str]], list[Any]]:
        """Return what reads a column's cells, made once; an empty one is None."""
        column = self._columns.get(name)
        if column is None:
            field = KINDS[self._kind].field(name)
            column = self._columns[name] = _column(self._reader(name), field)
        return column


class _Staff(Refused):
    """A row tells of police or partner staff: nothing of it is kept."""


def _staff(raw: Any) -> None:
    if prompts.is_staff(raw):
        raise _Staff(vocabulary.stop(prompts.STAFF))


def _column(read: Callable[[Any], Any], field: Field | None) -> Callable[[Sequence[str]], list[Any]]:
    def one(cell: str) -> Any:
        if not cell or cell.isspace():
            return None
        return read(text.unshield_cell(cell) if cell[0] == "'" else cell)

    if field is None or field.type == "instant":
        return lambda cells: list(map(one, cells))
    if field.type != "prose" and field.name != "external_ref":
        known = _Known(one)
        return lambda cells: list(map(known.__getitem__, cells))
    most = readers.longest(field)
    return lambda cells: [cell if _plain(cell) and len(cell) <= most else one(cell) for cell in cells]


class _Known(dict[str, Any]):
    """What a column's cells mean, each different one read only once while they are few."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        value = self._read(cell)
        if len(self) < _KEPT:
            self[cell] = value
        return value


def _rows(sheet: Sheet) -> list[Row]:
    return [
        Row(
            number,
            {
                name: text.unshield_cell(cell)
                for name, cell in zip(sheet.columns, cells, strict=True)
                if cell and not cell.isspace()
            },
        )
        for number, cells in zip(sheet.numbers, sheet.cells, strict=True)
    ]
