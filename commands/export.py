"""``beech export``: records leave for a named recipient and purpose, and the journal keeps which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, opening, printing, telling, verbs
from commands.exits import Exit
from commands.options import Asked, Command, Group, Words, asked, check_folder, frame
from db.errors import Usage
from db.exchange import KINDS
from db.rules import sharing, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from db.exchange.exporting import Export
    from db.exchange.handing import Form
    from db.vault.keys import Opened
    from db.vault.store import Store

_EXITS = {
    Exit.USAGE: "no --recipient, --purpose or --reason, or an unknown field",
    Exit.REFUSED: "no supervisor, a recipient or field that is never served, or the file cannot be written",
    Exit.NOT_FOUND: "no export of this unit has that cursor",
    Exit.WITHHELD: "nothing of what was asked for may leave",
    Exit.BUSY: "no room for the file: nothing left, and nothing was written down",
}


class Exporting(Command):
    """A command that writes what leaves, in formats of its own."""

    def check_output(self, wanted: Asked) -> None:
        """Refuse what has nowhere to go."""
        check_folder(wanted)


class Exports(Group):
    """A command for each kind, and those for what is kept."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return [*KINDS, "save", "recipes", "remove"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make and return one; None where there is none of that name."""
        if cmd_name in KINDS:
            return _of_kind(cmd_name)
        if cmd_name in ("save", "recipes", "remove"):
            from commands import recipes

            return recipes.COMMANDS[cmd_name]
        return None


def describe(word: str) -> None:
    """Print a kind's schema: its fields, what each takes, and whether it leaves."""
    from db.rules import outgoing
    from db.rules.records import KINDS as RULES

    kind = KINDS[word]
    lists = {field.of for field in RULES[kind].fields if field.of in vocabulary.names()}
    printing.emit(outgoing.described(kind, {name: vocabulary.codes(name) for name in lists}))


def _alone(describe_: str | None) -> None:
    context = click.get_current_context()
    if describe_ is not None and context.invoked_subcommand is None:
        describe(describe_)
    elif context.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(context)


export = Exports(
    "export",
    callback=_alone,
    invoke_without_command=True,
    help="Let records of a kind leave, for a recipient and a purpose. Supervisors only; each a disclosure.",
    example="beech export concerns --recipient partner --purpose safeguarding --reason safeguarding --help",
    params=[
        click.Option(
            ["--describe", "describe_"],
            type=Words(tuple(KINDS)),
            metavar="KIND",
            help="print a kind's schema: its fields, what each takes, whether it leaves",
        )
    ],
)


def options(*, required: bool) -> list[click.Parameter]:
    """Return the options that say to whom, for what, which fields, and where the marking stands."""
    from db.exchange.handing import MARKINGS

    return [
        click.Option(
            ["--recipient"],
            metavar="CODE",
            required=required,
            help="to whom: beech vocabulary list recipient",
        ),
        click.Option(
            ["--purpose"], metavar="CODE", required=required, help="for what: beech vocabulary list purpose"
        ),
        click.Option(
            ["--fields"],
            metavar="A,B",
            help="these fields alone; +A adds to the usual ones, which are all but free text",
        ),
        click.Option(
            ["--marking"],
            type=Words(MARKINGS),
            default="first-line",
            help="where marking and release id stand: first-line is the default",
        ),
    ]


def split(fields: str | None) -> tuple[str, ...]:
    """Return the fields that were asked for."""
    return tuple(one.strip() for one in (fields or "").split(",") if one.strip())


def _of_kind(word: str) -> Command:
    from db import filters

    kind = KINDS[word]

    def run(describe_: bool, names: bool = False, **given: Any) -> None:
        if describe_:
            describe(word)
            return
        for name in ("recipient", "purpose"):
            if given[name] is None:
                raise Usage(f"--{name} CODE is missing: see 'beech vocabulary list {name}'")
        why = asking.why(required=True)
        if names:
            from commands.people import typed

            store, opened = typed()
            with store:
                _run(store, kind, given, why, opened)
            return
        with opening.store() as store:
            _run(store, kind, given, why, None)

    told = filters.names(kind)
    params: list[click.Parameter] = [*options(required=False)]
    params += [verbs.narrowing(name) for name in told if name != "since"]
    since = " (or from this day on)" if "since" in told else ""
    params.append(
        click.Option(
            ["--since"], metavar="CURSOR", help=f"what changed since that release{since}, and what went"
        )
    )
    if kind in sharing.HERS:
        said = "against the no of --person, and why: beech vocabulary list override"
        params.append(click.Option(["--override"], metavar="CODE", help=said))
    if kind == "person":
        params.append(click.Option(["--names"], is_flag=True, help="with her name, at sharing level 4 or 5"))
    params.append(click.Option(["--describe", "describe_"], is_flag=True, help="print the schema, and end"))
    names = " --names is a liaison's, who types the passphrase." if kind == "person" else ""
    return Exporting(
        word,
        callback=run,
        params=params,
        help=f"Let {word} leave as CSV, JSON, NDJSON or XLSX (--out FILE.xlsx). Sharing level 0 and 1 "
        "stay and are counted; level 2 leaves only as facts about a man. The release id of one export is the "
        f"cursor from which the next sends what changed and what to take back.{names}",
        example=f"beech export {word} --recipient partner --purpose safeguarding --reason safeguarding "
        f"--out {word}.csv",
        exits=_EXITS,
    )


def _run(store: Store, kind: str, given: dict[str, Any], why: Any, opened: Opened | None) -> None:
    from db import filters
    from db.exchange import cursors, exporting, handing

    place, recipient, purpose = asked().out, given.pop("recipient"), given.pop("purpose")
    form = handing.form_of(place, frame().given.get("format"), given.pop("marking"), asked().bom)
    fields, cursor, override = split(given.pop("fields")), None, given.pop("override", None)
    if given["since"] is not None and cursors.CURSOR.fullmatch(given["since"]):
        cursor = given.pop("since")
    elif given["since"] is not None and "since" not in filters.names(kind):
        raise Usage("--since takes the release id of an earlier export: these have no day to be narrowed by")
    order = exporting.Order(kind, recipient, purpose, fields, given, cursor, opened, override)

    def deliver(made: Export) -> Any:
        if place is None:
            return lambda: printing.put(handing.text(made, form))
        about = {"recipient": recipient, "purpose": purpose, "by": store.member.name}
        return handing.to_file(made, form, place, about)

    _say(exporting.run(store, order, why, deliver), place, form)
    if override is not None:
        printing.say(telling.OVERRIDDEN)


def _say(made: Export, place: Path | None, form: Form) -> None:
    from db.exchange import exporting

    rows = "1 row" if len(made.rows) == 1 else f"{len(made.rows)} rows"
    where = f" written to {place}" if place is not None else ""
    printing.say(f"{rows}{where}: {made.marking} release={made.release}")
    if made.left["facts"]:
        printing.say(f"{made.left['facts']} of these leave as facts about a man alone")
    if left := exporting.said(made.left):
        printing.say(left)
