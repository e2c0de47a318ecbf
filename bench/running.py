"""Whole processes, timed: beech as it is installed and its peers, in a folder of their own.

``apart`` makes that folder; a passphrase stands ready in it for scripts, and nothing of the person's is met.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import data

_BESIDE = Path(sys.executable)
_PROGRAM = _BESIDE.with_name("beech")
BEECH = [str(_PROGRAM)] if _PROGRAM.exists() else [sys.executable, "-m", "commands"]
SQLITE_UTILS = str(_BESIDE.with_name("sqlite-utils"))


class Took(NamedTuple):
    """What some processes took, in seconds: on the wall, and of the processors."""

    wall: float
    cpu: float


@contextmanager
def apart(made_before: Path | None = None) -> Iterator[Path]:
    """Yield a folder that goes with the run; the environment leads the processes to it.

    What the machine remembers of a unit that another script left in *made_before* is met there.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        secret = folder / "passphrase"
        secret.touch(0o600)
        secret.write_text(data.PASSPHRASE, encoding="utf-8")
        os.environ.update(
            XDG_STATE_HOME=str((made_before or folder) / "state"), BEECH_PASSPHRASE_FILE=str(secret)
        )
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled, as the peer is
        yield folder


@contextmanager
def session(unit: Path) -> Iterator[list[str]]:
    """Unlock a unit and yield the start of a command line for it; the passphrase is not at hand meanwhile."""
    beech = [*BEECH, "--unit", str(unit)]
    took([*beech, "unlock"])
    secret = os.environ.pop("BEECH_PASSPHRASE_FILE")
    yield beech
    took([*beech, "lock"])
    os.environ["BEECH_PASSPHRASE_FILE"] = secret


def told(command: list[str]) -> str:
    """Return what a whole process prints; it is to end well."""
    return subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        cwd=data.ROOT,
    ).stdout


def took(*commands: list[str], given: str = "") -> Took:
    """Run whole processes one after another, each given some text on stdin; they are to end well."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        subprocess.run(
            command,
            input=given.encode(),
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=data.ROOT,
            start_new_session=True,  # without a terminal a passphrase is read from stdin
        )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def in_turns(rounds: int, *works: Callable[[], Took]) -> list[float]:
    """Run each piece of work in every round; returns the median milliseconds of each on the wall."""
    found = [[work().wall for work in works] for _ in range(rounds)]
    return [1000 * statistics.median(times) for times in zip(*found, strict=True)]
