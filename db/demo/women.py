"""The invented women, and the contacts with them: each a pure function of the plan and a number.

Rows are as ``import`` takes them; they point at one another by ``external_ref``.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from db.demo import words
from db.demo.plan import MET_OF_THE_WALK, Plan, first_meetings, women_met
from db.rules import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Row = dict[str, Any]

_LEVELS = (1, 1, 1, 1, 1, 2, 2, 3, 4, 5)
_OTHER_WAYS = ("planned", "patrol", "patrol", "drop_in", "third_party", "call", "text")
_IDENTITIES = 4


def woman_ref(number: int) -> str:
    """Return the external reference of a woman."""
    return f"demo-woman-{number + 1}"


def people(plan: Plan) -> Iterator[Row]:
    """Yield the women, each under a pseudonym of the word list, all recorded as women."""
    for number in range(plan.women):
        rng = plan.rng("woman", number)
        row: Row = {
            "external_ref": woman_ref(number),
            "pseudonym": _pseudonym(plan, number),
            "sex": "woman",
            "age_band": rng.choice(words.AGE_BANDS),
            "safe_contact": rng.choice(words.SAFE_CONTACTS),
            "sharing_level": rng.choice(_LEVELS),
        }
        if number % 3 == 0 and number // 3 < len(words.STREET_NAMES):
            row["known_as"] = [words.STREET_NAMES[number // 3]]
        if rng.random() < 0.25:
            row |= {"risk_tool": "dara", "risk_grade": rng.choice(("standard", "medium", "high"))}
            row |= {"risk_by": rng.choice(words.OFFICERS), "risk_on": plan.day(rng.random()).isoformat()}
        yield row


@lru_cache(maxsize=4)
def _shuffled(plan: Plan) -> tuple[str, ...]:
    listed = vocabulary.pseudonyms()
    return tuple(plan.rng("pseudonyms").sample(listed, len(listed)))


def _pseudonym(plan: Plan, number: int) -> str:
    drawn = _shuffled(plan)
    turn, place = divmod(number, len(drawn))
    return f"{drawn[place]}-{plan.rng('pseudonym', place).randint(10, 59) + turn}"


def identities(plan: Plan) -> Iterator[tuple[str, Row]]:
    """Yield the few sealed names there are: whose, and what is sealed."""
    for number in range(min(_IDENTITIES, plan.women)):
        rng = plan.rng("identity", number)
        yield (
            woman_ref(number),
            {
                "given_name": rng.choice(("Avis", "Merle", "Odette", "Petra", "Wilma")),
                "surname": rng.choice(words.SURNAME_STARTS) + rng.choice(words.SURNAME_ENDS),
                "date_of_birth": f"{rng.randint(1975, 1999)}-{rng.randint(1, 12):02d}-14",
                "telephones": [f"01632 960{number:03d}"],
                "safe_contact_words": "says that her sister answers",
            },
        )


def engagement_ref(number: int) -> str:
    """Return the external reference of an engagement."""
    return f"demo-contact-{number + 1}"


def engagements(plan: Plan) -> Iterator[Row]:
    """Yield the contacts in the order of the campaign."""
    for number in range(plan.engagements):
        yield engagement(plan, number)


def engagement(plan: Plan, number: int) -> Row:
    """Return one contact: some with nobody, a few of which nothing but the count may be kept."""
    rng = plan.rng("contact", number)
    progress = (number + rng.random()) / plan.engagements
    first = first_meetings(plan).get(number)
    flagged = rng.random() < 0.14 + 0.36 * progress
    row: Row = {
        "external_ref": engagement_ref(number),
        "at": f"{plan.day(progress).isoformat()} {rng.randint(19, 23)}:{rng.randint(0, 59):02d}",
        "contact": "spoke",
        "initiated_by": "flagged_down" if flagged else rng.choice(_OTHER_WAYS),
        "sector": rng.choice(words.SECTORS),
        "officers": rng.sample(words.OFFICERS, 2),
    }
    if first is None and rng.random() < 0.03:
        return row | {"people_unnamed": 1, "sharing_level": 0}
    row |= {"place_type": rng.choice(words.PLACES), "sharing_level": rng.choice(_LEVELS)}
    if first is None and rng.random() < 0.14:
        return row | _not_spoken(plan, number, rng)
    return row | _spoken(plan, number, first, rng)


def _somebody(plan: Plan, number: int, rng: Random) -> int:
    """Return a woman who was met before: some are met far more often than others."""
    known = women_met(plan)[number]
    return int(known * rng.random() ** 1.7)


def _not_spoken(plan: Plan, number: int, rng: Random) -> Row:
    contact = rng.choice(("seen_only", "seen_only", "attempted", "declined", "nil_patrol"))
    row: Row = {"contact": contact, "initiated_by": "patrol", "narrative": words.NOT_SPOKEN[contact]}
    if contact != "nil_patrol":
        row["people"] = [woman_ref(_somebody(plan, number, rng))]
    return row


def _spoken(plan: Plan, number: int, first: int | None, rng: Random) -> Row:
    women = [first if first is not None else _somebody(plan, number, rng)]
    if rng.random() < 0.1:
        women.append(_somebody(plan, number, rng))
    needs = sorted(set(rng.sample(words.NEEDS, rng.choice((0, 1, 1, 2)))))
    row: Row = {
        "people": [woman_ref(woman) for woman in dict.fromkeys(women)],
        "people_unnamed": rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
        "needs": needs,
        "offers": [f"{need}:{rng.choice(('accepted', 'accepted', 'declined'))}" for need in needs],
        "narrative": rng.choice(words.TOLD),
        "wording_version": "2026-1",
        "refs": [f"bwv:DEMO{number:06d}"],
    }
    if rng.random() < 0.3:
        row["partner"] = rng.choice(words.PARTNERS)
    if rng.random() < 0.25:
        row["mentions"] = _mention(rng)
    return row


def _mention(rng: Random) -> str:
    make, model, _ = rng.choice(words.CARS)
    man = f"{rng.choice(words.BUILDS)} man, {rng.choice(words.HAIR)} hair, about {rng.randint(5, 12) * 5}"
    return f"{man}, {rng.choice(words.COLOURS)} {make} {model}"


def concerns(plan: Plan) -> Iterator[Row]:
    """Yield what the women reported at those contacts, most with a decision on recording it as a crime."""
    for number in range(plan.engagements):
        rng = plan.rng("concern", number)
        contact = engagement(plan, number)
        if rng.random() > 0.27 or contact["contact"] != "spoke" or contact["sharing_level"] == 0:
            continue
        told = date.fromisoformat(contact["at"][:10])
        behaviours = rng.sample(sorted(words.BEHAVIOURS), rng.choice((1, 1, 2)))
        row: Row = {
            "external_ref": f"demo-concern-{number + 1}",
            "engagement": contact["external_ref"],
            "person": contact["people"][0],
            "happened_from": (told - timedelta(days=rng.choice((0, 0, 1, 1, 2, 6)))).isoformat(),
            "sector": contact["sector"],
            "behaviours": behaviours,
            "offence_guess": words.BEHAVIOURS[behaviours[0]],
            "sharing_level": contact["sharing_level"],
            "targeted_because_of_sex_work": rng.random() < 0.8,
        }
        yield row | _whom(plan, rng) | _decision(plan, contact["at"], rng)


def _whom(plan: Plan, rng: Random) -> Row:
    if rng.random() < 0.4:
        man = rng.randrange(plan.men)
        return {"offender": f"demo-man-{man + 1}"} if man != MET_OF_THE_WALK else {}
    make, model, body = rng.choice(words.CARS)
    looks: Row = {"build": rng.choice(words.BUILDS), "hair": rng.choice(words.HAIR), "age_text": "forties"}
    if rng.random() < 0.5:
        looks["vehicles"] = [
            {"colour": rng.choice(words.COLOURS), "make": make, "model": model, "body": body}
        ]
    return {"description": looks}


def _decision(plan: Plan, told: str, rng: Random) -> Row:
    """Return the crime-recording decision: within a day, or late; none where its time has not come."""
    day = date.fromisoformat(told[:10]) + timedelta(days=rng.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 3)))
    if day > plan.last or rng.random() < 0.06:
        return {}
    decision = rng.choice(("crimed", "crimed", "crimed", "n100", "incident_only"))
    return {
        "ncrs_decision": decision,
        **({"ncrs_rationale": "no crime in what was told"} if decision == "incident_only" else {}),
        "ncrs_by": rng.choice(words.OFFICERS),
        "ncrs_at": f"{day.isoformat()} {rng.randint(8, 18):02d}:{rng.randint(0, 59):02d}",
    }
