"""Ages as they are said: "late forties", "about 50", "40-50", "a bit older than me" is not read."""

import re

from db.rules.names.letters import fold

_TENS = {"twent": 20, "thirt": 30, "fort": 40, "fourt": 40, "fift": 50, "sixt": 60, "sevent": 70, "eight": 80}
_UNITS = {
    w: n
    for n, w in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
        ],
        1,
    )
} | {"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
_DECADE = re.compile(
    r"\b(twent|thirt|fou?rt|fift|sixt|sevent|eight)(ies|ys|y)?(?:\s*(one|two|three|four|five|six|seven|eight|nine))?\b"
)
_TEEN = re.compile(r"\b(" + "|".join(w for w, n in _UNITS.items() if n >= 13) + r")\b")
_PARTS = (
    (re.compile(r"\b(?:very early|start of|just turned)\b"), (-1, 3)),
    (re.compile(r"\b(?:early|low|lower)\s*(?:to|-|/)\s*mid"), (0, 6)),
    (re.compile(r"\b(?:mid|middle)\s*(?:to|-|/)\s*(?:late|high|upper)"), (4, 9)),
    (re.compile(r"\b(?:early|low|lower)\b"), (0, 4)),
    (re.compile(r"\b(?:mid|middle)\b(?!\s*-?\s*aged?)"), (3, 7)),
    (re.compile(r"\b(?:late|high|upper|end of)\b"), (6, 9)),
)
_WORDS = (
    (re.compile(r"\bteen|\bschool leaver|\bkid\b|\bjust a lad\b"), (17, 20)),
    (re.compile(r"\bmiddle[ -]*aged?\b"), (40, 58)),
    (
        re.compile(
            r"\bpension|\belderly\b|\bold (?:man|guy|bloke|fella|gadgie|lad|boy)\b|\bgrandad|\bold age\b"
        ),
        (62, 80),
    ),
    (re.compile(r"\bstudent|\bvery young\b"), (18, 25)),
    (re.compile(r"\byoung(?:ish)?\b"), (18, 30)),
    (re.compile(r"\bolder\b|\boldish\b|\bgetting on\b|\bold\b(?! enough)"), (52, 75)),
)
_LOOSE = re.compile(
    r"\b(?:about|around|roughly|approx\w*|circa|ish|maybe|say|nearly|probably|like|looks?)\b|\bish\b|ish\b"
)
_RANGE = re.compile(r"\b(\d{2})\s*(?:-|–|to|or|/|and|till|until)\s*(\d{2})\b")
_DECADES = re.compile(r"\b(\d)0\s*(?:'?s|ies)\b")
_BOTH = re.compile(r"\b(\d)0\s*(?:'?s)?\s*(?:-|–|to|or|/)\s*(\d)0\s*'?s\b")


def _digits(text: str) -> str:
    """Write number words as figures: "forty five" -> 45, "forties" -> 40s."""

    def decade(found: re.Match[str]) -> str:
        tens = _TENS[found.group(1).replace("fourt", "fort")]
        if found.group(1) == "eight" and not found.group(2):
            return found.group()
        if found.group(2) in ("ies", "ys"):
            return f"{tens}s"
        return str(tens + _UNITS.get(found.group(3) or "", 0)) if found.group(2) else found.group()

    text = _DECADE.sub(decade, text)
    return _TEEN.sub(lambda found: str(_UNITS[found.group(1)]), text)


def _exact(text: str) -> tuple[int, int] | None:
    both = _BOTH.search(text)
    if both:
        return int(both.group(1)) * 10, int(both.group(2)) * 10 + 9
    found = _RANGE.search(text)
    if found:
        low, high = int(found.group(1)), int(found.group(2))
        return (low, high) if low <= high else (high, low)
    return None


def _decade(text: str) -> tuple[int, int] | None:
    found = _DECADES.search(text)
    if not found:
        return None
    start = int(found.group(1)) * 10
    for part, (low, high) in _PARTS:
        if part.search(text):
            return start + low, start + high
    return start, start + 9


def _single(text: str) -> tuple[int, int] | None:
    found = re.search(r"\b(\d{2})[\s-]*(\+|plus|odd|ish|something)?", text)
    if not found:
        return None
    age, tail = int(found.group(1)), found.group(2) or ""
    if re.search(r"\b(?:over|at least|older than|past|more than|well over)\b", text) or tail in ("+", "plus"):
        return age, age + 12
    if re.search(r"\b(?:under|below|younger than|not yet|less than)\b", text):
        return max(16, age - 10), age
    if tail in ("odd", "something"):
        return age, age + 8
    wide = 5 if _LOOSE.search(text) or age % 5 == 0 else 2
    return age - wide, age + wide


def read_age(text: str) -> tuple[int, int] | None:
    """Return the years an age was said to lie between, both included; ``None`` where nothing can be read.

    The width is how people guess: a round number is five years either way, "late forties" is 46 to 49.
    """
    said = _digits(fold(text[:200]).replace("'", ""))
    found = _exact(said) or _decade(said) or _single(said)
    if found is None:
        found = next((years for word, years in _WORDS if word.search(said)), None)
    if found is None or not 10 <= found[0] <= 100:
        return None
    return found
