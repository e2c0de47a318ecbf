"""Spoken references after a union: two records that were given the same one are both shown longer.

A reference begins as its creation gave it. As long as two of a kind are alike, every one of them takes one
digit more; so the outcome hangs on the records alone, never on the order in which they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules.records import FOLDED, span, spoken
from db.vault import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 26


def grown(letter: str, given: dict[bytes, int]) -> dict[bytes, str]:
    """Return the references of records of one kind by id, from the digits that each was given."""
    digits = dict(given)
    while True:
        alike: dict[str, list[bytes]] = {}
        for record, length in digits.items():
            alike.setdefault(spoken(letter, record, length), []).append(record)
        shared = [record for several in alike.values() if len(several) > 1 for record in several]
        if not shared:
            return {records[0]: ref for ref, records in alike.items()}
        for record in shared:
            digits[record] = min(digits[record] + 1, _MOST)


def beside(reader: Any, kind: str, ref: str) -> dict[bytes, str]:
    """Return the references, as they ought to be, of all records of a kind that begin like *ref*."""
    rows = reader.execute(
        "select id, heads from record where id between ? and ? and kind = ?", (*span(ref[:6]), kind)
    ).fetchall()
    given = {}
    for record, heads in rows:
        length = given_digits(fold.lineage(reader, heads))
        if length is not None:
            given[record] = length
    return grown(FOLDED[kind].letter, given)


def given_digits(steps: Iterable[fold.Step]) -> int | None:
    """Return how many digits the earliest creation gave; *steps* are in order."""
    return next((int(step.detail["ref"]) for step in steps if "ref" in step.detail), None)


def settle(connection: Any, places: Iterable[tuple[str, str]]) -> None:
    """Give the records that begin like one of these, kind and reference each, what ought to be theirs."""
    for kind, start in sorted({(kind, ref[:6]) for kind, ref in places if kind in FOLDED}):
        for record, ref in beside(connection, kind, start).items():
            connection.execute("update record set ref = ? where id = ? and ref <> ?", (ref, record, ref))


def shared(reader: Any) -> list[tuple[str, str]]:
    """Return kind and reference of what several records are called alike."""
    rows: list[tuple[str, str]] = reader.execute(
        "select kind, ref from record where ref is not null group by kind, ref having count(*) > 1"
    ).fetchall()
    return rows
