"""Amending a record: its fields to type over. Only what was changed is sent.

A record that somebody changed meanwhile is shown beside what is typed; the next ^S rests on both.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static, TextArea

from db import concerns, drafts, people, records, watchlist
from db.drafts import Draft
from db.errors import BeechError, Changed, Usage
from db.records import Why
from db.rules import text
from db.rules.records import KINDS
from tui import beside
from tui.asking import Reason
from tui.fields import Line
from tui.keys import Key
from tui.lines import Told
from tui.subject import Over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from db.pages import Whole
    from db.rules.fields import Field

Record = dict[str, Any]
KIND = "amend"
_AMENDS: dict[str, Callable[..., Record]] = {
    "person": people.amend,
    "concern": concerns.amend,
    "offender": watchlist.amend_offender,
}
_LATER = ("object", "refs")  # what is not changed by typing over it


def typed(field: Field, value: Any) -> str:
    """Return a stored value as it is typed."""
    if value in (None, [], {}):
        return ""
    if isinstance(value, list):
        return text.join_list(value)
    if field.type == "flag":
        return "yes" if value else "no"
    if field.type in ("instant", "when"):
        return str(value)[:16].replace("T", " ")
    return str(value)


class Amend(Over):
    """The fields of one record; dismisses with True once a change is saved."""

    NAME: ClassVar[str] = "amend"
    ABOUT: ClassVar[str] = "Type over what is wrong; an empty field clears it. Each change is an entry."
    HINTS: ClassVar[str] = "Tab next  ^S save  Esc back, what is typed is kept  F1 help"
    KEYS: ClassVar = (
        Key("ctrl+s", "^S", "save what was changed", "beech engagements amend"),
        Key("tab", "Tab", "next field"),
        Key("escape", "Esc", "back; what is typed is kept as a draft"),
    )
    BINDINGS: ClassVar = [("ctrl+s", "save", "Save"), ("escape", "close", "Back")]

    def __init__(self, whole: Whole, seen: str, draft: Draft | None) -> None:
        super().__init__()
        self._kind = whole.kind
        self._ref = str(whole.record["ref"])
        self._seen = seen
        self._before = self._texts(whole.record)
        self._draft = draft.id if draft else drafts.new_id()
        self._typed: dict[str, str] = dict(draft.fields["texts"]) if draft else {}

    def _fields(self) -> list[Field]:
        return [f for f in KINDS[self._kind].fields if f.type not in _LATER and f.name != "external_ref"]

    def _texts(self, record: Record) -> dict[str, str]:
        return {field.name: typed(field, record.get(field.name)) for field in self._fields()}

    def body(self) -> Iterable[Widget]:
        """Return a line for each field."""
        rows = []
        for field in self._fields():
            shown = self._typed.get(field.name, self._before[field.name])
            entry: Widget = Line(shown, id=f"amend-{field.name}")
            if field.type == "prose":
                entry = TextArea(shown, id=f"amend-{field.name}", compact=True, classes="prose")
            label = Static(f"{field.name.replace('_', ' ')} ", classes="wide-label", markup=False)
            rows.append(Horizontal(label, entry, classes="row"))
        yield Static(f"Amend {self._ref}", classes="title", markup=False)
        yield VerticalScroll(*rows, can_focus=False)

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.focus_next("Line, TextArea")

    def _now(self) -> dict[str, str]:
        return {
            field.name: entry.text if isinstance(entry, TextArea) else entry.value
            for field in self._fields()
            for entry in self.query(f"#amend-{field.name}")
            if isinstance(entry, TextArea | Line)
        }

    def changed(self) -> Record:
        """Return what was typed over, as ``amend`` takes it: None clears a field."""
        now = self._now()
        return {name: now[name] or None for name in now if now[name] != self._before[name]}

    def unsaved(self) -> Draft | None:
        """Return what was typed over."""
        texts = {name: value or "" for name, value in self.changed().items()}
        fields = {"kind": self._kind, "ref": self._ref, "texts": texts}
        return Draft(self._draft, 0, KIND, fields, (self._ref,)) if texts else None

    def action_close(self) -> None:
        """Go back; what is typed is kept."""
        self.beech.keep_unsaved()
        self.dismiss(None)

    def action_save(self) -> None:
        """Save what was changed."""
        self.run_worker(self._save(), exclusive=True, group="change")

    async def _save(self, reason: str | None = None) -> None:
        raw = self.changed()
        if not raw:
            self.say("Nothing was changed.")
            return
        amend = _AMENDS.get(self._kind, lambda store, *more: records.amend(store, self._kind, *more))
        try:
            await self.desk.call(amend, self._ref, raw, Why(reason, None, self._seen))
        except Changed as error:
            await self._show_both(str(error))
        except Usage as error:
            if reason is not None or "entered by another member" not in str(error):
                self.tell(error)
                return
            reason = await self.app.push_screen_wait(Reason(f"{self._ref}: why is it changed?"))
            if reason is not None:
                await self._save(reason)
        except BeechError as error:
            self.tell(error)
        else:
            self.beech.saved = partial(records.undo, kind=self._kind, ref=self._ref)
            await self._drop()
            self.dismiss(True)

    async def _drop(self) -> None:
        """Take the draft out of what was saved; where the file is held just now, it goes with its time."""
        with suppress(BeechError):
            await self.beech.drafts.drop(self._draft)

    async def _show_both(self, said: str) -> None:
        """Show what somebody else wrote meanwhile beside what is typed; the next ^S rests on it."""
        mine = {**self._before, **{name: value or "" for name, value in self.changed().items()}}
        seen = await self.ask(records.heads, self._kind, self._ref)
        theirs = await self.ask(records.show, self._kind, self._ref)
        if seen is None or theirs is None:
            return
        touched = self.changed().keys()
        self._seen, self._before = seen, self._texts(theirs)
        for field in self._fields():
            for entry in self.query(f"#amend-{field.name}"):
                if field.name in touched or not isinstance(entry, TextArea | Line):
                    continue
                if isinstance(entry, TextArea):
                    entry.load_text(self._before[field.name])
                else:
                    entry.value = self._before[field.name]
        self.app.push_screen(
            Both(self._kind, mine | {"ref": self._ref}, self._before | {"ref": self._ref}, said)
        )


class Both(Over):
    """What is typed, and what stands there now, side by side."""

    NAME: ClassVar[str] = "both"
    HINTS: ClassVar[str] = "Esc back to what you typed: ^S there saves it over what is shown here"

    def __init__(self, kind: str, mine: Record, theirs: Record, sentence: str) -> None:
        super().__init__()
        self._kind, self._mine, self._theirs, self._sentence = kind, mine, theirs, sentence

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Show them."""
        told = self.query_one(Told)
        told.focus()
        heads = ("as you typed it", "as it is now")
        told.tell(beside.lines(self._kind, self._mine, self._theirs, self.app.size.width - 3, heads=heads))
        self.say(self._sentence, alarm=True)
