"""What only ``beech people`` has: her sealed identity, put away, opened by a liaison, destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing, telling
from commands.exits import Exit
from commands.options import command, frame
from db.errors import Refused, Usage

if TYPE_CHECKING:
    from db.vault.keys import Opened
    from db.vault.store import Store

_NONE = {Exit.NOT_FOUND: "no such person, or no identity is held for her"}


@command(
    example="beech people seal P-7KQ2 --from-json -",
    exits={Exit.REFUSED: "by her date of birth she may be under 18", Exit.NOT_FOUND: "no such person"},
)
@click.argument("ref")
@click.option("--from-json", "source", metavar="FILE|-", help="one JSON object, from a file or from stdin")
@opening.with_store
def seal(store: Store, ref: str, source: str | None) -> None:
    """Seal a person's identity: name, date of birth, telephones. Any member may; a liaison alone opens it.

    On a terminal it asks for each; none is required. What is sealed replaces the version before, whole.
    A file stays where it is, with the name in clear: wipe it.
    """
    from db import people

    raw = asking.one_object(source) if source else _asked_for(store)
    printing.emit({"ref": people.seal_identity(store, ref, raw, asking.why()), "sealed": True})
    if source not in (None, "-"):
        printing.say(f"{source} still holds it in clear: wipe that file")


def _asked_for(store: Store) -> dict[str, Any]:
    """Ask for each field; one that cannot be read is asked for again, so that no other is typed twice."""
    from db import people

    raw: dict[str, Any] = {}
    for field in people.IDENTITY:
        said = field.name.replace("_", " ").capitalize()
        while typed := asking.lines(said) if field.type == "prose" else asking.line(f"{said} (may be empty)"):
            try:
                people.check_identity(store, field.name, typed)
            except Refused as error:
                printing.say(str(error))
                continue
            raw[field.name] = typed
            break
    return raw


@command(
    example="beech people reveal P-7KQ2 --reason safeguarding",
    exits={
        Exit.USAGE: "no --reason",
        Exit.LOCKED: "a wrong passphrase, nobody at a terminal, or no liaison",
        **_NONE,
    },
)
@click.argument("ref")
def reveal(ref: str) -> None:
    """Open a person's sealed identity. Liaisons only, with a reason; the passphrase is typed every time.

    A session, BEECH_PASSPHRASE_FILE and BEECH_PASSPHRASE_COMMAND never open a name.
    """
    from db import people

    why = asking.why(required=True)
    store, opened = typed()
    with store:
        printing.emit(people.reveal(store, opened, ref, why))


def typed() -> tuple[Store, Opened]:
    """Open the unit by a passphrase typed there and then, for what opens a name."""
    from db.vault import opening as vault

    if frame().opened is not None:
        return opening.with_ready()
    vault.unit_of(opening.folder())
    return opening.with_typed(
        "a name is opened only by a passphrase typed at a terminal, and nobody is there",
        "Your passphrase, to open the name",
    )


@command(
    "find-sealed",
    example="beech people find-sealed --reason safeguarding",
    exits={
        Exit.USAGE: "no --reason, or nothing to look for",
        Exit.LOCKED: "a wrong passphrase, nobody at a terminal, or no liaison",
    },
)
@click.argument("source", required=False, metavar="[-]")
def find_sealed(source: str | None) -> None:
    """Find a woman by her sealed name or number. Liaisons only, with a reason; the passphrase is typed.

    The name or number is asked for, or comes by '-' from stdin; it is no argument, and nothing keeps it.
    A part of a name or number will do. It tells references and pseudonyms; 'reveal' tells the name.
    """
    from db import sealed

    if source not in (None, "-"):
        raise Usage("find-sealed takes '-' alone: a name or a number is never an argument")
    why = asking.why(required=True)
    said = asking.from_stdin("find-sealed -") if source == "-" else asking.line("Name or number")
    store, opened = typed()
    with store:
        found = sealed.find_sealed(store, opened, said, why)
    printing.emit(found, keys=("ref", "pseudonym", "field", "state"), empty="nobody is sealed under that")


@command(
    example="beech people detach P-7KQ2 --reason subject_access",
    exits={Exit.USAGE: "no --reason", Exit.REFUSED: "neither liaison nor supervisor", **_NONE},
)
@click.argument("ref")
def detach(ref: str) -> None:
    """Destroy a person's identity and keep the pseudonym. For good; it asks for the passphrase."""
    from db import people

    why = asking.why(required=True)
    if not asking.sure("The name, birth date and telephones are destroyed for good. Go on?"):
        printing.say("nothing was changed")
        return
    store, _ = opening.by_passphrase()
    with store:
        printing.emit({"ref": people.detach(store, ref, why), "identity": "destroyed"})


@command(
    example="beech people consent P-7KQ2 --give --purpose safeguarding --recipient housing",
    exits={
        Exit.REFUSED: "a code that does not exist; immigration enforcement",
        Exit.NOT_FOUND: "no such person",
        Exit.USAGE: "not one of --give and --withdraw, no purpose or recipient, or she is restricted and "
        "no --reason is given",
    },
)
@click.argument("ref")
@click.option("--give", is_flag=True, help="she says yes")
@click.option("--withdraw", is_flag=True, help="she says no, or takes her yes back")
@click.option("--purpose", metavar="CODE", help="a code of purpose")
@click.option("--recipient", metavar="CODE", help="a code of recipient or of service")
@click.option("--wording", metavar="VERSION", help="of the words that were read to her")
@opening.with_store
def consent(
    store: Store,
    ref: str,
    give: bool,
    withdraw: bool,
    **told: str | None,
) -> None:
    """Keep her yes or no to one purpose and one recipient, or list all she has said and what holds.

    Nothing is ever changed: the last she said holds. Referrals and exports obey a no.
    """
    from db import consent as said

    if give and withdraw:
        raise Usage("--give and --withdraw: it is the one or the other")
    if not (give or withdraw):
        if any(told.values()):
            raise Usage("say whether it is her yes or her no: --give or --withdraw")
        columns = ("at", "purpose", "recipient", "given", "holds", "wording_version", "ref")
        printing.emit(said.listing(store, ref, asking.why()), columns=columns, empty="nothing was said")
        return
    purpose, recipient = told["purpose"], told["recipient"]
    if purpose is None or recipient is None:
        raise Usage("say what for and to whom: --purpose CODE --recipient CODE")
    done = (said.give if give else said.withdraw)(
        store, ref, purpose, recipient, wording=told["wording"], why=asking.why()
    )
    telling.emit(done)
    for referral in done["stands_on"]:
        printing.say(f"{referral} is under way with them: tell them, and amend it")


COMMANDS = {
    "consent": consent,
    "seal": seal,
    "reveal": reveal,
    "find-sealed": find_sealed,
    "detach": detach,
}
