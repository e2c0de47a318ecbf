"""How a man and a car are put in words on a sheet. Nothing here knows where a fact came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Record = dict[str, Any]

SUSPECTED_FALSE = "E"  # the middle of a grade; such information feeds no sheet (3x5x2)


# the same of a row, by its alias
TRUSTED = f"substr(coalesce({{}}.grade, ''), 2, 1) <> '{SUSPECTED_FALSE}'"

# what several records of one man say together, and what is taken whole from the first that says any of it
_LISTS = ("aliases", "marks", "mo", "warnings")
_WHOLE = (
    ("name", "given_name", "surname"),
    ("approximate_age_from", "approximate_age_to", "age_text"),
    ("height_from_cm", "height_to_cm", "height_text"),
    *((part,) for part in ("build", "hair", "facial_hair", "ethnicity_appearance", "accent")),
)


def as_one(found: Sequence[Record]) -> Record:
    """Return the records of one man as one: the first, with what the others say beside it."""
    one = dict(found[0])
    for key in _LISTS:
        one[key] = [*dict.fromkeys(said for each in found for said in each.get(key) or ())]
    for keys in _WHOLE:
        says = next((each for each in found if any(each.get(key) is not None for key in keys)), found[0])
        one |= {key: says.get(key) for key in keys}
    return one | {"is_conditional": any((each.get("grade") or "   ")[2:3] == "C" for each in found)}


def look(man: Mapping[str, Any]) -> str:
    """Return what he looks like and how he speaks."""
    age = _between(man.get("approximate_age_from"), man.get("approximate_age_to"), "aged {}")
    height = _between(man.get("height_from_cm"), man.get("height_to_cm"), "{} cm tall")
    said = [
        age or man.get("age_text"),
        height or man.get("height_text"),
        *(man.get(part) for part in ("build", "hair", "facial_hair")),
        _appearance(man.get("ethnicity_appearance")),
        man["accent"] + " accent" if man.get("accent") else None,
        *(man.get("marks") or ()),
    ]
    return "; ".join(str(part) for part in said if part)


def _appearance(said: str | None) -> str | None:
    """Return an IC code in words, what was typed as it is."""
    return vocabulary.codes("ethnicity_appearance").get((said or "").strip().upper(), said)


def _between(low: int | None, high: int | None, said: str) -> str | None:
    if low is None and high is None:
        return None
    ends = dict.fromkeys(end for end in (low, high) if end is not None)
    return said.format("-".join(map(str, ends)))


def does(man: Mapping[str, Any]) -> str:
    """Return what he does, by its codes: what a woman said of it in words stays where it was said."""
    labels = vocabulary.codes("behaviour")
    return ", ".join(labels.get(code, code.replace("_", " ")) for code in man.get("mo") or ())


def warnings(man: Mapping[str, Any]) -> str:
    """Return the warnings that go with him."""
    labels = vocabulary.codes("warning")
    return ", ".join(labels.get(code, code) for code in man.get("warnings") or ())


def car(vehicle: Mapping[str, Any], plate: str | None) -> str:
    """Return a car in words, with as much of its plate as may be told."""
    said = (vehicle.get("colour"), vehicle.get("make"), vehicle.get("model"), vehicle.get("body"))
    words = " ".join(str(part).replace("_", " ") for part in said if part)
    marks = "; ".join(vehicle.get("marks") or ())
    return ", ".join(part for part in (words, plate, marks) if part)


def part_of(plate: str | None) -> str | None:
    """Return a plate with at least three of its characters unknown: no whole plate is on a warning card."""
    if plate is None:
        return None
    left = 3 - sum(plate.count(sign) for sign in "?*")
    shown = list(plate)
    for place in range(len(shown) - 1, -1, -1):
        if left > 0 and shown[place].isalnum():
            shown[place], left = "?", left - 1
    known = sum(char.isalnum() for char in shown)
    return "".join(shown) if known >= 2 else None


def is_trusted(man: Mapping[str, Any]) -> bool:
    """Tell whether what is held of him may feed a sheet: nothing that is suspected to be false."""
    return (man.get("grade") or "   ")[1:2] != SUSPECTED_FALSE


def cars(vehicles: Iterable[Mapping[str, Any]]) -> str:
    """Return cars in words with their plates as held."""
    return "; ".join(filter(None, (car(one, one.get("vrm")) for one in vehicles)))
