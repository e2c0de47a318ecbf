"""Text as it comes in and goes out: cleaned, shielded, joined, and looked through for what must not stay.

Nothing that steers a terminal or a spreadsheet survives here. Findings are rule names, never the text.
"""

from __future__ import annotations

import re

_JOINERS = "\u200c\u200d"
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_ASCII_NOISE = str.maketrans(dict.fromkeys([*range(32), 127])) | {9: 9, 10: 10}
_LINES = str.maketrans("\n\t", "  ")


def clean(text: str) -> str:
    """Return *text* in NFC without what steers a terminal or hides from the eye.

    Control characters go, but newline and tab (every kind of line break becomes a newline); format
    characters go (bidirectional overrides, zero-width spaces, tags), but joiners between two letters
    of a word; half of a surrogate pair becomes U+FFFD. Cleaning twice changes nothing.
    """
    if text.isascii():
        if text.isprintable():
            return text
        return text.replace("\r\n", "\n").translate(_BREAKS).translate(_ASCII_NOISE)
    import unicodedata

    if not text.isprintable():
        text = text.replace("\r\n", "\n").translate(_BREAKS).translate(_noise)
        if "\u200c" in text or "\u200d" in text:
            text = _without_loose_joiners(text)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Return *text* cleaned, on a single line: each newline and tab is a space."""
    cleaned = clean(text)
    return cleaned if cleaned.isprintable() else cleaned.translate(_LINES)


class _Noise(dict[int, int | None]):
    """A translation table that learns each character's verdict when it first meets it."""

    def __missing__(self, point: int) -> int | None:
        import unicodedata

        verdict: int | None = point
        category = unicodedata.category(chr(point))
        if category == "Cs":
            verdict = 0xFFFD
        elif category in ("Cc", "Cf") and chr(point) not in "\n\t" + _JOINERS:
            verdict = None
        self[point] = verdict
        return verdict


_noise = _Noise()


def _without_loose_joiners(text: str) -> str:
    """Keep a joiner only after a letter or its mark and before a letter, as Kurdish and Hindi need it."""
    import unicodedata

    kept: list[str] = []
    for i, char in enumerate(text):
        if char in _JOINERS:
            before = unicodedata.category(kept[-1])[0] if kept else ""
            after = unicodedata.category(text[i + 1])[0] if i + 1 < len(text) else ""
            if before not in ("L", "M") or after != "L":
                continue
        kept.append(char)
    return "".join(kept)


# --- cells and lists ---------------------------------------------------------------------------------

STARTERS = ("=", "+", "-", "@", "\t", "\r", "'")


def shield_cell(text: str) -> str:
    """Return *text* so that no spreadsheet reads it as a formula; `unshield_cell` takes it back exactly.

    What already begins with quotes and a formula gets one quote more, so that nothing is lost.
    """
    return "'" + text if text.startswith(STARTERS) and _runs(text) else text


def unshield_cell(text: str) -> str:
    """Return the cell as it was before `shield_cell`."""
    return text[1:] if text.startswith("'") and _runs(text) else text


def _runs(text: str) -> bool:
    return text.lstrip("'").startswith(STARTERS)


def join_list(items: list[str] | tuple[str, ...]) -> str:
    r"""Return the items as one cell, joined with ``;``. Empty items are no items and are left out.

    ``;`` and ``\`` inside an item, and a blank at its ends, are written with a ``\`` before them.
    """
    return ";".join([item if item.isalnum() else _escaped(item) for item in items if item])


def _escaped(item: str) -> str:
    item = item.replace("\\", "\\\\").replace(";", "\\;")
    if item[-1].isspace():
        item = item[:-1] + "\\" + item[-1]
    return "\\" + item if item[0].isspace() else item


def split_list(text: str) -> list[str]:
    r"""Return the items of a cell: the exact inverse of `join_list` for items that are not empty.

    Blanks round an item are not part of it; a ``\`` before any other character stands for itself.
    """
    if ";" not in text and "\\" not in text:
        return [item] if (item := text.strip()) else []
    item_of = re.compile(r"(?:[^\\;]|\\.?)*", re.DOTALL)
    items: list[str] = []
    start = 0
    while start <= len(text):
        found = item_of.match(text, start)
        end = found.end() if found else len(text)
        if item := _unescaped(text[start:end]):
            items.append(item)
        start = end + 1
    return items


def _unescaped(raw: str) -> str:
    raw = raw.lstrip()
    bare = raw.rstrip()
    if len(bare) < len(raw) and (len(bare) - len(bare.rstrip("\\"))) % 2:
        bare = raw[: len(bare) + 1]  # the last blank was written with a backslash: it belongs to the item
    return re.sub(r"\\([\\;\s])", r"\1", bare)


# --- what must not stay in free text -----------------------------------------------------------------

_PEOPLES = r"(?:foreign|dual|uk|eu|dutch|french|german|greek|czech|[a-z]+(?:an|ish|ese|i))"
_SEALED = {
    "nationality": rf"nationalit(?:y|ies)|{_PEOPLES} (?:nationals?|citizens?)"
    r"|nationals? of|citizenship|passports?",
    "immigration": r"(?:im|e)migra(?:nts?|tion|te[ds]?)|migrants?|illegals|undocumented|overstay\w*"
    r"|asylum|refugees?|deport\w*|removal directions|leave to remain|settled status|brp|ukvi|border force",
    "visa": r"visas?(?! (?:card|debit|credit))",
    "right_to_work": r"right to (?:work|rent)|work(?:ing)? permits?|sponsor(?:ship)? licen[cs]es?",
}


def sealed_words(text: str) -> list[str]:
    """Return the names of the rules that *text* touches: nationality, immigration, visa, right_to_work.

    Such words warn, they do not refuse: reports to police have led to immigration action against the
    women who made them, and what is not written cannot be asked for. A man's accent is no nationality.
    """
    folded = text.casefold()
    return [rule for rule, words in _SEALED.items() if re.search(rf"\b(?:{words})\b", folded)]


_STREET = (
    r"\d{1,4}[a-z]?,? (?:\w+ ){1,3}(?:street|st|road|rd|avenue|ave|close|lane|drive|terrace|court|grove"
    r"|crescent|gardens|place|way)\b"
)
_POSTCODE = r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
_HOME = re.compile(
    rf"{_POSTCODE}|\b(?:lives?|living|stays?|staying|sleeps|home|flat|address)\b.{{0,20}}?\b{_STREET}"
)
_ADDRESS = re.compile(rf"{_POSTCODE}|\b{_STREET}")


def looks_home(text: str, *, place: bool = False) -> bool:
    """Whether *text* holds something like where somebody lives: a postcode, or a house that is said to be so.

    Args:
        text: what was written.
        place: whether it is a place as such; then any house in a street is one.
    """
    return (_ADDRESS if place else _HOME).search(clean(text).casefold()) is not None


_DIGITS = r"(?<![\d£$€])(?P<plus>\+|00)?(?:\(?\d[\s().\-\u2010-\u2015]{0,3}){6,}"
_ISO_DATE = r"\b(?:19|20)\d\d-\d\d-\d\d(?:[t ]\d\d:?\d\d)?\b"
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_FULL_YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEAR = r"(?P<year>(?:19|20)?\d\d)"
_BIRTHS = (
    rf"\b[0-3]?\d(?P<sep>[/.\-])[01]?\d(?P=sep){_YEAR}\b",
    rf"\b[0-3]?\d [01]?\d {_FULL_YEAR}\b",
    rf"\b{_FULL_YEAR}(?P<sep>[/.\-])[01]?\d(?P=sep)[0-3]?\d\b",
    rf"\b{_FULL_YEAR}[01]\d[0-3]\d\b",
    rf"\b[0-3]\d[01]\d{_FULL_YEAR}\b",
    rf"\b[0-3]?\d(?:st|nd|rd|th)?(?: of)?[\s\-]*{_MONTHS}[\s,.\-]*{_YEAR}\b",
    rf"\b{_MONTHS}\.?\s+[0-3]?\d(?:st|nd|rd|th)?[\s,]+{_YEAR}\b",
    rf"\b{_MONTHS}[\s,.\-]+{_FULL_YEAR}\b",
    r"\b(?:dob|d\.o\.b|date of birth|born)\b.{0,12}\d",
)
_BORN = r"\b(?:dob|d\.o\.b|date of birth|born)\b[^\[\d]{0,12}\d[\d/.\-]*"  # up to the end of its number
_LAST_BIRTH_YEAR = 2015  # nobody a unit writes about is younger; later dates are dates of incidents


def looks_personal(text: str) -> bool:
    """Whether *text* holds something like a telephone number or a birth date.

    Nine digits and more in a run are a telephone number, seven with ``+`` or a leading nought; a date
    with a year up to 2015 is a birth date. Plates, references, clock times and recent dates are not.
    """
    import unicodedata

    plain = unicodedata.normalize("NFKC", clean(text)).casefold()
    undated = re.sub(_ISO_DATE, "|", plain)
    return any(map(_telephone, re.finditer(_DIGITS, undated))) or any(
        _birth_year(found) for pattern in _BIRTHS for found in re.finditer(pattern, plain)
    )


def without_births(text: str, instead: str) -> str:
    """Return *text* with *instead* wherever it holds what ``looks_personal`` takes for a birth date."""
    for pattern in (*_BIRTHS[:-1], _BORN):
        text = re.sub(
            pattern, lambda found: instead if _birth_year(found) else found.group(), text, flags=re.IGNORECASE
        )
    return text


def _telephone(found: re.Match[str]) -> bool:
    digits = sum(char.isdigit() for char in found.group())
    leading = found.group("plus") is not None or found.group().lstrip("( ").startswith("0")
    return digits >= (7 if leading else 9)


def _birth_year(found: re.Match[str]) -> bool:
    year = found.groupdict().get("year")
    if year is None:
        return True
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 30 else 1900
    return 1900 <= number <= _LAST_BIRTH_YEAR
