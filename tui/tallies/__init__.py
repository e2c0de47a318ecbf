"""Tallies: what the unit counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from db import tallies
from db.rules import periods
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Tallies(Subject):
    """The measures of this month."""

    NAME: ClassVar[str] = "tallies"
    BINDINGS = [("escape", "app.go('today')", "Back")]

    def body(self) -> Iterable[Widget]:
        """Return the measures."""
        yield Static("...", id="list", markup=False)

    def on_mount(self) -> None:
        """Count."""
        self.run_worker(self._count())

    async def _count(self) -> None:
        counted = await self.ask(
            tallies.summary, periods.month(periods.local_day(self.desk.now()).isoformat()[:7])
        )
        if counted is not None:
            lines = [f"{one['label']}: {one['value']}" for one in counted["measures"]]
            self.query_one("#list", Static).update("\n".join(lines))
