"""What a record that was just saved leads to: whom she may mean, and the duties that are told at once.

Both are keys of the JSON object; a prompt is also a sentence on stderr. Neither stops a script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import asking, printing
from commands.options import asked
from db.prompts import STAFF, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.records import Why
    from db.vault.store import Store

Record = dict[str, Any]

TELL_HER = "tell_her"
OVERRIDDEN = "it went out against her no: tell her so, and why, where that is safe"
_CLOCKS_MOST = 10
_BESIDE = ("matches", "prompts")


def emit(made: Record, kind: str = "") -> None:
    """Print a record of a kind that was saved, then its matches; its prompts go to stderr."""
    made = worded(kind, made)
    prompts = made.get("prompts") or []
    if asked().format in ("json", "ndjson"):
        printing.emit(made)
    else:
        printing.emit({key: value for key, value in made.items() if key not in _BESIDE})
        if asked().format == "table" and made.get("matches"):
            printing.put(matches(made["matches"]))
    say(prompts)


def matches(hits: list[Record]) -> Iterator[str]:
    """Return the lines that show hits."""
    from commands.match import told

    yield "Possible matches; nothing is linked by itself:\n"
    yield from told(hits)


def say(prompts: list[Record]) -> None:
    """Say each prompt on stderr."""
    for one in prompts:
        printing.say(one["says"])


def offer(store: Store, added: Record, why: Why, *, wanted: bool) -> None:
    """Make the follow-ups by which women are told what was done to a man they reported, where it is wanted.

    On a terminal it is asked; a script says ``--tell-her``.
    """
    whom = [one for one in added.get("prompts") or () if one["code"] == TELL_HER]
    if not whom:
        return
    if not wanted and asking.on_terminal() and not asked().yes:
        wanted = asking.line("Make a follow-up to tell her? (yes/no)", "no").lower() in ("y", "yes")
    if not wanted:
        printing.say("--tell-her makes a follow-up for that")
        return
    from db import actions

    for made in actions.tell_her(store, added["ref"], why):
        printing.say(f"{made['ref']}: {made['what']}, due {made['due_on']}")


def standing(store: Store, word: str, kind: str, ref: str) -> None:
    """Say on stderr where a record that is shown or was changed does not stand as others do."""
    from db import records

    state = records.state_of(store, kind, ref)
    if state == "struck":
        printing.say(f"struck out: in no list, search or count; 'beech {word} undo {ref}' takes it back")
    elif state == "restricted":
        printing.say("restricted: in no list or search")


def clocks(store: Store) -> None:
    """Say which crime-recording decisions are open and until when; a count and references, no person."""
    from db import concerns
    from db.rules import periods

    with store.counts() as reader:
        found = concerns.clocks(reader)
    for one in found[:_CLOCKS_MOST]:
        late = "was due" if one.due_at < store.now() else "is due"
        printing.say(f"{one.ref}: its crime-recording decision {late} {periods.spoken(one.due_at)}")
    if len(found) > _CLOCKS_MOST:
        printing.say(f"and {len(found) - _CLOCKS_MOST} more: beech concerns list --ncrs open")


def tell_option() -> click.Option:
    """Return the option by which a woman who reported a man is told what was done."""
    return click.Option(
        ["--tell-her", TELL_HER],
        is_flag=True,
        help="make a follow-up, with her safe contact, for each woman who reported him",
    )


def staff_option() -> click.Option:
    """Return the option by which a report about police or partner staff is stopped."""
    return click.Option(
        [f"--{STAFF.replace('_', '-')}", STAFF],
        is_flag=True,
        help="he is police or partner staff: nothing is kept, the outside contacts are shown",
    )
