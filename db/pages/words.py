"""What is typed into a list's filter line, as conditions: each word has to be found somewhere in a row."""

from __future__ import annotations

from db import finding
from db.errors import Usage
from db.records import Filter, hidden
from db.rules.records import LETTERS, heard, span
from db.rules.text import one_line

_COLUMNS = {
    "engagement": ("sector", "initiated_by", "contact", "officers", "partner", "needs"),
    "person": ("pseudonym", "known_as", "status", "risk_grade"),
    "offender": (
        *("name", "given_name", "surname", "aliases", "category", "sector", "build", "hair", "marks"),
        *("accent", "status", "mo_text"),
    ),
    "followup": ("what", "owner"),
}
_ELSEWHERE = {
    "engagement": (
        "x.n in (select l.source from link as l where l.field = 'people' and l.target in "  # noqa: S608 - fixed text
        "(select p.n from person as p where (p.pseudonym like ? escape '\\' "
        f"or p.known_as like ? escape '\\') and p.n not in ({hidden.WOMEN})))"
    ),
    "offender": (
        "x.n in (select v.offender from vehicle as v where replace(v.vrm, ' ', '') like ? escape '\\' "
        "or v.make like ? escape '\\' or v.model like ? escape '\\' or v.colour like ? escape '\\')"
    ),
}


def narrowed(kind: str, typed: str) -> list[Filter]:
    """Return a condition for each word; the words themselves go into no entry's clear part."""
    return [_one(kind, word) for word in one_line(typed).split()[:20]]


def _one(kind: str, word: str) -> Filter:
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{plain}%"
    parts = [f"x.{column} like ? escape '\\'" for column in _COLUMNS[kind]]
    values: list[object] = [like] * len(parts)
    elsewhere = _ELSEWHERE.get(kind)
    if elsewhere is not None:
        parts.append(elsewhere)
        values += [like] * elsewhere.count("?")
    spoken = heard(word)
    if spoken[1:2] == "-" and spoken[:1] in LETTERS and len(spoken) >= 4:
        parts.append("x.n in (select n from record where id between ? and ? and ref like ?)")
        values += [*span(spoken), f"{spoken}%"]
    if kind == "engagement":
        try:
            asked = finding.query(word)
        except Usage:  # no letter or digit in it
            pass
        else:
            parts.append(
                # what is written of a contact with her is not told where she is hidden, and leads nowhere
                "(x.n in (select rowid from engagement_words where engagement_words match ?) "  # noqa: S608 - fixed text
                f"and x.n not in ({hidden.CONTACTS}))"
            )
            values.append(asked)
    return Filter("words", f"({' or '.join(parts)})", tuple(values))
