"""``show`` of a contact or a concern; with ``--as``, as plain text for the force's own systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing, rooms, subjects, telling
from commands.exits import Exit
from commands.options import Command, Words, asked
from commands.verbs import OPENING
from db.errors import Usage
from db.rules.pasted import GRADE

if TYPE_CHECKING:
    from commands.subjects import Subject
    from db.vault.store import Store

_FORMS = ("log", "intel", "crime")


def show(word: str, made: Subject) -> Command:
    """Return the command that shows one, or gives it as text to paste."""

    def run(store: Store, ref: str, form: str | None, got: str | None, **going: str | None) -> None:
        if form is None:
            if got is not None or any(going.values()):
                raise Usage("--got, --to, --purpose, --grade and --override go with --as")
            printing.emit(rooms.of(made.kind).show(store, ref, asking.why()), kind=made.kind)
            telling.standing(store, word, made.kind, ref)
            return
        _paste(store, (made.kind, ref), form, got, going)

    def option(name: str, *more: str, help: str, metavar: str = "CODE") -> click.Option:
        return click.Option([f"--{name}", *more], metavar=metavar, help=help)

    return Command(
        "show",
        callback=opening.with_store(run),
        params=[
            click.Argument(["ref"]),
            click.Option(
                ["--as", "form"],
                type=Words(_FORMS),
                help="as text for the force's log, intelligence or crime",
            ),
            option("got", help="with --as: the reference it got there, kept with it", metavar="REF"),
            option("to", "recipient", help="with --as: to whom it goes; internal by default"),
            option("purpose", help="with --as: why it goes; after the form by default"),
            option("override", help="with --as: against her no, and why: beech vocabulary list override"),
            option("grade", help=f"with --as intel: its 3x5x2 grade; {GRADE} by default", metavar="3x5x2"),
        ],
        help="Show one; the look is journalled. With --as it is a disclosure: plain text to paste into the "
        "force's own systems, as far as her sharing level lets it go. Intelligence is written anew in the "
        "third person, without her, her words or the exact time; her name is never in any of them.",
        example=f"beech {word} show {subjects.sample(made)} --as intel --grade 2CC",
        exits=OPENING
        | {
            Exit.REFUSED: "with --as: her sharing level or her no keeps it here, or there is nothing to tell",
            Exit.USAGE: f"{OPENING[Exit.USAGE]}; or an option of --as without it",
        },
    )


def _paste(
    store: Store, which: tuple[str, str], form: str, got: str | None, going: dict[str, str | None]
) -> None:
    """Print one as text, and keep the reference that it got, given or asked for."""
    from db import pasting
    from db.rules import readers

    grade = (going["grade"] or GRADE).upper()
    if not readers.GRADE.fullmatch(grade):
        raise Usage("--grade: takes a 3x5x2 grade, as 2BC: source 1-3, A-E, P or C")
    why = asking.why()
    wanted = pasting.Going(form, going["recipient"] or "internal", going["purpose"], grade, going["override"])
    text = pasting.text(store, *which, wanted, why)
    if asked().format == "table":
        printing.put([text])
    else:
        printing.emit({"ref": which[1], "as": form, "text": text})
    if wanted.override is not None:
        printing.say(telling.OVERRIDDEN)
    if got is None and asking.on_terminal():
        got = asking.line("The reference it got there (may be empty)")
    if got:
        pasting.got(store, *which, (form, got), why)
        printing.say(f"kept with {which[1]}")
