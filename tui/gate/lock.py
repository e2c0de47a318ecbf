"""The lock: the first screen always. It says nothing of the unit, and no variable opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Input, Static

from db.errors import BeechError, Locked
from tui import early
from tui.fields import Line
from tui.keys import LOCKED
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from tui.app import Beech
    from tui.keys import Key

_LONGEST_WAIT = 60.0


class Tries:
    """Wrong passphrases slow the next one down: 1, 2, 4 ... 60 seconds. It guards an unattended desk only."""

    def __init__(self) -> None:
        self._wrong = 0
        self._again_at = 0.0

    def wrong(self, now: float) -> None:
        """Count one more."""
        self._wrong += 1
        self._again_at = now + min(_LONGEST_WAIT, 2.0 ** (self._wrong - 1))

    def right(self) -> None:
        """Begin anew."""
        self._wrong = 0
        self._again_at = 0.0

    def left(self, now: float) -> int:
        """Return the whole seconds until the next try, nought where none have to pass."""
        return max(0, -int(-(self._again_at - now) // 1))


class Lock(Subject):
    """Asks for the passphrase, and for the member where there are several."""

    NAME: ClassVar[str] = "lock"
    ABOUT: ClassVar[str] = "Locked: the passphrase opens it. Whatever was typed and not saved is kept."
    KEYS: ClassVar = LOCKED
    HINTS: ClassVar[str] = early.HINTS
    AUTO_FOCUS = "#passphrase"  # found only where the screen stands: who quits may be gone before it does

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self._why = why
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """Return the questions."""
        yield Static("Locked", classes="title", markup=False)
        if len(self.beech.members) > 1:
            yield Horizontal(
                Static("Member", classes="label", markup=False),
                Line(self.beech.last_member, id="member"),
                classes="line",
            )
        yield Horizontal(
            Static("Passphrase", classes="label", markup=False),
            Line(password=True, id="passphrase"),
            classes="line",
        )
        kept = self.beech.drafts.count
        yield Static(f"{kept} draft{'s' * (kept != 1)} kept" if kept else "", id="kept", markup=False)

    def keys_everywhere(self) -> tuple[Key, ...]:
        """Return none: nothing else answers before it is open."""
        return ()

    def on_mount(self) -> None:
        """Say why it is locked."""
        if self._why:
            self.say(self._why)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try the passphrase, unless wrong ones have to be waited out."""
        if event.input.id == "member":
            self.query_one("#passphrase", Input).focus()
            return
        typed = event.value
        event.input.value = ""
        left = self.beech.tries.left(self.beech.boottime())
        if left:
            self.say(f"Wait {left} s, then type it again.", alarm=True)
        elif typed and not self._busy:
            self._busy = True
            self.say("Opening ...")
            member = self.query("#member")
            name = member.first(Input).value.strip() if member else ""
            self.run_worker(self._unlock(typed, name or None), exit_on_error=True)

    async def _unlock(self, passphrase: str, member: str | None) -> None:
        beech: Beech = self.beech
        try:
            await beech.unlock(passphrase, member)
        except Locked as error:
            beech.tries.wrong(beech.boottime())
            self.say(f"{error}. Next try in {beech.tries.left(beech.boottime())} s.", alarm=True)
        except BeechError as error:
            self.say(str(error), alarm=True)
        finally:
            self._busy = False
