"""A passphrase that no person types: from the user's own file, or from a program of the user's choosing.

It never travels in an argument or a variable, and no sentence repeats what the file or the program says.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from db.errors import Locked, Refused, Usage

SECRET_MOST = 1024  # bytes of a passphrase file
PATIENCE = 30.0  # seconds that a program may take


def from_environment(unit_folder: Path) -> str | None:
    """Return what BEECH_PASSPHRASE_FILE, or else BEECH_PASSPHRASE_COMMAND, gives; None if neither is set.

    Raises:
        Usage: the file cannot be read, or it is no text.
        Refused: the file is not the user's own, open to others, or in the unit folder.
        Locked: the program fails or says nothing.
    """
    if name := os.environ.get("BEECH_PASSPHRASE_FILE"):
        try:
            return open_for_reading_own_secret(Path(name), unit_folder).decode()
        except UnicodeDecodeError:
            raise Usage(f"the passphrase file {name} is not text in UTF-8") from None
    if command := os.environ.get("BEECH_PASSPHRASE_COMMAND"):
        return _said_by(command)
    return None


def _said_by(command: str) -> str:
    """Run a program, without a shell, and return the first line it prints."""
    import shlex
    import subprocess

    try:
        words = shlex.split(command, posix=sys.platform != "win32")
    except ValueError:
        raise Usage("BEECH_PASSPHRASE_COMMAND has a quote that does not close") from None
    if not words:
        raise Usage("BEECH_PASSPHRASE_COMMAND names no program")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BEECH_")}
    try:
        ran = subprocess.run(  # noqa: S603 -- the user's own program, split and run without a shell
            words,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Locked(f"BEECH_PASSPHRASE_COMMAND took longer than {PATIENCE:.0f} seconds") from None
    except (OSError, ValueError):
        raise Locked("BEECH_PASSPHRASE_COMMAND could not be run: does its program exist?") from None
    if ran.returncode:
        raise Locked(
            f"BEECH_PASSPHRASE_COMMAND failed with status {ran.returncode}: run it by hand to see why"
        )
    try:
        said = ran.stdout.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise Locked("BEECH_PASSPHRASE_COMMAND did not print text in UTF-8") from None
    if not said:
        raise Locked("BEECH_PASSPHRASE_COMMAND printed nothing on its first line")
    return said


def open_for_reading_own_secret(path: Path, unit_folder: Path) -> bytes:
    """Return what stands in a passphrase file, without the newline at its end.

    Raises:
        Usage: it cannot be read, is empty or holds more than 1 KiB.
        Refused: it is a link or no file, another user's, open to others, or inside the unit folder.
    """
    if path.resolve().is_relative_to(unit_folder.resolve()):
        raise Refused(f"{path} lies in the unit folder: keep the passphrase apart from what it opens")
    if path.is_symlink():
        raise Refused(f"{path} is a link: name the passphrase file itself")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise Usage(f"the passphrase file {path} cannot be read ({reason})") from None
    try:
        _check_secret(path, os.fstat(descriptor))
        secret = os.read(descriptor, SECRET_MOST + 1)
    finally:
        os.close(descriptor)
    if len(secret) > SECRET_MOST:
        raise Usage(f"the passphrase file {path} holds more than {SECRET_MOST} bytes")
    secret = secret.removesuffix(b"\n").removesuffix(b"\r")
    if not secret:
        raise Usage(f"the passphrase file {path} is empty")
    return secret


def _check_secret(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{path} is no regular file: BEECH_PASSPHRASE_COMMAND takes what a program says")
    if sys.platform == "win32":
        return
    if found.st_uid != os.geteuid():
        raise Refused(f"the passphrase file {path} belongs to another user: make one of your own")
    if stat.S_IMODE(found.st_mode) not in (0o600, 0o400):
        from shlex import quote

        raise Refused(f"the passphrase file {path} has to be yours alone: chmod 0600 {quote(str(path))}")
