"""An export or a list as a real spreadsheet: dates are dates, the header stays in sight, nothing is run.

Made in memory: no temporary file ever holds a row. No cell is a formula or a link, whatever stands in it.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Refused
from db.rules import periods
from db.rules.cells import cell
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from db.exchange.exporting import Export
    from db.exchange.handing import Form

_CELL_MOST = 32_767  # characters, Excel's own limit
_ROWS_MOST = 1_048_000
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FIRST_YEAR = 1901  # Excel's calendar has a day too many in 1900
_WIDTHS = {"at": 17, "narrative": 60, "mentions": 40}


def written(export: Export, form: Form) -> bytes:
    """Return the bytes of a workbook of one sheet.

    Raises:
        Refused: more rows, or longer text, than a spreadsheet takes.
    """
    marked = f"{export.marking} release={export.release}"
    page = _Page(export.kind, export.rows, export.header, marked if form.marking == "first-line" else "")

    def say(book: Any, sheet: Any) -> None:
        book.set_properties({"comments": marked})
        sheet.set_header(f"&C{export.marking}")
        sheet.set_footer(f"&C{export.marking} {export.release}&R&P")

    return _book(page, say)


def listed(kind: str, rows: Sequence[Mapping[str, Any]], header: Sequence[str], first: str = "") -> bytes:
    """Return the bytes of a workbook of one sheet, of what a command lists.

    Args:
        kind: whose fields are typed; "" where it is of no kind.
        rows: flat objects.
        header: what is shown of them, in order.
        first: what stands in a line before the header.

    Raises:
        Refused: more rows, or longer text, than a spreadsheet takes.
    """
    return _book(_Page(kind, rows, header, first), lambda book, sheet: sheet.set_footer("&R&P"))


class _Page(NamedTuple):
    """What stands on a sheet: a kind or none, its rows, its columns, a line before them."""

    kind: str
    rows: Sequence[Mapping[str, Any]]
    header: Sequence[str]
    first: str


def _book(page: _Page, say: Callable[[Any, Any], None]) -> bytes:
    """Return the bytes of a workbook of one sheet; *say* sets what stands around it."""
    import xlsxwriter

    if len(page.rows) > _ROWS_MOST:
        raise Refused(f"a spreadsheet takes {_ROWS_MOST} rows and these are more: write CSV or NDJSON")
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, _OPTIONS)
    sheet = book.add_worksheet(page.kind or "list")
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    top = 0
    if page.first:
        sheet.write_string(0, 0, f"# {page.first}", bold)
        top = 1
    for column, name in enumerate(page.header):
        sheet.write_string(top, column, name, bold)
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
    typed = [_typed(page.kind, name) for name in page.header]
    for number, row in enumerate(page.rows, top + 1):
        for column, name in enumerate(page.header):
            _write(sheet, (number, column), typed[column](row.get(name)), formats)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + max(len(page.rows), 1), max(len(page.header), 1) - 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    say(book, sheet)
    book.close()
    return held.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: Any, formats: dict[type[date], Any]) -> None:
    if value is None or value == "":
        return
    if type(value) in formats:
        sheet.write_datetime(*place, value, formats[type(value)])
    elif type(value) in (int, float):
        sheet.write_number(*place, value)
    elif len(value) > _CELL_MOST:
        raise Refused(f"a cell takes {_CELL_MOST} characters and this text is longer: write CSV or NDJSON")
    else:
        sheet.write_string(*place, value)


def _typed(kind: str, name: str) -> Callable[[Any], Any]:
    """Return what makes a field's value a spreadsheet's own: a date, a local time, a number or text."""
    field = KINDS[kind].field(name) if kind else None
    how: dict[str, Callable[[Any], Any]] = {
        "date": _day,
        "birth": _day,
        "instant": _moment,
        "when": _either,
        "whole": int,
    }
    made = how.get(field.type) if field is not None else None
    return lambda value: None if value is None else made(value) if made is not None else _untyped(value)


def _untyped(value: Any) -> int | float | str:
    return value if type(value) in (int, float) else "" if value == [] else cell(value)


def _day(value: str) -> date | str:
    try:
        found = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return value
    return found if found is not None and found.year >= _FIRST_YEAR else value


def _moment(value: str) -> datetime | str:
    """Return a local time without its offset; with it, as text, in the hour that comes twice in October."""
    local = datetime.fromisoformat(value).replace(tzinfo=None)
    at = int(datetime.fromisoformat(value).astimezone(UTC).timestamp())
    return local if periods.instants(local) == [at] and local.year >= _FIRST_YEAR else value


def _either(value: str) -> date | datetime | str:
    """Return a date or a time; midnight as text, for a spreadsheet could not tell it from the day."""
    if len(value) == 10:
        return _day(value)
    found = _moment(value)
    return value if isinstance(found, datetime) and (found.hour, found.minute) == (0, 0) else found
