"""What is pasted into the force's own systems: plain lines, sanitised. Pure rules on words and codes.

For intelligence nothing is quoted: facts about a man and a car are written anew from codes, in the third
person, with no word that shows that somebody was there (College of Policing APP, 3x5x2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from db.rules import vocabulary
from db.rules.descriptions import read_age, read_codes, read_hair, read_height, read_marks, read_ways
from db.rules.text import without_births

MARKING = "OFFICIAL-SENSITIVE"
GRADE = "2CC"  # untested, known indirectly, shared with conditions
CONDITIONS = (
    "Consult the originator before any use. The source is not to be sought, approached or identified."
)

_BANDS = ((6, "night (00:00 to 06:00)"), (12, "morning (06:00 to 12:00)"))
_LATE = ((18, "afternoon (12:00 to 18:00)"), (24, "evening (18:00 to 24:00)"))
_HERS = (
    (re.compile(r"\bher name\b"), "a woman's name"),
    (re.compile(r"\bher family\b"), "a woman's family"),
    (re.compile(r"\bher\b"), "a woman"),
)
SOMEBODY = "[person]"
_REFERENCE = re.compile(r"\bP-[0-9A-Za-z]{4,}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w£])(?:\+|00|\(?0)[\d\s().-]{7,}\d")
_LOOKS = (("build", "build"), ("facial_hair", "face"), ("accent", "accent"), ("ethnicity_appearance", "eth"))


def band(at: datetime) -> str:
    """Return a local time widened to six hours of its day."""
    said = next(words for hour, words in (*_BANDS, *_LATE) if at.hour < hour)
    return f"{at.day} {at:%B %Y}, {said}"


def month(at: datetime) -> str:
    """Return a local time widened to its month: what may be said where she let no time go out."""
    return f"{at:%B %Y}"


def grade_lines(grade: str) -> list[str]:
    """Return a 3x5x2 grade in words, with the conditions where sharing has some."""
    source, known, handling = tuple(grade)
    lines = [
        f"Grade: {grade}. Source {source}: {vocabulary.entry('grade_source', source).label}. "
        f"Information {known}: {vocabulary.entry('grade_assessment', known).label}. "
        f"Handling {handling}: {vocabulary.entry('grade_handling', handling).label}."
    ]
    return lines + ([f"Conditions: {CONDITIONS}"] if handling == "C" else [])


def man(description: Mapping[str, Any]) -> str | None:
    """Return what a description says of a man, from its codes alone; None where that is nothing."""
    parts = [_years(description), _height(description)]
    for key, kind in _LOOKS:
        parts += [_worded(code) + _NOUN.get(kind, "") for code in read_codes(_text(description, key), kind)]
    hair = [_worded(code) for code in read_hair(_text(description, "hair"))]
    parts.append(f"{' '.join(hair)} hair" if hair and "bald" not in hair else " ".join(hair) or None)
    parts += filter(None, map(_mark, read_marks(list(description.get("marks") or []))))
    return ", ".join(filter(None, parts)) or None


_NOUN = {"build": " build", "accent": " accent"}


def _text(description: Mapping[str, Any], key: str) -> str:
    return str(description.get(key) or "")


def _worded(code: str) -> str:
    return code.partition(".")[2].replace("_", " ")


def _years(description: Mapping[str, Any]) -> str | None:
    low, high = (description.get(f"approximate_age_{end}") for end in ("from", "to"))
    if low is None and high is None:
        read = read_age(_text(description, "age_text"))
        if read is None:
            return None
        low, high = read
    return f"aged {_between(low, high)}"


def _height(description: Mapping[str, Any]) -> str | None:
    low, high = (description.get(f"height_{end}_cm") for end in ("from", "to"))
    if low is None and high is None:
        read = read_height(_text(description, "height_text"))
        if read is None:
            return None
        low, high = read
    return f"{_between(low, high)} cm tall"


def _between(low: Any, high: Any) -> str:
    if low is None or high is None or low == high:
        return str(low if high is None else high)
    return f"{low} to {high}"


def _mark(concepts: Iterable[str]) -> str | None:
    """Return one mark in words: what it is, of what, where; words that no list knows are not repeated."""
    told: dict[str, list[str]] = {}
    for concept in concepts:
        kind, _, code = concept.partition(".")
        told.setdefault(kind, []).append(code.replace("_", " "))
    words = [*told.get("thing", ()), *told.get("type", ())]
    place = [*told.get("side", ()), *told.get("site", ())]
    if not words:
        return None
    return " ".join(words) + (f" on {' '.join(place)}" if place else "")


def car(vehicle: Mapping[str, Any]) -> str | None:
    """Return a vehicle in a line: colour, make, model, body, plate as far as it is known."""
    words = [str(vehicle[key]) for key in ("colour", "make", "model", "body") if vehicle.get(key)]
    if vehicle.get("vrm"):
        words.append(f"VRM {vehicle['vrm']}")
    return " ".join(words) or None


def conduct(codes: Iterable[str], ways: str = "") -> list[str]:
    """Return what he is reported to do, by code, in words that tell of nobody who was there.

    Args:
        codes: of the list of behaviours.
        ways: more in somebody's words: only the codes read out of them are told.
    """
    known = vocabulary.codes("behaviour")
    read = [one.partition(".")[2] for one in read_ways([], ways) if one.startswith("mo.")] if ways else []
    return [_unseen(known[code]) for code in dict.fromkeys([*codes, *read]) if code in known]


def _unseen(label: str) -> str:
    for found, instead in _HERS:
        label = found.sub(instead, label)
    return label


def named(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern of names as people write them: in any case, with a blank, a hyphen or neither."""
    kept = {tuple(re.split(r"[\s-]+", name.strip())) for name in names if name.strip(" -")}
    if not kept:
        return None
    rests: dict[str, set[str]] = {}  # of many pseudonyms the first word is one of few
    for first, *more in kept:
        rests.setdefault(re.escape(first), set()).add("".join(rf"[\s-]*{re.escape(one)}" for one in more))
    said = [
        first + (f"(?:{'|'.join(sorted(those, key=len, reverse=True))})" if those != {""} else "")
        for first, those in rests.items()
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(said, key=len, reverse=True))})(?!\w)", re.IGNORECASE)


def scrubbed(text: str, names: re.Pattern[str] | None) -> str:
    """Return an officer's words without what points at her: names, references, numbers, birth dates.

    Args:
        text: as it was written.
        names: what ``named`` made of pseudonyms and of what the street calls anybody.
    """
    if names is not None:
        text = names.sub(SOMEBODY, text)
    return without_births(_NUMBER.sub("[number]", _REFERENCE.sub(SOMEBODY, text)), "[date]")
