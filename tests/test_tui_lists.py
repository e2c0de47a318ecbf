from db import records
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.seats import Seat


def contacts(store: Store, many: int) -> None:
    with store.write() as tx:
        for number in range(many):
            tx.create(
                "engagement",
                {
                    "at": store.now() - 3600 * number,
                    "contact": "spoke",
                    "sector": f"Sector {number % 3}",
                    "people_unnamed": 1,
                    "sharing_level": 1,
                    "narrative": f"Invented contact {number:04}",
                },
            )


def test_a_list_of_several_pages_is_walked_to_its_end_and_back(
    unit: Unit, clock: Clock, store: Store
) -> None:
    contacts(store, 700)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4")
        assert "1 of 700" in seat.shown
        assert "contact 0000" in seat.shown
        await seat.press("end")
        assert "700 of 700" in seat.shown
        assert "contact 0699" in seat.shown
        await seat.press("home")
        assert "contact 0000" in seat.shown

    Seat(unit, clock).run(play, (120, 40))


def test_enter_opens_a_contact_and_esc_goes_back_to_where_the_list_stood(
    unit: Unit, clock: Clock, store: Store
) -> None:
    contacts(store, 30)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4", "j", "j", "enter")
        assert "Invented contact 0002" in seat.shown
        assert "Contact E-" in seat.shown
        await seat.press("escape")
        assert "3 of 30" in seat.shown

    Seat(unit, clock).run(play)


def test_the_filter_narrows_the_list_and_esc_clears_it(unit: Unit, clock: Clock, store: Store) -> None:
    contacts(store, 30)
    records.add(
        store, "engagement", {"at": "now", "sector": "Quay", "narrative": "She waits by the underpass"}
    )

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4", "slash")
        await seat.type("underp")
        assert "1 of 1" in seat.shown
        await seat.type("zzz")
        assert "Nothing for 'underpzzz'" in seat.shown
        await seat.press("escape")
        assert "1 of 31" in seat.shown

    Seat(unit, clock).run(play)
