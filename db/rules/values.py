"""Reading a field's value as an officer types it, a spreadsheet holds it or JSON carries it.

A value that a rule refuses is answered with the field and the rule, never with the value itself.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from db.errors import Refused, Usage
from db.rules import periods, text, vocabulary
from db.rules.records import KINDS, Field

if TYPE_CHECKING:
    from collections.abc import Callable

Reader = "Callable[[Any, datetime], Any]"

_YES = {"yes": 1, "y": 1, "true": 1, "1": 1, "no": 0, "n": 0, "false": 0, "0": 0}
_GRADE = re.compile(r"[123][A-E][PC]")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_OFFER = re.compile(r"([a-z_]+):(accepted|declined)")
_MINUTE = "%Y-%m-%dT%H:%MZ"
_PROSE_MOST = 20_000
_TEXT_MOST = 500


def refused(field: str, rule: str) -> Refused:
    """Return the refusal of a field's value."""
    return Refused(f"{field}: {rule}")


def _line(field: Field) -> Callable[[Any, datetime], str | None]:
    most = _PROSE_MOST if field.type == "prose" else _TEXT_MOST
    tidy = text.clean if field.type == "prose" else text.one_line

    def read(raw: Any, _: datetime) -> str | None:
        if type(raw) is not str and (isinstance(raw, bool) or not isinstance(raw, int | float)):
            raise refused(field.name, "must be text")
        value = tidy(str(raw)).strip()
        if len(value) > most:
            raise refused(field.name, f"is longer than {most} characters")
        return value or None

    return read


def _code(field: Field) -> Callable[[Any, datetime], str | None]:
    known: set[str] = set()

    def read(raw: Any, _: datetime) -> str | None:
        if isinstance(raw, str) and raw in known:
            return raw
        if not isinstance(raw, str | int) or isinstance(raw, bool):
            raise refused(field.name, "must be one code")
        code = str(raw).strip()
        code = code if field.of == "outcome_code" else code.lower()
        if field.of == "age_band" and code in ("under_18", "under-18", "under 18"):
            raise Refused(vocabulary.stop("under_18"))
        _check(field, code)
        known.add(code)
        return code

    return read


def _check(field: Field, code: str) -> None:
    if field.of == "offer":
        found = _OFFER.fullmatch(code)
        if found is None:
            raise refused(field.name, "an offer is need:accepted or need:declined")
        code, of = found[1], "need"
    else:
        of = field.of
    try:
        vocabulary.check(of, code)
    except Refused as error:
        raise refused(field.name, str(error)) from None


def _items(field: Field) -> Callable[[Any, datetime], list[str] | None]:
    one = (
        _tagged(field) if field.type == "tagged" else _code(field) if field.type == "codes" else _line(field)
    )

    def read(raw: Any, now: datetime) -> list[str] | None:
        if isinstance(raw, str):
            raw = text.split_list(raw)
        if not isinstance(raw, list):
            raise refused(field.name, "must be a list")
        if len(raw) > 100:
            raise refused(field.name, "has more than 100 items")
        values = [value for item in raw if (value := one(item, now)) is not None]
        return list(dict.fromkeys(values)) or None

    return read


def _tagged(field: Field) -> Callable[[Any, datetime], str | None]:
    line = _line(field)

    def read(raw: Any, now: datetime) -> str | None:
        value = line(raw, now)
        if value is None:
            return None
        kind, colon, rest = value.partition(":")
        if not colon or not rest.strip():
            raise refused(field.name, "is written kind:text")
        _check(field, kind.strip().lower())
        return f"{kind.strip().lower()}:{rest.strip()}"

    return read


def _whole(field: Field) -> Callable[[Any, datetime], int | None]:
    most = {"sharing_level": 5}.get(field.of, 1_000_000)

    def read(raw: Any, _: datetime) -> int | None:
        if isinstance(raw, bool) or (isinstance(raw, float) and not raw.is_integer()):
            raise refused(field.name, "must be a whole number")
        try:
            value = int(raw)
        except (ValueError, TypeError, OverflowError):
            raise refused(field.name, "must be a whole number") from None
        if not 0 <= value <= most:
            raise refused(field.name, f"must be from 0 to {most}")
        return value

    return read


def _flag(field: Field) -> Callable[[Any, datetime], int | None]:
    def read(raw: Any, _: datetime) -> int | None:
        if isinstance(raw, bool):
            return int(raw)
        value = _YES.get(str(raw).strip().lower())
        if value is None:
            raise refused(field.name, "must be yes or no")
        return value

    return read


def _instant(field: Field) -> Callable[[Any, datetime], int | None]:
    def read(raw: Any, now: datetime) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, str):
            raise refused(field.name, "must be a time, as 2026-11-21T23:40 or 21/11/2026 23:40")
        value = read_instant(raw, now)
        if value > now.timestamp() + 300:
            raise refused(field.name, "lies in the future")
        return value

    return read


def read_instant(raw: str, now: datetime) -> int:
    """Return UTC epoch seconds of a time as typed; ISO with an offset is read the quick way.

    Raises:
        Usage, Refused, Ambiguous: it is no time, never was, or was twice.
    """
    if len(raw) > 16 and raw[4] == "-":
        try:
            at = datetime.fromisoformat(raw)
        except ValueError:
            pass
        else:
            if at.tzinfo is not None:
                return int(at.timestamp())
    return periods.instant(raw, now).at


def _day(field: Field) -> Callable[[Any, datetime], str | None]:
    def read(raw: Any, now: datetime) -> str | None:
        if not isinstance(raw, str):
            raise refused(field.name, "must be a date, as 2026-11-21 or 21/11/2026")
        try:
            return date.fromisoformat(raw).isoformat()
        except ValueError:
            return periods.day(raw, now).isoformat()

    return read


def _when(field: Field) -> Callable[[Any, datetime], str | None]:
    """A date, or a time kept as UTC to the minute: 2026-11-21 or 2026-11-21T23:40Z."""

    def read(raw: Any, now: datetime) -> str | None:
        if not isinstance(raw, str):
            raise refused(field.name, "must be a date or a time")
        found = periods.when(raw.strip(), now)
        if isinstance(found, date):
            return found.isoformat()
        return datetime.fromtimestamp(found.at, UTC).strftime(_MINUTE)

    return read


def _pattern(field: Field, pattern: re.Pattern[str], rule: str) -> Callable[[Any, datetime], str | None]:
    def read(raw: Any, _: datetime) -> str | None:
        value = str(raw).strip().upper()
        if not isinstance(raw, str) or not pattern.fullmatch(value):
            raise refused(field.name, rule)
        return value

    return read


def _birth(field: Field) -> Callable[[Any, datetime], str | None]:
    def read(raw: Any, _: datetime) -> str | None:
        if isinstance(raw, bool) or not isinstance(raw, str | int):
            raise refused(field.name, "must be YYYY, YYYY-MM or YYYY-MM-DD")
        return periods.partial_date(str(raw))

    return read


def _object(field: Field) -> Callable[[Any, datetime], Any]:
    def read(raw: Any, now: datetime) -> Any:
        if not isinstance(raw, dict):
            raise refused(field.name, "must be an object, in JSON or NDJSON")
        return read_description(raw, now, field.name)

    return read


_VEHICLE_KEYS = ("vrm", "make", "model", "colour", "body", "marks")


def read_description(raw: dict[str, Any], now: datetime, where: str = "description") -> dict[str, Any]:
    """Return a description of a man, or of a car where it has a car's keys, each value read.

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
                raise refused(where, "vehicles must be a list of objects")
            read[key] = [read_description(v, now, "vehicles") for v in value]
        elif key in known:
            read[key] = reader(known[key])(value, now)
        else:
            refuse_unknown(key, where)
    return {key: value for key, value in read.items() if value is not None}


def refuse_unknown(key: str, kind: str) -> None:
    """Refuse a field that does not exist; one that must never be held is refused by its name.

    Raises:
        Refused: the field is one that could harm her.
        Usage: it is simply not known.
    """
    reason = vocabulary.forbidden(key)
    if reason is not None:
        raise Refused(reason)
    names = KINDS[kind].fields if kind in KINDS else KINDS["offender"].fields
    raise Usage(
        f"unknown field or column for {kind}: {text.one_line(key)[:40]!r}; it takes "
        + ", ".join(f.name for f in names)
    )


_READERS: dict[str, Callable[[Field], Callable[[Any, datetime], Any]]] = {
    "text": _line,
    "prose": _line,
    "plate": _line,
    "texts": _items,
    "codes": _items,
    "tagged": _items,
    "code": _code,
    "whole": _whole,
    "flag": _flag,
    "instant": _instant,
    "date": _day,
    "when": _when,
    "birth": _birth,
    "object": _object,
    "month": lambda f: _pattern(f, _MONTH, "must be a month, as 2026-10"),
    "grade": lambda f: _pattern(f, _GRADE, "must be a 3x5x2 grade, as 2BC: source 1-3, A-E, P or C"),
}


@cache
def reader(field: Field) -> Callable[[Any, datetime], Any]:
    """Return the function that reads a raw value of *field*: (raw, now) -> stored form or None."""
    return _READERS[field.type](field)


def items(name: str, raw: Any) -> list[Any]:
    """Return a list as it came: an array, or a cell joined with ``;``."""
    if isinstance(raw, str):
        return list(text.split_list(raw))
    if not isinstance(raw, list):
        raise refused(name, "must be a list")
    return raw


def local_when(stored: str) -> str:
    """Return a stored date as it is, a stored time in Europe/London with its offset."""
    if len(stored) == 10:
        return stored
    return periods.iso(int(datetime.strptime(stored, _MINUTE).replace(tzinfo=UTC).timestamp()))
