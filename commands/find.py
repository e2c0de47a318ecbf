"""``beech find``: full-text search; which record, which field, the words around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import Whole, command
from db import finding

if TYPE_CHECKING:
    from db.vault.store import Store

_NOTHING = "nothing holds these words; 'beech match' ranks the watchlist against a description"
_KEYS = ("ref", "kind", "field", "excerpt")


@command(
    "find",
    example="beech find silver astra",
    exits={Exit.USAGE: "no word to search for, or a telephone number or birth date as an argument"},
)
@click.argument("text", nargs=-1, metavar="[TEXT|-]")
@click.option("--limit", type=Whole(), default=finding.LIMIT, help="how many at most (50)")
@opening.with_store
def find(store: Store, text: tuple[str, ...], limit: int) -> None:
    """Find what holds all these words, the newest first: contacts, concerns, men, vehicles, sightings.

    The last word may go on, and so may one that ends in *; "quotes" keep a phrase together. A plate is found
    however it is spaced, 'NA12 ?B?' by what fits it; so is a telephone number. Without TEXT it is asked for;
    - takes it from stdin. A telephone number or a birth date is never an argument. 'beech match' ranks.
    """
    results = finding.search(store, _words(text), limit, asking.why())
    printing.emit(
        _lit(results) if printing.is_lit() else results.found,
        columns=("ref", "field", "excerpt"),
        keys=_KEYS,
        empty="none of them is shown" if results.more else _NOTHING,
    )
    if results.more:
        printing.say(f"there is more: these are the newest {limit}; --limit shows more, another word fewer")


def _lit(results: finding.Results) -> list[dict[str, Any]]:
    """Return what was found with the hits between the marks that a terminal shows as bold."""
    marks = str.maketrans({finding.OPEN: printing.LIT, finding.CLOSE: printing.UNLIT})
    pairs = zip(results.found, results.marked, strict=True)
    return [one | {"excerpt": marked.translate(marks)} for one, marked in pairs]


def _words(text: tuple[str, ...]) -> str:
    if text == ("-",):
        return asking.from_stdin("find -")
    if not text:
        return asking.line("Words to find")
    typed = " ".join(text)
    finding.check_argument(typed)
    return typed
