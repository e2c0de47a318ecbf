"""What is withheld of the figures of one page, so that none of them points at a person.

First what does not pass by itself; then as much beside it as it takes until no withheld figure, and no
difference between printed ones, is left with fewer than ENOUGH possible values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure.cells import Cell, passes
from db.rules.disclosure.worlds import ENOUGH, FAR, Key, Unknown, Worlds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Sum(NamedTuple):
    """A figure that is the sum of others. Those of them that are not printed are called differences."""

    total: Key
    parts: tuple[Key, ...]


class Page(NamedTuple):
    """What would be printed, in its order; the differences that a reader can form; how they hang together."""

    printed: Mapping[Key, Cell]
    differences: Mapping[Key, Cell]
    sums: Sequence[Sum]


class Withheld(NamedTuple):
    """Why a figure is withheld: the least and most that it is in a world that prints the same page."""

    least: int
    most: int


def protect(page: Page, threshold: int, before: Collection[Key] = ()) -> dict[Key, Withheld]:
    """Return what is withheld of a page.

    Args:
        page: exact counts.
        threshold: from which count, and how many people, a figure may be printed.
        before: what is withheld in any case, as in a profile that prints more.
    """
    return Guard(page, threshold, before).withheld


class Guard:
    """One page while it is decided what is withheld of it."""

    def __init__(self, page: Page, threshold: int, before: Collection[Key] = ()) -> None:
        self._page = page
        self._threshold = threshold
        self._place = {key: place for place, key in enumerate(page.printed)}
        self._sums: dict[Key, list[Sum]] = {}
        for one in page.sums:
            for key in (one.total, *one.parts):
                self._sums.setdefault(key, []).append(one)
        self.withheld: dict[Key, Withheld] = {}
        for key, cell in page.printed.items():
            if not passes(cell, threshold):
                self.withheld[key] = self.bounds(cell)
            elif key in before:
                self.withheld[key] = Withheld(threshold if cell.number else 0, FAR)
        self._hide()

    def bounds(self, cell: Cell) -> Withheld:
        """Return what a figure may be in another world, given why it may not be printed, or that it may."""
        if cell.number == 0:
            return Withheld(0, 0)
        if passes(cell, self._threshold):
            return Withheld(self._threshold, FAR)
        return Withheld(1, self._threshold - 1 if cell.number < self._threshold else FAR)

    def _hide(self) -> None:
        while (key := self._exposed()) is not None:
            found = self._beside(key)
            if found is None:
                return
            self.withheld[found[0]] = found[1]

    def _exposed(self) -> Key | None:
        """Return the first figure that could be worked out."""
        worlds = Worlds(self._unknown(), map(_line, self._page.sums))
        small = (key for key, cell in self._page.differences.items() if not passes(cell, self._threshold))
        return next((key for key in (*self.withheld, *small) if len(worlds.values(key)) < ENOUGH), None)

    def _unknown(self) -> dict[Key, Unknown]:
        printed, differences = self._page.printed, self._page.differences
        unknown = {key: Unknown(printed[key].number, *bounds) for key, bounds in self.withheld.items()}
        for key, cell in differences.items():
            if cell.number:
                unknown[key] = Unknown(cell.number, *self.bounds(cell))
        return unknown

    def _beside(self, key: Key) -> tuple[Key, Withheld] | None:
        """Return what is withheld next, that this figure cannot be worked out: the smallest in its sums.

        Nought only where nothing else is left, a total after its parts; then what hangs together with it.
        """
        worlds = Worlds(self._unknown(), map(_line, self._page.sums))
        near = self._sums.get(key, [])
        far = [one for other in worlds.together(key) for one in self._sums.get(other, ())]
        for sums in (near, far):
            parts = self._shown(part for one in sums for part in one.parts)
            totals = self._shown(one.total for one in sums)
            nonzero = [part for part in parts if self._page.printed[part].number]
            for choice in (nonzero, totals, parts):
                if choice:
                    return self._smallest(choice)
        return None

    def _shown(self, keys: Iterable[Key]) -> list[Key]:
        found = dict.fromkeys(key for key in keys if key in self._place and key not in self.withheld)
        return sorted(found, key=lambda key: (self._page.printed[key].number, self._place[key]))

    def _smallest(self, choice: list[Key]) -> tuple[Key, Withheld]:
        """Return the first, and what it may be: in no world so large that another were taken."""
        key = choice[0]
        if not self._page.printed[key].number:
            return key, Withheld(0, self._threshold - 1)
        most = FAR
        if len(choice) > 1:
            other = choice[1]
            most = self._page.printed[other].number - (self._place[other] < self._place[key])
        return key, Withheld(self._threshold, most)


def _line(one: Sum) -> dict[Key, int]:
    return {one.total: -1, **dict.fromkeys(one.parts, 1)}
