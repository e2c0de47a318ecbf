"""``beech`` alone on a terminal: the screens. Only here does the command line know of them."""

from __future__ import annotations

import os
import sys

from commands import opening
from commands.options import asked, frame
from db.errors import Usage

_USUAL = (700, 10, 10)  # screens stay open for a shift: Python's own pace of collecting, not a command's


def are_wanted() -> bool:
    """Tell whether somebody is at a terminal that the screens can be drawn on.

    Raises:
        Usage: stderr goes elsewhere. The screens are drawn on it: a file would hold them in clear.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return False
    if sys.stderr is None or not sys.stderr.isatty():
        raise Usage("nothing is shown of the screens where stderr is no terminal: start beech without '2>'")
    return True


def run(*, mouse: bool, ascii: bool) -> int:
    """Open the screens on this unit, and return the exit code when they end."""
    import gc

    from tui import run as screens

    gc.set_threshold(*_USUAL)
    return screens.run(opening.folder(), asked().member, mouse=mouse, ascii=ascii, clock=frame().clock)
