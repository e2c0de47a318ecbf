"""Find: search as you type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input, Static

from db import finding
from tui.desk import SEARCH
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Find(Subject):
    """A search over what was written."""

    NAME: ClassVar[str] = "find"
    BINDINGS = [("escape", "app.go('today')", "Back")]

    def body(self) -> Iterable[Widget]:
        """Return the question and the answers."""
        yield Input(id="asked", placeholder="words")
        yield Static("", id="list", markup=False)

    def on_mount(self) -> None:
        """Put the cursor into the question."""
        self.query_one("#asked", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search."""
        self.run_worker(self._search(event.value), exclusive=True)

    async def _search(self, text: str) -> None:
        found = await self.ask_in(SEARCH, finding.find, text)
        if found is not None:
            lines = [f"{one['ref']}  {one['field']}  {one['excerpt']}" for one in found]
            self.query_one("#list", Static).update("\n".join(lines) or "Nothing.")
