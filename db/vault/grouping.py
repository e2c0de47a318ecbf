"""Which records are judged to be one: the component over ``same``, under its earliest record.

Merging never rewrites: every record stays what it is, and this table goes when the judgement does.
"""

from __future__ import annotations

import json
from typing import Any

from db.vault import fold

_LAST = (1 << 63, 0, 0)


def regroup(connection: Any) -> None:
    """Write the table anew from the judgements that stand."""
    connection.execute("delete from same_as")
    connection.executemany("insert into same_as (n, canonical) values (?, ?)", sorted(groups(connection)))


def groups(reader: Any) -> set[tuple[int, int]]:
    """Return of every record that is judged the same as another, its number and its group's canonical one."""
    pairs = reader.execute(
        "select j.one, j.other from judgement as j cross join record as r on r.n = j.n "
        "where j.verdict = 'same' and r.state = 'present'"
    ).fetchall()
    leader: dict[int, int] = {}

    def find(n: int) -> int:
        while leader.setdefault(n, n) != n:
            n = leader[n]
        return n

    for one, other in pairs:
        leader[find(one)] = find(other)
    members: dict[int, list[int]] = {}
    for n in list(leader):
        members.setdefault(find(n), []).append(n)
    return {
        (n, canonical)
        for all_of in members.values()
        for canonical in [_first(reader, all_of)]
        for n in all_of
    }


def _first(reader: Any, numbers: list[int]) -> int:
    """Return the record that was entered first."""
    made = []
    for n in numbers:
        record, heads = reader.execute("select id, heads from record where n = ?", (n,)).fetchone()
        steps = fold.lineage(reader, heads) if json.loads(heads) else []
        order = (steps[0].at, steps[0].desk, steps[0].seq) if steps else _LAST
        made.append((order, record, n))
    return min(made)[2]


def together(reader: Any, n: int) -> list[int]:
    """Return the numbers of all that stand for what record *n* does: its group's, or itself alone."""
    rows = reader.execute(
        "select b.n from same_as as a join same_as as b on b.canonical = a.canonical "
        "where a.n = ? order by b.n",
        (n,),
    ).fetchall()
    return [row[0] for row in rows] or [n]
