"""What is due before long: recording decisions, follow-ups, orders that expire, limitation dates.

Counts, references and dates alone: no person is shown, and it is no look.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db import concerns, records, standing, tallies
from db.rules import periods

if TYPE_CHECKING:
    from db.vault.store import Store

MARKS = (60, 30, 14)  # days before a limitation date at which it is told (domain.md section 11)
ORDER_DAYS = 60  # and before an order expires
_MOST = 20


def status(store: Store) -> dict[str, Any]:
    """Return how the unit stands, and what is coming."""
    return standing.of(store) | of(store)


def of(store: Store) -> dict[str, Any]:
    """Return ``due`` (numbers by name) and ``coming`` (sentences, the first first)."""
    today = date.fromisoformat(records.today(store))
    limits = [row for row in tallies.limits_ahead(store) if 0 <= row["days_left"] <= MARKS[0]]
    with store.counts() as reader:
        orders = _orders(reader, today)
        clocks = [one for one in concerns.clocks(reader) if one.due_at >= store.now()]
        (followups,) = reader.execute(
            "select count(*) from followup as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
            "where r.state = 'present' and x.done_on is null and x.due_on = ? "
            f"and {records.visible('followup')}",
            (today.isoformat(),),
        ).fetchone()
    within = {f"limitation_{mark}": 0 for mark in MARKS}
    for row in limits:
        mark = min(mark for mark in MARKS if row["days_left"] <= mark)
        within[f"limitation_{mark}"] += row["count"]
    due = {"decisions": len(clocks), "followups_today": followups, "orders_expiring": len(orders), **within}
    said = [
        *(
            f"{one.ref}: its crime-recording decision is due {periods.spoken(one.due_at)}"
            for one in clocks[:_MOST]
        ),
        *(
            f"{', '.join(row['refs'][:5])}: the limit for {row['offence']} is {_on(row['last_day'])}, "
            f"in {row['days_left']} days"
            for row in limits[:_MOST]
        ),
        *(f"{ref}: {kind} expires {_on(on)}, in {left} days" for ref, kind, on, left in orders[:_MOST]),
    ]
    return {"due": due, "coming": said}


def _on(day: str) -> str:
    return periods.short(date.fromisoformat(day))


def _orders(reader: Any, today: date) -> list[tuple[str, str, str, int]]:
    """Return the orders that expire before long: reference, type, last day, days left."""
    rows = reader.execute(
        'select r.ref, x.type, x.expires_on from "order" as x cross join record as r on r.n = x.n '  # noqa: S608 - fixed text
        f"where r.state = 'present' and {records.visible('order')} "
        "and x.expires_on between ? and ? order by x.expires_on, r.ref",
        (today.isoformat(), (today + timedelta(days=ORDER_DAYS)).isoformat()),
    ).fetchall()
    return [(ref, kind, on, (date.fromisoformat(on) - today).days) for ref, kind, on in rows]
