from tests.conftest import Clock, Unit
from tests.seats import Seat


def test_the_lock_is_the_first_screen_and_says_nothing_of_the_unit(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        assert "Locked" in seat.shown
        assert "Passphrase" in seat.shown
        assert "Invented" not in seat.shown
        assert not seat.desk.unlocked

    Seat(unit, clock).run(play)


def test_the_passphrase_opens_today(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        assert seat.desk.unlocked
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)
