"""What may be meant by what is being typed: lines under a field, the cursor on one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from tui.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

SHOWN = 5
NOBODY = -1  # the cursor is on nobody: who only resembles her is picked by an arrow, never by Enter alone


class Choices(Shown, Generic[T]):
    """What is offered for a fragment; *other*, where there is one, is a last line: none of these."""

    def __init__(self, told: Callable[[T], str], other: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id, classes="choices")
        self._told = told
        self._other = [other] if other else []
        self.fragment = ""
        self.found: list[T] = []
        self.place = 0

    def put(self, fragment: str, found: Sequence[T], place: int) -> None:
        """Show what a fragment may mean."""
        self.fragment, self.found, self.place = fragment, list(found[:SHOWN]), place
        self._draw()

    def clear(self) -> None:
        """Offer nothing."""
        self.fragment, self.found, self.place = "", [], 0
        self.say("")
        self.display = False

    def move(self, step: int) -> None:
        """Move the cursor, from the last line on to the first."""
        if self.fragment and (self.found or self._other):
            self.place = max(self.place + step, 0) if self.place == NOBODY else self.place + step
            self.place %= len(self.found) + len(self._other)
            self._draw()

    @property
    def picked(self) -> T | None:
        """Return what the cursor is on; None where it is on none of them."""
        return self.found[self.place] if 0 <= self.place < len(self.found) else None

    def _draw(self) -> None:
        lines = [*map(self._told, self.found), *self._other]
        self.say("\n".join(f"{'>' if n == self.place else ' '} {line}" for n, line in enumerate(lines)))
        self.display = True
