"""``beech init``: a unit's folder, its keys, its first member, and the recovery code, shown once."""

from __future__ import annotations

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import asked, command
from commands.secrets import chosen_passphrase, code_lines
from db.errors import Refused, Usage


@command(
    example="beech init --name 'Northgate Unit' --member Sam",
    exits={
        Exit.LOCKED: "no passphrase: nobody is at a terminal, and the environment names none",
        Exit.REFUSED: "a unit is there already; a network or synced folder; a weak passphrase",
    },
)
@click.option("--name", metavar="UNIT", help="the unit's name")
@click.option(
    "--shared", metavar="GROUP", help="a group of this machine whose accounts open the unit as well"
)
def init(name: str | None, shared: str | None) -> None:
    """Make a unit: folder, keys, the first member, the recovery code.

    --member is the first member's name: supervisor and liaison until one role is handed on. With
    --no-input the passphrase comes from BEECH_PASSPHRASE_FILE or BEECH_PASSPHRASE_COMMAND.
    """
    from db.vault import folders, location
    from db.vault import founding as vault

    place = opening.folder()
    group = folders.group_named(shared) if shared is not None else None
    vault.refuse_existing(place)
    location.refuse_network(place)
    unit_name = _name(name, "The unit's name", "--name")
    member_name = _name(asked().member, "Your name as the others know it", "--member")
    secret = chosen_passphrase(place, (unit_name, member_name))
    made = vault.found(place, (unit_name, member_name), secret, group=group)
    if asked().format == "table" and asked().out is None:
        printing.put([f"The unit {made.unit} is in {place}; its first member is {made.member}.\n\n"])
        printing.put(code_lines(made.recovery_code))
    else:
        printing.emit({"unit": made.unit, "member": made.member, "recovery_code": made.recovery_code})
    if asking.on_terminal():
        _typed_back(made.recovery_code)
    printing.say("next: 'beech unlock' opens the unit for a shift, 'beech log' records a contact")


def _name(given: str | None, prompt: str, option: str) -> str:
    from db.rules import text

    found = given
    if found is None:
        if not asking.on_terminal():
            raise Usage(f"{option} is missing: with --no-input both --name and --member are given")
        found = asking.line(prompt)
    found = text.one_line(found).strip()
    if not 0 < len(found) <= 100:
        raise Refused(f"{option}: a name has from 1 to 100 characters")
    return found


def _typed_back(code: str) -> None:
    """Ask for two groups of the recovery code, until they are right."""
    import secrets

    groups = code.split("-")
    for number in sorted(secrets.SystemRandom().sample(range(len(groups)), 2)):
        while asking.line(f"Type group {number + 1} of the recovery code").upper() != groups[number]:
            printing.say("That is another group: look again.")
