"""Reading one value as an officer types it, a spreadsheet holds it or JSON carries it.

A value that a rule refuses is answered with the field and the rule, never with the value itself.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from db.errors import Ambiguous, Refused
from db.rules import periods, text, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.rules.records import Field

_YES = {"yes": 1, "y": 1, "true": 1, "1": 1, "no": 0, "n": 0, "false": 0, "0": 0}
GRADE = re.compile(r"[123][A-E][PC]")
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_OFFER = re.compile(r"([a-z_]+):(accepted|declined)")
MINUTE = "%Y-%m-%dT%H:%MZ"
_PROSE_MOST = 20_000
_TEXT_MOST = 500
_HAPPENED = frozenset(
    (
        *("on", "offence_on", "granted_on", "offered_on", "sent_on", "accepted_on", "done_on"),
        *("told_result_on", "check_on", "risk_on"),
    )
)


def refused(field: str, rule: str) -> Refused:
    """Return the refusal of a field's value."""
    return Refused(f"{field}: {rule}")


def _timed(field: Field, read: Callable[[], Any]) -> Any:
    """Read a time or date; what is wrong with it is said with the field's name."""
    try:
        return read()
    except Refused as error:
        raise refused(field.name, str(error)) from None
    except Ambiguous as error:
        raise Ambiguous(f"{field.name}: {error}") from None


def _today(now: datetime) -> date:
    """Return the local day: just after midnight in summer it is a day more than in UTC."""
    return periods.local_day(int(now.timestamp()))


def longest(field: Field) -> int:
    """Return how many characters a field of text may have."""
    return _PROSE_MOST if field.type == "prose" else _TEXT_MOST


def line(field: Field) -> Callable[[Any, datetime], str | None]:
    """Return the reader of text: one line, or several where the field is prose."""
    most = longest(field)
    tidy = text.clean if field.type == "prose" else text.one_line

    def read(raw: Any, _: datetime) -> str | None:
        if type(raw) is not str and (isinstance(raw, bool) or not isinstance(raw, int | float)):
            raise refused(field.name, "must be text")
        value = tidy(str(raw)).strip()
        if len(value) > most:
            raise refused(field.name, f"is longer than {most} characters")
        return value or None

    return read


def code(field: Field, added: vocabulary.Added = vocabulary.NONE) -> Callable[[Any, datetime], str | None]:
    """Return the reader of one code of the field's vocabulary, with what the unit adds to it."""
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
        _check(field, code, added)
        known.add(code)
        return code

    return read


def _check(field: Field, code: str, added: vocabulary.Added) -> None:
    if field.of == "offer":
        found = _OFFER.fullmatch(code)
        if found is None:
            raise refused(field.name, "an offer is need:accepted or need:declined")
        code, of = found[1], "need"
    else:
        of = field.of
    try:
        vocabulary.check(of, code, [one for list_, one in added if list_ == of])
    except Refused as error:
        raise refused(field.name, str(error)) from None


def tagged(field: Field, added: vocabulary.Added = vocabulary.NONE) -> Callable[[Any, datetime], str | None]:
    """Return the reader of ``code:text``."""
    words = line(field)

    def read(raw: Any, now: datetime) -> str | None:
        value = words(raw, now)
        if value is None:
            return None
        kind, colon, rest = value.partition(":")
        if not colon or not rest.strip():
            raise refused(field.name, "is written kind:text")
        _check(field, kind.strip().lower(), added)
        return f"{kind.strip().lower()}:{rest.strip()}"

    return read


def whole(field: Field) -> Callable[[Any, datetime], int | None]:
    """Return the reader of a whole number from 0."""
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


def flag(field: Field) -> Callable[[Any, datetime], int | None]:
    """Return the reader of yes or no, as 1 or 0."""

    def read(raw: Any, _: datetime) -> int | None:
        if isinstance(raw, bool):
            return int(raw)
        value = _YES.get(str(raw).strip().lower())
        if value is None:
            raise refused(field.name, "must be yes or no")
        return value

    return read


def instant(field: Field) -> Callable[[Any, datetime], int | None]:
    """Return the reader of a time, as UTC epoch seconds; it may lie five minutes ahead, no more."""

    def read(raw: Any, now: datetime) -> int | None:
        if type(raw) is not str:
            raise refused(field.name, "must be a time, as 2026-11-21T23:40 or 21/11/2026 23:40")
        value = _with_offset(raw)
        if value is None:
            value = int(_timed(field, lambda: periods.instant(raw, now).at))
        if value > now.timestamp() + 300:
            raise refused(field.name, "lies in the future")
        return value

    return read


def _with_offset(raw: str) -> int | None:
    """Return UTC epoch seconds of ISO 8601 with an offset, the quick way; None where it is not that."""
    if len(raw) <= 16 or raw[4] != "-":
        return None
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return None if at.tzinfo is None else int(at.timestamp())


def day(field: Field) -> Callable[[Any, datetime], str | None]:
    """Return the reader of a date; one of something that happened does not lie in the future."""
    happened = field.name in _HAPPENED

    def read(raw: Any, now: datetime) -> str | None:
        if not isinstance(raw, str):
            raise refused(field.name, "must be a date, as 2026-11-21 or 21/11/2026")
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            day = _timed(field, lambda: periods.day(raw, now))
        if happened and day > _today(now):
            raise refused(field.name, "lies in the future")
        return day.isoformat()

    return read


def when(field: Field) -> Callable[[Any, datetime], str | None]:
    """Return the reader of a date, or a time kept as UTC to the minute: 2026-11-21T23:40Z."""

    def read(raw: Any, now: datetime) -> str | None:
        if not isinstance(raw, str):
            raise refused(field.name, "must be a date or a time")
        found = _timed(field, lambda: periods.when(raw.strip(), now))
        if isinstance(found, date):
            if found > _today(now):
                raise refused(field.name, "lies in the future")
            return found.isoformat()
        if found.at > now.timestamp() + 300:
            raise refused(field.name, "lies in the future")
        return datetime.fromtimestamp(found.at, UTC).strftime(MINUTE)

    return read


def pattern(field: Field, pattern: re.Pattern[str], rule: str) -> Callable[[Any, datetime], str | None]:
    """Return the reader of what has a fixed form; *rule* says which."""

    def read(raw: Any, _: datetime) -> str | None:
        value = str(raw).strip().upper()
        if not isinstance(raw, str) or not pattern.fullmatch(value):
            raise refused(field.name, rule)
        return value

    return read


def month(field: Field) -> Callable[[Any, datetime], str | None]:
    """Return the reader of a month, which is not one to come: what is counted by it took place."""
    written = pattern(field, MONTH, "must be a month, as 2026-10")

    def read(raw: Any, now: datetime) -> str | None:
        value = written(raw, now)
        if value is not None and value > f"{_today(now):%Y-%m}":
            raise refused(field.name, "lies in the future")
        return value

    return read


def birth(field: Field) -> Callable[[Any, datetime], str | None]:
    """Return the reader of a birth date, which may be a year or a month."""

    def read(raw: Any, now: datetime) -> str | None:
        if isinstance(raw, bool) or not isinstance(raw, str | int):
            raise refused(field.name, "must be YYYY, YYYY-MM or YYYY-MM-DD")
        born: str = _timed(field, lambda: periods.partial_date(str(raw)))
        if born > _today(now).isoformat():
            raise refused(field.name, "lies in the future")
        return born

    return read
