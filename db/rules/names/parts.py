"""A name's parts, folded: titles, talk and particles go, so that order, hyphens and articles do not count."""

import re
from functools import lru_cache

from db.rules.names.letters import fold


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+")
_DIGITS = str.maketrans("0134589", "oieasbg")
_TITLES = _set(
    "mr mrs ms miss dr sir mister doctor prof professor lord captain capt sgt rev hon president monsieur "
    "herr senor pan uncle llc ltd sa"
)
_TALK = _set(
    "called named name man bloke lad fella guy someone something summat possibly maybe known goes by "
    "calls himself unknown sounds sounded like think thinks thought not sure first second surname "
    "nickname street is he his was"
)
_PARTICLES = _set(
    "al el ul ur ar as ad an az ash bin ben ibn bint de da do dos das del della di du van von der den la "
    "le les y e of the"
)
_JOINED = {"mc": "mc", "mac": "mac", "o": "o", "abd": "abdul", "abdul": "abdul", "abdel": "abdul", "abu": ""}
_EPITHETS = _set(
    "big wee little fat old young mad uncle scottish irish polish turkish kurdish geordie black white "
    "ginger ugly skinny tall short baldy dirty smelly crazy psycho boro daft posh cockney scouse welsh "
    "romanian albanian indian nasty creepy weird"
)
_ARTICLE = re.compile(r"\b(?:al|el|ul|ad|as|ar|an|az|ash)[-‐‑–](?=\w)")
_OR = re.compile(
    r"\s*(?:/|\bor\b|\baka\b|\ba\.k\.a\.?|\balias\b|,?\s*also\b|\bmaybe\b|;|\()\s*", re.IGNORECASE
)


def epithet(part: str) -> bool:
    """Tell whether *part* is a word put before a street name ("Big Dave") rather than a name."""
    return part in _EPITHETS


def alternatives(text: str) -> list[str]:
    """Return the names that *text* offers: "Dean or Deano", "Lee / Leigh Harper", "Smith aka Smudge"."""
    return [piece for piece in (part.strip(" ,.)\"'?") for part in _OR.split(text)) if piece]


def _join(words: list[str]) -> list[str]:
    out: list[str] = []
    prefix = ""
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if prefix == "abdul" and word in _PARTICLES and not last:
            continue
        if not prefix and word in _JOINED and not last and not (word == "o" and len(words[place + 1]) < 4):
            prefix = _JOINED[word]
            continue
        out.append(prefix + word)
        prefix = ""
    return out


def _named(words: list[str]) -> list[str]:
    """Leave out titles and the talk round a name ("a lad called Daz"), unless nothing else would be left."""
    kept = [word for word in words if word not in _TITLES and word not in _TALK]
    if len(kept) < len(words) and words[0] == "a" and len(kept) > 1:
        kept.remove("a")
    return kept or words


@lru_cache(maxsize=65536)
def parts(text: str) -> tuple[str, ...]:
    """Return the name's parts, at most twelve, in the order written.

    "Mc Donald" is one part, "abd al-Rahman" is abdulrahman, "al-Rawi" is rawi; a digit among letters is read
    as the letter it looks like.
    """
    words = [
        word if word.isdigit() else word.translate(_DIGITS)
        for word in _WORD.findall(_ARTICLE.sub("", fold(text)))[:12]
    ]
    joined = _join(_named(words))
    inside = range(1, len(joined) - 1)
    kept = [word for place, word in enumerate(joined) if word not in _PARTICLES or place not in inside]
    return tuple(kept or joined)
