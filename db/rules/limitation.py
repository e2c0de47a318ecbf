"""Until when a summary-only offence can still be brought to court. Plain rules on dates."""

from __future__ import annotations

from datetime import date, timedelta

MONTHS = 6

# The offences of the vocabulary that are tried summarily only; a test keeps the two alike.
SUMMARY_ONLY = ("soa51a", "soa53a", "soa66b", "s39", "stalk2a", "harass2")


def last_day(offence_on: date) -> date:
    """Return the last day on which an information can be laid, to its midnight.

    Six calendar months from the offence, the day of the offence not counted: the day of the same number six
    months later, or the last of that month where it has none (31 August: 28 or 29 February).

    Source: Magistrates' Courts Act 1980 s.127(1); the day excluded, Radcliffe v Bartholomew [1892] 1 QB 161;
    the corresponding date, Dodds v Walker [1981] 1 WLR 1027; to midnight, Atkinson v DPP [2004] EWHC 1457.
    """
    month = _first_of(offence_on, MONTHS)
    length = (_first_of(offence_on, MONTHS + 1) - month).days
    return month + timedelta(days=min(offence_on.day, length) - 1)


def earliest(last: date) -> date:
    """Return a day no later than any offence whose last day is *last* or after it."""
    return _first_of(last, -MONTHS)


def _first_of(day: date, months: int) -> date:
    """Return the first day of the month that lies *months* after that of *day*."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
