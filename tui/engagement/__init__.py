"""The form for a new engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.drafts import Draft
    from tui.app import Beech


def open_form(beech: Beech, draft: Draft | None = None) -> None:
    """Open the form over what is shown, with a draft in it; over the form itself, turn it into write-up."""
    beech.notify("'beech log' records a contact")
