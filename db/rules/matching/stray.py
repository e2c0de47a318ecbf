"""What was said in another field than its own: a beard among marks, a limp in the narrative, "tall" as build.

Read only where the field itself is empty, and only where the words leave no doubt.
"""

import re

from db.rules.descriptions import read_codes, read_hair, read_height, read_marks

_STATURE = re.compile(r"\b(?:tall|short|small|lanky|tiny)\b", re.IGNORECASE)
_FACE = re.compile(r"\b(?:beard\w*|stubble|moustache|tash|goatee|clean shaven|unshaven)\b", re.IGNORECASE)
_HAIR = re.compile(r"\b(?:hair\w*|bald\w*|skinhead|dreadlocks|ponytail)\b", re.IGNORECASE)
_ACCENT = re.compile(r"\b(?:accent|spoke|speaks|sounded|english)\b", re.IGNORECASE)
_MARK = re.compile(
    r"\b(?:tattoo\w*|tats?|scar\w*|limp\w*|glasses|teeth|tooth|earring|pierc\w*|birthmark|lazy eye|squint|"
    r"stammer\w*|stutter\w*|missing finger|hearing aid)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[.;,\n]+|\band\b")


def _pieces(text: str, about: re.Pattern[str]) -> str:
    return ", ".join(piece.strip() for piece in _PIECE.split(text[:6000]) if about.search(piece))


def height(build: str) -> tuple[int, int] | None:
    """Return the height that a build's words give: "tall and skinny"."""
    return read_height(_pieces(build, _STATURE))


def face(marks: str, narrative: str) -> list[str]:
    """Return facial hair told among marks or in the narrative."""
    return read_codes(_pieces(f"{marks}, {narrative}", _FACE), "face")


def hair(marks: str, narrative: str) -> list[str]:
    """Return hair told among marks or in the narrative."""
    return read_hair(_pieces(f"{marks}, {narrative}", _HAIR))


def accent(marks: str, narrative: str) -> list[str]:
    """Return an accent told among marks or in the narrative."""
    return read_codes(_pieces(f"{marks}, {narrative}", _ACCENT), "accent")


def marks(narrative: str) -> list[list[str]]:
    """Return marks told in the narrative."""
    return read_marks([_pieces(narrative, _MARK)])
