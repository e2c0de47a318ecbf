"""A terminal of its own for a program under test: keys typed at one end, and all that was shown."""

import os
import select
import subprocess
import sys
import time
from typing import IO

import pytest

from tests.desk import ROOT

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

PATIENCE = 60.0


class Terminal:
    """A program at a terminal of its own, and all that it has shown."""

    def __init__(self, *program: str, stderr: IO[bytes] | None = None) -> None:
        self._here, self._there = pty.openpty()
        self.before = termios.tcgetattr(self._there)
        self.shown = b""
        self.program = subprocess.Popen(
            [sys.executable, *program],
            stdin=self._there,
            stdout=self._there,
            stderr=stderr or self._there,
            cwd=ROOT,
            start_new_session=True,
            env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
        )

    def until(self, words: bytes) -> None:
        """Read until something is shown."""
        end = time.monotonic() + PATIENCE
        while words not in self.shown:
            assert time.monotonic() < end, f"never shown: {words!r}"
            if select.select([self._here], [], [], 0.2)[0]:
                self.shown += os.read(self._here, 65536)

    def read(self, seconds: float) -> None:
        """Read what is shown in a while."""
        end = time.monotonic() + seconds
        while select.select([self._here], [], [], max(0.0, end - time.monotonic()))[0]:
            try:
                self.shown += os.read(self._here, 65536)
            except OSError:  # the program has ended
                return

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._here, keys.encode())

    def ended(self) -> int:
        """Read to the program's end; returns its exit code."""
        end = time.monotonic() + PATIENCE
        while self.program.poll() is None and time.monotonic() < end:
            if select.select([self._here], [], [], 0.1)[0]:
                self.shown += os.read(self._here, 65536)
        return self.program.wait(1.0)

    def go_away(self) -> int:
        """Take the terminal away without a word, as nobody's session; returns the program's exit code."""
        os.close(self._here)
        self._here = -1
        return self.program.wait(PATIENCE)

    def after(self) -> object:
        """How the terminal is set now."""
        return termios.tcgetattr(self._there)

    def close(self) -> None:
        """End whatever still runs."""
        self.program.kill()
        self.program.wait()
        if self._here >= 0:
            os.close(self._here)
        os.close(self._there)
