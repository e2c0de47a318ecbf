"""How a file of beech's is written: made exclusively, never through a link, open to nobody else.

A file is whole or absent: it is written beside its place, flushed and renamed. A disk that is full or fails
is Busy, and then nothing was changed. ``folders`` has the rules of the folder around it.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import Busy, Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

PRIVATE, SHARED = 0o700, 0o2770
_DESK = "beech" if sys.platform == "linux" else "beech-desk"  # elsewhere "beech" is the data folder too
_SECTOR = 512
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_FAILED = (errno.EIO, errno.EROFS)  # a disk that fails is often mounted again for reading alone
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Turn what the system says about writing *path* into a sentence.

    Raises:
        Busy: there is no room, or the disk failed.
        Refused: the file exists already, or may not be written.
    """
    try:
        yield
    except FileExistsError:
        raise Refused(f"{path} exists already: nothing was changed; move it away first") from None
    except OSError as error:
        if error.errno in _FULL:
            raise Busy(f"no room on the disk of {path}: nothing was changed; make room, then again") from None
        said = f"{path} cannot be written ({reason_of(error)}): nothing was changed"
        if error.errno in _FAILED:
            raise Busy(f"{said}; look at the disk, then again") from None
        raise Refused(said) from None


def _keep_in_place(path: Path, back: Path | None = None) -> None:
    """Flush the folder of a file that was renamed into its place; it goes *back* where it replaced nothing.

    Raises:
        Busy: the disk failed, and the file is where it was.
        Damaged: the disk failed, and the file is in its place.
    """
    try:
        flush_folder(path.parent)
    except OSError as error:
        if back is not None:
            with suppress(OSError):
                path.replace(back)
        if back is not None and not path.exists():
            with said_plainly(path):
                raise
        raise Damaged(
            f"{path} is in its place, but the disk does not say that it stays there ({reason_of(error)}): "
            "look at the disk"
        ) from None


def reason_of(error: OSError) -> str:
    """Return the system's own words for what went wrong."""
    return (error.strerror or type(error).__name__).lower()


def create_exclusive(path: Path, data: bytes | BinaryIO, mode: int | None = None) -> None:
    """Make a file that did not exist, whatever the umask, and flush it and its folder to the disk.

    Args:
        path: where; a link in that place is refused, not followed.
        data: all of it, or the file to read it from.
        mode: 0600 by default, 0660 in the folder of a shared unit.

    Raises:
        Busy: no room, or the disk failed.
        Refused: something stands there already.
    """
    with said_plainly(path):
        _write(path, data, mode)
        try:
            flush_folder(path.parent)
        except OSError:
            path.unlink()
            raise


def replace(path: Path, data: bytes, mode: int | None = None) -> None:
    """Put *data* in the place of *path* at once: after a crash the file is the old one or the new one.

    The mode is as in ``create_exclusive``; in a shared unit the file keeps its group.

    Raises:
        Busy: no room, or the disk failed; the old file stands.
        Damaged: the disk failed when the new file was in its place.
    """
    with said_plainly(path):
        _swap(path, data, mode)
    _keep_in_place(path)


def rename(path: Path, place: Path) -> None:
    """Move a finished file into its place, for good.

    Raises:
        Busy: the disk failed, and the file is where it was.
        Damaged: it failed when the file had taken another's place.
    """
    with said_plainly(place):
        back = None if place.exists() else path
        path.replace(place)
    _keep_in_place(place, back)


def name_twice(path: Path, place: Path) -> None:
    """Give a file a second name; where the disk knows no second names, make a copy."""
    try:
        place.hardlink_to(path)
    except OSError:
        with path.open("rb") as file:
            create_exclusive(place, file)


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
        if is_shared(path.parent) and path.exists() and path.stat().st_gid != beside.stat().st_gid:
            os.chown(beside, -1, path.stat().st_gid)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _write(path: Path, data: bytes | BinaryIO, mode: int | None, *, flush: bool = True) -> None:
    if mode is None:
        mode = mode_in(path.parent)
    descriptor = os.open(path, _NEW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if sys.platform != "win32":
                os.fchmod(descriptor, mode)
            if isinstance(data, bytes):
                file.write(data)
            else:
                from shutil import copyfileobj

                copyfileobj(data, file)
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


def flush_folder(folder: Path) -> None:
    """Flush a folder's own list of names; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_shared(folder: Path) -> bool:
    """Tell whether a unit's folder is open to a group."""
    return sys.platform != "win32" and stat.S_IMODE(folder.stat().st_mode) == SHARED


def mode_in(folder: Path) -> int:
    """Return the mode of a file in a unit's folder: 0600, or 0660 where a group shares it."""
    return 0o660 if is_shared(folder) else 0o600


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
