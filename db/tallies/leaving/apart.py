"""Releases that two desks made before either knew of the other's: no page of them was held against the other.

Where the registers have met, each such release is judged as though it were to leave now, beside all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import releases
from db.rules import periods
from db.tallies.leaving.judging import Judge
from db.vault import fold, projection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.releases import Kept
    from db.vault.store import Store

Heads = tuple[tuple[int, int], ...]  # desk and number of an entry


class Apart(NamedTuple):
    """Two releases by reference, and whether together they tell what one of them withholds."""

    one: str
    other: str
    tells: bool

    @property
    def said(self) -> str:
        """The finding in words."""
        beginning = f"{self.one} and {self.other} left two desks that did not know of each other's"
        if self.tells:
            return f"{beginning}: together they give away what one of them withholds"
        return f"{beginning}: held against each other since, they give nothing away"


def met(store: Store) -> list[Apart]:
    """Return the pairs of releases of overlapping periods that were made without knowledge of each other."""
    with store.counts() as reader:
        kept = [one for one in releases.kept(reader) if one.pages]
        made = {one.ref: _made(reader, one) for one in kept}
        if len({desk for heads in made.values() for desk, _ in heads}) < 2:
            return []
        known = {one.ref: _known(reader, one) for one in kept}
        judge = Judge(reader, periods.local_day(store.now()))
        return [
            Apart(one.ref, other.ref, judge.tells(one) or judge.tells(other))
            for place, one in enumerate(kept)
            for other in kept[place + 1 :]
            if _overlap(one, other)
            and not _knows(known[one.ref], made[other.ref])
            and not _knows(known[other.ref], made[one.ref])
        ]


def _made(reader: Any, one: Kept) -> Heads:
    """Return the entry that made a release."""
    (heads,) = reader.execute("select heads from record where id = ?", (one.id,)).fetchone()
    return tuple(step.head for step in fold.lineage(reader, heads)[:1])


def _known(reader: Any, one: Kept) -> Mapping[int, int]:
    """Return how far into each desk's journal a release was made from."""
    (n,) = reader.execute("select n from record where id = ?", (one.id,)).fetchone()
    fields = projection.read_fields(reader, "release", n)
    return dict(fields["made_from"])


def _knows(known: Mapping[int, int], made: Heads) -> bool:
    return all(known.get(desk, 0) >= seq for desk, seq in made)


def _overlap(one: Kept, other: Kept) -> bool:
    return any(
        mine.span[0] <= its.span[1] and its.span[0] <= mine.span[1]
        for mine in one.pages
        for its in other.pages
    )
