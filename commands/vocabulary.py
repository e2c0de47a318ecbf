"""``beech vocabulary``: the coded lists, each code with what it means. No unit is needed."""

from __future__ import annotations

import click

from commands import printing
from commands.exits import Exit
from commands.options import group
from db.rules import vocabulary as lists

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
    entries = lists.vocabulary(name.replace("-", "_")).entries.values()
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
        columns=("code", "label", "valid_to"),
    )
