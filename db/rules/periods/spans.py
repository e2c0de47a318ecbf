"""Reporting periods: whole local days, both ends included.

A period of whole months is named by its months, any other by its days; the one before it has its shape.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from db.errors import Usage
from db.rules.periods.clock import midnight, short

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Period(NamedTuple):
    """Whole local days from *first* to *last*, both included, and their name."""

    first: date
    last: date
    label: str

    def bounds(self) -> tuple[int, int]:
        """Return the UTC epoch seconds at which the period begins, and at which it is over."""
        return midnight(self.first), midnight(self.last + timedelta(days=1))


def month(text: str) -> Period:
    """Return the month written ``2026-10``."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text.strip())
    if not found:
        raise Usage("A month is written as year and month, as 2026-10.")
    return _months(_year(found[1]), int(found[2]), 1)


def quarter(text: str) -> Period:
    """Return the quarter written ``2026-Q3`` (July to September)."""
    found = re.fullmatch(r"([0-9]{4})-?[Qq]([1-4])", text.strip())
    if not found:
        raise Usage("A quarter is written as year and quarter, as 2026-Q3.")
    return _months(_year(found[1]), 3 * int(found[2]) - 2, 3)


def year(text: str) -> Period:
    """Return the year written ``2026``."""
    if not re.fullmatch(r"[0-9]{4}", text.strip()):
        raise Usage("A year is written with four digits, as 2026.")
    return _months(_year(text.strip()), 1, 12)


def between(since: date, until: date) -> Period:
    """Return the period from one day to another, both included."""
    if until < since:
        raise Usage("A period cannot end before it begins: --since is the earlier day, --until the later.")
    if not FIRST_YEAR <= since.year <= until.year <= LAST_YEAR:
        raise Usage(f"A period lies between {FIRST_YEAR} and {LAST_YEAR}.")
    return Period(since, until, _label(since, until))


def previous(period: Period) -> Period:
    """Return the period just before: as many months for whole months, else as many days."""
    if count := _whole_months(period):
        return _months(period.first.year, period.first.month - count, count)
    length = period.last - period.first
    last = period.first - timedelta(days=1)
    return between(last - length, last)


def since_start(period: Period) -> Period:
    """Return the whole months from the one a period begins in to the last that was over when it ended."""
    ended = period.last.year * 12 + period.last.month - 1 - (_whole_months(period) == 0)
    start = period.first.year * 12 + period.first.month - 1
    return _months(period.first.year, period.first.month, ended - start + 1)


def last_year(period: Period) -> Period:
    """Return the same period a year before; 29 February becomes the 28th."""
    if count := _whole_months(period):
        return _months(period.first.year - 1, period.first.month, count)
    return between(_year_before(period.first), _year_before(period.last))


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - 1)


def _year(text: str) -> int:
    if not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Usage(f"A year lies between {FIRST_YEAR} and {LAST_YEAR}.")
    return int(text)


def _months(first_year: int, first_month: int, count: int) -> Period:
    """Return *count* whole months; the month may lie outside 1 to 12 and then counts on."""
    start = first_year * 12 + first_month - 1
    return between(_first_of(start), _first_of(start + count) - timedelta(days=1))


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _whole_months(period: Period) -> int:
    """Return how many whole months the period is, 0 where it does not begin and end with one."""
    after = period.last + timedelta(days=1)
    if period.first.day != 1 or after.day != 1:
        return 0
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def _label(first: date, last: date) -> str:
    count = _whole_months(Period(first, last, ""))
    if count == 12 and first.month == 1:
        return str(first.year)
    if count == 1:
        return f"{MONTHS[first.month - 1]} {first.year}"
    if count:
        start = MONTHS[first.month - 1] + (f" {first.year}" if first.year != last.year else "")
        return f"{start} to {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return short(first)
    return f"{short(first)} to {short(last)}"
