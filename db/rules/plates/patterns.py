"""A half-seen plate as it is typed or told, made into symbols: "NA12 ?B?", "ends KPO", "has a 7 and a K"."""

import re
from functools import lru_cache

_HAS = re.compile(r"\b(?:has|had|contains?|containing|with|got)\s+(?:an?\s+)?(.+)", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:end(?:s|ed|ing)?|finish(?:es|ing)?|last)\b(?:\s*(?:in|with|bit|part|letters|three|was)\b)*", re.I
)
_STARTS = re.compile(
    r"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|first)\b(?:\s*(?:in|with|bit|part|letters|two|was)\b)*", re.I
)
_TALK = re.compile(
    r"\b(?:reg(?:istration)?|plate|number|partial|part|maybe|possibly|perhaps|something|like|unknown|then|was|is|and|an|"
    r"in it|it|of|not|sure|saw|only|the|about|around|vrm|index)\b",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"\[([A-Z0-9]+)\]|([A-Z0-9?*])")


def pattern(text: str) -> str:
    """Return *text* as a pattern in upper case, without blanks; empty where it names no character.

    "ends KPO" is ``*KPO``, "starts NX" ``NX*``, "has a 7 and a K" ``~7K``; "_", "#" and "." stand for "?".
    """
    said = text.strip()[:80].replace("…", "*").replace("...", "*")
    ends, starts, has = _ENDS.search(said), _STARTS.search(said), _HAS.search(said)
    if not ends and not starts and has:
        only = re.findall(r"(?<![A-Za-z0-9])([A-Za-z0-9])(?![A-Za-z0-9])", has.group(1).replace(" a ", " "))
        if only:
            return "~" + "".join(only).upper()
    if starts and ends and starts.start() < ends.start():
        body = said[starts.end() : ends.start()] + "*" + said[ends.end() :]
    elif ends:
        body = "*" + said[ends.end() :]
    elif starts:
        body = said[starts.end() :] + "*"
    else:
        body = said
    tilde = "~" if body.lstrip().startswith("~") else ""
    plain = _TALK.sub(" ", body) if re.search(r"[a-z]{2,}|\s[A-Z]{4,}\s", body) else body
    marked = re.sub(r"[_#.]", "?", plain.upper())
    found = "".join(f"[{a}]" if a else b for a, b in _SYMBOL.findall(marked))
    found = re.sub(r"\*{2,}", "*", found)
    return tilde + found if re.search(r"[A-Z0-9]", found) else ""


@lru_cache(maxsize=4096)
def symbols(text: str) -> tuple[str, ...]:
    """Return the pattern's symbols: one character, "?", "*", or several where any of them will do."""
    return tuple(several or one for several, one in _SYMBOL.findall(text.upper()))


def known(text: str) -> int:
    """Return how many characters of the plate a pattern knows."""
    return sum(1 for symbol in symbols(text) if symbol not in ("?", "*"))
