"""Telephone numbers as they are written, said and half remembered: a lean UK reader.

A number becomes one text: national digits ("07700900123"), "+" and digits for abroad, "?" for a digit not
heard, "*" where more may stand ("*4412" is an ending). `phonenumbers` is asked only about what is left.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_WORDS = {
    "oh": "0", "o": "0", "zero": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "x": "?", "something": "?", "dunno": "?",
}  # fmt: skip
_TOKEN = re.compile(r"double|treble|triple|[a-z]+|\d+|[?*+]|\(0\)|\.{2,}|…", re.IGNORECASE)
_END = re.compile(r"\bend(?:s|ed|ing)?\b|\blast\b|\bfinish", re.IGNORECASE)
_START = re.compile(r"\b(?:starts?|starting|begins?|beginning|first)\b", re.IGNORECASE)
_COUNTS = re.compile(r"\b(?:last|first)\s+(?:two|three|four|five|six|\d)\b(?:\s+digits?)?", re.IGNORECASE)
_SHORTEST = 3


class Agreement(StrEnum):
    """How two numbers agree, best first."""

    SAME = "same number"
    DIGIT = "one digit out"
    SWAP = "two digits swapped"
    PATTERN = "fits what was heard"
    END = "same ending"
    START = "same beginning"
    PART = "has those digits"
    NONE = "another number"


class Match(NamedTuple):
    """An agreement and its weight in bits."""

    how: Agreement
    bits: float


def _spelled(text: str) -> str:
    out: list[str] = []
    times = 1
    for token in _TOKEN.findall(text.replace("(0)", " (0) ")):
        word = token.lower()
        if word in ("double", "treble", "triple"):
            times = 2 if word == "double" else 3
            continue
        if word == "(0)":
            out.append("#")
        elif word[0] in ".…":
            out.append("*")
        else:
            digits = _WORDS.get(word, word if not word.isalpha() else "")
            out.append(digits[:1] * times + digits[1:])
        times = 1
    return "".join(out)


def _national(digits: str) -> str:
    digits = digits.replace("+00", "+")
    for prefix in ("+44", "0044"):
        if digits.startswith(prefix):
            return "0" + digits[len(prefix) :].lstrip("#0")
    digits = digits.replace("#", "")
    if digits.startswith("44") and len(digits) == 12:
        return "0" + digits[2:]
    if digits.startswith("00") and len(digits) > 9:
        return "+" + digits[2:]
    if len(digits) == 10 and digits[0] in "71":
        return "0" + digits
    return digits


def _foreign(text: str) -> str | None:
    """Ask `phonenumbers` about what the lean reader cannot place (source: libphonenumber's metadata)."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        number = parse(text, "GB")
    except NumberParseException:
        return None
    return _national(format_number(number, PhoneNumberFormat.E164))


@lru_cache(maxsize=16384)
def normalise(text: str) -> str | None:
    """Return the number's one form, partial ones with "?" and "*"; ``None`` below 3 known digits."""
    ends, starts = bool(_END.search(text)), bool(_START.search(text))
    digits = _national(_spelled(_COUNTS.sub(" ", text)))
    digits = re.sub(r"\*+", "*", digits)[:32]
    known = sum(c.isdigit() for c in digits)
    if known < _SHORTEST:
        return None
    if "*" in digits or digits.startswith("+"):
        return digits.replace("+", "") if "*" in digits else digits
    if ends:
        return "*" + digits
    if starts:
        return digits + "*"
    if digits[0] == "0" and 10 <= len(digits) <= 11:
        return digits
    if len(digits) > 11 and "?" not in digits:
        return _foreign(text) or digits
    if len(digits) < 9:
        return digits + "*" if digits.startswith("07") and len(digits) > 4 else "*" + digits + "*"
    return digits


def whole(number: str) -> bool:
    """Tell whether every digit of *number* is known."""
    return "*" not in number and "?" not in number


def _fits(pattern: str, number: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\?", ".").replace(r"\*", ".*"), number) is not None


def _partial(pattern: str, number: str) -> Match:
    known = sum(c.isdigit() for c in pattern)
    bits = min(16.0, 9.0 + 1.4 * (known - 4)) if known >= 4 else 6.0
    if "*" in pattern.strip("*") or "?" in pattern:
        return Match(Agreement.PATTERN, min(17.0, bits) - (0.0 if pattern[0] != "0" else 3.0))
    if not pattern.startswith("*"):
        return Match(Agreement.START, max(1.0, 2.6 * (known - 4)))
    if number.endswith(pattern.strip("*")):
        return Match(Agreement.END, bits)
    return Match(Agreement.PART, bits - 2.5)


def _near_ending(pattern: str, number: str) -> Match | None:
    from rapidfuzz.distance import OSA

    heard = pattern.strip("*")
    if len(heard) < 4 or not pattern.startswith("*") or "?" in heard or "*" in heard:
        return None
    if OSA.distance(heard, number[-len(heard) :]) == 1:
        return Match(Agreement.DIGIT, max(2.0, 1.4 * (len(heard) - 4) + 3.0))
    return None


@lru_cache(maxsize=65536)
def compare(asked: str, found: str) -> Match:
    """Weigh two normalised numbers: same 18 bits, one digit out 9, an ending 9 and more."""
    from rapidfuzz.distance import OSA

    if not whole(found) and whole(asked):
        asked, found = found, asked
    if whole(asked):
        if asked == found or (len(asked) >= 10 and asked[-10:] == found[-10:]):
            return Match(Agreement.SAME, 18.0)
        if OSA.distance(asked, found, score_cutoff=1) == 1:
            swapped = len(asked) == len(found) and sorted(asked) == sorted(found)
            return Match(Agreement.SWAP if swapped else Agreement.DIGIT, 9.5 if swapped else 9.0)
        return Match(Agreement.NONE, -1.0)
    if not whole(found):
        heard, held = asked.strip("*?"), found.strip("*?")
        both = len(heard) >= 4 and len(held) >= 4 and (heard in held or held in heard)
        return Match(Agreement.PART, 6.0) if both else Match(Agreement.NONE, 0.0)
    if _fits(asked, found):
        return _partial(asked, found)
    return _near_ending(asked, found) or Match(Agreement.NONE, -1.0)
