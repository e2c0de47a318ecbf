"""The app: the lock first, then one subject at a time, with forms and records over it. It decides nothing."""

from __future__ import annotations

import signal
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding

from db import drafts, settings, standing
from db.errors import BeechError
from db.vault import files, keys
from db.vault.opening import MEMBERS
from tui import idle, themes
from tui.drafts import Drafts
from tui.gate.lock import Lock, Tries
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


class Place(NamedTuple):
    """A subject's screen: its key, what the bar calls it, where it is written."""

    key: str
    said: str
    module: str
    name: str


SUBJECTS = {
    "today": Place("", "Today", "tui.today", "Today"),
    "engagements": Place("F4", "Engagements", "tui.engagements", "Engagements"),
    "watchlist": Place("F5", "Watchlist", "tui.watchlist", "Watchlist"),
    "find": Place("F3", "Find", "tui.find", "Find"),
    "tallies": Place("F6", "Tallies", "tui.tallies", "Tallies"),
    "people": Place("", "People", "tui.people", "People"),
    "followups": Place("", "Follow-ups", "tui.followups", "Followups"),
}
_IN_BAR = ("today", "engagements", "watchlist", "find", "tallies")


class Looks(NamedTuple):
    """How the terminal is drawn on: in ASCII alone, in the terminal's own colours."""

    ascii: bool = False
    plain: bool = False


LOOKS = Looks()


class Beech(Guarded):
    """The screens of one unit at one desk."""

    CSS_PATH = "app.tcss"
    TITLE = "beech"
    NOTIFICATION_TIMEOUT = 8
    BINDINGS: ClassVar = [
        Binding("f1", "help", show=False),
        Binding("f2", "form", show=False),
        Binding("f3", "go('find')", show=False),
        Binding("f4", "go('engagements')", show=False),
        Binding("f5", "go('watchlist')", show=False),
        Binding("f6", "go('tallies')", show=False),
        Binding("f9", "undo", show=False),
        Binding("ctrl+l", "lock", show=False, priority=True),
        Binding("ctrl+q", "quit", show=False, priority=True),
    ]

    def __init__(
        self,
        desk: Desk,
        looks: Looks = LOOKS,
        boottime: Callable[[], float] = idle.boottime,
    ) -> None:
        super().__init__(ansi_color=True if looks.plain else None)
        self.desk = desk
        self.looks = looks
        self.boottime = boottime
        self.idle = idle.Idle(boottime)
        self.tries = Tries()
        self.drafts = Drafts(desk)
        self.saved: tuple[str, str] | None = None  # kind and reference of what was saved last, for F9
        self.members: tuple[str, ...] = ()
        self.last_member = ""
        desk.waiting = self._say_busy
        for theme in (themes.DARK, themes.LIGHT):
            self.register_theme(theme)
        self.theme = themes.DARK.name
        self.set_class(looks.ascii, "-ascii")

    def on_mount(self) -> None:
        """Show the lock, watch the clock, and listen for the terminal's end."""
        self.set_interval(1.0, self.look_at_clock)
        self._listen()
        self._read_members()
        self.push_screen(self.first_screen())

    def first_screen(self) -> Screen[object]:
        """Return the lock."""
        return Lock()

    def _read_members(self) -> None:
        """Learn from members.json whom the lock may ask for; it is in clear, and says no more than names."""
        slots = [slot for slot in keys.load(self.desk.folder / MEMBERS).slots if slot.kind == "member"]
        last = files.last_member(self.desk.folder)
        self.members = tuple(slot.name for slot in slots)
        self.last_member = self.desk.wanted or next((s.name for s in slots if s.member == last), "")

    # locked and unlocked

    async def unlock(self, passphrase: str, member: str | None) -> None:
        """Open the unit, give back the drafts, show Today.

        Raises:
            Locked: the passphrase is wrong.
        """

        def first(store: Store, opened: Opened) -> tuple[list[str], list[Draft], int]:
            with store.counts() as reader:
                minutes = settings.get(reader, "idle_lock_minutes")
            return standing.settle(store, opened), drafts.give_back(store, opened), minutes

        done, kept, self.idle.minutes = await self.desk.unlock(passphrase, member, first)
        self.tries.right()
        self.idle.touch()
        self.drafts.give_back(kept)
        self.go("today")
        for sentence in done:
            self.notify(sentence)

    def lock(self, why: str = "") -> None:
        """Keep what was typed, forget the keys, take every screen away, and stand at the lock."""
        if not self.desk.unlocked:
            return
        self.shut()
        self._show(Lock(why))

    def shut(self) -> None:
        """Keep what was typed, close the file, forget the keys; the screens are the caller's to take away."""
        unsaved = [draft for screen in self.screen_stack if (draft := _unsaved(screen)) is not None]
        self.workers.cancel_all()
        self.desk.lock(partial(_keep_all, unsaved))
        self._end_session()
        self.drafts.forget(unsaved)
        self.saved = None
        self._clipboard = ""
        self.clear_notifications()

    def _end_session(self) -> None:
        """End the session in the keyring as well, where the command line has begun one."""
        from db.vault import opening, session

        try:
            session.end(opening.unit_of(self.desk.folder), self.desk.folder)
        except (BeechError, OSError):  # a unit that cannot be read has no session that would open it
            return

    def look_at_clock(self) -> None:
        """Lock when nobody has been at the keys for a while; half a minute before, say so."""
        if not self.desk.unlocked:
            return
        if self.idle.left() <= 0:
            self.lock(f"Nobody was at the keys for {self.idle.minutes} minutes.")
        elif self.idle.warns():
            self.bell()
            self.notify("Locks in half a minute: press any key to go on.", severity="warning")

    async def on_event(self, event: Event) -> None:
        """Note that somebody is there."""
        from textual.events import InputEvent

        if isinstance(event, InputEvent) and not event.is_forwarded:
            self.idle.touch()
        await super().on_event(event)

    def _listen(self) -> None:
        """Lock and end when the terminal goes away, or the system says so."""
        if self.is_headless or sys.platform == "win32":
            return
        import asyncio

        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.hang_up, int(number))

    def hang_up(self, number: int) -> None:
        """Lock, give the terminal back, end; at the latest after two seconds, terminal or no."""
        import asyncio
        import os

        self.shut()
        asyncio.get_running_loop().call_later(2.0, os._exit, 128 + number)
        self.exit(return_code=128 + number)

    # where one is

    def bar(self, screen: Subject) -> str:
        """Return the line on top: the subjects with their keys, the one that is shown in brackets."""
        if not self.desk.unlocked:
            return " beech"
        parts = []
        for name in _IN_BAR:
            place = SUBJECTS[name]
            parts.append(f"[{place.said}]" if name == screen.NAME else f"{place.key} {place.said}".strip())
        return f" {'  '.join(parts)}"

    def go(self, name: str) -> None:
        """Show a subject, from wherever one is."""
        place = SUBJECTS[name]
        made = getattr(import_module(place.module), place.name)
        self.desk.command = name
        self._show(made())

    def _show(self, screen: Screen[object]) -> None:
        """Take every screen away and show this one."""
        with self.batch_update():
            while len(self.screen_stack) > 1:
                self.pop_screen()
            self.push_screen(screen)

    def action_go(self, name: str) -> None:
        """Show a subject; what is typed in a form over it is kept as a draft."""
        if self.desk.unlocked:
            self.keep_unsaved()
            self.go(name)

    def keep_unsaved(self) -> None:
        """Keep what is typed in the screens that are about to be taken away."""
        for screen in self.screen_stack:
            draft = _unsaved(screen)
            if draft is not None:
                self.run_worker(self._keep(draft))

    async def _keep(self, draft: Draft) -> None:
        try:
            await self.drafts.keep(draft)
        except BeechError as error:
            self.notify(f"{error}. The draft is kept until the lock.", severity="error")

    def open_form(self, draft: Draft | None = None) -> None:
        """Open the form for a new contact over what is shown, or go back to the draft that is open."""
        from tui import engagement

        engagement.open_form(self, draft or self.drafts.newest("engagement"))

    def action_form(self) -> None:
        """Answer F2."""
        if self.desk.unlocked:
            self.open_form()

    def action_lock(self) -> None:
        """Answer ^L."""
        self.lock()

    async def action_quit(self) -> None:
        """Answer ^Q: lock, then end."""
        self.shut()
        self.exit(0)

    def action_help_quit(self) -> None:
        """Answer ^C, which ends nothing here."""
        self.notify("^Q quits; what is not saved is kept as a draft.")

    def action_help(self) -> None:
        """Answer F1."""

    def action_undo(self) -> None:
        """Answer F9: take back what was just saved."""
        if self.desk.unlocked:
            self.run_worker(self._undo())

    async def _undo(self) -> None:
        from db import records

        screen = self.screen
        if not isinstance(screen, Subject):
            return
        if self.saved is None:
            screen.say("Nothing was saved since the lock that F9 could undo.")
            return
        kind, ref = self.saved
        done = await screen.ask(records.undo, kind, ref)
        if done is not None:
            self.saved = None
            screen.say(f"{done} is undone; it stays in the journal, struck out.")

    def _say_busy(self) -> None:
        """Say, from a thread that waits, that another program is writing."""
        loop = self._loop
        if loop is not None and isinstance(self.screen, Subject):
            loop.call_soon_threadsafe(self.screen.busy)


def _unsaved(screen: Screen[object]) -> Draft | None:
    return screen.unsaved() if isinstance(screen, Subject) else None


def _keep_all(unsaved: Iterable[Draft], store: Store) -> None:
    for draft in unsaved:
        drafts.keep(store, draft)
