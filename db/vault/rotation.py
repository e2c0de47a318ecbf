"""A new store key, in a new file: never in place. A kill at any step leaves a unit that opens.

members.json holds both generations while the file is changed over; a generation is named by the file's salt.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from db.errors import Damaged
from db.vault import cipher, files, holding, keys, opening, signing
from db.vault.members import fold_store
from db.vault.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from db.vault.keys import Members, Opened
    from db.vault.store import Face, Store

STEPS = ("begin", "both generations", "copied", "verified", "emptied", "renamed", "one generation")


def rotate_store(
    folder: Path, opened: Opened, face: Face, step: Callable[[str], None] = lambda _: None
) -> Opened:
    """Re-encrypt the unit under a new key, sealed only to those whom the signed journal calls members.

    Args:
        folder: the unit's; no other process may have it open.
        opened: a member's open slot.
        face: who asks.
        step: told each of STEPS once it is done; the tests stop there.

    Returns:
        The member's slot as it now is, open.

    Raises:
        Busy: somebody else has the unit open, or there is no room; nothing was changed.
        Damaged: the unit does not verify; nothing was changed.
    """
    hold = holding.alone(folder)
    try:
        step("begin")
        key, salt = os.urandom(32), os.urandom(16)
        store = opening.with_opened(folder, opened, face, held=True)
        with store:
            entitled = {
                ident: person.key for ident, person in fold_store(store).items() if person.state != "removed"
            }
            members = keys.load(folder / opening.MEMBERS)
            both = _sealed(members, entitled, salt.hex(), key)
            keys.save(folder / opening.MEMBERS, both)
            step("both generations")
            path = folder / f"{opening.DATABASE}.new"
            path.unlink(missing_ok=True)
            files.create_exclusive(path, b"")
            copy = cipher.connect(path, key, salt=salt)
            try:
                with store.cipher.trusted() as source, copy.trusted() as target:
                    source.backup(target)
                    target.execute("pragma journal_mode = delete")
            finally:
                copy.close()
            step("copied")
            _verify(store, path, key)
            step("verified")
            with store.cipher.trusted() as connection:
                connection.execute("pragma journal_mode = delete")
        step("emptied")
        files.rename(path, folder / opening.DATABASE)
        step("renamed")
        alone = keys.Members(both.unit, tuple(_only(slot, salt.hex()) for slot in both.slots))
        keys.save(folder / opening.MEMBERS, alone)
        step("one generation")
        mine = replace(opened, slot=alone.named(opened.slot.member))
        with opening.with_opened(folder, mine, face, held=True) as store, store.write() as tx:
            tx.chain.event("rotate", {"generation": salt.hex()})
    finally:
        hold.release()
    return mine


def _sealed(members: Members, entitled: dict[str, str], generation: str, key: bytes) -> Members:
    """Return the slots of those entitled, by the journal, each with the new key beside the old."""
    slots = []
    for slot in members.slots:
        public = entitled.get(slot.member)
        if public is None or public != slot.public:
            continue
        slots.append(replace(slot, store_keys=slot.store_keys | {generation: signing.seal_to(public, key)}))
    return keys.Members(members.unit, tuple(slots))


def _only(slot: keys.Slot, generation: str) -> keys.Slot:
    return replace(slot, store_keys={generation: slot.store_keys[generation]})


def _verify(store: Store, path: Path, key: bytes) -> None:
    with opening.beside(store, path.parent, path.name, key) as copy:
        faults = verify(copy).faults
    if faults:
        path.unlink(missing_ok=True)
        raise Damaged(
            f"the unit does not verify ({faults[0].name}): it keeps its old key; "
            "run 'beech journal verify', then restore a backup"
        )
