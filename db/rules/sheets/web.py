"""A sheet as one HTML file to print: no script, nothing from outside, every chart also in words.

The marking stands at the head and the foot of every printed page.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from db.rules.charts import vectors
from db.rules.sheets import Grid, figure_cells, figures_header, is_number, said
from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.rules.sheets import Part, Sheet

_STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; color: #1d2733; background: #fff; font: 15px/1.45 system-ui, "Segoe UI", Arial, sans-serif }
.paper { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; display: flex; flex-direction: column }
.paper > footer { order: 1 }
.mark { text-align: center; font-weight: 700; letter-spacing: .04em; padding: .6rem 0; font-size: .85rem }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .4rem 0 .8rem }
h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; border-bottom: 2px solid #1d2733; padding-bottom: .2rem }
h3 { font-size: 1rem; margin: 1.3rem 0 .3rem }
p { margin: .3rem 0; max-width: 46rem }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 1rem }
dl.facts dt { font-weight: 600 }
dl.facts dd { margin: 0 }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 .8rem }
th, td { text-align: left; vertical-align: top; padding: .28rem .6rem .28rem 0 }
th, td { border-bottom: 1px solid #b9c1ca }
thead th { border-bottom: 2px solid #1d2733 }
tbody th { font-weight: 600 }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1.2rem }
td.number { white-space: nowrap }
.figures td:last-child { font-size: .88em; color: #3c4855; width: 46% }
.dense { font-size: .8em; line-height: 1.3 }
.dense td:nth-child(2):not(.number) { width: 32% }
.pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; align-items: start }
.stack figure { max-width: 32rem }
figure { margin: .4rem 0 }
svg { width: 100%; height: auto; display: block }
.definition, .note { font-size: .88em; color: #3c4855 }
@media (max-width: 44rem) { .pair { display: block } .figures td:last-child { width: auto } }
@page { size: A4; margin: 12mm 14mm }
@media print {
  body { font-size: 10pt }
  .paper { display: table; width: 100%; max-width: none; padding: 0 }
  .paper > header { display: table-header-group; break-inside: avoid }
  .paper > footer { display: table-footer-group; break-inside: avoid }
  .paper > main { display: table-row-group }
  h1 { font-size: 1.3rem }
  h2 { margin-top: .8rem }
  h3 { margin-top: .8rem }
  th, td { padding-top: .15rem; padding-bottom: .15rem }
  th.number, td.number { padding-right: .8rem }
  h1, h2, h3, p, .definition { break-after: avoid }
  tr, p, figure, .keep { break-inside: avoid }
  thead { display: table-header-group }
}
"""
_FEW = 5  # columns; a table of more is set smaller
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(sheet: Sheet) -> Iterator[str]:
    """Return the sheet as one HTML document."""
    mark = _text(sheet.marked)
    yield (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(sheet.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body>\n<div class="paper">\n<header><div class="mark">{mark}</div></header>\n'
        f'<footer><div class="mark">{mark}</div></footer>\n<main>\n<h1>{_text(sheet.title)}</h1>\n'
    )
    facts = "".join(f"<dt>{_text(name)}</dt><dd>{_text(said(value))}</dd>" for name, value in sheet.facts)
    yield f'<dl class="facts">{facts}</dl>\n'
    for part in sheet.parts:
        yield from _part(sheet, part)
    if sheet.notes:
        notes = "".join(f"<li>{_text(note)}</li>" for note in sheet.notes)
        yield f'<section><h2>Notes</h2><ul class="note">{notes}</ul></section>\n'
    yield "</main>\n</div>\n</body>\n</html>\n"


def _part(sheet: Sheet, part: Part) -> Iterator[str]:
    yield f"<section>\n<h2>{_text(part.title)}</h2>\n"
    for words in part.words:
        yield f"<p>{_text(words)}</p>\n"
    if part.figures:
        rows = [figure_cells(sheet, figure) for figure in part.figures]
        yield _table(figures_header(sheet), rows, "figures", part.title)
    for grid in part.grids:
        yield from _grid(grid)
    yield "</section>\n"


def _grid(grid: Grid) -> Iterator[str]:
    short = len(grid.rows) <= (20 if len(grid.header) <= _FEW else 8)
    yield f"<div{' class=keep' if short else ''}>\n<h3>{_text(grid.label)}</h3>\n"
    if grid.definition:
        yield f'<p class="definition">{_text(grid.definition)}</p>\n'
    if not grid.rows:
        yield "<p>None.</p>\n</div>\n"
        return
    kind = "grid" if len(grid.header) <= _FEW else "grid dense"
    table = _table(grid.header, grid.rows, kind, grid.label)
    if grid.chart is None:
        yield table
    else:
        beside = "pair" if len(grid.header) <= 3 else "stack"
        yield f'<div class="{beside}"><figure>{vectors.drawn(grid.chart)}</figure>{table}</div>\n'
    yield "</div>\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[object]], kind: str, name: str) -> str:
    """Return a table; a column is set as numbers where any cell of it is one, or all are empty."""
    columns = [[row[place] for row in rows] for place in range(len(header))]
    numbers = [
        any(is_number(cell) for cell in column) or all(cell is None for cell in column) for column in columns
    ]
    head = "".join(
        f'<th scope="col"{_class(number)}>{_text(one)}</th>'
        for one, number in zip(header, numbers, strict=True)
    )
    body = "".join(f"<tr>{_row(row, numbers)}</tr>\n" for row in rows)
    label = escape(one_line(name), quote=True)
    return (
        f'<table class="{kind}" aria-label="{label}"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{body}</tbody></table>\n"
    )


def _row(row: Sequence[object], numbers: Sequence[bool]) -> str:
    first = f'<th scope="row">{_text(said(row[0]))}</th>'
    return first + "".join(
        f"<td{_class(number)}>{_text(said(cell))}</td>"
        for cell, number in zip(row[1:], numbers[1:], strict=True)
    )


def _class(number: bool) -> str:
    return ' class="number"' if number else ""


def _text(words: object) -> str:
    return escape(one_line(str(words)))
