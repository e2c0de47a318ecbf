"""The match panel's work: what is typed is looked for while it is typed, one question at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules.mentions import read_mentions
from db.watchlist.live import Live
from db.watchlist.looking import Matches
from tui.desk import SEARCH
from tui.engagement import matches
from tui.record import open_record
from tui.shown import Shown

if TYPE_CHECKING:
    from textual.widget import Widget

    from db.vault.store import Store
    from tui.engagement.form import NewEngagement

Record = dict[str, Any]

_NOBODY = Matches([], 0, None)


class Looking:
    """Looks for what Car/man and Note describe; asks anew only when they describe something else."""

    def __init__(self, form: NewEngagement) -> None:
        self._form = form
        self._asked: Record = {}
        self._wanted: tuple[str, ...] = ()
        self._under_way = False
        self._hits: list[Record] = []
        self._from: Widget | None = None
        self._live: Live | None = None

    def changed(self) -> None:
        """Look again, once the look that is under way has ended."""
        sheet = self._form.sheet
        self._wanted = (sheet.text("said"), sheet.text("note"))
        if not self._under_way:
            self._under_way = True
            self._form.run_worker(self._look())

    async def _look(self) -> None:
        try:
            looked = None
            while looked != self._wanted:
                looked = self._wanted
                described = read_mentions("\n".join(filter(None, looked)))
                if described == self._asked:
                    continue
                self._asked = described
                found = await self._form.ask_in(SEARCH, self._match, looked) if described else _NOBODY
                if found is not None and self._form.is_mounted and self._asked == described:
                    self._hits = found.hits
                    self.draw()
        finally:
            self._under_way = False

    def _match(self, store: Store, texts: tuple[str, ...]) -> Matches:
        if self._live is None:
            self._live = Live(store)  # one look for as long as the contact is typed
        return self._live.match_text(*texts)

    async def end(self) -> None:
        """End the look: the journal says what was asked last, and how much was shown."""
        live, self._live = self._live, None
        self._asked, self._hits = {}, []
        if live is not None and self._form.desk.unlocked:
            await self._form.ask_in(SEARCH, lambda _: live.close())

    def begin_anew(self) -> None:
        """Empty the panel, the look being ended: no man is offered to a contact that did not mean him."""
        self._wanted = ()
        self._form.remove_class("-panel")
        self.draw()

    def draw(self) -> None:
        """Show who is not set aside."""
        form = self._form
        shown = [hit for hit in self._hits if hit["ref"] not in form.sheet.set_aside]
        form.query_one(matches.Matches).show(shown, form.sheet.linked)
        form.query_one("#matches-title", Shown).say(f"POSSIBLE MATCHES {len(shown) or ''}  (F7)")
        line = form.query_one("#matches-line", Shown)
        line.say(matches.summary(len(shown)))
        line.display = bool(shown)

    def turn(self) -> None:
        """Go to the panel, and from it back to the field one came from."""
        form = self._form
        panel = form.query_one(matches.Matches)
        if form.focused is panel:
            form.remove_class("-panel")
            (self._from or form.field("said")).focus()
        elif panel.hits:
            self._from = form.focused
            form.add_class("-panel")
            panel.focus()
        else:
            form.say("Nobody on the watchlist answers to that, so far.")

    def leave(self) -> None:
        """Go back from the panel, where one is in it: it may stand over the form."""
        if self._form.focused is self._form.query_one(matches.Matches):
            self.turn()

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
        if not self._form.query_one(matches.Matches).hits:
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
