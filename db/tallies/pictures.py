"""Which charts a summary has: its breakdowns as bars, its months as columns. Drawn alike on every face.

What a profile withholds is drawn as withheld: a chart knows no more than the table it is made from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules import vocabulary
from db.rules.charts import WITHHELD, Chart, Point
from db.rules.periods.spans import MONTHS
from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_RECORDED = "not recorded"
HEADLINE = "headline"
YEARS = ("this year", "year before")

# Of each table that is drawn: the key of its rows, and the list whose labels its codes have.
DRAWN = {
    "concerns_by_behaviour": ("behaviour", "behaviour"),
    "engagements_by_sector": ("sector", None),
    "offenders_by_highest_action": ("highest_action", "highest_action"),
    "actions_by_kind": ("action", "action"),
    "outcomes_by_code": ("outcome_code", "outcome_code"),
    "concerns_by_sharing_level": ("sharing_level", None),
    "arrests_by_offence": ("offence", "offence"),
    "charges_by_offence": ("offence", "offence"),
    "offenders_dealt_with_by_age": ("age", None),
    "offenders_dealt_with_by_sex": ("sex", "sex"),
}


def charts(told: Mapping[str, Any]) -> list[Chart]:
    """Return the charts of a summary in the order of its tables; a table without rows has none."""
    floored = told["profile"] == HEADLINE
    made = []
    for table in told["tables"]:
        if table["id"] in DRAWN and table["rows"]:
            made.append(_breakdown(table, floored))
        elif table["id"] == "calls_by_month" and table["rows"]:
            made.append(_months(table, floored))
    return made


def said(table: str, row: Mapping[str, Any]) -> str:
    """Return the name of a table's row in words: the label of its code, the month by its name."""
    key, listed = DRAWN.get(table, (next(iter(row)), None))
    value = row[key]
    if value is None:
        return NOT_RECORDED
    if key == "sharing_level":
        return f"level {value}"
    if key == "month":
        return f"{MONTHS[int(value[5:7]) - 1][:3]} {value[:4]}"
    known = vocabulary.codes(listed).get(str(value)) if listed else None
    named = one_line(known or str(value))
    return f"{value} {named}" if key == "outcome_code" and known else named


def is_withheld(row: Mapping[str, Any], key: str) -> bool:
    """Tell whether disclosure control keeps a row's value back."""
    return bool(row.get("withheld" if key in ("count", "value") else f"{key}_withheld"))


def floor_said(value: float) -> str:
    """Return a headline's figure, which is the ten that the count is more than."""
    return f"more than {value:,}"


def point(row: Mapping[str, Any], label: str, key: str = "count", floored: bool = False) -> Point:
    """Return a row's mark; withheld where the row says so."""
    value = row[key]
    if value is None:
        return Point(label, None, WITHHELD if is_withheld(row, key) else "")
    return Point(label, value, floor_said(value) if floored else "")


def _breakdown(table: Mapping[str, Any], floored: bool) -> Chart:
    points = (point(row, said(table["id"], row), floored=floored) for row in table["rows"])
    return Chart(table["id"], table["label"], tuple(points))


def _months(table: Mapping[str, Any], floored: bool) -> Chart:
    """Return the months, beside those of the year before where any of them is held."""
    rows = table["rows"]
    now = tuple(point(row, said(table["id"], row), floored=floored) for row in rows)
    if all(row.get("year_before") is None for row in rows):
        return Chart(table["id"], table["label"], now, True)
    then = tuple(point(row, one.label, "year_before", floored) for row, one in zip(rows, now, strict=True))
    return Chart(table["id"], table["label"], now, True, then, YEARS)
