"""A record and what hangs on it, as lines of a given width; those that open another record say which."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from db.rules.records import KINDS
from tui import rows
from tui.lines import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from db.pages import Part, Whole
    from tui.lines.sheet import Row

_LABEL = 22
_SHOWN_APART = {"vehicles", "who"}
_NAMES = {
    "person": "Woman",
    "engagement": "Contact",
    "concern": "Concern",
    "offender": "Man",
    "followup": "Follow-up",
    "referral": "Referral",
    "vehicle": "Vehicle",
    "sighting": "Seen",
    "action": "Done",
    "order": "Order",
}


def lines(whole: Whole, width: int) -> Iterator[Row]:
    """Return the lines of a record, then of each part."""
    state = {"struck": " struck out: entered in error", "restricted": " restricted"}.get(whole.state, "")
    yield said(f"{_NAMES[whole.kind]} {whole.record['ref']}{state}  {_title(whole)}".rstrip(), strong=True)
    yield from fields(whole.kind, whole.record, width)
    for part in whole.parts:
        if part.rows:
            yield said("")
            yield said(f"{part.title} ({len(part.rows)}{'+' * part.more})", strong=True)
            for row in part.rows:
                yield said(f"  {_line(part, row, width)}", part.kind, row["ref"])


def _title(whole: Whole) -> str:
    if whole.kind == "person":
        return rows.said(whole.record["pseudonym"])
    return rows.called(whole.record) if whole.kind == "offender" else ""


def fields(kind: str, record: Row, width: int) -> Iterator[Row]:
    """Return the fields that say something, a label before each; what goes on stands under its beginning."""
    if kind == "engagement":
        yield from _field("who", rows.women(record), width)
    for field in KINDS[kind].fields:
        value = _value(field.type, record.get(field.name))
        hidden = field.name in ("people", "people_unnamed") and kind == "engagement"
        if value and not hidden:
            yield from _field(field.name, value, width, field.of if field.type == "ref" else "")
    for car in record.get("vehicles") or ():
        yield said(f"{'vehicle':<{_LABEL}}{rows.cars({'vehicles': [car]})}", "vehicle", car["ref"])


def _field(name: str, value: str, width: int, kinds: str = "") -> Iterator[Row]:
    parts = wrap(value, max(width - _LABEL - 2, 16)) or [""]
    kind = _kind_of(value) if kinds else ""
    for number, part in enumerate(parts):
        label = name.replace("_", " ") if number == 0 else ""
        yield said(f"{f'{label} ':<{_LABEL}}{part}", kind, value if kind else "")


def _kind_of(ref: str) -> str:
    return next((name for name, kind in KINDS.items() if ref.startswith(f"{kind.letter}-")), "")


def _value(type: str, value: Any) -> str:
    if value in (None, [], {}):
        return ""
    if type == "instant":
        return rows.moment(value)
    return rows.day(value) if type == "date" else rows.said(value)


def _line(part: Part, row: Row, width: int) -> str:
    if part.kind in rows.COLUMNS:
        return rows.line(part.kind, row, width - 2)
    named = KINDS[part.kind].fields
    skipped = ("external_ref", "person", "offender", "engagement", "refs")
    words: Iterable[str] = (_value(f.type, row.get(f.name)) for f in named if f.name not in skipped)
    return "  ".join(filter(None, (row["ref"], *words)))
