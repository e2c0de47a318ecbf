"""What the screens remember at this desk from one start to the next: dark or light, how many drafts are kept.

It lies in the state folder in clear, since the lock shows it before anybody has unlocked: a number and the
hour it was counted in. No word of a draft and nobody's name is in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db.vault import drafting, files

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 999


class Remembered:
    """The colours, and the number of drafts as the last lock left them."""

    def __init__(self, folder: Path, now: int) -> None:
        """Read what is remembered; what cannot be read is not.

        Args:
            folder: the unit's.
            now: UTC epoch seconds.
        """
        self._path = files.state_folder() / f"screens-{files.mark(folder)}.json"
        said = self._read()
        self.light = said.get("light") is True
        at, drafts = said.get("at"), said.get("drafts")
        self.drafts, self._at = 0, 0  # of that hour since the epoch
        if isinstance(at, int) and isinstance(drafts, int) and 0 <= now // 3600 - at < drafting.HOURS:
            self.drafts, self._at = min(max(drafts, 0), _MOST), at

    def _read(self) -> dict[str, object]:
        try:
            said = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def keep_colours(self, *, light: bool) -> None:
        """Remember the colours."""
        self.light = light
        self._write()

    def keep_drafts(self, count: int, now: int) -> None:
        """Remember how many drafts are kept, as of *now* (UTC epoch seconds)."""
        if (count, now // 3600) != (self.drafts, self._at):
            self.drafts, self._at = count, now // 3600
            self._write()

    def _write(self) -> None:
        said = {"light": self.light, "drafts": self.drafts, "at": self._at}
        files.jot(self._path, json.dumps(said).encode())
