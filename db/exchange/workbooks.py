"""A workbook's rows: one sheet, plain values, dates as dates. What hides a value or makes one is refused.

It is read row by row; entities, macros, and what swells when it is unpacked are stopped before that.
"""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from db.errors import Usage
from db.exchange.reading import Row, is_marked, is_marking, named_columns
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_UNPACKED_MOST = 300_000_000  # bytes of all parts, as the archive declares and its reader enforces
_SHARED_MOST = 100_000_000  # bytes of the texts, which are held whole
_PARTS_MOST = 2_000
_CHUNK = 1 << 16
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell[\s/>]")
_BATCH = 1000
_BROKEN = (
    *(KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, OverflowError, zipfile.BadZipFile, zlib.error, struct.error),
)


def rows(path: Path, kind: str) -> Iterator[Row]:
    """Yield the rows of the workbook's only sheet, each with the number a spreadsheet shows.

    Args:
        path: the file.
        kind: whose fields say which dates are days and which are times.

    Raises:
        Usage: it is no workbook, or holds what an import does not take; says what and where.
    """
    try:
        with path.open("rb") as file:  # the library leaves it open where it finds it broken
            _inspect(file)
            yield from _read(file, kind)
    except _BROKEN:
        raise Usage(
            "is not an XLSX workbook that can be read: save it anew, without a password, or as CSV"
        ) from None


def _inspect(file: IO[bytes]) -> None:
    """Look at the archive before anything in it is unpacked as a whole."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > _PARTS_MOST or sum(part.file_size for part in parts) > _UNPACKED_MOST:
            raise Usage("unpacks to far more than a sheet of records: save it as CSV")
        for part in parts:
            name = part.filename.lower()
            if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
                raise Usage("holds macros: save it as .xlsx without them, or as CSV")
            if name.endswith("sharedstrings.xml") and part.file_size > _SHARED_MOST:
                raise Usage("holds more text than is read at once: save it as CSV")
            if name.startswith("xl/worksheets/") and name.endswith(".xml") and _merges(archive, part):
                raise Usage("has merged cells: unmerge them, so that each row says what is its own")


def _merges(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            if _MERGED.search(tail + chunk):
                return True
            tail = chunk[-64:]
    return False


def _read(file: IO[bytes], kind: str) -> Iterator[Row]:
    import openpyxl
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    if not openpyxl.DEFUSEDXML:
        raise Usage("cannot be read safely here: OPENPYXL_DEFUSEDXML is switched off")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    try:
        states = [getattr(sheet, "sheet_state", "visible") for sheet in book.worksheets]
        hidden = sum(state != "visible" for state in states)
        if len(book.sheetnames) != 1 or hidden:
            also = f", {hidden} of them hidden" if hidden else ""
            raise Usage(f"holds {len(book.sheetnames)} sheets{also}: keep the one with the rows, visible")
        sheet = book.worksheets[0]
        assert isinstance(sheet, ReadOnlyWorksheet)  # noqa: S101 - as it was asked for
        sheet.reset_dimensions()
        yield from _shaped(_batched(sheet), kind)
    finally:
        book.close()


def _batched(sheet: Any) -> Iterator[Sequence[Any]]:
    """Yield the sheet's rows; what the library has to say of them meanwhile is not said."""
    cells = sheet.iter_rows()
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batch = list(islice(cells, _BATCH))
        if not batch:
            return
        yield from batch


def _shaped(lines: Iterator[Sequence[Any]], kind: str) -> Iterator[Row]:
    header: tuple[str, ...] = ()
    marked = False
    for number, cells in enumerate(lines, 1):
        values = [_plain(cell, number) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if not values:
            continue
        if not header:
            if str(values[0]).startswith("#"):
                marked |= is_marking(str(values[0]))
                continue
            header = named_columns(["" if value is None else str(value) for value in values])
            marked |= is_marked(header)
            continue
        if len(values) > len(header):
            raise Usage(f"row {number}: has a value beyond the last column that has a name")
        spoken = {
            name: _spoken(kind, name, value)
            for name, value in zip(header, values, strict=False)
            if value is not None
        }
        yield Row(number, spoken, marked)
    if not header:
        raise Usage("the file has no header row: its first row names the columns")


def _plain(cell: Any, number: int) -> Any:
    """Return a cell's value; blank text is none."""
    value = cell.value
    if cell.data_type == "f":
        raise Usage(f"row {number}, column {cell.column}: is a formula: paste the values in its place")
    if cell.data_type == "e":
        raise Usage(f"row {number}, column {cell.column}: is an error of the spreadsheet's: mend it there")
    return None if isinstance(value, str) and not value.strip() else value


def _spoken(kind: str, name: str, value: Any) -> Any:
    """Return a value as a file of text would have it: a day or a time in ISO 8601, a whole number as such."""
    field = KINDS[kind].field(name)
    how = field.type if field is not None else "text"
    if isinstance(value, datetime):
        at = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        days_only = how in ("date", "birth", "when", "text", "prose") and at.time() == time(0, 0)
        return at.date().isoformat() if days_only else at.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or how in ("whole", "flag"):
        return value
    return str(value)
