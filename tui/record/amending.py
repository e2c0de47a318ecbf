"""Amending a record: its fields to type over. Only what was changed is sent.

A record that somebody changed meanwhile is shown beside what is typed; the next ^S rests on both.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static, TextArea

from db import concerns, drafts, engagements, people, prompts, records, referrals, watchlist
from db.drafts import Draft
from db.errors import BeechError, Changed, Usage
from db.prompts import STAFF, TakenOut
from db.records import Why
from db.rules import text
from db.rules.records import KINDS
from tui.asking import Reason, Sure
from tui.fields import Line
from tui.keys import Key
from tui.record.both import Both
from tui.record.pointing import TYPES, Pointing, parts, written
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
    "engagement": engagements.amend,
    "concern": concerns.amend,
    "referral": referrals.amend,
    "offender": watchlist.amend_offender,
}
_OF_HIM = ("concern", "offender")  # what is about a man, who may turn out to be police or partner staff
_LATER = "object"  # what is not changed by typing over it
_STOPS = "Line, TextArea"
_STAFF_ASKED = "y wipes what is typed and shows whom to go to"
_LOWERED = (
    "Level 0 keeps of {} only that it took place: the note, what she said, who she is and what leads "
    "to her go for good. Do it?"
)


def typed(field: Field, value: Any) -> str:
    """Return a stored value as it is typed."""
    if value in (None, [], {}):
        return ""
    if field.type in TYPES:
        return written(value)
    if isinstance(value, list):
        return text.join_list(value)
    if field.type == "flag":
        return "yes" if value else "no"
    if field.type in ("instant", "when"):
        return str(value)[:16].replace("T", " ")
    return str(value)


class Amend(Over):
    """The fields of one record; dismisses with what is to be said once a change is saved."""

    NAME: ClassVar[str] = "amend"
    ABOUT: ClassVar[str] = (
        "Type over what is wrong; an empty field clears it. Where a field points at somebody or something, "
        "type what it is called, or its reference; several are joined with commas. Each change is an entry."
    )
    HINTS: ClassVar[str] = "Enter next, or takes what > is on  ^S save  Esc back, text is kept  F1 help"
    KEYS: ClassVar = (
        Key("ctrl+s", "^S", "save what was changed", "beech engagements amend"),
        Key("enter", "Enter", "take what the cursor is on; else the next field"),
        Key("down", "Up Down", "to another of those offered; else from field to field"),
        Key("tab", "Tab", "next field"),
        Key("escape", "Esc", "back; what is typed is kept as a draft"),
    )
    AUTO_FOCUS = _STOPS
    BINDINGS: ClassVar = [
        ("ctrl+s", "save", "Save"),
        ("escape", "close", "Back"),
        ("down", "step(1)"),
        ("up", "step(-1)"),
    ]

    def __init__(self, whole: Whole, seen: str, draft: Draft | None) -> None:
        super().__init__()
        self._kind = whole.kind
        self._ref = str(whole.record["ref"])
        self._seen = seen
        self._record = whole.record
        self._before = self._texts(whole.record)
        self._draft = draft.id if draft else drafts.new_id()
        self._typed: dict[str, str] = dict(draft.fields["texts"]) if draft else {}

    def _fields(self) -> list[Field]:
        return [f for f in KINDS[self._kind].fields if f.type != _LATER and f.name != "external_ref"]

    def _texts(self, record: Record) -> dict[str, str]:
        return {field.name: typed(field, record.get(field.name)) for field in self._fields()}

    def body(self) -> Iterable[Widget]:
        """Return a line for each field."""
        rows = [
            self._row(field, self._typed.get(field.name, self._before[field.name]))
            for field in self._fields()
        ]
        if self._kind in _OF_HIM:
            rows.append(_labelled("police or partner? ", Line(id=f"amend-{STAFF}", placeholder=_STAFF_ASKED)))
        yield Static(f"Amend {self._ref}", classes="title", markup=False)
        yield VerticalScroll(*rows, can_focus=False)

    def _row(self, field: Field, shown: str) -> Widget:
        if field.type in TYPES:
            return Pointing(field, shown, self._record.get(field.name))
        entry: Widget = Line(shown, id=f"amend-{field.name}")
        if field.type == "prose":
            entry = TextArea(shown, id=f"amend-{field.name}", compact=True, classes="prose")
        return _labelled(f"{field.name.replace('_', ' ')} ", entry)

    def on_mount(self) -> None:
        """Say where it does not begin with what is stored."""
        if self._typed:
            self.say("What you typed and have not saved stands here again.")

    def action_step(self, step: int) -> None:
        """Go to the next field, or the one before."""
        if step > 0:
            self.focus_next(_STOPS)
        else:
            self.focus_previous(_STOPS)

    def on_input_submitted(self) -> None:
        """Go on, by Enter."""
        self.action_step(1)

    def _entry(self, name: str) -> Line | TextArea | Pointing:
        for one in self.query(Pointing):
            if one.field.name == name:
                return one
        entry = self.query_one(f"#amend-{name}")
        return entry if isinstance(entry, TextArea) else self.query_one(f"#amend-{name}", Line)

    def _now(self) -> dict[str, str]:
        entries = {field.name: self._entry(field.name) for field in self._fields()}
        return {name: one.value if isinstance(one, Line) else one.text for name, one in entries.items()}

    def changed(self) -> Record:
        """Return what was typed over, as it is typed: None clears a field."""
        now = self._now()
        return {name: now[name] or None for name in now if now[name] != self._before[name]}

    def unsaved(self) -> Draft | None:
        """Return what was typed over."""
        texts = {name: value or "" for name, value in self.changed().items()}
        fields = {"kind": self._kind, "ref": self._ref, "texts": texts}
        about = [self._ref, *(ref for one in self.query(Pointing) for ref in parts(one.text))]
        return Draft(self._draft, 0, KIND, fields, tuple(about)) if texts else None

    def action_close(self) -> None:
        """Go back; what is typed is kept."""
        self.beech.keep_unsaved()
        self.dismiss(None)

    # saving

    def action_save(self) -> None:
        """Save what was changed."""
        self.run_worker(self._save(), exclusive=True, group="change")

    async def _save(self) -> None:
        for one in self.query(Pointing):
            if stands_against := await one.settle():
                self.say(stands_against, alarm=True)
                return
        raw = self._raw()
        if not raw:
            self.say("Nothing was changed.")
            return
        if self._lowers(raw):
            sure = await self.app.push_screen_wait(Sure(_LOWERED.format(self._ref)))
            if not sure:
                return
        await self._send(raw, None)

    def _raw(self) -> Record:
        """Return what was changed as ``amend`` takes it, and whether he is police or partner staff."""
        lists = {field.name for field in self._fields() if field.type == "refs"}
        raw = {
            name: parts(value) if value and name in lists else value for name, value in self.changed().items()
        }
        for line in self.query(f"#amend-{STAFF}").results(Line):
            if line.value.strip().lower() not in ("", "n", "no"):
                raw[STAFF] = line.value
        return raw

    def _lowers(self, raw: Record) -> bool:
        level = str(raw.get("sharing_level") or "").strip()
        return records.lowers(self._kind, {"sharing_level": int(level) if level.isdecimal() else None})

    async def _send(self, raw: Record, reason: str | None) -> None:
        amend = _AMENDS.get(self._kind, lambda store, *more: records.amend(store, self._kind, *more))
        try:
            made = await self.desk.call(amend, self._ref, raw, Why(reason, None, self._seen))
        except Changed as error:
            await self._show_both(str(error))
        except TakenOut as error:
            await self._taken_out(str(error))
        except Usage as error:
            if reason is not None or "--reason CODE" not in str(error):
                self.tell(error)
                return
            reason = await self.app.push_screen_wait(Reason(f"{self._ref}: why is it changed?"))
            if reason is not None:
                await self._send(raw, reason)
        except BeechError as error:
            self.tell(error)
        else:
            undo = partial(records.undo, kind=self._kind, ref=self._ref, why=Why(reason))
            self.beech.saved = None if self._lowers(raw) else undo
            await self._drop()
            self._told(prompts.worded(self._kind, made))

    def _told(self, made: Record) -> None:
        """Go back, and say what the change leads to, as the command line does."""
        hits = ", ".join(hit["ref"] for hit in made.get("matches") or ())
        undone = " F9 undoes" if self.beech.saved else ""
        meant = f" She may mean {hits}: nothing is linked by itself." if hits else ""
        said = "".join(f"\n! {one['says']}" for one in made.get("prompts") or ())
        self.dismiss(f"{self._ref} is amended.{undone}{meant}{said}")

    async def _taken_out(self, said: str) -> None:
        """Wipe what was typed: nothing about police or partner staff is kept."""
        self.beech.drafts.gone.add(self._draft)
        await self._drop()
        word = "concerns" if self._kind == "concern" else "watchlist"
        self.dismiss(
            f"{said} {self._ref} stands as it was: 'beech {word} erase {self._ref}' asks for its erasure."
        )

    async def _drop(self) -> None:
        """Take the draft out of what was saved; where the file is held just now, it goes with its time."""
        with suppress(BeechError):
            await self.beech.drafts.drop(self._draft)

    async def _show_both(self, said: str) -> None:
        """Show what somebody else wrote meanwhile beside what is typed; the next ^S rests on it."""
        touched = self.changed()
        mine = {**self._before, **{name: value or "" for name, value in touched.items()}}
        seen = await self.ask(records.heads, self._kind, self._ref)
        theirs = await self.ask(records.show, self._kind, self._ref)
        if seen is None or theirs is None:
            return
        self._seen, self._before = seen, self._texts(theirs)
        for name, value in self._before.items():
            if name not in touched:
                self._put(name, value)
        self.app.push_screen(
            Both(self._kind, mine | {"ref": self._ref}, self._before | {"ref": self._ref}, said)
        )

    def _put(self, name: str, value: str) -> None:
        entry = self._entry(name)
        if isinstance(entry, TextArea):
            entry.load_text(value)
        elif isinstance(entry, Line):
            entry.value = value
        else:
            entry.put(value)


def _labelled(label: str, entry: Widget) -> Widget:
    return Horizontal(Static(label, classes="wide-label", markup=False), entry, classes="row")
