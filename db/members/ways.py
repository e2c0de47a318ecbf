"""A member's way in: a one-time code, a passphrase, the recovery code. members.json follows the journal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Locked, NotFound, Refused
from db.members.roll import find_member, known_roles
from db.rules.text import one_line
from db.vault import keys, opening, rotation, signing
from db.vault.members import RECOVERY

if TYPE_CHECKING:
    from pathlib import Path

    from db.vault.keys import Opened, Slot
    from db.vault.store import Face, Store


class Recovered(NamedTuple):
    """What a recovery gives back: the member whose way in is new, and the next recovery code."""

    name: str
    recovery_code: str


def add(
    store: Store,
    opened: Opened,
    name: str,
    roles: tuple[str, ...],
    cost: tuple[int, int] = keys.DEFAULT,
) -> str:
    """Let somebody join: returns a one-time code to hand over in person; ``join`` takes it.

    Raises:
        Refused: this member is no supervisor, the name is taken or empty, or a role is not known.
    """
    name = one_line(name).strip()
    if not name or len(name) > 60:
        raise Refused("name: a member needs one, of at most 60 characters")
    roles = known_roles(roles)
    code, seed, member = opening.recovery_code(), os.urandom(32), os.urandom(8).hex()
    with store.write() as tx:
        taken = tx.execute(
            "select 1 from member where lower(name) = lower(?) and state <> 'removed'", (name,)
        )
        if taken.fetchone() is not None:
            raise Refused("name: a member of that name is there already; add a number or an initial")
        public = signing.public_of(seed)
        tx.chain.event("member_add", {"member": member, "key": public, "roles": list(roles)}, {"name": name})
        tx.put_member(member, name, public, roles, "joining")
    _give(store, opened, ("joining", member, name), (seed, code, cost), "liaison" in roles)
    return code


def joining(folder: Path, name: str) -> Slot:
    """Return the slot that waits for a newcomer.

    Raises:
        NotFound: nobody of that name is joining.
    """
    slot = keys.load(folder / opening.MEMBERS).named(name)
    if slot.kind != "joining":
        raise NotFound("nobody of that name is joining: ask a supervisor for 'beech members add' or 'reset'")
    return slot


def join(  # noqa: PLR0913 - the cost stands last, for the tests alone
    folder: Path, name: str, code: str, passphrase: str, face: Face, cost: tuple[int, int] = keys.DEFAULT
) -> None:
    """Take up a membership: a seed of the newcomer's own takes the place of the code's.

    Raises:
        Locked: the code is wrong or was used.
        NotFound: nobody of that name is joining.
    """
    slot = joining(folder, name)
    opened = keys.open_slot(keys.load(folder / opening.MEMBERS), slot, opening.plain_code(code))
    seed = os.urandom(32)
    with opening.with_opened(folder, opened, face) as store:
        _renew(store, opened, "member_join", (seed, passphrase, cost))


def reset(store: Store, opened: Opened, name: str, cost: tuple[int, int] = keys.DEFAULT) -> str:
    """Make a new joining code for a colleague who has forgotten the passphrase; the old way in is closed."""
    code, seed = opening.recovery_code(), os.urandom(32)
    with store.write() as tx:
        member, name, _, roles, _ = find_member(tx, name)
        public = signing.public_of(seed)
        tx.chain.event("member_reset", {"member": member, "key": public})
        tx.put_member(member, name, public, roles, "joining")
    _give(store, opened, ("joining", member, name), (seed, code, cost), "liaison" in roles)
    return code


def change_passphrase(  # noqa: PLR0913 - the cost stands last, for the tests alone
    folder: Path,
    opened: Opened,
    passphrase: str,
    face: Face,
    *,
    compromised: bool = False,
    cost: tuple[int, int] = keys.DEFAULT,
) -> None:
    """Give one's own slot a new passphrase; *compromised* makes a new seed and a new store key as well.

    A changed passphrase alone does not help against who has copied the old members.json and knows the
    old passphrase: that is what *compromised* is for.
    """
    with opening.with_opened(folder, opened, face) as store:
        if compromised:
            opened = _renew(store, opened, "member_key", (os.urandom(32), passphrase, cost))
        else:
            with store.write() as tx:
                tx.chain.event("passphrase")
            _put_slot(folder, _resealed(opened, opened.seed, passphrase, cost))
    if compromised:
        rotation.rotate_store(folder, opened, face)


def recover(  # noqa: PLR0913 - the cost stands last, for the tests alone
    folder: Path, code: str, name: str, passphrase: str, face: Face, cost: tuple[int, int] = keys.DEFAULT
) -> Recovered:
    """Open a new way in for a member with the unit's recovery code, and replace the code.

    The code signs member entries, nothing else. Its use is announced for 30 days.

    Raises:
        Locked: the code is wrong.
        NotFound: there is no member of that name.
    """
    members = keys.load(folder / opening.MEMBERS)
    slot = next((s for s in members.slots if s.kind == "recovery"), None)
    if slot is None:
        raise Locked("this unit has no recovery code: restore members.json from a backup")
    opened = keys.open_slot(members, slot, opening.plain_code(code))
    seed, next_seed, next_code = os.urandom(32), os.urandom(32), opening.recovery_code()
    with opening.with_opened(folder, opened, face) as store:
        with store.write() as tx:
            member, name, _, roles, _ = find_member(tx, name)
            public = signing.public_of(seed)
            tx.chain.event("member_recover", {"member": member, "key": public})
            tx.chain.event("recovery_new", {"key": signing.public_of(next_seed)})
            tx.put_member(member, name, public, roles, "active")
        anchor = (store.unit.hex(), store.anchor)
        stores, names = opened.all_keys()
    mine = keys.make_slot(passphrase, ("member", member, name), (seed, *anchor), cost)
    mine = keys.give(mine, stores, names if "liaison" in roles else {})
    plain = opening.plain_code(next_code)
    spare = keys.make_slot(plain, ("recovery", RECOVERY, slot.name), (next_seed, *anchor), cost)
    keys.save(folder / opening.MEMBERS, members.put(mine).put(keys.give(spare, stores, names)))
    return Recovered(name, next_code)


def _give(
    store: Store,
    opened: Opened,
    who: tuple[str, str, str],
    secret: tuple[bytes, str, tuple[int, int]],
    names: bool,
) -> None:
    """Put a slot into members.json that a code opens, with the unit's keys sealed to it."""
    seed, code, cost = secret
    anchor = (seed, store.unit.hex(), store.anchor)
    slot = keys.make_slot(opening.plain_code(code), who, anchor, cost)
    _, identities = opened.all_keys()
    slot = keys.give(slot, {store.generation: store.store_key}, identities if names else {})
    _put_slot(store.folder, slot)


def _renew(store: Store, opened: Opened, event: str, secret: tuple[bytes, str, tuple[int, int]]) -> Opened:
    """Replace one's own key by an entry that the old key signs; returns the new slot, open."""
    seed, passphrase, cost = secret
    me = store.member
    with store.write() as tx:
        tx.chain.event(event, {"member": me.id, "key": signing.public_of(seed)})
        tx.put_member(me.id, me.name, signing.public_of(seed), me.roles, "active")
    slot = _resealed(opened, seed, passphrase, cost)
    _put_slot(store.folder, slot)
    return keys.Opened(slot, seed, opened.unit, opened.genesis)


def _resealed(opened: Opened, seed: bytes, passphrase: str, cost: tuple[int, int]) -> Slot:
    stores, identities = opened.all_keys()
    who = ("member", opened.slot.member, opened.slot.name)
    slot = keys.make_slot(passphrase, who, (seed, opened.unit, opened.genesis), cost)
    return keys.give(slot, stores, identities)


def _put_slot(folder: Path, slot: Slot) -> None:
    path = folder / opening.MEMBERS
    keys.save(path, keys.load(path).put(slot))
