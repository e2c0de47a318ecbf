"""Who is a member, with which roles, and who leaves. Each step is an entry signed by who took it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Ambiguous, NotFound, Refused
from db.vault import identity_keys, keys, opening

if TYPE_CHECKING:
    from db.vault.keys import Opened
    from db.vault.store import Store
    from db.vault.writing import Write

ROLES = ("officer", "supervisor", "liaison")


class Joined(NamedTuple):
    """A member as ``list`` shows one."""

    name: str
    roles: tuple[str, ...]
    state: str


def listed(store: Store) -> list[Joined]:
    """Return the members, removed ones too, by name. Not journalled: officers' names, nobody else's."""
    with store.counts() as reader:
        rows = reader.execute("select name, roles, state from member order by name").fetchall()
    return [Joined(name, ("officer", *json.loads(roles)), state) for name, roles, state in rows]


def set_roles(store: Store, opened: Opened, name: str, roles: tuple[str, ...]) -> bool:
    """Give a member these roles and no others; returns whether the names' key must be rotated now.

    Raises:
        Refused: not a supervisor; or nobody would be left who is supervisor, or liaison.
    """
    roles = known_roles(roles)
    with store.write() as tx:
        member, name, key, before, state = find_member(tx, name)
        _keep_one(tx, member, set(before) - set(roles))
        tx.chain.event("member_role", {"member": member, "roles": list(roles)})
        tx.put_member(member, name, key, roles, state)
        if "liaison" in before and "liaison" not in roles:
            tx.chain.event("identity_due")
    if "liaison" in roles and "liaison" not in before:
        identity_keys.hand_on(store, opened, member)
    return "liaison" in before and "liaison" not in roles


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
        member, name, key, roles, _ = find_member(tx, name)
        _, heir, _, _, _ = find_member(tx, handover_to)
        if heir == name:
            raise Refused("--handover-to: name somebody else than who leaves")
        _keep_one(tx, member, set(roles))
        owned = tx.execute(
            "select r.id from followup as x cross join record as r on r.n = x.n "
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


def known_roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles beside officer, in their own order; one that is not known is refused."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Refused(f"role: is one of {', '.join(ROLES)}")
    return tuple(role for role in ("supervisor", "liaison") if role in roles)


def find_member(tx: Write, name: str) -> tuple[str, str, str, tuple[str, ...], str]:
    """Return a member's id, name, key, roles and state, by name or id.

    Raises:
        NotFound, Ambiguous: nobody, or several, bear that name.
    """
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
