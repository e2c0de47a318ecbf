"""Heights as they are said: 5'10, "about 6 foot 2", "five ten", "1.8 m", "tall"."""

import re

from db.rules.names.letters import fold

_UNITS = {
    w: str(n)
    for n, w in enumerate(
        ["nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
    )
}
_NUMBER = re.compile(r"\b(" + "|".join(_UNITS) + r")\b")
_FEET = re.compile(
    r"\b([4-7])\s*(and a half\s+)?(?:f(?:oo|ee)?t\.?|'|`|f\b)\s*(?:and a\s+)?(?:(half)|(\d{1,2}))?"
)
_BARE = re.compile(r"\b([4-6])[\s.,/-]+(\d{1,2})\b(?!\s*(?:cm|m\b))")
_CM = re.compile(r"\b(1[3-9]\d|2[0-2]\d)\s*(?:cm\b|centim\w+)?")
_METRES = re.compile(r"\b([12])[.,](\d{1,2})\s*m?\b|\b([12])\s*m\s*(\d{2})\b")
_BETWEEN = re.compile(r"\s*(?:-|–|\bto\b|\bor\b|/|\band\b)\s*")
_LOOSE = re.compile(
    r"\b(?:about|around|roughly|approx\w*|maybe|say|nearly|probably|ish|just|almost|or so)\b|ish\b"
)
_WORDS = (
    (
        re.compile(
            r"\b(?:very|really|dead|proper) tall\b|\bgiant\b|\bmassive\b|\bhuge\b|\btowering\b|\blanky\b"
        ),
        (188, 205),
    ),
    (re.compile(r"\b(?:fairly|quite|on the) tall|\btallish\b|\bbit taller than average\b"), (178, 190)),
    (
        re.compile(r"\bnot (?:very |that )?tall\b|\bshortish\b|\bshort side\b|\bquite short\b|\bsmallish\b"),
        (160, 173),
    ),
    (re.compile(r"\b(?:very|really|dead|proper) (?:short|small)\b|\btiny\b|\bmidget\b"), (145, 163)),
    (re.compile(r"\btall\b"), (183, 198)),
    (re.compile(r"\b(?:short|small|little|wee|stumpy|titch)\b"), (152, 168)),
    (re.compile(r"\b(?:average|medium|normal|regular|middling)\b"), (170, 181)),
)


def _inches(feet: int, inches: float) -> int:
    return round((feet * 12 + inches) * 2.54)


def _feet(text: str) -> list[int]:
    found = []
    for feet, before, half, inches in _FEET.findall(text):
        if not inches or int(inches) < 12:
            found.append(_inches(int(feet), 6 if half or before else float(inches or 0)))
    return found


def _single(text: str) -> int | None:
    feet = _feet(text)
    if feet:
        return feet[0]
    metres = _METRES.search(text)
    if metres:
        whole, part = metres.group(1) or metres.group(3), metres.group(2) or metres.group(4)
        return int(whole) * 100 + int(part.ljust(2, "0"))
    tall = _CM.search(text)
    if tall:
        return int(tall.group(1))
    bare = _BARE.search(text)
    if bare and int(bare.group(2)) < 12:
        return _inches(int(bare.group(1)), float(bare.group(2)))
    alone = re.fullmatch(r"\D*([4-6])\D*", text)
    return _inches(int(alone.group(1)), 0) if alone else None


def _pair(text: str) -> tuple[int, int] | None:
    """Read "5'8 to 5'10", "five eight or nine" and "170-180"."""
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip()]
    if len(pieces) < 2:
        return None
    low = _single(pieces[0])
    if low is None:
        return None
    high = (
        _single(pieces[1])
        if not re.fullmatch(r"\D*\d{1,2}\D*", pieces[1]) or _FEET.search(pieces[1])
        else None
    )
    last = re.search(r"\b(\d{1,2})\b", pieces[1])
    if high is None and last and int(last.group(1)) < 12:
        foot = int(low / 30.48)
        high = _inches(foot if int(last.group(1)) > (low / 2.54) % 12 else foot + 1, float(last.group(1)))
    return (min(low, high), max(low, high)) if high is not None and abs(high - low) <= 40 else None


def read_height(text: str) -> tuple[int, int] | None:
    """Return the centimetres a height was said to lie between; ``None`` where nothing can be read.

    A plain figure is two centimetres either way, "about" five: an inch is how people guess.
    """
    folded = fold(
        text[:200]
        .replace("’", "'")
        .replace("”", '"')
        .replace("''", '"')
        .replace("'", " ft ")
        .replace('"', " in ")
    )
    said = _NUMBER.sub(lambda found: _UNITS[found.group(1)], folded)
    found = _pair(said)
    if found is None:
        middle = _single(said)
        if middle is not None:
            wide = 5 if _LOOSE.search(said) else 2
            over, under = re.search(r"\bover\b|\bat least\b|\bplus\b", said), re.search(r"\bunder\b", said)
            found = (middle if over else middle - wide - 3 * bool(under), middle + wide + 3 * bool(over))
            found = (found[0], middle if under else found[1])
    if found is None:
        found = next((range_ for word, range_ in _WORDS if word.search(said)), None)
    return found if found and 120 <= found[0] <= 230 else None
