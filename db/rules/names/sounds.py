"""How a name sounds, written two ways: as spoken, vowels kept, and as a skeleton of consonants.

A skeleton is coarse on purpose (d and t are one, b and p are one): it only proposes, the scorer disposes.
Made for English ears hearing Irish, Polish, Kurdish, Arabic and south Asian names.
"""

import re
from functools import cache, lru_cache

_RULES = (
    (r"(?<=\w{3})(?:ck|tsk)(?=[iy]$)", "tsk"),
    (r"^[ijy](?=[aou])", "j"),
    (r"^(kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^(ps|ts)", "s"),
    (r"^x", "s"),
    (r"^(hw|wh)", "w"),
    (r"^rh", "r"),
    (r"^mc", "mac"),
    (r"szcz|shch", "sh"),
    (r"sch|sz|sh(?=[^aeiouy])", "sh"),
    (r"tsch|tch|cz", "ch"),
    (r"rz|zh", "zh"),
    (r"dzh|dj|dg(?=[eiy])|gj|xh", "j"),
    (r"ph|pf", "f"),
    (r"gh(?=[^aeiou]|$)", ""),
    (r"gh|kh|ck|q|ch(?=[rl])", "k"),
    (r"bh|mh", "v"),
    (r"th|dh", "t"),
    (r"c(?=[eiy])", "s"),
    (r"cc?(?!h)", "k"),
    (r"x", "ks"),
    (r"g(?=[ei][^aeiou])", "j"),
    (r"z", "s"),
    (r"(tio|sio)n", "shn"),
    (r"(ei|ey|ay|ai)", "a"),
    (r"(ee|ea|ie|y|ij|ii)", "i"),
    (r"(oo|ou|ow(?![aeiou])|u)", "u"),
    (r"(au|aw|oa|oh)", "o"),
    (r"(?<=[aeiou])h", ""),
    (r"h(?=[^aeiou]|$)", ""),
    (r"e$", ""),
    (r"v|w", "v"),
    (r"(.)\1+", r"\1"),
)
_KEPT = (("ch", "C"), ("sh", "S"), ("zh", "Z"))
_COARSE = str.maketrans(
    {"d": "t", "b": "p", "g": "k", "v": "f", "j": "C", "Z": "C", "S": "s", "l": "l", "m": "n"}
)


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), sound) for pattern, sound in _RULES]


@lru_cache(maxsize=65536)
def spoken(part: str) -> str:
    """Return a respelling in which names that sound alike read alike: "kieran" and "keiran"."""
    text = part
    for pattern, sound in _rules():
        text = pattern.sub(sound, text)
    for pair, letter in _KEPT:
        text = text.replace(pair, letter)
    return text


@lru_cache(maxsize=65536)
def skeleton(part: str) -> str:
    """Return the consonants of the spoken form, voiced and voiceless made one; a first vowel is ``a``."""
    text = spoken(part)
    head = "a" if text[:1] in "aeiou" else ""
    bones = "".join(c for c in text if c not in "aeiouh").translate(_COARSE)
    return head + re.sub(r"(.)\1+", r"\1", bones)
