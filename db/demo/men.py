"""The invented men of the watchlist, their cars, and where they were seen.

Plates carry 00, 01 or 50, which no plate bears before 2050, or a Q where none is ever issued.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.demo import words
from db.demo.plan import MET_OF_THE_WALK, Plan, dealt_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Row = dict[str, Any]

_TELEPHONES = 1000  # 07700 900000 to 900999
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_LOOSE_CARS = 8

# Whom tonight's engagement of the walk is about.
_OF_THE_WALK: Row = {
    "category": "suspect",
    "given_name": "Darren",
    "surname": "Skelumsett",
    "aliases": ["the Collector", "Daz"],
    "height_from_cm": 175,
    "height_to_cm": 183,
    "build": "stocky",
    "hair": "bald",
    "facial_hair": "stubble",
    "ethnicity_appearance": "IC1",
    "accent": "teesside",
    "marks": ["spider tattoo left hand"],
    "mo": ["follows", "takes_back_money"],
    "mo_text": "follows women as they walk home",
    "vehicles": [
        {"vrm": "NA12 QBX", "make": "Vauxhall", "model": "Astra", "colour": "silver", "body": "hatchback"}
    ],
}


def man_ref(number: int) -> str:
    """Return the external reference of a man."""
    return f"demo-man-{number + 1}"


def offenders(plan: Plan) -> Iterator[Row]:
    """Yield the watchlist: named men, and some of whom only a car or a nickname is known."""
    for number in range(plan.men):
        yield offender(plan, number)


def offender(plan: Plan, number: int) -> Row:
    """Return one man; whoever was dealt with has a name."""
    rng = plan.rng("man", number)
    row: Row = {"external_ref": man_ref(number), "sex": "man", "sector": rng.choice(words.SECTORS)}
    row["grade"] = rng.choice(("1AP", "2BC", "2BC", "2BP", "2CP", "3DP"))
    if number == MET_OF_THE_WALK:
        return row | _OF_THE_WALK | {"date_of_birth": str(plan.last.year - 51)}
    born = rng.randint(1955, 2001)
    named = number in dealt_with(plan) or rng.random() < 0.4
    row |= _named(born, rng) if named else _unnamed(born, plan.last.year, rng)
    row["category"] = rng.choice(("suspect", "charged", "convicted")) if named else "reported"
    row |= _looks(rng)
    if rng.random() < 0.3 and number < _TELEPHONES:
        row["telephones"] = [f"07700 900{number:03d}"]
    if rng.random() < 0.08:
        row["warnings"] = [rng.choice(("vi", "we", "dr", "rso"))]
    cars = rng.choice((0, 1, 1, 1, 1, 1, 2))
    if cars:
        row["vehicles"] = [_car(rng, rng.random() < 0.75) for _ in range(cars)]
    return row


def _named(born: int, rng: Random) -> Row:
    given = rng.choice(sorted(words.GIVEN_NAMES))
    row: Row = {
        "given_name": given,
        "surname": rng.choice(words.SURNAME_STARTS) + rng.choice(words.SURNAME_ENDS),
        "date_of_birth": rng.choice((f"{born}", f"{born}-{rng.randint(1, 12):02d}")),
        "identity_confidence": "named",
    }
    short = words.GIVEN_NAMES[given]
    if short and rng.random() < 0.5:
        row["aliases"] = [short]
    return row


def _unnamed(born: int, this_year: int, rng: Random) -> Row:
    age = this_year - born
    row: Row = {"approximate_age_from": age - age % 5, "approximate_age_to": age - age % 5 + 8}
    row["identity_confidence"] = rng.choice(("unknown", "unknown", "partial"))
    if rng.random() < 0.4:
        row["aliases"] = [rng.choice(words.NICKNAMES)]
    return row


def _looks(rng: Random) -> Row:
    tall = rng.randint(163, 192)
    ways = rng.sample(sorted(words.MANNERS), rng.choice((1, 1, 2)))
    row: Row = {
        "height_from_cm": tall,
        "height_to_cm": tall + 5,
        "build": rng.choice(words.BUILDS),
        "hair": rng.choice(words.HAIR),
        "facial_hair": rng.choice(words.FACES),
        "ethnicity_appearance": rng.choice(words.APPEARANCES),
        "accent": rng.choice(words.ACCENTS),
        "mo": ways,
        "mo_text": ", ".join(words.MANNERS[way] for way in ways),
    }
    if rng.random() < 0.45:
        row["marks"] = [rng.choice(words.MARKS)]
    return row


def _car(rng: Random, plated: bool) -> Row:
    make, model, body = rng.choice(words.CARS)
    row: Row = {"make": make, "model": model, "colour": rng.choice(words.COLOURS), "body": body}
    if plated:
        row["vrm"] = _plate(rng)
    if rng.random() < 0.3:
        row["marks"] = [rng.choice(words.CAR_MARKS)]
    return row


def _plate(rng: Random) -> str:
    letters = [rng.choice(_LETTERS) for _ in range(4)]
    age = rng.choice(("00", "01", "50"))
    return f"{rng.choice('NNNYSM')}{letters[0]}{age} {''.join(letters[1:])}"


def vehicles(plan: Plan) -> Iterator[Row]:
    """Yield the cars that are nobody's yet."""
    for number in range(_LOOSE_CARS):
        rng = plan.rng("car", number)
        yield {"external_ref": f"demo-car-{number + 1}"} | _car(rng, rng.random() < 0.5)


def sightings(plan: Plan) -> Iterator[Row]:
    """Yield where some of them were seen, and the cars that are nobody's."""
    for number in range(plan.men):
        rng = plan.rng("sightings", number)
        for time in range(rng.choice((0, 0, 1, 1, 2))):
            yield _sighting(plan, rng, f"demo-sighting-{number + 1}-{time + 1}") | {
                "offender": man_ref(number)
            }
    for number in range(_LOOSE_CARS):
        row = _sighting(plan, plan.rng("sighting of car", number), f"demo-sighting-car-{number + 1}")
        yield row | {"vehicle": f"demo-car-{number + 1}"}


def _sighting(plan: Plan, rng: Random, ref: str) -> Row:
    return {
        "external_ref": ref,
        "at": f"{plan.day(rng.random()).isoformat()} {rng.randint(19, 23)}:{rng.randint(0, 59):02d}",
        "sector": rng.choice(words.SECTORS),
        "grade": rng.choice(("1AP", "2BC", "2CP")),
        "note": rng.choice(words.SEEN),
    }
