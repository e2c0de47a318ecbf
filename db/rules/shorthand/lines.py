"""One contact on one line, as a shift is written up: ``2250 kas, ton 3 w ok``.

A time, or none; who, by commas; how, or nothing; the rest is the note, kept as it stands.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Refused
from db.rules import periods

if TYPE_CHECKING:
    from datetime import date, datetime

_CLOCK = re.compile(
    r"(?:now|noon|-\d{1,2}(?:h\d{0,2}|m)?m?|(?:[01]\d|2[0-3])[0-5]\d|\d{1,2}[:.][0-5]\d(?:am|pm)?|\d{1,2}(?:am|pm))",
    re.I,
)
_HOW = re.compile(r"[1-8][sadn]?", re.IGNORECASE)
_ONLY = re.compile(r"[sadn]", re.IGNORECASE)
_UNNAMED = re.compile(r"\?(\d{0,2})")
NOBODY = ("-", "nobody")


class Line(NamedTuple):
    """A line's parts as typed: time, who (several by comma), how, note."""

    when: str
    who: tuple[str, ...]
    how: str
    note: str


def split_people(text: str) -> list[str]:
    """Return whom a field names, one by one, by commas; what is empty is left out."""
    return [one for one in (part.strip() for part in text.split(",")) if one]


def unnamed(text: str) -> int | None:
    """Return how many gave no name: ``?`` is one, ``?2`` two; None where it is somebody.

    Raises:
        Refused: it begins like a count and is none.
    """
    if not text.startswith("?"):
        return None
    found = _UNNAMED.fullmatch(text)
    if found is None:
        raise Refused("Person: write ?2 for two who gave no name")
    return int(found[1] or 1)


def read_line(text: str, names: frozenset[str] = frozenset()) -> Line:
    """Read one line.

    Args:
        text: as typed.
        names: names of several words, in small letters, that stand for one woman.
    """
    first, _, rest = text.strip().partition(" ")
    when = first if _CLOCK.fullmatch(first) else ""
    left = rest.strip() if when else text.strip()
    *others, last = left.split(",") if left else [""]
    who, tail = _name_first(last.strip(), names)
    how, note = _how_first(tail)
    return Line(when, tuple(one.strip() for one in (*others, who) if one.strip()), how, note)


def _name_first(text: str, names: frozenset[str]) -> tuple[str, str]:
    words = text.split()
    for count in range(min(4, len(words)), 1, -1):
        if " ".join(words[:count]).casefold() in names:
            return " ".join(words[:count]), " ".join(words[count:])
    return (words[0], " ".join(words[1:])) if words else ("", "")


def _how_first(text: str) -> tuple[str, str]:
    """Return how, and the note: a letter alone is how only where nothing follows it ("a bit low")."""
    first, _, rest = text.partition(" ")
    if _HOW.fullmatch(first) or (_ONLY.fullmatch(first) and not rest.strip()):
        return first, rest.strip()
    return "", text


def night_of(text: str, now: datetime) -> date:
    """Return the day on which a shift began; where none is typed, before noon it is yesterday.

    Raises:
        Refused: it is no day, or one to come.
    """
    today = periods.local_day(int(now.timestamp()))
    if not text.strip():
        before_noon = periods.to_local(int(now.timestamp())).hour < _NOON
        return today - timedelta(days=before_noon)
    found = periods.day(text, now, past=True)
    if found > today:
        raise Refused("Day: that day is still to come")
    return found


def on_shift(clock: str, night: date, now: datetime) -> int:
    """Return when a line's contact was: on the night's day, or after midnight on the day after.

    Raises:
        Refused: it cannot be read, or lies ahead.
        Ambiguous: the clock showed that time twice that night.
    """
    if clock.startswith("-") or clock.casefold() == "now":
        return periods.instant(clock, now).at
    at = periods.instant(f"{night:%d/%m/%Y} {clock}", now).at
    if periods.to_local(at).hour < _MORNING:
        next_day = night + timedelta(days=1)
        at = periods.instant(f"{next_day:%d/%m/%Y} {clock}", now).at
    if periods.is_future(at, now):
        raise Refused("That time is still to come: is the day right?")
    return at


_NOON, _MORNING = 12, 6  # a night runs from 18:00 to 06:00
