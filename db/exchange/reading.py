"""Files as rows: CSV, NDJSON, JSON (UTF-8, with BOM or UTF-16) and XLSX; streamed, never guessed at.

A fault names the row and what is wrong with it, never a value. What an export leaves out stands in it as
null, so that null in a marked file says nothing of its field, as an empty cell does, and who is missing from
a list of people was not taken off it.
"""

from __future__ import annotations

import csv
import io
import json
from hashlib import blake2b
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from db.errors import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMATS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json", ".xlsx": "xlsx"}
_LINE_MOST = 4_000_000  # characters
_BATCH_BYTES = 8_000_000
_JSON_MOST = 64_000_000  # bytes: an array is read whole
SIDECAR = ".marking.json"  # behind a file's name: its marking, where that stands beside it


class Row(NamedTuple):
    """One row of a file: its line or record number as an editor counts it, and its keys.

    ``marked``, here and of a sheet: it is of an export of ours, which may have left something out of it.
    """

    number: int
    raw: dict[str, Any]
    marked: bool = False


class Sheet(NamedTuple):
    """Some rows of a CSV: its columns, and of each row the number of its (last) line and its cells."""

    columns: tuple[str, ...]
    numbers: list[int]
    cells: list[list[str]]
    marked: bool = False


class Source:
    """A file being read once: its rows, how far it is, and a digest of its bytes at the end."""

    def __init__(self, path: Path, kind_of_file: str | None = None) -> None:
        self._path = path
        self.format = kind_of_file or FORMATS.get(path.suffix.lower(), "")
        if not self.format:
            raise Usage(
                "the file's format is not known from its name; it takes .csv, .ndjson, .json or .xlsx"
            )
        try:
            self._file: IO[bytes] = path.open("rb")
            self.size = path.stat().st_size
        except OSError as error:
            raise Usage(f"that file cannot be read ({(error.strerror or 'error').lower()})") from None
        if self.format == "json" and self.size > _JSON_MOST:
            raise Usage(f"{path.name}: is too large to be read whole: save it as NDJSON, one object a line")
        self._tap = _Tap(self._file)
        self._marked = path.with_name(path.name + SIDECAR).exists()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def done(self) -> int:
        """Return the bytes read so far."""
        return self._tap.count

    def digest(self) -> str:
        """Return the BLAKE2b-128 of the bytes read, in hex; whole once the rows are at an end."""
        return self._tap.hash.hexdigest()

    def read_through(self) -> None:
        """Read the bytes for their digest alone."""
        while self._tap.read(1 << 20):
            continue

    def batches(self, size: int, kind: str) -> Iterator[Sheet | list[Row]]:
        """Yield the rows of a kind, up to *size* at a time; a marking in front is passed over.

        Raises:
            Usage: the file is not what its name says, by row.
        """
        if self.format == "csv":
            for sheet in self._spoken(_sheets(self._lines(), size, self._tap)):
                yield sheet._replace(marked=sheet.marked or self._marked)
            return
        rows = self._workbook(kind) if self.format == "xlsx" else self.rows()
        while batch := list(islice(rows, size)):
            yield batch

    def rows(self) -> Iterator[Row]:
        """Yield the rows of an NDJSON or JSON file.

        Raises:
            Usage: the file is not what its name says, by row.
        """
        reader = _ndjson if self.format == "ndjson" else _json
        return self._spoken(reader(self._lines(), self._marked))

    def _workbook(self, kind: str) -> Iterator[Row]:
        """Yield the rows of a workbook, its bytes digested beforehand: they are not read in order."""
        from db.exchange import workbooks

        self.read_through()
        return (row._replace(marked=row.marked or self._marked) for row in workbooks.rows(self._path, kind))

    def _lines(self) -> IO[str]:
        encoding = _encoding(self._file)
        return io.TextIOWrapper(io.BufferedReader(self._tap, 1 << 16), encoding=encoding, newline="")

    def _spoken(self, read: Iterator[Any]) -> Iterator[Any]:
        try:
            yield from read
        except UnicodeError:
            raise Usage("is not UTF-8 or UTF-16 text: save it as UTF-8") from None


class _Tap(io.RawIOBase):
    """Counts and hashes the bytes that pass."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.count = 0
        self.hash = blake2b(digest_size=16)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        self.hash.update(data)
        return len(data)


def _encoding(file: IO[bytes]) -> str:
    start = file.read(4)
    file.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    return "utf-8-sig"


def _whole_lines(lines: IO[str]) -> Iterator[str]:
    """Yield the lines, each of a length that fits in memory and without what no text holds."""
    number = 0
    while line := lines.readline(_LINE_MOST):
        number += 1
        if "\0" in line:
            raise Usage(f"row {number}: holds a NUL character: save the file as UTF-8 text")
        if len(line) == _LINE_MOST:
            raise Usage(f"row {number}: is longer than {_LINE_MOST} characters")
        yield line


def _sheets(lines: IO[str], size: int, tap: _Tap) -> Iterator[Sheet]:
    csv.field_size_limit(_LINE_MOST)
    reader = csv.reader(_whole_lines(lines), strict=True)
    try:
        header, marked = _header(reader)
        numbers: list[int] = []
        cells: list[list[str]] = []
        wide, begun = len(header), tap.count
        for row in reader:
            if len(row) != wide:
                if not row:
                    continue
                raise Usage(f"row {reader.line_num}: has {len(row)} cells, the header has {wide}")
            numbers.append(reader.line_num)
            cells.append(row)
            if len(cells) >= size or tap.count - begun > _BATCH_BYTES:
                yield Sheet(header, numbers, cells, marked)
                numbers, cells, begun = [], [], tap.count
    except csv.Error:
        raise Usage(
            f"row {reader.line_num}: is not CSV: a quote is not closed, or stands where none may"
        ) from None
    if cells:
        yield Sheet(header, numbers, cells, marked)


def _header(reader: Any) -> tuple[tuple[str, ...], bool]:
    marked = False
    for cells in reader:
        if cells and not cells[0].startswith("#"):
            header = named_columns(cells)
            return header, marked or is_marked(header)
        marked |= bool(cells) and is_marking(cells[0])
    raise Usage("the file has no header row: its first line names the columns")


def named_columns(cells: list[str]) -> tuple[str, ...]:
    """Return the names in a header row.

    Raises:
        Usage: one is missing, or stands there twice.
    """
    header = tuple(name.strip().lower() for name in cells)
    if "" in header:
        raise Usage(f"column {header.index('') + 1}: has no name in the header row")
    twice = next((place for place, name in enumerate(header, 1) if name in header[: place - 1]), None)
    if twice is not None:
        raise Usage(f"column {twice}: its name stands twice in the header row")
    return header


_MARKED = frozenset(("marking", "release"))


def is_marking(cell: str) -> bool:
    """Tell whether a cell in front of the header is the marking of an export of ours."""
    return cell.startswith("#") and " release=" in cell


def is_marked(names: Iterable[str]) -> bool:
    """Tell whether each row has the columns in which an export of ours is marked."""
    return _MARKED.issubset(names)


def _row(number: int, raw: dict[str, Any], *, marked: bool) -> Row:
    """Return a row that says all of it, or, in an export of ours, what is neither null nor empty."""
    if not marked and not is_marked(raw):
        return Row(number, raw)
    said = {key: value for key, value in raw.items() if value is not None and value != []}
    return Row(number, said, marked=True)


def _ndjson(lines: IO[str], marked: bool) -> Iterator[Row]:
    for number, line in enumerate(_whole_lines(lines), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except (ValueError, RecursionError) as error:
            where = f", character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
            raise Usage(f"row {number}{where}: is not JSON") from None
        if not isinstance(raw, dict):
            raise Usage(f"row {number}: is not a JSON object")
        if number == 1 and raw.keys() == _MARKED:
            marked = True
            continue
        yield _row(number, raw, marked=marked)


def _json(lines: IO[str], marked: bool) -> Iterator[Row]:
    try:
        body = json.load(lines)
    except UnicodeError:
        raise
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file"
        raise Usage(f"{where}: is not JSON") from None
    marked |= isinstance(body, dict) and is_marked(body)
    if isinstance(body, dict) and "rows" in body:
        body = body["rows"]
    if not isinstance(body, list):
        raise Usage("the file is not a JSON array of objects")
    for number, raw in enumerate(body, 1):
        if not isinstance(raw, dict):
            raise Usage(f"row {number}: is not a JSON object")
        yield _row(number, raw, marked=marked)
