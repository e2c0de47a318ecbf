"""In how many ways can it have been? What is printed leaves other worlds, which print the very same.

A withheld figure is safe while it has enough different values in worlds that were found, each with every
sum that is printed. What is not found does not count, so a mistake here withholds more, never less.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ENOUGH = 4  # different values that a withheld figure must be able to have
FAR = 1 << 40  # more than any count
_MOST = 160  # unknown figures that hang together; with more nothing is looked for
_STEPS = 60

Key = tuple[str, ...]
Move = dict[Key, int]
Line = Mapping[Key, int]  # figures with their signs: the sum is the same in every world


class Unknown(NamedTuple):
    """A figure that is not printed: what it is, and the least and most that it is in another world."""

    value: int
    least: int
    most: int


class Worlds:
    """Unknown figures, and the sums of them that are known to whoever has the printed ones."""

    def __init__(self, unknown: Mapping[Key, Unknown], lines: Iterable[Line]) -> None:
        self._unknown = unknown
        self._lines = [kept for line in lines if (kept := {k: v for k, v in line.items() if k in unknown})]
        self._of: dict[Key, list[int]] = {}
        for place, line in enumerate(self._lines):
            for key in line:
                self._of.setdefault(key, []).append(place)

    def together(self, key: Key) -> list[Key]:
        """Return the unknown figures that hang together with this one by sums, itself the last."""
        seen: dict[Key, None] = {key: None}
        left = [key]
        while left:
            for place in self._of.get(left.pop(), ()):
                for other in self._lines[place]:
                    if other not in seen:
                        seen[other] = None
                        left.append(other)
        return [*list(seen)[1:], key]

    def values(self, key: Key, enough: int = ENOUGH) -> set[int]:
        """Return values that the figure can have: *enough* to either side where so many were found."""
        keys = self.together(key)
        truth = {one: self._unknown[one].value for one in keys}
        if len(keys) > _MOST:
            return {truth[key]}
        moves = self._moves(keys)
        step = moves.pop(key, None)
        found = {truth[key]}
        if step is None:
            return found
        repairs = [sign for move in moves.values() for sign in (move, _scaled(move, -1))]
        for direction in (step, _scaled(step, -1)):
            found.update(self._along(truth, direction, repairs, enough))
        return found

    def _along(
        self, truth: dict[Key, int], direction: Move, repairs: Sequence[Move], enough: int
    ) -> Iterator[int]:
        """Return the values of the last figure in worlds ever farther from the truth."""
        world = truth
        for _ in range(enough):
            near = self._repaired(_moved(world, direction), repairs)
            if near is None:
                return
            world = near
            yield world[next(reversed(world))]

    def _moves(self, keys: Sequence[Key]) -> dict[Key, Move]:
        """Return, for each figure that is free, a change that keeps every sum and no other free one's value.

        The last key is free unless the sums alone give it away.
        """
        places = {place for key in keys for place in self._of.get(key, ())}
        pivots = _reduced([dict(self._lines[place]) for place in sorted(places)], keys)
        made: dict[Key, Move] = {}
        for free in keys:
            if free in pivots:
                continue
            change = {free: Fraction(1)}
            change |= {pivot: -row[free] for pivot, row in pivots.items() if row.get(free)}
            scale = lcm(*(part.denominator for part in change.values()))
            made[free] = {key: int(part * scale) for key, part in change.items()}
        return made

    def _repaired(self, world: dict[Key, int], repairs: Sequence[Move]) -> dict[Key, int] | None:
        """Return a world within all bounds, by changes that leave the free figure alone, if one is near."""
        wrong = self._wrong(world, world)
        for _ in range(_STEPS):
            if not wrong:
                return world
            best: tuple[int, Move] | None = None
            for move in repairs:
                gain = self._wrong(_moved(world, move), move) - self._wrong(world, move)
                if gain < 0 and (best is None or gain < best[0]):
                    best = gain, move
            if best is None:
                return None
            world = _moved(world, best[1])
            wrong += best[0]
        return None

    def _wrong(self, world: Mapping[Key, int], keys: Iterable[Key]) -> int:
        """Return by how much these figures lie outside their bounds, together."""
        total = 0
        for key in keys:
            _, least, most = self._unknown[key]
            total += max(0, least - world[key], world[key] - most)
        return total


def _moved(world: Mapping[Key, int], move: Move) -> dict[Key, int]:
    moved = dict(world)
    for key, change in move.items():
        moved[key] += change
    return moved


def _scaled(move: Move, by: int) -> Move:
    return {key: change * by for key, change in move.items()}


def _reduced(lines: Sequence[Line], keys: Sequence[Key]) -> dict[Key, dict[Key, Fraction]]:
    """Return the lines solved for as many figures as they determine, the first keys first (Gauss, Jordan)."""
    rows = [{key: Fraction(sign) for key, sign in line.items()} for line in lines]
    solved: dict[Key, dict[Key, Fraction]] = {}
    for key in keys:
        row = next((row for row in rows if row.get(key)), None)
        if row is None:
            continue
        rows.remove(row)
        row = {k: v / row[key] for k, v in row.items() if v}
        for other in (*rows, *solved.values()):
            if by := other.get(key):
                for k, v in row.items():
                    other[k] = other.get(k, Fraction(0)) - by * v
                    if not other[k]:
                        del other[k]
        solved[key] = row
    return solved
