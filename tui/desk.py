"""The unit behind the screens: who has unlocked it, and one open Store for each thread that works on it.

The passphrase makes a session that lives in this process alone. The member's seed is dropped as soon as the
session has begun; a lock closes every connection and forgets the session's keys.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from db.errors import BeechError, Locked
from db.vault import opening
from db.vault import session as sessions
from db.vault.store import Face
from tui.lanes import Lane

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from concurrent.futures import Future
    from pathlib import Path

    from db.vault.keys import Opened
    from db.vault.session import Session
    from db.vault.store import Member, Store

    Opener = Callable[[Path, str, str | None, Face], tuple[Store, Opened]]

P = ParamSpec("P")
T = TypeVar("T")

WORK, SEARCH, LIST, COUNT = "work", "search", "list", "count"  # one thread, and one connection, each
LAST_SECONDS = 5.0  # that a lock waits for what has to be kept


class Desk:
    """Calls on the unit from the screens: each in a thread, each with that thread's Store."""

    def __init__(
        self,
        folder: Path,
        member: str | None = None,
        *,
        opener: Opener = opening.with_passphrase,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self.folder = folder
        self.wanted = member  # whose passphrase is asked for, by --member
        self.member: Member | None = None
        self.command = "lock"
        self.waiting: Callable[[], None] | None = None  # called from a thread while another program writes
        self._opener = opener
        self.clock = clock
        self.under_way = 0  # calls that have not come back yet
        self._session: Session | None = None
        self._lanes: dict[str, Lane] = {}

    @property
    def unlocked(self) -> bool:
        """Tell whether a member's passphrase has opened the unit."""
        return self._session is not None

    def now(self) -> int:
        """Return the wall clock in UTC epoch seconds, as the stores have it."""
        import time

        return self.clock() // 1000 if self.clock is not None else int(time.time())

    def face(self, command: str) -> Face:
        """Return who asks, as the journal keeps it."""
        return Face("tui", command, self.waiting)

    def open_store(self, session: Session, command: str) -> Store:
        """Open the unit once more, for a thread of its own."""
        store = opening.with_session(self.folder, session, self.face(command))
        if self.clock is not None:
            store.clock = self.clock
        return store

    # locking and unlocking

    async def unlock(self, passphrase: str, member: str | None, first: Callable[[Store, Opened], T]) -> T:
        """Open the unit by a passphrase; what needs the seed is done once, by *first*, and the seed dropped.

        Raises:
            Locked: the passphrase is wrong.
            Damaged, Usage, NotFound: as ``opening.with_passphrase`` says.
        """

        def begin() -> tuple[Session, Member, T]:
            store, opened = self._opener(self.folder, passphrase, member or self.wanted, self.face("unlock"))
            with store:
                if self.clock is not None:
                    store.clock = self.clock
                session = opening.begin_session(store, opened)
                done = first(store, opened)
                _keep_witness(store)
                return session, store.member, done

        session, self.member, done = await self.apart(begin)
        self._session = session
        self._lanes = {}
        return done

    async def with_passphrase(
        self,
        passphrase: str,
        function: Callable[Concatenate[Store, Opened, P], T],
        *args: P.args,
        **more: P.kwargs,
    ) -> T:
        """Do what needs the member's own seed, with the passphrase just typed: reveal a name.

        Raises:
            Locked: the passphrase is wrong.
        """
        member = self.member.name if self.member is not None else None

        def run() -> T:
            store, opened = self._opener(self.folder, passphrase, member, self.face(self.command))
            with store:
                if self.clock is not None:
                    store.clock = self.clock
                return function(store, opened, *args, **more)

        return await self.apart(run)

    def lock(self, last: Callable[[Store], Any] | None = None) -> None:
        """Close every connection and forget the keys; waits only for *last*, which keeps what was typed."""
        session = self._close(last)
        if session is not None:
            with suppress(BeechError, OSError):  # locking goes on, whatever the file says
                self._end(session, lambda store: ())

    def end_shift(self, last: Callable[[Store], Any] | None = None) -> Future[list[str]] | None:
        """Lock as one does who leaves: what the unit does by itself then goes on in a thread of its own.

        Returns:
            What is to be said of it, once it is done; the thread's keys are gone then as well.
        """
        session = self._close(last)
        if session is None:
            return None
        from db import shifts

        thread = ThreadPoolExecutor(1, thread_name_prefix="beech end")
        ended = thread.submit(self._end, session, shifts.ends)
        thread.shutdown(wait=False)
        return ended

    def _close(self, last: Callable[[Store], Any] | None) -> Session | None:
        session, lanes = self._session, self._lanes
        self._session, self._lanes, self.member = None, {}, None
        if session is None:
            return None
        for lane in lanes.values():
            lane.interrupt()
        if last is not None:
            with suppress(BeechError, OSError), self.open_store(session, "lock") as store:
                last(store)
        wait([lane.leave() for lane in lanes.values()], LAST_SECONDS)  # what is stuck must not keep it open
        return session

    def _end(self, session: Session, ends: Callable[[Store], Iterable[str]]) -> list[str]:
        from db import journals

        with self.open_store(session, "lock") as store:
            told = list(ends(store))
            journals.record_lock(store)
            _keep_witness(store)
        return told

    # calls

    async def call(self, function: Callable[Concatenate[Store, P], T], *args: P.args, **more: P.kwargs) -> T:
        """Run a function of db in the working thread and return what it returns.

        Raises:
            BeechError: what the function raises.
            Locked: the screens are locked, or were meanwhile.
        """
        return await self.call_in(WORK, function, *args, **more)

    async def call_in(
        self, lane: str, function: Callable[Concatenate[Store, P], T], *args: P.args, **more: P.kwargs
    ) -> T:
        """Do the same in another thread, so that it waits for nothing else: ``SEARCH`` or ``LIST``."""
        session = self._session
        if session is None:
            raise Locked("the screens are locked")
        if lane not in self._lanes:
            self._lanes[lane] = Lane(self, session)
        work = self._lanes[lane].submit(lambda store: function(store, *args, **more), self.command)
        answer = asyncio.wrap_future(work)
        # what is to be changed is changed, also where the screen that asked has gone before its turn came
        return await self.counted(asyncio.shield(answer) if lane == WORK else answer)

    async def apart(self, work: Callable[[], T]) -> T:
        """Do something in a thread of its own that needs none of the open stores."""
        return await self.counted(asyncio.to_thread(work))

    async def counted(self, work: Awaitable[T]) -> T:
        """Wait for something, counted among what is under way."""
        self.under_way += 1
        try:
            return await work
        finally:
            self.under_way -= 1

    def interrupt(self, lane: str) -> None:
        """Stop the query that runs in a lane; it ends as Busy."""
        if lane in self._lanes:
            self._lanes[lane].interrupt()


def _keep_witness(store: Store) -> None:
    """Keep the journal's newest hash outside the file, so that a tail cut off later is seen."""
    from db import journals

    witness = journals.newest(store)
    if witness is not None:
        sessions.keep_witness(store.unit.hex(), store.folder, witness)
