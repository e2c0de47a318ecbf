"""``beech journal export`` and ``import``: a journal carried from one desk to another, as one sealed file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import opening, printing
from commands.exits import Exit
from commands.options import asked, command
from db.errors import Damaged

if TYPE_CHECKING:
    from db.vault.union import Taken

_FILE = click.argument("file", type=click.Path(path_type=Path, allow_dash=False))

_FAULTS = {
    "desk-forked": "says otherwise what this unit says of one entry (a copied unit, worked on twice?)",
    "transaction-mixed": "puts one member's entry into another's transaction",
    "signature-wrong": "is not signed by whom it names",
    "chain-gap": "begins after entries that are not here yet: take the file that holds them first",
    "base-unknown": "stands on entries that are not here yet: take the file that holds them first",
    "member-not-entitled": "changes members, and who signed that may not",
}
_ALTERED = "was altered on the way, or holds what its member may not write"


@command(
    "export",
    example="beech journal export /media/stick/desk-2.beech",
    exits={
        Exit.REFUSED: "the file exists, or this member is no supervisor",
        Exit.BUSY: "the file cannot be written",
    },
)
@_FILE
def export(file: Path) -> None:
    """Write the whole journal into a new FILE for another desk: sealed to the members, signed by you.

    Every active member can take it with 'beech journal import' and a passphrase; nobody else can read it.
    """
    from db.vault import union_file

    store, opened = opening.by_passphrase()
    with store:
        done = union_file.export(store, opened, file)
    if asked().format == "table":
        printing.say(f"{done.entries:,} entries for {done.members} members: {file}")
    else:
        printing.emit({"file": str(file), "entries": done.entries, "members": done.members})


@command(
    "import",
    example="beech journal import /media/stick/desk-2.beech",
    exits={
        Exit.DAMAGED: "it is altered, or a stranger's; or a desk in it is at fault: the rest was taken",
        Exit.REFUSED: "who made it has left, or this member is no supervisor",
        Exit.LOCKED: "it was not sealed to this member",
        Exit.NOT_FOUND: "there is no such file",
    },
)
@_FILE
def import_(file: Path) -> None:
    """Bring what another desk exported into FILE together with what is here.

    In any order and more than once the outcome is the same. What is erased on one desk is erased on both.
    Where two members changed one field unaware of each other, the later change stands and is named.
    """
    from db.vault import forks, union_file

    store, opened = opening.by_passphrase()
    with store:
        taken = union_file.take(store, opened, file)
        conflicts = forks.open_conflicts(store)
    rows = [
        {"ref": one.ref, "fields": sorted({conflict.field or "state" for conflict in one.conflicts})}
        for one in conflicts
    ]
    _print(taken, rows)
    desks = sorted({fault.where.partition("/")[0] for fault in taken.faults})
    if desks:
        raise Damaged(f"of {' and '.join(desks)} nothing was taken; keep the file, and ask who works there")


def _print(taken: Taken, conflicts: list[dict[str, Any]]) -> None:
    if asked().format in ("json", "ndjson"):
        faults = [{"fault": fault.name, "where": fault.where} for fault in taken.faults]
        ahead = [f"{desk:012x}" for desk in taken.ahead]
        counts = {"entries": taken.entries, "records": taken.records, "quarantined": taken.aside}
        printing.emit({**counts, "ahead": ahead, "faults": faults, "conflicts": conflicts})
        return
    if conflicts:
        printing.emit(conflicts, keys=("ref", "fields"))
    printing.say(f"{taken.entries:,} entries taken, {taken.records:,} records changed")
    for desk in taken.ahead:
        printing.say(f"the clock of desk {desk:012x} is over a day ahead: set it right there")
    if taken.aside:
        printing.say(
            f"{taken.aside} entries of members who have left lie in quarantine: they count for nothing"
        )
    for fault in taken.faults:
        printing.say(f"{fault.where} {_FAULTS.get(fault.name, _ALTERED)} ({fault.name})")
    if conflicts:
        printing.say("in conflict: amend the fields named to settle them")
