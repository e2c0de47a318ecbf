import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from db import drafts, journals, members
from db.drafts import Draft
from db.vault import drafting, folders, holding, opening
from db.vault.keys import Opened
from db.vault.store import Face, Store
from tests.conftest import PASSPHRASE, Clock, Unit
from tests.seats import Seat
from tui.gate.lock import Lock, Tries
from tui.subject import Subject
from tui.themes import LIGHT

HALF = {"note": "half a sentence"}


class Typing(Subject):
    """A form with something typed in it."""

    NAME = "typing"

    def unsaved(self) -> Draft | None:
        return Draft("ab" * 16, 0, "engagement", HALF)


def events(store: Store) -> list[str]:
    return [one["event"] for one in journals.entries(store) if one["operation"] == "security"]


def test_the_lock_is_the_first_screen_and_says_nothing_of_the_unit(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        assert "Locked" in seat.shown
        assert "Passphrase" in seat.shown
        assert "Invented" not in seat.shown
        assert "Sam" not in seat.shown
        assert not seat.desk.unlocked

    Seat(unit, clock).run(play)


def test_where_a_restore_was_cut_short_the_lock_comes_first_and_no_other_unit_is_made(
    unit: Unit, clock: Clock
) -> None:
    pending = unit.folder / holding.PENDING
    folders.make_folder(pending)
    for name in (opening.DATABASE, opening.MEMBERS):
        (unit.folder / name).rename(pending / name)

    async def play(seat: Seat) -> None:
        assert "Locked" in seat.shown
        assert not pending.exists()
        await seat.unlock()
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)


def test_no_variable_of_the_surroundings_opens_the_screens(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", str(unit.secret))

    async def play(seat: Seat) -> None:
        assert not seat.desk.unlocked
        await seat.press("f4", "f2", "enter")
        assert not seat.desk.unlocked
        assert "Locked" in seat.shown

    Seat(unit, clock).run(play)


def test_the_passphrase_typed_key_by_key_opens_today(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.press("f1")
        assert "unlock" in seat.shown
        await seat.press("escape")
        await seat.type(PASSPHRASE)
        assert PASSPHRASE not in seat.shown
        await seat.press("enter")
        assert seat.desk.unlocked
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)


def test_wrong_passphrases_slow_down_and_a_right_one_has_to_wait_as_well(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.answer("wrong one")
        assert "does not open" in seat.shown
        assert "Next try in 1 s" in seat.shown
        await seat.unlock()
        assert "Wait 1 s" in seat.shown
        assert not seat.desk.unlocked
        seat.seconds += 1
        await seat.answer("wrong one")
        assert "Next try in 2 s" in seat.shown
        seat.seconds += 2
        await seat.unlock()
        assert seat.desk.unlocked

    Seat(unit, clock).run(play)


def test_the_wait_doubles_up_to_a_minute() -> None:
    tries, waits = Tries(), []
    for _ in range(9):
        tries.wrong(100.0)
        waits.append(tries.left(100.0))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    tries.right()
    assert tries.left(100.0) == 0


def test_where_there_are_several_members_the_lock_asks_which(unit: Unit, clock: Clock, store: Store) -> None:
    code = members.add(store, unit.opened, "Robin", ())
    members.join(unit.folder, "Robin", code, "invented paddle orchard sixty", Face("script", "test"))

    async def play(seat: Seat) -> None:
        assert "Member" in seat.shown
        seat.app.screen.query_one("#member", Input).value = "Robin"
        seat.app.screen.query_one("#member", Input).focus()
        await seat.press("enter")
        await seat.answer("invented paddle orchard sixty")
        assert seat.desk.member is not None
        assert seat.desk.member.name == "Robin"

    Seat(unit, clock, really=True).run(play)


def test_locking_closes_the_file_takes_the_screens_away_and_keeps_the_draft(
    unit: Unit, clock: Clock, store: Store
) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4")
        seat.app.push_screen(Typing())
        await seat.rest()
        assert seat.desk._lanes
        await seat.press("ctrl+l")
        assert not seat.desk.unlocked
        assert seat.desk._session is None
        assert not seat.desk._lanes
        assert [type(one) for one in seat.app.screen_stack[1:]] == [Lock]
        assert seat.app.drafts.listing() == []
        assert "1 draft kept" in seat.shown
        assert "half a sentence" not in seat.shown
        await seat.press("f3", "f2", "ctrl+p", "f9")
        assert [type(one) for one in seat.app.screen_stack[1:]] == [Lock]
        await seat.unlock()
        assert [one.fields for one in seat.app.drafts.listing()] == [HALF]
        assert "1 draft kept: F2" in seat.shown

    Seat(unit, clock).run(play)
    assert events(store)[:3] == ["lock", "unlock", "lock"]


def test_nobody_at_the_keys_is_warned_and_then_locked_out_by_a_clock_that_runs_while_the_machine_sleeps(
    unit: Unit, clock: Clock
) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.seconds += 569
        seat.app.look_at_clock()
        await seat.rest()
        assert "half a minute" not in seat.shown
        seat.seconds += 1
        seat.app.look_at_clock()
        await seat.rest()
        assert "half a minute" in seat.shown
        await seat.press("f4")  # somebody is there
        seat.seconds += 599
        seat.app.look_at_clock()
        assert seat.desk.unlocked
        seat.seconds += 8 * 3600  # the lid was closed
        seat.app.look_at_clock()
        await seat.rest()
        assert not seat.desk.unlocked
        assert "Nobody was at the keys for 10 minutes" in seat.shown

    Seat(unit, clock).run(play)


def test_the_end_of_the_shift_locks_the_screens_at_the_next_call(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        clock.forward(9 * 3600)
        await seat.press("f4")
        assert not seat.desk.unlocked
        assert "session has ended" in seat.shown

    Seat(unit, clock).run(play)


def test_the_next_start_knows_how_many_drafts_are_kept_and_the_colours_and_no_word_of_them(
    unit: Unit, clock: Clock, home: Path
) -> None:
    async def leave(seat: Seat) -> None:
        assert "kept" not in seat.shown
        await seat.unlock()
        seat.app.turn_colours()
        seat.app.push_screen(Typing())
        await seat.rest()
        await seat.press("ctrl+l")

    async def come(seat: Seat) -> None:
        assert "1 draft kept" in seat.shown
        assert seat.app.theme == LIGHT.name

    async def come_late(seat: Seat) -> None:
        assert "kept" not in seat.shown

    Seat(unit, clock).run(leave)
    Seat(unit, clock).run(come)
    (kept,) = home.rglob("screens-*.json")
    assert set(json.loads(kept.read_bytes())) == {"light", "drafts", "at"}
    assert kept.stat().st_mode & 0o077 == 0
    clock.forward(drafting.HOURS * 3600)
    Seat(unit, clock).run(come_late)
    kept.write_text("[" * 400)
    Seat(unit, clock).run(come_late)


def test_a_lock_pressed_while_the_unit_is_being_opened_leaves_it_locked(unit: Unit, clock: Clock) -> None:
    go_on = threading.Event()

    async def play(seat: Seat) -> None:
        opener = seat.desk._opener

        def slowly(*asked: Any) -> tuple[Store, Opened]:
            go_on.wait(60)
            return opener(*asked)

        seat.desk._opener = slowly
        seat.app.screen.query_one("#passphrase", Input).value = PASSPHRASE
        seat.send("enter")
        while not seat.desk.under_way:
            await asyncio.sleep(0.002)
        seat.send("ctrl+l")
        while not seat.app._called_off:
            await asyncio.sleep(0.002)
        go_on.set()
        await seat.rest()
        assert not seat.desk.unlocked
        assert "Locked again: ^L was pressed while it was opened." in seat.shown
        await seat.unlock()
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)


def test_quitting_locks_and_keeps_what_was_typed(unit: Unit, clock: Clock, store: Store) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.app.push_screen(Typing())
        await seat.rest()
        await seat.press("ctrl+q")

    seat = Seat(unit, clock)
    seat.run(play)
    assert seat.app.return_code == 0
    assert drafts.count(store) == 1
    assert events(store)[0] == "lock"


def test_going_to_another_subject_keeps_what_was_typed(unit: Unit, clock: Clock, store: Store) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.app.push_screen(Typing())
        await seat.rest()
        await seat.press("f5")
        assert "[Watchlist]" in seat.shown

    Seat(unit, clock).run(play)
    assert [one.fields for one in drafts.give_back(store, unit.opened)] == [HALF]


def test_a_hang_up_locks_keeps_what_was_typed_and_ends(unit: Unit, clock: Clock, store: Store) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.app.push_screen(Typing())
        await seat.rest()
        seat.app.shut()
        assert not seat.desk.unlocked

    Seat(unit, clock).run(play)
    assert drafts.count(store) == 1


def test_a_damaged_unit_is_said_at_the_lock(unit: Unit, clock: Clock) -> None:
    (unit.folder / "members.json").write_text("{}")

    async def play(seat: Seat) -> None:
        assert "damaged" in seat.shown
        assert isinstance(seat.app.focused, Input)

    Seat(unit, clock).run(play)
