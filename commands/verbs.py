"""What every kind of record can be asked: list, show, add, amend, strike, undo; sight.

Each function makes one of them for a group's word and subject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, fields, opening, printing, rooms, subjects, telling
from commands.exits import Exit
from commands.options import Command, Whole, asked
from commands.subjects import Subject
from db.prompts import STAFF, TakenOut
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
    "concern": "about this concern, or one with this behaviour",
    "offender": "about this man",
    "due": "not done, and due by then (7d: within a week)",
    "ncrs": "open, late or decided",
}
_METAVARS = {
    "since": "DAY",
    "until": "DAY",
    "due": "DAY",
    "person": "P-REF",
    "concern": "C-REF|CODE",
    "offender": "O-REF",
}
NOT_FOUND = {Exit.NOT_FOUND: "no record has that reference", Exit.AMBIGUOUS: "several have it"}
OPENING = NOT_FOUND | {Exit.USAGE: "it or whom it is of is restricted, and no --reason is given"}
_CHANGES = NOT_FOUND | {
    Exit.USAGE: "another member entered it, or it or whom it is of is restricted, and no --reason is given"
}


def _command(name: str, run: Callable[..., None], *, params: list[click.Parameter], **more: Any) -> Command:
    return Command(name, callback=opening.with_store(run), params=params, **more)


def _ref() -> click.Argument:
    return click.Argument(["ref"])


def narrowing(name: str) -> click.Option:
    """Return the option that narrows a list, by its word in ``filters.names``."""
    return click.Option([f"--{name}"], metavar=_METAVARS.get(name, "TEXT"), help=_LIST_OPTIONS[name])


def list_(word: str, made: Subject) -> Command:
    """Return the command that lists."""
    from db import filters

    def run(store: Store, limit: int | None, **given: Any) -> None:
        found = rooms.of(made.kind).listing(
            store, filters.build(store, made.kind, given), limit=limit, why=asking.why()
        )
        printing.emit(
            found, columns=made.columns, keys=subjects.keys_of(made.kind), empty="none", kind=made.kind
        )
        if made.kind == "followup":
            telling.clocks(store)

    params: list[click.Parameter] = [narrowing(name) for name in filters.names(made.kind)]
    period = "--since 1/10 --until 31/10 " if "since" in filters.names(made.kind) else ""
    params.append(click.Option(["--limit"], type=Whole(), help="at most so many; all by default"))
    return _command(
        "list",
        run,
        params=params,
        help=f"List {made.said}; one look, journalled with the options' names and how many it showed.",
        example=f"beech {word} list {period}-f csv",
    )


def show(word: str, made: Subject) -> Command:
    """Return the command that shows one."""

    def run(store: Store, ref: str) -> None:
        printing.emit(rooms.of(made.kind).show(store, ref, asking.why()), kind=made.kind)
        telling.standing(store, word, made.kind, ref)

    return _command(
        "show",
        run,
        params=[_ref()],
        help="Show one; the look is journalled.",
        example=f"beech {word} show {subjects.sample(made)}",
        exits=OPENING,
    )


def add(word: str, made: Subject) -> Command:
    """Return the command that adds one."""

    def run(store: Store, **given: Any) -> None:
        from db import records

        now = records.local_now(store)
        stopped = {STAFF: True} if given.pop(STAFF, False) else {}
        raw = fields.raw(made.kind, given, now) | stopped
        if made.kind == "person" and not raw.get("pseudonym"):
            raw["pseudonym"] = _pseudonym(store)
        if not stopped:
            fields.ask_for_missing(made.kind, raw, now)
            _ask_of_sharing(made.kind, raw)
        tells = given.pop(telling.TELL_HER, False)
        why = asking.why()
        added = rooms.of(made.kind).add(store, raw, why)
        telling.emit(added, made.kind)
        telling.offer(store, added, why, wanted=tells)

    personal = any(map(fields.is_personal, KINDS[made.kind].fields))
    note = " What is personal comes by '-' or --from-json, never as an argument." if personal else ""
    pseudonym = " Without --pseudonym she gets a free one." if made.kind == "person" else ""
    return _command(
        "add",
        run,
        params=[*fields.options(made.kind), *_stops(made.kind), *_leads(made.kind)],
        help=f"Add one.{pseudonym}{note}",
        example=f"beech {word} add {made.example}",
        exits={Exit.REFUSED: "a value breaks a rule; nothing was saved", **NOT_FOUND},
    )


def _stops(kind: str) -> list[click.Option]:
    """Return the option that takes a report out of the unit, of the kinds that tell of a man."""
    return [telling.staff_option()] if kind in ("concern", "offender") else []


def _leads(kind: str) -> list[click.Option]:
    """Return the option that makes the follow-ups by which she is told what was done."""
    return [telling.tell_option()] if kind == "action" else []


def _ask_of_sharing(kind: str, raw: dict[str, Any]) -> None:
    """Ask, where she reported something, how far it may go; it is never carried over."""
    if kind == "concern" and raw.get("sharing_level") is None and asking.on_terminal() and not asked().yes:
        raw["sharing_level"] = asking.line("Sharing level of this (1 unit only ... 5 to court)", "1")


def _pseudonym(store: Store) -> str:
    from db import pseudonyms

    offered = pseudonyms.offer(store, 3)
    if not asking.on_terminal() or asked().yes:
        return offered[0]
    printing.say(f"free pseudonyms: {', '.join(offered)}")
    return asking.line("Pseudonym", offered[0])


def amend(word: str, made: Subject) -> Command:
    """Return the command that changes one."""

    def run(store: Store, ref: str, clear: tuple[str, ...], **given: Any) -> None:
        from db import records
        from db.errors import Usage

        stopped = {STAFF: True} if given.pop(STAFF, False) else {}
        raw = fields.raw(made.kind, given, records.local_now(store)) | stopped
        raw |= dict.fromkeys((name.replace("-", "_") for name in clear), None)
        if not raw:
            raise Usage("nothing to change: name a field, --clear one, or use --from-json")
        try:
            changed = rooms.of(made.kind).amend(store, ref, raw, asking.why())
        except TakenOut:
            printing.say(f"{ref} still stands as it was: 'beech {word} erase {ref}' asks for its erasure")
            raise
        telling.emit(changed, made.kind)

    cleared = click.Option(["--clear"], multiple=True, metavar="FIELD", help="empty this field")
    return _command(
        "amend",
        run,
        params=[_ref(), *fields.options(made.kind), cleared, *_stops(made.kind)],
        help="Change fields of one; what is not named stays. What another member entered needs a --reason.",
        example=f"beech {word} amend {subjects.sample(made)} {subjects.amendment(made)} --reason correction",
        exits=_CHANGES | {Exit.REFUSED: "a value breaks a rule; nothing was changed"},
    )


def sight(word: str, made: Subject) -> Command:
    """Return the command that enters a sighting of one."""

    def run(store: Store, ref: str, **given: Any) -> None:
        from db import records

        now = records.local_now(store)
        raw = fields.raw("sighting", given, now) | {"offender": ref}
        fields.ask_for_missing("sighting", raw, now)
        printing.emit(rooms.of("sighting").add(store, raw, asking.why()))

    return _command(
        "sight",
        run,
        params=[_ref(), *(one for one in fields.options("sighting") if one.name != "offender")],
        help="Enter that one was seen: as 'sightings add' with --offender.",
        example=f"beech {word} sight {subjects.sample(made)} --at 2130 --sector Northgate",
        exits={Exit.REFUSED: "a value breaks a rule; nothing was saved", **NOT_FOUND},
    )


def strike(word: str, made: Subject) -> Command:
    """Return the command that strikes one out."""

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


def undo(word: str, made: Subject) -> Command:
    """Return the command that takes back one's last change."""

    def run(store: Store, ref: str) -> None:
        from db import records

        printing.emit({"ref": records.undo(store, made.kind, ref, asking.why()), "undone": True})
        telling.standing(store, word, made.kind, ref)

    return _command(
        "undo",
        run,
        params=[_ref()],
        help="Take back the last change of one that still stands, by an entry of its own.",
        example=f"beech {word} undo {subjects.sample(made)} --reason correction",
        exits=_CHANGES | {Exit.REFUSED: "nothing is left to undo"},
    )
