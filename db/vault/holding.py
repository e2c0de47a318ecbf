"""Who has the unit's files open: many at once, or one alone who is about to replace them.

A lock on ``unit.lock`` beside them. Without it a process that still holds the old file could meet the
new file's write-ahead log. Windows needs none: it does not let an open file be replaced.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from db.errors import Busy

if TYPE_CHECKING:
    from pathlib import Path

LOCK = "unit.lock"
PENDING = ".restored"  # a copy on its way into the unit's place, see ``swapping``
WAIT_SECONDS = 10.0


class Hold:
    """A lock on the unit's files until ``release``; the system lets it go when the process ends."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def share(folder: Path) -> Hold:
    """Hold the files open beside others; a restore that was cut short is finished first.

    Raises:
        Busy: somebody is replacing them (a rotation, a restore) and does not finish.
    """
    while True:
        hold = _hold(folder, alone=False)
        if not (folder / PENDING).exists():
            return hold
        hold.release()
        settle(folder)


def alone(folder: Path) -> Hold:
    """Hold the files with nobody else, to replace them; a restore that was cut short is finished first.

    Raises:
        Busy: somebody else has the unit open; nothing was changed.
    """
    hold = _hold(folder, alone=True)
    try:
        if (folder / PENDING).exists():
            from db.vault import swapping

            swapping.finish(folder)
    except BaseException:
        hold.release()
        raise
    return hold


def settle(folder: Path) -> None:
    """Finish a restore that was cut short, before any file of the unit is read.

    Raises:
        Busy: somebody is at it, or the folder cannot be written.
    """
    if (folder / PENDING).exists():
        alone(folder).release()


def _lock_file(path: Path) -> int:
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        from db.vault import files

        mode = files.mode_in(path.parent)
        descriptor = os.open(path, flags | os.O_CREAT, mode)
        os.fchmod(descriptor, mode)
        return descriptor


def _hold(folder: Path, *, alone: bool) -> Hold:
    if sys.platform == "win32":
        return Hold(None)
    import fcntl

    try:
        descriptor = _lock_file(folder / LOCK)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise Busy(f"{folder / LOCK} cannot be opened ({reason}): nothing was changed") from None
    wanted = (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, wanted)
        except BlockingIOError:
            if time.monotonic() > end:
                os.close(descriptor)
                what = "close its other windows and commands" if alone else "wait until it has finished"
                raise Busy(f"another beech has this unit open: {what}, then try again") from None
            time.sleep(0.05)
        else:
            return Hold(descriptor)
