"""A subject that is a list: a filter line, the list, under it what is known of the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec, TypeVar

from textual.containers import Horizontal
from textual.widgets import Static

from db import pages
from db.errors import BeechError, Busy
from tui import keys, rows
from tui.desk import COUNT, LIST
from tui.fields import Line
from tui.lines.scroll import Lines
from tui.preview import preview
from tui.shown import Shown
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.events import Resize
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.widgets import Input

    from db.pages import Key, Sheet
    from db.vault.store import Store
    from tui.lines.sheet import Row

P = ParamSpec("P")
T = TypeVar("T")

REST = 0.15  # seconds that the cursor rests before its preview is drawn


class Listing(Subject):
    """One kind of record, narrowed as one types; Enter opens."""

    KEYS: ClassVar = keys.LIST
    KIND: ClassVar[str] = ""
    EMPTY: ClassVar[str] = ""
    HINTS: ClassVar[str] = "Enter open  / filter  j k move  n new contact  ? help  Esc back  ^L lock"
    BINDINGS: ClassVar = [
        ("slash", "filter"),
        ("escape", "back"),
        ("n", "app.form"),
        ("question_mark", "app.help"),
        ("R", "repeat"),
        ("f8", "repeat"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._turn = 0  # the number of the newest filter: what an older one brings is dropped
        self._resting: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Return filter, heads, list and preview."""
        yield Horizontal(
            Static("/ ", classes="slash", markup=False),
            Line(id="filter", placeholder="filter"),
            Shown(id="count"),
            id="filter-line",
        )
        yield Shown(id="heads")
        yield Static("", id="empty", markup=False)
        yield Lines(self.draw, self._fetch)
        yield Shown(id="preview")

    @property
    def lines(self) -> Lines:
        """The list."""
        return self.query_one(Lines)

    def draw(self, row: Row, width: int) -> str:
        """Return a row as one line."""
        return rows.line(self.KIND, row, width)

    def on_mount(self) -> None:
        """Begin with the whole list."""
        self.lines.focus()
        self.begin("")

    def on_resize(self, event: Resize) -> None:
        """Fit the heads; the rest is done by ``Subject``, whose handler textual calls as well."""
        self.query_one("#heads", Shown).say("  " + rows.heads(self.KIND, event.size.width - 2))

    # pages

    def begin(self, typed: str) -> None:
        """Show the list as *typed* narrows it."""
        self._turn += 1
        self.desk.interrupt(LIST)
        self.desk.interrupt(COUNT)
        self.run_worker(self._begin(self._turn, typed), group="list")

    async def _begin(self, turn: int, typed: str) -> None:
        self._sheet = None
        sheet = await self._from_list(turn, LIST, pages.sheet, self.KIND, typed)
        if sheet is None:
            return
        self._sheet = sheet
        self.lines.renew()
        self.lines.ask()
        anchors = await self._from_list(turn, COUNT, pages.anchors, sheet)
        if anchors is not None:
            self.lines.pages.anchor(anchors)
            self.lines.grow()
            self.lines.ask()
            self._tell_count()

    def _fetch(self, number: int, after: Key | None) -> None:
        if self._sheet is not None:
            self.run_worker(self._page(self._turn, self._sheet, number, after), group="list")

    async def _page(self, turn: int, sheet: Sheet, number: int, after: Key | None) -> None:
        found = await self._from_list(turn, LIST, pages.page, sheet, after)
        if found is None:
            return
        self.lines.pages.put(number, found)
        self.lines.grow()
        self.lines.ask()
        self._rest()
        self._tell_count()

    async def _from_list(
        self,
        turn: int,
        lane: str,
        function: Callable[Concatenate[Store, P], T],
        *args: P.args,
        **more: P.kwargs,
    ) -> T | None:
        """Ask in a thread of the list's own; None where it fails, or where the list is another by now."""
        try:
            found = await self.desk.call_in(lane, function, *args, **more)
        except Busy as error:
            if turn == self._turn:
                self.tell(error)
            return None
        except BeechError as error:
            self.tell(error)
            return None
        return found if turn == self._turn else None

    # what is said about it

    def _tell_count(self) -> None:
        known = self.lines.pages
        more = "" if known.counted else "+"
        place = f"{self.lines.cursor + 1:,} of " if known.count else ""
        self.query_one("#count", Shown).say(f" {place}{known.count:,}{more} ")
        typed = self.query_one("#filter", Line).value.strip()
        nothing = known.counted and not known.count
        empty = self.query_one("#empty", Static)
        empty.display = nothing
        self.lines.display = not nothing
        if nothing:
            empty.update(
                f"Nothing for '{typed}'. Esc clears the filter; F2 logs it anyway." if typed else self.EMPTY
            )

    def on_lines_moved(self) -> None:
        """Let the preview wait until the cursor rests: while a key is held down it would only cost bytes."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._rest)

    @property
    def moving(self) -> bool:
        """Whether the cursor has not rested yet since it was moved."""
        return self._resting is not None

    def _rest(self) -> None:
        self._resting = None
        row = self.lines.row
        self.query_one("#preview", Shown).say("\n".join(preview(self.KIND, row)) if row else "")
        self._tell_count()

    # keys

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.query_one("#filter", Line).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while one types."""
        if event.input.id == "filter":
            self.begin(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go from the filter to the list."""
        self.lines.focus()

    def action_back(self) -> None:
        """Clear the filter, then go back to Today."""
        line = self.query_one("#filter", Line)
        if line.value:
            line.value = ""
            self.lines.focus()
        elif line.has_focus:
            self.lines.focus()
        else:
            self.beech.go("today")

    def action_repeat(self) -> None:
        """Begin a contact with the woman under the cursor, as her last one was: how, sector, needs."""
        from tui import engagement

        row = self.lines.row or {}
        named = [row["pseudonym"]] if "pseudonym" in row else row.get("who", [])
        if len(named) == 1:
            engagement.again(self.beech, named[0])
        else:
            self.say("R repeats a contact with one woman: none stands on this line.")

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Open the record."""
        self.run_worker(self.open_row(event.row), exclusive=True, group="open")

    async def open_row(self, row: Row) -> None:
        """Open what is under the cursor."""
        from tui.record import open_record

        await open_record(self, self.KIND, row["ref"])
