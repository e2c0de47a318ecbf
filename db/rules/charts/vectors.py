"""Charts as SVG inside a page: nothing from outside, no script, no fill by reference.

Each has role=img, a title and the whole chart in words. The second series is an outline, not another colour.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from db.rules.charts import alternative
from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.rules.charts import Chart, Point

_ROW, _THICK, _LABEL, _BAR, _SAID = 22, 13, 170, 210, 70
_WIDE = _LABEL + _BAR + _SAID
_TALL, _FOOT = 130, 34
_LETTERS = 27  # of a label, what finds room at its size
_INK, _PAPER = "#1d2733", "#ffffff"


def drawn(chart: Chart) -> str:
    """Return the chart as one svg element that scales with the page."""
    marks, height = _columns(chart) if chart.over_time and _narrow(chart) else _bars(chart)
    name = f"chart-{_escape(chart.id)}"
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-words" viewBox="0 0 {_WIDE} {height}" '
        f'width="{_WIDE}" height="{height}" font-size="11" font-family="sans-serif">'
        f'<title id="{name}-title">{_escape(chart.title)}</title>'
        f'<desc id="{name}-words">{_escape(alternative(chart))}</desc>'
        f"{''.join(marks)}{''.join(_key(chart, height))}</svg>"
    )


def _escape(words: str) -> str:
    """Return words as they stand in a page: cleaned, and no markup."""
    return html.escape(one_line(words))


def _narrow(chart: Chart) -> bool:
    return len(chart.points) <= 13


def _series(chart: Chart) -> Iterator[tuple[int, int, Point, bool]]:
    """Yield place, which of how many, the point, and whether it is of the second series."""
    for place, point in enumerate(chart.points):
        yield place, 0, point, False
        if chart.before:
            yield place, 1, chart.before[place], True


def _bars(chart: Chart) -> tuple[list[str], int]:
    rows = 2 if chart.before else 1
    marks = []
    for place, which, point, second in _series(chart):
        middle = _ROW * (place * rows + which) + _ROW // 2
        if not second:
            marks.append(_words(_LABEL - 8, middle + 4, _short(point.label), "end"))
        long = round(_part(chart, point) * _BAR, 1)
        if long:
            marks.append(_box(_LABEL, middle - _THICK / 2, long, _THICK, second))
        marks.append(_words(_LABEL + long + 6, middle + 4, point.words))
    marks.append(_line(_LABEL, 0, _LABEL, _ROW * rows * len(chart.points)))
    return marks, _ROW * (rows * len(chart.points) + bool(chart.before))


def _columns(chart: Chart) -> tuple[list[str], int]:
    each = _WIDE / max(len(chart.points), 1)
    thick = min(30.0, each / (3 if chart.before else 2))
    floor = _TALL + 14
    marks = []
    for place, which, point, second in _series(chart):
        left = each * place + (each - thick * (2 if chart.before else 1)) / 2 + thick * which
        tall = round(_part(chart, point) * _TALL, 1)
        if tall:
            marks.append(_box(round(left, 1), floor - tall, round(thick, 1), tall, second))
        sign = point.words if point.value is not None else "*" if point.said else "-"
        marks.append(_words(left + thick / 2, floor - tall - 3, sign, "middle", 9))
        if not second:
            for row, word in enumerate(point.label.split()):
                marks.append(_words(each * (place + 0.5), floor + 12 + 11 * row, word, "middle", 10))
    marks.append(_line(0, floor, _WIDE, floor))
    return marks, floor + _FOOT + (_ROW if chart.before else 0)


def _key(chart: Chart, height: int) -> Iterator[str]:
    if not chart.before:
        return
    for place, name in enumerate(chart.names):
        left = _LABEL * (place + 0.3)
        yield _box(left, height - 14, 10, 10, place == 1)
        yield _words(left + 15, height - 5, name)


def _part(chart: Chart, point: Point) -> float:
    return max(point.value / chart.top, 0.004) if point.value and chart.top > 0 else 0.0


def _short(label: str) -> str:
    label = one_line(label)
    return label if len(label) <= _LETTERS else label[: _LETTERS - 1] + "…"


def _box(left: float, top: float, wide: float, tall: float, second: bool) -> str:
    fill = _PAPER if second else _INK
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{tall:g}" fill="{fill}" '
        f'stroke="{_INK}" stroke-width="1.2"/>'
    )


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}" stroke="{_INK}"/>'


def _words(x: float, y: float, words: str, anchor: str = "start", size: int = 11) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{_INK}">'
        f"{_escape(words)}</text>"
    )
