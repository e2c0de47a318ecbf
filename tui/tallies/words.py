"""Tallies as lines: each measure with its value, each breakdown as a chart or as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules.charts import Chart, Point
from db.rules.charts import lines as drawing
from db.rules.widths import fitted
from db.tallies import pictures
from tui.lines import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tui.lines.sheet import Row

MONTHS = 6


def lines(
    told: Mapping[str, Any], months: Sequence[Mapping[str, Any]], how: tuple[int, bool, bool]
) -> Iterator[Row]:
    """Return the lines of a summary.

    Args:
        told: as ``tallies.summary`` and ``leaving.leave`` return it.
        months: summaries of the months up to it, the oldest first; none where they are not counted yet.
        how: the width, whether to draw in ASCII, whether as tables.
    """
    width, ascii, tables = how
    yield said(f"{told['period']['label']}, {told['profile']} profile", strong=True)
    floored = told["profile"] == pictures.HEADLINE
    for one in told["measures"]:
        yield _measure(one, width, floored)
    charts = [*_by_month(months), *pictures.charts(told)]
    for chart in charts:
        yield said("")
        yield said(chart.title, strong=True)
        drawn = _table(chart, width) if tables else drawing.draw(chart, width - 2, ascii=ascii)
        yield from (said(f"  {line}") for line in drawn)
    if told["notes"]:
        yield said("")
        yield from (said(note) for note in told["notes"])


def _measure(one: Mapping[str, Any], width: int, floored: bool) -> Row:
    value = "-" if one["value"] is None else f"{one['value']:,}"
    if one.get("withheld"):
        value = "withheld"
    elif floored and one["value"] is not None and not one["id"].endswith("_percent"):
        value = pictures.floor_said(one["value"])
    before = "" if one["compare"] is None else f"  before {one['compare']:,}"
    label = fitted(one["label"], max(min(width - 30, 60), 14), more="~")
    return said(f"  {label} {value:>9}{before}") | {"definition": one["definition"]}


def _by_month(months: Sequence[Mapping[str, Any]]) -> Iterator[Chart]:
    if len(months) < 2:
        return
    for id, title in (
        ("engagements", "Contacts by month"),
        ("engagements_flagged_down", "Flagged down, by month"),
    ):
        points = tuple(Point(month["period"]["label"][:3], _value(month, id)) for month in months)
        yield Chart(f"{id}_by_month", title, points, over_time=True)


def _value(month: Mapping[str, Any], id: str) -> float | None:
    value: float | None = next(one["value"] for one in month["measures"] if one["id"] == id)
    return value


def _table(chart: Chart, width: int) -> list[str]:
    before = chart.before or (None,) * len(chart.points)
    header = ["", chart.names[0] or "count", *([chart.names[1]] if chart.before else [])]
    rows = [
        [point.label, point.words, *([then.words] if then is not None else [])]
        for point, then in zip(chart.points, before, strict=True)
    ]
    return drawing.table(header, rows, width - 2)
