"""Time as the unit means it: instants are UTC epoch seconds, days are whole local days in Europe/London.

clock   local time <-> UTC, summer time included
spans   reporting periods
days    days as officers type them
moments dates with times as officers type them; the clock is always an argument
"""

from db.rules.periods.clock import from_local, instants, iso, local_day, midnight, short, spoken, to_local
from db.rules.periods.days import day, partial_date
from db.rules.periods.moments import Instant, instant, is_future, span, when
from db.rules.periods.spans import Period, between, last_year, month, previous, quarter, since_start, year

__all__ = [
    "Instant",
    "Period",
    "between",
    "day",
    "from_local",
    "instant",
    "instants",
    "is_future",
    "iso",
    "last_year",
    "local_day",
    "midnight",
    "month",
    "partial_date",
    "previous",
    "quarter",
    "short",
    "since_start",
    "span",
    "spoken",
    "to_local",
    "when",
    "year",
]
