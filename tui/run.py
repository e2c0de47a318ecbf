"""From the command line to the app, and back with an exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from db.vault import opening
from tui import early

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(
    folder: Path, member: str | None, *, mouse: bool, ascii: bool, clock: Callable[[], int] | None = None
) -> int:
    """Open the screens of the unit in *folder*; returns when the officer has quit.

    Args:
        folder: the unit's; where there is none, the first run makes one.
        member: whose passphrase is asked for; None asks where there are several.
        mouse: let the program have the mouse, instead of the terminal's own selecting.
        ascii: draw with ASCII alone.
        clock: UTC milliseconds; the wall's by default.
    """
    with early.quiet(lock=(folder / opening.MEMBERS).exists()):
        from tui.app import Beech, Looks
        from tui.desk import Desk

        plain = bool(os.environ.get("NO_COLOR"))
        looks = Looks(ascii or os.environ.get("TERM") == "linux", plain)
        app = Beech(Desk(folder, member, clock=clock), looks)
        app.run(mouse=mouse)
    return app.return_code or 0
