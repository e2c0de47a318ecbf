"""New engagement: one contact on one screen, walked by Enter, saved by ^S from anywhere.

It collects; ``db.engagements`` reads, judges and saves. No text is lost: every pause keeps the draft.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static, TextArea

from db import drafts, records
from db.drafts import Draft
from db.rules import periods
from tui import keys
from tui.desk import SEARCH
from tui.engagement import sheet
from tui.engagement.fields import LEGENDS, Field, Note, Row, legend, understood
from tui.engagement.keeping import Keeper
from tui.engagement.looking import Looking
from tui.engagement.matches import Matches
from tui.engagement.person import NewOffers, NewWoman, Offers
from tui.engagement.reported import ConcernLine
from tui.engagement.saving import Saver
from tui.engagement.sheet import PLAIN, Sheet
from tui.engagement.stops import STAFF_KEY, Stops
from tui.engagement.whom import Whom
from tui.engagement.women import Women
from tui.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Resize
    from textual.geometry import Size
    from textual.widget import Widget

KIND = "engagement"
ROOMY = 96  # columns from which the panel stands beside the form


class NewEngagement(Women):
    """The form for one contact."""

    NAME: ClassVar[str] = "log"
    ABOUT: ClassVar[str] = (
        "One contact. A person, or nobody (-), is enough to save; what nobody said stays unsaid."
    )
    TWIN: ClassVar[str] = "beech log"
    HINTS: ClassVar[str] = "Enter next  ^S save  Esc keep  F7 match  F8 again  F9 undo  F2 write-up  F1 help"
    KEYS: ClassVar = keys.FORM
    BINDINGS: ClassVar = [
        Binding("f7", "panel", "Matches", show=False, priority=True),
    ]

    def __init__(self, draft: Draft | None = None, *, once: bool = False) -> None:
        super().__init__()
        self.once = once  # dismissed with the reference by the first save: a line of the write-up
        self.draft = draft.id if draft else drafts.new_id()
        self.sheet = sheet.opened(draft.fields) if draft else Sheet()
        self.kept_at = draft.at if draft else 0
        self.whom = Whom(self)
        self.looking = Looking(self)
        self.stops = Stops(self)
        self.keeper = Keeper(self, self._kept)
        self.saver = Saver(self)
        self._shown = False  # the fields hold what the sheet holds, or what was typed since

    # how it is drawn

    def body(self) -> Iterable[Widget]:
        """Return the form and the panel beside it."""
        form = VerticalScroll(*self._rows(), id="form", can_focus=False)
        panel = Vertical(
            Shown("POSSIBLE MATCHES", id="matches-title"),
            Matches(),
            Shown(id="her-title"),
            Shown(id="her"),
            id="panel",
        )
        yield Shown(id="form-title")
        yield Horizontal(form, panel, id="sheet")

    def letters(self) -> dict[str, str]:
        """Return what How, Concerns and Needs take."""
        return {name.capitalize(): LEGENDS[name] for name in ("how", "concerns", "needs")}

    def _rows(self) -> Iterable[Widget]:
        yield Row("Person", Field("person"))
        yield Offers()
        yield Shown(id="who")
        yield Vertical(id="new")
        yield Row("How", Field("how", most=40), legend("how"), short=True)
        yield Row("Car/man", Field("said"))
        yield Shown(id="matches-line")
        yield Row("Concerns", Field("concerns", most=200), legend("concerns"), short=True)
        yield Vertical(id="lines")
        yield Shown(id="duties")
        yield Row("Note", Note())
        sector = Static(" Sector ", classes="small", markup=False)
        yield Row("When", Field("when", most=60), legend("when"), sector, Field("sector", most=100))
        yield Row("Needs", Field("needs", most=200), legend("needs"), short=True)
        words = Static("words read to her? ", classes="small", markup=False)
        wording = (words, Field("wording", most=5), legend("wording"))
        yield Row("Sharing", Field("sharing", most=5), legend("sharing"), *wording)
        save = Button("Save ^S", id="save", classes="stop", compact=True)
        yield Row("Go back", Field("go_back", most=200), save)

    async def on_mount(self) -> None:
        """Put into the fields what the draft, or the shift, has for them."""
        self.desk.command = self.NAME
        self.run_worker(self.ask_in(SEARCH, records.today))  # the first question finds its file open
        if not self.sheet.begun:
            self._begin()
        await self._show_sheet()

    def _begin(self) -> None:
        shift = self.beech.shift
        self.sheet = Sheet({"sector": shift.sector, "how": shift.how}, begun=self.desk.now())
        if shift.crew:
            self.sheet.officers = tuple(shift.crew.split(", "))
            self.sheet.partner = shift.partner

    async def _show_sheet(self) -> None:
        with self.prevent(Input.Changed, TextArea.Changed):
            for name in PLAIN:
                text = self.sheet.text(name)
                if name == "note":
                    self.query_one(Note).load_text(text)
                else:
                    self.field(name).value = text
        self._shown = True
        self.field("when").placeholder = periods.spoken(self.sheet.begun)
        for line in self.query(NewWoman):
            await line.remove()
        for fragment, answers in self.sheet.new.items():
            await self.open_new(fragment, answers, NewOffers([], []))
        await self._open_lines()
        for name in PLAIN:
            self._explain(name)
        self.query_one(Offers).clear()
        self.whom.draw()
        self.run_worker(self.whom.look_up())
        self.looking.changed()
        self._draw_title()
        self.run_worker(self.stops.draw())
        self.field("person").focus()

    def on_resize(self, event: Resize) -> None:
        """Draw the title for the new width."""
        super().on_resize(event)
        self._draw_title()

    async def _kept(self, draft: Draft) -> None:
        """Say when it was kept, and what is typed speaks for."""
        self.kept_at = draft.at
        self._draw_title()
        await self.stops.draw()

    def _draw_title(self) -> None:
        if not self.is_mounted:
            return
        said = f" draft kept {periods.to_local(self.kept_at):%H:%M:%S} " if self.kept_at else ""
        rule = "-" if self.beech.looks.ascii else "\u2500"
        head = f"{rule} New engagement "
        room = max(0, self.size.width - len(head) - len(said) - 1)
        self.query_one("#form-title", Shown).say(f"{head}{rule * room}{said}{rule}")

    def fit(self, size: Size) -> None:
        """Put the panel beside the form where there is room for both."""
        super().fit(size)
        self.set_class(size.width >= ROOMY, "-roomy")

    def _explain(self, name: str) -> None:
        """Say after a field what its letters mean."""
        for shown in self.query(f"#legend-{name}").results(Shown):
            now = datetime.fromtimestamp(self.desk.now(), UTC)
            text = understood(name, self.sheet.text(name), now)
            shown.say(text)
            shown.set_class(text.startswith("!!"), "-alarm")

    # what is typed

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Take a field's text into the sheet, and do what follows from it."""
        field = event.input
        if not isinstance(field, Field):
            return
        if field.said in PLAIN:
            await self._plain(field.said, field.value)
        elif field.said.startswith("concern"):
            self.sheet.answers = [line.answers() for line in self.query(ConcernLine)]
        else:
            self.sheet.new |= {line.fragment.casefold(): line.answers() for line in self.query(NewWoman)}
        self.touched()

    async def _plain(self, name: str, text: str) -> None:
        if self.sheet.text(name) == text:
            return
        self.sheet.texts[name] = text
        self._explain(name)
        if name == "person":
            await self.whom.typed()
        if name in ("person", "concerns"):
            await self._open_lines()
        if name in ("said", "note"):
            self.looking.changed()
        if name == "concerns" and STAFF_KEY in text:
            self.run_worker(self.stops.staff())

    async def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Take the note into the sheet."""
        await self._plain("note", event.text_area.text)
        self.touched()

    def on_field_pasted(self) -> None:
        """Say that several lines became one."""
        self.say("Several lines were pasted: they are one line now, joined with '; '.")

    async def _open_lines(self) -> None:
        """Open a line for each concern, and close those whose letter is gone."""
        events, several = self.sheet.events(), self.sheet.several()
        lines = list(self.query(ConcernLine))
        for line in lines[len(events) :]:
            await line.remove()
        for line, behaviours in zip(lines, events, strict=False):
            line.became(behaviours, several)
        for place in range(len(lines), len(events)):
            answers = self.sheet.answers[place] if place < len(self.sheet.answers) else {}
            await self.query_one("#lines", Vertical).mount(
                ConcernLine(place, events[place], answers, several)
            )
        del self.sheet.answers[len(events) :]

    def unsaved(self) -> Draft | None:
        """Return the form as a draft, unless nothing is typed."""
        now = replace(self.sheet, texts=self.sheet.texts | self._in_fields())
        if now.is_empty or self.is_gone:
            return None
        return Draft(self.draft, 0, KIND, now.kept(), now.about())

    def _in_fields(self) -> dict[str, str]:
        """Return what stands in the fields: on a slow machine the sheet hears of it late."""
        if not self._shown or not self.is_attached:
            return {}
        lines = {name: self.field(name).value for name in PLAIN if name != "note"}
        return lines | {"note": self.query_one(Note).text}

    async def arrived(self) -> None:
        """Wait for the keys before this one, and take in what they typed."""
        await super().arrived()
        for name, text in self._in_fields().items():
            await self._plain(name, text)

    def on_matches_acted(self, event: Matches.Acted) -> None:
        """Do what was pressed on a possible match."""
        self.looking.act(event.what, event.ref)

    # the keys

    async def action_panel(self) -> None:
        """Go to the possible matches, and back."""
        await self.arrived()
        self.looking.turn()

    async def action_save(self) -> None:
        """Save, or go to what is still to be answered."""
        await self.arrived()
        self.looking.leave()
        await self.saver.save()

    async def action_close(self) -> None:
        """Close the form; what is typed is kept."""
        await self.arrived()
        if self.sheet.is_empty:
            await self.keeper.drop()
        else:
            await self.keeper.keep()
        await self.looking.end()
        self.dismiss(None)

    async def on_button_pressed(self) -> None:
        """Save by the button as well."""
        await self.saver.save()

    async def begin_anew(self) -> None:
        """Show an empty form, ready for the next contact."""
        self.draft = drafts.new_id()
        self.kept_at = 0
        await self.looking.end()
        self._begin()
        self.looking.begin_anew()
        self.whom.forget()
        await self._show_sheet()
