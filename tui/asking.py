"""What a screen asks before it does something: yes or no, why, a passphrase. Each is asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from db.rules import vocabulary
from tui.fields import Line
from tui.leaving import Leaving

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.events import Key
    from textual.widget import Widget

T = TypeVar("T")


class Asking(Leaving, ModalScreen[T | None], Generic[T]):
    """A question over the screen; Esc takes it back and nothing is done. A longer one scrolls."""

    SCROLLS: ClassVar[str] = "#box"
    BINDINGS: ClassVar = [
        ("escape", "leave"),
        ("down", "turn(1)"),
        ("up", "turn(-1)"),
        ("pagedown", "turn(5)"),
        ("pageup", "turn(-5)"),
    ]

    def compose(self) -> ComposeResult:
        """Lay it out as a box."""
        yield Vertical(*self.body(), id="box")

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        return ()

    def action_turn(self, by: int) -> None:
        """Show what is further down, or up."""
        self.query_one(self.SCROLLS).scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Take it back."""
        self.dismiss(None)


class Sure(Asking[bool]):
    """Yes or no: ``y`` does it, ``n`` and Esc do not."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        yield Static(self._question, markup=False)
        yield Static("y yes   n no", classes="keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Answer."""
        if event.key in ("y", "n"):
            event.stop()
            self.dismiss(event.key == "y" or None)


class Reason(Asking[str]):
    """Why something is done: a code of the list of reasons, by its number."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._codes = list(vocabulary.codes("reason"))

    def body(self) -> Iterable[Widget]:
        """Return the question with its answers."""
        yield Static(self._what, markup=False)
        for number, code in enumerate(self._codes, 1):
            yield Static(f"{number} {code.replace('_', ' ')}", classes="line", markup=False)
        yield Static("a number answers, Esc leaves", classes="keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Answer."""
        if event.key.isdigit() and 0 < int(event.key) <= len(self._codes):
            event.stop()
            self.dismiss(self._codes[int(event.key) - 1])


class Given(NamedTuple):
    """A passphrase as it was typed, and why it is asked for."""

    passphrase: str
    reason: str


class Passphrase(Asking[str]):
    """The member's passphrase, for what needs the seed."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        yield Static(self._what, markup=False)
        yield Line(id="passphrase", password=True)
        yield Static("Enter goes on, Esc leaves", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Put the cursor there."""
        self.query_one(Line).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        typed, event.input.value = event.value, ""
        self.dismiss(typed or None)
