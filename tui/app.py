"""The app: the lock first, then one subject at a time, with forms and records over it. It decides nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding

from db.errors import BeechError
from tui import idle, themes
from tui.locking import ENDING, Locking, unsaved_in
from tui.palette import Names, Palette
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import SystemCommand
    from textual.screen import Screen

    from db.drafts import Draft
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
_BAR = 60  # columns that the whole bar takes
_IN_BAR = ("today", "engagements", "watchlist", "find", "tallies")


class Looks(NamedTuple):
    """How the terminal is drawn on: in ASCII alone, in the terminal's own colours."""

    ascii: bool = False
    plain: bool = False


LOOKS = Looks()


class Beech(Locking):
    """The screens of one unit at one desk."""

    CSS_PATH = ["app.tcss", "engagement/form.tcss"]
    TITLE = "beech"
    NOTIFICATION_TIMEOUT = 8
    COMMANDS: ClassVar = {Names}
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
        super().__init__(desk, boottime, ansi_color=True if looks.plain else None)
        self.looks = looks
        desk.waiting = self._say_busy
        for theme in (themes.DARK, themes.LIGHT):
            self.register_theme(theme)
        self.theme = themes.LIGHT.name if self.remembered.light else themes.DARK.name
        self.set_class(looks.ascii, "-ascii")

    def welcome(self) -> None:
        """Show Today."""
        self.go("today")

    # where one is

    def bar(self, screen: Subject) -> str:
        """Return the line on top: the subjects with their keys, the one that is shown in brackets.

        In a narrow window the others are told by their keys alone.
        """
        if not self.desk.unlocked:
            return " beech"
        parts = []
        for name in _IN_BAR:
            place = SUBJECTS[name]
            key = place.key if self.size.width < _BAR and place.key else f"{place.key} {place.said}".strip()
            parts.append(f"[{place.said}]" if name == screen.NAME else key)
        return f" {'  '.join(parts)}"

    def go(self, name: str) -> None:
        """Show a subject, from wherever one is; behind the lock there is none."""
        if not self.desk.unlocked:
            return
        place = SUBJECTS[name]
        made = getattr(import_module(place.module), place.name)
        self.desk.command = name
        self.show_only(made())

    def action_go(self, name: str) -> None:
        """Show a subject; what is typed in a form over it is kept as a draft."""
        if self.desk.unlocked:
            self.keep_unsaved()
            self.go(name)

    def keep_unsaved(self) -> None:
        """Keep what is typed in the screens that are about to be taken away."""
        for screen in self.screen_stack:
            draft = unsaved_in(screen)
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

    async def action_lock(self) -> None:
        """Answer ^L."""
        self.run_worker(self.end_shift(), group=ENDING)

    async def action_quit(self) -> None:
        """Answer ^Q: lock, then end."""
        self.run_worker(self._leave(), group=ENDING)

    async def _leave(self) -> None:
        await self.end_shift()
        self.exit(0)

    def turn_colours(self) -> None:
        """Turn dark into light, and light into dark; the next start is as this one was left."""
        self.remembered.keep_colours(light=not self.remembered.light)
        self.theme = themes.LIGHT.name if self.remembered.light else themes.DARK.name

    def action_help_quit(self) -> None:
        """Answer ^C, which ends nothing here."""
        self.notify("^Q quits; what is not saved is kept as a draft.")

    def action_help(self) -> None:
        """Answer F1: say what can be done here."""
        from tui.help import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help(self.screen))

    def action_command_palette(self) -> None:
        """Answer ^P: everything by its name, once the unit is open."""
        if self.desk.unlocked and not isinstance(self.screen, Palette):
            self.push_screen(Palette(placeholder="what is to be done"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return none of textual's own: they would write the screen to a file."""
        return ()

    def action_undo(self) -> None:
        """Answer F9: take back what was just saved."""
        if self.desk.unlocked and isinstance(self.screen, Subject):
            self.run_worker(self._undo(self.screen))

    async def _undo(self, screen: Subject) -> None:
        if self.saved is None:
            screen.say("Nothing was saved since the lock that F9 could undo.")
            return
        done = await screen.ask(self.saved)
        if done is not None:
            self.saved = None
            screen.say(f"{done} is undone; both steps stay in the journal.")

    def _say_busy(self) -> None:
        """Say, from a thread that waits, that another program is writing."""
        loop = self._loop
        if loop is not None and isinstance(self.screen, Subject):
            loop.call_soon_threadsafe(self.screen.call_later, self.screen.busy)
