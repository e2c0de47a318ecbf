"""What a multi-agency meeting is to speak of: whom, why, and what each agency is asked to do by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Refused, Usage
from db.rules import periods, text, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


class Ask(NamedTuple):
    """What one agency is asked to do, who sees to it, by when."""

    agency: str
    ask: str
    owner: str
    due_on: str


class Item(NamedTuple):
    """One woman to be spoken of, by reference; why; the asks."""

    person: str
    why: str
    asks: tuple[Ask, ...]


class Agenda(NamedTuple):
    """The day of the meeting and its items; no items: all who may be spoken of and have something open."""

    on: date
    items: tuple[Item, ...] | None


def read(raw: Any, agencies: tuple[str, ...], now: datetime) -> Agenda:
    """Read an agenda: on, and people, each with person, why and asks (agency, ask, owner, due_on).

    Args:
        raw: the JSON object; None is an agenda of today without items.
        agencies: whom the sheet goes to; an ask is made of one of them.
        now: says what "next friday" is.

    Raises:
        Usage: it is not of that shape.
        Refused: an ask lacks its words, its owner or its date, or is of an agency that gets no sheet.
    """
    if raw is None:
        return Agenda(periods.local_day(int(now.timestamp())), None)
    given = _object(raw, "the agenda", ("on", "people"))
    on = periods.day(str(given.get("on") or "today"), now)
    if "people" not in given:
        return Agenda(on, None)
    items = tuple(_item(one, agencies, now) for one in _list(given, "people"))
    if len({one.person for one in items}) < len(items):
        raise Refused("people: one of them stands twice")
    return Agenda(on, items)


def _item(raw: Any, agencies: tuple[str, ...], now: datetime) -> Item:
    given = _object(raw, "people", ("person", "why", "asks"))
    asks = tuple(_ask(one, agencies, now) for one in _list(given, "asks")) if "asks" in given else ()
    return Item(_words(given, "person", needed=True), _words(given, "why"), asks)


def _ask(raw: Any, agencies: tuple[str, ...], now: datetime) -> Ask:
    given = _object(raw, "asks", Ask._fields)
    agency = _words(given, "agency", needed=True)
    if agency not in agencies:
        raise Refused(f"asks: an ask is of an agency that gets the sheet: {', '.join(agencies)}")
    due = periods.day(_words(given, "due_on", needed=True), now)
    return Ask(
        agency, _words(given, "ask", needed=True), _words(given, "owner", needed=True), due.isoformat()
    )


def _object(raw: Any, what: str, keys: Iterable[str]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise Usage(f"{what}: must be an object with {', '.join(keys)}")
    for key in raw:
        if key not in keys:
            reason = vocabulary.forbidden(key)
            if reason is not None:
                raise Refused(reason)
            raise Usage(f"{what}: takes {', '.join(keys)} and nothing else")
    return raw


def _list(given: dict[str, Any], key: str) -> list[Any]:
    if not isinstance(given[key], list):
        raise Usage(f"{key}: must be a list")
    return list(given[key])


def _words(given: dict[str, Any], key: str, *, needed: bool = False) -> str:
    value = given.get(key)
    said = text.one_line(value).strip() if isinstance(value, str) else ""
    if needed and not said:
        raise Refused(f"{key}: an ask has its agency, its words, an owner and a date, a woman her reference")
    if key in ("why", "ask") and text.looks_personal(said):
        raise Refused(f"{key}: holds a telephone number or a birth date, and the sheet leaves the unit")
    if key in ("why", "ask") and (touched := text.sealed_words(said)):
        raise Refused(f"{key}: speaks of {touched[0].replace('_', ' ')}, and the sheet leaves the unit")
    return said
