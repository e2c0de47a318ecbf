"""``beech keys``: what this terminal sends for each key, so that one that does nothing can be explained."""

from __future__ import annotations

import sys

import click

from commands import printing
from commands.options import command
from db.errors import Usage


@command("keys", example="beech keys --limit 5")
@click.option("--limit", type=click.IntRange(1, 1000), help="end after so many keys")
def keys(limit: int | None) -> None:
    """Show what this terminal sends for each key that is pressed; q ends.

    A key that the screens use and that shows nothing here is taken by the terminal, by tmux or by the
    desktop before it arrives: F1, F10 and F11 often are.
    """
    if not sys.stdin.isatty():
        raise Usage("keys are shown at a terminal, and nobody is at one")
    from tui import sends

    printing.say("press keys; q ends")
    for line in sends.keys(sys.stdin.fileno(), limit):
        printing.put([line + "\n"])
