"""Moments as officers type them: day before month, Europe/London, never guessed into the future.

The clock is an argument. No message repeats what was typed: it may be a name typed into the wrong field.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from db.errors import Refused, Usage
from db.rules.periods.clock import from_local, instants, midnight, spoken, to_local
from db.rules.periods.days import WEEKDAY, folded, read_day, today_of
from db.rules.periods.spans import FIRST_YEAR, LAST_YEAR

_TIME_HELP = (
    "That is not a date and time beech can read: write 2130, yesterday 2130, last friday 11pm, -2h, "
    "21/11 23:40, 21/11/2026 23:40 or ISO 8601."
)
_EVENING, _MORNING = time(18), time(6)  # a night runs from 18:00 to 06:00
_CLOCKS = (
    r"(?P<h>[0-9]{1,2})[:.](?P<m>[0-9]{2})(?:[:.](?P<s>[0-9]{2}))? ?(?P<half>am|pm|hrs|h)?",
    r"(?P<h>[0-9]{2})(?P<m>[0-9]{2}) ?(?P<half>hrs|h)?",
    r"(?P<h>[0-9]{1,2})(?P<m>[0-9]{2})? ?(?P<half>am|pm)",
    r"(?P<h>noon|midday)",
)


class Instant(NamedTuple):
    """A moment, in UTC epoch seconds."""

    at: int

    @property
    def said(self) -> str:
        """How to echo it to who typed it: ``Mon 23 Nov 2026 21:30``."""
        return spoken(self.at)


def instant(text: str, now: datetime, fold: int | None = None) -> Instant:
    """Read a moment. A clock time alone is the last time the clock showed it; a weekday is the last one.

    Args:
        text: as typed, or ISO 8601; local where it has no offset.
        now: an aware datetime.
        fold: for a local time that October repeats, 0 for its first showing and 1 for its second.

    Raises:
        Ambiguous: a local time that October repeats, and no *fold*.
        Refused: it cannot be read, or March never showed it. Dates to come are the caller's rule.
    """
    at = _iso(text, fold)
    if at is None:
        typed = folded(text)
        at = _counted_back(typed, now)
        if at is None:
            at = _on_a_day(typed, now, fold)
    if at is None:
        raise Refused(_TIME_HELP)
    return Instant(at)


def when(text: str, now: datetime) -> Instant | date:
    """Read what may be a whole day or a moment, of something that has happened."""
    found = read_day(folded(text), today_of(now), past=True)
    return instant(text, now) if found is None else found


def span(since: str | None, until: str | None, now: datetime) -> tuple[int | None, int | None]:
    """Read the two ends of a list as UTC epoch seconds: included, and excluded; None where it is open.

    A day is whole, its end included; a time narrows it, its minute included, or where it has seconds, those.
    """
    start = end = None
    if since is not None:
        first = when(since, now)
        start = first.at if isinstance(first, Instant) else midnight(first)
    if until is not None:
        last = when(until, now)
        whole = isinstance(last, Instant) and last.at % 60 == 0
        end = last.at + (60 if whole else 1) if isinstance(last, Instant) else midnight(last + timedelta(1))
    if start is not None and end is not None and end <= start:
        raise Usage("Nothing can lie between those two: --since is the earlier, --until the later.")
    return start, end


def is_future(at: int, now: datetime) -> bool:
    """Whether the instant lies ahead of *now*."""
    return at > now.timestamp()


# --- moments -----------------------------------------------------------------------------------------


def _counted_back(typed: str, now: datetime) -> int | None:
    """Read ``now``, ``-2h``, ``-30m``, ``-1h30m``: elapsed time, whatever the clocks did meanwhile."""
    if typed == "now":
        return int(now.timestamp())
    found = re.fullmatch(
        r"-(?=[0-9])(?:([0-9]{1,3}) ?h(?:rs?|ours?)?)? ?(?:([0-9]{1,4}) ?m(?:ins?|inutes?)?)?", typed
    )
    if not found:
        return None
    return int(now.timestamp()) - 3600 * int(found[1] or 0) - 60 * int(found[2] or 0)


def _iso(text: str, fold: int | None) -> int | None:
    """Read ISO 8601 with a date and a time, with or without offset."""
    if not re.match(r"\s*[0-9]{4}-?[0-9]{2}-?[0-9]{2}[Tt ][0-9]", text):
        return None
    try:
        moment = datetime.fromisoformat(text.strip().upper())
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return from_local(moment, fold) if moment.tzinfo is None else int(moment.timestamp() // 1)


def _on_a_day(typed: str, now: datetime, fold: int | None) -> int | None:
    """Read a clock time, alone or with its day before or after it."""
    for shown in _CLOCKS:
        for pattern in (rf"(?:(?P<day>.+) )?{shown}", rf"{shown} (?P<day>.+)"):
            found = re.fullmatch(pattern, typed)
            clock = _clock(found.groupdict()) if found else None
            if found and clock:
                at = _placed(found["day"], clock, now, fold)
                if at is not None:
                    return at
    return None


def _clock(parts: dict[str, str | None]) -> time | None:
    """Return what the clock showed, or None where no clock shows that."""
    if not (parts["h"] or "").isdigit():
        return time(12)
    hour, minute, second = (int(parts.get(part) or 0) for part in "hms")
    if parts["half"] in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"] == "pm" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _placed(word: str | None, clock: time, now: datetime, fold: int | None) -> int | None:
    """Put the clock time on the day that *word* names; without one, on the last that showed it."""
    today = today_of(now)
    if word is None:
        return _last_shown(today, clock, now, fold)
    if word in ("tonight", "last night"):
        return _at(_night(word, clock, now), clock, fold)
    found = read_day(word, today, past=True)
    if found is None:
        return None
    if found == today and re.fullmatch(WEEKDAY, word) and not _shown(found, clock, now):
        found -= timedelta(days=7)
    return _at(found, clock, fold)


def _last_shown(today: date, clock: time, now: datetime, fold: int | None) -> int:
    """Return the last instant, not after *now*, at which the clock showed that time."""
    shown = _shown(today, clock, now)
    if len(shown) == 1:
        return shown[0]  # where October repeats it, the second showing may be still to come
    yesterday = not shown and (to_local(int(now.timestamp())).time() < clock)
    return _at(today - timedelta(days=yesterday), clock, fold)


def _night(word: str, clock: time, now: datetime) -> date:
    """Return the day on which that time of tonight, or of last night, falls."""
    if _MORNING <= clock < _EVENING:
        raise Refused("A night runs from 18:00 to 06:00: give the day with that time.")
    today = today_of(now)
    small_hours = to_local(int(now.timestamp())).time() < _MORNING
    if word == "last night" and small_hours:
        raise Refused("Before 06:00 last night may be this one: give the day with that time.")
    begins = today - timedelta(days=1) if small_hours or word == "last night" else today
    return begins if clock >= _EVENING else begins + timedelta(days=1)


def _at(on: date, clock: time, fold: int | None) -> int:
    return from_local(datetime.combine(on, clock), fold)


def _shown(on: date, clock: time, now: datetime) -> list[int]:
    """Return when, up to *now*, the clock showed that time on that day."""
    return [at for at in instants(datetime.combine(on, clock)) if not is_future(at, now)]
