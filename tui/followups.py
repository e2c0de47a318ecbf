"""Followups: the newest of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from db import records
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = ("ref", "due_on", "what", "owner")


class Followups(Subject):
    """A plain list."""

    NAME: ClassVar[str] = "followups"
    BINDINGS = [("escape", "app.go('today')", "Back")]

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        yield Static("...", id="list", markup=False)

    def on_mount(self) -> None:
        """Fill it."""
        self.run_worker(self._fill())

    async def _fill(self) -> None:
        found = await self.ask(records.listing, "followup", limit=200)
        if found is not None:
            lines = ["  ".join(str(one[name] or "") for name in COLUMNS) for one in found]
            self.query_one("#list", Static).update(
                "\n".join(lines) or "Nothing yet. F2 logs the first contact."
            )
