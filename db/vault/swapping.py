"""A restored copy put in the unit's place: begun by one rename, and gone on with by whoever comes next.

The unit is two files that fit each other, and no system renames two at once. So the copy lies ready in a
folder, with the unit that was there; from when that folder is named PENDING, every opening first does what is
left to do.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from db.errors import BeechError, Busy, Damaged
from db.vault import files, folders
from db.vault.folders import BACKUPS, DATABASE, MEMBERS
from db.vault.holding import PENDING

if TYPE_CHECKING:
    from pathlib import Path

KEPT = "-before-restore-"
_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm")


def keep(folder: Path, begun: Path, stamp: str) -> Path | None:
    """Give the unit that is there a second name in the folder of the copy; None where there is none.

    Args:
        folder: the unit's; the caller holds its files alone.
        begun: the folder of the copy.
        stamp: the time, for the name.

    Returns:
        Where it will lie once the copy is in its place.
    """
    present = [folder / name for name in (DATABASE, _LOGS[0], MEMBERS)]
    present = [path for path in present if path.exists()]
    if not present:
        return None
    folders.make_folder(folder / BACKUPS)
    kept = begun / f"{stamp}{KEPT}{os.urandom(3).hex()}"
    folders.make_folder(kept)
    for path in present:
        files.name_twice(path, kept / path.name)
    with files.said_plainly(kept):
        files.flush_folder(kept)
    return folder / BACKUPS / kept.name


def put(folder: Path, begun: Path) -> None:
    """Put a copy that lies ready, flushed, in the place of the unit; the caller holds its files alone.

    Raises:
        Busy, Refused: the disk failed or is full, or the place may not be written; nothing was changed.
        Damaged: it failed too late for that; says what is so.
    """
    with files.said_plainly(folder):
        try:
            files.flush_folder(begun)
            begun.rename(folder / PENDING)
            files.flush_folder(folder)
            _go_on(folder)
        except OSError as error:
            if _taken_back(folder, begun):
                raise
            raise Damaged(
                f"the restore into {folder} did not come to its end ({files.reason_of(error)}): look at the "
                "disk; the copy and the unit that was there are kept, and the next command goes on with it"
            ) from None


def finish(folder: Path) -> None:
    """Do what is left of a restore that was cut short; the caller holds the unit's files alone.

    Raises:
        Busy: the folder cannot be written.
    """
    try:
        _go_on(folder)
    except OSError as error:
        raise Busy(
            f"a restore into {folder} was cut short and cannot be finished ({files.reason_of(error)}): "
            "let the folder be written to, then try again"
        ) from None


def _go_on(folder: Path) -> None:
    """Do each step that is not done yet; the old file's log never meets the new file."""
    pending = folder / PENDING
    if (pending / DATABASE).exists():
        for name in _LOGS:
            (folder / name).unlink(missing_ok=True)
        files.flush_folder(folder)
        (pending / DATABASE).replace(folder / DATABASE)
    if (pending / MEMBERS).exists():
        (pending / MEMBERS).replace(folder / MEMBERS)
    files.flush_folder(folder)
    for kept in pending.glob(f"*{KEPT}*"):
        folders.make_folder(folder / BACKUPS)
        kept.rename(folder / BACKUPS / kept.name)
        files.flush_folder(folder / BACKUPS)
    shutil.rmtree(pending)
    with suppress(OSError):  # should the empty folder come back, it is only taken away again
        files.flush_folder(folder)


def _taken_back(folder: Path, begun: Path) -> bool:
    """Undo a restore of which no file is in its place yet; tells whether the unit is as it was."""
    pending = folder / PENDING
    if not pending.exists():
        return begun.exists()
    if not ((pending / DATABASE).exists() and (pending / MEMBERS).exists()):
        return False
    try:
        for log in pending.glob(f"*{KEPT}*/{_LOGS[0]}"):
            if not (folder / log.name).exists():
                files.name_twice(log, folder / log.name)
        pending.rename(begun)
        files.flush_folder(folder)
    except (OSError, BeechError):
        return not pending.exists()
    return True
