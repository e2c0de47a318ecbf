"""What leads on from a record: amend it, move it from the wrong woman to the right one, text to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from db import engagements, pasting, records
from db.records import Why
from tui.asking import Asking, Reason, Sure
from tui.fields import Line
from tui.record.amending import KIND, Amend

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Key, Resize
    from textual.widget import Widget

    from tui.record.view import RecordView

_FORMS = {"l": "log", "i": "intel", "c": "crime"}


class Named(Asking[str]):
    """A woman, by name or reference."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        yield Static(self._question, markup=False)
        yield Line(id="named")
        yield Static("Enter goes on, Esc leaves", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Put the cursor there."""
        self.query_one(Line).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.value.strip() or None)


class As(Asking[str]):
    """As what a record leaves as text: for the log, intelligence or crime system."""

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        yield Static(f"{self._ref} as text to paste: a disclosure, and journalled. As what?", markup=False)
        yield Static("l log   i intelligence   c crime   Esc leaves", classes="keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Answer."""
        if event.key in _FORMS:
            event.stop()
            self.dismiss(_FORMS[event.key])


class Paste(Asking[bool]):
    """The text, to select in the terminal; y puts it into the desk's clipboard.

    What is longer than the window scrolls, the keys stay in view.
    """

    SCROLLS: ClassVar[str] = "#pasted"
    BINDINGS: ClassVar = [("y", "copy")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def body(self) -> Iterable[Widget]:
        """Return the text and the keys."""
        yield VerticalScroll(Static(self._text, markup=False), id="pasted", can_focus=False)
        yield Static("y clipboard   Up Down   Esc leaves", classes="keys", markup=False)

    def on_resize(self, event: Resize) -> None:
        """Leave room for the keys."""
        self.query_one("#pasted").styles.max_height = max(event.size.height - 4, 3)

    def action_copy(self) -> None:
        """Answer."""
        self.dismiss(True)


async def amend(view: RecordView) -> None:
    """Open a record's fields to be typed over; a draft of that is given back."""
    kind, ref = view.whole.kind, view.ref
    kept = (one for one in view.beech.drafts.listing() if one.kind == KIND and one.fields["ref"] == ref)
    seen = await view.ask(records.heads, kind, ref)
    await view.reload()
    if seen is None:
        return
    said = await view.app.push_screen_wait(Amend(view.whole, seen, next(kept, None)))
    if said is not None:
        await view.reload()
        view.say(said)


async def move(view: RecordView) -> None:
    """Move a contact from the wrong woman to the right one, with all that hangs on it."""
    women = list(view.whole.record["people"])
    if not women:
        view.say(f"{view.ref} names no woman: e amends it.")
        return
    wrong = women[0] if len(women) == 1 else await _which(view, f"Which woman is wrong on {view.ref}?")
    right = await _which(view, f"{view.ref} is on {wrong}. Which woman is right?") if wrong else None
    if wrong is None or right is None:
        return
    if not await view.app.push_screen_wait(
        Sure(f"Move {view.ref} from {wrong} to {right}, with all that hangs on it?")
    ):
        return
    reason = await view.app.push_screen_wait(Reason(f"Why is {view.ref} moved?"))
    moved = await view.ask(engagements.reassign, view.ref, wrong, right, Why(reason)) if reason else None
    if moved is not None:
        await view.reload()
        left = f" Left with {wrong}: {', '.join(moved.left)}." if moved.left else ""
        along = f" with {', '.join(moved.moved)}" if moved.moved else ""
        view.say(f"{view.ref} is now on {right}{along}.{left} u takes it back.")


async def _which(view: RecordView, question: str) -> str | None:
    """Ask for one woman; returns her reference."""
    typed = await view.app.push_screen_wait(Named(question))
    found = await view.ask(engagements.who, typed) if typed else None
    if not found:
        return None
    if len(found) > 1:
        several = ", ".join(f"{one.ref} {one.pseudonym}" for one in found[:5])
        view.say(f"Several are called so: {several}. Type more, or the reference.", alarm=True)
        return None
    return str(found[0].ref)


async def paste(view: RecordView) -> None:
    """Show a record as text for the force's systems; it goes to the clipboard only where that is said."""
    form = await view.app.push_screen_wait(As(view.ref))
    if form is None:
        return
    text = await view.ask(pasting.text, view.whole.kind, view.ref, pasting.Going(form), view.why)
    if text is None:
        return
    if await view.app.push_screen_wait(Paste(text)):
        view.beech.hand_to_clipboard(text)
        view.say("The text is in the desk's clipboard. Paste it, then clear the clipboard.")
