"""What an import queued is matched while nobody is at the keys, and Today offers whom it may mean."""

from pathlib import Path

from db import records, watchlist
from db.records import Why
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.imports import Desk
from tests.seats import Seat

SAID = "external_ref,at,mentions\nX1,2026-11-01T10:00,silver Astra NA00 KBX followed her\n"
ASTRA = {"vrm": "NA00 KBX", "make": "Vauxhall", "model": "Astra", "colour": "silver"}


def test_what_is_queued_is_matched_at_a_quiet_desk_and_offered_until_it_is_judged(
    unit: Unit, clock: Clock, store: Store, tmp_path: Path
) -> None:
    man = watchlist.add_offender(store, {"name": "Gary Thirlwell", "vehicles": [ASTRA]})["ref"]
    Desk(store, tmp_path).take("engagement", SAID)
    (contact,) = [row["ref"] for row in records.listing(store, "engagement")]

    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.app.look_at_clock()
        await seat.rest()
        assert watchlist.waiting(store)  # somebody was at the keys just now
        assert "perhaps" not in seat.shown
        seat.seconds += 30
        for _ in range(3):
            seat.app.look_at_clock()
            await seat.rest()
        assert not watchlist.waiting(store)
        await seat.press("f4")
        seat.app.go("today")
        await seat.rest()
        assert f"{contact} may mean {man}, Gary Thirlwell (p" in seat.shown
        watchlist.judge(store, (contact, man), "different", Why("intelligence"))
        await seat.press("f4")
        seat.app.go("today")
        await seat.rest()
        assert "may mean" not in seat.shown

    Seat(unit, clock).run(play)
