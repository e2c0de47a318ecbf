"""What an officer typed into a search: words, a plate as far as it was seen, a telephone number.

Nothing in it is read as query language; what comes out is a query for the full-text tables.
"""

from __future__ import annotations

import re
from itertools import accumulate

from db.errors import Usage
from db.rules import plates, telephones
from db.rules import text as texts

_WORDS_MOST = 20
_PART = re.compile(r'"([^"]*)"?|(\S+)')
_PLATE = re.compile(r"[A-Za-z0-9?*]{1,8}(?: [A-Za-z0-9?*]{1,4})?")
_NUMBER = re.compile(r"\+?[0-9?*][0-9?*\s().\-]{3,}")
_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_SHORTEST_NUMBER = 5  # digits
# how people space a number of eleven digits, and one of ten after +44
_SPACED = ((11,), (5, 6), (5, 3, 3), (4, 3, 4), (4, 7), (3, 4, 4), (3, 8), (5, 2, 2, 2))
_ABROAD = ((10,), (4, 6), (4, 3, 3), (3, 3, 4), (2, 4, 4))


def query(text: str) -> str:
    """Return the full-text query for the words that were typed; the last one may go on.

    Raises:
        Usage: there is no word in it, or more than twenty.
    """
    parts: list[str] = []
    last_is_word = False
    for phrase, word in _PART.findall(texts.clean(text)):
        said = (phrase or word).replace('"', " ")
        if not any(char.isalnum() for char in said):
            continue
        last_is_word = not phrase
        parts.append(f'"{said.rstrip("*")}"' + ("*" if word.endswith("*") else ""))
    if not parts:
        raise Usage("nothing to search for: give at least one word")
    if len(parts) > _WORDS_MOST:
        raise Usage(f"a search takes at most {_WORDS_MOST} words or phrases")
    if last_is_word and not parts[-1].endswith("*"):
        parts[-1] += "*"
    return " ".join(parts)


def has_word(text: str) -> bool:
    """Tell whether there is anything in a text to search for, and not too much."""
    try:
        return bool(query(text))
    except Usage:
        return False


BEGUN = 3  # letters from which on the beginning of a word is looked for as one types


def begun(typed: str) -> str:
    """Return what is looked for as one types: a letter or two at the end begin too many words, and wait."""
    before, _, last = typed.rpartition(" ")
    return before.strip() if len(last) < BEGUN and last.isalpha() else typed


def plate(text: str) -> str | None:
    """Return what was typed as a plate's pattern, if it may be one: four characters known, one a digit.

    ``?`` stands for one that was not seen, ``*`` for any run; with either, three are enough. A road (A66) is
    none.
    """
    typed = texts.one_line(text).strip()
    if not _PLATE.fullmatch(typed) or not any(char.isdigit() for char in typed):
        return None
    if typed.isdigit() or not (any(char.isalpha() for char in typed) or "?" in typed):
        return None
    asked = plates.pattern(typed)
    return asked if plates.known(asked) >= (4 if is_whole(asked) else 3) else None


def is_whole(asked: str) -> bool:
    """Tell whether a plate's pattern leaves nothing open."""
    return asked.isalnum()


def plate_query(asked: str) -> str | None:
    """Return the full-text query for a plate: whole in one word or two, or what begins or ends like it.

    What a partial one finds is more than fits it: ``plate_seen`` tells. None where too little is known at
    either end to look it up.
    """
    if is_whole(asked):
        return " OR ".join([f'"{asked}"', *_in_two(asked)])
    symbols = [
        symbol if symbol.isalnum() else "*" if symbol == "*" else "?" for symbol in plates.symbols(asked)
    ]
    parts: list[str] = []
    for begun in _begun("".join(symbols)):
        parts += [f"{one}*" for one in (f'"{begun}"', *_in_two(begun))]
    ended = re.split(r"[?*]", "".join(symbols))[-1]
    parts += [f'"{ended[cut:]}"' for cut in range(len(ended) - 1)]
    return " OR ".join(parts) or None


def _in_two(run: str) -> list[str]:
    return [f'"{run[:cut]} {run[cut:]}"' for cut in range(1, len(run))]


def _begun(asked: str) -> list[str]:
    """Return how a partial plate may begin, as far as it is known: one unseen at the start is any of 36."""
    first = asked[:2]
    if first.count("?") == 1 and "*" not in first:
        place = first.index("?")
        tried = [asked[:place] + char + asked[place + 1 :] for char in _CHARACTERS]
    else:
        tried = [asked]
    begun = [re.split(r"[?*]", one)[0] for one in tried]
    return [one for one in begun if len(one) > 1]


def plate_seen(asked: str) -> re.Pattern[str]:
    """Return what finds a plate of that pattern in a text, with a blank anywhere in it or none.

    A text may itself be of a half-seen plate: its ``?`` may be any of the characters asked for.
    """
    marks = {"?": "[A-Za-z0-9?]", "*": "[A-Za-z0-9?]*"}
    parts = [marks.get(symbol) or f"[{re.escape(symbol.strip('[]'))}?]" for symbol in plates.symbols(asked)]
    return re.compile(rf"(?<![A-Za-z0-9]){' ?'.join(parts)}(?![A-Za-z0-9])", re.IGNORECASE)


def number(text: str) -> str | None:
    """Return what was typed as a telephone number in its one form, if all of it is one, even in part."""
    typed = texts.one_line(text).strip()
    if not _NUMBER.fullmatch(typed) or sum(char.isdigit() for char in typed) < _SHORTEST_NUMBER:
        return None
    return telephones.normalise(typed)


def number_query(asked: str) -> str:
    """Return the full-text query for a number, in the ways that people space one; a part is a beginning."""
    digits = re.sub(r"\D", "", asked)
    if len(digits) != 11 or not digits.startswith("0"):
        return f'"{digits}"*'
    said = [_spaced(digits, parts) for parts in _SPACED]
    said += [f'"44{digits[1:]}"', *(f'"44 {_spaced(digits[1:], parts)[1:]}' for parts in _ABROAD)]
    return " OR ".join(said)


def _spaced(digits: str, parts: tuple[int, ...]) -> str:
    ends = list(accumulate(parts))
    return f'"{" ".join(digits[end - size : end] for end, size in zip(ends, parts, strict=True))}"'
