"""What was judged of a pair, as matching heeds it: "not him" keeps two apart until something new is told.

New is a strong fact (a name, a telephone, a plate, a birth, a mark) set on either after the judgement.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.vault import fold, grouping

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STRONG = 5.0  # bits from which a fact brings back a pair that was judged different
_FACTS = {
    "name": "name",
    "given_name": "name",
    "surname": "name",
    "aliases": "name",
    "telephones": "telephones",
    "date_of_birth": "date_of_birth",
    "marks": "marks",
    "vrm": "vrm",
}
_ALL = ("description", "vehicle_seen", "mentions")  # which may hold any of these facts


class Verdict(NamedTuple):
    """What was judged of a pair last, and when by the journal's clock."""

    verdict: str
    at: int


def verdicts(reader: Any, n: int) -> dict[int, Verdict]:
    """Return what stands judged of a record and others, by their numbers."""
    rows = reader.execute(
        "select case when j.one = ?1 then j.other else j.one end, j.verdict, r.heads from judgement as j "
        "join record as r on r.n = j.n where (j.one = ?1 or j.other = ?1) and r.state = 'present'",
        (n,),
    ).fetchall()
    return {other: Verdict(verdict, _at(reader, heads)) for other, verdict, heads in rows}


def _at(reader: Any, heads: str) -> int:
    rows = [
        reader.execute("select at from entry where desk = ? and seq = ?", head).fetchone()
        for head in json.loads(heads)
    ]
    return max((row[0] for row in rows if row is not None), default=0)


def new_since(reader: Any, numbers: Iterable[int], at: int) -> set[str]:
    """Return the strong facts that were set on these records, or on their vehicles, after that moment."""
    found: set[str] = set()
    for n in numbers:
        cars = reader.execute("select n from vehicle where offender = ?", (n,)).fetchall()
        for one in (n, *(car for (car,) in cars)):
            (heads,) = reader.execute("select heads from record where n = ?", (one,)).fetchone()
            for step in fold.lineage(reader, heads):
                if step.at > at:
                    found.update(_facts(step.set or {}))
    return found


def _facts(fields: Iterable[str]) -> set[str]:
    names = set(fields)
    return set(_FACTS.values()) if names & set(_ALL) else {_FACTS[name] for name in names if name in _FACTS}


def conflicts(reader: Any, n: int, numbers: Sequence[int]) -> list[str]:
    """Return the pairs judged different that stood in one group if a record were one of *numbers*."""
    mine = grouping.together(reader, n)
    both = sorted({*mine, *numbers})
    marks = ", ".join("?" * len(both))
    rows = reader.execute(
        "select a.ref, b.ref, j.one, j.other from judgement as j cross join record as r on r.n = j.n "  # noqa: S608 - question marks
        "join record as a on a.n = j.one join record as b on b.n = j.other "
        f"where j.verdict = 'different' and r.state = 'present' and j.one in ({marks}) "
        f"and j.other in ({marks}) order by 1, 2",
        [*both, *both],
    ).fetchall()
    return [f"{one} {other}" for one, other, a, b in rows if {a, b} != {n, *numbers}]
