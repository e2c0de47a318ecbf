"""What every screen has: where it stands, what was said last, which keys are next; and how it asks ``db``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from db.errors import BeechError, Locked
from tui.desk import WORK
from tui.keys import EVERYWHERE
from tui.leaving import Leaving
from tui.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.events import Resize
    from textual.geometry import Size
    from textual.widget import Widget

    from db.drafts import Draft
    from db.vault.store import Store
    from tui.app import Beech
    from tui.desk import Desk
    from tui.keys import Key

P = ParamSpec("P")
T = TypeVar("T")

ENLARGE = "This window is too small for beech: make it at least 40 by 10, or use 'beech log'."


class Subject(Leaving, Screen[Any]):
    """A screen of one subject. ``NAME`` is its code in the journal, ``TITLE`` what the officer reads."""

    NAME: ClassVar[str] = ""
    KEYS: ClassVar[tuple[Key, ...]] = ()
    ABOUT: ClassVar[str] = ""
    TWIN: ClassVar[str] = ""
    HINTS: ClassVar[str] = "F1 help  F2 new contact  F3 find  Esc back  ^L lock  ^Q quit"

    @property
    def beech(self) -> Beech:
        """Return the app."""
        return cast("Beech", self.app)

    @property
    def desk(self) -> Desk:
        """Return the unit behind the screens."""
        return self.beech.desk

    # how it is drawn

    def compose(self) -> ComposeResult:
        """Lay out the bar, the body, what was said last and the keys."""
        self.fit(self.app.size)  # before the first paint, and before a widget is styled
        yield Shown(self.beech.bar(self), id="bar")
        yield Vertical(*self.body(), id="body")
        yield Shown(id="said")
        yield Static(self.hints(), id="hints", markup=False)
        yield Static(ENLARGE, id="enlarge", markup=False)

    def hints(self) -> str:
        """Return the line of keys at the foot."""
        return self.HINTS

    def keys(self) -> tuple[Key, ...]:
        """Return what its keys do, for help."""
        return self.KEYS

    def keys_everywhere(self) -> tuple[Key, ...]:
        """Return what the keys do that work on any screen, for help."""
        return EVERYWHERE

    def letters(self) -> dict[str, str]:
        """Return the letters that its fields take, each field's in one text, for help."""
        return {}

    def body(self) -> Iterable[Widget]:
        """Return the widgets between the bar and the last two lines."""
        return ()

    def on_resize(self, event: Resize) -> None:
        """Tell the style how much room there is, and the bar."""
        self.fit(event.size)
        self.query_one("#bar", Shown).say(self.beech.bar(self))

    def fit(self, size: Size) -> None:
        """Set the classes that say how much room there is."""
        width, height = size
        self.set_class(width < 40 or height < 10, "-tiny")
        self.set_class(width < 60 or height < 16, "-small")
        self.set_class(width >= 120, "-wide")

    # how it asks and tells

    async def ask(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **more: P.kwargs
    ) -> T | None:
        """Call a function of db in the working thread; an error is told on the screen, and None returned."""
        return await self.ask_in(WORK, function, *args, **more)

    async def ask_in(
        self, lane: str, function: Callable[Concatenate[Store, P], T], *args: P.args, **more: P.kwargs
    ) -> T | None:
        """Do the same in another thread: ``SEARCH`` or ``LIST`` of ``tui.desk``."""
        try:
            return await self.desk.call_in(lane, function, *args, **more)
        except BeechError as error:
            self.tell(error)
            return None

    def tell(self, error: BeechError) -> None:
        """Say an error of db: what happened, what is kept, which key is next."""
        if isinstance(error, Locked):
            self.beech.lock(str(error))
            return
        self.say(str(error), alarm=True)

    def say(self, sentence: str, *, alarm: bool = False) -> None:
        """Say something in the line above the keys; of a screen that has gone, over the one that is shown."""
        if not self.stands:
            if sentence and self.desk.unlocked:
                self.app.notify(sentence, severity="error" if alarm else "information")
            return
        line = self.query_one("#said", Shown)
        line.set_class(alarm, "-alarm")
        line.say(f"!! {sentence}" if alarm and sentence else sentence)

    def unsaved(self) -> Draft | None:
        """Return what is typed and not saved: a lock, a crash and another screen's key keep it as a draft."""
        return None

    def busy(self) -> None:
        """Say that another program is writing."""
        self.say("another program is writing to this unit: waiting for it, up to a minute")


class Over(Subject):
    """A screen that opens over another; Esc goes back to it."""

    BINDINGS = [("escape", "back", "Back")]

    def action_back(self) -> None:
        """Go back to the screen beneath."""
        self.dismiss(None)
