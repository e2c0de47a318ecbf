"""``beech releases``: what left the unit, to whom; printed again; approved for the press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import printing
from commands.exits import Exit
from commands.opening import with_store
from commands.options import asked, group
from db import releases as register

if TYPE_CHECKING:
    from db.vault.store import Store

releases = group("releases", help="What left the unit: to whom, in which profile, from which records.")
_COLUMNS = (
    *("ref", "what", "from", "to", "sector", "profile", "recipient", "made_on"),
    *("withheld", "revises", "approved_on", "approved_by"),
)
_REFUSED = {Exit.REFUSED: "this member is no supervisor"}
_NOT_FOUND = {Exit.NOT_FOUND: "no release has that reference", **_REFUSED}


@releases.command("list", example="beech releases list -f csv", exits=_REFUSED)
@with_store
def list_(store: Store) -> None:
    """List what left, oldest first, and how many figures of each were withheld.

    Where desks that did not know of each other released of the same time, it is said on stderr.
    """
    from db.tallies.leaving import apart

    for one in apart.met(store):
        printing.say(one.said)
    printing.emit(register.listing(store), columns=_COLUMNS, keys=_COLUMNS, empty="none")


@releases.command("show", example="beech releases show L-7KQ2", exits=_NOT_FOUND)
@click.argument("ref")
@click.option("--recipient", metavar="CODE", help="hand the same page to somebody else: a release of its own")
@with_store
def show(store: Store, ref: str, recipient: str | None) -> None:
    """Print a release as it was printed, years later too, and which journal it was made from."""
    told = register.show(store, ref) if recipient is None else register.give(store, ref, recipient)
    _print(told)


@releases.command("approve", example="beech releases approve L-7KQ2", exits=_NOT_FOUND)
@click.argument("ref")
@with_store
def approve(store: Store, ref: str) -> None:
    """Approve a release for the press: what was a draft may be said."""
    _print(register.approve(store, ref))


def _print(told: dict[str, object]) -> None:
    from commands.summary import pages

    form = asked().format
    if form == "md" and "measures" in told:
        printing.put(pages.markdown(told))
    elif form == "table" and "measures" in told:
        printing.put(pages.page(told))
    else:
        printing.emit(pages.cells(told) if form in ("csv", "xlsx") and "measures" in told else told)
