"""Threads that work on the unit: each with a Store of its own, for a connection serves one thread alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from db.errors import Busy, Locked
from db.vault.cipher import DriverError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from db.vault.session import Session
    from db.vault.store import Store
    from tui.desk import Desk

T = TypeVar("T")


class Lane:
    """One thread with a Store of its own; what it is given is done in order."""

    def __init__(self, desk: Desk, session: Session) -> None:
        self._desk = desk
        self._session = session
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beech")
        self._store: Store | None = None
        self._left = False
        self._stopped = False

    def submit(self, work: Callable[[Store], T], command: str) -> Future[T]:
        """Let the thread do it, once it has done what came before."""
        return self._thread.submit(self._run, work, command)

    def _run(self, work: Callable[[Store], T], command: str) -> T:
        if self._left:
            raise Locked("the screens were locked meanwhile")
        if self._store is None:
            self._store = self._desk.open_store(self._session, command)
            self._store.cipher.keep_fewer()
        self._store.face = self._desk.face(command)
        self._stopped = False
        try:
            return work(self._store)
        except (
            DriverError
        ):  # a full-text query that is stopped while it is being prepared fails in other words
            if self._stopped:
                raise Busy("the search was stopped: nothing was changed") from None
            raise

    def interrupt(self) -> None:
        """Stop the query that runs, if one does."""
        store = self._store
        if store is not None:
            self._stopped = True
            store.cipher.interrupt()

    def leave(self) -> Future[None]:
        """Stop what runs, drop what waits, close the connection; the thread ends by itself."""
        self._left = True
        self.interrupt()
        closed = self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        return closed

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
