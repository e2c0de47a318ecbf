"""The driver's errors in our words: who is in the way, what is damaged, what there is no room for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from db.errors import BeechError, Busy, Damaged, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

# SQLite's result codes (sqlite.org/rescode.html): the low byte, and the read faults among its I/O errors
_BUSY = (5, 6)
_DENIED = (23,)
_INTERRUPTED = (9,)
_FULL = (8, 10, 13, 14)
_CORRUPT = (11, 26)
_UNREADABLE = (266, 522, 8202, 8458)  # IOERR_READ, _SHORT_READ, _DATA, _CORRUPTFS


_TEXTS = {"locked": 5, "busy": 5, "full": 13, "disk i/o": 10, "readonly": 8, "unable to open": 14}
_TEXTS |= {"malformed": 11, "not a database": 26}


def _code(error: Any) -> int:
    """Return SQLite's extended result code; what copies a file gives its text alone."""
    code = getattr(error, "sqlite_errorcode", None)
    text = str(error).lower()
    return int(code) if code else next((known for words, known in _TEXTS.items() if words in text), 0)


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Turn the driver's errors into ours; their texts never name data, but ours never repeat them."""
    try:
        yield
    except BeechError:
        raise
    except driver.DatabaseError as error:
        raise _spoken(error) or error from None


def is_busy(error: Any) -> bool:
    """Tell whether the driver says that another connection is in the way."""
    return _code(error) & 0xFF in _BUSY


def _spoken(error: Any) -> BeechError | None:
    extended, text = _code(error), str(error).lower()
    code = extended & 0xFF
    if code in _BUSY:
        return Busy("another program is writing to this unit: nothing was changed, try again in a moment")
    if code in _INTERRUPTED:
        return Busy("the search was stopped: nothing was changed")
    if code in _CORRUPT or extended in _UNREADABLE or "utf-8" in text:
        return Damaged("unit.db is damaged: run 'beech journal verify', then restore a backup")
    if code in _FULL:
        return Busy(
            "unit.db cannot be written (no room, or no right to): nothing was changed; make room, try again"
        )
    if code in _DENIED or "prohibited" in text or "not authorized" in text:
        return Refused("only the vault writes to the file: use Store.write")
    return None
