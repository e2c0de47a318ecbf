"""``beech vocabulary``: the coded lists, each code with what it means. No unit is needed.

Where one is open its own additions are listed too.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from commands import opening, printing
from commands.exits import Exit
from commands.options import group
from db.errors import BeechError
from db.rules import vocabulary as lists

if TYPE_CHECKING:
    from db.vault.store import Store

vocabulary = group("vocabulary", help="The coded lists.")


@vocabulary.command(
    "list",
    example="beech vocabulary list outcome_code",
    exits={Exit.NOT_FOUND: "no list has that name"},
)
@click.argument("name", required=False)
def list_(name: str | None) -> None:
    """List the codes of one list, or without a NAME the lists."""
    if name is None:
        found = [lists.vocabulary(one) for one in lists.names()]
        printing.emit(
            [
                {"name": one.name, "title": one.title, "codes": len(one.entries), "source": one.source}
                for one in found
            ],
            columns=("name", "codes", "title"),
        )
        return
    entries = _entries(name.replace("-", "_"))
    printing.emit(
        [
            {
                "code": one.code,
                "label": one.label,
                "source": one.source,
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
            }
            for one in entries
        ],
        columns=("code", "label", "source", "valid_from", "valid_to"),
    )


def _entries(name: str) -> list[lists.Entry]:
    """Return a list's codes; with those that the unit adds, where one is open."""
    brought = list(lists.vocabulary(name).entries.values())
    store = _unlocked()
    if store is None:
        return brought
    from db import settings

    with store, store.counts() as reader:
        return settings.entries(reader, name)


def _unlocked() -> Store | None:
    from db.vault import opening as vault
    from db.vault import session

    place = opening.folder()
    try:
        unit = vault.unit_of(place)
        return opening.unasked(place, session.find(unit, place, int(time.time())))
    except BeechError:  # no unit, or one that does not open: the lists that beech brings need none
        return None
