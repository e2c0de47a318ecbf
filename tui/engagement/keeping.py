"""What is typed of a contact, kept as a draft at every pause, sealed to its writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import BeechError, Busy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.timer import Timer

    from db.drafts import Draft
    from tui.engagement.whom import Naming

PAUSE = 0.6  # seconds without a key


class Keeper:
    """Keeps what is typed on one screen; *then* is told of each draft that is safe."""

    def __init__(self, form: Naming, then: Callable[[Draft], Awaitable[None]] | None = None) -> None:
        self._form = form
        self._then = then
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
        if self._then is not None:
            await self._then(kept)

    async def drop(self) -> None:
        """Take the draft out: it was saved, or nothing is left of it."""
        self.rest()
        try:
            await self._form.beech.drafts.drop(self._form.draft)
        except BeechError as error:
            self._form.tell(error)
