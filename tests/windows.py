"""A real terminal for the tests: a window of tmux, keys pressed in it, and what it shows."""

import shlex
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE
from tests.desk import BEECH, ROOT

PATIENCE = 60.0  # seconds that a slow machine is given to show something


class Tmux:
    """One window of tmux of 80 by 24, on a server of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._server = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self._ended = folder / "ended"

    def __call__(self, *words: str) -> str:
        return subprocess.run([*self._server, *words], check=True, capture_output=True, text=True).stdout

    def start(self, unit: Path, line: Sequence[str] = BEECH) -> None:
        """Run beech on a unit; a shell waits for its end, which tmux itself misses on some machines."""
        program = f"echo before the screens; {shlex.join(line)} --unit {unit}; echo $? >{self._ended}"
        self("new-session", "-d", "-x", "80", "-y", "24", "-c", str(ROOT), program)
        self("set-option", "-g", "remain-on-exit", "on")

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names; a text is typed as it stands."""
        self("send-keys", *keys)

    def shown(self) -> str:
        """What stands in the window."""
        return self("capture-pane", "-p")

    def scrollback(self) -> str:
        """What stands in the window and above it."""
        return self("capture-pane", "-p", "-S", "-")

    def until(self, words: str) -> str:
        """Wait until it shows something."""
        end = time.monotonic() + PATIENCE
        while words not in (shown := self.shown()):
            assert time.monotonic() < end, f"never shown: {words}\n{shown}"
            time.sleep(0.05)
        return shown

    def process(self) -> int:
        """The program in the window: the only child of its shell."""
        shell = self("display-message", "-p", "#{pane_pid}").strip()
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text())

    def ended(self) -> str:
        """Wait for the end of the program; return its exit code, 128 and the number for a signal."""
        end = time.monotonic() + PATIENCE
        while not (self._ended.exists() and (status := self._ended.read_text().strip())):
            assert time.monotonic() < end, "the program goes on"
            time.sleep(0.05)
        return status

    def unlock(self) -> None:
        """Type the passphrase, and wait for the first screen."""
        self.until("Passphrase")
        self.keys(PASSPHRASE, "Enter")
        self.until("[Today]")


@contextmanager
def window(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    """Open a window, and end its server with it."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("TMUX", raising=False)
    made = Tmux(folder)
    yield made
    subprocess.run([*made._server, "kill-server"], check=False, capture_output=True)
