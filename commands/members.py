"""``beech members``: who works here, and how each comes, forgets, falls ill and leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import Words, group
from commands.secrets import chosen_passphrase, show_code
from db.errors import Refused, Usage

if TYPE_CHECKING:
    from db.vault.store import Store

members = group("members", help="Who works here: joining, roles, forgetting, leaving.")

_ROLE = click.option(
    "--role",
    "roles",
    type=Words(("officer", "supervisor", "liaison")),
    multiple=True,
    help="may be given again; every member is an officer",
)
_NAME = click.argument("name")


@members.command("list", example="beech members list")
@opening.with_store
def list_(store: Store) -> None:
    """Name the members, their roles and whether they are joining, active or removed."""
    from db import members as room

    rows = [{"name": one.name, "roles": list(one.roles), "state": one.state} for one in room.listed(store)]
    printing.emit(rows)


@members.command(
    example="beech members add Jo --role liaison",
    exits={Exit.REFUSED: "the name is taken, or this member is no supervisor"},
)
@_NAME
@_ROLE
def add(name: str, roles: tuple[str, ...]) -> None:
    """Let somebody join: prints a one-time code to hand over in person; 'beech members join' takes it."""
    from db import members as room

    store, opened = opening.by_passphrase()
    with store:
        code = room.add(store, opened, name, roles)
        handed = "liaison" not in roles or bool(opened.slot.identity_keys)
    show_code("joining_code", code, f"{name} joins with: beech members join {name!r}")
    if not handed:
        printing.say("the key to the names is handed on when a liaison next unlocks")


@members.command(
    example="beech members join Jo",
    exits={Exit.LOCKED: "the code is wrong or was used", Exit.NOT_FOUND: "nobody of that name is joining"},
)
@_NAME
def join(name: str) -> None:
    """Take up a membership with the one-time code, and choose a passphrase of one's own.

    The code comes by prompt, or as the first line of stdin; with --no-input the passphrase comes from
    BEECH_PASSPHRASE_FILE or BEECH_PASSPHRASE_COMMAND.
    """
    from db import members as room

    room.joining(opening.folder(), name)
    code = _code("joining code")
    secret = chosen_passphrase(opening.folder(), (name,))
    room.join(opening.folder(), name, code, secret, opening.face())
    printing.say(f"{name} has joined: 'beech unlock' opens the unit for a shift")


@members.command(
    example="beech members role Jo --role supervisor --role liaison",
    exits={Exit.REFUSED: "nobody else would be supervisor, or liaison"},
)
@_NAME
@_ROLE
def role(name: str, roles: tuple[str, ...]) -> None:
    """Give a member these roles and no others."""
    from db import members as room

    if not roles:
        raise Usage(
            "give every role the member is to have, with --role; 'officer' alone takes the others away"
        )
    store, opened = opening.by_passphrase()
    with store:
        due = room.set_roles(store, opened, name, roles)
    printing.say(
        "the roles are changed" + ("; a liaison now runs 'beech members rotate-names'" if due else "")
    )


@members.command(example="beech members reset Jo")
@_NAME
def reset(name: str) -> None:
    """Make a new joining code for a colleague who has forgotten the passphrase; the old way in is closed."""
    from db import members as room

    store, opened = opening.by_passphrase()
    with store:
        code = room.reset(store, opened, name)
    show_code("joining_code", code, f"{name} joins again with: beech members join {name!r}")


@members.command(
    example="beech members remove Jo --handover-to Sam",
    exits={
        Exit.REFUSED: "nobody else would be supervisor, or liaison",
        Exit.BUSY: "another beech has the unit open: the member is removed, the key is still the old one",
    },
)
@_NAME
@click.option("--handover-to", metavar="NAME", required=True, help="who takes over the follow-ups")
def remove(name: str, handover_to: str) -> None:
    """Let a member leave: follow-ups are handed over, the way in is closed, the store key is changed at once.

    What the leaver has read is known to the leaver, and so is every copy of the files that was taken
    before: no program can call that back.
    """
    from db import members as room
    from db.vault import identity_keys, rotation

    if not asking.sure(f"Remove {name} and change the unit's key?"):
        raise Refused("not removed")
    store, opened = opening.by_passphrase()
    with store:
        liaison = room.remove(store, opened, name, handover_to)
        mine = bool(opened.slot.identity_keys)
        if liaison and mine:
            identity_keys.rotate(store, opened)
    rotation.rotate_store(opening.folder(), opened, opening.face())
    printing.say(f"{name} is removed, follow-ups are with {handover_to}, the unit has a new key")
    printing.say("backups made before still open with the old keys: prune those that are not needed")
    if liaison and not mine:
        printing.say("the key to the names is due: a liaison runs 'beech members rotate-names'")


@members.command("rotate-names", example="beech members rotate-names")
def rotate_names() -> None:
    """Change the key to the names, as is due when a liaison has left. Only a liaison can."""
    from db.vault import identity_keys

    store, opened = opening.by_passphrase()
    with store:
        identity_keys.rotate(store, opened)
    printing.say("the key to the names is changed")


@members.command(
    example="beech members passphrase",
    exits={Exit.LOCKED: "the present passphrase is wrong", Exit.REFUSED: "the new one is too weak"},
)
@click.option(
    "--compromised", is_flag=True, help="somebody may know it: a new seed and a new unit key as well"
)
def passphrase(compromised: bool) -> None:
    """Change one's own passphrase.

    Who has an older copy of members.json and knows the old passphrase could still open that copy:
    --compromised makes what it opens worthless from now on.
    """
    from db import members as room

    store, opened = opening.by_passphrase()
    store.close()
    secret = chosen_passphrase(None, (opened.slot.name,))
    room.change_passphrase(opening.folder(), opened, secret, opening.face(), compromised=compromised)
    printing.say("the passphrase is changed" + (", and so is the unit's key" if compromised else ""))


@members.command(example="beech members recover Sam", exits={Exit.LOCKED: "the recovery code is wrong"})
@_NAME
def recover(name: str) -> None:
    """Open a new way in for a member with the recovery code; a new code is shown, the old one is void.

    The code comes by prompt, or as the first line of stdin. Its use is announced for 30 days.
    """
    from db import members as room

    code = _code("recovery code")
    secret = chosen_passphrase(opening.folder(), (name,))
    done = room.recover(opening.folder(), code, name, secret, opening.face())
    show_code("recovery_code", done.recovery_code, f"{done.name} has a new passphrase; the code used is void")


def _code(what: str) -> str:
    """Ask for a code, or take the first line of stdin."""
    if asking.on_terminal():
        return asking.line(f"The {what}")
    first = asking.from_stdin(f"the {what}").strip().split("\n")[0]
    if not first:
        raise Usage(f"the {what} is missing: it comes by prompt or as the first line of stdin")
    return first
