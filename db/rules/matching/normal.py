"""A description or an offender in the form that is compared: computed once, kept beside it as JSON."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, cast

from db.rules import plates, telephones
from db.rules.descriptions import (
    read_age,
    read_codes,
    read_hair,
    read_height,
    read_marks,
    read_vehicle,
    read_ways,
    words,
)
from db.rules.matching import stray
from db.rules.names import alternatives, parts

FORM = 1  # the version of this shape; a stored form with another number is computed anew


class Vehicle(TypedDict):
    """A vehicle's plate as a pattern, its codes, and its words for the reasons."""

    vrm: str
    makes: list[str]
    models: list[str]
    bodies: list[str]
    colours: list[str]
    said: dict[str, str]


class Normal(TypedDict, total=False):
    """What is compared; an absent key is a thing not known. ``said`` holds the words the reasons quote."""

    form: int
    names: list[list[str]]
    phones: list[str]
    born: list[int]
    years: list[float]
    height: list[int]
    build: list[str]
    hair: list[str]
    face: list[str]
    accent: list[str]
    eth: list[str]
    marks: list[list[str]]
    ways: list[str]
    sector: list[str]
    cars: list[Vehicle]
    said: dict[str, str]
    refused: str


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value).strip()


def _texts(record: Mapping[str, object], key: str) -> list[str]:
    value = record.get(key)
    if value is None:
        return []
    items: Iterable[object] = value if isinstance(value, list | tuple) else str(value).split(";")
    return [text for text in (str(item).strip() for item in items) if text]


def _number(record: Mapping[str, object], key: str) -> float | None:
    try:
        number = float(_text(record, key))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _range(record: Mapping[str, object], low: str, high: str, wide: float) -> tuple[float, float] | None:
    """Return a range given by its ends; where one end is open it is taken to be *wide*."""
    first, last = _number(record, low), _number(record, high)
    if first is None:
        return None if last is None else (last - wide, last)
    return first, first + wide if last is None else last


def _ages(record: Mapping[str, object]) -> tuple[float, float] | None:
    return _range(record, "approximate_age_from", "approximate_age_to", 10)


def _heights(record: Mapping[str, object]) -> tuple[float, float] | None:
    return _range(record, "height_from_cm", "height_to_cm", 8)


def _names(record: Mapping[str, object]) -> list[str]:
    whole = " ".join(filter(None, (_text(record, "given_name"), _text(record, "surname"))))
    said = [whole, *_texts(record, "name"), *_texts(record, "aliases"), *_texts(record, "alias")]
    return list(dict.fromkeys(name for text in said if text for name in alternatives(text)))


def _born(text: str) -> list[int]:
    """Read 1985, 1985-03, 1985-03-02 and 02/03/1985 as year, month, day; nought is not known."""
    numbers = [
        int(piece) for piece in text.replace("/", "-").replace(".", "-").split("-") if piece.isdigit()
    ][:3]
    if len(numbers) == 3 and numbers[2] > 1900:
        numbers.reverse()
    if not numbers or not 1900 <= numbers[0] <= 2100:
        return []
    return (numbers + [0, 0])[:3]


def _day(value: object, otherwise: date) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else otherwise
    except ValueError:
        return otherwise


def _years(record: Mapping[str, object], born: list[int], on: date) -> list[float]:
    """Return the years of birth, earliest and latest, as decimals: what does not drift as the record ages."""
    if born:
        start = born[0] + (max(born[1], 1) - 1) / 12
        return [start, start + (1.0 if not born[1] else 1 / 12)]
    ages = _ages(record) or read_age(_text(record, "age_text"))
    if ages is None:
        return []
    now = on.year + (on.month - 1) / 12
    return [round(now - max(ages) - 1, 2), round(now - min(ages), 2)]


def _cars(record: Mapping[str, object]) -> list[Vehicle]:
    given = record.get("vehicles")
    found = [item for item in given if isinstance(item, Mapping)] if isinstance(given, list | tuple) else []
    if any(record.get(key) for key in ("vrm", "make", "model", "colour", "body")):
        found.append(record)
    cars: list[Vehicle] = []
    for item in found[:20]:
        said = {key: _text(item, key)[:80] for key in ("vrm", "make", "model", "colour", "body")}
        car = read_vehicle(said["make"], said["model"], said["colour"], said["body"])
        cars.append(
            {
                "vrm": plates.pattern(said["vrm"]),
                "makes": car.makes,
                "models": car.models,
                "bodies": car.bodies,
                "colours": car.colours,
                "said": {key: text for key, text in said.items() if text},
            }
        )
    return cars


def _contrary(record: Mapping[str, object]) -> str:
    for found, what in ((_ages(record), "age"), (_heights(record), "height")):
        if found and found[0] > found[1]:
            return f"The {what} range is upside down: its lower end is above its upper one; swap them."
    return ""


def _said(record: Mapping[str, object]) -> dict[str, str]:
    said = {key: _text(record, key)[:200] for key in ("build", "hair", "facial_hair", "accent", "sector")}
    said["ethnicity_appearance"] = _text(record, "ethnicity_appearance")[:80]
    said["name"] = "; ".join(_names(record))[:200]
    said["telephones"] = "; ".join(_texts(record, "telephones"))[:120]
    said["date_of_birth"] = _text(record, "date_of_birth")
    ages = _ages(record)
    said["age"] = f"{ages[0]:.0f}-{ages[1]:.0f}" if ages else _text(record, "age_text")[:80]
    tall = _heights(record)
    said["height"] = f"{tall[0]:.0f}-{tall[1]:.0f} cm" if tall else _text(record, "height_text")[:80]
    said["marks"] = "; ".join(_texts(record, "marks"))[:400]
    said["mo"] = "; ".join(filter(None, (", ".join(_texts(record, "mo")), _text(record, "mo_text"))))[:400]
    return {key: text for key, text in said.items() if text}


def _face(beard: str, hair: str) -> list[str]:
    """Return facial hair, "shaved head and beard" under hair included; shaved there is the head."""
    among = [code for code in read_codes(hair, "face") if code != "face.clean"]
    return list(dict.fromkeys(read_codes(beard, "face") + among))


def normalise(record: Mapping[str, object], today: date) -> Normal:
    """Return the compared form of an offender or a description; keys interface.md does not name are not read.

    *today* dates an age that has no ``as_of`` of its own: kept as years of birth, it does not drift. Never
    raises on content: what cannot be read is left out, a range upside down is named in ``refused``.
    """
    born = _born(_text(record, "date_of_birth"))
    look = {key: _text(record, key) for key in ("build", "hair", "facial_hair", "accent")}
    tall = _heights(record) or read_height(_text(record, "height_text")) or stray.height(look["build"])
    told, narrative = "; ".join(_texts(record, "marks")), _text(record, "mo_text")
    phones = [telephones.normalise(text) for text in _texts(record, "telephones")]
    normal: Normal = {
        "form": FORM,
        "names": [list(found) for found in (parts(name) for name in _names(record)) if found],
        "phones": list(dict.fromkeys(number for number in phones if number)),
        "born": born,
        "years": _years(record, born, _day(record.get("as_of"), today)),
        "height": [round(min(tall)), round(max(tall))] if tall else [],
        "build": read_codes(look["build"], "build"),
        "hair": read_hair(look["hair"]) or stray.hair(told, narrative),
        "face": _face(look["facial_hair"], look["hair"]) or stray.face(told, narrative),
        "accent": read_codes(look["accent"], "accent") or stray.accent(told, narrative),
        "eth": read_codes(_text(record, "ethnicity_appearance"), "eth"),
        "marks": read_marks(_texts(record, "marks")) or stray.marks(narrative),
        "ways": read_ways(_texts(record, "mo"), narrative),
        "sector": words(_text(record, "sector"))[:20],
        "cars": _cars(record),
        "said": _said(record),
        "refused": _contrary(record),
    }
    return normal


_LISTED = ("names", "phones", "build", "hair", "face", "accent", "eth", "marks", "ways", "sector", "cars")


def pooled(forms: Sequence[Normal]) -> Normal:
    """Return what several records of one man say of him together; the first one's word on his age stands."""
    whole: dict[str, Any] = {"form": FORM}
    for form in forms:
        for key, value in form.items():
            if key in _LISTED:
                held = whole.setdefault(key, [])
                held.extend(one for one in cast("list[object]", value) if one not in held)
            else:
                whole.setdefault(key, value)
    return cast("Normal", whole)


def quoted(told: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return the words of several records of one man together."""
    keys = dict.fromkeys(key for said in told for key in said)
    return {key: "; ".join(dict.fromkeys(s[key] for s in told if key in s))[:400] for key in keys}
