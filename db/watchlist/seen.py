"""When and where a man, or his car, was seen last; a fact about him, told without who said it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.vault import grouping

if TYPE_CHECKING:
    from collections.abc import Sequence

Record = dict[str, Any]


def with_last(reader: Any, hits: Sequence[Record]) -> None:
    """Put ``seen`` into each hit whose man was: ``at`` (UTC epoch seconds) and ``sector`` or None."""
    of_man: dict[int, Record] = {}
    for hit in hits:
        (n,) = reader.execute("select n from record where ref = ?", (hit["ref"],)).fetchone()
        of_man |= dict.fromkeys(grouping.together(reader, n), hit)
    if not of_man:
        return
    marks = ", ".join("?" * len(of_man))
    rows = reader.execute(
        "select coalesce(x.offender, v.offender) as man, x.at, x.sector from sighting as x "  # noqa: S608 - question marks
        "join record as r on r.n = x.n left join vehicle as v on v.n = x.vehicle "
        f"where r.state = 'present' and man in ({marks}) order by x.at, x.n",
        tuple(of_man),
    )
    for man, at, sector in rows:
        of_man[man]["seen"] = {"at": at, "sector": sector}
