"""Every key of every screen does what help says of it."""

import os
import sys
from pathlib import Path

import pytest

from db import records
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.desk import process
from tests.seats import Seat
from tests.test_tui_lists import contacts
from tests.test_tui_looks import furnish
from tui import keys, sends


def test_the_f_keys_go_from_any_subject_to_any_other(unit: Unit, clock: Clock, store: Store) -> None:
    furnish(store)
    names = {"f3": "[Find]", "f4": "[Engagements]", "f5": "[Watchlist]", "f6": "[Tallies]"}

    async def play(seat: Seat) -> None:
        await seat.unlock()
        for key in (*names, *reversed(names)):
            await seat.press(key)
            assert names[key] in seat.shown
        await seat.press("escape")
        assert "[Today]" in seat.shown
        await seat.press("escape")
        assert "^L locks" in seat.shown

    Seat(unit, clock).run(play)


def test_a_list_moves_by_arrows_letters_and_pages(unit: Unit, clock: Clock, store: Store) -> None:
    contacts(store, 100)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4")
        for pressed, place in (
            (["down"], 2),
            (["j", "j"], 4),
            (["k"], 3),
            (["up"], 2),
            (["end"], 100),
            (["pageup"], 88),
            (["home"], 1),
            (["up"], 1),
            (["pagedown"], 13),
        ):
            await seat.press(*pressed)
            assert f" {place} of 100" in seat.shown, pressed
        await seat.press("question_mark")
        assert "Contacts, the newest first" in seat.shown
        await seat.press("escape", "slash")
        await seat.type("Sector 1")
        assert " of 33" in seat.shown
        await seat.press("enter", "j")
        assert " 2 of 33" in seat.shown
        await seat.press("escape", "escape")
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)


def test_the_tallies_turn_their_period_their_length_and_their_form(
    unit: Unit, clock: Clock, store: Store
) -> None:
    contacts(store, 3)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f6")
        assert "November 2026, internal profile" in seat.shown
        assert "distinct persons" in seat.shown or "People" in seat.shown
        for key, label in (
            ("left_square_bracket", "October 2026"),
            ("right_square_bracket", "November 2026"),
            ("q", "2026"),
            ("y", "2026"),
            ("m", "January 2026"),
        ):
            await seat.press(key)
            assert label in seat.shown.splitlines()[1], key
        await seat.press("f6", "t")
        assert "Sector 0" in seat.shown or "Contacts by month" in seat.shown
        assert "stand tables" in seat.shown
        await seat.press("left_square_bracket", "p")
        assert "partner profile" in seat.shown or "!!" in seat.shown

    Seat(unit, clock).run(play, (120, 60))


def test_a_headline_says_what_a_count_is_more_than_and_never_that_number_alone() -> None:
    from tui.tallies.words import lines

    measure = {"id": "engagements", "label": "Engagements", "value": 40, "compare": None, "definition": "d"}
    told = {
        "profile": "headline",
        "period": {"label": "2026"},
        "measures": [measure],
        "tables": [],
        "notes": [],
    }
    shown = [line["text"].split() for line in lines(told, [], (77, False, False))]
    assert shown[1] == ["Engagements", "more", "than", "40"]


def test_find_goes_down_to_what_was_found_and_back(unit: Unit, clock: Clock, store: Store) -> None:
    records.add(store, "vehicle", {"make": "Vauxhall", "model": "Astra"})
    contacts(store, 3)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f3")
        await seat.type("astra")
        assert "Vehicles (1)" in seat.shown
        await seat.press("escape")
        await seat.type("invented 0002")
        assert "Contacts (1)" in seat.shown
        await seat.press("down", "enter")
        assert "contact 0002" in seat.shown
        await seat.press("escape", "slash")
        await seat.type("x")
        assert "Nothing for 'invented 0002x'. F2 logs it anyway." in seat.shown
        await seat.press("escape")
        assert "Nothing for" not in seat.shown
        await seat.press("escape")
        assert "[Today]" in seat.shown

    Seat(unit, clock).run(play)


def test_the_palette_reaches_what_has_no_key_of_its_own(unit: Unit, clock: Clock, store: Store) -> None:
    furnish(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("ctrl+p")
        await seat.type("follow")
        await seat.press("enter")
        assert "ring about the bed space" in seat.shown
        await seat.press("ctrl+p")
        await seat.type("people")
        await seat.press("enter")
        assert "Willow-27" in seat.shown
        before = seat.app.theme
        await seat.press("ctrl+p")
        await seat.type("light")
        await seat.press("enter")
        assert seat.app.theme != before

    Seat(unit, clock).run(play)


def test_f9_undoes_what_was_saved_and_asks_nothing(unit: Unit, clock: Clock, store: Store) -> None:
    ref = records.add(store, "engagement", {"at": "now", "sector": "Quay"})["ref"]

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f9")
        assert "Nothing was saved" in seat.shown
        seat.app.saved = lambda store: records.undo(store, "engagement", ref)
        await seat.press("f9")
        assert ref in seat.shown

    Seat(unit, clock).run(play)
    assert store.cipher.execute("select state from record where ref = ?", (ref,)).fetchone() == ("struck",)


def test_a_line_of_a_list_is_repeated_for_the_woman_on_it(unit: Unit, clock: Clock, store: Store) -> None:
    who = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    raw = {"at": "now", "people": [who], "sector": "Quay", "initiated_by": "patrol", "narrative": "not again"}
    records.add(store, "engagement", raw)
    records.add(store, "engagement", {"at": "yesterday 2130", "people_unnamed": 1})

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4", "j", "R")
        assert "none stands on this line" in seat.shown
        await seat.press("k", "R")
        await seat.rest()
        assert "As on the last contact with Willow-27" in seat.shown
        assert "Quay" in seat.shown
        assert "not again" not in "".join(seat.app.screen.unsaved().fields["texts"].values())  # type: ignore[attr-defined]

    Seat(unit, clock).run(play)


def test_ctrl_c_ends_nothing_and_says_what_does(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("ctrl+c")
        assert "^Q quits" in seat.shown
        assert seat.desk.unlocked

    Seat(unit, clock).run(play)


@pytest.mark.parametrize("size", [(80, 24), (44, 40)])
def test_help_tells_the_keys_of_what_is_there_and_none_of_it_is_cut(
    unit: Unit, clock: Clock, store: Store, size: tuple[int, int]
) -> None:
    furnish(store)

    async def told(seat: Seat) -> str:
        lines: list[str] = []
        await seat.press("f1", "home")
        while lines[-1:] != [seat.shown]:
            lines.append(seat.shown)
            await seat.press("pagedown")
        await seat.press("escape")
        assert not [line for line in "\n".join(lines).splitlines() if line.endswith("~")]
        return " ".join(" ".join(lines).split())

    async def play(seat: Seat) -> None:
        help = await told(seat)
        assert "^Q quit" in help
        assert "F4" not in help
        await seat.unlock()
        assert "open what the line tells of" in await told(seat)
        seat.app.go("people")
        await seat.rest()
        await seat.press("enter")
        help = await told(seat)
        assert "beech people reveal" in help
        assert "wrong woman" not in help
        await seat.press("escape", "f5", "enter")
        assert "beech watchlist strike" in await told(seat)
        await seat.press("f2")
        help = await told(seat)
        assert "p refuse_pay t threatens" in help
        assert "d drugs a alcohol" in help

    Seat(unit, clock).run(play, size)


def test_no_line_of_keys_is_longer_than_a_window_of_80() -> None:
    from tui import find, today  # noqa: F401 - their screens stand among the subclasses
    from tui.engagement import form, writeup  # noqa: F401
    from tui.record import view
    from tui.subject import Subject
    from tui.tallies import screen  # noqa: F401
    from tui.watchlist import judging  # noqa: F401

    screens, hints = [Subject], {}
    while screens:
        one = screens.pop()
        screens += one.__subclasses__()
        hints[one.__name__] = one.HINTS
    assert hints.keys() >= {"NewEngagement", "WriteUp", "Tallies", "Judging", "Alike", "Amend", "Find"}
    assert [line for line in hints.values() if len(line) > 80] == []
    said = ("Enter open  e amend  x strike  u undo", *view._SAID.values(), "h history  ? help")
    assert len("  ".join(one for one in said if one not in ("r name", "m who else"))) <= 80


@pytest.mark.parametrize("key", [key for key in keys.EVERYWHERE if key.twin])
def test_every_key_that_has_a_twin_names_a_command_that_exists(key: keys.Key) -> None:
    words = [word for word in key.twin.split()[1:] if not word.startswith("-")]
    assert process(*words, "--help").code == 0


@pytest.mark.parametrize(
    ("sent", "name"),
    [(b"\x1bOS", "f4"), (b"\x10", "ctrl+p"), (b"j", "j"), (b"\x1b[6~", "pagedown"), (b"\x1b", "escape")],
)
def test_keys_tells_what_a_terminal_sends(sent: bytes, name: str) -> None:
    assert sends.named(sent) == name


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
def test_keys_are_read_from_the_terminal_which_is_put_back(tmp_path: Path) -> None:
    import pty
    import termios

    here, there = pty.openpty()
    before = termios.tcgetattr(there)
    os.write(here, b"\x1bOS")
    assert list(sends.keys(there, 1)) == [f"{'f4':<14} 1b 4f 53\r"]
    assert termios.tcgetattr(there) == before
    os.close(here)
    os.close(there)
