"""What a whole plate looks like. An unknown form is never refused: false and foreign plates are the point."""

import re

_NI = r"[A-Y]?(?:[A-Z][IZ]|I[A-Z])"
_FORMATS = {
    name: re.compile(regex)
    for name, regex in {
        "current": r"[A-HJ-PR-Y]{2}\d{2}[A-HJ-PR-Z]{3}",
        "prefix": r"[A-HJ-NPR-TV-Y][1-9]\d{0,2}[A-HJ-PR-Y]{3}",
        "q": r"Q[1-9]\d{0,2}[A-HJ-PR-Y]{3}",
        "suffix": r"[A-HJ-PR-Y]{3}[1-9]\d{0,2}[A-HJ-NPR-TV-Y]",
        "dateless": r"[A-HJ-PR-Y]{1,2}[1-9]\d{0,3}|[A-HJ-PR-Y]{3}[1-9]\d{0,2}"
        r"|[1-9]\d{0,3}[A-HJ-PR-Y]{1,2}|[1-9]\d{0,2}[A-HJ-PR-Y]{3}",
        "northern ireland": rf"{_NI}[1-9]\d{{0,3}}|[1-9]\d{{0,3}}{_NI}",
        "diplomatic": r"\d{3}[DX]\d{3}",
        "military": r"[A-Z]{2}\d{2}[A-Z]{2}",
        "trade": r"\d{5}",
    }.items()
}
_FOLD = str.maketrans("OQDILBSZG", "000118526")


def clean(text: str) -> str:
    """Return the letters and digits of a plate, upper case."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def formats(plate: str) -> list[str]:
    """Return the names of the UK formats a whole plate may have (source: DVLA INF104).

    Empty for a foreign or broken one, which is a warning to show, never a reason to refuse.
    """
    text = clean(plate)
    return [name for name, regex in _FORMATS.items() if regex.fullmatch(text)]


def fold(text: str) -> str:
    """Return the plate with look-alikes made one: O Q D/0, I L/1, B/8, S/5, Z/2, G/6."""
    return text.upper().translate(_FOLD)


def worth(plate: str) -> tuple[float, ...]:
    """Return the bits each character of a whole plate is worth when it is seen.

    A current plate's first letter is its region (a quarter of local ones begin with N), its digits an age.
    """
    if len(plate) == 7 and _FORMATS["current"].fullmatch(plate):
        return (1.6 if plate[0] == "N" else 4.0, 4.0, 2.0, 3.2, 4.4, 4.4, 4.4)
    return tuple(2.8 if c.isdigit() else 4.2 for c in plate)
