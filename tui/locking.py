"""Locked and unlocked: drafts kept, keys forgotten, screens taken away, the terminal given back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from textual.events import InputEvent

from db.errors import BeechError, NotFound
from db.vault import files, keys, opening, session
from tui import idle
from tui.drafts import Drafts
from tui.engagement.shift import Shift
from tui.gate.lock import Lock, Tries
from tui.queue import Queue
from tui.remembered import Remembered
from tui.safety import Guarded
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.events import Event
    from textual.screen import Screen

    from db.drafts import Draft
    from db.vault.keys import Opened
    from db.vault.store import Store
    from tui.desk import Desk


ENDING = "ending"  # the group of the workers that end a shift, and outlive the lock


class Locking(Guarded):
    """An app over one desk that stands at the lock until a passphrase is given, and goes back there."""

    def __init__(self, desk: Desk, boottime: Callable[[], float], *, ansi_color: bool | None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.desk = desk
        self.boottime = boottime
        self.idle = idle.Idle(boottime)
        self.queue = Queue(self)
        self.tries = Tries()
        self._called_off = False  # ^L was pressed while the unit was being opened
        self.remembered = Remembered(desk.folder, desk.now())
        self.drafts = Drafts(desk, self.remembered)
        self.saved: Callable[[Store], str] | None = None  # takes back what was saved last, for F9
        self.shift = Shift()
        self.members: tuple[str, ...] = ()
        self.last_member = ""

    def on_mount(self) -> None:
        """Show the lock, watch the clock, and listen for the terminal's end."""
        self.set_interval(1.0, self.look_at_clock)
        self._listen()
        self.push_screen(self.gate())
        self.call_after_refresh(self._warm)

    def _warm(self) -> None:
        """Load what an unlock needs while the passphrase is being typed; the lock is painted without it."""
        threading.Thread(target=import_module, args=("tui.warm",), daemon=True).start()

    def on_unmount(self) -> None:
        """Lock, however the app has come to its end."""
        self.shut()

    def show_only(self, screen: Screen[object]) -> None:
        """Take every screen away and show this one."""
        with self.batch_update():
            while len(self.screen_stack) > 1:
                self.pop_screen()
            self.push_screen(screen)

    def welcome(self) -> None:
        """Show what comes after the lock; the app above says what."""
        raise NotImplementedError

    def gate(self, why: str = "") -> Screen[object]:
        """Return the lock, which says *why*; where there is no unit yet, the questions that make one."""
        if opening.stands(self.desk.folder):
            try:
                self._read_members()
            except BeechError as error:
                return Lock(str(error))
            return Lock(why)
        from tui.gate.first_run import FirstRun

        return FirstRun()

    def _read_members(self) -> None:
        """Learn from members.json whom the lock may ask for; it is in clear, and says no more than names."""
        slots = [
            slot for slot in keys.load(self.desk.folder / opening.MEMBERS).slots if slot.kind == "member"
        ]
        last = files.last_member(self.desk.folder)
        self.members = tuple(slot.name for slot in slots)
        self.last_member = self.desk.wanted or next((s.name for s in slots if s.member == last), "")

    async def unlock(self, passphrase: str, member: str | None) -> None:
        """Open the unit, give back the drafts, show Today; where ^L came meanwhile, lock it again.

        Raises:
            Locked: the passphrase is wrong.
        """
        from db import drafts, settings, shifts, standing

        def first(store: Store, opened: Opened) -> tuple[list[str], list[Draft], int]:
            with store.counts() as reader:
                minutes = settings.get(reader, "idle_lock_minutes")
            done = [*standing.settle(store, opened), *shifts.begins(store)]
            return done, drafts.give_back(store, opened), minutes

        self._called_off = False
        done, kept, self.idle.minutes = await self.desk.unlock(passphrase, member, first)
        self.tries.right()
        self.idle.touch()
        self.drafts.give_back(kept)
        if self._called_off:
            self.lock("Locked again: ^L was pressed while it was opened.")
            return
        self.welcome()
        for sentence in done:
            self.notify(sentence)

    def lock(self, why: str = "") -> None:
        """Keep what was typed, forget the keys, take every screen away, and stand at the lock."""
        if self.desk.unlocked:
            self.shut()
            self.show_only(Lock(why))

    def shut(self) -> None:
        """Keep what was typed, close the file, forget the keys; the screens are the caller's to take away."""
        if self.desk.unlocked:
            unsaved = self._collect()
            self.desk.lock(partial(_keep_all, unsaved, self.drafts.gone))
            self._forget(unsaved)

    async def end_shift(self) -> None:
        """Lock as one does who leaves; the unit's own work at a shift's end goes on behind the lock."""
        if not self.desk.unlocked:
            self._called_off = True
            return
        unsaved = self._collect()
        ending = self.desk.end_shift(partial(_keep_all, unsaved, self.drafts.gone))
        self._forget(unsaved)
        self.show_only(Lock())
        if ending is not None:
            for sentence in await self.desk.counted(asyncio.wrap_future(ending)):
                self.notify(sentence)

    def _collect(self) -> list[Draft]:
        for worker in self.workers:
            if worker.group != ENDING:
                worker.cancel()
        return [draft for screen in self.screen_stack if (draft := unsaved_in(screen)) is not None]

    def _forget(self, unsaved: list[Draft]) -> None:
        self._end_session()
        self.drafts.forget(unsaved)
        self.shift = Shift()
        self.saved = None
        self._clipboard = ""
        self.clear_notifications()

    def _end_session(self) -> None:
        """End the session in the keyring as well, where the command line has begun one."""
        try:
            session.end(opening.unit_of(self.desk.folder), self.desk.folder)
        except (BeechError, OSError):  # a unit that cannot be read has no session that would open it
            return

    def look_at_clock(self) -> None:
        """Lock when nobody was at the keys for a while; half a minute before, say so. Match what waits.

        A terminal can go away without a word, where beech has no part in its session: then it ends here.
        """
        if self._terminal_is_gone():
            self.hang_up(int(signal.SIGHUP))
        elif not self.desk.unlocked:
            return
        elif self.idle.left() <= 0:
            self.lock(f"Nobody was at the keys for {self.idle.minutes} minutes.")
        elif self.idle.warns():
            self.bell()
            self.notify("Locks in half a minute: press any key to go on.", severity="warning")
        else:
            self.queue.look()

    async def on_event(self, event: Event) -> None:
        """Note that somebody is there."""
        if isinstance(event, InputEvent) and not event.is_forwarded:
            self.idle.touch()
        await super().on_event(event)

    def _listen(self) -> None:
        """Lock and end when the terminal goes away, or the system says so."""
        if self.is_headless or sys.platform == "win32":
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.hang_up, int(number))
        # what starts a program may have blocked them, and the block is inherited
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, signal.SIGHUP))

    def _terminal_is_gone(self) -> bool:
        if self.is_headless or sys.platform == "win32" or sys.__stdin__ is None:
            return False
        return not sys.__stdin__.isatty()

    def hang_up(self, number: int) -> None:
        """Lock, give the terminal back, end; at the latest after two seconds, terminal or no."""
        self.shut()
        asyncio.get_running_loop().call_later(2.0, os._exit, 128 + number)
        self.exit(return_code=128 + number)


def unsaved_in(screen: Screen[object]) -> Draft | None:
    """Return what is typed in a screen and not saved."""
    return screen.unsaved() if isinstance(screen, Subject) else None


def _keep_all(unsaved: Iterable[Draft], gone: set[str], store: Store) -> None:
    from db import drafts

    for draft in unsaved:
        if draft.id not in gone:  # saved at this very moment
            with suppress(NotFound):  # whom it is about was erased meanwhile: the others are kept
                drafts.keep(store, draft)
