"""``beech backup``, ``restore``, ``backups``: copies that are known to open, and the way back from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import asking, opening, printing
from commands.exits import Exit
from commands.options import Whole, asked, command, group
from db.errors import Busy, Damaged, Refused
from db.vault import places

if TYPE_CHECKING:
    from db.vault.store import Store

backups = group("backups", help="The copies: list, verify, prune, and a restore tried out.")


@command(
    "backup",
    example="beech backup --to /media/stick/beech",
    exits={Exit.BUSY: "no room, or the place does not take it; no copy was made"},
)
@click.option("--to", "place", type=click.Path(path_type=Path), help="a second place, off this disk")
@opening.with_store
def backup(store: Store, place: Path | None) -> None:
    """Copy the unit while others go on working, and verify the copy by opening and folding it.

    A copy is encrypted like the unit and opens with the members' passphrases of its day.
    """
    from db.vault import backup as vault

    made = vault.make(store, place)
    if asked().format == "table":
        printing.say(f"a verified copy: {made.folder} ({made.size // 1024} KiB)")
    else:
        printing.emit({"backup": made.name, "folder": str(made.folder), "bytes": made.size})


@command(
    "restore",
    example="beech restore 2026-11-24T120000Z-3fa9c1",
    exits={
        Exit.DAMAGED: "the copy does not open or verify; nothing was changed",
        Exit.REFUSED: "the copy is of another unit, or this member is no supervisor",
        Exit.BUSY: "another beech has the unit open",
    },
)
@click.argument("name")
def restore(name: str) -> None:
    """Put a copy in the place of the unit: NAME as 'beech backups list' prints it, or the copy's folder.

    What was there is kept under backups. Erasures made since are repeated. On a bare machine the copy
    and one's own passphrase are enough. The passphrase is that of the copy's day.
    """
    from db.vault import backup as vault
    from db.vault import restoring

    place = opening.folder()
    copy = vault.named(place, name)
    if not asking.sure(f"Put this copy in the place of the unit in {place}?"):
        raise Refused("not restored")
    secret = opening.passphrase_for(copy)
    done = restoring.restore(place, copy, (secret, asked().member), opening.face())
    printing.say(f"restored from {copy.name}" + (f"; what was there is in {done.kept}" if done.kept else ""))
    if done.erasures:
        printing.say(f"{done.erasures} records that had been erased since were erased again")
    if done.unread:
        printing.say(
            "what was there could not be opened: what was erased since the copy was made stands in it again; "
            "erase it anew"
        )
    if done.members:
        printing.say(
            "members removed since the copy have their key again: remove them with 'beech members remove'"
        )


@backups.command("list", example="beech backups list")
def list_() -> None:
    """Name the copies in the unit's own folder, oldest first."""
    from db.vault import backup as vault

    found = vault.listed(opening.folder())
    rows = [{"backup": one.name, "bytes": one.size, "folder": str(one.folder)} for one in found]
    printing.emit(rows, keys=("backup", "bytes", "folder"), empty="no backups yet: 'beech backup' makes one")


@backups.command(
    example="beech backups verify 2026-11-24T120000Z-3fa9c1",
    exits={Exit.DAMAGED: "it does not verify", Exit.NOT_FOUND: "there is no such copy"},
)
@click.argument("name", required=False)
def verify(name: str | None) -> None:
    """Open the newest copy, or NAME, with the passphrase of its day and check the whole of it.

    A drill without the risk.
    """
    from db.vault import backup as vault
    from db.vault import drill as drills

    here = opening.folder()
    copy = vault.named(here, name) if name is not None else drills.newest(here, None)
    checked = vault.check(copy, opening.passphrase_for(copy), asked().member, opening.face())
    if asked().format != "table":
        told = {"backup": copy.name, "ok": not checked.faults, "entries": checked.entries}
        printing.emit({**told, "faults": list(checked.faults)})
    elif checked.faults:
        printing.emit([{"fault": fault} for fault in checked.faults])
    if checked.faults:
        raise Damaged(f"{copy.name} does not verify: make a new backup, and look at 'beech journal verify'")
    if asked().format == "table":
        printing.say(f"{copy.name} opens and verifies: {checked.entries} entries")


@backups.command(
    example="beech backups drill --from /media/stick/beech",
    exits={
        Exit.DAMAGED: "the copy does not open or verify, or is not of this unit's past",
        Exit.NOT_FOUND: "there is no such copy",
    },
)
@click.argument("name", required=False)
@click.option("--from", "place", type=click.Path(path_type=Path), help="the newest in this second place")
def drill(name: str | None, place: Path | None) -> None:
    """Try a restore out: the newest copy, or NAME, is restored beside the unit, verified, counted, removed.

    The unit stays as it is. It takes the passphrase of the copy's day, as a restore would.
    """
    from db.vault import backup as vault
    from db.vault import drill as drills

    here = opening.folder()
    if place is not None and (wrong := places.wrong_with(place)) is not None:
        raise Busy(f"--from: that place cannot be looked at ({wrong})")
    copy = vault.named(here, name) if name is not None else drills.newest(here, place)
    with opening.store() as store:
        found = drills.drill(store, copy, (opening.passphrase_for(copy), asked().member or store.member.name))
    rows = [{"kind": kind, "now": now, "copy": then} for kind, (now, then) in found.counts.items()]
    if asked().format == "table":
        printing.emit(rows)
    else:
        printing.emit({**found._asdict(), "counts": rows})
    printing.say(
        f"{found.name} restores: {found.entries} entries, verified; {found.since} were made since, "
        f"{found.erasures} erasures would be repeated"
    )


@backups.command(example="beech backups prune --keep 14")
@click.option("--keep", type=Whole(), required=True, help="how many of the newest stay")
def prune(keep: int) -> None:
    """Remove all but the newest copies in the unit's own folder."""
    from db.vault import backup as vault

    place = opening.folder()
    going = max(0, len(vault.listed(place)) - keep)
    if going and not asking.sure(f"Remove {going} backups?"):
        raise Refused("nothing was removed")
    gone = vault.prune(place, keep)
    printing.say(f"{len(gone)} backups removed" if gone else "there is nothing to remove")
