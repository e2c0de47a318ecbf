"""``beech log``: one engagement, by one question a line, from a plain sentence or from JSON.

Nothing is kept until the last answer: an input that ends, or Ctrl-C, saves nothing and says so.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from commands import asking, fields, opening, printing, questions, telling
from commands.exits import Exit
from commands.options import asked, command
from db import engagements
from db.errors import Refused, Usage
from db.prompts import STAFF, worded

if TYPE_CHECKING:
    from db.vault.store import Store

Record = dict[str, Any]


@command(
    "log",
    example="beech log --from-json contact.json -f json",
    exits={
        Exit.DONE: "saved",
        Exit.USAGE: "the input ended too soon, malformed JSON, an unknown key",
        Exit.NOT_FOUND: "a reference or a text that names nobody",
        Exit.REFUSED: "a rule refuses it, or a hard stop: nothing was saved",
        Exit.INTERRUPTED: "stopped with Ctrl-C: nothing was saved",
    },
)
@click.argument("sentence", required=False, metavar="[-]")
@click.option("--from-json", metavar="FILE|-", help="one engagement as import takes it")
@click.option(
    "--police-or-partner",
    is_flag=True,
    help="he is police or partner staff: nothing is kept, the outside contacts are shown",
)
@opening.with_store
def log(store: Store, sentence: str | None, from_json: str | None, police_or_partner: bool) -> None:
    """Record an engagement: one question a line, Enter for the default, < for the question before.

    A plain sentence at the first question, or on stdin with 'log -', is read for what it holds, and only
    the rest is asked: time, place, people, how, a man or car, needs, and what was done to her, which
    becomes a concern. Shows whom on the watchlist she may have meant. In Who, + makes somebody new and ?2
    is two unnamed.
    """
    told = {STAFF: True} if police_or_partner else _told(store, sentence, from_json)
    made = worded("engagement", engagements.log(store, told, asking.why()))
    if from_json is not None and isinstance(typed := told.get("at"), str):
        fields.echo("at", typed, int(datetime.fromisoformat(made["at"]).timestamp()))
    if asked().format != "table":
        telling.emit(made)
        return
    concern = made.get("concern")
    lines = [f"Saved {made['ref']}{f', with {concern}' if concern else ''}\n"]
    if made["matches"]:
        lines.extend(telling.matches(made["matches"]))
    printing.put(lines)
    telling.say(made["prompts"])
    if from_json is None:
        printing.say(f"'beech engagements undo {made['ref']}' takes it back")
    if concern:
        printing.say(f"'beech concerns amend {concern}' adds to the concern, 'undo' takes it back")


def _told(store: Store, sentence: str | None, from_json: str | None) -> Record:
    """Return the engagement as it was told: as JSON, in a sentence, or by answers.

    Raises:
        Usage: told twice, or nobody is to be asked.
        Refused: the sentence says nothing that can be read.
    """
    if sentence is not None:
        if sentence != "-" or from_json is not None:
            raise Usage("log takes '-' alone, or --from-json: a narrative is never an argument")
        return _from_sentence(store, asking.from_stdin("log -"))
    if from_json is not None:
        return asking.one_object(from_json)
    if asked().no_input:
        raise Usage("log asks questions: without them it takes --from-json FILE or --from-json -")
    try:
        return questions.Questions(store).ask()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        printing.say("stopped: nothing was saved")
        raise


def _from_sentence(store: Store, typed: str) -> Record:
    raw = engagements.read_sentence(store, typed)
    if not raw:
        raise Refused("nothing in that sentence can be read: nothing was saved; 'beech log' asks")
    printing.say(f"understood: {questions.understood(raw)}")
    return {"at": "now", "officers": [store.member.name], **raw}
