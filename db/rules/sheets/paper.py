"""A sheet as plain text in 80 columns, as Markdown, and as flat rows for CSV."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from db.rules.charts import lines
from db.rules.sheets import HIDDEN, figure_cells, figures_header, is_number, said
from db.rules.text import one_line
from db.rules.widths import fitted, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.rules.sheets import Grid, Part, Sheet

WIDTH = lines.WIDTH
_VALUE = 13
_MARKUP = re.compile(r"[\\`*{}\[\]<>#|~]|(?<![a-z0-9])_|_(?![a-z0-9])")
COLUMNS = ("part", "id", "label", "row", "column", "value", "withheld", "definition")


def text(sheet: Sheet, *, drawn: bool = False, ascii: bool = False) -> Iterator[str]:
    """Return the lines of the sheet for a terminal or a printer; *drawn* puts charts for their tables."""
    yield f"{sheet.marked}\n\n"
    yield from wrapped(sheet.title)
    for name, value in sheet.facts:
        yield from wrapped(f"{name}: {said(value)}", 2)
    for part in sheet.parts:
        yield from _part_lines(sheet, part, drawn, ascii)
    if sheet.notes:
        yield "\nNotes\n"
    for note in sheet.notes:
        yield from wrapped(note, 2, "- ")
    yield f"\n{sheet.marked}\n"


def _part_lines(sheet: Sheet, part: Part, drawn: bool, ascii: bool) -> Iterator[str]:
    yield f"\n{part.title}\n{('-' if ascii else '─') * min(width(part.title), WIDTH)}\n"
    for words in part.words:
        yield from wrapped(words)
    if part.figures and sheet.compared:
        yield _line("", ("this period", sheet.compared))
    for figure in part.figures:
        _, *numbers, definition = figure_cells(sheet, figure)
        yield _line(figure.label, numbers)
        yield from wrapped(str(definition), 4)
    for grid in part.grids:
        yield from _grid_lines(grid, drawn, ascii)


def _line(label: str, numbers: Sequence[object]) -> str:
    room = WIDTH - _VALUE * 2
    values = "".join(fitted(said(one), _VALUE - 1, right=True, more="~") + " " for one in numbers)
    return f"{fitted(label, room, more='~')}{values}".rstrip() + "\n"


def _grid_lines(grid: Grid, drawn: bool, ascii: bool) -> Iterator[str]:
    yield f"\n{grid.label}\n"
    yield from wrapped(grid.definition, 4)
    if not grid.rows:
        yield "  none\n"
    elif drawn and grid.chart is not None:
        yield from (f"  {line}".rstrip() + "\n" for line in lines.draw(grid.chart, WIDTH - 2, ascii=ascii))
    else:
        yield from _rows(grid)


def _rows(grid: Grid) -> Iterator[str]:
    """Print short cells as a table, and long ones each on lines of its own under its header."""
    rows = [[one_line(said(cell)) for cell in row] for row in grid.rows]
    widths = [max(width(line[i]) for line in (*rows, grid.header)) for i in range(len(grid.header))]
    if sum(widths) + 2 * len(widths) <= WIDTH:
        yield from (f"  {line}\n" for line in lines.table(grid.header, rows, WIDTH - 2))
        return
    for row in rows:
        yield from wrapped(f"{row[0]}", 2)
        for name, cell in zip(grid.header[1:], row[1:], strict=True):
            yield from wrapped(f"{name}: {cell}", 4)


def markdown(sheet: Sheet) -> Iterator[str]:
    """Return the sheet as Markdown; its first line is the marking."""
    yield f"# {sheet.marked}\n\n## {_escaped(sheet.title)}\n\n"
    yield "".join(f"- {_escaped(name)}: {_escaped(said(value))}\n" for name, value in sheet.facts)
    for part in sheet.parts:
        yield f"\n### {_escaped(part.title)}\n\n"
        for words in part.words:
            yield f"{_escaped(words)}\n\n"
        if part.figures:
            yield _md_table(figures_header(sheet), [figure_cells(sheet, one) for one in part.figures])
        for grid in part.grids:
            yield f"\n#### {_escaped(grid.label)}\n\n"
            yield f"{_escaped(grid.definition)}\n\n" if grid.definition else ""
            yield _md_table(grid.header, grid.rows) if grid.rows else "None.\n"
    if sheet.notes:
        yield "\n### Notes\n\n" + "".join(f"- {_escaped(note)}\n" for note in sheet.notes)
    yield f"\n{sheet.marked}\n"


def _md_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    numbers = [any(is_number(row[i]) for row in rows) for i in range(len(header))]
    made = [
        f"| {' | '.join(map(_escaped, header))} |",
        f"|{'|'.join('---:' if n else '---' for n in numbers)}|",
    ]
    made += [f"| {' | '.join(_escaped(said(cell)) for cell in row)} |" for row in rows]
    return "\n".join(made) + "\n"


def _escaped(words: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", one_line(words))


def flat(sheet: Sheet) -> list[dict[str, object]]:
    """Return every cell of the sheet as a row of one shape: facts, figures, tables, words, notes."""
    rows = [_flat("", "fact", name, value=value) for name, value in sheet.facts]
    for part in sheet.parts:
        rows += [_flat(part.title, "words", words) for words in part.words]
        for one in part.figures:
            rows.append(_flat(part.title, one.id, one.label, value=one.value, definition=one.definition))
            if sheet.compared:
                rows.append(_flat(part.title, one.id, one.label, column=sheet.compared, value=one.compare))
        for grid in part.grids:
            rows += [row for cells in grid.rows for row in _flat_cells(part, grid, cells)]
    return rows + [_flat("", "note", note) for note in sheet.notes]


def _flat_cells(part: Part, grid: Grid, cells: tuple[object, ...]) -> Iterator[dict[str, object]]:
    for name, cell in zip(grid.header[1:], cells[1:], strict=True):
        yield _flat(
            part.title,
            grid.id,
            grid.label,
            row=said(cells[0]),
            column=name,
            value=cell,
            definition=grid.definition,
        )


def _flat(part: str, id: str, label: str, **more: object) -> dict[str, object]:
    made: dict[str, object] = dict.fromkeys(COLUMNS)
    made |= {"part": part or None, "id": id, "label": label} | more
    if made["value"] is HIDDEN:
        made |= {"value": None, "withheld": True}
    elif isinstance(made["value"], date):
        made["value"] = made["value"].isoformat()
    return made


def wrapped(words: str, indent: int = 0, mark: str = "") -> Iterator[str]:
    """Break words into lines of 80 columns, indented; *mark* stands before the first."""
    start = " " * indent
    line = ""
    for word in one_line(words).split():
        if line and indent + width(line) + 1 + width(word) > WIDTH:
            yield f"{start[: indent - len(mark)]}{mark}{line}\n"
            line, mark = "", ""
        line = f"{line} {word}" if line else word
    if line:
        yield f"{start[: indent - len(mark)]}{mark}{line}\n"
