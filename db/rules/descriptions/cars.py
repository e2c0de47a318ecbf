"""Vehicles by vague words: "silver people carrier", "a beamer, dark", "Astra" is a Vauxhall."""

from typing import NamedTuple

from db.rules.descriptions.lexicon import lexicon, nearby, scan


class Car(NamedTuple):
    """The codes a vehicle's words come to; each list may be empty."""

    makes: list[str]
    models: list[str]
    bodies: list[str]
    colours: list[str]


def _codes(text: str, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    found, _ = scan("cars", text[:400])
    return [(f.kind, f.code) for f in found if f.kind in kinds and not f.denied]


def read_vehicle(make: str, model: str, colour: str, body: str) -> Car:
    """Return the codes of a vehicle's words, in whichever field; a model brings its make and body."""
    makes: list[str] = []
    models: list[str] = []
    bodies: list[str] = []
    colours = [code for _, code in _codes(colour, ("colour",))]
    for kind, code in _codes(f"{make} {model} {body}", ("make", "model", "body", "colour")):
        {"make": makes, "model": models, "body": bodies, "colour": colours}[kind].append(code)
    for kind, code in _codes(colour, ("make", "model", "body")):
        {"make": makes, "model": models, "body": bodies}[kind].append(code)
    near = lexicon("cars").near
    for code in list(models):
        home = [item.removeprefix("model.") for item in near[f"model.{code}"]]
        made = [item for item in home if f"make.{item}" in near]
        if makes and not set(made) & set(makes):
            models.remove(code)
            continue
        makes += made
        if not bodies:
            bodies += [item for item in home if f"body.{item}" in near]
    unique = [list(dict.fromkeys(group)) for group in (makes, models, bodies, colours)]
    return Car(*unique)


def near(kind: str, code: str) -> frozenset[str]:
    """Return the codes of the same *kind* (colour, body), kind and all, that are mistaken for this one."""
    return nearby("cars", f"{kind}.{code}")
