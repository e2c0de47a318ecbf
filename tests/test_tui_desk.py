import asyncio

import pytest

from db import pages, records
from db.errors import Busy, Locked
from db.vault.cipher import DriverError
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.seats import Seat
from tui.desk import LIST, SEARCH, Desk


def test_what_a_stopped_query_fails_with_is_busy_in_whatever_words_and_any_other_fault_is_told(
    unit: Unit, clock: Clock
) -> None:
    desk = Seat(unit, clock).desk

    def stopped(store: Store) -> None:
        desk.interrupt(SEARCH)
        raise DriverError("vtable constructor failed")

    def broken(store: Store) -> None:
        raise DriverError("no such table")

    async def play() -> None:
        await desk.unlock(unit.passphrase, None, lambda store, opened: None)
        with pytest.raises(Busy):
            await desk.call_in(SEARCH, stopped)
        with pytest.raises(DriverError):
            await desk.call_in(SEARCH, broken)
        assert (await desk.call_in(SEARCH, pages.seek, "nothing")).records == []

    asyncio.run(play())
    desk.lock()


def test_each_lane_has_a_store_of_its_own_and_a_lock_ends_them_all(unit: Unit, clock: Clock) -> None:
    desk = Seat(unit, clock).desk

    async def play() -> None:
        await desk.unlock(unit.passphrase, None, lambda store, opened: None)
        stores = [await desk.call_in(lane, lambda store: store) for lane in (SEARCH, LIST, SEARCH)]
        assert stores[0] is stores[2]
        assert stores[0] is not stores[1]
        assert await desk.call_in(LIST, pages_kept) == (-4000,)  # KiB: there are four of them
        desk.lock()
        with pytest.raises(Locked):
            await desk.call(records.today)
        with pytest.raises(DriverError):
            stores[0].cipher.execute("select 1")

    asyncio.run(play())


def pages_kept(store: Store) -> tuple[int]:
    with store.cipher.trusted() as connection:
        kept: tuple[int] = connection.execute("pragma cache_size").fetchone()
    return kept


def test_a_desk_that_is_locked_asks_nothing_of_the_unit(unit: Unit) -> None:
    desk = Desk(unit.folder)
    desk.lock()
    assert desk.end_shift() is None
    with pytest.raises(Locked):
        asyncio.run(desk.call(records.today))
