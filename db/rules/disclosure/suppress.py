"""What is withheld of the figures that are to be printed, so that none of them points at a person.

First what does not pass by itself; then as much beside it as it takes until no withheld figure, and no
difference between printed ones, is left with fewer than ENOUGH possible values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure.cells import HEADLINE, Cell, Profile, passes
from db.rules.disclosure.worlds import ENOUGH, FAR, Key, Line, Unknown, Worlds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Sum(NamedTuple):
    """A figure that is the sum of others. Those of them that are not printed are called differences."""

    total: Key
    parts: tuple[Key, ...]

    def line(self) -> dict[Key, int]:
        """Return the figures with their signs."""
        return {self.total: -1, **dict.fromkeys(self.parts, 1)}


class Page(NamedTuple):
    """What would be printed, in its order; the differences that a reader can form; how they hang together."""

    printed: Mapping[Key, Cell]
    differences: Mapping[Key, Cell]
    sums: Sequence[Sum]

    def cell(self, key: Key) -> Cell | None:
        """Return a figure, printed or not."""
        return self.printed.get(key) or self.differences.get(key)


class Bounds(NamedTuple):
    """The least and most that a withheld figure is in a world that prints the same."""

    least: int
    most: int


class Watch(NamedTuple):
    """What must stay possible of a figure that is not printed: many values, and that it is as it was said."""

    far: int = ENOUGH  # how far to look
    then: int | None = None
    loose: bool = False  # whether a figure may be withheld for another reason than it is
    enough: int = ENOUGH  # so many values


class Beside(NamedTuple):
    """What a reader knows of beside the figures that are to be printed.

    ``unknown`` is not printed; ``watched`` are those of it that must not be worked out; ``lines`` are sums
    that are the same in every world; ``within`` is what was said already of figures that are withheld now.
    """

    unknown: Mapping[Key, Unknown]
    watched: Mapping[Key, Watch]
    lines: Sequence[Line]
    within: Mapping[Key, Bounds] = {}


def protect(page: Page, threshold: int, before: Collection[Key] = ()) -> dict[Key, Bounds]:
    """Return what is withheld of a page, with what each may be.

    Args:
        page: exact counts.
        threshold: from which count, and how many people, a figure may be printed.
        before: what is withheld in any case, as in a profile that prints more.
    """
    withheld: dict[Key, Bounds] = {}
    for key, cell in page.printed.items():
        if not passes(cell, threshold):
            withheld[key] = bounds(cell, threshold)
        elif key in before:
            withheld[key] = bounds(cell, threshold) if cell.number else Bounds(0, threshold - 1)
    unknown = {
        key: Unknown(cell.number, *bounds(cell, threshold))
        for key, cell in page.differences.items()
        if cell.number
    }
    watched = {key: Watch() for key in unknown if not passes(page.differences[key], threshold)}
    beside = Beside(unknown, watched, [one.line() for one in page.sums])
    guard = Guard(page.printed, threshold, beside, withheld)
    guard.hide()
    return guard.withheld


def bounds(cell: Cell, threshold: int) -> Bounds:
    """Return what a figure that is not printed may be, given why it is not; one that passes stays so."""
    if cell.number == 0:
        return Bounds(0, 0)
    if passes(cell, threshold):
        return Bounds(threshold, FAR)
    return Bounds(1, threshold - 1 if cell.number < threshold else FAR)


def unprinted(cell: Cell | None, profile: Profile) -> Bounds:
    """Return what a figure may be of which a profile says nothing, for whatever reason."""
    number = cell.number if cell is not None else 0
    if profile.name == HEADLINE.name:
        return Bounds(0, profile.step) if number <= profile.step else Bounds(profile.step + 1, FAR)
    if cell is None or number == 0:
        return Bounds(0, profile.threshold - 1)
    return bounds(cell, profile.threshold)


class Guard:
    """Figures that are to be printed, while it is decided which of them are withheld."""

    def __init__(
        self, printed: Mapping[Key, Cell], threshold: int, beside: Beside, withheld: Mapping[Key, Bounds]
    ) -> None:
        self._printed = printed
        self._threshold = threshold
        self._known = beside
        self._place = {key: place for place, key in enumerate(printed)}
        self._lines: dict[Key, list[Line]] = {}
        for line in beside.lines:
            for key in line:
                self._lines.setdefault(key, []).append(line)
        self.withheld = dict(withheld)
        self.exposed: Key | None = None

    def hide(self) -> None:
        """Withhold more until nothing can be worked out; ``exposed`` is left where that does not do."""
        helpless: set[Key] = set()
        while (key := self._first_exposed(helpless)) is not None:
            found = self._next(key)
            if found is None:
                helpless.add(key)
            else:
                self.withheld[found[0]] = found[1]
        loose = self._worlds(loose=True)
        watched = self._watched()
        self.exposed = next((key for key in helpless if is_exposed(loose, key, watched[key])), None)

    def _watched(self) -> dict[Key, Watch]:
        """Return what must not be worked out; nought is no secret."""
        mine = {key: Watch() for key in self.withheld if self._printed[key].number}
        return mine | dict(self._known.watched)

    def _first_exposed(self, but: set[Key]) -> Key | None:
        """Return the first figure that could be worked out."""
        tight, loose = self._worlds(), self._worlds(loose=True)
        left = ((key, watch) for key, watch in self._watched().items() if key not in but)
        return next(
            (key for key, watch in left if is_exposed(loose if watch.loose else tight, key, watch)), None
        )

    def every_exposed(self, *, loose: bool) -> set[Key]:
        """Return all figures that could be worked out; *loose*: whyever others are withheld."""
        worlds = self._worlds(loose=loose)
        return {key for key, watch in self._known.watched.items() if is_exposed(worlds, key, watch)}

    def _worlds(self, *, loose: bool = False) -> Worlds:
        """Return the worlds in which the same is withheld for the same reason; *loose*: for any reason."""
        unknown = {key: Unknown(self._printed[key].number, *of) for key, of in self.withheld.items()}
        unknown = {**self._known.unknown, **unknown}
        if loose:
            for key in self._watched():
                if not unknown[key].stale:
                    unknown[key] = Unknown(unknown[key].value, min(unknown[key].least, 1), FAR)
        for key in self._known.within.keys() & self.withheld.keys():
            value, least, most, _ = unknown[key]
            low, high = self._known.within[key]
            unknown[key] = Unknown(value, max(least, low), min(most, high))
        return Worlds(unknown, self._known.lines)

    def _next(self, key: Key) -> tuple[Key, Bounds] | None:
        """Return what is withheld next, that this figure cannot be worked out: the smallest in its sums.

        A total after its parts; then what hangs together with it; nought where nothing else does.
        """
        near = self._lines.get(key, [])
        far = [line for other in self._worlds().together(key) for line in self._lines.get(other, ())]
        for lines in (near, far):
            parts = self._shown(part for line in lines for part, sign in line.items() if sign > 0)
            totals = self._shown(part for line in lines for part, sign in line.items() if sign < 0)
            nonzero = [part for part in parts if self._printed[part].number]
            for choice in (nonzero, totals):
                if choice:
                    return self._smallest(choice)
        noughts = self._shown(part for line in (*near, *far) for part in line)
        if noughts and is_exposed(self._worlds(loose=True), key, self._watched()[key]):
            return self._smallest(noughts)
        return None

    def _shown(self, keys: Iterable[Key]) -> list[Key]:
        found = dict.fromkeys(key for key in keys if key in self._place and key not in self.withheld)
        return sorted(found, key=lambda key: (self._printed[key].number, self._place[key]))

    def _smallest(self, choice: list[Key]) -> tuple[Key, Bounds]:
        """Return the first, and what it may be: in no world so large that another were taken."""
        key = choice[0]
        if not self._printed[key].number:
            return key, Bounds(0, self._threshold - 1)
        most = FAR
        if len(choice) > 1:
            other = choice[1]
            most = self._printed[other].number - (self._place[other] < self._place[key])
        return key, Bounds(self._threshold, most)


def is_exposed(worlds: Worlds, key: Key, watch: Watch) -> bool:
    """Tell whether a figure can be worked out: few values are left to it, or it cannot be what it was."""
    values = worlds.values(key, watch.far)
    return len(values) < watch.enough or (watch.then is not None and watch.then not in values)
