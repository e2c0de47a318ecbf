"""Days as officers type them: day before month, words, weekdays, counts from today, and partial dates.

The clock is an argument. No message repeats what was typed: it may be a name typed into the wrong field.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from db.errors import Refused
from db.rules.periods.clock import local_day
from db.rules.periods.spans import FIRST_YEAR, LAST_YEAR

_DAY_HELP = (
    "That is not a day beech can read: write today, yesterday, 7d, -3d, friday, 21/11/2026 or 2026-11-21."
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY = r"(?P<last>last )?(?P<name>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_NUMERIC = r"(?P<d>[0-9]{1,2})(?P<sep>[/.\-])(?P<m>[0-9]{1,2})(?:(?P=sep)(?P<y>[0-9]{4}|[0-9]{2}))?"
_WRITTEN = (
    r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (?P<name>"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?: (?P<y>[0-9]{4}))?"
)


def day(text: str, now: datetime, *, past: bool = False) -> date:
    """Read a day: a word, a count of days from today (``7d``, ``-3d``), a weekday or a date.

    Args:
        text: as typed.
        now: an aware datetime.
        past: whether a weekday or a date without its year lies behind (today included) or ahead
            (a weekday: after today).
    """
    found = read_day(folded(text), today_of(now), past)
    if found is None:
        raise Refused(_DAY_HELP)
    return found


def partial_date(text: str) -> str:
    """Return a date that may lack its day or month: ``1985``, ``1985-03`` or ``1985-03-12``.

    Day, month and year are also read as ``12/03/1985`` and ``03/1985``.
    """
    typed = text.strip()
    if found := re.fullmatch(r"(?:(?:([0-9]{1,2})/)?([0-9]{1,2})/)?([0-9]{4})", typed):
        days, months, years = found.groups()
    elif found := re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", typed):
        years, months, days = found.groups()
    else:
        years, months, days = "", None, None
    if not years or not _calendar(int(years), int(months or 1), int(days or 1)):
        raise Refused("That is not a date beech can read: write 1985, 1985-03, 1985-03-12 or 12/03/1985.")
    return "-".join([years, *(f"{int(part):02d}" for part in (months, days) if part)])


def folded(text: str) -> str:
    """Lower case, single spaces, without commas and the words that carry nothing."""
    typed = text.casefold().replace(",", " ").replace("a.m.", "am").replace("p.m.", "pm")
    return " ".join(word for word in typed.split() if word not in ("at", "on"))


def today_of(now: datetime) -> date:
    """Return the local day of *now*."""
    return local_day(int(now.timestamp()))


def read_day(typed: str, today: date, past: bool) -> date | None:
    """Return the day that folded text names, or None."""
    words = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if typed in words:
        return today + timedelta(days=words[typed])
    if found := re.fullmatch(r"([+-]?[0-9]{1,4}) ?(d|w|days?|weeks?)", typed):
        return today + timedelta(days=int(found[1]) * (7 if found[2].startswith("w") else 1))
    if found := re.fullmatch(WEEKDAY, typed):
        return _weekday(found["name"], today, past, strictly=bool(found["last"]))
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed):
        return _calendar(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(_NUMERIC, typed):
        if found["sep"] != "/" and not found["y"]:
            return None  # 21.11 is a clock time, 21-11 may be anything
        return _dated(found["y"], int(found["m"]), int(found["d"]), today, past)
    if found := re.fullmatch(_WRITTEN, typed):
        return _dated(found["y"], _MONTHS.index(found["name"][:3]) + 1, int(found["d"]), today, past)
    return None


def _weekday(name: str, today: date, past: bool, strictly: bool) -> date:
    """Return the last such weekday (with *strictly* before today), or else the next one after today."""
    ago = (today.weekday() - _WEEKDAYS.index(name[:3])) % 7
    if strictly:
        return today - timedelta(days=ago or 7)
    return today - timedelta(days=ago if past else ago - 7)


def _dated(years: str | None, month: int, number: int, today: date, past: bool) -> date | None:
    """Return the date; without its year the nearest behind today (with *past*) or ahead, today included."""
    if years:
        return _calendar(int(years) + (2000 if len(years) == 2 else 0), month, number)
    step = -1 if past else 1
    for near in range(today.year, today.year + 9 * step, step):  # 29 February may be eight years off
        found = _calendar(near, month, number)
        if found and (found <= today if past else found >= today):
            return found
    return None


def _calendar(years: int, month: int, number: int) -> date | None:
    if not FIRST_YEAR <= years <= LAST_YEAR:
        return None
    try:
        return date(years, month, number)
    except ValueError:
        return None
