"""Which period is meant: a month, a quarter, a year, or from one day to another; else the month that runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

from db.errors import Usage
from db.rules import periods
from db.rules.periods import Instant, Period


class Asked(NamedTuple):
    """A period as it was typed; None where nothing was."""

    month: str | None = None
    quarter: str | None = None
    year: str | None = None
    since: str | None = None
    until: str | None = None


class Span(NamedTuple):
    """The period that is meant, and the seconds that narrow it where a time was given."""

    period: Period
    bounds: tuple[int, int] | None = None


def spanned(asked: Asked, now: int) -> Span:
    """Return the period that was asked for; without any, the month of *now* (UTC epoch seconds).

    Raises:
        Usage: it cannot be read, or more than one was given.
    """
    given = [name for name, typed in asked._asdict().items() if typed is not None]
    if len({"since" if name == "until" else name for name in given}) > 1:
        raise Usage("Give one period: --month, --quarter, --year, or --since with --until.")
    for typed, read in (
        (asked.month, periods.month),
        (asked.quarter, periods.quarter),
        (asked.year, periods.year),
    ):
        if typed is not None:
            return Span(read(typed))
    if not given:
        return Span(periods.month(periods.local_day(now).isoformat()[:7]))
    return _between(asked, datetime.fromtimestamp(now, UTC))


def _between(asked: Asked, now: datetime) -> Span:
    if asked.since is None:
        raise Usage("A period needs its beginning: give --since with --until.")
    ends = periods.when(asked.since, now), periods.when(asked.until or "today", now)
    first, last = (_day(end) for end in ends)
    period = periods.between(first, last)
    if not any(isinstance(end, Instant) for end in ends):
        return Span(period)
    start, end = periods.span(asked.since, asked.until or "today", now)
    assert start is not None  # noqa: S101 - both ends were given
    assert end is not None  # noqa: S101 - both ends were given
    label = " to ".join(one.said if isinstance(one, Instant) else periods.short(one) for one in ends)
    return Span(period._replace(label=label), (start, end))


def _day(end: Instant | date) -> date:
    return periods.local_day(end.at) if isinstance(end, Instant) else end
