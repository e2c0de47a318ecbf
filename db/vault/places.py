"""A folder that may be far away: whether it answers, asked so that nothing hangs where it does not."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ANSWER_SECONDS = 10.0


def wrong_with(folder: Path, seconds: float = ANSWER_SECONDS) -> str | None:
    """Return what keeps a folder from taking a file, in a word; None where it takes one.

    A thread of its own writes and removes a file there: one that a dead share holds fast is left behind.
    """
    said: list[str | None] = []

    def try_it() -> None:
        probe = folder / f".beech-{os.urandom(6).hex()}.new"
        try:
            descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.close(descriptor)
            probe.unlink()
        except OSError as error:
            said.append((error.strerror or "error").lower())
        else:
            said.append(None)

    asked = threading.Thread(target=try_it, daemon=True)
    asked.start()
    asked.join(seconds)
    return said[0] if said else f"it does not answer within {seconds:g} seconds"
