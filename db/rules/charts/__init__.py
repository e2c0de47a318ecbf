"""Charts of counts: what one shows, told once; ``lines`` draws it in a terminal, ``vectors`` on a page.

A value stands in words beside its mark, and nothing is told by colour alone.
"""

from __future__ import annotations

from typing import NamedTuple

from db.rules.text import one_line

WITHHELD = "withheld"
NONE_HELD = "none held"


class Point(NamedTuple):
    """One mark: its label, its count (None where there is none to draw), and what is printed for it."""

    label: str
    value: float | None
    said: str = ""

    @property
    def words(self) -> str:
        """What is printed beside the mark."""
        return self.said or (NONE_HELD if self.value is None else f"{self.value:,}")


class Chart(NamedTuple):
    """One chart: bars of a breakdown, or columns over time, alone or beside a second series.

    ``names`` are those of the first and, where there is one, the second series.
    """

    id: str
    title: str
    points: tuple[Point, ...]
    over_time: bool = False
    before: tuple[Point, ...] = ()
    names: tuple[str, str] = ("", "")

    @property
    def top(self) -> float:
        """The largest count of either series; 0 where there is none."""
        return max((p.value for p in (*self.points, *self.before) if p.value is not None), default=0)


def alternative(chart: Chart) -> str:
    """Return the chart in words, each mark with its value: what a reader without the picture has."""
    title = one_line(chart.title)
    first = ", ".join(f"{one_line(point.label)} {point.words}" for point in chart.points)
    if not chart.before:
        return f"{title}: {first or 'nothing to show'}."
    pairs = ", ".join(
        f"{one_line(now.label)} {now.words} ({chart.names[1]} {then.words})"
        for now, then in zip(chart.points, chart.before, strict=True)
    )
    return f"{title}, {chart.names[0]} and {chart.names[1]}: {pairs}."
