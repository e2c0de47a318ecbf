"""What a terminal sends for a key: its bytes, and what the screens make of them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 0.1  # seconds within which the bytes of one key arrive


def keys(terminal: int, limit: int | None) -> Iterator[str]:
    """Return a line for each key that is pressed, until q or the limit; then the terminal is put back."""
    if sys.platform == "win32":
        yield from _on_windows(limit)
        return
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    tty.setraw(terminal, termios.TCSADRAIN)
    try:
        count = 0
        while (sent := _read(terminal)) and sent != b"q":
            yield f"{_shown(sent)}\r"
            count += 1
            if count == limit:
                return
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _read(terminal: int) -> bytes:
    """Return what one key sends: its first byte, and what follows at once."""
    import select

    sent = os.read(terminal, 1)
    while sent and select.select([terminal], [], [], _AT_ONCE)[0]:
        more = os.read(terminal, 32)
        if not more:
            break
        sent += more
    return sent


def _on_windows(limit: int | None) -> Iterator[str]:
    import msvcrt  # type: ignore[import-not-found,unused-ignore]

    count = 0
    while (sent := msvcrt.getwch()) != "q":  # type: ignore[attr-defined,unused-ignore]
        if sent in ("\x00", "\xe0"):
            sent += msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        yield _shown(sent.encode())
        count += 1
        if count == limit:
            return


def _shown(sent: bytes) -> str:
    told = " ".join(f"{byte:02x}" for byte in sent)
    return f"{named(sent):<14} {told}"


def named(sent: bytes) -> str:
    """Return what the screens take the bytes for."""
    from textual import events
    from textual._xterm_parser import XTermParser

    parser = XTermParser()
    found = [*parser.feed(sent.decode(errors="replace")), *parser.feed("")]
    return ", ".join(event.key for event in found if isinstance(event, events.Key)) or "nothing"
