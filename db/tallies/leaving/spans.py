"""Which periods leave: whole, ended months, quarters and years, and since the unit's start.

A window that slides by a day uncovers what that day held.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from db.errors import Refused
from db.rules import periods

if TYPE_CHECKING:
    from db.rules.periods import Period


def check(period: Period, today: date, start: date | None) -> None:
    """Refuse a period that is not whole and over.

    Args:
        period: as asked for.
        today: the local day.
        start: the unit's first day, from which 'since start' counts; None while nothing is held.

    Raises:
        Refused: it names the nearest period that would do.
    """
    if is_whole(period) and period.last < today:
        return
    if since_start(period, start) and period.last < today:
        return
    near = nearest(period, today)
    since = (
        f", or {_named(near, start)} for all since the unit's start" if start and start <= near.last else ""
    )
    raise Refused(
        f"only whole months, quarters and years that are over leave the unit: {said(near)} would do{since}"
    )


def is_whole(period: Period) -> bool:
    """Tell whether it is a calendar month, quarter or year."""
    return period[:2] in (one[:2] for one in around(period.first))


def around(day: date) -> tuple[Period, Period, Period]:
    """Return the month, the quarter and the year that a day is in."""
    return (
        periods.month(f"{day:%Y-%m}"),
        periods.quarter(f"{day.year}-Q{(day.month + 2) // 3}"),
        periods.year(f"{day.year:04d}"),
    )


def since_start(period: Period, start: date | None) -> bool:
    """Tell whether it is from the unit's start to the end of a month."""
    return period.first == start and (period.last + timedelta(days=1)).day == 1


def nearest(period: Period, today: date) -> Period:
    """Return the whole period nearest in length that holds the end asked for, or the last that is over."""
    day = min(period.last, today - timedelta(days=1))
    length = (period.last - period.first).days + 1
    found = sorted(around(day), key=lambda one: abs((one.last - one.first).days + 1 - length))
    for one in found:
        if one.last < today:
            return one
    first = around(today)[0].first
    return around(first - timedelta(days=1))[0]


def said(period: Period) -> str:
    """Return the option that names a whole period."""
    month, quarter, year = around(period.first)
    if period[:2] == month[:2]:
        return f"--month {period.first:%Y-%m}"
    if period[:2] == quarter[:2]:
        return f"--quarter {period.first.year}-Q{(period.first.month + 2) // 3}"
    return f"--year {year.first.year}"


def _named(near: Period, start: date | None) -> str:
    return f"--since {start} --until {around(near.last)[0].last}"
