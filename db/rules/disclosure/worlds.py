"""In how many ways can it have been? What is printed leaves other worlds, which print the very same.

A withheld figure is safe while it has enough different values in worlds that were found, each with every
sum that is printed. What is not found does not count, so a mistake here withholds more, never less.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

ENOUGH = 4  # different values that a withheld figure must be able to have
FAR = 1 << 40  # more than any count
_STEPS = 400  # of one search

Key = tuple[str, ...]
Row = dict[Key, int]
Line = Mapping[Key, int]  # figures with their signs: the sum is the same in every world


class Unknown(NamedTuple):
    """A figure that is not printed: what it is, and the least and most that it is in another world.

    Of one that has changed since it was printed these are what it was (``stale``): no world has it as it is.
    """

    value: int
    least: int
    most: int
    stale: bool = False


class Worlds:
    """Unknown figures, and the sums of them that are known to whoever has the printed ones."""

    def __init__(self, unknown: Mapping[Key, Unknown], lines: Iterable[Line]) -> None:
        self._unknown = unknown
        self._lines = [kept for line in lines if (kept := {k: v for k, v in line.items() if k in unknown})]
        self._of: dict[Key, list[int]] = {}
        for place, line in enumerate(self._lines):
            for key in line:
                self._of.setdefault(key, []).append(place)
        self._found: dict[Key, Component] = {}

    def together(self, key: Key) -> list[Key]:
        """Return the unknown figures that hang together with this one by sums."""
        seen: dict[Key, None] = {key: None}
        left = [key]
        while left:
            for place in self._of.get(left.pop(), ()):
                for other in self._lines[place]:
                    if other not in seen:
                        seen[other] = None
                        left.append(other)
        return list(seen)

    def values(self, key: Key, enough: int = ENOUGH) -> set[int]:
        """Return values that the figure can have: *enough* to either side where so many were found."""
        if key not in self._found:
            keys = self.together(key)
            places = sorted({place for one in keys for place in self._of.get(one, ())})
            component = Component(
                {one: self._unknown[one] for one in keys}, [self._lines[place] for place in places]
            )
            self._found |= dict.fromkeys(keys, component)
        return self._found[key].values(key, enough)


class Component:
    """Figures that hang together, and the values met so far in worlds that print the same.

    The sums are kept solved: some figures (bound) by the others (free). A search walks from the truth, in
    whole steps along edges, as the simplex method does with bounded variables (Dantzig 1955; Bland's rule).
    """

    def __init__(self, unknown: Mapping[Key, Unknown], lines: Iterable[Line]) -> None:
        self._unknown = unknown
        self._place = {key: place for place, key in enumerate(unknown)}
        self._bounds = {key: (of.least, of.most) for key, of in unknown.items()}
        self._met: dict[Key, set[int]] = {key: set() for key in unknown}
        self._solved = self._solve(lines)
        self._start = self._settled()
        self._met = {key: {self._start.get(key, of.value)} for key, of in unknown.items()}

    def values(self, key: Key, enough: int) -> set[int]:
        """Return values of a figure in other worlds; the truth alone where the sums cannot be solved."""
        met = self._met[key]
        if self._solved is None or not self._start:
            return met
        at, (least, most) = self._start[key], self._bounds[key]
        if len(met) < ENOUGH or enough > ENOUGH:
            for goal in (min(at + enough, most), max(at - enough, least)):
                self._walk(self._start, key, goal)
        return met

    def _settled(self) -> Row:
        """Return the world to walk from: the truth, or one near it in which what has changed is as it was.

        Empty where there is none.
        """
        world = {key: of.value for key, of in self._unknown.items()}
        changed = {key: of for key, of in self._unknown.items() if of.stale}
        for key, of in changed.items():
            self._bounds[key] = min(of.least, of.value), max(of.most, of.value)
        for key, of in changed.items():
            goal = min(max(world[key], of.least), of.most)
            world = self._walk(world, key, goal)
            if world[key] != goal:
                return {}
            self._bounds[key] = of.least, of.most
        return world

    def _solve(self, lines: Iterable[Line]) -> dict[Key, Row] | None:
        """Return each bound figure by free ones, in whole numbers; None where that cannot be."""
        rows: dict[Key, Row] = {}
        for line in lines:
            left: Row = {}
            for key, sign in line.items():
                _add(left, rows.get(key, {key: 1}), sign)
            if not left:
                continue
            units = [key for key, sign in left.items() if abs(sign) == 1]
            if not units:
                return None
            pivot = max(units, key=lambda key: self._unknown[key].most - self._unknown[key].least)
            sign = left.pop(pivot)
            _put(rows, pivot, {key: -sign * of for key, of in left.items()})
        return rows

    def _walk(self, start: Row, target: Key, goal: int) -> Row:
        """Walk towards a world in which a figure is nearer to a goal, noting what is met; return the last."""
        rows = {key: dict(row) for key, row in (self._solved or {}).items()}
        world = dict(start)
        stuck: set[tuple[Key, int]] = set()
        for _ in range(_STEPS):
            if world[target] == goal:
                break
            up = 1 if goal > world[target] else -1
            entering = self._entering(rows, world, target, up, stuck)
            if entering is None:
                break
            key, way = entering
            change = {key: way} | {bound: row[key] * way for bound, row in rows.items() if row.get(key)}
            step, block = self._room(world, change, key, abs(goal - world[target]))
            self._move(world, change, step)
            if block is None and step == 0:
                stuck.add(entering)
            elif block is not None and abs(rows[block][key]) == 1:
                _exchange(rows, block, key)
                stuck.clear()
            elif block is not None:
                stuck.add(entering)
        return world

    def _entering(
        self, rows: dict[Key, Row], world: Row, target: Key, up: int, stuck: set[tuple[Key, int]]
    ) -> tuple[Key, int] | None:
        """Return the first free figure, and which way it goes, that brings the target nearer."""
        towards = rows.get(target, {target: 1})
        for key in sorted(towards, key=self._place.__getitem__):
            way = up if towards[key] > 0 else -up
            least, most = self._bounds[key]
            free = world[key] < most if way > 0 else world[key] > least
            if free and (key, way) not in stuck:
                return key, way
        return None

    def _room(self, world: Row, change: Row, entering: Key, most: int) -> tuple[int, Key | None]:
        """Return how many steps there is room for, and the bound figure that ends them, if one does."""
        step, block = most, None
        for key, by in change.items():
            least, most = self._bounds[key]
            room = (most - world[key]) // by if by > 0 else (world[key] - least) // -by
            if room < step or (room == step and block is not None and self._place[key] < self._place[block]):
                step, block = room, None if key == entering else key
        return step, block

    def _move(self, world: Row, change: Row, step: int) -> None:
        for key, by in change.items():
            at = world[key]
            self._met[key].update(range(at, at + by * min(step, ENOUGH) + (1 if by > 0 else -1), by))
            world[key] = at + by * step
            self._met[key].add(world[key])


def _add(row: Row, other: Row, times: int) -> None:
    for key, sign in other.items():
        row[key] = row.get(key, 0) + times * sign
        if not row[key]:
            del row[key]


def _put(rows: dict[Key, Row], pivot: Key, solved: Row) -> None:
    """Enter how a figure is bound, and put that for it wherever it was free."""
    for row in rows.values():
        if sign := row.pop(pivot, 0):
            _add(row, solved, sign)
    rows[pivot] = solved


def _exchange(rows: dict[Key, Row], bound: Key, free: Key) -> None:
    """Let a bound figure be free, and the free one bound."""
    row = rows.pop(bound)
    sign = row.pop(free)
    solved = {key: -sign * of for key, of in row.items()}
    solved[bound] = sign
    _put(rows, free, solved)
