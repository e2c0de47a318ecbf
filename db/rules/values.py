"""Reading a field's value in whatever form it comes: its reader, lists, descriptions, unknown keys.

A value that a rule refuses is answered with the field and the rule, never with the value itself.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from db.errors import Refused, Usage
from db.rules import periods, readers, text, vocabulary
from db.rules.records import KINDS, Field
from db.rules.vocabulary import Added

if TYPE_CHECKING:
    from collections.abc import Callable


def _items(field: Field, added: Added) -> Callable[[Any, datetime], list[str] | None]:
    one = (
        readers.tagged(field, added)
        if field.type == "tagged"
        else readers.code(field, added)
        if field.type == "codes"
        else readers.line(field)
    )

    def read(raw: Any, now: datetime) -> list[str] | None:
        if isinstance(raw, str):
            raw = text.split_list(raw)
        if not isinstance(raw, list):
            raise readers.refused(field.name, "must be a list")
        if len(raw) > 100:
            raise readers.refused(field.name, "has more than 100 items")
        values = [value for item in raw if (value := one(item, now)) is not None]
        return list(dict.fromkeys(values)) or None

    return read


def _object(field: Field, added: Added) -> Callable[[Any, datetime], Any]:
    def read(raw: Any, now: datetime) -> Any:
        raw = described(raw)
        if not isinstance(raw, dict):
            raise readers.refused(field.name, "must be an object, in JSON or NDJSON")
        return read_description(raw, now, field.name, added)

    return read


def described(raw: Any) -> Any:
    """Return the object that a spreadsheet's cell holds as JSON, as a list prints it; else what was given."""
    if not isinstance(raw, str) or not raw.lstrip().startswith("{"):
        return raw
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw


_MAN = KINDS["offender"].fields
_VEHICLE_KEYS = ("vrm", "make", "model", "colour", "body", "marks")


def read_description(
    raw: dict[str, Any], now: datetime, where: str = "description", added: Added = vocabulary.NONE
) -> dict[str, Any]:
    """Return a description of a man, or of a car where it has a car's keys, each value read.

    *added* are the codes that the unit adds to the vocabularies.

    Raises:
        Refused: a value breaks a rule, or a field is one that is never held.
        Usage: a key is not known.
    """
    offender = {f.name: f for f in KINDS["offender"].fields}
    vehicle = {f.name: f for f in KINDS["vehicle"].fields if f.name in _VEHICLE_KEYS}
    known = vehicle if where.startswith("vehicle") else offender
    read: dict[str, Any] = {}
    for key, value in raw.items():
        if value is None or key == "id":
            continue
        if key == "vehicles" and known is offender:
            if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
                raise readers.refused(where, "vehicles must be a list of objects")
            read[key] = [read_description(v, now, "vehicles", added) for v in value]
        elif key in known:
            read[key] = reader(known[key], added)(value, now)
        else:
            refuse_unknown(key, where)
    return {key: value for key, value in read.items() if value is not None}


def refuse_unknown(key: str, kind: str, *, heads_a_column: bool = False) -> None:
    """Refuse a field that does not exist; one that must never be held is refused by its name.

    A key that cannot be a field's name may be a value in the wrong place, and is not repeated but where
    it stands over a column among others that are known.

    Raises:
        Refused: the field is one that could harm her.
        Usage: it is simply not known.
    """
    reason = vocabulary.forbidden(key)
    if reason is not None:
        raise Refused(reason)
    car = [f for f in KINDS["vehicle"].fields if f.name in _VEHICLE_KEYS]
    names = KINDS[kind].fields if kind in KINDS else car if kind.startswith("vehicle") else _MAN
    sayable = heads_a_column or re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", key)
    named = f": {text.one_line(key)[:40]!r}" if sayable else ""
    known = [f.name for f in names] + ["vehicles"] * (names is _MAN)
    raise Usage(f"unknown field or column for {kind}{named}; it takes {', '.join(known)}")


_CODED: dict[str, Callable[[Field, Added], Callable[[Any, datetime], Any]]] = {
    "texts": _items,
    "codes": _items,
    "tagged": _items,
    "code": readers.code,
    "object": _object,
}
_READERS: dict[str, Callable[[Field], Callable[[Any, datetime], Any]]] = {
    "text": readers.line,
    "prose": readers.line,
    "plate": readers.line,
    "whole": readers.whole,
    "flag": readers.flag,
    "instant": readers.instant,
    "date": readers.day,
    "when": readers.when,
    "birth": readers.birth,
    "month": readers.month,
    "grade": lambda f: readers.pattern(
        f, readers.GRADE, "must be a 3x5x2 grade, as 2BC: source 1-3, A-E, P or C"
    ),
}


@cache
def reader(field: Field, added: Added = vocabulary.NONE) -> Callable[[Any, datetime], Any]:
    """Return the function that reads a raw value of *field*: (raw, now) -> stored form or None.

    *added* are the codes that the unit adds to the vocabularies.
    """
    if field.type in _CODED:
        return _CODED[field.type](field, added)
    return _READERS[field.type](field)


def items(name: str, raw: Any) -> list[Any]:
    """Return a list as it came: an array, or a cell joined with ``;``."""
    if isinstance(raw, str):
        return list(text.split_list(raw))
    if not isinstance(raw, list):
        raise readers.refused(name, "must be a list")
    return raw


def local_when(stored: str) -> str:
    """Return a stored date as it is, a stored time in Europe/London with its offset."""
    if len(stored) == 10:
        return stored
    return periods.iso(int(datetime.strptime(stored, readers.MINUTE).replace(tzinfo=UTC).timestamp()))
