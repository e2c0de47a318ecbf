"""The screen of one record. Nothing is overwritten: striking out and undoing are entries like all others."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from db import pages, pasting, records
from db.records import Why
from db.standing import PLURALS
from tui import rows
from tui.asking import Reason, Sure
from tui.keys import RECORD
from tui.lines import Lines, Told, said
from tui.record import leading
from tui.record.names import reveal
from tui.record.words import lines
from tui.subject import Over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.events import Resize
    from textual.widget import Widget

    from db.pages import Whole
    from tui.keys import Key
    from tui.lines.sheet import Row
    from tui.subject import Subject


_FOR: dict[str, tuple[str, ...]] = {
    "reveal": ("person",),
    "alike": ("offender",),
    "move": ("engagement",),
    "paste": pasting.KINDS,
}
_KEYS = {"reveal": "r", "alike": "m", "move": "w", "paste": "y"}
_WORDS = {"offender": "watchlist"}  # others go by their plural
_SAID = {"move": "w wrong woman", "paste": "y text", "reveal": "r name", "alike": "m who else"}


async def open_record(screen: Subject, kind: str, ref: str) -> None:
    """Open a record over a screen; where it is restricted, ask why first."""
    why = Why()
    state = await screen.ask(records.state_of, kind, ref)
    if state == "restricted":
        why = Why(await screen.app.push_screen_wait(Reason(f"{ref} is restricted. Why is it opened?")))
    if state is None or (state == "restricted" and why.reason is None):
        return
    whole = await screen.ask(pages.whole, kind, ref, why)
    if whole is not None:
        screen.app.push_screen(RecordView(whole, why))


class RecordView(Over):
    """A record, its parts, and the keys that change it."""

    NAME: ClassVar[str] = "record"
    KEYS: ClassVar = RECORD
    ABOUT: ClassVar[str] = (
        "One record, and what hangs on it. Nothing is overwritten: each change is an entry."
    )
    BINDINGS: ClassVar = [
        ("e", "amend"),
        ("x", "strike"),
        ("u", "undo_last"),
        ("w", "move"),
        ("y", "paste"),
        ("h", "history"),
        ("r", "reveal"),
        ("m", "alike"),
        ("question_mark", "app.help"),
    ]

    def __init__(self, whole: Whole, why: Why) -> None:
        super().__init__()
        self.whole = whole
        self.why = why

    @property
    def ref(self) -> str:
        """The record's reference."""
        return str(self.whole.record["ref"])

    def hints(self) -> str:
        """Return the keys of a record of this kind."""
        own = [said for action, said in _SAID.items() if self.whole.kind in _FOR[action]]
        return "  ".join(("Enter open  e amend  x strike  u undo", *own, "h history  ? help"))

    def keys(self) -> tuple[Key, ...]:
        """Return the keys of a record of this kind, each with its kind's word on the command line."""
        away = {_KEYS[action] for action, kinds in _FOR.items() if self.whole.kind not in kinds}
        word = _WORDS.get(self.whole.kind, PLURALS[self.whole.kind])
        return tuple(key._replace(twin=key.twin.format(word)) for key in RECORD if key.name not in away)

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Show them."""
        self.query_one(Told).focus()

    def on_resize(self, event: Resize) -> None:
        """Break the lines anew."""
        self.query_one(Told).tell(lines(self.whole, event.size.width - 3))

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Open what the line tells of."""
        if event.row["ref"] and event.row["ref"] != self.ref:
            self.run_worker(open_record(self, event.row["kind"], event.row["ref"]), group="open")

    async def reload(self) -> None:
        """Read the record anew, once it was changed."""
        whole = await self.ask(pages.whole, self.whole.kind, self.ref, self.why)
        if whole is not None:
            self.whole = whole
            self.query_one(Told).tell(lines(whole, self.app.size.width - 3))

    # what the keys do

    def action_amend(self) -> None:
        """Open the fields to be typed over."""
        self.run_worker(leading.amend(self), exclusive=True, group="change")

    def action_move(self) -> None:
        """Move a contact from the wrong woman to the right one."""
        self.run_worker(leading.move(self), exclusive=True, group="change")

    def action_paste(self) -> None:
        """Show it as text for the force's own systems."""
        self.run_worker(leading.paste(self), exclusive=True, group="open")

    def action_strike(self) -> None:
        """Strike the record out, once it was asked."""
        self.run_worker(self._strike(), exclusive=True, group="change")

    async def _strike(self) -> None:
        if not await self.app.push_screen_wait(Sure(f"Strike out {self.ref}, as entered in error?")):
            return
        reason = await self.app.push_screen_wait(Reason(f"Why is {self.ref} struck out?"))
        if reason and await self.ask(records.strike, self.whole.kind, self.ref, Why(reason)):
            await self.reload()
            self.say(f"{self.ref} is struck out; u takes it back.")

    def action_undo_last(self) -> None:
        """Take back the record's last change, once it was asked."""
        self.run_worker(self._undo_last(), exclusive=True, group="change")

    async def _undo_last(self) -> None:
        if not await self.app.push_screen_wait(Sure(f"Take back the last change of {self.ref}?")):
            return
        reason = await self.app.push_screen_wait(Reason(f"Why is the change of {self.ref} taken back?"))
        if reason and await self.ask(records.undo, self.whole.kind, self.ref, Why(reason)):
            await self.reload()
            self.say(f"The last change of {self.ref} is taken back.")

    def action_history(self) -> None:
        """Tell the record's changes."""
        self.run_worker(self._history(), exclusive=True, group="open")

    async def _history(self) -> None:
        told = await self.ask(records.history, self.whole.kind, self.ref, self.why)
        if told is not None:
            self.app.push_screen(History(self.ref, told))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave each key to the kinds that it is for: names are hers alone, men alone may be the same man."""
        return self.whole.kind in _FOR.get(action, (self.whole.kind,))

    def action_reveal(self) -> None:
        """Open a woman's sealed identity."""
        self.run_worker(reveal(self, self.ref), exclusive=True, group="open")

    def action_alike(self) -> None:
        """Show who else a man may be."""
        self.run_worker(self._alike(), exclusive=True, group="open")

    async def _alike(self) -> None:
        from tui.watchlist.judging import Alike

        hits = await self.ask(pages.alike, self.ref)
        if hits is not None:
            self.app.push_screen(Alike(self.ref, hits))


class History(Over):
    """A record's changes, oldest first."""

    NAME: ClassVar[str] = "history"
    HINTS: ClassVar[str] = "j k move  Esc back"

    def __init__(self, ref: str, told: list[records.Record]) -> None:
        super().__init__()
        self._ref = ref
        self._told = told

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(Told).focus()

    def on_resize(self, event: Resize) -> None:
        """Break the lines anew."""
        width = max(event.size.width - 3, 20)
        changes = [line for one in self._told for line in _change(one, width)]
        self.query_one(Told).tell([said(f"What was done to {self._ref}", strong=True), *changes])


def _change(one: records.Record, width: int) -> Iterator[Row]:
    parts = (one[name] for name in ("member", "what", "fields", "reason", "note"))
    text = "  ".join(filter(None, (rows.moment(one["at"]), *map(rows.said, parts))))
    yield from map(said, wrap(text, width, subsequent_indent="    "))
