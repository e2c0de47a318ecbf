"""Keys that come faster than screens do: nothing breaks or is lost, no screen takes another one away."""

import random
import threading
from asyncio import CancelledError, Event, sleep
from contextlib import closing, suppress

import pytest
from textual.command import CommandList
from textual.css.query import NoMatches
from textual.widgets import Input
from textual.worker import WorkerFailed

from db import drafts, records
from db.engagements import Fault
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import PASSPHRASE, Clock, Unit
from tests.desk import SPARING
from tests.seats import Seat
from tests.terminals import Terminal
from tests.test_tui_any_keys import HALF
from tests.test_tui_looks import furnish
from tests.torture import LONG
from tui.asking import Sure
from tui.desk import WORK
from tui.engagement.form import NewEngagement
from tui.palette import Palette
from tui.subject import Over, Subject

# Python changes from thread to thread as often as it can, so that what may overtake something does.
RESTLESS = (
    f"import sys; sys.setswitchinterval(1e-5); {SPARING}"
    "import runpy; runpy.run_module('commands', run_name='__main__', alter_sys=True)"
)
KEYS = (
    *("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~") * 3,
    *("\r",) * 6,
    *(
        "\x1b",
        "\x1b[A",
        "\x1b[B",
        "\x1b[6~",
        "\x1b[H",
        "\t",
        "\x7f",
        "\x13",
        "\x10",
        "\x03",
        "/",
        "?",
        "[",
        "]",
    ),
    *(
        "j",
        "k",
        "n",
        "h",
        "t",
        "q",
        "m",
        "e",
        "x",
        "w",
        "r",
        "a",
        "R",
        "Amber",
        "-",
        "white van",
        "2250 ",
        " ",
    ),
)


@pytest.mark.parametrize("seed", range(200 if LONG else 6))
def test_bursts_of_any_keys_end_nothing_until_the_officer_quits(unit: Unit, store: Store, seed: int) -> None:
    furnish(store)
    drafts.keep(store, HALF)
    store.close()
    dice = random.Random(seed)  # noqa: S311
    with closing(Terminal("-c", RESTLESS, "--unit", str(unit.folder))) as terminal:
        terminal.until(b"Passphrase")
        terminal.type(f"{PASSPHRASE}\r")
        terminal.until(b"[Today]")
        for _ in range(25):
            terminal.type("".join(dice.choices(KEYS, k=dice.choice((1, 1, 2, 2, 3, 6)))))
            terminal.read(dice.choice((0, 0, 0.02, 0.05, 0.1)))
            assert terminal.program.poll() is None, terminal.shown[-300:]
        terminal.read(0.3)  # an Esc and what comes at once after it would be one key
        terminal.type("\x11")
        assert terminal.ended() == 0, terminal.shown[-300:]
    assert b"unexpected" not in terminal.shown
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as after:
        assert HALF.fields in [one.fields for one in drafts.give_back(after, unit.opened)]
        assert verify(after).ok


class Late(Over):
    """A screen that looks for a widget whenever it is let, even when it should have ended."""

    NAME = "late"

    def __init__(self) -> None:
        super().__init__()
        self.let = Event()
        self.looked = False

    def on_mount(self) -> None:
        self.run_worker(self._look())

    async def _look(self) -> None:
        with suppress(CancelledError):
            await self.let.wait()
        self.looked = True
        self.query_one("#nowhere")


def test_what_a_screen_looks_for_when_it_has_gone_ends_nothing(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        late = Late()
        seat.app.push_screen(late)
        await seat.rest()
        await seat.press("f4")
        late.let.set()
        await seat.rest()
        assert late.looked
        assert "[Engagements]" in seat.shown
        assert seat.desk.unlocked

    seat = Seat(unit, clock)
    seat.run(play)
    assert seat.app.crashed == []


def test_what_a_screen_looks_for_while_it_stands_is_an_error_as_before(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        late = Late()
        seat.app.push_screen(late)
        await seat.rest()
        late.let.set()
        await seat.rest()

    seat = Seat(unit, clock)
    with pytest.raises(WorkerFailed) as failed:
        seat.run(play)
    assert isinstance(failed.value.error, NoMatches)
    assert "NoMatches" in seat.app.crashed[0]


def test_a_screen_that_has_gone_takes_no_other_one_away(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        gone, question = Over(), Sure("Is it so?")
        for one in (gone, question):
            seat.app.push_screen(one)
        await seat.press("y", "escape")
        await seat.press("f5")
        gone.dismiss(None)
        question.dismiss(None)
        await seat.rest()
        assert "[Watchlist]" in seat.shown

    Seat(unit, clock).run(play)


def test_a_screen_that_leaves_from_beneath_another_takes_that_one_along(unit: Unit, clock: Clock) -> None:
    heard: list[object] = []

    async def play(seat: Seat) -> None:
        await seat.unlock()
        below = Over()
        seat.app.push_screen(below, heard.append)
        await seat.press("f1")
        below.dismiss("done")
        await seat.rest()
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)
    assert heard == ["done"]


def test_keys_typed_ahead_wait_for_the_screen_they_are_meant_for(
    unit: Unit, clock: Clock, store: Store
) -> None:
    furnish(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f3")
        for first in ("f4", "f5"):
            await seat.burst(first, "f9")
            assert "Nothing was saved since the lock" in seat.shown
        seat.app.go("engagements")
        await seat.burst("slash", "q", "z")
        assert seat.app.screen.query_one("#filter", Input).value == "qz"

    seat = Seat(unit, clock)
    seat.run(play)
    assert seat.app.crashed == []


def test_what_a_screen_has_to_say_when_it_has_gone_is_said_over_the_next_but_never_over_the_lock(
    unit: Unit, clock: Clock
) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        gone = seat.app.screen
        assert isinstance(gone, Subject)
        await seat.press("f4")
        gone.say("Not saved: kept as a draft.", alarm=True)
        await seat.rest()
        assert "Not saved: kept as a draft." in seat.shown
        await seat.press("ctrl+l")
        gone.say("half a sentence")
        await seat.rest()
        assert "half a sentence" not in seat.shown

    Seat(unit, clock).run(play)


@pytest.mark.parametrize("field", ["concern 0 when", "person"])
def test_what_is_missing_in_a_form_that_has_gone_is_said_and_leads_nowhere(
    unit: Unit, clock: Clock, field: str
) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f2")
        form = seat.app.screen
        assert isinstance(form, NewEngagement)
        await seat.press("f4")
        form.saver.lead_to(Fault(field, "This is still to be answered."))
        await seat.rest()
        assert "[Engagements]" in seat.shown
        assert "This is still to be answered." in seat.shown

    Seat(unit, clock).run(play)


def test_a_change_whose_screen_goes_before_its_turn_comes_is_made_all_the_same(
    unit: Unit, clock: Clock, store: Store
) -> None:
    made = records.add(store, "engagement", {"at": "2026-11-20T21:00", "sector": "Sector 1"})
    go_on = threading.Event()

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4", "enter")
        record = seat.app.screen
        await seat.press("x", "y")
        seat.desk._lanes[WORK].submit(lambda _: go_on.wait(60), "test")
        seat.send("1")  # why: and the change waits for what the thread is at
        while not seat.desk.under_way:
            await sleep(0.002)
        seat.send("f5")
        while record.is_attached:
            await sleep(0.002)
        go_on.set()
        await seat.rest()
        assert "[Watchlist]" in seat.shown

    Seat(unit, clock).run(play)
    assert records.state_of(store, "engagement", made["ref"]) == "struck"


def test_behind_the_lock_no_subject_is_shown(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("ctrl+l")
        seat.app.go("people")
        await seat.rest()
        assert "Locked" in seat.shown
        assert "People" not in seat.shown

    Seat(unit, clock).run(play)


def test_the_palette_takes_pages_before_its_list_is_drawn(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("ctrl+p")
        palette = seat.app.screen
        assert isinstance(palette, Palette)
        palette._list_visible = False
        await seat.rest()
        found = palette.query_one(CommandList)
        found.set_options(list(found.options))
        palette._action_cursor_down()  # they are to be seen, and are not drawn yet
        palette._action_command_list("page_down")
        palette._action_command_list("page_up")
        await seat.rest()
        assert "Watchlist" in seat.shown

    Seat(unit, clock).run(play)


def test_the_palette_opens_again_before_the_one_that_was_left_has_gone(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        for _ in range(2):
            seat.app.action_command_palette()
            seat.app.pop_screen()
        seat.app.action_command_palette()
        await seat.rest()
        assert isinstance(seat.app.screen, Palette)
        await seat.press("escape")
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)
