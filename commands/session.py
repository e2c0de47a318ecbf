"""``beech unlock``, ``lock``, ``status``: who is unlocked, until when, and how the unit stands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from commands import opening, printing
from commands.exits import Exit
from commands.options import asked, command
from db.rules import periods

if TYPE_CHECKING:
    from db.vault.store import Store


@command(
    example="beech unlock --hours 10",
    exits={Exit.LOCKED: "a wrong passphrase, or no keyring to hold the session"},
)
@click.option(
    "--hours", type=click.FloatRange(0, 24, min_open=True), default=8.0, help="a shift: 8 by default"
)
def unlock(hours: float) -> None:
    """Open the unit for a shift: a session in the system's keyring.

    The session opens everything but names; it ends by itself, by 'beech lock', and when the machine
    restarts. The passphrase is typed, or comes from BEECH_PASSPHRASE_FILE or BEECH_PASSPHRASE_COMMAND.
    """
    from db import shifts, standing
    from db.vault import opening as vault
    from db.vault import session

    place = opening.folder()
    vault.unit_of(place)
    store, opened = opening.by_passphrase()
    with store:
        for done in standing.settle(store, opened):
            printing.say(done)
        begun = vault.begin_session(store, opened, hours)
        session.keep(begun, place, store.now())
        for said in shifts.begins(store):
            printing.say(said)
        keep_witness(store)
        until = periods.iso(begun.not_after)
        shown = {"folder": str(place), "unlocked": True, "member": store.member.name, "until": until}
    if asked().format == "table":
        printing.say(f"unlocked for {shown['member']} until {periods.spoken(begun.not_after)}")
    else:
        printing.emit(shown)


def keep_witness(store: Store) -> None:
    """Keep the journal's newest hash outside the file, so that a tail cut off later is seen."""
    from db.journals import newest
    from db.vault import session

    witness = newest(store)
    if witness is not None:
        session.keep_witness(store.unit.hex(), store.folder, witness)


@command(example="beech lock")
def lock() -> None:
    """End the session, after what the unit does by itself then: kept exports, a backup in the second place.

    Where no session is open it says so, and that is no error.
    """
    from db import journals, shifts
    from db.vault import opening as vault
    from db.vault import session

    place = opening.folder()
    unit = vault.unit_of(place)
    found = session.find(unit, place, int(time.time()))
    if found is None:
        session.end(unit, place)
        printing.say("no session was open")
        return
    try:
        with vault.with_session(place, found, opening.face()) as store:
            session.end(unit, place)
            for said in shifts.ends(store):
                printing.say(said)
            journals.record_lock(store)
            keep_witness(store)
    finally:
        session.end(unit, place)
    printing.say("locked")


@command(example="beech status -f json")
def status() -> None:
    """Say how the unit stands: who is unlocked until when, counts, what is overdue, health. Never a secret.

    On a locked unit it says so, and ends with 0.
    """
    from db.vault import opening as vault
    from db.vault import session

    place = opening.folder()
    unit = vault.unit_of(place)
    found = session.find(unit, place, int(time.time()))
    store = opening.unasked(place, found)
    until = periods.iso(found.not_after) if found else None
    shown: dict[str, Any] = {"folder": str(place), "unlocked": found is not None}
    if store is None:
        shown |= dict.fromkeys(
            ("unit", "member", "roles", "until", "overdue", "counts", "conflicts", "health", "due", "coming")
        )
    else:
        from db import ahead

        with store:
            shown |= ahead.status(store) | {"until": until}
    _print(shown)


def _print(shown: dict[str, Any]) -> None:
    if asked().format != "table":
        printing.emit(shown)
        return
    if shown["health"] is None:
        shown = {"folder": shown["folder"], "unlocked": False}
        printing.emit(shown)
        printing.say(opening.HOW)
        return
    flat: dict[str, Any] = {}
    for name, value in shown.items():
        if name in ("health", "coming"):
            continue
        if isinstance(value, dict):
            flat |= {f"{name} {key}": number for key, number in value.items()}
        else:
            flat[name] = value
    printing.emit(flat)
    for line in (*shown["coming"], *shown["health"]["notes"]):
        printing.say(line)
