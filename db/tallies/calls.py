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


class Months:
    """The whole months of a scope and the same of the year before, with the calls that are held of each."""

    def __init__(self, scope: Scope) -> None:
        self.now = whole_months(scope.period)
        self.before = [year_before(month) for month in self.now]
        self.counts: dict[str, int] = {}
        self.sources: dict[str, set[str]] = {}
        for month, source, count in scope.rows(
            "select c.month, c.source, sum(c.count) from call as c "  # noqa: S608 - fixed text
            "join record as r on r.n = c.n and r.state = 'present' "
            "where (c.month between :month and :month_last or c.month between :before and :before_last) "
            f"and {IN_SECTOR.format('c.sector')} group by c.month, c.source",
            month=self.now[0] if self.now else "",
            month_last=self.now[-1] if self.now else "",
            before=self.before[0] if self.now else "",
            before_last=self.before[-1] if self.now else "",
        ):
            self.counts[month] = self.counts.get(month, 0) + count
            self.sources.setdefault(month, set()).add(source)

    @property
    def complete(self) -> bool:
        """Whether every month of both years is held."""
        return bool(self.now) and all(month in self.counts for month in (*self.now, *self.before))

    def caveats(self) -> list[str]:
        """Return what the figures do not say."""
        return _caveats(self.now, self.counts, self.sources)


def calls(scope: Scope) -> Part:
    """Return the calls of the scope's whole months and their change on the year before."""
    months = Months(scope)
    total, base = (sum(months.counts.get(one, 0) for one in of) for of in (months.now, months.before))
    changed = change(total, base) if months.complete and base >= LEAST_BASE else None
    rows = [
        {"month": now, "count": months.counts.get(now), "year_before": months.counts.get(before)}
        for now, before in zip(months.now, months.before, strict=True)
    ]
    return Part(
        {"calls": total, "calls_change_percent": changed},
        {"calls_by_month": rows},
        [*months.caveats(), *_too_few(months, base)],
        () if changed is not None else ("calls_change_percent",),
    )


def _too_few(months: Months, base: int) -> list[str]:
    if not months.complete or base >= LEAST_BASE:
        return []
    return [f"Calls for service: too few to say by how many per cent they changed (under {LEAST_BASE})."]


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
