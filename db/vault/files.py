"""The file-system rules of a unit folder: made exclusively, never through a link, open to nobody else.

A file is whole or absent: it is written beside its place, flushed and renamed. What others could read is
refused with the command that mends it. A full disk is Busy, and then nothing was changed. On Windows the
user's own profile guards the folder, and modes are not looked at.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import Busy, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE, SHARED = 0o700, 0o2770
_DESK = "beech" if sys.platform == "linux" else "beech-desk"  # elsewhere "beech" is the data folder too
_OURS = ("unit.db", "unit.lock", "members.json", ".unit.db", ".members.json", "backups")
_SECTOR = 512
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """Turn what the system says about writing *path* into a sentence.

    Raises:
        Busy: there is no room.
        Refused: the file exists already, or may not be written.
    """
    try:
        yield
    except FileExistsError:
        raise Refused(f"{path} exists already: nothing was changed; move it away first") from None
    except OSError as error:
        if error.errno in _FULL:
            raise Busy(f"no room on the disk of {path}: nothing was changed; make room, then again") from None
        reason = (error.strerror or type(error).__name__).lower()
        raise Refused(f"{path} cannot be written ({reason}): nothing was changed") from None


def create_exclusive(path: Path, data: bytes, mode: int | None = None) -> None:
    """Make a file that did not exist, whatever the umask, and flush it and its folder to the disk.

    Args:
        path: where; a link in that place is refused, not followed.
        data: all of it.
        mode: 0600 by default, 0660 in the folder of a shared unit.

    Raises:
        Busy: no room.
        Refused: something stands there already.
    """
    with _said_plainly(path):
        _write(path, data, mode)
        _flush_folder(path.parent)


def replace(path: Path, data: bytes, mode: int | None = None) -> None:
    """Put *data* in the place of *path* at once: after a crash the file is the old one or the new one.

    The mode is as in ``create_exclusive``; in a shared unit the file keeps its group.

    Raises:
        Busy: no room; the old file stands.
    """
    with _said_plainly(path):
        _swap(path, data, mode)
        _flush_folder(path.parent)


def rename(path: Path, place: Path) -> None:
    """Move a finished file into its place, for good."""
    with _said_plainly(place):
        path.replace(place)
        _flush_folder(place.parent)


def note(path: Path, data: bytes) -> None:
    """Keep what this desk remembers, in the state folder: whole, but not flushed, and never an error."""
    with suppress(OSError):
        path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        _swap(path, data, 0o600, flush=False)


def jot(path: Path, data: bytes) -> None:
    """Keep up to 512 bytes that change with every save, in place, as one sector; never an error.

    Renaming a new file over the old one would make every save wait for the disk a second time.
    """
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with suppress(OSError):
        path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        descriptor = os.open(path, flags, 0o600)
        try:
            left = memoryview(data.ljust(_SECTOR))
            while left:
                left = left[os.write(descriptor, left) :]
        finally:
            os.close(descriptor)


def _swap(path: Path, data: bytes, mode: int | None, *, flush: bool = True) -> None:
    beside = path.with_name(f".{path.name}.{os.urandom(6).hex()}.new")
    _write(beside, data, mode, flush=flush)
    try:
        if _is_shared(path.parent) and path.exists() and path.stat().st_gid != beside.stat().st_gid:
            os.chown(beside, -1, path.stat().st_gid)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _write(path: Path, data: bytes, mode: int | None, *, flush: bool = True) -> None:
    if mode is None:
        mode = mode_in(path.parent)
    descriptor = os.open(path, _NEW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if sys.platform != "win32":
                os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            if flush:
                _flush(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _flush(descriptor: int) -> None:
    if sys.platform == "darwin":  # there fsync stops at the drive's own cache
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_shared(folder: Path) -> bool:
    return sys.platform != "win32" and stat.S_IMODE(folder.stat().st_mode) == SHARED


def mode_in(folder: Path) -> int:
    """Return the mode of a file in a unit's folder: 0600, or 0660 where a group shares it."""
    return 0o660 if _is_shared(folder) else 0o600


def make_folder(path: Path, group: int | None = None) -> None:
    """Make a folder of mode 0700, or 2770 for a *group*'s id and below a shared folder.

    One that is there must have its mode already.

    Raises:
        Refused: it is there with another mode, or cannot be made.
    """
    if path.is_symlink() or path.exists():
        check_folder(path)
        return
    with _said_plainly(path):
        path.mkdir(mode=PRIVATE, parents=True)
        if group is not None:
            os.chown(path, -1, group)
        path.chmod(SHARED if group is not None or _is_shared(path.parent) else PRIVATE)
        _flush_folder(path.parent)


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
        _check(path, found, SHARED if shared else PRIVATE)
        for below in path.iterdir():
            if below.name.startswith(_OURS):
                _check_entry(below, shared)


def _check_entry(path: Path, shared: bool) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:  # another process has just renamed it into place
        return
    if stat.S_ISDIR(found.st_mode):
        _check(path, found, SHARED if shared else PRIVATE)
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


def refuse_network(path: Path, mountinfo: Path = Path("/proc/self/mountinfo")) -> None:
    """Refuse a place on a network or in a synced folder (see ``location``); for ``init`` alone.

    Raises:
        Refused: it is one.
    """
    from db.vault import location

    location.refuse_network(path, mountinfo)


def no_dumps() -> None:
    """Keep this process's memory out of core files and, on Linux, from other programs of the same user.

    A limit of nought does not stop a core that is piped to a program; not being dumpable does. 2 ms.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def default_folder() -> Path:
    """Return where the unit is when nobody names another place: the user's data folder."""
    return _platform_folder("XDG_DATA_HOME", ".local/share") or _asked("user_data_path", "beech")


def state_folder() -> Path:
    """Return where this desk keeps what it remembers: never a secret, and never inside a unit folder."""
    return _platform_folder("XDG_STATE_HOME", ".local/state") or _asked("user_state_path", _DESK)


def _platform_folder(variable: str, below_home: str) -> Path | None:
    """Return what platformdirs would on Linux, without the 4 to 12 ms of importing it."""
    if sys.platform != "linux" or hasattr(sys, "getandroidapilevel"):
        return None
    base, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if base.startswith("/"):
        return Path(base, "beech")
    return Path(home, below_home, "beech") if home.startswith("/") else None


def _asked(which: str, name: str) -> Path:
    import platformdirs

    folder: Path = getattr(platformdirs, which)(name, appauthor=False)
    return folder


def mark(folder: Path) -> str:
    """Return a digest of where a unit folder really is; a copy of it elsewhere has another."""
    from hashlib import blake2b

    return blake2b(os.fsencode(folder.resolve()), digest_size=12).hexdigest()


def last_member(folder: Path) -> str | None:
    """Return the id of the member who last unlocked this folder at this desk."""
    try:
        return (state_folder() / f"member-{mark(folder)}").read_text("ascii") or None
    except (OSError, UnicodeDecodeError):
        return None


def keep_last_member(folder: Path, member: str) -> None:
    """Remember a member's id for ``last_member``."""
    note(state_folder() / f"member-{mark(folder)}", member.encode())
