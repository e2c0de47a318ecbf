"""Charts as lines of text: bars and columns in eighths of a cell, or in ASCII; each with its value.

A count above nought always shows a mark, and what has no count shows its word and no mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rules.charts import Chart, Point
from db.rules.text import one_line
from db.rules.widths import fitted, width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH = 80
HEIGHT = 8
_ACROSS = " ▏▎▍▌▋▊▉█"
_UP = " ▁▂▃▄▅▆▇█"
_LEAST_BAR = 8
_GAP = 2


def plain(environ: Mapping[str, str]) -> bool:
    """Tell whether a terminal is better given ASCII: the Linux console, or a locale that is not UTF-8."""
    if environ.get("TERM") == "linux":
        return True
    said = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "utf-8")
    return "utf8" not in said.casefold().replace("-", "")


def draw(chart: Chart, room: int = WIDTH, *, ascii: bool = False, height: int = HEIGHT) -> list[str]:
    """Return the lines of a chart, none longer than *room* cells, without its title.

    Columns that find no room are drawn as bars; *room* is taken as 40 where it is less.
    """
    room = max(room, 40)
    chart = chart._replace(points=_cleaned(chart.points), before=_cleaned(chart.before))
    if not chart.points:
        return ["nothing to show"]
    if chart.before:
        return _paired(chart, room, ascii)
    if chart.over_time:
        short, key = _abbreviated(chart.points)
        each = max(width(word) for point in short for word in (*point.label.split(), point.words)) + 1
        if each * len(short) <= room:
            return [*_columns(chart._replace(points=short), each, ascii, height), *key]
    return _bars(chart, room, ascii)


def _cleaned(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(point._replace(label=one_line(point.label)) for point in points)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], room: int = WIDTH) -> list[str]:
    """Return the same figures as a table: the first column to the left, numbers to the right."""
    lines = [list(header), *map(list, rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(header))]
    widths[0] = max(6, min(widths[0], room - sum(widths[1:]) - _GAP * (len(widths) - 1)))
    return [
        (" " * _GAP)
        .join(fitted(one, widths[i], right=i > 0, more="~") for i, one in enumerate(line))
        .rstrip()
        for line in lines
    ]


def _bars(chart: Chart, room: int, ascii: bool) -> list[str]:
    label, said = _room_for(chart.points, room)
    bar = room - label - said - 2 * _GAP
    return [
        f"{fitted(point.label, label, more='~')}  {_bar(point, chart.top, bar, ascii)}  "
        f"{fitted(point.words, said, right=True)}"
        for point in chart.points
    ]


def _paired(chart: Chart, room: int, ascii: bool) -> list[str]:
    """Draw two bars a label, named; the second in another texture, not another colour."""
    name = max(map(width, chart.names))
    label, said = _room_for((*chart.points, *chart.before), room - name - _GAP)
    bar = room - label - name - said - 3 * _GAP
    lines = []
    for now, then in zip(chart.points, chart.before, strict=True):
        for point, which, first in ((now, chart.names[0], True), (then, chart.names[1], False)):
            drawn = _bar(point, chart.top, bar, ascii)
            if not first:
                drawn = _hatched(drawn, ascii)
            lines.append(
                f"{fitted(point.label if first else '', label, more='~')}  {fitted(which, name)}  {drawn}  "
                f"{fitted(point.words, said, right=True)}"
            )
    return lines


def _room_for(points: Sequence[Point], room: int) -> tuple[int, int]:
    """Return the cells that labels and values get; the bar keeps a few at least."""
    said = max(width(point.words) for point in points)
    most = max(6, min(room // 2, room - said - 2 * _GAP - _LEAST_BAR))
    return min(most, max(width(point.label) for point in points)), said


def _bar(point: Point, top: float, room: int, ascii: bool) -> str:
    eighths = _eighths(point.value, top, room)
    if ascii:
        return fitted("#" * -(-eighths // 8), room)
    return fitted("█" * (eighths // 8) + (_ACROSS[eighths % 8] if eighths % 8 else ""), room)


def _hatched(bar: str, ascii: bool) -> str:
    return "".join(char if char == " " else "-" if ascii else "░" for char in bar)


def _eighths(value: float | None, top: float, cells: int) -> int:
    if not value or top <= 0:
        return 0
    return max(1, int(value / top * cells * 8 + 0.5))


def _abbreviated(points: Sequence[Point]) -> tuple[tuple[Point, ...], list[str]]:
    """Return the points with a sign for what has no count, and the line that says what the signs mean."""
    words = list(dict.fromkeys(point.words for point in points if point.value is None))
    signs = dict(zip(words, "*-", strict=False))
    short = tuple(point._replace(said=signs.get(point.words, point.said)) for point in points)
    return short, [", ".join(f"{sign} {said}" for said, sign in signs.items())] if signs else []


def _columns(chart: Chart, each: int, ascii: bool, height: int) -> list[str]:
    drawn = [_column(point, chart.top, each - 1, ascii, height) for point in chart.points]
    lines = [" ".join(column[row] for column in drawn).rstrip() for row in range(height + 1)]
    while lines and not lines[0]:
        lines.pop(0)
    lines.append(("-" if ascii else "─") * (each * len(drawn) - 1))
    words = [point.label.split() for point in chart.points]
    for row in range(max(map(len, words), default=0)):  # a month stands over its year
        named = (_middle(word[row] if row < len(word) else "", each - 1) for word in words)
        lines.append(" ".join(fitted(word, each - 1) for word in named).rstrip())
    return lines


def _column(point: Point, top: float, room: int, ascii: bool, height: int) -> list[str]:
    """Return a column's cells from the top down: blanks, its value, its mark."""
    eighths = _eighths(point.value, top, height)
    full, rest = divmod(eighths, 8)
    thick = max(1, room - 2) if room > 3 else room
    block = "#" if ascii else "█"
    cells = [_middle(block * thick, room)] * full
    if rest:
        cells.append(_middle((block if ascii else _UP[rest]) * thick, room))
    cells.append(_middle(point.words, room))
    cells += [""] * (height + 1 - len(cells))
    return [fitted(cell, room) for cell in reversed(cells)]


def _middle(words: str, room: int) -> str:
    return " " * ((room - width(words)) // 2) + words
