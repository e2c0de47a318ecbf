"""``watchlist judge``: whether two men are one, or a report tells of a man; another word takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing, subjects
from commands.exits import Exit
from commands.options import Command
from db.errors import Usage

if TYPE_CHECKING:
    from commands.subjects import Subject


def judge(word: str, made: Subject) -> Command:
    """Return the command that judges a pair."""

    def run(ref: str, other: str, verdict: str | None) -> None:
        from db import watchlist

        if verdict is None:
            raise Usage("say what they are: --same, --different or --unsure")
        why = asking.why(required=True)
        with opening.store() as store:
            done = watchlist.judge(store, (ref, other), verdict, why)
        printing.emit(done)
        if done["conflicts"]:
            printing.say(
                f"judged different, and now in one group: {'; '.join(done['conflicts'])}. "
                f"'beech {word} conflicts' lists them, another judgement settles it"
            )

    letter = subjects.sample(made)[0]
    return Command(
        "judge",
        callback=run,
        params=[
            click.Argument(["ref"]),
            click.Argument(["other"]),
            click.Option(["--same", "verdict"], flag_value="same", help="they are one man, or one vehicle"),
            click.Option(["--different", "verdict"], flag_value="different", help="not him: kept apart"),
            click.Option(["--unsure", "verdict"], flag_value="unsure", help="cannot say"),
        ],
        help="Say whether two men on the watchlist, or two vehicles, are one; or, of a concern or contact "
        "and a man, that it does not tell of him. Judged different, a pair is not offered again until a "
        "strong fact is new: a name, telephone, plate, birth or mark. A later judgement on the pair "
        "replaces it, nothing is rewritten.",
        example=f"beech {word} judge {letter}-7KQ2 {letter}-3M9X --different --reason intelligence",
        exits={
            Exit.USAGE: "no --reason, or none of --same, --different, --unsure",
            Exit.NOT_FOUND: "no record has that reference",
            Exit.AMBIGUOUS: "several have it",
            Exit.REFUSED: "they are one record, not judged together, or one was erased",
        },
    )
