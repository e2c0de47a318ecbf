"""``people``, ``engagements``, ``concerns`` ... each a group with the same commands, made from one table.

What only one kind has stands beside it: ``people`` in its own module, ``followups`` and ``referrals`` below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, fields, opening, printing, rooms, subjects
from commands.exits import Exit
from commands.options import Command, Group, Whole, asked
from commands.subjects import SUBJECTS, Subject
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.vault.store import Store

_LIST_OPTIONS = {
    "since": "from this day or time on",
    "until": "up to this day or time, included",
    "sector": "of this sector",
    "officer": "by this officer",
    "status": "of this status",
    "action": "of this action",
    "person": "about this person",
    "concern": "about this concern",
    "offender": "about this man",
    "due": "not done, and due by then (7d: within a week)",
    "ncrs": "open, late or decided",
}
_METAVARS = {
    "since": "DAY",
    "until": "DAY",
    "due": "DAY",
    "person": "P-REF",
    "concern": "C-REF",
    "offender": "O-REF",
}
_NOT_FOUND = {Exit.NOT_FOUND: "no record has that reference", Exit.AMBIGUOUS: "several have it"}
_CHANGES = _NOT_FOUND | {Exit.USAGE: "another member entered it, and no --reason is given"}


class Kind(Group):
    """A kind's commands, each made when it is called: list, show, add, and what is its own."""

    def __init__(self, word: str, made: Subject) -> None:
        said = f"{made.said[0].upper()}{made.said[1:]}."
        super().__init__(word, help=said, example=f"beech {word} list")
        self._word, self._made = word, made

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return [*_GENERIC, *_OWN.get(self._word, ())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make and return one; None where there is none of that name."""
        if cmd_name in _GENERIC:
            return _GENERIC[cmd_name](self._word, self._made)
        if cmd_name not in _OWN.get(self._word, ()):
            return None
        if self._word == "people":
            from commands import people

            return people.COMMANDS[cmd_name]
        return _DUE[cmd_name](self._word, self._made)


def group_of(word: str) -> Group:
    """Return the group of a kind."""
    return Kind(word, SUBJECTS[word])


def _command(name: str, run: Callable[..., None], *, params: list[click.Parameter], **more: Any) -> Command:
    return Command(name, callback=opening.with_store(run), params=params, **more)


def _ref() -> click.Argument:
    return click.Argument(["ref"])


def _list(word: str, made: Subject) -> Command:
    from db import filters

    def run(store: Store, limit: int | None, **given: Any) -> None:
        found = rooms.of(made.kind).listing(
            store, filters.build(store, made.kind, given), limit=limit, why=asking.why()
        )
        printing.emit(found, columns=made.columns, keys=subjects.keys_of(made.kind), empty="none")

    params: list[click.Parameter] = [
        click.Option([f"--{name}"], metavar=_METAVARS.get(name, "TEXT"), help=_LIST_OPTIONS[name])
        for name in filters.names(made.kind)
    ]
    period = "--since 1/10 --until 31/10 " if "since" in filters.names(made.kind) else ""
    params.append(click.Option(["--limit"], type=Whole(), help="at most so many; all by default"))
    return _command(
        "list",
        run,
        params=params,
        help=f"List {made.said}; one look, journalled with the options' names and how many it showed.",
        example=f"beech {word} list {period}-f csv",
    )


def _show(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str) -> None:
        printing.emit(rooms.of(made.kind).show(store, ref, asking.why()))

    return _command(
        "show",
        run,
        params=[_ref()],
        help="Show one; the look is journalled.",
        example=f"beech {word} show {subjects.sample(made)}",
        exits=_NOT_FOUND,
    )


def _add(word: str, made: Subject) -> Command:
    def run(store: Store, **given: Any) -> None:
        from db import records

        now = records.local_now(store)
        raw = fields.raw(made.kind, given, now)
        if made.kind == "person" and not raw.get("pseudonym"):
            raw["pseudonym"] = _pseudonym(store)
        fields.ask_for_missing(made.kind, raw, now)
        printing.emit(rooms.of(made.kind).add(store, raw, asking.why()))

    personal = any(map(fields.is_personal, KINDS[made.kind].fields))
    note = " What is personal comes by '-' or --from-json, never as an argument." if personal else ""
    pseudonym = " Without --pseudonym she gets a free one." if made.kind == "person" else ""
    return _command(
        "add",
        run,
        params=[*fields.options(made.kind)],
        help=f"Add one.{pseudonym}{note}",
        example=f"beech {word} add {made.example}",
        exits={Exit.REFUSED: "a value breaks a rule; nothing was saved", **_NOT_FOUND},
    )


def _pseudonym(store: Store) -> str:
    from db import pseudonyms

    offered = pseudonyms.offer(store, 3)
    if not asking.on_terminal() or asked().yes:
        return offered[0]
    printing.say(f"free pseudonyms: {', '.join(offered)}")
    return asking.line("Pseudonym", offered[0])


def _amend(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str, clear: tuple[str, ...], **given: Any) -> None:
        from db import records
        from db.errors import Usage

        raw = fields.raw(made.kind, given, records.local_now(store))
        raw |= dict.fromkeys((name.replace("-", "_") for name in clear), None)
        if not raw:
            raise Usage("nothing to change: name a field, --clear one, or use --from-json")
        printing.emit(rooms.of(made.kind).amend(store, ref, raw, asking.why()))

    cleared = click.Option(["--clear"], multiple=True, metavar="FIELD", help="empty this field")
    return _command(
        "amend",
        run,
        params=[_ref(), *fields.options(made.kind), cleared],
        help="Change fields of one; what is not named stays. What another member entered needs a --reason.",
        example=f"beech {word} amend {subjects.sample(made)} {subjects.amendment(made)} --reason correction",
        exits=_CHANGES | {Exit.REFUSED: "a value breaks a rule; nothing was changed"},
    )


def _strike(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str) -> None:
        from db import records

        struck = records.strike(store, made.kind, ref, asking.why())
        printing.emit({"ref": struck, "state": "struck"})

    return _command(
        "strike",
        run,
        params=[_ref()],
        help="Strike out one that was entered in error; it stays in the journal, and 'undo' takes it back.",
        example=f"beech {word} strike {subjects.sample(made)} --reason correction",
        exits=_CHANGES,
    )


def _undo(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str) -> None:
        from db import records

        printing.emit({"ref": records.undo(store, made.kind, ref, asking.why()), "undone": True})

    return _command(
        "undo",
        run,
        params=[_ref()],
        help="Take back the last change of one that still stands, by an entry of its own.",
        example=f"beech {word} undo {subjects.sample(made)} --reason correction",
        exits=_CHANGES | {Exit.REFUSED: "nothing is left to undo"},
    )


def _history(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str) -> None:
        from db import records

        told = records.history(store, made.kind, ref, asking.why())
        printing.emit(told, columns=("at", "member", "what", "fields", "reason", "note", "command"))

    return _command(
        "history",
        run,
        params=[_ref()],
        help="Tell one's changes, oldest first: when, who, what, why.",
        example=f"beech {word} history {subjects.sample(made)}",
        exits=_NOT_FOUND,
    )


def _done(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str, **given: Any) -> None:
        from db import records

        raw = fields.raw(made.kind, given, records.local_now(store))
        raw |= {"done_on": records.today(store)} if made.kind == "followup" else {"status": "closed"}
        printing.emit(rooms.of(made.kind).amend(store, ref, raw, asking.why()))

    result = [option for option in fields.options(made.kind) if option.name == "result"]
    return _command(
        "done",
        run,
        params=[_ref(), *result],
        help="Say that it is done, today.",
        example=f"beech {word} done {subjects.sample(made)}",
        exits=_CHANGES,
    )


def _transfer(word: str, made: Subject) -> Command:
    def run(store: Store, ref: str, to: str) -> None:
        printing.emit(rooms.of(made.kind).amend(store, ref, {"owner": to}, asking.why()))

    return _command(
        "transfer",
        run,
        params=[
            _ref(),
            click.Option(["--to"], required=True, metavar="OWNER", help="member, agency, next shift"),
        ],
        help="Hand it to another owner.",
        example=f"beech {word} transfer {subjects.sample(made)} --to 'next shift'",
        exits=_CHANGES,
    )


_GENERIC: dict[str, Callable[[str, Subject], Command]] = {
    "list": _list,
    "show": _show,
    "add": _add,
    "amend": _amend,
    "strike": _strike,
    "undo": _undo,
    "history": _history,
}
_DUE: dict[str, Callable[[str, Subject], Command]] = {"done": _done, "transfer": _transfer}
_OWN: dict[str, tuple[str, ...]] = {
    "people": ("seal", "reveal", "detach"),
    **dict.fromkeys(("referrals", "followups"), tuple(_DUE)),
}
