"""Who works here: joining, forgetting, falling ill, leaving. Each step is an entry signed by who took it.

members.json follows the journal, never the other way; a key is sealed only to whom the journal names.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Ambiguous, Locked, NotFound, Refused
from db.rules.text import one_line
from db.vault import identity_keys, keys, opening, rotation
from db.vault.members import RECOVERY

if TYPE_CHECKING:
    from pathlib import Path

    from db.vault.keys import Opened, Slot
    from db.vault.store import Face, Store
    from db.vault.writing import Write

ROLES = ("officer", "supervisor", "liaison")


class Joined(NamedTuple):
    """A member as ``list`` shows one."""

    name: str
    roles: tuple[str, ...]
    state: str


class Recovered(NamedTuple):
    """What a recovery gives back: the member whose way in is new, and the next recovery code."""

    name: str
    recovery_code: str


def listed(store: Store) -> list[Joined]:
    """Return the members, removed ones too, by name. Not journalled: officers' names, nobody else's."""
    with store.counts() as reader:
        rows = reader.execute("select name, roles, state from member order by name").fetchall()
    return [Joined(name, ("officer", *json.loads(roles)), state) for name, roles, state in rows]


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
    roles = _roles(roles)
    code, seed, member = opening.recovery_code(), os.urandom(32), os.urandom(8).hex()
    with store.write() as tx:
        taken = tx.execute(
            "select 1 from member where lower(name) = lower(?) and state <> 'removed'", (name,)
        )
        if taken.fetchone() is not None:
            raise Refused("name: a member of that name is there already; add a number or an initial")
        public = keys.public_of(seed)
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


def set_roles(store: Store, opened: Opened, name: str, roles: tuple[str, ...]) -> bool:
    """Give a member these roles and no others; returns whether the names' key must be rotated now.

    Raises:
        Refused: not a supervisor; or nobody would be left who is supervisor, or liaison.
    """
    roles = _roles(roles)
    with store.write() as tx:
        member, name, key, before, state = _member(tx, name)
        _keep_one(tx, member, set(before) - set(roles))
        tx.chain.event("member_role", {"member": member, "roles": list(roles)})
        tx.put_member(member, name, key, roles, state)
        if "liaison" in before and "liaison" not in roles:
            tx.chain.event("identity_due")
    if "liaison" in roles and "liaison" not in before:
        identity_keys.hand_on(store, opened, member)
    return "liaison" in before and "liaison" not in roles


def reset(store: Store, opened: Opened, name: str, cost: tuple[int, int] = keys.DEFAULT) -> str:
    """Make a new joining code for a colleague who has forgotten the passphrase; the old way in is closed."""
    code, seed = opening.recovery_code(), os.urandom(32)
    with store.write() as tx:
        member, name, _, roles, _ = _member(tx, name)
        public = keys.public_of(seed)
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


def remove(store: Store, opened: Opened, name: str, handover_to: str) -> bool:
    """Let a member leave: follow-ups are handed over, the slot goes, and the store key is rotated.

    The caller closes *store* and rotates with ``rotation.rotate_store``. The removal names the last
    entry of each desk that is accepted; what the leaver writes later elsewhere is quarantined. What was
    readable before remains known to the leaver: no software can take that back.

    Returns:
        Whether the leaver was liaison, so that the names' key is to be rotated too.

    Raises:
        Refused: nobody would be left who is supervisor, or liaison.
    """
    with store.write() as tx:
        member, name, key, roles, _ = _member(tx, name)
        _, heir, _, _, _ = _member(tx, handover_to)
        if heir == name:
            raise Refused("--handover-to: name somebody else than who leaves")
        _keep_one(tx, member, set(roles))
        owned = tx.execute(
            "select r.id from followup as x join record as r on r.n = x.n "
            "where lower(x.owner) = lower(?) and x.done_on is null and r.state = 'present'",
            (name,),
        ).fetchall()
        for (record,) in owned:
            tx.amend(record, {"owner": heir})
        heads = [list(row) for row in tx.execute("select desk, seq from desk order by desk").fetchall()]
        tx.chain.event("member_remove", {"member": member, "accepted": heads})
        tx.put_member(member, name, key, (), "removed")
        if "liaison" in roles:
            tx.chain.event("identity_due")
    path = store.folder / opening.MEMBERS
    members = keys.load(path)
    keys.save(path, keys.Members(members.unit, tuple(s for s in members.slots if s.member != member)))
    return "liaison" in roles


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
            member, name, _, roles, _ = _member(tx, name)
            public = keys.public_of(seed)
            tx.chain.event("member_recover", {"member": member, "key": public})
            tx.chain.event("recovery_new", {"key": keys.public_of(next_seed)})
            tx.put_member(member, name, public, roles, "active")
        anchor = (store.unit.hex(), store.anchor)
        stores, names = opened.all_keys()
    mine = keys.make_slot(passphrase, ("member", member, name), (seed, *anchor), cost)
    mine = keys.give(mine, stores, names if "liaison" in roles else {})
    plain = opening.plain_code(next_code)
    spare = keys.make_slot(plain, ("recovery", RECOVERY, slot.name), (next_seed, *anchor), cost)
    keys.save(folder / opening.MEMBERS, members.put(mine).put(keys.give(spare, stores, names)))
    return Recovered(name, next_code)


def _roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Refused(f"role: is one of {', '.join(ROLES)}")
    return tuple(role for role in ("supervisor", "liaison") if role in roles)


def _member(tx: Write, name: str) -> tuple[str, str, str, tuple[str, ...], str]:
    rows = tx.execute(
        "select id, name, key, roles, state from member where state <> 'removed' "
        "and (lower(name) = lower(?) or id = ?)",
        (name.strip(), name.strip()),
    ).fetchall()
    if not rows:
        raise NotFound("no member has that name: 'beech members list' names them")
    if len(rows) > 1:
        raise Ambiguous("several members have that name: ask a supervisor to rename one")
    ident, name, key, roles, state = rows[0]
    return ident, name, key, tuple(json.loads(roles)), state


def _keep_one(tx: Write, member: str, lost: set[str]) -> None:
    """Refuse to leave the unit without a supervisor or without a liaison."""
    left = [
        set(json.loads(roles))
        for (roles,) in tx.execute("select roles from member where state = 'active' and id <> ?", (member,))
    ]
    for role in sorted(lost & {"supervisor", "liaison"}):
        if not any(role in held for held in left):
            raise Refused(f"nobody else is {role}: give that role to another active member first")


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
        tx.chain.event(event, {"member": me.id, "key": keys.public_of(seed)})
        tx.put_member(me.id, me.name, keys.public_of(seed), me.roles, "active")
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
