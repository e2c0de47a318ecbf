"""What imports and other desks have queued for matching, worked off while nobody is at the keys.

A few records at a time, and only where nothing else is under way; Today tells whom they may mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import BeechError
from tui.desk import COUNT

if TYPE_CHECKING:
    from tui.locking import Locking

QUIET, AGAIN = 20.0, 60.0  # seconds without a key before it begins; until an empty queue is looked at anew
FEW = 5  # records at a time: while they are matched nobody else writes


class Queue:
    """Looks at the queue whenever it is told that a second has passed."""

    def __init__(self, app: Locking) -> None:
        self._app = app
        self._at_work = False
        self._not_before = 0.0

    def look(self) -> None:
        """Match the next few, where the desk is quiet and the queue was not found empty just now."""
        app = self._app
        if self._at_work or app.desk.under_way or app.idle.quiet() < QUIET:
            return
        if app.boottime() >= self._not_before:
            self._at_work = True
            app.run_worker(self._work(), group="queue")

    async def _work(self) -> None:
        from db import watchlist

        app = self._app
        try:
            found = await app.desk.call_in(COUNT, watchlist.work_some, most=FEW)
        except BeechError:  # locked meanwhile, or another program writes: the queue stays as it is
            found = None
        finally:
            self._at_work = False
        if not found:
            self._not_before = app.boottime() + AGAIN
