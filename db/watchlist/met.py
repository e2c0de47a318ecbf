"""Who was met while the index was read, under which keys, and who of them is likeliest."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from db.vault.likeness import TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 80  # who are weighed
_CLEAR = 5.0  # bits behind the first from which nobody is weighed any more
_ONE_MARK = 12.0  # what the words of one mark may count together, or an address that many share would lead
_OVERLAP = 0.4  # what a further run of one plate counts beside the rarest: they share characters


class Sought(NamedTuple):
    """A group with how many have one of its keys, its bits by that, and how the index is asked for any."""

    about: str
    words: tuple[str, ...]
    men: int
    bits: float
    asked: str


class Met:
    """Who was met, and under which groups."""

    def __init__(self, reader: Any, sought: Sequence[Sought]) -> None:
        self._reader = reader
        self._sought = sought
        self.by: dict[int, int] = {}

    def read(self, places: Sequence[int], most: int) -> None:
        """Read whom all of these groups name."""
        asked = " AND ".join(self._sought[place].asked for place in places)
        mask = sum(1 << place for place in places)
        rows = self._reader.execute(
            f"select rowid from {TABLE} where {TABLE} match ? limit +?",  # noqa: S608 - a fixed table
            (asked, most),
        ).fetchall()
        found = dict.fromkeys(chain.from_iterable(rows), mask)
        for n in self.by.keys() & found.keys():  # few: most are met for the first time
            found[n] |= self.by[n]
        self.by |= found

    def most(self) -> float:
        """Return the bits of the likeliest so far."""
        return max(map(self._worth, set(self.by.values())), default=0.0)

    def best(self, fewest: int) -> list[int]:
        """Return the likeliest: facts add up, of several ways to say one fact the best counts.

        Args:
            fewest: how many at least, however far behind the first they are.
        """
        counts = Counter(self.by.values())
        worth = {mask: self._worth(mask) for mask in counts}
        floor = max(worth.values(), default=0.0) - _CLEAR
        most: dict[
            float, int
        ] = {}  # by what is gained: how many there may be down to it; of those needed alone
        met = 0
        for mask in sorted(worth, key=worth.__getitem__, reverse=True):
            if worth[mask] not in most and met >= (MOST if worth[mask] >= floor else fewest):
                break
            most[worth[mask]] = MOST if worth[mask] >= floor else fewest
            met += counts[mask]
        together: dict[float, list[int]] = {gained: [] for gained in most}
        for n, mask in self.by.items():
            if (gained := worth[mask]) in together:
                together[gained].append(n)
        best: list[int] = []
        for gained, those in together.items():
            best += sorted(those)[: max(0, most[gained] - len(best))]
        return best

    def _worth(self, mask: int) -> float:
        facts: dict[str, float] = {}
        while mask:
            group = self._sought[(mask & -mask).bit_length() - 1]
            mask &= mask - 1
            if group.bits > facts.get(group.about, 0.0):
                facts[group.about] = group.bits
        marks: dict[str, float] = {}
        runs: dict[str, list[float]] = {}
        total = 0.0
        for about, bits in facts.items():
            what, _, rest = about.partition(" ")
            which, _, run = rest.partition(" ")
            if what == "mark":
                marks[which] = marks.get(which, 0.0) + bits
            elif what == "plate" and run and run != "near":
                runs.setdefault(which, []).append(bits)
            else:
                total += bits
        total += sum(max(some) + _OVERLAP * (sum(some) - max(some)) for some in runs.values())
        return total + sum(min(_ONE_MARK, bits) for bits in marks.values())
