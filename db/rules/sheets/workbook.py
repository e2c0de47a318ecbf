"""A sheet as a workbook: a page for each part with native charts, the definitions on a page of their own.

Made in memory, without formulas or links; counts are numbers, days are dates, what is withheld is a word.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from db.rules.charts import alternative
from db.rules.sheets import figure_cells, figures_header, is_number, said
from db.rules.text import one_line

if TYPE_CHECKING:
    from db.rules.sheets import Grid, Part, Sheet

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NAME_MOST = 31  # letters of a page's name that Excel takes
_WIDTHS = (44, 16, 16, 60)
_LINE, _TITLE = 15, 22  # points of a line of text, of a title
_DENSE = 1.0  # letters that surely fit into a unit of a column's width, in whatever font stands in for ours
_CHART_ROW, _CHART_LEAST = 20, 13  # a row's pixels; the rows that a chart needs at least
_PIXELS, _CHART_WIDTH = 7, 560  # of a unit of a column's width; of a chart where there is room
_NARROW = 8  # a column that nobody gave a width
_INK = "#1D2733"


class _Page:
    """A page of the workbook, written from the top down."""

    def __init__(self, book: Any, name: str, sheet: Sheet, styles: dict[str, Any]) -> None:
        self.book, self.styles, self.row = book, styles, 0
        self.widths = list(_WIDTHS)
        self.page = book.add_worksheet(name)
        mark = one_line(sheet.marked).replace("&", "&&")[:120]
        self.page.set_header(f"&C&B{mark}")
        self.page.set_footer(f"&C&B{mark}&R&P / &N")
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        for column, room in enumerate(_WIDTHS):
            self.widen(column, room)
        self.line(sheet.marked, style="mark")

    def widen(self, column: int, room: int) -> None:
        """Give a column its width."""
        self.page.set_column(column, column, room)
        self.widths[column] = room

    def line(self, *cells: object, style: str = "text") -> None:
        """Write one row, as high as its longest cell: not every program fits a row's height by itself."""
        lines = [1]
        for column, cell in enumerate(cells):
            self.cell(column, cell, style)
            lines.append(_lines(cell, self.widths[column] if column < len(self.widths) else _NARROW))
        wrapped = style in ("text", "head")
        self.page.set_row(self.row, _LINE * max(lines) if wrapped else _TITLE if style == "title" else _LINE)
        self.row += 1

    def words(self, text: str) -> None:
        """Write a text over all columns."""
        self.page.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, "", self.styles["text"])
        self.cell(0, text, "text")
        self.page.set_row(self.row, _LINE * _lines(text, sum(self.widths)))
        self.row += 1

    def cell(self, column: int, cell: object, style: str) -> None:
        """Write one cell by its type."""
        if is_number(cell):
            kind = "number" if isinstance(cell, int) else "part"
            self.page.write_number(self.row, column, cell, self.styles[kind])
        elif isinstance(cell, date):
            self.page.write_datetime(self.row, column, cell, self.styles["date"])
        else:
            self.page.write_string(self.row, column, one_line(said(cell)), self.styles[style])


def _lines(cell: object, room: int) -> int:
    """Return how many lines a cell takes in a column of that width."""
    return max(1, len(wrap(one_line(said(cell)), max(1, int(_DENSE * room))))) if isinstance(cell, str) else 1


def book(sheet: Sheet, made_on: date) -> bytes:
    """Return the workbook's bytes; *made_on* stands in its properties instead of a clock."""
    import xlsxwriter

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    made = xlsxwriter.Workbook(held, options)
    made.set_properties(
        {
            "title": one_line(sheet.title),
            "category": one_line(sheet.marked),
            "created": datetime.combine(made_on, datetime.min.time()),
        }
    )
    styles = _styles(made)
    _front(_Page(made, "Report", sheet, styles), sheet)
    taken = {"report", "definitions", "history"}  # the last is Excel's own
    for part in sheet.parts:
        _part(_Page(made, _page_name(part.title, taken), sheet, styles), sheet, part)
    _definitions(_Page(made, "Definitions", sheet, styles), sheet)
    made.close()
    return held.getvalue()


def _styles(made: Any) -> dict[str, Any]:
    wrapped = {"text_wrap": True, "valign": "top"}
    return {
        "mark": made.add_format({"bold": True}),
        "title": made.add_format({"bold": True, "font_size": 16}),
        "head": made.add_format({"bold": True, "bottom": 1} | wrapped),
        "text": made.add_format(wrapped),
        "number": made.add_format({"num_format": "#,##0", "valign": "top"}),
        "part": made.add_format({"num_format": "#,##0.0", "valign": "top"}),
        "date": made.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"}),
    }


def _page_name(title: str, taken: set[str]) -> str:
    """Return a page's name that Excel takes and no other page has."""
    plain = " ".join(_FORBIDDEN.sub(" ", one_line(title)).split())[:_NAME_MOST].strip() or "Part"
    name, number = plain, 2
    while name.casefold() in taken:
        name = f"{plain[: _NAME_MOST - 3]} {number}"
        number += 1
    taken.add(name.casefold())
    return name


def _front(page: _Page, sheet: Sheet) -> None:
    page.line(sheet.title, style="title")
    for name, value in sheet.facts:
        page.line(name, value)
    if sheet.notes:
        page.row += 1
        page.line("Notes", style="head")
    for note in sheet.notes:
        page.words(note)


def _part(page: _Page, sheet: Sheet, part: Part) -> None:
    page.line(part.title, style="title")
    for words in part.words:
        page.words(words)
    if part.figures:
        page.row += 1
        page.line(*figures_header(sheet), style="head")
    for figure in part.figures:
        page.line(*figure_cells(sheet, figure))
    for grid in part.grids:
        page.row += 1
        _grid(page, grid)


def _grid(page: _Page, grid: Grid) -> None:
    page.line(grid.label, style="head")
    if not grid.rows:
        page.line("None.")
        return
    page.line(*grid.header, style="head")
    first = page.row
    for row in grid.rows:
        page.line(*row)
    if grid.chart is not None:
        _chart(page, grid, first)
        page.row = max(page.row, first + _CHART_LEAST)


def _chart(page: _Page, grid: Grid, first: int) -> None:
    """Put a native chart beside a table: its series are the table's columns of numbers."""
    assert grid.chart is not None  # noqa: S101 - asked by the caller
    last, name = first + len(grid.rows) - 1, page.page.get_name()
    kind = "column" if grid.chart.over_time else "bar"
    chart = page.book.add_chart({"type": kind})
    for column in range(1, 3 if grid.chart.before else 2):
        second = column == 2
        chart.add_series(
            {
                "name": [name, first - 1, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": {"color": "#FFFFFF" if second else _INK},
                "border": {"color": _INK, "width": 1},
                "data_labels": {"value": True},
            }
        )
    chart.set_title({"name": one_line(grid.chart.title), "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"} if grid.chart.before else {"none": True})
    if kind == "bar":
        chart.set_y_axis({"reverse": True})
    beside = len(grid.header)  # in the columns that a narrow table leaves free, else right of everything
    width = _PIXELS * sum(page.widths[beside:]) if beside < len(page.widths) else _CHART_WIDTH
    chart.set_size({"width": width, "height": max(_CHART_LEAST, len(grid.rows) + 4) * _CHART_ROW})
    page.page.insert_chart(first - 1, beside, chart, {"description": alternative(grid.chart)})


def _definitions(page: _Page, sheet: Sheet) -> None:
    page.widen(1, 40)
    page.widen(2, 90)
    page.line("id", "name", "what it counts", style="head")
    for row in sheet.definitions():
        page.line(*row)
