"""Which period the screen shows: a month, a quarter, a year; the one before, the one after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.rules import periods

if TYPE_CHECKING:
    from datetime import date

    from db.rules.periods import Period

SIZES = ("month", "quarter", "year")


def holding(day: date, size: str) -> Period:
    """Return the month, quarter or year that holds a day."""
    if size == "month":
        return periods.month(f"{day:%Y-%m}")
    if size == "quarter":
        return periods.quarter(f"{day.year}-Q{(day.month + 2) // 3}")
    return periods.year(str(day.year))


def before(period: Period, size: str) -> Period:
    """Return the period before."""
    return holding(period.first - timedelta(days=1), size)


def after(period: Period, size: str) -> Period:
    """Return the period after."""
    return holding(period.last + timedelta(days=1), size)
