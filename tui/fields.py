"""One line to type in: several pasted lines are joined, never cut off without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from db.rules.text import clean

if TYPE_CHECKING:
    from textual.events import Paste

JOINED = "; "
MOST = 2000


class Entry(Input):
    """An input of a width that its text does not change: textual would lay the screen out at each key."""

    virtual_size = Reactive(Size(0, 0), layout=False)


class Line(Entry):
    """An input of one line. What is typed before the first paint ends in a line feed, and counts as Enter."""

    BINDINGS: ClassVar = [("ctrl+j", "submit")]

    def __init__(
        self, value: str = "", *, id: str | None = None, placeholder: str = "", password: bool = False
    ) -> None:
        super().__init__(
            value, id=id, placeholder=placeholder, password=password, max_length=MOST, select_on_focus=False
        )
        self.cursor_blink = False  # each blink would cost bytes on a slow line, for ever

    @property
    def _value(self) -> Text:
        """Return what is drawn: in ASCII a passphrase is stars, where textual has dots that ASCII lacks."""
        drawn = super()._value
        if self.password and self.app.has_class("-ascii"):
            return Text("*" * len(drawn), no_wrap=True, overflow="ignore", end="")
        return drawn

    def _on_paste(self, event: Paste) -> None:
        """Put in what was pasted; textual would keep the first line and lose the others."""
        event.stop()
        event.prevent_default()
        parts = [part.strip() for part in clean(event.text).split("\n") if part.strip()]
        text = JOINED.join(parts).replace("\t", " ")
        room = MOST - len(self.value) + len(self.selected_text)
        if len(text) > room:
            self.app.notify(
                f"Only the first {room} characters were taken: a line has {MOST}.", severity="warning"
            )
            text = text[:room]
        elif len(parts) > 1:
            self.app.notify(f"{len(parts)} lines were pasted; they stand in one line, joined with ';'.")
        selection = self.selection
        if selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *selection)
