"""What is typed, and what stands there now, side by side: where a record was changed while it was amended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tui import beside
from tui.lines import Told
from tui.subject import Over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

Record = dict[str, Any]


class Both(Over):
    """What is typed, and what stands there now, side by side."""

    NAME: ClassVar[str] = "both"
    HINTS: ClassVar[str] = "Esc back to what you typed: ^S there saves it over what is shown here"

    def __init__(self, kind: str, mine: Record, theirs: Record, sentence: str) -> None:
        super().__init__()
        self._kind, self._mine, self._theirs, self._sentence = kind, mine, theirs, sentence

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Show them."""
        told = self.query_one(Told)
        told.focus()
        heads = ("as you typed it", "as it is now")
        told.tell(beside.lines(self._kind, self._mine, self._theirs, self.app.size.width - 3, heads=heads))
        self.say(self._sentence, alarm=True)
