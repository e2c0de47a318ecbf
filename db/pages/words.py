"""What is typed into a list's filter line, as conditions: each word has to be found somewhere in a row."""

from __future__ import annotations

from db import finding
from db.errors import Usage
from db.records import MERGED, Filter, hidden
from db.rules.records import LETTERS, heard, span
from db.rules.text import one_line

_COLUMNS = {
    "engagement": ("sector", "initiated_by", "contact", "officers", "partner", "needs"),
    "person": ("pseudonym", "known_as", "status", "risk_grade"),
    "offender": (
        *("name", "given_name", "surname", "aliases", "category", "sector", "build", "hair", "marks"),
        *("accent", "status", "mo_text"),
    ),
    "vehicle": ("vrm", "make", "model", "colour", "body", "marks"),
    "followup": ("what", "owner"),
}
_CALLED_SO = (
    "select p.n from person as p where (p.pseudonym like ? escape '\\' "  # noqa: S608 - fixed text
    f"or p.known_as like ? escape '\\') and p.n not in ({hidden.WOMEN})"
)
_ELSEWHERE = {
    "engagement": (
        "{0}.n in (select l.source from link as l where l.field = 'people' and l.target in "  # noqa: S608 - fixed text
        f"({_CALLED_SO} union select s.n from same_as as s join same_as as t on t.canonical = s.canonical "
        f"where t.n in ({_CALLED_SO})))"
    ),
    "offender": (
        "{0}.n in (select v.offender from vehicle as v where replace(v.vrm, ' ', '') like ? escape '\\' "
        "or v.make like ? escape '\\' or v.model like ? escape '\\' or v.colour like ? escape '\\')"
    ),
    "vehicle": "replace({0}.vrm, ' ', '') like ? escape '\\'",
}
_WITH_IT = (
    "x.n in (select s.n from same_as as s cross join same_as as t "
    "on t.canonical = s.canonical and t.n <> s.n cross join record as q on q.n = t.n and q.state = 'present' "
    "cross join {kind} as m on m.n = t.n where {said})"
)


def narrowed(kind: str, typed: str) -> list[Filter]:
    """Return a condition for each word; the words themselves go into no entry's clear part.

    Of what was merged each word may stand in any of the records: one row tells of all of them.
    """
    return [_one(kind, word) for word in one_line(typed).split()[:20]]


def _one(kind: str, word: str) -> Filter:
    sql, values = _said(kind, word, "x")
    if kind in MERGED:
        of_another, more = _said(kind, word, "m")
        sql = f"({sql} or {_WITH_IT.format(kind=kind, said=of_another)})"
        values += more
    return Filter("words", sql, tuple(values))


def _said(kind: str, word: str, alias: str) -> tuple[str, list[object]]:
    """Return the condition that a record says a word, over *alias*, and its values."""
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{plain}%"
    parts = [f"{alias}.{column} like ? escape '\\'" for column in _COLUMNS[kind]]
    values: list[object] = [like] * len(parts)
    elsewhere = _ELSEWHERE.get(kind)
    if elsewhere is not None:
        parts.append(elsewhere.format(alias))
        values += [like] * elsewhere.count("?")
    spoken = heard(word)
    if spoken[1:2] == "-" and spoken[:1] in LETTERS and len(spoken) >= 4:
        parts.append(f"{alias}.n in (select n from record where id between ? and ? and ref like ?)")  # noqa: S608 - fixed text
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
    return f"({' or '.join(parts)})", values
