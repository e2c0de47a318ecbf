"""The match panel's work: what is typed is looked for while it is typed, one question at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from db import engagements
from db.rules.mentions import read_mentions
from tui.desk import SEARCH
from tui.engagement.matches import Matches, summary
from tui.record import open_record

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.engagement.form import NewEngagement

Record = dict[str, Any]


class Looking:
    """Looks for what Car/man and Note describe; asks anew only when they describe something else."""

    def __init__(self, form: NewEngagement) -> None:
        self._form = form
        self._asked: Record = {}
        self._wanted = ""
        self._under_way = False
        self._hits: list[Record] = []
        self._from: Widget | None = None

    def changed(self) -> None:
        """Look again, once the look that is under way has ended."""
        sheet = self._form.sheet
        self._wanted = "; ".join(one for one in (sheet.text("said"), sheet.text("note")) if one.strip())
        if not self._under_way:
            self._under_way = True
            self._form.run_worker(self._look())

    async def _look(self) -> None:
        try:
            looked = None
            while looked != self._wanted:
                looked = self._wanted
                described = read_mentions(looked)
                if described == self._asked:
                    continue
                self._asked = described
                hits = await self._form.ask_in(SEARCH, engagements.look_for, looked) if described else []
                if hits is not None and self._form.is_mounted:
                    self._hits = hits
                    self.draw()
        finally:
            self._under_way = False

    def draw(self) -> None:
        """Show who is not set aside."""
        form = self._form
        shown = [hit for hit in self._hits if hit["ref"] not in form.sheet.set_aside]
        form.query_one(Matches).show(shown, form.sheet.linked)
        form.query_one("#matches-title", Static).update(f"POSSIBLE MATCHES {len(shown) or ''}  (F7)")
        line = form.query_one("#matches-line", Static)
        line.update(summary(len(shown)))
        line.display = bool(shown)

    def turn(self) -> None:
        """Go to the panel, and from it back to the field one came from."""
        form = self._form
        panel = form.query_one(Matches)
        if form.focused is panel:
            form.remove_class("-panel")
            (self._from or form.field("said")).focus()
        elif panel.hits:
            self._from = form.focused
            form.add_class("-panel")
            panel.focus()
        else:
            form.say("Nobody on the watchlist answers to that, so far.")

    def act(self, what: str, ref: str) -> None:
        """Do what a key in the panel asks: link him when the form is saved, or set him aside."""
        sheet = self._form.sheet
        if what == "open":
            self._form.run_worker(open_record(self._form, "offender", ref))
            return
        if what == "link":
            self._link(ref)
        elif what == "aside":
            sheet.set_aside.append(ref)
            if ref in sheet.linked:
                sheet.linked.remove(ref)
            self._form.say(f"{ref} is set aside for this contact: not him.")
        self.draw()
        self._form.touched()
        if not self._form.query_one(Matches).hits:
            self.turn()

    def _link(self, ref: str) -> None:
        sheet = self._form.sheet
        if ref in sheet.linked:
            sheet.linked.remove(ref)
            self._form.say(f"{ref} is not linked.")
            return
        sheet.linked[:] = [ref]
        more = "" if sheet.events() else " It hangs on a concern: give its letter in Concerns."
        self._form.say(f"{ref} is linked when this is saved; l again takes it back.{more}")
