"""The form's draft: kept at every pause, sealed to its writer; the title says when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import BeechError, Busy
from db.rules import periods
from tui.shown import Shown

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.engagement.form import NewEngagement

PAUSE = 0.6  # seconds without a key


class Keeper:
    """Keeps what is typed in one form."""

    def __init__(self, form: NewEngagement) -> None:
        self._form = form
        self._timer: Timer | None = None

    def touch(self) -> None:
        """Keep the draft once no key has come for a moment."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._form.set_timer(PAUSE, self.keep)

    def rest(self) -> None:
        """Keep nothing more of what was typed so far."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def keep(self) -> None:
        """Keep it now."""
        self.rest()
        form = self._form
        draft = form.unsaved()
        if draft is None or not form.desk.unlocked:
            return
        try:
            kept = await form.beech.drafts.keep(draft)
        except Busy:
            self.touch()  # in memory until the other program lets go of the file
            return
        except BeechError as error:
            form.say(f"The draft is in memory only: {error}", alarm=True)
            return
        form.kept_at = kept.at
        self.draw()
        await form.stops.draw()

    async def drop(self) -> None:
        """Take the draft out: it was saved, or nothing is left of it."""
        self.rest()
        try:
            await self._form.beech.drafts.drop(self._form.draft)
        except BeechError as error:
            self._form.tell(error)

    def draw(self) -> None:
        """Say in the title when the draft was kept."""
        form = self._form
        if not form.is_mounted:
            return
        said = f" draft kept {periods.to_local(form.kept_at):%H:%M:%S} " if form.kept_at else ""
        rule = "-" if form.beech.looks.ascii else "\u2500"
        head = f"{rule} New engagement "
        room = max(0, form.size.width - len(head) - len(said) - 1)
        form.query_one("#form-title", Shown).say(f"{head}{rule * room}{said}{rule}")
