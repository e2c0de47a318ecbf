"""Stored values as they are told: references instead of ids, times local."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules import periods, values
from db.rules.records import FOLDED

if TYPE_CHECKING:
    from collections.abc import Callable


def spoken(reader: Any, kind: str, name: str, value: Any) -> Any:
    """Return a field's stored value as a list shows it."""
    field = FOLDED[kind].field(name)
    if field is None or value is None:
        return value
    if field.type == "ref":
        return _ref(reader, value)
    if field.type == "refs":
        return [_ref(reader, one) for one in value]
    made: dict[str, Callable[[Any], Any]] = {"instant": periods.iso, "when": values.local_when, "flag": bool}
    return made[field.type](value) if field.type in made else value


def _ref(reader: Any, record: str) -> str | None:
    row = reader.execute("select ref from record where id = ?", (bytes.fromhex(record),)).fetchone()
    return row[0] if row else None
