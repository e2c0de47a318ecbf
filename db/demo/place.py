"""Where a demo may be built: an empty folder, or that of a former demo, which it replaces; nowhere else.

A former demo is told by its mark, which names the very unit that lies beside it.
"""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import BeechError, Busy, Refused
from db.vault import files, folders, holding, opening

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSPHRASE = "nobody in this unit is real"  # noqa: S105 - the demo prints it: it guards nothing
MARK = "DEMO"
_SAYS = (
    "A demo of beech: nobody in this unit is real. 'beech demo' may delete and rebuild all of this folder.\n"
)
_LONGEST = 1024
_OURS = ("unit.", ".unit.", opening.MEMBERS, f".{opening.MEMBERS}.")


def default_folder() -> Path:
    """Return where a demo is built when nobody names another place: beside the unit's default folder."""
    usual = files.default_folder()
    return usual.with_name(f"{usual.name}-demo")


def passphrase_file() -> Path:
    """Return where the passphrase of every demo lies: no secret, and in no unit's folder."""
    return files.state_folder() / "demo.passphrase"


def prepare(folder: Path, units: Iterable[Path]) -> None:
    """Empty the folder of a former demo, or make one; 0700.

    Args:
        folder: where the demo is wanted.
        units: the folders of real units, in which no demo is built.

    Raises:
        Refused: it is a unit's folder, or holds anything that no demo put there.
    """
    _refuse_units(folder, units)
    if folder.is_symlink():
        raise Refused(f"{folder} is a link: name the folder itself")
    if not folder.exists():
        return folders.make_folder(folder)
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder: --dir names an empty folder, or one to make")
    names = sorted(path.name for path in folder.iterdir())
    if names:
        _refuse_foreign(folder, names)
        _empty(folder)
    folder.chmod(files.PRIVATE)
    return None


def abandon(folder: Path) -> None:
    """Delete what was begun in a folder that was empty, so that the next demo finds it empty again."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name.startswith(_OURS) or path.name == MARK:
                path.unlink()


def mark(folder: Path) -> None:
    """Say in the folder that it is a demo's, and of which unit."""
    files.create_exclusive(folder / MARK, f"{_SAYS}{opening.unit_of(folder)}\n".encode())


def _refuse_units(folder: Path, units: Iterable[Path]) -> None:
    wanted = folder.resolve()
    for unit in units:
        if wanted.is_relative_to(unit.resolve()):
            raise Refused(
                f"{folder} is a unit's own folder: a demo is never built there; --dir names another"
            )
    if files.state_folder().resolve().is_relative_to(wanted):
        raise Refused(f"{folder} is where beech keeps what it remembers: --dir names another")


def _refuse_foreign(folder: Path, names: list[str]) -> None:
    """Refuse a folder unless its mark names the unit in it and nothing else lies there."""
    if not _is_former(folder):
        raise Refused(f"{folder} is not empty and is no former demo: nothing in it was touched")
    foreign = [name for name in names if name not in (MARK, opening.BACKUPS) and not name.startswith(_OURS)]
    if foreign:
        raise Refused(f"{folder} is a former demo with other files in it: move them away first")


def _is_former(folder: Path) -> bool:
    try:
        path = folder / MARK
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > _LONGEST:
            return False
        return path.read_text("utf-8") == f"{_SAYS}{opening.unit_of(folder)}\n"
    except (OSError, UnicodeDecodeError, BeechError):
        return False


def _empty(folder: Path) -> None:
    """Delete what a demo put into its folder; last what tells that it was one.

    Raises:
        Busy: another beech has it open.
    """
    hold = holding.alone(folder)
    try:
        for path in sorted(folder.iterdir(), key=lambda path: path.name in (opening.MEMBERS, MARK)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError:
        raise Busy(f"{folder} cannot be emptied: close what has it open, then try again") from None
    finally:
        hold.release()


def keep_passphrase() -> Path:
    """Write the demo's passphrase, 0600, where BEECH_PASSPHRASE_FILE may point; returns where."""
    path = passphrase_file()
    path.parent.mkdir(mode=files.PRIVATE, parents=True, exist_ok=True)
    files.replace(path, f"{PASSPHRASE}\n".encode())
    return path
