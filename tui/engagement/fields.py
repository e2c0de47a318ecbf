"""The form's fields: a word before each, and after it what may be typed or what was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static, TextArea

from db.errors import BeechError
from db.rules import periods, shorthand, vocabulary
from db.rules.text import clean, one_line
from tui.engagement.sheet import PLAIN
from tui.fields import Entry
from tui.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.events import Paste
    from textual.widget import Widget

LONGEST = 4000
LEGENDS = {
    "how": " ".join(f"{n} {code.replace('_', ' ')}" for n, code in enumerate(shorthand.HOW, 1))
    + "; then s seen only, a attempted, d declined, n nil patrol",
    "concerns": " ".join(f"{letter} {code}" for letter, code in shorthand.BEHAVIOURS.items())
    + "; letters together are one event, a comma begins another; ! police or partner staff",
    "needs": "h housing (H offered, said no; h+ said yes) "
    + " ".join(f"{letter} {code}" for letter, code in list(shorthand.NEEDS.items())[1:]),
    "sharing": "pick 0-5",
    "wording": "y n",
    "when": "",
}
"""What may be typed, where a field is empty."""


class Field(Entry):
    """One line; Enter goes on to the next field, whatever is pasted becomes one line."""

    class Pasted(Message):
        """Several lines were pasted, and joined."""

    def __init__(self, name: str, value: str = "", placeholder: str = "", *, most: int = LONGEST) -> None:
        super().__init__(
            value,
            placeholder,
            id=f"field-{name}" if name in PLAIN else None,
            max_length=most,
            select_on_focus=name in _SELECTED,
        )
        self.said = name
        self.add_class("stop")

    def _on_paste(self, event: Paste) -> None:
        """Join what is pasted with "; ", and say so."""
        event.prevent_default()
        event.stop()
        lines = [one_line(line).strip() for line in clean(event.text).splitlines()]
        joined = "; ".join(line for line in lines if line)[:LONGEST]
        self.replace(joined, *self.selection)
        if len(lines) > 1:
            self.post_message(self.Pasted())


_SELECTED = frozenset({"when", "sector", "how", "sharing"})  # typing replaces what stands there


class Note(TextArea):
    """The note: Enter is a new line, Tab goes on."""

    def __init__(self) -> None:
        super().__init__(
            id="field-note",
            compact=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            soft_wrap=True,
            tab_behavior="focus",
        )
        self.said = "note"
        self.add_class("stop")


class Row(Horizontal):
    """A field with its word before it and its legend after it."""

    def __init__(self, word: str, field: Field | Note, *after: Widget, short: bool = False) -> None:
        super().__init__(classes="row")
        self.set_class(short, "-short")
        self._word = word
        self._field = field
        self._after = after

    def compose(self) -> ComposeResult:
        """Lay out word, field, and what follows."""
        yield Static(self._word, classes="word", markup=False)
        yield self._field
        yield from self._after


def legend(name: str) -> Shown:
    """Return what follows a short field."""
    return Shown(LEGENDS[name], id=f"legend-{name}", classes="legend")


def understood(name: str, text: str, now: datetime) -> str:
    """Return in words what is typed in a field; its legend where nothing is, the rule where it is wrong."""
    if not text.strip():
        return LEGENDS[name]
    try:
        return _at(text, now) if name == "when" else _SAID[name](text)
    except BeechError as error:
        return f"!! {error}"


def _at(text: str, now: datetime) -> str:
    return periods.instant(text, now).said


def _how(text: str) -> str:
    how = shorthand.read_how(text)
    said = [how.initiated_by] if how.initiated_by else []
    return ", ".join(
        one.replace("_", " ") for one in (*said, *([how.contact] if how.contact != "spoke" else []))
    )


def _needs(text: str) -> str:
    read = shorthand.read_needs(text)
    offered = [
        one.replace(":accepted", " (said yes)").replace(":declined", " (said no)") for one in read.offers
    ]
    return ", ".join([*read.needs, *offered]).replace("_", " ")


def _concerns(text: str) -> str:
    labels = vocabulary.codes("behaviour")
    return "; ".join(
        " and ".join(labels.get(one, one) for one in event) for event in shorthand.read_behaviours(text)
    )


def _sharing(text: str) -> str:
    found = vocabulary.codes("sharing_level").get(text.strip())
    return found if found is not None else "!! 0 to 5"


def _wording(text: str) -> str:
    return "read to her" if shorthand.read_wording(text) else "not read"


_SAID: dict[str, Callable[[str], str]] = {
    "how": _how,
    "needs": _needs,
    "concerns": _concerns,
    "sharing": _sharing,
    "wording": _wording,
}
