"""Making a unit: folder, keys, genesis, the first member and the recovery code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Refused
from db.vault import cipher, files, folders, holding, keys, location, opening, signing
from db.vault.members import RECOVERY
from db.vault.store import Face, Member, Signer, Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Founding(NamedTuple):
    """What ``found`` gives back once: the recovery code is shown, typed back in part, never kept."""

    unit: str
    member: str
    recovery_code: str


def found(  # noqa: PLR0913 - the last three are for tests and shared machines
    folder: Path,
    names: tuple[str, str],
    passphrase: str,
    *,
    cost: tuple[int, int] = keys.DEFAULT,
    clock: Callable[[], int] | None = None,
    group: int | None = None,
) -> Founding:
    """Make a unit: folder, keys, first member (supervisor and liaison), recovery code.

    Args:
        folder: where; made if need be, 0700.
        names: the unit's and the first member's.
        passphrase: the member's; its strength is the face's to check with ``passphrases.fault``.
        cost: Argon2id passes and bytes.
        clock: UTC milliseconds; the wall's by default.
        group: the id of the group whose accounts share the folder; none by default.

    Raises:
        Refused: a unit is there already, or the folder is on a network or synced.
        Busy: another program is making a unit there; or there is no room.
    """
    refuse_existing(folder)
    location.refuse_network(folder)
    folders.make_folder(folder, group)
    hold = holding.alone(folder)
    try:
        refuse_existing(folder)  # which another init may have finished meanwhile
        return _found(folder, names, passphrase, cost, clock)
    finally:
        hold.release()


def _found(
    folder: Path,
    names: tuple[str, str],
    passphrase: str,
    cost: tuple[int, int],
    clock: Callable[[], int] | None,
) -> Founding:
    unit_name, member_name = names
    seed, recovery_seed, store_key = os.urandom(32), os.urandom(32), os.urandom(32)
    identity_public, identity_private = signing.new_box()
    unit, salt, code = os.urandom(16), os.urandom(16), opening.recovery_code()
    member, recovery = os.urandom(8).hex(), RECOVERY

    path = folder / (opening.DATABASE + ".new")
    for suffix in ("", "-wal", "-shm"):  # what an init that was killed has left
        (folder / (opening.DATABASE + ".new" + suffix)).unlink(missing_ok=True)
    files.create_exclusive(path, b"")
    opened = cipher.connect(path, store_key, salt=salt)
    try:
        from db.vault.schema import migrate

        with opened.trusted() as connection:
            migrate(connection)
        detail = {
            "event": "genesis",
            "unit": unit.hex(),
            "id_key": os.urandom(32).hex(),
            "member": member,
            "key": signing.public_of(seed),
            "roles": ["supervisor", "liaison"],
            "recovery_key": signing.public_of(recovery_seed),
            "identity_key": identity_public.hex(),
        }
        who = Member(member, member_name, ("supervisor", "liaison"))
        store = Store(folder, opened, detail, who, Signer(lambda m: signing.sign(seed, m), None, None, None))
        store.face = Face("cli", "init")
        if clock is not None:
            store.clock = clock
        with store.write() as tx:
            tx.chain.event(
                "genesis",
                {k: v for k, v in detail.items() if k != "event"},
                {"unit": unit_name, "name": member_name},
            )
            tx.put_member(member, member_name, signing.public_of(seed), ("supervisor", "liaison"), "active")
            genesis = tx.chain.hash
        with opened.trusted() as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        opened.close()
    generation = {salt.hex(): store_key}
    identities = {identity_public.hex(): identity_private}
    slots = []
    for kind, ident, name, secret, its_seed in (
        ("member", member, member_name, passphrase, seed),
        ("recovery", recovery, "recovery code", opening.plain_code(code), recovery_seed),
    ):
        slot = keys.make_slot(secret, (kind, ident, name), (its_seed, unit.hex(), genesis), cost)
        slots.append(keys.give(slot, generation, identities))
    for suffix in ("-wal", "-shm"):
        (folder / (opening.DATABASE + ".new" + suffix)).unlink(missing_ok=True)
    files.rename(path, folder / opening.DATABASE)
    keys.save(folder / opening.MEMBERS, keys.Members(unit.hex(), tuple(slots)))
    return Founding(unit_name, member_name, code)


def refuse_existing(folder: Path) -> None:
    """Refuse a folder that holds a unit, or half of one.

    Raises:
        Refused: it does.
    """
    if (folder / opening.MEMBERS).exists():
        raise Refused(
            f"{folder} holds a unit already: 'beech status' tells of it; --unit names another folder"
        )
    if (folder / opening.DATABASE).exists():
        raise Refused(
            f"{folder} holds a unit.db without its members.json: restore members.json from a backup, "
            "or move unit.db away"
        )
