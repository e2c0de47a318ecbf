"""To whom a sheet is handed and why; both stand in the journal's entry of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import settings
from db.errors import Refused
from db.rules import vocabulary

if TYPE_CHECKING:
    from db.vault.store import Store


class Handing(NamedTuple):
    """To whom, by recipient codes, and for which purpose."""

    recipients: tuple[str, ...]
    purpose: str

    @property
    def said(self) -> str:
        """The recipients, as a sheet names them."""
        return ", ".join(self.recipients)


def check(store: Store, handing: Handing) -> None:
    """Refuse who may not hand out, and who is never given anything, before anything is read.

    Raises:
        Refused: this member is no supervisor; or there is no such recipient or purpose.
    """
    if "supervisor" not in store.member.roles:
        raise Refused("only a supervisor may hand out a sheet: ask one, or see 'beech status' for your roles")
    for recipient in handing.recipients:
        settings.check_code(store.cipher, "recipient", recipient)
    vocabulary.check("purpose", handing.purpose)


def clear(event: str, handing: Handing) -> dict[str, Any]:
    """Return what stands in the clear of an entry that hands a sheet to its first recipient."""
    return {"event": event, "purpose": handing.purpose, "recipient": handing.recipients[0]}
