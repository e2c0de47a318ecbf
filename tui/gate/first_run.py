"""The first run: four questions make a unit. The unit's name, yours, a passphrase, the recovery code."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Input, Static

from db.errors import BeechError
from db.rules import passphrases, vocabulary
from db.rules.text import one_line
from db.vault import founding
from tui.fields import Line
from tui.shown import Shown
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

_NAME_MOST = 100


class FirstRun(Subject):
    """Asks one thing at a time; Enter answers, Esc goes back one question."""

    NAME: ClassVar[str] = "init"
    HINTS: ClassVar[str] = "Enter goes on  Esc one question back  ^Q quit, nothing is made"
    BINDINGS: ClassVar = [("escape", "back")]

    def __init__(self) -> None:
        super().__init__()
        self._answers: list[str] = []
        self._offered = ""
        self._chosen = ""  # a passphrase of one's own, until it is typed once more
        self._code = ""
        self._groups: list[int] = []
        self._making = False

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        yield Static("", id="step", classes="title", markup=False)
        yield Shown(id="told")
        yield Horizontal(Static("> ", classes="slash", markup=False), Line(id="answer"), classes="line")

    def on_mount(self) -> None:
        """Ask the first question."""
        known = vocabulary.passphrase_words()
        picked = [secrets.randbelow(len(known)) for _ in range(passphrases.WORDS)]
        self._offered = passphrases.words_from(picked, known)
        self._ask()

    # what is asked

    def _ask(self) -> None:
        step, told = self._question()
        self.query_one("#step", Static).update(step)
        self.query_one("#told", Shown).say(told)
        line = self.query_one("#answer", Line)
        line.password = len(self._answers) == 2 and not self._code
        line.value = ""
        line.focus()

    def _question(self) -> tuple[str, str]:
        if self._code:
            group = self._groups[0] + 1
            return (
                f"4 of 4  Type group {group} of the recovery code",
                "It is shown this once. Write it down and lock it away: it opens the unit when a passphrase "
                f"is lost.\n\n    {self._code}\n",
            )
        if len(self._answers) == 0:
            return "1 of 4  What is the unit called?", f"This makes a unit in {self.desk.folder}.\n"
        if len(self._answers) == 1:
            return "2 of 4  Your name, as the others know it", "You are its first member.\n"
        if self._chosen:
            return "3 of 4  The passphrase once more", "\n"
        return (
            "3 of 4  Type this passphrase back, or one of your own with 14 characters or more",
            f"It guards the unit. Write it down and keep it away from this machine.\n\n    {self._offered}\n",
        )

    # what is answered

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take an answer."""
        typed = event.value
        self.say("")
        if self._making:
            return
        if self._code:
            self._take_group(typed)
        elif len(self._answers) < 2:
            self._take_name(typed)
        else:
            self._take_passphrase(typed)

    def _take_name(self, typed: str) -> None:
        name = one_line(typed).strip()
        if not 0 < len(name) <= _NAME_MOST:
            self.say(f"A name has from 1 to {_NAME_MOST} characters.", alarm=True)
            return
        self._answers.append(name)
        self._ask()

    def _take_passphrase(self, typed: str) -> None:
        if self._chosen:
            if typed != self._chosen:
                self._chosen = ""
                self._ask()
                self.say("The two differ.", alarm=True)
                return
        elif typed != self._offered:
            wrong = passphrases.fault(typed, tuple(self._answers))
            if wrong is not None:
                self.say(f"Not that one: {wrong}.", alarm=True)
            else:
                self._chosen = typed
                self._ask()
            return
        self._making = True
        self.say("Making the unit ...")
        self.run_worker(self._make(typed))

    async def _make(self, passphrase: str) -> None:
        unit, member = self._answers
        try:
            made = await self.desk.apart(
                lambda: founding.found(self.desk.folder, (unit, member), passphrase, clock=self.desk.clock)
            )
        except BeechError as error:
            self.say(str(error), alarm=True)
            return
        finally:
            self._making = False
        self._chosen = passphrase
        self._code = made.recovery_code
        self._groups = sorted(secrets.SystemRandom().sample(range(len(self._code.split("-"))), 2))
        self._ask()
        self.say(f"The unit {made.unit} is made.")

    def _take_group(self, typed: str) -> None:
        if typed.strip().upper() != self._code.split("-")[self._groups[0]]:
            self.say("That is another group: look again.", alarm=True)
            return
        self._groups.pop(0)
        if self._groups:
            self._ask()
            return
        self._making = True
        self.run_worker(self._enter())

    async def _enter(self) -> None:
        passphrase, self._chosen, self._code = self._chosen, "", ""
        try:
            await self.beech.unlock(passphrase, None)
        except BeechError as error:
            self.beech.show_only(
                self.beech.gate(f"The unit is made, and the code that you wrote down is its own. {error}")
            )

    def action_back(self) -> None:
        """Go back one question; once the unit is made there is no way back."""
        if self._code or self._making:
            return
        if self._chosen:
            self._chosen = ""
        elif self._answers:
            self._answers.pop()
        self._ask()
