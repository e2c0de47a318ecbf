"""The lock while the screens load: its words stand there at once, and what is typed is not echoed.

Loading textual takes longer than a hand takes to begin a passphrase. What is typed meanwhile waits in the
terminal's queue, and the lock gets it. Where Python has no termios (Windows), nothing is done.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HINTS = "Enter unlocks  ^Q quit"
_LINES = (" beech", "Locked", "Passphrase")
_OTHER_SCREEN, _SCREEN_BACK = "\x1b[?1049h", "\x1b[?1049l"


@contextmanager
def quiet(*, lock: bool) -> Iterator[None]:
    """Take the terminal's echo away until the screens have ended, and draw the lock where there is one.

    Args:
        lock: a unit is there, so that the first screen is its lock.
    """
    before = _unechoed()
    if lock and before:
        _write(_OTHER_SCREEN + _drawn(*shutil.get_terminal_size()))
    try:
        yield
    except BaseException:
        if lock and before:
            _write(_SCREEN_BACK)  # the screens have not come as far as to leave it themselves
        raise
    finally:
        if before:
            _give_back(before)


def _unechoed() -> list[Any]:
    """Let keys come one by one, as they are, and unseen; returns how the terminal was, or nothing."""
    try:
        import termios
    except ImportError:
        return []
    try:
        before = termios.tcgetattr(0)
        now = [*before]
        now[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
        now[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        termios.tcsetattr(0, termios.TCSANOW, now)
    except termios.error:  # no terminal, or one that has just gone
        return []
    return before


def _give_back(before: list[Any]) -> None:
    import termios
    from contextlib import suppress

    with suppress(termios.error):
        termios.tcsetattr(0, termios.TCSANOW, before)


def _drawn(columns: int, rows: int) -> str:
    """Return the lock's words, where textual will draw them."""
    said = "\r\n".join(line[:columns] for line in _LINES[: rows - 1])
    return f"\x1b[2J\x1b[H{said}\x1b[{rows};1H{HINTS[:columns]}\x1b[{min(3, rows)};15H"


def _write(sequence: str) -> None:
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write(sequence)
        sys.__stderr__.flush()
