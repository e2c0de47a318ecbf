"""The second place, off this machine: whether it answers, and when it last got a copy.

It is asked so that nothing hangs where it does not answer.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from db.errors import Busy
from db.vault import journal

if TYPE_CHECKING:
    from pathlib import Path

    from db.vault.store import Store

ANSWER_SECONDS = 10.0
_SILENT = "does not answer"
AWAY = "backup_away"  # the event of a copy that was put in a second place


def wrong_with(folder: Path, seconds: float | None = None) -> str | None:
    """Return what keeps a folder, or what it would be made in, from taking a file; None where it does.

    A thread of its own writes and removes a file there: one that a dead share holds fast is left behind.
    """
    seconds = ANSWER_SECONDS if seconds is None else seconds
    said: list[str | None] = []

    def try_it() -> None:
        try:
            near = next((one for one in (folder, *folder.absolute().parents) if one.exists()), folder)
            probe = near / f".beech-{os.urandom(6).hex()}.new"
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
    return said[0] if said else f"it {_SILENT} within {seconds:g} seconds"


def must_answer(folder: Path) -> None:
    """Raise Busy where a folder does not answer; what else is wrong with it is told when it is written to."""
    wrong = wrong_with(folder)
    if wrong is not None and _SILENT in wrong:
        raise Busy(f"{folder} cannot be used ({wrong}): nothing was written there")


def last_away(reader: Any) -> int | None:
    """Return when the last copy was put in a second place, UTC epoch seconds; None where none was yet."""
    row = reader.execute(
        "select max(at) from entry where operation = 'security' and detail like '%\"event\":\"backup_away\"%'"
    ).fetchone()
    return None if row[0] is None else journal.wall_ms(row[0]) // 1000


def days_at_home(store: Store, reader: Any) -> int:
    """Return for how many days no copy was put in a second place, counted from the unit's own beginning."""
    (begun,) = reader.execute(
        "select min(e.at) from desk as d cross join entry as e on e.desk = d.desk and e.seq = 1"
    ).fetchone()
    last = last_away(reader) or journal.wall_ms(begun) // 1000
    return max(0, store.now() - last) // 86_400
