"""Write-up: a shift's contacts at its end, one line each; crew, partner, sector and day are asked once.

Each line is saved by its Enter, and F9 takes the last one back. Tab opens the full form for the line.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.css.query import NoMatches
from textual.widgets import Input, Static

from db import drafts, engagements, records
from db.drafts import Draft
from db.errors import BeechError
from db.rules import periods, shorthand
from tui.desk import SEARCH
from tui.engagement.fields import Field, Row, understood
from tui.engagement.form import KIND, NewEngagement
from tui.engagement.keeping import Keeper
from tui.engagement.person import Offers
from tui.engagement.saving import put
from tui.engagement.sheet import Sheet
from tui.engagement.walking import Walking
from tui.engagement.whom import Whom
from tui.keys import Key
from tui.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from textual.widget import Widget

    from db.engagements import Saved

HEADER = ("crew", "partner", "sector", "day")
_EMPTY = {"crew": "you alone; names by comma", "partner": "none", "sector": "", "day": "tonight's shift"}
_HOW_TO = "2250 kas, ton 3 w ok: time (or the last line's), who, how, note"
_PICK = "pick who is meant with the arrows, or Tab for the full form"


class WriteUp(Walking):
    """One line a contact."""

    NAME: ClassVar[str] = "log"
    ABOUT: ClassVar[str] = "A shift at its end, one line a contact: time, who, how, note."
    TWIN: ClassVar[str] = "beech log -"
    HINTS: ClassVar[str] = "Enter saves  Tab form  F9 undoes the last  F2 one contact  Esc back  F1 help"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "Enter", "save the line", "beech log -"),
        Key("tab", "Tab", "the full form for this line", "beech log"),
        Key("f9", "F9", "undo the line saved last", "beech engagements undo"),
        Key("f2", "F2", "the form for one contact", "beech log"),
        Key("escape", "Esc", "back; a line that is not saved is kept as a draft"),
    )
    BINDINGS: ClassVar = [Binding("tab", "tab", "Full form", show=False, priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self.draft = drafts.new_id()
        self.sheet = Sheet()
        self.whom = Whom(self)
        self.keeper = Keeper(self)
        self._last_at: int | None = None
        self._told: list[str] = []
        self._under_way = False
        self._line = ""  # as it was read last

    def body(self) -> Iterable[Widget]:
        """Return the four questions, what is saved, and the line."""
        shift = self.beech.shift
        rule = "-" if self.beech.looks.ascii else "\u2500"
        yield Static(f"{rule} Write-up {rule * 200}", id="form-title", markup=False)
        for name in HEADER:
            yield Row(name.capitalize(), Field(name, getattr(shift, name), _EMPTY[name], most=200))
        yield VerticalScroll(Shown(id="told"), id="saved", can_focus=False)
        yield Row("Line", Field("line", "", _HOW_TO))
        yield Offers()
        yield Shown(id="read")
        yield Shown(id="who")
        unseen = (Shown(id=name) for name in ("her-title", "her", "new"))
        yield Vertical(*unseen, id="unseen")

    def on_mount(self) -> None:
        """Begin with the crew, or with the line where the shift is known."""
        self.desk.command = self.NAME
        self.run_worker(self.ask_in(SEARCH, records.today))
        self._ask("line" if self.beech.shift.day else "crew")

    def _ask(self, name: str) -> None:
        self._field(name).focus()

    def _field(self, name: str) -> Field:
        for field in self.query(Field):
            if field.said == name:
                return field
        raise NoMatches(name)  # the screen has gone, and its fields with it

    def _text(self, name: str) -> str:
        return self._field(name).value

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.desk.now(), UTC)

    # the line

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Read the line as it is typed."""
        field = event.input
        if not isinstance(field, Field):
            return
        if field.said != "line":
            self._keep_header()
            return
        await self._read(field.value)
        self.touched()

    def _keep_header(self) -> None:
        shift = self.beech.shift
        shift.crew, shift.partner, shift.sector, shift.day = (self._text(name) for name in HEADER)

    async def arrived(self) -> None:
        """Wait for the keys before this one, and read what they typed, also if it is heard of late."""
        await super().arrived()
        if self._text("line") != self._line:
            await self._read(self._text("line"))

    async def _read(self, text: str) -> None:
        self._line = text
        names = frozenset(self.whom.long_names())
        line = shorthand.read_line(text, names)
        closed = "," if line.how or line.note or text.endswith(" ") else ""
        self.sheet.texts |= {
            "person": ", ".join(line.who) + closed,
            "how": line.how,
            "note": line.note,
            "when": line.when,
        }
        await self.whom.typed()
        self.query_one("#read", Shown).say(self._echo(line))

    def _echo(self, line: shorthand.Line) -> str:
        how = understood("how", line.how, self._now()) if line.how else ""
        parts = [self._when_said(line), how, f"note: {line.note}" if line.note else ""]
        return "          " + " \u00b7 ".join(part for part in parts if part)

    def _when_said(self, line: shorthand.Line) -> str:
        try:
            at = self._at(line.when)
        except BeechError as error:
            return str(error)
        return periods.spoken(at) if at is not None else ""

    def _night(self) -> date:
        return shorthand.night_of(self._text("day"), self._now())

    def _at(self, clock: str) -> int | None:
        return shorthand.on_shift(clock, self._night(), self._now()) if clock else self._last_at

    def is_in(self, name: str) -> bool:
        """Tell whether the cursor is in a field; who it was stands in the line."""
        return super().is_in("line" if name == "person" else name)

    async def somebody_new(self, fragment: str, called: str) -> None:
        """Leave her to the full form, where her age is asked."""
        self.say(f"{fragment} is somebody new: Tab opens the full form for this line.")

    def unsaved(self) -> Draft | None:
        """Return the line as a draft of the form."""
        if self.is_gone or not self.sheet.text("person").strip():
            return None
        whole = self._whole()
        return Draft(self.draft, 0, KIND, whole.kept(), whole.about())

    def _whole(self) -> Sheet:
        """Return the line as the form has it."""
        sheet = Sheet(dict(self.sheet.texts), dict(self.sheet.chosen), begun=self.desk.now())
        sheet.texts["person"] = sheet.text("person").rstrip(", ")
        sheet.texts["sector"] = self._text("sector")
        try:
            at = self._at(sheet.text("when"))
        except BeechError:
            at = None
        sheet.texts["when"] = periods.iso(at)[:16].replace("T", " ") if at is not None else sheet.text("when")
        sheet.officers = tuple(shorthand.split_people(self._text("crew")))
        sheet.partner = self._text("partner")
        return sheet

    # the keys

    async def action_enter(self) -> None:
        """Go on to the next question; on the line, save it."""
        await self.arrived()
        if self.is_in("line"):
            await self._save()
        else:
            self._keep_header()
            self._step(1)

    async def action_tab(self) -> None:
        """Open the full form for the line; in the questions above, go on."""
        await self.arrived()
        if not self.is_in("line"):
            self._step(1)
            return
        await self.whom.leave()
        if not self.is_current:  # it was locked, or left, meanwhile
            return
        draft = Draft(self.draft, 0, KIND, self._whole().kept())
        self.beech.push_screen(NewEngagement(draft, once=True), self._saved_in_full)

    async def action_save(self) -> None:
        """Save the line."""
        await self.arrived()
        await self._save()

    async def action_close(self) -> None:
        """Go back; a line that is not saved stays as a draft."""
        await self.arrived()
        if self.unsaved() is None:
            await self.keeper.drop()
        else:
            await self.keeper.keep()
        self.dismiss(None)

    async def _save(self) -> None:
        if not self._under_way:
            self._under_way = True
            await self.for_a_moment(self._save_alone())

    async def _save_alone(self) -> None:
        try:
            await self._save_line()
        finally:
            self._under_way = False

    async def _save_line(self) -> None:
        against = "" if not await self.whom.settle() else _PICK
        against = against or self._wrong_time()
        if against:
            self.say(f"Line: {against}", alarm=True)
            return
        whole = self._whole()
        read = await self.ask(engagements.read, whole.typed())
        if read is None:
            return
        contact, faults = read
        if faults:
            self.say(f"Line: {faults[0].sentence}", alarm=True)
            return
        saved = await put(self, contact, self.draft)
        if saved is not None and self.is_attached:
            self._was_saved(saved, whole)
        elif saved is None:
            self.beech.keep_unsaved()

    def _wrong_time(self) -> str:
        try:
            missing = self._at(self.sheet.text("when")) is None
        except BeechError as error:
            return str(error)
        return "begin the first one with its time, as 2250" if missing else ""

    def _was_saved(self, saved: Saved, whole: Sheet) -> None:
        self._last_at = self._at(self.sheet.text("when"))
        who = ", ".join(
            whole.chosen[one.casefold()].pseudonym if one.casefold() in whole.chosen else one
            for one in whole.fragments()
        )
        note = self.sheet.text("note")
        self._told.append(f"{whole.text('when')[11:]}  {saved.ref}  {who}{f'  {note}' if note else ''}")
        self._anew(saved.ref)

    def _saved_in_full(self, ref: str | None) -> None:
        """List what the full form has saved for a line."""
        if ref is not None:
            self._told.append(f"       {ref}  {self.sheet.text('person').rstrip(', ')}  (full form)")
            self._anew(ref)

    def _anew(self, ref: str) -> None:
        self.draft = drafts.new_id()
        self.sheet = Sheet()
        field = self._field("line")
        field.value = ""
        self.query_one(Offers).clear()
        self.query_one("#told", Shown).say("\n".join(self._told))
        self.query_one("#saved", VerticalScroll).scroll_end(animate=False)
        self.say(f"Saved {ref}. F9 undoes")
        field.focus()
