"""Files as rows: CSV, NDJSON and JSON, in UTF-8, with BOM or UTF-16; streamed, never guessed at.

A fault names the row and what is wrong with it, never a value.
"""

from __future__ import annotations

import csv
import io
import json
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from db.errors import Usage
from db.rules import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json"}
_CELL_MOST = 1_000_000


class Row(NamedTuple):
    """One row of a file: its line or record number as an editor counts it, and its keys."""

    number: int
    raw: dict[str, Any]


class Source:
    """A file being read once: its rows, how far it is, and a digest of its bytes at the end."""

    def __init__(self, path: Path, kind_of_file: str | None = None) -> None:
        self._path = path
        self.format = kind_of_file or FORMATS.get(path.suffix.lower(), "")
        if not self.format:
            raise Usage(
                f"{path.name}: the format is not known from its name; it takes .csv, .ndjson or .json"
            )
        try:
            self._file: IO[bytes] = path.open("rb")
            self.size = path.stat().st_size
        except OSError as error:
            raise Usage(f"{path}: cannot be read ({(error.strerror or 'error').lower()})") from None
        self._tap = _Tap(self._file)

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

    def rows(self) -> Iterator[Row]:
        """Yield the rows; a marking in front is passed over.

        Raises:
            Usage: the file is not what its name says, by row.
        """
        encoding = _encoding(self._file)
        lines = io.TextIOWrapper(io.BufferedReader(self._tap, 1 << 16), encoding=encoding, newline="")
        reader = {"csv": _csv, "ndjson": _ndjson, "json": _json}[self.format]
        try:
            yield from reader(lines)
        except UnicodeError:
            raise Usage(f"{self._path.name}: is not {encoding} text: save it as UTF-8") from None


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


def _csv(lines: IO[str]) -> Iterator[Row]:
    csv.field_size_limit(_CELL_MOST)
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    unshield, split_from = text.unshield_cell, ("'",)
    try:
        for cells in reader:
            if header is None:
                if not cells or cells[0].startswith("#"):
                    continue
                header = [name.strip().lower() for name in cells]
                _check_header(header)
                continue
            if len(cells) != len(header):
                if not cells:
                    continue
                raise Usage(f"row {reader.line_num}: has {len(cells)} cells, the header has {len(header)}")
            yield Row(
                reader.line_num,
                {
                    name: unshield(cell) if cell.startswith(split_from) else cell
                    for name, cell in zip(header, cells, strict=True)
                    if cell
                },
            )
    except csv.Error as error:
        raise Usage(f"row {reader.line_num}: is not CSV ({error})") from None
    if header is None:
        raise Usage("the file has no header row: its first line names the columns")


def _check_header(header: list[str]) -> None:
    if "" in header:
        raise Usage(f"column {header.index('') + 1}: has no name in the header row")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise Usage(f"column {twice[:40]}: stands twice in the header row")


def _ndjson(lines: IO[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except (ValueError, RecursionError) as error:
            where = f", character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
            raise Usage(f"row {number}{where}: is not JSON") from None
        if not isinstance(raw, dict):
            raise Usage(f"row {number}: is not a JSON object")
        if number == 1 and "marking" in raw and "release" in raw:
            continue
        yield Row(number, raw)


def _json(lines: IO[str]) -> Iterator[Row]:
    try:
        body = json.load(lines)
    except UnicodeError:
        raise
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file"
        raise Usage(f"{where}: is not JSON") from None
    if isinstance(body, dict) and "rows" in body:
        body = body["rows"]
    if not isinstance(body, list):
        raise Usage("the file is not a JSON array of objects")
    for number, raw in enumerate(body, 1):
        if not isinstance(raw, dict):
            raise Usage(f"row {number}: is not a JSON object")
        yield Row(number, raw)
