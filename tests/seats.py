"""A seat at the screens, for the tests: keys pressed at one end, what the screen shows at the other."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.widgets import Input

from db.errors import Locked
from db.vault import opening
from db.vault.keys import Opened
from db.vault.store import Face, Store
from tests.conftest import PASSPHRASE, Clock, Unit
from tui.app import LOOKS, Beech, Looks
from tui.desk import Desk
from tui.lines import Listing

STILL, REDRAWN = 24, 8  # turns of the loop in which nothing moved, and between two drawings


class Seat:
    """Somebody at the keys of the screens of one unit; the passphrase is stretched once for all tests."""

    def __init__(self, unit: Unit, clock: Clock, looks: Looks = LOOKS, *, really: bool = False) -> None:
        self.unit, self.clock = unit, clock
        self.seconds = 0.0  # of the clock that goes on while the machine sleeps
        opener = opening.with_passphrase if really else self._open
        self.desk = Desk(unit.folder, opener=opener, clock=clock)
        self.app = Beech(self.desk, looks, boottime=lambda: self.seconds)
        self.pilot: Pilot[int] | None = None

    def _open(self, folder: Path, passphrase: str, member: str | None, face: Face) -> tuple[Store, Opened]:
        if passphrase != PASSPHRASE or member not in (None, "", self.unit.member):
            raise Locked("that passphrase does not open this unit: check the member name, and try again")
        return opening.with_opened(folder, self.unit.opened, face), self.unit.opened

    def run(self, play: Callable[["Seat"], Awaitable[None]], size: tuple[int, int] = (80, 24)) -> None:
        """Start the screens, let *play* happen, end them."""

        async def whole() -> None:
            async with self.app.run_test(size=size, notifications=True) as pilot:
                self.pilot = pilot
                await self.rest()
                await play(self)
                await self.rest()

        asyncio.run(whole())

    async def rest(self) -> None:
        """Wait until nothing is under way: every message handled, every screen drawn, no thread at work."""
        still = 0
        while still < STILL:
            if still % REDRAWN == 0:
                self.app.screen._on_timer_update()
            if self._waits():
                await asyncio.sleep(0.002)
                still = 0
                continue
            await asyncio.sleep(0)
            still = 0 if self._has_messages() else still + 1

    def _waits(self) -> bool:
        return bool(self.desk.under_way) or isinstance(self.app.screen, Listing) and self.app.screen.moving

    def _has_messages(self) -> bool:
        pumps = (self.app, *self.app._registry)
        return any(pump.is_running and not pump._message_queue.empty() for pump in pumps)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, each once what the one before it did is done."""
        for key in keys:
            self.send(key)
            await self.rest()

    async def burst(self, *keys: str) -> None:
        """Press keys that come all at once, as over a slow line or from who types ahead."""
        for key in keys:
            self.send(key)
        await self.rest()

    def send(self, key: str) -> None:
        """Press a key, and wait for nothing."""
        driver = self.app._driver
        assert driver is not None
        name = _character_to_key(key) if len(key) == 1 else key
        event = events.Key(name, key if len(key) == 1 else key_to_character(key))
        event.set_sender(self.app)
        driver.send_message(event)

    async def type(self, text: str) -> None:
        """Type a text as it stands."""
        await self.press(*text)

    async def answer(self, text: str) -> None:
        """Put a text into the field that has the focus, and press Enter."""
        field = self.app.focused
        assert isinstance(field, Input)
        field.value = text
        await self.press("enter")

    async def unlock(self) -> None:
        """Give the passphrase, faster than by its keys."""
        self.app.screen.query_one("#passphrase", Input).value = PASSPHRASE
        await self.press("enter")

    @property
    def shown(self) -> str:
        """What stands on the screen, as plain text."""
        return plain_text(self.app)


def plain_text(app: App[Any]) -> str:
    """What an app shows, as plain text: line by line, without the blanks at the ends."""
    screen = app.screen
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
