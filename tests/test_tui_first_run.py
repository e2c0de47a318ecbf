from pathlib import Path

from tests.conftest import Clock, Unit
from tests.seats import Seat


def test_four_questions_make_a_unit_and_open_it(tmp_path: Path, founded: Unit, clock: Clock) -> None:
    folder = tmp_path / "new"

    async def play(seat: Seat) -> None:
        assert "1 of 4" in seat.shown
        await seat.answer("Invented Unit")
        assert "2 of 4" in seat.shown
        await seat.press("escape")
        assert "1 of 4" in seat.shown
        await seat.answer("Invented Unit")
        await seat.answer("Robin")
        assert "3 of 4" in seat.shown
        await seat.answer("password")
        assert "Not that one" in seat.shown
        await seat.answer("invented paddle orchard sixty")
        assert "once more" in seat.shown
        await seat.answer("invented paddle orchard sixtY")
        assert "differ" in seat.shown
        await seat.answer("invented paddle orchard sixty")
        assert not folder.exists()
        await seat.answer("invented paddle orchard sixty")
        assert "4 of 4" in seat.shown
        await seat.press("escape")  # the unit is made: no way back
        assert "4 of 4" in seat.shown
        code = next(line for line in seat.shown.splitlines() if line.count("-") == 5).strip().split("-")
        await seat.answer("WRONG")
        assert "another group" in seat.shown
        for _ in range(2):
            group = int(seat.shown.split("Type group ")[1].split()[0])
            await seat.answer(code[group - 1])
        assert "[Today]" in seat.shown
        assert "Nothing is in this unit yet. F2 logs the first contact." in seat.shown

    Seat(founded._replace(folder=folder), clock, really=True).run(play)
