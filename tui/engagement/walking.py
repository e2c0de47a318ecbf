"""The walk through a form: Enter and Tab go on, arrows move, and no key overtakes those typed before it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widgets import Button

from tui.engagement.fields import Note
from tui.engagement.matches import Matches
from tui.engagement.person import Offers
from tui.engagement.whom import Naming, Whom

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from textual.message_pump import MessagePump

_DRAIN_SECONDS = 2.0  # that a key which moves on waits for the keys before it
_SAVE_SECONDS = 1.0  # that keys wait for a save
_STEP_SECONDS = 0.05


class Walking(Naming):
    """A screen of fields."""

    BINDINGS: ClassVar = [
        Binding("enter", "enter", "Next", show=False, priority=True),
        Binding("tab", "go(1)", "Next", show=False, priority=True),
        Binding("shift+tab", "go(-1)", "Back", show=False, priority=True),
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
        Binding("escape", "close", "Close", show=False),
        Binding("up", "arrow(-1)", show=False),
        Binding("down", "arrow(1)", show=False),
    ]
    whom: Whom

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Enter to the note, the button and the panel."""
        return action != "enter" or not isinstance(self.focused, Note | Button | Matches)

    async def action_enter(self) -> None:
        """Go to the next field."""
        await self.action_go(1)

    async def action_go(self, step: int) -> None:
        """Go to the next field, or the one before, once what was typed so far has arrived."""
        await self.arrived()
        if not self.is_in("person") or await self.whom.leave():
            self._step(step)

    def _step(self, step: int) -> None:
        if step > 0:
            self.focus_next(".stop")
        else:
            self.focus_previous(".stop")

    async def arrived(self) -> None:
        """Wait until the keys before this one have arrived: over a slow line they come in one burst."""
        node: MessagePump | None = self.focused
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while node is not None and node is not self.app:
                    done = asyncio.Event()
                    node.call_later(done.set)
                    await done.wait()
                    node = node._parent

    async def for_a_moment(self, work: Coroutine[None, None, None]) -> None:
        """Do the app's work, and let the keys that follow wait for it: they belong to what comes next.

        Not for long, since nothing freezes; and not beneath a question that the work has asked.
        """
        done = asyncio.Event()

        async def whole() -> None:
            try:
                await work
            finally:
                done.set()

        self.beech.run_worker(whole())
        until = asyncio.get_running_loop().time() + _SAVE_SECONDS
        while not done.is_set() and self.is_current and asyncio.get_running_loop().time() < until:
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), _STEP_SECONDS)

    def action_arrow(self, step: int) -> None:
        """Move in the offers, or from field to field."""
        offers = self.query_one(Offers)
        if offers.display and offers.fragment:
            offers.move(step)
        else:
            self._step(step)
