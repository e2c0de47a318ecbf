"""What a woman said of a man or a car, in one text as typed, read into a description to match.

Reads only what is plain: a word that may mean something else is left to the officer's own `match`.
"""

from __future__ import annotations

import re
from typing import Any

from db.rules import plates
from db.rules.descriptions.lexicon import scan
from db.rules.descriptions.looks import read_codes

Description = dict[str, Any]

_MOST = 4000
_CLAUSES = re.compile(r"[;,\n]+|\.(?:\s+|$)|\s-\s|\b(?:and|but)\b")
_REFERENCE = re.compile(r"\b[A-Z]-[0-9A-Z]{4,}\b")
_QUOTED = re.compile(r"[\"“”]([^\"“”]{2,40})[\"“”]|(?<!\w)['‘]([^'‘’]{2,40})['’](?!\w)")
_CALLED = re.compile(
    r"(?i:\b(?:called|calls himself|known as|goes by|aka|nickname[d]?|name(?:'s| is| was| of)?))\s+"
    r"(?i:the name (?:of )?)?([A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)"
)
_TELEPHONE = re.compile(r"(?<![\w£])(?:\+44|0)[\s()]*\d(?:[\s()-]?\d){7,11}\b")

_SYMBOL = r"[A-Z?*]"
_PLATES = (
    re.compile(
        r"(?i:\b(?:reg(?:istration)?|plate|vrm|index)\b)[\s:]*"
        r"(?P<said>(?i:(?:is|was|of|ends?|ending|starts?|starting|begins?|with|in|like|something)\s+)*"
        r"(?:\w*[0-9?*][\w?*]*|[A-Z?*]{2,4}\b)(?: [A-Z0-9?*]{1,4}(?![\w?*]))*)"
    ),
    re.compile(
        r"(?i:\b(?P<said>(?:end|start|begin)(?:s|ing|ning)?(?:\s+(?:in|with))?\s+))(?P<more>[A-Z0-9?*]{2,5})\b"
    ),
    re.compile(rf"(?<![\w?*])(?P<said>{_SYMBOL}{{1,3}} ?[0-9?*]{{1,3}} ?{_SYMBOL}{{0,3}}(?![\w?*]))"),
    re.compile(r"(?<![\w?*])(?P<said>\d{2} ?[A-Z?*]{3})(?![\w?*])"),
    re.compile(r"\b(?P<said>[a-z]{2}\d{2}(?: ?[a-z?*]{3})?)(?![\w?*])"),
)
_NO_PLATE = re.compile(r"\b(?:MPH|GMT|BST|CCTV)\b")

_CUES = {
    "age_text": r"\b\d0\s?'?s\b|\b(?:twent|thirt|fou?rt|fift|sixt|sevent)ies\b|\b\d{2}\s?(?:years?|yrs?)\b"
    r"|\baged?\s+\d{2}\b|\bmiddle[ -]aged?\b|\belderly\b|\bpensioner|\bteen"
    r"|\b(?:young|old)(?:er|ish)?\s+(?:man|bloke|guy|fella|lad)\b"
    r"|^\s*(?:he was |he's |about |around |approx\w* |maybe )*\d{2}(?:\s*(?:-|to)\s*\d{2})?"
    r"\s*(?:ish|\+|odd)?\s*$",
    "height_text": r"\b\d\s*(?:ft|foot|feet|'|’)|\b1\d\d\s*cm\b|\b(?:five|six)\s*(?:ft|foot)\b|\btall\b"
    r"|\bshort(?:ish)?\s+(?:man|bloke|guy|fella|lad)\b|\bvery short\b(?!\s*hair)",
    "hair": r"\bhair|haired\b|\bbald|\bblond|\bginger|\bbrunette|\bskin ?head|shave[dn] head|\bpony ?tail"
    r"|\bdread|\bafro\b|\bcrew ?cut|\bmullet|\bman bun|\breceding",
    "facial_hair": r"\bbeard|\bstubble|\bmoustache|\btache\b|\bgoatee|\bclean[ -]?shaven|\bsideburn",
    "accent": r"\baccent|\bsound|\bspoke (?:with|like)\b|\bspeak|\btalks\b|\bvoice|\bgeordie|\bscouse"
    r"|\bmackem|\bsmoggie|\bscottish|\birish|\bwelsh|\bcockney|\bbrummie|\bpolish|\bromanian|\bkurdish",
    "ethnicity_appearance": r"\bic[1-69]\b|\b(?:white|black|asian)\s+(?:man|male|bloke|guy|fella|lad)\b",
}
_MARK = re.compile(
    r"\btat(?:too|oo|to|s|t)?|\bscar|\bburn|\bbirth ?mark|\bpierc|\bear ?ring|\blimp|\bteeth|\btooth"
    r"|\bglasses\b|\bspecs\b|\blazy eye|\bsquint|\bstutter|\bstammer|\blisp|\bacne|\bpock|\bfinger",
    re.IGNORECASE,
)
_CAR = re.compile(
    r"\b(?:car|van|motor|vehicle|hatch(?:back)?|estate|saloon|4x4|suv|jeep|lorry|pick ?up|taxi|people carrier"
    r"|minibus|motorbike|moped|mpv|coupe|convertible|truck)\b",
    re.IGNORECASE,
)
_BIG_CAR = re.compile(
    r"\b(?:big|small|little|large|long|old)\s+(?:\w+\s+){0,2}?(?=car|van|motor|4x4|jeep)", re.I
)
_SHORT = 60
_ALSO_WORDS = frozenset(
    ("man", "seat", "mini", "focus", "up", "note", "smart", "golf", "polo", "escort", "ka", "leaf", "swift")
)


def read_mentions(text: str) -> Description:
    """Return a description, as `match` takes it, of what *text* says of a man or a car; {} if nothing."""
    said = _REFERENCE.sub(" ", text[:_MOST])
    found: Description = {}
    names = [a or b for a, b in _QUOTED.findall(said)] + _CALLED.findall(said)
    if names:
        found["aliases"] = list(dict.fromkeys(name.strip() for name in names))
        said = _CALLED.sub(" ", _QUOTED.sub(" ", said))
    numbers = [number.strip() for number in _TELEPHONE.findall(said)]
    if numbers:
        found["telephones"] = numbers
        said = _TELEPHONE.sub(" ", said)
    cars: list[Description] = []
    for clause in _CLAUSES.split(_with_plates(said, cars)):
        if clause.strip():
            _read_clause(clause.strip(), found, cars)
    vehicles = [{k: v for k, v in car.items() if k != "at"} for car in cars]
    if vehicles:
        found["vehicles"] = vehicles
    return found


def _with_plates(said: str, cars: list[Description]) -> str:
    """Take the plates out of *said*, leaving a mark where each stood, so that its car can claim it."""
    for shape in _PLATES:
        place = 0
        while (hit := shape.search(said, place)) is not None and len(cars) < 5:
            told = hit["said"] + (hit.groupdict().get("more") or "")
            vrm = told.strip()
            asked = plates.pattern(vrm)
            if not _is_plate(told, asked):
                place = hit.end()
                continue
            cars.append({"vrm": vrm})
            start, end = hit.span()
            said = f"{said[:start]} \x00{len(cars) - 1}\x00 {said[end:]}"
            place = start + 4
    return said


def _is_plate(told: str, asked: str) -> bool:
    """Tell whether what looks like a plate knows enough of one: a road, a rank and a time do not."""
    if (
        _NO_PLATE.search(told)
        or plates.known(asked) < 2
        or any(one.kind == "make" for one in scan("cars", told)[0])
    ):
        return False
    letters = sum(c.isalpha() for c in asked)
    digits = sum(c.isdigit() for c in asked)
    whole_word = asked.startswith("*") or asked.endswith("*") or "~" in asked
    enough = 4 if digits >= 2 else 5
    return whole_word or letters + digits >= enough or (digits >= 2 and letters >= 1 and "?" in asked)


_PLACE = re.compile("\x00(\\d)\x00")


def _read_clause(clause: str, found: Description, cars: list[Description]) -> None:
    plate = _PLACE.search(clause)
    bare = " ".join(_PLACE.sub(" ", clause).split()).lstrip(": ")
    car = _read_car(bare, plate is not None, any("colour" not in one for one in cars))
    if car:
        _keep_car(car, cars[int(plate[1])] if plate else None, cars)
    man = _BIG_CAR.sub(" ", bare) if car else bare
    for field, cue in _CUES.items():
        if re.search(cue, man, re.IGNORECASE):
            found.setdefault(field, man[:_SHORT])
    build = read_codes(man, "build")
    if build and not (car and len(bare.split()) < 4):
        found.setdefault("build", _told(man, build))
    if _MARK.search(man):
        found.setdefault("marks", []).append(man[:200])
    if _does(man):
        found["mo_text"] = ", ".join(filter(None, (found.get("mo_text"), man)))[:400]


def _does(clause: str) -> bool:
    """Tell whether a clause says what he does; "white" alone is a colour, not a drug."""
    ways, _ = scan("mo", re.sub(r"\bwhite\b", " ", clause, flags=re.IGNORECASE))
    return any(way.kind == "mo" and not way.denied for way in ways)


def _told(clause: str, codes: list[str]) -> str:
    if len(clause) <= _SHORT:
        return clause
    return ", ".join(code.partition(".")[2].replace("_", " ") for code in codes)


def _read_car(clause: str, has_plate: bool, follows: bool) -> Description:
    """Return a car's words in a clause that is plainly about a car."""
    spoken, _ = scan("cars", clause)
    written = set(re.findall(r"[A-Z][\w-]*", clause))
    capitals = {word.casefold() for word in written}
    said = [one for one in spoken if one.code not in _ALSO_WORDS or one.code in capitals]
    named = [one for one in said if one.kind in ("make", "model") and not one.denied]
    capital = any(one.code in capitals for one in named)
    coloured = any(one.kind == "colour" for one in said)
    only_colour = coloured and len(clause.split()) <= 2 and follows
    if not (_CAR.search(clause) or has_plate or only_colour or (named and (coloured or capital))):
        return {}
    car: Description = {}
    for one in said:
        if one.kind in ("make", "model", "colour", "body") and not one.denied:
            car.setdefault(one.kind, one.code.replace("_", " "))
    return car


def _keep_car(car: Description, own: Description | None, cars: list[Description]) -> None:
    """Join words and plate of one car: those of one clause, or a plate and words that follow one another."""
    if own is not None:
        own.update(car)
        return
    waiting = next((one for one in cars if not set(one) & set(car)), None)
    if waiting is not None:
        waiting.update(car)
    elif len(cars) < 5:
        cars.append(car)
