"""Two records side by side, field by field; what differs is marked by a sign, not by colour alone."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from db.rules.records import KINDS
from db.rules.widths import fitted
from tui import rows
from tui.lines import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.lines.sheet import Row

_LABEL = 14


def lines(kind: str, one: Row, other: Row, width: int, *, heads: tuple[str, str] = ("", "")) -> Iterator[Row]:
    """Return the fields that either of two records says something in, both values on one line.

    ``=`` stands where they agree, ``!`` where they differ, nothing where one of them is silent.
    """
    each = max((width - _LABEL - 4) // 2, 10)
    first, second = (head or str(record["ref"]) for head, record in zip(heads, (one, other), strict=True))
    yield said(f"{'':<{_LABEL}}  {fitted(first, each)}  {fitted(second, each).rstrip()}", strong=True)
    for name, left, right in _told(kind, one, other):
        mark = "=" if left == right else "!" if left and right else " "
        label = fitted(name.replace("_", " "), _LABEL, more="~")
        for row in _pairs(wrap(left, each), wrap(right, each)):
            yield said(f"{label}{mark} {fitted(row[0], each)}  {row[1]}", strong=mark == "!")
            label, mark = " " * _LABEL, " "


def _told(kind: str, one: Row, other: Row) -> Iterator[tuple[str, str, str]]:
    for field in KINDS[kind].fields:
        left, right = (_value(field.type, record.get(field.name)) for record in (one, other))
        if field.name != "external_ref" and (left or right):
            yield field.name, left, right
    if kind == "offender" and (one.get("vehicles") or other.get("vehicles")):
        yield "vehicles", rows.cars(one), rows.cars(other)


def _value(type: str, value: Any) -> str:
    if value in (None, [], {}):
        return ""
    return rows.moment(value) if type == "instant" else rows.said(value)


def _pairs(left: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    for place in range(max(len(left), len(right))):
        yield (left[place] if place < len(left) else "", right[place] if place < len(right) else "")
