"""Copies of the unit that are known to open.

A copy is a folder of two files, unit.db and the members.json of its day, encrypted like the unit itself.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Busy, Damaged, NotFound, Older, Refused
from db.vault import cipher, files, folders, holding, keys, opening, places, upgrade
from db.vault.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Face, Store


class Backup(NamedTuple):
    """One copy: its name (when it was made, UTC), its folder, its size in bytes."""

    name: str
    folder: Path
    size: int


class Checked(NamedTuple):
    """A copy that was opened and folded: its name, how many entries, the faults found in it."""

    name: str
    entries: int
    faults: tuple[str, ...]


def make(store: Store, place: Path | None = None) -> Backup:
    """Copy the open unit while others may go on writing, verify the copy, then give it its name.

    Args:
        store: the open unit; the copy's making is journalled as ``security``.
        place: a folder for it; the unit's own ``backups`` by default.

    Raises:
        Busy: no room, or the place does not answer; what was begun is removed.
        Damaged: the copy does not verify; it is removed.
        Refused: the place is a link or no folder, or what it would be made in is not there.
    """
    into = place or store.folder / opening.BACKUPS
    if place is not None:
        places.must_answer(place)
    name = datetime.fromtimestamp(store.now(), UTC).strftime("%Y-%m-%dT%H%M%SZ-") + os.urandom(3).hex()
    with store.write() as tx:
        tx.chain.event("backup", {"head": tx.chain.seq + 1})
    begun = into / f"{name}.new"
    try:
        (folders.make_folder if place is None else folders.make_place)(into)
        folders.make_folder(begun)
        _copy(store, begun)
        faults = _faults(store, begun)
        if faults:
            raise Damaged(f"the copy does not verify ({faults[0]}): run 'beech journal verify' on the unit")
        files.rename(begun, into / name)
    except OSError as error:
        raise Busy(
            f"{into} does not take the copy ({(error.strerror or 'error').lower()}): none was made"
        ) from None
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    if place is not None:
        with store.write() as tx:
            tx.chain.event(places.AWAY)
    return Backup(name, into / name, _size(into / name))


def _copy(store: Store, begun: Path) -> None:
    """Copy an open unit, page by page under its own key, and the members.json beside it."""
    path = begun / opening.DATABASE
    files.create_exclusive(path, b"")
    copy = cipher.connect(path, store.store_key, salt=bytes.fromhex(store.generation))
    try:
        with store.cipher.trusted() as source, copy.trusted() as target:
            source.backup(target)
            target.execute("pragma journal_mode = delete")
    finally:
        copy.close()
    files.create_exclusive(begun / opening.MEMBERS, (store.folder / opening.MEMBERS).read_bytes())


def _faults(store: Store, folder: Path) -> tuple[str, ...]:
    """Open a copy with the unit's own key and verify it; the copy is not written to."""
    with opening.beside(store, folder) as copy:
        return tuple(f"{fault.name} {fault.where}" for fault in verify(copy).faults)


def listed(folder: Path) -> list[Backup]:
    """Return the copies in a unit's own ``backups``, oldest first."""
    holding.settle(folder)
    return found_in(folder / opening.BACKUPS)


def found_in(into: Path) -> list[Backup]:
    """Return the copies in any folder, oldest first."""
    if not into.is_dir():
        return []
    found = [path for path in into.iterdir() if (path / opening.DATABASE).is_file() and path.suffix != ".new"]
    return [Backup(path.name, path, _size(path)) for path in sorted(found)]


def named(folder: Path, name: str) -> Path:
    """Return the folder of a copy: a name in the unit's ``backups``, or a path.

    Raises:
        NotFound: there is no such copy.
    """
    holding.settle(folder)
    for path in (folder / opening.BACKUPS / name, Path(name)):
        if (path / opening.DATABASE).is_file() and (path / opening.MEMBERS).is_file():
            return path
    raise NotFound("no backup of that name: 'beech backups list' names those there are, or give its folder")


def check(backup: Path, passphrase: str, member: str | None, face: Face) -> Checked:
    """Open a copy by a passphrase of its day and verify it.

    Raises:
        Locked: the passphrase does not open it.
        Damaged: it does not open at all.
    """
    with opened_copy(backup, (passphrase, member), face) as (store, _):
        report = verify(store)
    return Checked(backup.name, report.entries, tuple(f"{f.name} {f.where}" for f in report.faults))


@contextmanager
def opened_copy(
    backup: Path, secret: tuple[str, str | None], face: Face
) -> Iterator[tuple[Store, keys.Opened]]:
    """Open a copy; of one that an older beech made, a copy of it that was brought up to this one."""
    opened = opening.slot(backup, *secret)
    try:
        store = opening.with_opened(backup, opened, face)
    except Older:
        with TemporaryDirectory(prefix="beech-") as made:
            upgrade.ready(backup, Path(made) / "unit", opened, face)
            with opening.with_opened(Path(made) / "unit", opened, face) as store:
                yield store, opened
        return
    with store:
        yield store, opened


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest *keep* copies from the unit's own ``backups``; returns their names."""
    if keep < 1:
        raise Refused("keep at least one backup")
    gone = listed(folder)[:-keep]
    for backup in gone:
        shutil.rmtree(backup.folder)
    return [backup.name for backup in gone]


def begin(folder: Path, store: Store) -> Path:
    """Copy the backup beside its future place, on the same disk, so that the last step is a rename."""
    folders.make_folder(folder)
    begun = folder / f".restore-{os.urandom(6).hex()}"
    folders.make_folder(begun)
    _copy(store, begun)
    return begun


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
