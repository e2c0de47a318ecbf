"""``restrict`` and ``erase``: what officer, second member and supervisor do with a record that must go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing, subjects
from commands.exits import Exit
from commands.options import Command

if TYPE_CHECKING:
    from commands.subjects import Subject

_NOT_FOUND = {Exit.NOT_FOUND: "no record has that reference", Exit.AMBIGUOUS: "several have it"}


def restrict(word: str, made: Subject) -> Command:
    """Return the command that restricts, and lifts a restriction."""

    def run(ref: str, lift: bool) -> None:
        from db import erasure

        why = asking.why(required=True)
        with opening.store() as store:
            done = (erasure.lift if lift else erasure.restrict)(store, made.kind, ref, why)
        printing.emit({"ref": done, "restricted": not lift})

    lifted = click.Option(["--lift"], is_flag=True, help="put it back; a supervisor's")
    return Command(
        "restrict",
        callback=run,
        params=[click.Argument(["ref"]), lifted],
        help="Take one out of lists, searches, matching and counts of people; it stays held, and 'show' "
        "needs a --reason. Any officer may; --lift is a supervisor's.",
        example=f"beech {word} restrict {subjects.sample(made)} --reason safeguarding",
        exits=_NOT_FOUND | {Exit.USAGE: "no --reason", Exit.REFUSED: "it is so already, or no supervisor"},
    )


def erase(word: str, made: Subject) -> Command:
    """Return the command that asks for an erasure and, given by a second member, empties the record."""

    def run(ref: str) -> None:
        from db import erasure

        why = asking.why(required=True)
        store, _ = opening.by_passphrase()
        with store:
            if erasure.is_asked(store, made.kind, ref) and not asking.sure(
                f"{ref} and all that is its own are destroyed for good, in every index and log. Go on?"
            ):
                printing.say("nothing was changed")
                return
            done = erasure.erase(store, made.kind, ref, why)
        printing.emit({key: list(v) if isinstance(v, tuple) else v for key, v in done._asdict().items()})
        if done.same_as:
            printing.say(
                f"merged with it, restricted, and erased each by its own call: {', '.join(done.same_as)}"
            )
        if done.look_through:
            printing.say(
                f"met with others there, so the words stay: read whether they speak of her, and amend them: "
                f"{', '.join(done.look_through)}"
            )
        if done.state == "restricted":
            printing.say(
                f"{done.ref} is restricted, its erasure asked for: the same command by a second member, one "
                "of the two a supervisor, empties it; in a unit of one member, by the same member"
            )

    return Command(
        "erase",
        callback=run,
        params=[click.Argument(["ref"])],
        help="Ask for one's erasure: it is restricted at once. The same command by a second member, one of "
        "the two a supervisor, empties it for good, with all that is its own; the passphrase is asked for. "
        "Of a person the engagements stay, as contacts that took place, without a word where she alone was "
        "met. Given again later it takes along what another desk wrote before it heard of it ('doctor' names "
        "that). A backup made earlier still holds it until it is pruned; a restore erases it again.",
        example=f"beech {word} erase {subjects.sample(made)} --reason subject_access",
        exits=_NOT_FOUND
        | {
            Exit.USAGE: "no --reason, or nobody to confirm and no --yes",
            Exit.REFUSED: "it takes another member, or a supervisor among the two; or it was erased before",
        },
    )
