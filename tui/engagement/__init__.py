"""The form for a new engagement, the write-up of a shift, and the questions asked over a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.drafts import Draft
    from tui.app import Beech


def open_form(beech: Beech, draft: Draft | None = None) -> None:
    """Open the form over the screen that is shown, with a draft in it; over the form itself, write up."""
    from tui.engagement.form import NewEngagement
    from tui.engagement.writeup import WriteUp

    shown = beech.screen
    if isinstance(shown, NewEngagement | WriteUp):
        beech.keep_unsaved()
        beech.pop_screen()
        if not isinstance(beech.screen, NewEngagement | WriteUp):
            beech.push_screen(WriteUp() if isinstance(shown, NewEngagement) else NewEngagement(draft))
        return
    if any(isinstance(screen, NewEngagement | WriteUp) for screen in beech.screen_stack):
        while not isinstance(beech.screen, NewEngagement | WriteUp):
            beech.pop_screen()
        return
    beech.push_screen(NewEngagement(draft))


def again(beech: Beech, pseudonym: str) -> None:
    """Open the form for a woman, as her last contact was; a draft that is kept stays where it is."""
    from db import drafts
    from tui.engagement.form import KIND, NewEngagement
    from tui.engagement.sheet import Sheet

    fields = Sheet({"person": pseudonym}, begun=beech.desk.now()).kept()
    form = NewEngagement(drafts.Draft(drafts.new_id(), beech.desk.now(), KIND, fields))
    beech.push_screen(form)
    form.call_after_refresh(form.action_again)
