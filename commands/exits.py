"""What a command's exit code says. One place, for main and for every ``--help``."""

from __future__ import annotations

from enum import IntEnum

from db import errors


class Exit(IntEnum):
    """The code with which the process ends."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    LOCKED = 3
    NOT_FOUND = 4
    REFUSED = 5
    DAMAGED = 6
    AMBIGUOUS = 7
    WITHHELD = 8
    BUSY = 9
    INTERRUPTED = 130


_OF = {
    errors.Usage: Exit.USAGE,
    errors.Locked: Exit.LOCKED,
    errors.NotFound: Exit.NOT_FOUND,
    errors.Refused: Exit.REFUSED,
    errors.Damaged: Exit.DAMAGED,
    errors.Ambiguous: Exit.AMBIGUOUS,
    errors.Withheld: Exit.WITHHELD,
    errors.Busy: Exit.BUSY,
}

MEANING = {
    Exit.DONE: "done",
    Exit.UNEXPECTED: "unexpected: type, file and line on stderr",
    Exit.USAGE: "usage, a missing reason, a malformed file",
    Exit.LOCKED: "locked, or a wrong passphrase",
    Exit.NOT_FOUND: "no such record, no unit",
    Exit.REFUSED: "a rule refuses it, or a bad value",
    Exit.DAMAGED: "damaged, or a stranger's unit",
    Exit.AMBIGUOUS: "ambiguous or conflicting",
    Exit.WITHHELD: "nothing left to show after disclosure control",
    Exit.BUSY: "busy, no room or a failing disk: nothing was changed",
    Exit.INTERRUPTED: "stopped with Ctrl-C",
}


def of(error: errors.BeechError) -> Exit:
    """Return the exit code of an error."""
    return next((code for kind, code in _OF.items() if isinstance(error, kind)), Exit.UNEXPECTED)
