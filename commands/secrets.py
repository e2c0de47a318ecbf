"""Choosing a passphrase, and showing a code once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import asking, printing
from commands.options import asked
from db.errors import Refused
from db.rules import passphrases

if TYPE_CHECKING:
    from pathlib import Path


def chosen_passphrase(place: Path | None, names: tuple[str, ...]) -> str:
    """Return a new passphrase: from the environment (not where *place* is None), or chosen at the terminal.

    Raises:
        Refused: the one that the environment gives is too weak.
        Locked: nobody is there to choose one.
    """
    from db.vault.passphrase import from_environment

    given = from_environment(place) if place is not None else None
    if given is not None:
        wrong = passphrases.fault(given, names)
        if wrong is not None:
            raise Refused(f"that passphrase cannot guard the unit: {wrong}")
        return given
    if not asking.on_terminal():
        return asking.passphrase()  # says that nobody is there
    return choose(names)


def choose(names: tuple[str, ...]) -> str:
    """Offer six generated words; typed back they are taken, anything else is a passphrase of one's own."""
    import secrets

    from db.rules import vocabulary

    known = vocabulary.passphrase_words()
    offered = passphrases.words_from([secrets.randbelow(len(known)) for _ in range(passphrases.WORDS)], known)
    printing.say("A passphrase guards the unit. Write this one down and keep it away from this machine:")
    printing.say(f"    {offered}")
    while True:
        typed = asking.passphrase("Type it back, or a passphrase of your own with 14 characters or more")
        if typed == offered:
            return offered
        wrong = passphrases.fault(typed, names)
        if wrong is not None:
            printing.say(f"Not that one: {wrong}.")
        elif asking.passphrase("Once more") == typed:
            return typed
        else:
            printing.say("The two differ.")


def code_lines(code: str) -> list[str]:
    """Return a unit's recovery code with what to do with it."""
    return [
        "The recovery code, shown this once. Write it down and lock it away; it opens\n",
        f"the unit when a passphrase is lost:\n\n    {code}\n\n",
    ]


def show_code(name: str, code: str, then: str) -> None:
    """Print a code once, with what it is for; as JSON under *name*."""
    if asked().format == "table" and asked().out is None:
        printing.put([f"{name.replace('_', ' ')}, shown this once:\n\n    {code}\n\n"])
        printing.say(then)
    else:
        printing.emit({name: code})
