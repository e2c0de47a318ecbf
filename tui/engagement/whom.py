"""Person, as it is typed: who is offered, who was picked, who is new; what was last with the one picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import engagements
from tui.choosing import NOBODY
from tui.desk import SEARCH
from tui.engagement.person import NewWoman, Offers, day
from tui.shown import Shown
from tui.subject import Over

if TYPE_CHECKING:
    from db.engagements import Lately, Somebody
    from tui.engagement.keeping import Keeper
    from tui.engagement.sheet import Sheet


class Naming(Over):
    """A screen that names women: it has a sheet, and the places where they are offered."""

    sheet: Sheet
    draft: str  # its id
    keeper: Keeper

    @property
    def is_gone(self) -> bool:
        """Tell whether what is typed was saved, or is being wiped: no draft of it is kept any more."""
        return self.draft in self.beech.drafts.gone

    def touched(self) -> None:
        """Keep what is typed at the next pause."""
        self.keeper.touch()

    def is_in(self, name: str) -> bool:
        """Tell whether the cursor is in a field."""
        return getattr(self.focused, "said", "") == name

    async def somebody_new(self, fragment: str, called: str) -> None:
        """Do what is to be done when a fragment is somebody whom the unit does not know."""
        raise NotImplementedError


class Whom:
    """Settles each fragment of Person: on whom the officer picked, or the only one who answers to it."""

    def __init__(self, form: Naming) -> None:
        self._form = form
        self._found: dict[str, list[Somebody]] = {}
        self._waiting: set[str] = set()  # left before anybody was offered
        self._lately: dict[str, Lately] = {}
        self.her: Lately | None = None

    @property
    def _offers(self) -> Offers:
        return self._form.query_one(Offers)

    async def typed(self) -> None:
        """Follow a change of the field: offer, settle what a comma closed, let go of who is gone."""
        sheet, offers = self._form.sheet, self._offers
        fragment = sheet.open_fragment()
        for closed in sheet.unsettled():
            if closed != fragment:
                await self._close(closed)
        await self._let_go()
        if fragment in sheet.unsettled() and not fragment.startswith("+"):
            self._offer(fragment)
        else:
            offers.clear()
        self.draw()

    async def leave(self) -> bool:
        """Settle the fragment that Enter or Tab closes; tell whether to go on, or to settle another first."""
        open_one, offered = self._form.sheet.open_fragment(), self._offers.fragment
        fragment = offered if offered in self._form.sheet.unsettled() else open_one
        if fragment in self._form.sheet.unsettled():
            await self._close(fragment)
        left = [one for one in self._form.sheet.unsettled() if one not in self._waiting]
        self._offers.clear()
        self.draw()
        if fragment == open_one or not left or left == [fragment]:
            return True
        self._offer(left[0])
        return False

    def offer_first(self) -> None:
        """Offer women for the first fragment that stands for nobody yet."""
        left = self._form.sheet.unsettled()
        if left:
            self._offer(left[0])

    async def settle(self) -> list[str]:
        """Settle whatever is open, asking again where need be; returns the fragments that stay open."""
        for fragment in self._form.sheet.unsettled():
            await self._close(fragment)
            if fragment in self._waiting:
                await self._fetch(fragment)
        return self._form.sheet.unsettled()

    # one fragment

    async def _close(self, fragment: str) -> None:
        offers = self._offers
        if fragment.startswith("+"):
            await self._form.somebody_new(fragment, fragment[1:].strip())
        elif offers.fragment != fragment or offers.place == NOBODY:
            self._settle_alone(fragment)
        elif offers.picked is not None:
            self._choose(fragment, offers.picked)
        else:
            await self._form.somebody_new(fragment, "")

    def _settle_alone(self, fragment: str) -> None:
        """Choose the only woman who answers to it; wait where it is not known yet."""
        found = self._known(fragment)
        if found is None:
            self._waiting.add(fragment)
            self._form.run_worker(self._fetch(fragment))
            return
        self._waiting.discard(fragment)
        begun = [one for one in found if one.answers_to(fragment)]
        exact = [one for one in begun if fragment.casefold() in one.names()]
        only = exact if len(exact) == 1 else begun
        if len(only) == 1:
            self._choose(fragment, only[0])
        else:
            who = "Several are" if begun else "Nobody is"
            self._form.say(
                f"Person: {who} called so. Pick with the arrows; + makes somebody new, ?1 gave no name.",
                alarm=True,
            )

    def _choose(self, fragment: str, her: Somebody) -> None:
        self._form.sheet.chosen[fragment.casefold()] = her
        self._waiting.discard(fragment)
        self._form.touched()
        self._form.run_worker(self.look_up())

    async def _let_go(self) -> None:
        """Forget who is new, and whoever was picked, once the text names her no more."""
        sheet = self._form.sheet
        named = {one.casefold() for one in sheet.fragments()}
        for line in self._form.query(NewWoman):
            if line.fragment.casefold() not in named:
                sheet.new.pop(line.fragment.casefold(), None)
                await line.remove()

    # offering

    def long_names(self) -> list[str]:
        """Return the names of several words among those looked up."""
        return [
            name for found in self._found.values() for one in found for name in one.names() if " " in name
        ]

    def _known(self, fragment: str) -> list[Somebody] | None:
        """Return who answers to a fragment, out of what was looked up already; None where nothing was."""
        for length in range(len(fragment), 0, -1):
            begun = self._found.get(fragment[:length].casefold())
            if begun is not None:
                if length == len(fragment):
                    return begun
                narrowed = [one for one in begun if one.answers_to(fragment)]
                return narrowed or None
        return None

    def _offer(self, fragment: str) -> None:
        found = self._known(fragment)
        if found is not None:
            self._offers.offer(fragment, found)
        elif len(fragment) >= engagements.LEAST:
            self._form.run_worker(self._fetch(fragment))
        else:
            self._offers.clear()

    async def _fetch(self, fragment: str) -> None:
        found = await self._form.ask_in(SEARCH, engagements.suggest, fragment)
        if found is None:
            return
        if len(found) < 2 and len(fragment) > engagements.LEAST:
            near = await self._form.ask_in(SEARCH, engagements.alike, fragment) or []
            found = found + [one for one in near if one not in found]
        self._found[fragment.casefold()] = found
        if not self._form.is_mounted:
            return
        if fragment in self._waiting and fragment in self._form.sheet.unsettled():
            self._settle_alone(fragment)
            self.draw()
        elif self._form.is_in("person") and self._form.sheet.open_fragment() == fragment:
            self._offer(fragment)

    def forget(self) -> None:
        """Begin anew with an empty form."""
        self._found, self._lately, self.her = {}, {}, None
        self._waiting.clear()

    # what is said of her

    async def look_up(self) -> None:
        """Learn what was last with the one woman it is about."""
        only = self._form.sheet.only()
        if only is not None and only.ref not in self._lately:
            lately = await self._form.ask_in(SEARCH, engagements.lately, only.ref)
            if lately is not None:
                self._lately[only.ref] = lately
        self.draw()

    def draw(self) -> None:
        """Say whom the field means, her line of safety, and beside the form what was last with her."""
        form = self._form
        only = form.sheet.only()
        self.her = self._lately.get(only.ref) if only is not None else None
        said = [_said(form, fragment) for fragment in form.sheet.fragments()]
        lines = ["  ".join(one for one in said if one)]
        if self.her is not None and (self.her.safety or self.her.risk_grade):
            grade = f"risk {self.her.risk_grade}" if self.her.risk_grade else ""
            lines.append("!! " + ": ".join(one for one in (grade, self.her.safety) if one))
        shown = form.query_one("#who", Shown)
        shown.say("\n".join(line for line in lines if line))
        shown.display = any(lines)
        form.query_one("#her-title", Shown).say(f"{self.her.pseudonym}, last 3" if self.her else "")
        told = [f"{day(on)}  {what}" for on, what in self.her.dealings] if self.her else []
        form.query_one("#her", Shown).say("\n".join(told) or ("nothing yet" if self.her else ""))


def _said(form: Naming, fragment: str) -> str:
    her = form.sheet.chosen.get(fragment.casefold())
    if her is not None:
        names = f' "{her.known_as[0]}"' if her.known_as else ""
        ref = f"{her.ref} " if len(form.sheet.fragments()) == 1 else ""
        return f"{ref}{her.pseudonym}{names}"
    if fragment in form.sheet.unsettled() and fragment != form.sheet.open_fragment():
        return f"{fragment}: who?"
    if fragment.casefold() in form.sheet.new:
        return "somebody new"
    return f"{fragment[1:] or 1} unnamed" if fragment.startswith("?") else ""
