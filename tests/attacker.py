"""Somebody who has kept every page, knows the rules, and owns a solver: what can he work out?

Shares nothing with what protects the pages: months as whole numbers, each printed figure a bound on a sum of
them, and the least and most that any withheld figure can be (integer programming, HiGHS).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Key = tuple[str, ...]
MANY = 400
GONE = -1  # of a figure that he knows has been corrected since
ADDS_UP = (
    *("people_engaged_new", "engagements", "engagements_flagged_down", "engagements_by_sector", "concerns"),
    *("concerns_undecided", "concerns_decided_24h", "concerns_by_sharing_level", "concerns_by_behaviour"),
    *("offenders_dealt_with_new", "arrests", "charges", "actions_by_kind"),
)
# whole, parts: at most as much together; the whole is exactly these where the third says so
WITHIN: tuple[tuple[Key, tuple[Key, ...], bool], ...] = (
    (("people_engaged",), (("people_engaged_new",),), False),
    (("engagements",), (("engagements_flagged_down",),), False),
    (("engagements",), (("engagements_by_sector", "North"), ("engagements_by_sector", "South")), True),
    (("concerns",), (("concerns_undecided",), ("concerns_decided_24h",)), False),
    (("concerns",), tuple(("concerns_by_sharing_level", str(level)) for level in range(1, 6)), True),
    (("concerns",), (("concerns_by_behaviour", "follows"),), False),
    (("concerns",), (("concerns_by_behaviour", "robs"),), False),
    (("concerns",), (("concerns", "in", "North"), ("concerns", "in", "South")), True),
    (("people_engaged",), (("people_engaged", "in", "North"),), False),
    (("people_engaged",), (("people_engaged", "in", "South"),), False),
    (("offenders_dealt_with",), (("offenders_dealt_with_new",),), False),
    (("offenders_dealt_with_wide",), (("offenders_dealt_with",),), False),
    (
        ("offenders_dealt_with",),
        tuple(("offenders_by_highest_action", row) for row in ("charge", "caution", "arrest")),
        False,
    ),
    (("arrests",), (("actions_by_kind", "arrest"),), True),
    (("charges",), (("actions_by_kind", "charge"),), True),
)
_ROWS = ("charge", "caution", "community_resolution", "course", "order", "arrest", "other")
_HIGHEST = tuple(("offenders_by_highest_action", row) for row in _ROWS)
ROWS = sorted({key for whole, parts, _ in WITHIN for key in (whole, *parts) if len(key) == 2} | {*_HIGHEST})


class Page(NamedTuple):
    """A page he has: its months (0 to 5), its profile's name, the figures, None where withheld."""

    months: tuple[int, int]
    profile: str
    cells: dict[Key, int | None]


class Attacker:
    """Every page together as one system of whole numbers.

    ``torn`` are withheld figures for which no world prints all of it: something has changed between pages.
    With *noughts* what is withheld may be nought as well, as where it is withheld for another page's sake.
    """

    def __init__(self, pages: Iterable[Page], *, noughts: bool = False) -> None:
        self._pages, self._least_hidden = list(pages), 0 if noughts else 1
        self.torn: set[tuple[Key, tuple[int, int]]] = set()
        self._names: dict[Any, int] = {}
        self._rows: list[dict[int, int]] = []
        self._least: list[float] = []
        self._most: list[float] = []
        self._rows_of: dict[int, list[int]] = {}
        self._low: dict[int, float] = {}
        self._high: dict[int, float] = {}
        self.withheld: dict[tuple[Key, tuple[int, int]], bool] = {}
        for months in {page.months: None for page in self._pages}:
            self._know(months)
        for page in self._pages:
            for key in self._keys(page):
                self._read(key, page)
        self._compare()

    # what is the same in every unit

    def _know(self, months: tuple[int, int]) -> None:
        for whole, parts, exactly in (*WITHIN, (("offenders_dealt_with_wide",), _HIGHEST, True)):
            line = {self._of(whole, months): 1, **{self._of(part, months): -1 for part in parts}}
            self._line(line, 0, 0 if exactly else MANY)
        for key in [name for name, *_ in self._known_keys() if name[0] in ADDS_UP]:
            line = {self._of(key, months): 1}
            for month in range(months[0], months[1] + 1):
                at = self._of(key, (month, month))
                line[at] = line.get(at, 0) - 1
            if any(line.values()):
                self._line({at: by for at, by in line.items() if by}, 0, 0)

    def _known_keys(self) -> list[tuple[Key]]:
        keys = {key for whole, parts, _ in WITHIN for key in (whole, *parts)}
        return [(key,) for key in sorted(keys | set(_HIGHEST))]

    def _compare(self) -> None:
        """Nobody is counted twice in a period, so a longer one has no fewer, and no more than its parts."""
        periods = list({page.months: None for page in self._pages})
        for key in (("people_engaged",), ("offenders_dealt_with",), ("offenders_dealt_with_wide",)):
            for outer in periods:
                inner = [one for one in periods if one != outer and outer[0] <= one[0] and one[1] <= outer[1]]
                for one in inner:
                    self._line({self._of(key, outer): 1, self._of(key, one): -1}, 0, MANY)
                parts = [one for one in inner if one[0] == one[1]]
                if len(parts) == outer[1] - outer[0] + 1:
                    line = {self._of(key, one): 1 for one in parts} | {self._of(key, outer): -1}
                    self._line(line, 0, MANY)
            if key == ("people_engaged",):
                for months in periods:  # from the start on, everybody is new
                    if months[0] == 0:
                        new = self._of(("people_engaged_new",), months)
                        self._line({self._of(key, months): 1, new: -1}, 0, 0)

    # what is printed

    def _keys(self, page: Page) -> list[Key]:
        """Every figure that a page tells of: a row that is not there is nought, except in a headline."""
        if ("engagements",) not in page.cells:
            return list(page.cells)
        return list(dict.fromkeys((*page.cells, *(ROWS if page.profile != "headline" else ()))))

    def _read(self, key: Key, page: Page) -> None:
        at, said = self._of(key, page.months), page.cells.get(key, 0)
        if said == GONE:
            return
        if page.profile == "headline":
            self._bound(at, *((said + 1, said + 10) if said else (0, MANY)))
        elif said is None:
            self._bound(at, self._least_hidden, MANY)
        elif page.profile == "public" and said:
            self._bound(at, max(8, said - 2), said + 2)
        else:
            self._bound(at, said, said)
        hidden = said is None and self.withheld.get((key, page.months), True)
        self.withheld[key, page.months] = hidden

    # the system

    def _of(self, key: Key, months: tuple[int, int]) -> int:
        return self._names.setdefault((key, months), len(self._names))

    def _line(self, line: dict[int, int], least: int, most: int) -> None:
        self._rows.append(line)
        self._least.append(least)
        self._most.append(most)

    def _bound(self, at: int, least: int, most: int) -> None:
        self._low[at] = max(self._low.get(at, 0), least)
        self._high[at] = min(self._high.get(at, MANY), most)

    def range(self, key: Key, months: tuple[int, int]) -> tuple[int, int] | None:
        """Return the least and most that a figure can be; None where no world prints all of this."""
        target = self._of(key, months)
        system = self._system(target)
        if system is None:
            return None
        ends = [system.solve({target: 1}), system.solve({target: -1})]
        if None in ends:
            return None
        least, most = (one[target] for one in ends if one is not None)
        return least, most

    def pinned(self, fewer_than: int = 4) -> list[tuple[Key, tuple[int, int], tuple[int, int]]]:
        """Return the withheld figures of which fewer values are left, each with its least and most."""
        hidden = {self._of(*which): which for which, of in self.withheld.items() if of}
        met: dict[int, set[int]] = {}
        found = []
        for at, (key, months) in hidden.items():
            if at not in met and (system := self._system(at)) is not None:
                self._meet(system, hidden, met)
            if max(met.get(at, {0})) - min(met.get(at, {0})) + 1 >= fewer_than:
                continue
            ends = self.range(key, months)
            if ends is None:
                self.torn.add((key, months))
            elif ends[1] - ends[0] + 1 < fewer_than:
                found.append((key, months, ends))
        return found

    def _meet(self, system: "System", hidden: Iterable[int], met: dict[int, set[int]]) -> None:
        """Note the values of a few worlds: at first all at once, as most figures are safe."""
        mine = [one for one in system.places if one in hidden]
        for sign in (1, -1):
            for goal in ({one: sign * (-1) ** one for one in mine}, {one: sign for one in mine}):
                for one, value in (system.solve(goal) or {}).items():
                    met.setdefault(one, set()).add(value)

    def _system(self, target: int) -> "System | None":
        places, rows = self._near(target)
        low, high = ([bound(at) for at in places] for bound in (self._floor, self._top))
        if any(least > most for least, most in zip(low, high, strict=True)):
            return None
        matrix = np.zeros((len(rows), len(places)))
        limits = np.zeros((2, len(rows)))
        for place, row in enumerate(rows):
            known = 0.0
            for at, by in self._rows[row].items():
                if at in places:
                    matrix[place, places[at]] = by
                else:
                    known += by * self._floor(at)
            limits[:, place] = self._least[row] - known, self._most[row] - known
        return System(places, matrix, limits, Bounds(np.array(low), np.array(high)))

    def _floor(self, at: int) -> float:
        return self._low.get(at, 0)

    def _top(self, at: int) -> float:
        return self._high.get(at, MANY)

    def _near(self, target: int) -> tuple[dict[int, int], list[int]]:
        """Return the figures that hang together with one by sums of what is not known, and those sums."""
        if not self._rows_of:
            for row, line in enumerate(self._rows):
                for at in line:
                    self._rows_of.setdefault(at, []).append(row)
        places, rows, left = {target: 0}, dict[int, None](), [target]
        while left:
            for row in self._rows_of.get(left.pop(), ()):
                rows[row] = None
                for at in self._rows[row]:
                    if at not in places and self._floor(at) != self._top(at):
                        places[at] = len(places)
                        left.append(at)
        return places, list(rows)


class System(NamedTuple):
    """Figures that hang together by sums of what is not known."""

    places: dict[int, int]
    matrix: Any
    limits: Any
    bounds: Any

    def solve(self, goal: dict[int, int]) -> dict[int, int] | None:
        """Return the world in which a sum is least; None where there is none."""
        wanted = np.zeros(len(self.places))
        for at, by in goal.items():
            wanted[self.places[at]] = by
        lines = [LinearConstraint(self.matrix, *self.limits)] if len(self.matrix) else []
        whole = np.ones(len(self.places), dtype=int)
        found = milp(wanted, constraints=lines, bounds=self.bounds, integrality=whole)
        if found.x is None:
            return None
        return {at: round(float(found.x[place])) for at, place in self.places.items()}
