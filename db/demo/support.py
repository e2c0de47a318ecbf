"""What the invented unit promised and did for the women: referrals to services, and follow-ups.

Rows are as ``import`` takes them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.demo import words
from db.demo.women import engagement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from db.demo.plan import Plan

Row = dict[str, Any]


def referrals(plan: Plan) -> Iterator[Row]:
    """Yield what she was offered for what she needed, and how far it came."""
    for number in range(plan.engagements):
        contact = engagement(plan, number)
        for need in contact.get("needs", ()):
            rng = plan.rng("referral", number, need)
            if need not in words.SERVICES or rng.random() > 0.6:
                continue
            offered = date.fromisoformat(contact["at"][:10])
            row: Row = {
                "external_ref": f"demo-referral-{number + 1}-{need}",
                "person": contact["people"][0],
                "service": words.SERVICES[need],
                "owner": contact["officers"][0],
                "offered_on": offered.isoformat(),
            }
            yield row | _came_to(plan, offered, rng)


def _came_to(plan: Plan, offered: date, rng: Random) -> Row:
    sent = offered + timedelta(days=rng.randint(1, 3))
    accepted = sent + timedelta(days=rng.randint(3, 14))
    if rng.random() < 0.25:
        return {"status": "declined"}
    if sent > plan.last:
        return {"status": "offered"}
    if accepted > plan.last or rng.random() < 0.3:
        return {"status": "sent", "sent_on": sent.isoformat(), "chase_on": accepted.isoformat()}
    reached = rng.choice(("accepted", "engaged", "engaged"))
    return {"status": reached, "sent_on": sent.isoformat(), "accepted_on": accepted.isoformat()}


def followups(plan: Plan) -> Iterator[Row]:
    """Yield what was promised: most of it done, some of it overdue, the latest still to come."""
    for number in range(plan.engagements):
        rng = plan.rng("followup", number)
        contact = engagement(plan, number)
        if "needs" not in contact or rng.random() > 0.35:
            continue
        due = date.fromisoformat(contact["at"][:10]) + timedelta(days=rng.randint(5, 18))
        row: Row = {
            "external_ref": f"demo-followup-{number + 1}",
            "what": rng.choice(words.TASKS),
            "about": contact["people"][0],
            "owner": contact["officers"][0],
            "due_on": due.isoformat(),
        }
        done = due - timedelta(days=rng.randint(0, 4))
        if done <= plan.last and rng.random() < 0.88:
            row["done_on"] = done.isoformat()
        yield row
