"""Calls for service: the force's monthly counts, summed over whole months. They say what was recorded.

Nothing here says why a number changed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.tallies.scope import IN_SECTOR, Part

if TYPE_CHECKING:
    from db.rules.periods import Period
    from db.tallies.scope import Scope

LEAST_BASE = 20  # of domain practice: no percentage on fewer


def whole_months(period: Period) -> list[str]:
    """Return the months, as ``2026-10``, that lie wholly in the period."""
    after = period.last + timedelta(days=1)
    first = period.first.year * 12 + period.first.month - 1 + (period.first.day > 1)
    end = after.year * 12 + after.month - 1
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first, end)]


def year_before(month: str) -> str:
    """Return the same month of the year before."""
    return f"{int(month[:4]) - 1}{month[4:]}"


def change(now: int, before: int) -> float:
    """Return the change in per cent to one decimal, halves away from nought."""
    tenths = (abs(now - before) * 2000 + before) // (2 * before)
    return (tenths if now >= before else -tenths) / 10


def calls(scope: Scope) -> Part:
    """Return the calls of the scope's whole months and their change on the year before."""
    months = whole_months(scope.period)
    counts: dict[str, int] = {}
    sources: dict[str, set[str]] = {}
    for month, source, count in scope.rows(
        "select c.month, c.source, sum(c.count) from call as c "  # noqa: S608 - fixed text
        "join record as r on r.n = c.n and r.state = 'present' "
        "where (c.month between :month and :month_last or c.month between :before and :before_last) "
        f"and {IN_SECTOR.format('c.sector')} group by c.month, c.source",
        month=months[0] if months else "",
        month_last=months[-1] if months else "",
        before=year_before(months[0]) if months else "",
        before_last=year_before(months[-1]) if months else "",
    ):
        counts[month] = counts.get(month, 0) + count
        sources.setdefault(month, set()).add(source)
    earlier = [year_before(month) for month in months]
    total = sum(counts.get(month, 0) for month in months)
    base = sum(counts.get(month, 0) for month in earlier)
    complete = bool(months) and all(month in counts for month in (*months, *earlier))
    changed = change(total, base) if complete and base >= LEAST_BASE else None
    rows = [
        {"month": month, "count": counts.get(month), "year_before": counts.get(year_before(month))}
        for month in months
    ]
    return Part(
        {"calls": total, "calls_change_percent": changed},
        {"calls_by_month": rows},
        _caveats(months, counts, sources),
        () if changed is not None else ("calls_change_percent",),
    )


def _caveats(months: list[str], counts: dict[str, int], sources: dict[str, set[str]]) -> list[str]:
    if not months:
        return ["Calls for service: no month lies wholly in the period."]
    said = []
    missing = [month for month in months if month not in counts]
    if missing:
        said.append(f"Calls for service: none are held for {', '.join(missing)}.")
    now = set().union(*(sources.get(month, set()) for month in months))
    before = set().union(*(sources.get(year_before(month), set()) for month in months))
    if now and before and now != before:
        said.append("Calls for service: the two years were not counted from the same sources.")
    said.append(
        "Calls for service are what was recorded. Recording practice and staff training change too: the "
        "figures do not say why a number changed."
    )
    return said
