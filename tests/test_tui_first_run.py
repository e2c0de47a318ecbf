from pathlib import Path

import pytest

from db.errors import Busy
from db.vault import founding, keys, opening
from tests.conftest import PASSPHRASE, Clock, Unit
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


async def made(seat: Seat) -> None:
    """Answer all that is asked, the recovery code last."""
    for answer in ("Invented Unit", "Robin", PASSPHRASE, PASSPHRASE):
        await seat.answer(answer)
    code = next(line for line in seat.shown.splitlines() if line.count("-") == 5).strip().split("-")
    for _ in range(2):
        await seat.answer(code[int(seat.shown.split("Type group ")[1].split()[0]) - 1])


def test_a_unit_that_is_made_and_does_not_open_is_left_at_the_lock_which_opens_it_later(
    tmp_path: Path, founded: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = founding.found
    monkeypatch.setattr(founding, "found", lambda *a, **more: found(*a, **more | {"cost": keys.MODERATE}))

    async def play(seat: Seat) -> None:
        def busy(*_: object) -> None:
            raise Busy("unit.db is in use: try again")

        monkeypatch.setattr(seat.desk, "_opener", busy)
        await made(seat)
        assert "Locked" in seat.shown
        assert "The unit is made" in seat.shown
        assert "unit.db is in use: try again" in " ".join(seat.shown.split())
        monkeypatch.setattr(seat.desk, "_opener", opening.with_passphrase)
        await seat.unlock()
        assert "[Today]" in seat.shown

    Seat(founded._replace(folder=tmp_path / "new"), clock, really=True).run(play)
