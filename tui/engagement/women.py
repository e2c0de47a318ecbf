"""What the form does about the women it names: who is new gets her line, who is known her last contact."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.containers import Vertical

from db import engagements, pseudonyms
from tui.desk import SEARCH
from tui.engagement.fields import Field
from tui.engagement.person import NewOffers, NewWoman
from tui.engagement.walking import Walking


class Women(Walking):
    """A form that names women, with room for those who are new."""

    BINDINGS: ClassVar = [Binding("f8", "again", "Same again", show=False, priority=True)]

    def field(self, name: str) -> Field:
        """Return a field of one line by its name."""
        return self.query_one(f"#field-{name}", Field)

    async def somebody_new(self, fragment: str, called: str) -> None:
        """Open a line for somebody new, with a pseudonym of the list; never what was searched for."""
        offered = await self.ask(pseudonyms.offer)
        near = await self.ask_in(SEARCH, engagements.alike, called or fragment.lstrip("+"))
        if offered is not None:
            answers = {"pseudonym": offered[0], "called": called, "age": ""}
            self.sheet.new[fragment.casefold()] = answers
            await self.open_new(fragment, answers, NewOffers(offered, near or []))

    async def open_new(self, fragment: str, answers: dict[str, str], offers: NewOffers) -> None:
        """Open the line of somebody new."""
        await self.query_one("#new", Vertical).mount(NewWoman(fragment, answers, offers))

    async def action_again(self) -> None:
        """Repeat how, sector and needs of her last contact; nothing that she said."""
        await self.arrived()
        await self.whom.leave()
        await self.whom.settle()
        await self.whom.look_up()
        her = self.whom.her
        if her is None:
            self.say("F8 repeats how, sector and needs of one woman: name her first.")
            return
        for name, text in zip(("how", "sector", "needs"), her.again, strict=True):
            if text:
                self.field(name).value = text
        self.say(f"As on the last contact with {her.pseudonym}: how, sector, needs. Nothing that she said.")
