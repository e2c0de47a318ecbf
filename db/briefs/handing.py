"""To whom a sheet is handed and why; both stand in the journal's entry of it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from db import releases, settings
from db.errors import Refused
from db.rules import vocabulary
from db.rules.sheets import paper

if TYPE_CHECKING:
    from db.rules.sheets import Sheet
    from db.vault.store import Store
    from db.vault.writing import Write


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


class Entry(NamedTuple):
    """What the journal keeps of a sheet beside to whom it went: its code, how many records, what else.

    ``body`` never holds what a sheet says.
    """

    what: str
    records: int
    body: dict[str, Any] | None = None


def register(store: Store, tx: Write, made: Sheet, handed: Handing, entry: Entry) -> tuple[Sheet, bool]:
    """Enter a sheet in the register for each recipient, a disclosure each.

    Returns:
        The sheet with its release, and whether it was approved for every recipient.
    """
    said = blake2b("".join(paper.markdown(made)).encode(), digest_size=16).hexdigest()
    refs, approved = [], True
    for recipient in handed.recipients:
        entered = releases.enter(store, tx, releases.Leaf(entry.what, made.title, said), recipient)
        detail = {"event": entry.what, "purpose": handed.purpose, "recipient": recipient}
        tx.chain.append(
            "disclosure", "release", entered.id, detail=detail | {"count": entry.records}, body=entry.body
        )
        refs.append(entered.ref)
        approved &= entered.approved_on is not None
    return made._replace(facts=(*made.facts, ("release", ", ".join(refs)))), approved
