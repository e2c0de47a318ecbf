"""A contact that was put on the wrong woman, moved to the right one with all that hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import records
from db.errors import Refused
from db.rules import periods
from db.rules.records import KINDS
from db.vault import fold, grouping, journal
from db.vault.projection import quoted, read_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Found, Why
    from db.vault.store import Store
    from db.vault.writing import Write


class Reassigned(NamedTuple):
    """The contact's reference, what moved with it, and what may have come of it and was left where it is."""

    ref: str
    moved: list[str]
    left: list[str]


def reassign(store: Store, ref: str, wrong: str, right: str, why: Why) -> Reassigned:
    """Move a contact from one woman to another in one transaction; ``records.undo`` takes the whole back.

    With it go the concerns on it and the referrals that came from it, where they name the wrong woman;
    follow-ups about it or about these point at them and need no change. Referrals and follow-ups of hers
    that were entered on the same day and name no contact stay, and are told.

    Args:
        store: the open unit.
        ref: the engagement's.
        wrong: whom it was put on, by any reference of hers.
        right: whom it is moved to.
        why: asked for where another member entered what is moved.

    Raises:
        Refused: she is not on it, both are one record, or something does not stand.
        NotFound: a reference names nothing.
        Usage: another member entered some of it, and no reason is given.
    """
    with store.write(why.reason, why.note) as tx:
        contact = records.find(tx, store.id_key, ref, ("engagement",))
        old, new = (records.find(tx, store.id_key, text, ("person",)) for text in (wrong, right))
        for found in (contact, new):
            if found.state != "present":
                raise Refused(f"{found.ref} is {found.state}: nothing was moved")
        hers = _on(tx, contact, old)
        if new.n in hers:
            raise Refused(f"{new.ref} is whom it is on already: nothing was moved")
        along = _hanging(tx, contact, list(hers))
        left = _beside(tx, contact, list(hers))
        people = read_fields(tx, "engagement", contact.n)["people"]
        moved = [new.id.hex() if one in hers.values() else one for one in people]
        _move(store, tx, (contact, contact), {"people": list(dict.fromkeys(moved))}, why)
        for one in along:
            _move(store, tx, (contact, one), {"person": new.id.hex()}, why)
    return Reassigned(contact.ref, [one.ref for one in along], left)


def _on(tx: Write, contact: Found, woman: Found) -> dict[int, str]:
    """Return the number and id of her, or of those merged with her, that the contact is on."""
    hers = {
        n: record.hex()
        for n, record in tx.execute(
            "select r.n, r.id from link as l join record as r on r.n = l.target "
            "where l.source = ? and l.field = 'people' order by l.place",
            (contact.n,),
        ).fetchall()
    }
    named = [n for n in [woman.n, *grouping.together(tx, woman.n)] if n in hers]
    if not named:
        raise Refused(f"{woman.ref} is not on {contact.ref}: nothing was moved")
    return {named[0]: hers[named[0]]}


def _move(store: Store, tx: Write, pair: tuple[Found, Found], fields: dict[str, Any], why: Why) -> None:
    contact, one = pair
    records.reason_for_others(store, tx, one, why)
    tx.amend(one.id, fields, detail={"event": records.REASSIGN, "with": contact.id.hex()})


def _hanging(tx: Write, contact: Found, women: Sequence[int]) -> list[Found]:
    """Return what names both the contact and her: concerns, referrals, whatever kind has both."""
    found: list[Found] = []
    for name, kind in KINDS.items():
        if kind.field("person") and kind.field("engagement"):
            rows = tx.execute(
                "select r.n, r.id, r.kind, r.state, r.ref from record as r "  # noqa: S608 - a kind's name
                f"join {quoted(name)} as x on x.n = r.n where x.engagement = ? and x.person = ? "
                "and r.state <> 'erased' order by r.n",
                (contact.n, women[0]),
            ).fetchall()
            found.extend(records.Found(*row) for row in rows)
    return found


def _beside(tx: Write, contact: Found, women: Sequence[int]) -> list[str]:
    """Return her referrals and follow-ups of the day the contact was entered that name no contact."""
    rows = tx.execute(
        "select r.ref, r.heads from referral as x cross join record as r on r.n = x.n "
        "where x.person = ?1 and x.engagement is null and r.state = 'present' union all "
        "select r.ref, r.heads from followup as x cross join record as r on r.n = x.n "
        "where x.about = ?1 and r.state = 'present'",
        (women[0],),
    ).fetchall()
    (heads,) = tx.execute("select heads from record where n = ?", (contact.n,)).fetchone()
    entered = _entered(tx, heads)
    return [ref for ref, its_heads in rows if _entered(tx, its_heads) == entered]


def _entered(tx: Write, heads: str) -> str:
    """Return the local day on which a record was entered."""
    first = fold.lineage(tx, heads)[0]
    return periods.local_day(journal.wall_ms(first.at) // 1000).isoformat()
