"""Today: the start screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from db import standing
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Today(Subject):
    """How the unit stands."""

    NAME: ClassVar[str] = "today"
    HINTS: ClassVar[str] = (
        "F1 help  F2 new contact  F3 find  F4 engagements  F5 watchlist  F6 tallies  ^L lock"
    )

    def body(self) -> Iterable[Widget]:
        """Return the sentences."""
        yield Static("...", id="list", markup=False)

    def on_mount(self) -> None:
        """Fill it."""
        self.run_worker(self._fill())

    async def _fill(self) -> None:
        stands = await self.ask(standing.of)
        if stands is not None:
            lines = [f"{stands['unit']}, {stands['member']}"]
            lines += [f"{number} {name}" for name, number in stands["counts"].items()]
            self.query_one("#list", Static).update("\n".join(lines))
