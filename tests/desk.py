"""A desk for the tests: commands run on a unit, in this process or in another, also at a terminal."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from commands.__main__ import run
from commands.options import Frame
from tests import CHEAP
from tests.conftest import Clock, Unit

ROOT = Path(__file__).parents[1]
REAL = (sys.executable, "-m", "commands")
SPARING = f"from db.vault import keys; keys.MODERATE = keys.DEFAULT = {CHEAP}\n"
_RUN = "import runpy; runpy.run_module('commands', run_name='__main__', alter_sys=True)"
BEECH = (sys.executable, "-c", SPARING + _RUN)  # the same program, for the units of the tests


class Ran(NamedTuple):
    """What a command left: its exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout, read as JSON."""
        return json.loads(self.out)


class Desk:
    """Commands on one unit, in this process, by its founder's open slot and at the tests' clock."""

    def __init__(
        self, unit: Unit, clock: Clock, patch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]
    ) -> None:
        self.unit = unit
        self.clock = clock
        self._patch = patch
        self._captured = captured
        patch.setenv("BEECH_UNIT", str(unit.folder))

    def __call__(self, *arguments: str, stdin: str | bytes = b"") -> Ran:
        """Run one command."""
        raw = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        self._captured.readouterr()
        code = run(list(arguments), Frame(self.unit.opened, self.clock))
        return Ran(int(code), *self._captured.readouterr())

    def ref(self, *arguments: str, stdin: str | bytes = b"") -> str:
        """Run a command that makes a record and return its reference."""
        ran = self(*arguments, "-f", "json", stdin=stdin)
        assert ran.code == 0, ran.err
        return str(ran.json["ref"])


def process(*arguments: str, stdin: bytes = b"", **variables: str) -> Ran:
    """Run a command in a process of its own, with more variables."""
    done = subprocess.run(
        [*BEECH, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=os.environ | variables,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def at_terminal(*arguments: str, answers: list[tuple[str, str]], **variables: str) -> Ran:
    """Run a command at a terminal and answer its prompts.

    Args:
        arguments: the command.
        answers: what to wait for, and what is then typed.
        variables: more of the environment.

    Returns:
        What the terminal showed, as stdout.
    """
    import pty

    here, there = pty.openpty()
    child = subprocess.Popen(
        [*BEECH, *arguments],
        stdin=there,
        stdout=there,
        stderr=there,
        cwd=ROOT,
        env=os.environ | {"TERM": "dumb", "COLUMNS": "200"} | variables,
        start_new_session=True,
    )
    os.close(there)
    shown, waiting = "", list(answers)
    seen = 0
    while True:
        try:
            read = os.read(here, 65536)
        except OSError:  # the terminal is gone with its last process
            break
        if not read:
            break
        shown += read.decode(errors="replace")
        while waiting and waiting[0][0] in shown[seen:]:
            seen += shown[seen:].index(waiting[0][0]) + len(waiting[0][0])
            os.write(here, waiting.pop(0)[1].encode() + b"\n")
    os.close(here)
    code = child.wait(120)
    assert not waiting, f"never asked for: {waiting[0][0]}; shown: {shown}"
    return Ran(code, shown.replace("\r\n", "\n"), "")
