"""``merge`` and ``unmerge``: two records of one woman, or of one man; a judgement, never a rewrite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing, subjects
from commands.exits import Exit
from commands.options import Command

if TYPE_CHECKING:
    from commands.subjects import Subject

_EXITS = {
    Exit.USAGE: "no --reason",
    Exit.NOT_FOUND: "no record has that reference",
    Exit.AMBIGUOUS: "several have it",
}


def _pair() -> list[click.Parameter]:
    return [click.Argument(["ref"]), click.Argument(["other"])]


def merge(word: str, made: Subject) -> Command:
    """Return the command that judges two records the same."""

    def run(ref: str, other: str) -> None:
        from db import judgements

        why = asking.why(required=True)
        with opening.store() as store:
            done = judgements.merge(store, made.kind, (ref, other), why)
        printing.emit(done._asdict())
        if done.contradicts:
            printing.say(
                f"judged different, and now in one group: {'; '.join(done.contradicts)}. "
                f"'beech {word} conflicts' lists them, 'unmerge' takes a merge back"
            )

    letter = subjects.sample(made)[0]
    return Command(
        "merge",
        callback=run,
        params=_pair(),
        help="Say that two records are of one and the same: counted and listed once from then on, under the "
        "one that was entered first. Nothing is rewritten, both references go on working, 'unmerge' takes it "
        "back at any time with all that was changed since.",
        example=f"beech {word} merge {letter}-7KQ2 {letter}-3M9X --reason correction",
        exits=_EXITS | {Exit.REFUSED: "they stand together already, or one was erased or struck out"},
    )


def unmerge(word: str, made: Subject) -> Command:
    """Return the command that takes a merge back."""

    def run(ref: str, other: str) -> None:
        from db import judgements

        why = asking.why(required=True)
        with opening.store() as store:
            apart = judgements.unmerge(store, made.kind, (ref, other), why)
        printing.emit([one._asdict() for one in apart])

    letter = subjects.sample(made)[0]
    return Command(
        "unmerge",
        callback=run,
        params=_pair(),
        help="Take a merge back: the two are counted and listed apart again, each with what was changed "
        "of it since.",
        example=f"beech {word} unmerge {letter}-7KQ2 {letter}-3M9X --reason correction",
        exits=_EXITS | {Exit.REFUSED: "they are not merged with one another"},
    )
