"""Nobody at the desk: the screens lock after a while, by a clock that goes on while the machine sleeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTES = 10
LEAST, MOST = 2, 30
WARNING = 30.0


def boottime() -> float:
    """Return seconds that pass while the machine sleeps, too."""
    which = getattr(time, "CLOCK_BOOTTIME", None)  # elsewhere the monotonic clock counts sleep by itself
    return time.clock_gettime(which) if which is not None else time.monotonic()


class Idle:
    """When somebody was last at the keys, and what follows."""

    def __init__(self, clock: Callable[[], float], minutes: int = MINUTES) -> None:
        self._clock = clock
        self._last = clock()
        self._warned = False
        self.minutes = minutes

    def touch(self) -> None:
        """Somebody is there."""
        self._last = self._clock()
        self._warned = False

    def quiet(self) -> float:
        """Return the seconds since somebody was at the keys."""
        return self._clock() - self._last

    def left(self) -> float:
        """Return the seconds until the lock."""
        return min(max(self.minutes, LEAST), MOST) * 60 - self.quiet()

    def warns(self) -> bool:
        """Tell, once, that the lock is less than half a minute away."""
        if self._warned or self.left() > WARNING:
            return False
        self._warned = True
        return True
