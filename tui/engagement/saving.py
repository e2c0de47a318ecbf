"""Saving the form: what is missing is asked for in its field; what was saved, one key takes back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from db import engagements
from db.errors import BeechError, Busy, Locked
from tui.engagement.fields import Field
from tui.engagement.reported import ConcernLine

if TYPE_CHECKING:
    from db.engagements import Contact, Fault, Saved
    from db.vault.store import Store
    from tui.engagement.form import NewEngagement
    from tui.engagement.whom import Naming

BUSY = "Not saved: another program holds the file. Kept as a draft. ^S tries again."


async def put(screen: Naming, contact: Contact, draft: str) -> Saved | None:
    """Save a contact whole and drop its draft, so that F9 takes it back; else say what stands against it."""

    def keep(store: Store) -> Saved:
        made = engagements.save(store, contact, draft)
        screen.beech.drafts.gone.add(draft)  # in the thread: no pause, no lock keeps it once more
        return made

    try:
        saved = await screen.desk.call(keep)
    except Busy:
        screen.say(BUSY, alarm=True)
    except Locked as error:
        screen.tell(error)
    except BeechError as error:
        screen.say(f"Not saved: {error}. Kept as a draft.", alarm=True)
    else:
        screen.beech.drafts.saved(draft)
        screen.beech.saved = partial(engagements.take_back, saved=saved)
        return saved
    return None


class Saver:
    """Saves one form, one save at a time; a form that is closed meanwhile is saved all the same."""

    def __init__(self, form: NewEngagement) -> None:
        self._form = form
        self._under_way = False

    async def save(self) -> None:
        """Save, unless that is under way; the work is the app's, so that no Esc cuts it off."""
        if not self._under_way:
            self._under_way = True
            await self._form.for_a_moment(self._save())

    async def _save(self) -> None:
        try:
            contact = await self._read()
            if contact is not None and await self._form.stops.may_save():
                await self._put(contact)
        finally:
            self._under_way = False

    async def _read(self) -> Contact | None:
        """Return what is typed as a contact; or lead to what stands against it."""
        form = self._form
        if await form.whom.settle():
            form.whom.draw()
            form.field("person").focus()
            form.whom.offer_first()
            form.say("Person: pick who is meant with the arrows; + makes somebody new.", alarm=True)
            return None
        read = await form.ask(engagements.read, form.sheet.typed())
        if read is None:
            return None
        contact, faults = read
        if faults:
            self.lead_to(faults[0])
            return None
        return contact

    async def _put(self, contact: Contact) -> None:
        form = self._form
        form.keeper.rest()
        saved = await put(form, contact, form.draft)
        if saved is None:
            await form.keeper.keep()
            return
        form.beech.shift.after(form.sheet.text("sector"), form.sheet.text("how"))
        if not form.stands:
            form.beech.notify(f"Saved {saved.ref}. F9 undoes")
        elif form.once:
            form.dismiss(saved.ref)
        else:
            await form.begin_anew()
            form.say(f"Saved {saved.ref}. F9 undoes")
        if saved.repeat:
            form.beech.notify(saved.repeat, severity="warning")

    def lead_to(self, fault: Fault) -> None:
        """Put the cursor where something is to be answered, and say what."""
        form = self._form
        form.say(fault.sentence, alarm=True)
        if not form.stands:
            return
        if fault.field.startswith("concern "):
            _, place, name = fault.field.split()
            line = list(form.query(ConcernLine))[int(place)]
            next(field for field in line.query(Field) if field.said == f"concern {name}").focus()
        else:
            form.query_one(f"#field-{fault.field}").focus()
