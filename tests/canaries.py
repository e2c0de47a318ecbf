"""Canaries: a word that stands nowhere else for each field that somebody types words into, of every kind."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.rules.fields import Field
from db.rules.records import FOLDED, KINDS
from tests.traced import Day, everywhere

STEM = "zqcanary"
BORN = "1957-03-29"  # his: no canary's letters are a day
TYPED = {"text", "prose", "texts", "tagged", "object", "plate", "birth"}
CHOSEN = {"code", "codes", "whole", "flag", "instant", "date", "when", "month", "grade", "ref", "refs"}
# What is typed and yet of no person: codes, words of the program's, and names of the unit's own papers.
OTHER = {
    "judgement": {"verdict", "reason"},
    "consent": {"recipient"},
    "setting": {"name", "value"},  # ``SETTINGS`` are planted beside the records
    "recipe": {field.name for field in FOLDED["recipe"].fields},
    "release": {field.name for field in FOLDED["release"].fields},
}
SETTINGS = f"""
sectors = ["{STEM}settingsectors"]
[legal]
appropriate_policy_document = "{STEM}settinglegal"
[matching.name_forms]
{STEM}settingform = ["{STEM}settingother"]
"""
SETTLED = [f"{STEM}setting{name}" for name in ("sectors", "legal", "form", "other")]
NEEDED: dict[str, dict[str, Any]] = {
    "person": {"age_band": "25-34", "sharing_level": 4},
    "engagement": {"at": "2026-11-01T21:00", "sharing_level": 4},
    "concern": {"sharing_level": 4},
    "referral": {},
    "followup": {"due_on": "2026-12-01"},
    "offender": {},
    "vehicle": {},
    "sighting": {"at": "2026-11-01T22:00"},
    "action": {"on": "2026-11-02", "action": "arrest"},
    "order": {"type": "cbo"},
    "call": {"month": "2026-10", "source": "101", "count": 3},
}
_CAR = ("vrm", "make", "model", "colour", "body", "marks")


def canary(kind: str, field: str) -> str:
    """A word of letters that no rule reads anything into."""
    return STEM + re.sub("[^a-z]", "", f"{kind}{field}") + "yx"


def plate(kind: str) -> str:
    """A plate of its own for a kind, as it is shown."""
    return f"ZX19 YX{'KJHG'[('vehicle', 'concern', 'description', 'offender').index(kind)]}"


def planted(kind: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """A record of a kind with a canary in each field that is typed; and of each field what was planted."""
    made: dict[str, Any] = {}
    said: dict[str, list[str]] = {}
    for field in KINDS[kind].fields:
        if field.type in TYPED:
            made[field.name], said[field.name] = _value(kind, field)
        if field.type in ("ref", "refs") and field.required:
            target = field.of.split()[0]
            made[field.name] = canary(target, "external_ref")
    made["external_ref"] = canary(kind, "external_ref")
    if kind == "sighting":
        made["offender"] = canary("offender", "external_ref")
    if kind in ("engagement", "concern"):
        told = canary("person", "external_ref")
        made |= {"people": [told]} if kind == "engagement" else {"person": told}
    return made | NEEDED[kind], said


def _value(kind: str, field: Field) -> tuple[Any, list[str]]:
    word = canary(kind, field.name)
    if field.type == "birth":
        return BORN, [BORN]
    if field.type == "plate":
        return plate(kind), [plate(kind)]
    if field.name == "description":
        looks, said = _part("description", [f for f in KINDS["offender"].fields if f.name != "external_ref"])
        car, more = _part("description", _car())
        return looks | {"vehicles": [car]}, said + more
    if field.name == "vehicle_seen":
        return _part("concern", _car())
    value: Any = word
    if field.type == "texts":
        value = [word]
    elif field.type == "tagged":
        value = [f"other:{word}"]
    return value, [word]


def _car() -> list[Field]:
    return [field for field in KINDS["vehicle"].fields if field.name in _CAR]


def _part(kind: str, fields: list[Field]) -> tuple[dict[str, Any], list[str]]:
    """The typed fields of what stands inside a field."""
    made, said = {}, []
    for field in fields:
        if field.type in TYPED:
            made[field.name], words = _value(kind, field)
            said += words
    return made, said


def bare(kind: str) -> Iterator[str]:
    """The typed fields of a kind that nothing is planted in."""
    planted_in = planted(kind)[1] if kind in KINDS else {}
    for field in FOLDED[kind].fields:
        assert field.type in TYPED | CHOSEN, field
        if field.type in TYPED and field.name not in {*planted_in, *OTHER.get(kind, ())}:
            yield field.name


PLATES = [plate(kind) for kind in ("vehicle", "concern", "description")]
SOUGHT = [
    form
    for word in (
        STEM,
        STEM.upper(),
        STEM.capitalize(),
        BORN,
        *PLATES,
        *(one.replace(" ", "") for one in PLATES),
    )
    for form in everywhere(word)
]


def assert_no_canary(day: Day, *asked_for: Path) -> None:
    """No canary in a call, nor in a file that is left, but those asked for; no call is shown cut short."""
    seen = day.unasked(*asked_for)
    assert not re.search(rb'(?<!\\)"\.\.\.', seen), "strace cut a string short"
    lines = [line[:200] for line in seen.splitlines() if holds(line)] if holds(seen) else []
    assert not lines
    day.past()
    assert not [path for path, raw in day.written.items() if Path(path) not in asked_for and holds(raw)]


def holds(raw: bytes) -> bool:
    """Whether a canary stands in these bytes, in any form."""
    return STEM.encode() in raw.lower() or any(form in raw for form in SOUGHT)
