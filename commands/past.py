"""What went before: ``history`` of any record, who looked at a woman's, and ``conflicts`` between desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing, subjects
from commands.options import Command
from commands.verbs import OPENING

if TYPE_CHECKING:
    from commands.subjects import Subject
    from db.vault.store import Store

_CHANGES = ("at", "member", "what", "fields", "reason", "note", "command")
_LOOKS = ("at", "member", "what", "how", "reason", "note", "recipient", "command")
_CONFLICTS = ("ref", "field", "one", "one_by", "one_at", "other", "other_by", "other_at")
_JUDGED = ("people", "watchlist", "vehicles")


def history(word: str, made: Subject) -> Command:
    """Return the command that tells one's changes, and of a woman who looked at her."""

    def run(store: Store, ref: str, looks: bool = False) -> None:
        from db import records

        if looks:
            from db import looking

            printing.emit(looking.looks(store, ref, asking.why()), columns=_LOOKS, keys=_LOOKS)
            return
        printing.emit(records.history(store, made.kind, ref, asking.why()), columns=_CHANGES)

    params: list[click.Parameter] = [click.Argument(["ref"])]
    more = ""
    if made.kind == "person":
        said = "who looked at her, when and why, instead of what was changed"
        params.append(click.Option(["--looks"], is_flag=True, help=said))
        more = " With --looks: who opened her, or had her in a list, a search or a sheet that went out."
    return Command(
        "history",
        callback=opening.with_store(run),
        params=params,
        help=f"Tell one's changes, oldest first: when, who, what, why.{more}",
        example=f"beech {word} history {subjects.sample(made)}{' --looks' if more else ''}",
        exits=OPENING,
    )


def conflicts(word: str, made: Subject) -> Command:
    """Return the command that lists what two members set differently."""

    def run(store: Store) -> None:
        from db import conflicts

        found = conflicts.listing(store, made.kind, asking.why())
        printing.emit(found, keys=_CONFLICTS, empty="none")

    more = " A pair judged different inside one merged group is told too." if word in _JUDGED else ""
    return Command(
        "conflicts",
        callback=opening.with_store(run),
        help="List what two members set to different values at two desks, side by side: what, who, when. "
        f"'amend' settles one by the value that it sets, be it the one that is there.{more}",
        example=f"beech {word} conflicts",
    )
