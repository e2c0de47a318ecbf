"""``beech export save``, ``recipes``, ``remove``: exports made again at a supervisor's unlock or lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing, verbs
from commands.exits import Exit
from commands.export import Exporting, options, split
from commands.options import Command, Words, asked, command, frame
from db.errors import Usage
from db.exchange import KINDS

if TYPE_CHECKING:
    from db.vault.store import Store

_NARROWED = ("since", "until", "sector", "officer", "status", "action", "person", "concern", "offender")
_KEYS = ("name", "kind", "recipient", "purpose", "reason", "file", "when", "last_on", "last_release")


def _save(store: Store, name: str, kind: str, moment: str, **given: Any) -> None:
    from db.exchange import exporting, handing, recipes

    place = asked().out
    if place is None:
        raise Usage("--out FILE is missing: a kept export is written to a file")
    reason = asking.why(required=True).reason
    form = handing.form_of(place, frame().given.get("format"), given.pop("marking"), asked().bom)
    to, purpose, fields = given.pop("recipient"), given.pop("purpose"), split(given.pop("fields"))
    narrowed = {word: value for word, value in given.items() if value is not None}
    order = exporting.Order(KINDS[kind], to, purpose, fields, narrowed)
    recipes.save(store, recipes.Recipe(name, order, str(reason), place, form, moment))
    printing.say(f"kept: {name} is written to {place} at a supervisor's {moment}, once a day")


save = Exporting(
    "save",
    callback=opening.with_store(_save),
    params=[
        click.Argument(["name"]),
        click.Argument(["kind"], type=Words(tuple(KINDS))),
        *options(required=True),
        *(verbs.narrowing(name) for name in (*_NARROWED, "due", "ncrs")),
        click.Option(
            ["--at", "moment"],
            type=Words(("unlock", "lock")),
            default="lock",
            help="when a supervisor unlocks, or locks (the default)",
        ),
    ],
    help="Keep an export under a NAME: the unit makes it again by itself, once a day, when a supervisor "
    "unlocks or locks, so that no passphrase lies on a disk. Days are read anew each time: --since -7d.",
    example="beech export save weekly actions --recipient cps --purpose crime --reason crime --since -7d "
    "--out /srv/out/actions.csv",
    exits={
        Exit.USAGE: "no --recipient, --purpose, --reason or --out",
        Exit.REFUSED: "no supervisor, or the export itself would be refused",
    },
)


@command("recipes", example="beech export recipes")
@opening.with_store
def list_(store: Store) -> None:
    """List the exports that are kept: what, to whom, where, when, and when they were last made."""
    from db.exchange import recipes

    words = {kind: word for word, kind in KINDS.items()}
    rows = [
        {
            "name": one.name,
            "kind": words[one.order.kind],
            "recipient": one.order.recipient,
            "purpose": one.order.purpose,
            "reason": one.reason,
            "file": str(one.place),
            "when": one.moment,
            "last_on": one.last_on,
            "last_release": one.last_release,
        }
        for one in recipes.kept(store)
    ]
    printing.emit(rows, keys=_KEYS, empty="no export is kept: 'beech export save --help' says how")


@command(
    "remove",
    example="beech export remove weekly",
    exits={Exit.NOT_FOUND: "none is kept under that name", Exit.REFUSED: "no supervisor"},
)
@click.argument("name")
@opening.with_store
def remove(store: Store, name: str) -> None:
    """Keep an export no longer; what it wrote stays where it is."""
    from db.exchange import recipes

    recipes.remove(store, name)
    printing.say("it is kept no longer")


COMMANDS: dict[str, Command] = {"save": save, "recipes": list_, "remove": remove}
