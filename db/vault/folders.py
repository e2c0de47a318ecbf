"""The rules of a unit's folder: closed to all but its user or group, no links, every file of its own mode.

What others could read is refused with the command that mends it. On Windows the user's own profile guards
the folder, and modes are not looked at.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from db.errors import NotFound, Refused
from db.vault import files

if TYPE_CHECKING:
    from pathlib import Path

DATABASE, MEMBERS, BACKUPS = "unit.db", "members.json", "backups"
_OURS = ("unit.db", "unit.lock", "members.json", ".unit.db", ".members.json", "backups", ".restored")


def make_folder(path: Path, group: int | None = None) -> None:
    """Make a folder of mode 0700, or 2770 for a *group*'s id and below a shared folder.

    One that is there must have its mode already.

    Raises:
        Refused: it is there with another mode, or may not be made.
        Busy: no room, or the disk failed.
    """
    if path.is_symlink() or path.exists():
        check_folder(path)
        return
    with files.said_plainly(path):
        path.mkdir(mode=files.PRIVATE, parents=True)
        try:
            if group is not None:
                os.chown(path, -1, group)
            path.chmod(files.SHARED if group is not None or files.is_shared(path.parent) else files.PRIVATE)
            files.flush_folder(path.parent)
        except OSError:
            path.rmdir()
            raise


def make_place(path: Path) -> None:
    """Make a second place for copies, or take one that is there as it is: each copy in it is closed.

    Raises:
        Refused: it is a link or no folder, or what it would be made in is not there.
    """
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise Refused(f"{path} is a link or no folder: name the folder itself")
    if not path.absolute().parent.is_dir():
        raise Refused(f"{path.absolute().parent} is not there: plug the second place in, or name another")
    if not path.exists():
        make_folder(path)


def check_folder(path: Path) -> None:
    """Refuse a unit folder that others can read, or whose files are links or open wider than they should be.

    Only beech's own files are looked at: what a file manager leaves behind lies in a closed folder anyway.

    Raises:
        NotFound: there is no such folder.
        Refused: a mode, an owner or a link is not as it should be; says which command mends it.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise NotFound(f"no unit in {path}: 'beech init' makes one, --unit names another") from None
    if stat.S_ISLNK(found.st_mode):
        raise Refused(f"{path} is a link: name the folder itself, {path.resolve()}")
    if not stat.S_ISDIR(found.st_mode):
        raise Refused(f"{path} is not a folder: --unit names the folder of a unit")
    if sys.platform != "win32":
        shared = found.st_mode & 0o2070 == 0o2070
        _check(path, found, files.SHARED if shared else files.PRIVATE)
        for below in path.iterdir():
            if below.name.startswith(_OURS):
                _check_entry(below, shared)


def _check_entry(path: Path, shared: bool) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:  # another process has just renamed it into place
        return
    if stat.S_ISDIR(found.st_mode):
        _check(path, found, files.SHARED if shared else files.PRIVATE)
        with suppress(FileNotFoundError):  # likewise
            for below in path.iterdir():
                _check_entry(below, shared)
    elif stat.S_ISREG(found.st_mode):
        _check(path, found, 0o660 if shared else 0o600)
    else:
        raise Refused(f"{path} is a link or no file: put the file itself in its place")


def _check(path: Path, found: os.stat_result, mode: int) -> None:
    if sys.platform != "win32" and not mode & 0o070 and found.st_uid != os.geteuid():
        raise Refused(f"{path} belongs to another user of this machine, who alone may open it")
    if stat.S_IMODE(found.st_mode) != mode:  # five digits, or chmod leaves a folder's setgid bit as it is
        from shlex import quote

        raise Refused(f"{path} has a mode that beech does not use: chmod {mode:05o} {quote(str(path))}")


def group_named(name: str) -> int:
    """Return the id of a group of this machine.

    Raises:
        Refused: there is none, or this system has no groups for files.
    """
    if sys.platform == "win32":
        raise Refused("--shared: on Windows give the folder an access list for the group by hand")
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise Refused("--shared: this machine has no group of that name: 'getent group' lists them") from None
