"""Local time in Europe/London to UTC epoch seconds and back.

The zone's own rules decide; what they say is kept for each stretch of 24 days, since a list of a million
rows asks a million times. Source: the IANA time zone database.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from db.errors import Ambiguous, NotFound, Refused

_DAY = 86400
_EPOCH = date(1970, 1, 1).toordinal()
_STRETCH = 21  # 2 ** 21 seconds are 24 days: no zone's clocks change twice within them

_stretches: dict[int, tuple[int, int, int]] = {}
_days: dict[int, str] = {}
_easts: dict[int, str] = {}
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_YEAR = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TWO = tuple(f"{number:02d}" for number in range(60))


def offset(at: int) -> int:
    """Return how many seconds local time is east of UTC at that instant."""
    change, before, after = _stretches.get(at >> _STRETCH) or _learn(at >> _STRETCH)
    return before if at < change else after


def iso(at: int) -> str:
    """Return the instant in ISO 8601 with its Europe/London offset, as ``2026-10-05T21:30:00+01:00``."""
    east = offset(at)
    day, second = divmod(at + east, _DAY)
    hour, second = divmod(second, 3600)
    written = _days.get(day) or _days.setdefault(day, date.fromordinal(_EPOCH + day).isoformat())
    suffix = _easts.get(east) or _easts.setdefault(east, to_local(at).isoformat()[19:])
    return f"{written}T{_TWO[hour]}:{_TWO[second // 60]}:{_TWO[second % 60]}{suffix}"


def to_local(at: int) -> datetime:
    """Return the instant as an aware Europe/London datetime."""
    return datetime.fromtimestamp(at, _zone())


def local_day(at: int) -> date:
    """Return the local day the instant falls on."""
    return date.fromordinal(_EPOCH + (at + offset(at)) // _DAY)


def spoken(at: int) -> str:
    """Return the instant as it is echoed to who typed it: ``Mon 23 Nov 2026 21:30``.

    In the hour that October repeats it says which of the two is meant.
    """
    local = to_local(at)
    twice = len(instants(local.replace(tzinfo=None))) > 1
    zone = f" {local.tzname()}" if twice else ""
    return f"{_WEEK[local.weekday()]} {short(local)} {_TWO[local.hour]}:{_TWO[local.minute]}{zone}"


def short(day: date) -> str:
    """Return the day as ``1 Oct 2026``."""
    return f"{day.day} {_YEAR[day.month - 1]} {day.year}"


def midnight(day: date) -> int:
    """Return the instant at which the local day begins."""
    return from_local(datetime(day.year, day.month, day.day), fold=0)  # noqa: DTZ001 - local by definition


def from_local(local: datetime, fold: int | None = None) -> int:
    """Return the instant of a local clock time (a datetime without zone).

    Args:
        local: what the clock showed.
        fold: for a time that October repeats, 0 for its first showing and 1 for its second.

    Raises:
        Ambiguous: the clock showed it twice and no *fold* says which.
        Refused: the clock never showed it.
    """
    found = instants(local)
    if not found:
        raise Refused(
            "That clock time was never shown: the clocks went forward that night, from 01:00 to 02:00."
        )
    if len(found) == 2 and fold is None:
        raise Ambiguous(
            "That clock time was shown twice, since the clocks went back that night: "
            "write it in ISO 8601 with +01:00 for the first, +00:00 for the second."
        )
    return found[-1 if fold else 0]


def instants(local: datetime) -> list[int]:
    """Return when the clock showed that time: once, twice or never; earliest first."""
    shown = (local.toordinal() - _EPOCH) * _DAY + local.hour * 3600 + local.minute * 60 + local.second
    before, after = offset(shown - _DAY), offset(shown + _DAY)
    if before == after:
        return [shown - before]
    return sorted(shown - east for east in (before, after) if offset(shown - east) == east)


def _learn(stretch: int) -> tuple[int, int, int]:
    """Ask the zone about one stretch: when its clocks change, and the offsets on either side."""
    start, end = stretch << _STRETCH, (stretch + 1) << _STRETCH
    before, after = _zone_offset(start), _zone_offset(end - 1)
    low, high = start, end
    while before != after and high - low > 1:
        middle = (low + high) // 2
        if _zone_offset(middle) == before:
            low = middle
        else:
            high = middle
    return _stretches.setdefault(stretch, (high, before, after))


def _zone_offset(at: int) -> int:
    return (to_local(at).utcoffset() or timedelta()) // timedelta(seconds=1)


_zones: list[tzinfo] = []


def _zone() -> tzinfo:
    if not _zones:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            _zones.append(ZoneInfo("Europe/London"))
        except ZoneInfoNotFoundError:
            raise NotFound(
                "No time zone data for Europe/London on this machine: install the tzdata package."
            ) from None
    return _zones[0]
