"""A command stopped at a system call of one's choosing: killed there, or told that the disk failed.

strace counts the calls that change files, and interferes at the n-th of them; a library of ours makes writes
take less than they are given. A short form runs with the tests; BEECH_LONG=1 (``make torture``) the long one.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeVar

import pytest

from db import records
from db.vault import keys, opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.attacks import around, command, ended, start
from tests.conftest import Unit
from tests.desk import Ran

Moment = TypeVar("Moment")
LONG = os.environ.get("BEECH_LONG") == "1"
FACE = Face("script", "test")
CHANGES = (
    *("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "unlink", "rmdir"),
    *("mkdir", "chmod", "fchmod", "link", "linkat", "unlinkat"),
)


GATE = os.environ.get("BEECH_REQUIRE_KEYRING") == "1"


def absent(why: str) -> NoReturn:
    """Skip what this machine has no tool for; under the gate, which installs the tools, fail."""
    if GATE:
        pytest.fail(f"the gate asks for all of it: {why}")
    pytest.skip(why)


@cache
def strace() -> str:
    """The path of strace, where it is installed and may trace."""
    found = shutil.which("strace")
    if found is None:
        absent("strace is not installed here; the gate installs it")
    tried = subprocess.run([found, "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode:
        absent("strace may not trace here: ptrace is not allowed")
    return found


UNCOMPILED = {"PYTHONDONTWRITEBYTECODE": "1"}  # what is kept cut short, the next program would read


def short_writes(folder: Path) -> Path:
    """Compile the library that makes writes short, where there is a compiler; returns its path."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        absent("no C compiler is installed here; the gate installs gcc and libc6-dev")
    made = folder / "short_writes.so"
    source = Path(__file__).with_name("short_writes.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True)
    return made


class Call(NamedTuple):
    """One call that changes files, as strace counts: each call by itself, in each thread by itself."""

    name: str
    before: Counter[str]  # how many of each call its thread had made

    def once(self) -> tuple[str, ...]:
        """What strace is told, for this call alone."""
        return (f"{self.name}:when={self.before[self.name] + 1}",)

    def sooner(self) -> "Call":
        """The same call half way to this one: reached even where a run makes fewer of them."""
        return Call(self.name, Counter({name: count // 2 for name, count in self.before.items()}))

    def onwards(self) -> tuple[str, ...]:
        """What strace is told, for this call and all that come after it."""
        return tuple(f"{name}:when={self.before[name] + 1}+" for name in CHANGES)


class Struck(NamedTuple):
    """What a command left that was to be struck at a call, and whether strace says that it was."""

    ran: Ran
    hit: bool


class Work:
    """One command on a unit: its words, what it reads, what is done before it runs."""

    def __init__(self, *words: str, stdin: str = "", patch: str = "") -> None:
        self.words = words
        self.stdin = stdin
        self.patch = patch

    def run(self, unit: Unit, *options: str) -> Ran:
        """Run it under strace with these options."""
        env = around(unit.folder, {"BEECH_PASSPHRASE_FILE": str(unit.secret), **UNCOMPILED})
        line = [strace(), "-f", "-qq", *options, *command(unit, *self.words, patch=self.patch)]
        return ended(start(line, env), self.stdin.encode(), timeout=300)

    def shortened(self, unit: Unit, library: Path, **how: int) -> tuple[Ran, int]:
        """Run it with a library preloaded that makes its writes short; *how* are what that library reads.

        The second result is how many writes the library has counted.
        """
        counted = unit.folder.parent / "counted"
        counted.write_text("0")
        told = {"LD_PRELOAD": str(library), "BEECH_COUNTED": str(counted)}
        told |= {f"BEECH_{name.upper()}": str(n) for name, n in how.items()}
        env = around(unit.folder, {"BEECH_PASSPHRASE_FILE": str(unit.secret), **UNCOMPILED, **told})
        line = command(unit, *self.words, patch=self.patch)
        ran = ended(start(line, env), self.stdin.encode(), timeout=300)
        return ran, int(counted.read_text())

    def calls(self, unit: Unit) -> list[Call]:
        """The calls it makes that change files, in their order."""
        trace = unit.folder.parent / "trace"
        ran = self.run(unit, "-o", str(trace), "-e", f"trace={','.join(CHANGES)}")
        assert ran.code == 0, ran
        made: defaultdict[str, Counter[str]] = defaultdict(Counter)
        calls = []
        for thread, name in re.findall(r"^(\d+) +(\w+)\(", trace.read_text(), re.MULTILINE):
            calls.append(Call(name, made[thread].copy()))
            made[thread][name] += 1
        return calls

    def killed(self, unit: Unit, at: Call) -> Struck:
        """Kill it at that call."""
        return self._struck(unit, "signal=KILL", at.once(), "+++ killed by SIGKILL")

    def failing(self, unit: Unit, at: Call, error: str, *, onwards: bool) -> Struck:
        """Tell it at that call, or from there on, that the disk failed."""
        return self._struck(unit, f"error={error}", at.onwards() if onwards else at.once(), "(INJECTED)")

    def _struck(self, unit: Unit, what: str, calls: tuple[str, ...], seen: str) -> Struck:
        trace = unit.folder.parent / "struck"
        injected = (f"--inject={call.replace(':', f':{what}:')}" for call in calls)
        ran = self.run(unit, "-o", str(trace), "-e", f"trace={','.join(CHANGES)}", *injected)
        return Struck(ran, seen in trace.read_text(errors="replace"))


def slot(unit: Unit) -> keys.Opened:
    """The founder's slot as members.json has it now."""
    mine = keys.load(unit.folder / opening.MEMBERS).named(unit.opened.slot.member)
    return keys.Opened(mine, unit.opened.seed, unit.opened.unit, unit.opened.genesis)


def works(unit: Unit) -> set[str]:
    """The unit opens, verifies and takes the next contact; returns the references of all it holds before."""
    with opening.with_opened(unit.folder, slot(unit), FACE) as store:
        report = verify(store)
        assert report.ok, report.faults
        held = {one["ref"] for one in records.listing(store, "engagement")}
        records.add(store, "engagement", {"at": "2026-11-21T23:40", "narrative": "the next one"})
    return held


@contextmanager
def worked_on(founded: Unit, place: Path) -> Iterator[tuple[Unit, Store]]:
    """A copy of a unit in a folder of its own, with its passphrase in a file, open to be worked on."""
    unit = founded._replace(folder=place / "unit", secret=place / "secret")
    shutil.copytree(founded.folder, unit.folder)
    unit.secret.write_text(unit.passphrase + "\n")
    unit.secret.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        with opening.with_opened(unit.folder, unit.opened, FACE) as store:
            yield unit, store


def copies(unit: Unit, folder: Path) -> Iterator[Unit]:
    """Fresh copies of a unit, one at a time, each gone when the next is asked for."""
    number = 0
    while True:
        place = folder / f"copy-{number}"
        shutil.copytree(unit.folder, place / "unit")
        shutil.copy(unit.secret, place / "secret")
        yield unit._replace(folder=place / "unit", secret=place / "secret")
        shutil.rmtree(place)
        number += 1


def moments(met: Sequence[Moment], most: int, seed: int) -> list[Moment]:
    """Which of those met to interfere at, in their order: all where they are few, else as the seed has it."""
    chosen = list(range(len(met)))
    random.Random(seed).shuffle(chosen)  # noqa: S311 - seeded, and nothing secret
    return [met[at] for at in sorted(chosen[:most])]
