"""What was done to the invented men: arrests, cautions, charges, orders; and the calls that were counted.

Exactly the planned number of men has a caution, arrest, charge or summons for the unit.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.demo import words
from db.demo.men import man_ref
from db.demo.plan import MET_OF_THE_WALK, Plan, dealt_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Row = dict[str, Any]

_ORDERS = ("cbo", "disqualification", "shpo")
_OTHER = ("stop_and_speak", "warning_letter_keeper", "community_resolution", "intel_only", "cpn_warning")
_OFFENCES = ("soa51a", "soa51a", "soa51a", "s39", "s47", "robbery", "soa3")
_YEARS_OF_CALLS = 2


def actions(plan: Plan) -> Iterator[Row]:
    """Yield what was done, man by man; for those not dealt with, what falls short of it."""
    for number in range(plan.men):
        rng = plan.rng("dealings", number)
        if number in dealt_with(plan):
            done = _dealt_with(plan, rng)
        elif number != MET_OF_THE_WALK and rng.random() < 0.6:
            done = [_other(plan, rng)]
        else:
            continue
        for time, row in enumerate(done):
            ref = f"demo-action-{number + 1}-{time + 1}"
            yield {
                "external_ref": ref,
                "offender": man_ref(number),
                "officer": rng.choice(words.OFFICERS),
            } | row


def _other(plan: Plan, rng: Random) -> Row:
    action = rng.choice(_OTHER)
    row: Row = {"on": plan.day(rng.random()).isoformat(), "action": action}
    return row | ({"outcome_code": "8"} if action == "community_resolution" else {})


def _dealt_with(plan: Plan, rng: Random) -> list[Row]:
    on = plan.day(rng.random())
    way = rng.random()
    if way < 0.6:
        return _arrested(plan, on, rng) if way < 0.45 else _cautioned(plan, on, "caution_simple", rng)
    if way < 0.88:
        return _cautioned(plan, on, "caution_conditional", rng)
    summons = _offence("soa51a", on, rng) | {"on": on.isoformat(), "action": "summons_postal_requisition"}
    return [summons | {"outcome_code": "1"}]


def _arrested(plan: Plan, on: date, rng: Random) -> list[Row]:
    """An arrest, and the charge or the end that came of it; a late one may be open still."""
    offence = _offence(rng.choice(_OFFENCES), on, rng)
    arrest = offence | {"on": on.isoformat(), "action": "arrest"}
    ended = on + timedelta(days=rng.randint(0, 60))
    if ended > plan.last:
        return [arrest | {"result": "open"}]
    if rng.random() < 0.7:
        end, result = {"action": "charge", "outcome_code": "1"}, "charged"
    else:
        end, result = {"action": "nfa", "outcome_code": "16"}, "nfa"
    return [arrest | {"result": result}, offence | {"on": ended.isoformat()} | end]


def _cautioned(plan: Plan, on: date, action: str, rng: Random) -> list[Row]:
    """A caution; a conditional one brings the course, and the offence's clock runs until it is attended."""
    offence = _offence("soa51a", on, rng)
    caution = offence | {"on": on.isoformat(), "action": action, "outcome_code": "3"}
    attended = on + timedelta(days=rng.randint(14, 45))
    if action == "caution_simple" or attended > plan.last:
        return [caution]
    del caution["offence_on"]
    return [caution, {"on": attended.isoformat(), "action": "course_attended"}]


def _offence(offence: str, on: date, rng: Random) -> Row:
    before = on - timedelta(days=rng.choice((0, 0, 1, 3, 10, 25)))
    return {"offence": offence, "offence_on": before.isoformat()}


def orders(plan: Plan) -> Iterator[Row]:
    """Yield a few orders against men who were dealt with."""
    subjects = sorted(dealt_with(plan))[:: max(1, plan.dealt_with // len(_ORDERS))]
    for number, kind in zip(subjects, _ORDERS, strict=False):
        granted = plan.day(plan.rng("order", number).random())
        yield {
            "external_ref": f"demo-order-{number + 1}",
            "offender": man_ref(number),
            "type": kind,
            "issuer": "magistrates' court",
            "granted_on": granted.isoformat(),
            "expires_on": granted.replace(year=granted.year + 2, day=min(granted.day, 28)).isoformat(),
            "conditions": "not to stop a car for anyone in the five sectors after dark",
        }


def calls(plan: Plan) -> Iterator[Row]:
    """Yield two years and more of monthly counts: fewer each year, more in summer than in winter."""
    this = plan.last.year * 12 + plan.last.month - 1
    if (plan.last + timedelta(days=1)).day == 1:
        this += 1
    start = plan.first.year * 12 + plan.first.month - 1
    first = min(this - 12 * _YEARS_OF_CALLS, start - 12)
    for month in range(first, this):
        rng = plan.rng("calls", month)
        level = 104 * 0.975 ** (month - first) * (1 + 0.15 * (3 - abs(month % 12 - 6)) / 3)
        for source, share in (("storm", 0.7), ("101", 0.3)):
            yield {
                "month": f"{month // 12}-{month % 12 + 1:02d}",
                "source": source,
                "category": "street sex work",
                "count": max(1, round(level * share * rng.uniform(0.95, 1.05))),
            }
