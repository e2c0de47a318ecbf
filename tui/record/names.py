"""A woman's sealed identity: opened by the passphrase typed there and then, and with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from db import people
from db.errors import BeechError
from db.records import Why
from tui import rows
from tui.asking import Passphrase, Reason
from tui.lines import Told, said
from tui.subject import Over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.records import Record
    from tui.subject import Subject


async def reveal(screen: Subject, ref: str) -> None:
    """Ask why, then for the passphrase, then show the name until Esc."""
    reason = await screen.app.push_screen_wait(Reason(f"Why is the name of {ref} needed?"))
    if reason is None:
        return
    typed = await screen.app.push_screen_wait(Passphrase(f"Your passphrase opens the name of {ref}."))
    if typed is None:
        return
    screen.say("Opening ...")
    try:
        found = await screen.desk.with_passphrase(typed, people.reveal, ref, Why(reason))
    except BeechError as error:  # a wrong passphrase here is no reason to lock
        screen.say(str(error), alarm=True)
        return
    screen.say("")
    screen.app.push_screen(Name(found))


class Name(Over):
    """Her name, telephones, how she is reached safely. It is on the screen alone, and gone with Esc."""

    NAME: ClassVar[str] = "reveal"
    ABOUT: ClassVar[str] = "A sealed identity. Each opening is in the journal, with its reason."
    TWIN: ClassVar[str] = "beech people reveal"
    HINTS: ClassVar[str] = "Esc puts it away"

    def __init__(self, found: Record) -> None:
        super().__init__()
        self._found = found

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Show them."""
        told = self.query_one(Told)
        told.focus()
        told.tell(
            said(f"{name.replace('_', ' '):<22}{rows.said(value)}", strong=name == "ref")
            for name, value in self._found.items()
            if value
        )
