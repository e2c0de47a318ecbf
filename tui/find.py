"""Find: search as one types, over the women's pseudonyms and over what was written, grouped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Input, Static

from db import pages
from db.errors import BeechError, Busy
from db.rules.searching import BEGUN
from db.standing import PLURALS
from tui import keys
from tui.desk import SEARCH
from tui.fields import Line
from tui.lines import Lines, Told, said
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.events import Key
    from textual.widget import Widget

    from db.pages import Sought
    from tui.lines.sheet import Row

_TITLES = {"engagement": "Contacts", "offender": "Watchlist"}  # others by the plural of their kind


class Find(Subject):
    """One line of words, and under it what they find."""

    NAME: ClassVar[str] = "find"
    KEYS: ClassVar = keys.FIND
    ABOUT: ClassVar[str] = "Finds as you type: women by what they are called, records by what was written."
    TWIN: ClassVar[str] = "beech find"
    HINTS: ClassVar[str] = "Enter, Down to what was found  F2 logs it  Esc clears, then back  F1 help"
    BINDINGS: ClassVar = [
        ("escape", "back"),
        ("slash", "words"),
        ("n", "app.form"),
        ("question_mark", "app.help"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._turn = 0  # the number of the newest question: the answer to an older one is dropped

    def body(self) -> Iterable[Widget]:
        """Return the words and the answers."""
        yield Horizontal(
            Static("/ ", classes="slash", markup=False),
            Line(id="filter", placeholder="words, a pseudonym, a reference"),
            id="filter-line",
        )
        yield Told()

    def on_mount(self) -> None:
        """Put the cursor into the words."""
        self.query_one(Line).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed so far; what was under way for less is stopped."""
        self._turn += 1
        self.desk.interrupt(SEARCH)
        self.run_worker(self._search(self._turn, event.value), group="search")

    async def _search(self, turn: int, text: str) -> None:
        if turn != self._turn:
            return
        try:
            found = await self.desk.call_in(SEARCH, pages.seek, text)
        except Busy as error:
            if turn == self._turn:
                self.tell(error)
            return
        except BeechError as error:
            self.tell(error)
            return
        if turn == self._turn:
            self.query_one(Told).tell(_lines(found, text.strip()))
            self.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to what was found."""
        self._to_found()

    def on_key(self, event: Key) -> None:
        """Down goes from the words to what was found."""
        if event.key == "down" and self.query_one(Line).has_focus:
            event.stop()
            self._to_found()

    def _to_found(self) -> None:
        told = self.query_one(Told)
        if told.pages.count > 1:
            told.focus()
            told.go_to(1)

    def action_words(self) -> None:
        """Go back to the words."""
        self.query_one(Line).focus()

    def action_back(self) -> None:
        """From what was found to the words, then clear them, then back to Today."""
        line = self.query_one(Line)
        if not line.has_focus:
            line.focus()
        elif line.value:
            line.value = ""
        else:
            self.beech.go("today")

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Open what was found."""
        if event.row["ref"]:
            self.run_worker(self._open(event.row), exclusive=True, group="open")

    async def _open(self, row: Row) -> None:
        from tui.record import open_record

        await open_record(self, row["kind"], row["ref"])


def _lines(found: Sought, typed: str) -> Iterator[Row]:
    if found.people:
        yield said(f"People ({len(found.people)})", strong=True)
        for one in found.people:
            yield said(f"  {one.ref:<8} {one.pseudonym:<18} {one.field}: {one.words}", "person", one.ref)
    for kind in dict.fromkeys(hit["kind"] for hit in found.records):
        those = [hit for hit in found.records if hit["kind"] == kind]
        title = _TITLES.get(kind) or PLURALS[kind].capitalize()
        yield said(f"{title} ({len(those)}{'+' * found.more})", strong=True)
        for hit in those:
            field = str(hit["field"]).replace("_", " ")
            yield said(f"  {hit['ref']:<8} {field}: {hit['excerpt']}", kind, hit["ref"])
    if len(typed) < BEGUN and typed.isalpha() and not found.people:
        yield said("Nobody is called so; three letters also find what was written.")
    elif typed and not found.people and not found.records:
        yield said(f"Nothing for '{typed}'. F2 logs it anyway.")
