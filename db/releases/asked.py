"""What a supervisor asks of the register: what left, a page as it was printed, again, and approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import records
from db.errors import Refused
from db.releases.entering import SHEET, Paper, Record, kept, register
from db.vault import projection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.vault.store import Store


def listing(store: Store) -> list[Record]:
    """Return what left, oldest first: reference, what, period, profile, recipient, when, approved by whom."""
    _check(store)
    with store.counts() as reader:
        return [
            {
                "ref": one.ref,
                "what": one.what,
                "from": one.span[0],
                "to": one.span[1],
                "sector": one.sector,
                "profile": one.profile.name,
                "recipient": one.recipient,
                "made_on": one.made_on,
                "withheld": sum(said is None for page in one.pages for said in page.cells.values()),
                "revises": one.revises,
                "approved_on": one.approved_on,
                "approved_by": one.approved_by,
            }
            for one in kept(reader)
        ]


def show(store: Store, ref: str) -> Record:
    """Return a release as it was printed, with what it was made from.

    Raises:
        NotFound: nothing answers to the reference.
    """
    _check(store)
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("release",))
        fields = projection.read_fields(reader, "release", found.n)
    return _shown(found.ref, fields)


def give(store: Store, ref: str, recipient: str) -> Record:
    """Hand the same page to somebody else: a release of its own with the same figures; returns it as printed.

    Raises:
        Refused: the figures are not for that recipient.
    """
    _check(store)
    with store.write() as tx:
        found = records.find(tx, store.id_key, ref, ("release",))
        one = next(one for one in kept(tx) if one.id == found.id)
        if one.profile.name == SHEET:
            raise Refused(f"{found.ref} is a sheet, of which no copy is kept: 'beech brief' makes it anew")
        fields = projection.read_fields(tx, "release", found.n)
        printed: Record = fields["printed"] | {"recipient": recipient}
        paper = Paper(one.what, recipient, one.sector, one.pages, printed, None)
        given = register(store, tx, paper)
    return printed | {"release": given, "made_on": fields["made_on"], "made_from": fields["made_from"]}


def approve(store: Store, ref: str) -> Record:
    """Approve a release for the press: what was a draft may be said. A supervisor's.

    Raises:
        NotFound: nothing answers to the reference.
        Refused: it is approved already.
    """
    _check(store)
    with store.write() as tx:
        found = records.find(tx, store.id_key, ref, ("release",))
        fields = projection.read_fields(tx, "release", found.n)
        if fields.get("approved_on"):
            raise Refused(f"{found.ref} was approved on {fields['approved_on']} already")
        approved = {"approved_on": records.today(store), "approved_by": store.member.name}
        tx.amend(found.id, approved)
    return _shown(found.ref, fields | approved)


def _shown(ref: str, fields: Mapping[str, Any]) -> Record:
    printed: Record = fields["printed"]
    return printed | {
        "release": ref,
        "what": fields["what"],
        "made_on": fields["made_on"],
        "made_from": fields["made_from"],
        "approved_on": fields.get("approved_on"),
        "approved_by": fields.get("approved_by"),
    }


def _check(store: Store) -> None:
    if "supervisor" not in store.member.roles:
        raise Refused(
            "what left the unit is a supervisor's to look at: ask one, or see 'beech status' for your roles"
        )
