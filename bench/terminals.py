"""A terminal of 80 by 24 to run a program in: keys in, bytes out, how long and how many."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from pathlib import Path
from typing import NamedTuple

QUIET = 0.12  # seconds without a byte after which a key is answered


class Answer(NamedTuple):
    """What a key brought: ms to the first byte, ms to the last, how many bytes."""

    first: float
    last: float
    bytes: int


class Terminal:
    """A program at a terminal of its own."""

    def __init__(
        self, command: list[str], environment: dict[str, str], size: tuple[int, int] = (80, 24)
    ) -> None:
        self.began = time.perf_counter()
        self.shown = b""
        self._status: int | None = None  # of the program's end, once it was asked for
        self.child, self._end = pty.fork()
        if self.child == 0:
            os.execvpe(command[0], command, environment | {"TERM": "xterm-256color"})  # noqa: S606 - a peer
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def until(self, words: bytes, seconds: float = 120.0) -> float:
        """Read until *words* are shown; returns the seconds since the program was started."""
        end = time.perf_counter() + seconds
        while words not in self.shown:
            assert time.perf_counter() < end, f"never shown: {words!r}"
            self._read(0.05)
        return time.perf_counter() - self.began

    def rest(self, seconds: float = QUIET) -> None:
        """Read until the program is quiet for a while."""
        end = time.perf_counter() + 5.0
        while time.perf_counter() < end and self._read(seconds):
            continue
        self.shown = b""

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._end], [], [], seconds)[0]:
            return b""
        try:
            read = os.read(self._end, 65536)
        except OSError:
            return b""
        self.shown += read
        return read

    def send(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._end, keys)

    def press(self, keys: bytes, until: bytes = b"", quiet: float = QUIET) -> Answer:
        """Press a key and read its answer: until it is quiet for a while, or until *until* is shown."""
        self.shown = b""
        start = time.perf_counter()
        self.send(keys)
        first = last = 0.0
        while True:
            read = self._read(quiet if not until else 5.0)
            now = 1000 * (time.perf_counter() - start)
            if not read:
                return Answer(first, last, len(self.shown))
            first, last = first or now, now
            if until and until in self.shown:
                return Answer(first, last, len(self.shown))

    @property
    def mebibytes(self) -> float:
        """How much memory it holds now."""
        lines = Path(f"/proc/{self.child}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def ended(self) -> str:
        """Tell by what the program has ended; nothing while it runs."""
        if self._status is None:
            child, status = os.waitpid(self.child, os.WNOHANG)
            self._status = status if child else None
        if self._status is None:
            return ""
        code = os.waitstatus_to_exitcode(self._status)
        return f"ends by {signal.Signals(-code).name}" if code < 0 else f"ends with {code}"

    def end(self) -> None:
        """End the program, and it alone."""
        if not self.ended():
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        os.close(self._end)
