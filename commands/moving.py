"""``engagements reassign``: a contact that was put on the wrong woman goes to the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import Command

if TYPE_CHECKING:
    from commands.subjects import Subject
    from db.vault.store import Store


def reassign(word: str, made: Subject) -> Command:
    """Return the command that moves a contact with all that hangs on it."""

    def run(store: Store, ref: str, wrong: str, right: str) -> None:
        from db import engagements

        done = engagements.reassign(store, ref, wrong, right, asking.why())
        printing.emit(done._asdict())
        if done.left:
            printing.say(
                f"entered that day for her and naming no contact, so not moved: {', '.join(done.left)}; "
                "'amend' moves one"
            )
        printing.say(f"'beech {word} undo {done.ref}' takes the whole move back")

    return Command(
        "reassign",
        callback=opening.with_store(run),
        params=[
            click.Argument(["ref"]),
            click.Option(["--from", "wrong"], required=True, metavar="P-REF", help="whom it was put on"),
            click.Option(["--to", "right"], required=True, metavar="P-REF", help="whom it belongs to"),
        ],
        help="Move a contact that was put on the wrong woman to the right one, with the concerns on "
        "it and the referrals that came from it; what is due about these goes along. 'undo' takes it back.",
        example=f"beech {word} reassign E-7KQ2 --from P-3M9X --to P-8C2D --reason correction",
        exits={
            Exit.NOT_FOUND: "no record has that reference",
            Exit.AMBIGUOUS: "several have it",
            Exit.USAGE: "another member entered some of it, and no --reason is given",
            Exit.REFUSED: "she is not on it, or one of them was struck out, restricted or erased",
        },
    )
