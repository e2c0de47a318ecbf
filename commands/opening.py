"""How a command gets at the unit: which folder, whose key.

A passphrase from the environment, else the session in the keyring, else a prompt on a terminal, else one
sentence that says what to do. Names are opened only by a passphrase typed there and then.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from commands import asking, printing
from commands.options import asked, frame
from db.errors import Locked, Newer, Older, Usage
from db.vault import files, opening
from db.vault.store import Face

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from db.vault.keys import Opened
    from db.vault.session import Session
    from db.vault.store import Store

TRIES = 3
HOW = (
    "the unit is locked: 'beech unlock' opens it for a shift; scripts set BEECH_PASSPHRASE_FILE or "
    "BEECH_PASSPHRASE_COMMAND"
)


def folder() -> Path:
    """Return the unit's folder: ``--unit``, else BEECH_UNIT, else the user's data folder."""
    return asked().unit or files.default_folder()


def face() -> Face:
    """Return who is asking, as the journal keeps it: the command line and the command's name."""
    words = click.get_current_context().command_path.split()[1:]
    return Face("cli", ".".join(words) or "beech", _waiting, _lagging)


def _waiting() -> None:
    printing.say("another program is writing to this unit: waiting for it, up to a minute")


def _lagging() -> None:
    from db.vault.store import LAGS

    printing.say(f"{LAGS}: close them")


@contextmanager
def store() -> Iterator[Store]:
    """Open the unit for this command, and close it.

    Raises:
        NotFound: there is no unit.
        Locked: no key is at hand, or the passphrase is wrong.
    """
    with _open() as opened:
        yield opened


def _open() -> Store:
    place = folder()
    unit = opening.unit_of(place)
    if frame().opened is not None:
        return with_ready()[0]
    from db.vault.passphrase import from_environment

    given = from_environment(place)
    if given is not None:
        return opening.with_passphrase(place, given, asked().member, face())[0]
    session = find_session(unit, place)
    if session is not None:
        return opening.with_session(place, session, face())
    return with_typed(HOW)[0]


def unasked(place: Path, found: Session | None) -> Store | None:
    """Open the unit by what is at hand and ask nobody; None, and why on stderr, where that does not do."""
    from db.vault.passphrase import from_environment

    try:
        if frame().opened is not None:
            return with_ready()[0]
        given = from_environment(place)
        if given is not None:
            return opening.with_passphrase(place, given, asked().member, face())[0]
        return opening.with_session(place, found, face()) if found else None
    except Newer:
        raise
    except (Locked, Usage) as error:
        printing.say(str(error))
        return None


def with_ready() -> tuple[Store, Opened]:
    """Open the unit by the slot that whoever runs this program in a process of theirs has opened already."""
    run = frame()
    if run.opened is None:
        raise Locked(HOW)
    made = opening.with_opened(folder(), run.opened, face())
    if run.clock is not None:
        made.clock = run.clock
    return made, run.opened


def find_session(unit: str, place: Path) -> Session | None:
    """Return the session that the keyring holds, if it is of the member who was asked for."""
    from db.vault import session

    found = session.find(unit, place, int(time.time()))
    name = asked().member
    if found is not None and name is not None:
        from db.vault import keys

        slot = keys.load(place / opening.MEMBERS).named(name)
        return found if slot.member == found.member else None
    return found


def with_typed(otherwise: str, prompt: str = "Passphrase") -> tuple[Store, Opened]:
    """Open the unit by a passphrase typed at the terminal; three tries, each wait longer than the last.

    Args:
        otherwise: what to say where nobody is at a terminal.
        prompt: what to ask with.

    Raises:
        Locked: nobody is there, or no try was right.
    """
    place = folder()
    if not asking.can_type():
        raise Locked(otherwise)
    for left in range(TRIES - 1, -1, -1):
        try:
            return opening.with_passphrase(
                place, asking.passphrase(prompt), asked().member, face(), _bring_up
            )
        except Locked as error:
            if not left:
                raise
            printing.say(str(error))
            time.sleep(TRIES - left)
    raise Locked(otherwise)


def by_passphrase() -> tuple[Store, Opened]:
    """Open the unit by the member's own passphrase, from the environment or typed: for what needs the seed.

    Raises:
        Locked: nobody is there to type it, or it is wrong.
    """
    from db.vault.passphrase import from_environment

    place = folder()
    if frame().opened is not None:
        return with_ready()
    given = from_environment(place)
    if given is not None:
        return opening.with_passphrase(place, given, asked().member, face(), _bring_up)
    return with_typed(
        "a passphrase is typed at a terminal, and nobody is there: set BEECH_PASSPHRASE_FILE or "
        "BEECH_PASSPHRASE_COMMAND"
    )


def _bring_up(opened: Opened) -> None:
    """Bring up a unit that an older beech made, once that is agreed to.

    Raises:
        Older: it is not.
    """
    if not asking.sure(
        "An older beech made this unit. Make a checked copy of it and bring it up to this one?"
    ):
        raise Older("unit.db was made by an older beech than this one: it stays as it was, and closed")
    from db.vault import upgrade

    done = upgrade.bring_up(folder(), opened, face())
    printing.say(
        f"brought up to this beech, {done.entries} entries checked; what was there is in {done.kept}"
    )


def passphrase_for(place: Path) -> str:
    """Return a passphrase, from the environment or typed; *place* is the folder that it is to open.

    Raises:
        Locked: nobody is there to type it.
    """
    from db.vault.passphrase import from_environment

    return from_environment(place) or asking.passphrase("The passphrase of the copy's day")


def with_store(function: Callable[..., None]) -> Callable[..., None]:
    """Hand the open unit to a command as its first argument."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        with store() as opened:
            function(opened, *args, **kwargs)

    return run
