"""How far a record may go: the lowest of its own level and its engagement's, as they stand at this moment.

The person's own level decides about her record, what hangs on her, and whether she is pointed at. Every way
out asks here: export, sheets, briefs, what is pasted, the source of a hit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import sharing
from db.rules.records import span
from db.rules.sharing import Extent, names_leave, shows_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Record

__all__ = [
    "Extent",
    "Outgoing",
    "level_of",
    "levels",
    "names_leave",
    "outgoing",
    "person_level",
    "shows_source",
]

_BATCH = 500

# The lowest level of all the records that are of one woman. What is not in the file (yet) counts as 0.
_HERS = (
    "coalesce((select min(p.sharing_level) from person as p where p.n = {0} or p.n in (select b.n from "
    "same_as as a join same_as as b on b.canonical = a.canonical where a.n = {0})), 0)"
)
_CONTACT = "coalesce((select e.sharing_level from engagement as e where e.n = {0}), 0)"
_CONCERN = f"min(c.sharing_level, {_CONTACT.format('c.engagement')})"
_ABOUT = (
    "case (select kind from record where n = x.about) "  # noqa: S608 - fixed text
    f"when 'person' then {_HERS.format('x.about')} "
    f"when 'engagement' then {_CONTACT.format('x.about')} "
    f"when 'concern' then (select {_CONCERN} from concern as c where c.n = x.about) "
    f"when 'referral' then (select {_HERS.format('f.person')} from referral as f where f.n = x.about) end"
)
_LEVEL = {
    "person": ("person as x", _HERS.format("x.n")),
    "engagement": ("engagement as x", "x.sharing_level"),
    "concern": ("concern as c", _CONCERN),
    "referral": ("referral as x", _HERS.format("x.person")),
    "followup": ("followup as x", _ABOUT),
}


class Outgoing(NamedTuple):
    """What may go of some records, and how many of them stay whole at home."""

    rows: list[Record]
    withheld: int


def levels(reader: Any, kind: str, numbers: Sequence[int]) -> dict[int, int | None]:
    """Return the level that holds for each of these records of a kind; None where it is not hers."""
    if kind not in _LEVEL:
        return dict.fromkeys(numbers)
    table, level = _LEVEL[kind]
    alias = table.rsplit(" ", 1)[1]
    found: dict[int, int | None] = {}
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        sql = f"select {alias}.n, {level} from {table} where {alias}.n in ({marks})"  # noqa: S608 - fixed text
        found.update(reader.execute(sql, batch).fetchall())
    return found


def level_of(reader: Any, kind: str, n: int) -> int | None:
    """Return the level that holds for one record; None where it is not hers, 0 where it is not held."""
    return levels(reader, kind, [n]).get(n, 0)


def person_level(reader: Any, n: int) -> int:
    """Return a woman's own level: the lowest of all the records that are of her."""
    return level_of(reader, "person", n) or 0


def outgoing(reader: Any, kind: str, shapes: Sequence[Record], recipient: str) -> Outgoing:
    """Return these records as far as they may go to a recipient, in their order.

    A woman who is not herself shared so far is not pointed at: she goes out of ``people``, ``person``.

    Args:
        reader: anything with ``execute``.
        kind: the kind's word.
        shapes: flat objects as lists and ``show`` make them.
        recipient: a code.
    """
    numbers = [_number(reader, kind, shape["ref"]) for shape in shapes]
    found = levels(reader, kind, numbers)
    rows = []
    for shape, n in zip(shapes, numbers, strict=True):
        row = sharing.outgoing(kind, shape, sharing.extent(kind, found.get(n, 0), recipient))
        if row is not None:
            rows.append(_unnamed(reader, row, recipient))
    return Outgoing(rows, len(shapes) - len(rows))


def _number(reader: Any, kind: str, ref: str) -> int:
    sql = "select n from record where id between ? and ? and ref = ? and kind = ?"
    return int(reader.execute(sql, (*span(ref), ref, kind)).fetchone()[0])


def _unnamed(reader: Any, row: Record, recipient: str) -> Record:
    """Take out of a row whoever's own level does not go so far."""

    def goes(ref: str) -> bool:
        level = person_level(reader, _number(reader, "person", ref))
        return sharing.extent("person", level, recipient) is Extent.WHOLE

    if row.get("people"):
        row["people"] = [ref for ref in row["people"] if goes(ref)]
    if row.get("person") and not goes(row["person"]):
        row["person"] = None
    about = row.get("about")
    if about and about.startswith("P-") and not goes(about):
        row["about"] = None
    return row
