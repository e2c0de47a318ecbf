"""The key to the names: who holds it, handing it on, and changing it when a liaison leaves.

A rotation re-seals the data keys and touches no payload.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from db.errors import Damaged, Locked
from db.vault import keys, opening, signing
from db.vault.members import RECOVERY, fold_store

if TYPE_CHECKING:
    from db.vault.keys import Opened
    from db.vault.store import Store


def hand_on(store: Store, opened: Opened, member: str) -> bool:
    """Seal the names' key to a member whom the signed journal calls liaison; returns whether it was.

    A supervisor who is no liaison cannot: the next liaison who unlocks does.
    """
    _, identities = opened.all_keys()
    person = fold_store(store).get(member)
    if not identities or person is None or "liaison" not in person.roles:
        return False
    path = store.folder / opening.MEMBERS
    members = keys.load(path)
    slot = next((s for s in members.slots if s.member == member and s.public == person.key), None)
    if slot is None:
        return False
    sealed = {public: signing.seal_to(slot.public, key) for public, key in identities.items()}
    keys.save(path, members.put(replace(slot, identity_keys=sealed)))
    return True


def hand_on_all(store: Store, opened: Opened) -> list[str]:
    """Seal the names' key to every liaison who lacks it; returns their ids. For a liaison who unlocks."""
    if not opened.slot.identity_keys:
        return []
    lacking = [
        slot.member
        for slot in keys.load(store.folder / opening.MEMBERS).slots
        if slot.kind != "recovery" and not slot.identity_keys
    ]
    return [member for member in lacking if hand_on(store, opened, member)]


def is_due(store: Store) -> bool:
    """Tell whether somebody who held the names' key has left, or lost the role, since it was last changed."""
    due = False
    for (detail,) in store.cipher.execute(
        "select detail from entry where operation = 'security' order by at, desk"
    ):
        event = json.loads(detail).get("event")
        if event == "identity_due":
            due = True
        elif event == "identity_new":
            due = False
    return due


def rotate(store: Store, opened: Opened) -> None:
    """Make a new identity key, re-seal every data key to it, and give it to the liaisons of the journal.

    Raises:
        Locked: this member is no liaison.
        Damaged: a data key does not open; nothing was changed.
    """
    from nacl.bindings import crypto_box_seal, crypto_box_seal_open
    from nacl.exceptions import CryptoError

    _, held = opened.all_keys()
    if not held:
        raise Locked("only a liaison can change the key to the names")
    public, private = signing.new_box()
    path = store.folder / opening.MEMBERS
    people = fold_store(store)
    entitled = {ident: p.key for ident, p in people.items() if "liaison" in p.roles and p.state != "removed"}
    entitled[RECOVERY] = people[RECOVERY].key

    def given(slot: keys.Slot, *, old: bool) -> keys.Slot:
        if entitled.get(slot.member) != slot.public:
            return replace(slot, identity_keys={})
        kept = slot.identity_keys if old else {}
        return replace(slot, identity_keys=kept | {public.hex(): signing.seal_to(slot.public, private)})

    members = keys.load(path)
    keys.save(path, keys.Members(members.unit, tuple(given(slot, old=True) for slot in members.slots)))
    with store.write() as tx:
        resealed = []
        for desk, seq, old, sealed in tx.execute("select desk, seq, identity_key, sealed from data_key"):
            try:
                data_key = crypto_box_seal_open(sealed, old, held[old.hex()])
            except (CryptoError, KeyError):
                raise Damaged("a data key does not open: run 'beech journal verify'") from None
            resealed.append((public, crypto_box_seal(data_key, public), desk, seq))
        tx.chain.event("identity_new", {"identity_key": public.hex()})
        tx.reseal(resealed)
    members = keys.load(path)
    keys.save(path, keys.Members(members.unit, tuple(given(slot, old=False) for slot in members.slots)))


def current(store: Store) -> bytes:
    """Return the public identity key that names are sealed to now."""
    row = store.cipher.execute(
        "select detail from entry where operation = 'security' and detail like '%\"identity_new\"%' "
        "order by at desc limit 1"
    ).fetchone()
    return bytes.fromhex(json.loads(row[0])["identity_key"] if row else store.genesis["identity_key"])
