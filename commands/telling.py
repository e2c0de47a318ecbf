"""What a record that was just saved leads to: whom she may mean, and the duties that are told at once.

Both are keys of the JSON object; a prompt is also a sentence on stderr. Neither stops a script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import printing
from commands.options import asked
from db.prompts import STAFF

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

_BESIDE = ("matches", "prompts", "tell")


def emit(made: Record) -> None:
    """Print a record that was saved, then its matches; its prompts go to stderr."""
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


def staff_option() -> click.Option:
    """Return the option by which a report about police or partner staff is stopped."""
    return click.Option(
        [f"--{STAFF.replace('_', '-')}", STAFF],
        is_flag=True,
        help="he is police or partner staff: nothing is kept, the outside contacts are shown",
    )
