"""``beech config``: what the unit has settled for itself, and a file that proposes a change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import asked, group

if TYPE_CHECKING:
    from db.settings import Change
    from db.vault.store import Store

config = group("config", help="The unit's settings: each with its default, its bounds and its source.")


@config.command("show", example="beech config show -f json")
@opening.with_store
def show(store: Store) -> None:
    """Show every setting: its value, its default, how far it can be moved, where the rule comes from."""
    from db import settings

    columns = ("name", "value", "settled", "floor", "ceiling", "says")
    printing.emit(settings.shown(store), columns=columns)


@config.command(
    "apply",
    example="beech config apply unit.toml",
    exits={
        Exit.USAGE: "the file cannot be read, or is not TOML; or nobody is there to be asked, without --yes",
        Exit.REFUSED: "a mistake in it, named by line and column; or you are no supervisor: nothing changed",
        Exit.AMBIGUOUS: "somebody settled one of them meanwhile: nothing was changed",
    },
)
@click.argument("file", metavar="FILE.toml")
@opening.with_store
def apply(store: Store, file: str) -> None:
    """Show what a file would change, ask, and settle it. A supervisor's alone; journalled.

    The file names only what it changes: idle_lock_minutes = 5, [recipients] probation = "probation
    service", [vocabulary.need] ... ; reset = ["sectors"] goes back to the default. Floors cannot be
    loosened; hard stops and fields that are never held cannot be named.
    """
    from db import settings

    text = asking.from_stdin("config apply -") if file == "-" else _text(file)
    changes = settings.propose(store, text, "stdin" if file == "-" else "the file")
    shown = [_shown(change) for change in changes]
    if asked().format == "table":
        printing.emit(shown, empty="nothing would change")
    if not changes:
        _print(shown)
        return
    if not asking.sure(f"Settle {len(changes)}?"):
        printing.say("nothing was changed")
        return
    settings.apply(store, changes, asking.why())
    _print(shown)
    printing.say(f"{len(changes)} settled")


def _print(shown: list[dict[str, Any]]) -> None:
    if asked().format != "table":
        printing.emit(shown, keys=["name", "before", "after"])


def _shown(change: Change) -> dict[str, Any]:
    return {"name": change.name, "before": change.before, "after": change.after}


def _text(file: str) -> str:
    from db.errors import Usage

    try:
        raw = Path(file).read_bytes()
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise Usage(f"that file cannot be read ({reason}); '-' reads stdin") from None
    return asking.decoded(raw, "the file")
