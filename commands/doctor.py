"""``beech doctor``: how machine and unit stand, each finding with its mend."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from commands import opening, printing
from commands.exits import Exit
from commands.options import asked, command
from db.errors import BeechError, Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.doctor import Finding, Inside

_KEYS = ("check", "ok", "finding", "mend")


@command(
    "doctor",
    example="beech doctor -f json",
    exits={Exit.DONE: "done, whatever wants mending", Exit.DAMAGED: "the unit is damaged"},
)
def doctor() -> None:
    """Look at machine and unit, and say what wants mending: each finding with its mend. Changes nothing.

    It checks what came into the journal since the last 'beech journal verify'. A locked unit is looked at
    from outside alone.
    """
    from db import doctor as room

    findings = list(room.machine(opening.folder()))
    inside, damaged = _inside()
    findings += inside
    if asked().format == "table":
        printing.put(_lines(findings))
    else:
        printing.emit([one._asdict() for one in findings], keys=_KEYS)
    if damaged:
        raise Damaged("the unit is damaged: keep this copy, and compare or restore a backup")


def _inside() -> Inside:
    """Look into the unit where it can be opened without anybody being asked."""
    from db import doctor as room
    from db import journals
    from db.vault import opening as vault
    from db.vault import session

    place = opening.folder()
    try:
        found = session.find(vault.unit_of(place), place, int(time.time()))
        store = opening.unasked(place, found)
        if store is None:
            return room.Inside([room.LOCKED], False)
        with store:
            kept = journals.witness(session.find_witness(store.unit.hex(), store.folder))
            return room.unit(store, kept)
    except BeechError as error:
        said, _, mend = str(error).rpartition(": ")
        return room.Inside(
            [room.Finding("unit", ok=False, finding=said or mend, mend=mend if said else None)],
            isinstance(error, Damaged),
        )


def _lines(findings: list[Finding]) -> Iterator[str]:
    from shutil import get_terminal_size
    from textwrap import fill

    room = max(40, get_terminal_size().columns - 1)
    for one in findings:
        begin = f"{'ok' if one.ok else 'MEND':<6}{one.check:<10}"
        for said, first in ((one.finding, begin), (one.mend and f"-> {one.mend}", " " * 16)):
            if said:
                yield (
                    fill(said, room, initial_indent=first, subsequent_indent=" " * 16, break_long_words=False)
                    + "\n"
                )
