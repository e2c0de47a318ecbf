"""``followups`` and ``referrals``: what is due is done, or handed on to another owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, fields, opening, rooms, subjects, telling
from commands.exits import Exit
from commands.options import Command

if TYPE_CHECKING:
    from commands.subjects import Subject
    from db.vault.store import Store

_CHANGES = {
    Exit.NOT_FOUND: "no record has that reference",
    Exit.AMBIGUOUS: "several have it",
    Exit.USAGE: "another member entered it, and no --reason is given",
}


def done(word: str, made: Subject) -> Command:
    """Return the command that says one is done."""

    def run(store: Store, ref: str, **given: Any) -> None:
        from db import records

        raw = fields.raw(made.kind, given, records.local_now(store))
        raw |= {"done_on": records.today(store)} if made.kind == "followup" else {"status": "closed"}
        telling.emit(rooms.of(made.kind).amend(store, ref, raw, asking.why()))

    result = [option for option in fields.options(made.kind) if option.name == "result"]
    return Command(
        "done",
        callback=opening.with_store(run),
        params=[click.Argument(["ref"]), *result],
        help="Say that it is done, today.",
        example=f"beech {word} done {subjects.sample(made)}",
        exits=_CHANGES,
    )


def transfer(word: str, made: Subject) -> Command:
    """Return the command that hands one on."""

    def run(store: Store, ref: str, to: str) -> None:
        telling.emit(rooms.of(made.kind).amend(store, ref, {"owner": to}, asking.why()))

    return Command(
        "transfer",
        callback=opening.with_store(run),
        params=[
            click.Argument(["ref"]),
            click.Option(["--to"], required=True, metavar="OWNER", help="member, agency, next shift"),
        ],
        help="Hand it to another owner.",
        example=f"beech {word} transfer {subjects.sample(made)} --to 'next shift'",
        exits=_CHANGES,
    )
