"""What a terminal can leak: each way that was found, with its test; and what goes red when textual moves."""

import ast
import asyncio
import inspect
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from textual import constants
from textual.app import App, ComposeResult
from textual.color import Color
from textual.command import CommandPalette
from textual.events import Paste
from textual.widgets import (
    Button,
    Checkbox,
    DataTable,
    Input,
    Label,
    ListItem,
    ListView,
    OptionList,
    RadioButton,
    Static,
    TextArea,
    Tree,
)

from db import drafts
from db.drafts import Draft
from db.errors import Refused
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.seats import Seat, plain_text
from tui.app import Beech
from tui.safety import Clean, Guarded
from tui.subject import Subject

ROOT = Path(__file__).parents[1]
HOSTILE = (
    "start\x1b]0;title\x07\x1b]52;c;aGk=\x07\x1b[2J\x9b2J\x85\u202eright\u200b\ufeffto left"
    "\u2066 [/nope] [red]end\x1b"
)


def controls(text: str) -> list[str]:
    """What must not be in a line that goes to a terminal."""
    return [f"{ord(c):04x}" for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")]


class Hostile(Guarded):
    """Twelve kinds of widget, each drawing the hostile text, however careless."""

    def compose(self) -> ComposeResult:
        yield Static(HOSTILE, markup=False)
        yield Label(HOSTILE, markup=False)
        yield Input(HOSTILE)
        yield TextArea(HOSTILE)
        yield Button(HOSTILE.replace("[", "("))
        yield Checkbox(HOSTILE.replace("[", "("))
        yield RadioButton(HOSTILE.replace("[", "("))
        yield ListView(ListItem(Static(HOSTILE, markup=False)))
        yield OptionList(HOSTILE.replace("[", "("))
        table: DataTable[str] = DataTable()
        table.add_column("one", width=60)
        table.add_row(HOSTILE.replace("[", "("))
        yield table
        yield Tree(HOSTILE.replace("[", "("))

    def on_mount(self) -> None:
        self.notify(HOSTILE, timeout=60)


def test_no_control_sequence_in_stored_text_reaches_the_terminal_on_any_of_twelve_widgets() -> None:
    async def play() -> str:
        app = Hostile()
        async with app.run_test(size=(120, 60), notifications=True) as pilot:
            await pilot.pause()
            return plain_text(app)

    shown = asyncio.run(play())
    assert shown.count("right") >= 11
    assert controls(shown) == []


def test_the_line_filter_takes_out_what_steers_and_keeps_the_width() -> None:
    segments = [Segment("a\x1b[2Jb\u200bc\u202e"), Segment("plain"), Segment("\x1b[1m", None, [(0, 0)])]  # type: ignore[list-item]
    cleaned = Clean().apply(segments, Color(0, 0, 0))
    assert [one.text for one in cleaned] == ["a[2Jbc", "plain"]


def test_hostile_text_in_a_record_is_shown_as_text_on_every_screen_that_shows_it(
    unit: Unit, clock: Clock, store: Store
) -> None:
    with store.write() as tx:
        tx.create(
            "engagement",
            {
                **{"at": store.now(), "contact": "spoke", "sharing_level": 1, "people_unnamed": 1},
                **{"sector": HOSTILE, "narrative": HOSTILE, "mentions": HOSTILE},
            },
        )
        tx.create("offender", {"category": "reported", "identity_confidence": "unknown", "name": HOSTILE})

    async def play(seat: Seat) -> None:
        await seat.unlock()
        for keys in (["f4"], ["enter"], ["h"], ["f5"], ["enter"], ["f3"]):
            await seat.press(*keys)
            assert controls(seat.shown) == []
            if keys != ["f3"]:
                assert "start" in seat.shown or "What was done" in seat.shown

    Seat(unit, clock).run(play, (120, 40))


def test_every_text_that_a_screen_draws_is_told_not_to_be_markup() -> None:
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Static", "Label"):
                given = {one.arg: one.value for one in node.keywords}
                markup = given.get("markup")
                assert isinstance(markup, ast.Constant), f"{path.name}:{node.lineno}"
                assert markup.value is False, f"{path.name}:{node.lineno}"


SECRET = "Zofia Lindqvist"  # an invented name


class Crashing(Subject):
    """A screen that breaks with a name in its hands."""

    NAME = "crashing"

    def unsaved(self) -> Draft | None:
        return Draft("00" * 16, 0, "engagement", {"note": "half a sentence"})

    def key_c(self) -> None:
        name = SECRET
        raise ZeroDivisionError(name)


def test_a_crash_tells_type_file_and_line_never_a_text_or_a_local_and_keeps_the_draft(
    unit: Unit, clock: Clock, store: Store
) -> None:
    seat = Seat(unit, clock)
    printed: list[str] = []

    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.app.push_screen(Crashing())
        await seat.rest()
        await seat.press("c")

    with pytest.raises(ZeroDivisionError):
        seat.run(play)
    for one in seat.app.crashed:
        printed.append(one)
    assert "ZeroDivisionError" in printed[0]
    assert "test_tui_safety.py, line" in printed[0]
    assert SECRET not in "".join(printed)
    assert not seat.desk.unlocked
    assert [one.fields for one in drafts.give_back(store, unit.opened)] == [{"note": "half a sentence"}]


def test_no_picture_or_file_of_the_screen_can_be_made(unit: Unit, clock: Clock, tmp_path: Path) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        for method in ("export_screenshot", "save_screenshot", "deliver_screenshot"):
            with pytest.raises(Refused):
                getattr(seat.app, method)()
        for method in ("deliver_text", "deliver_binary", "open_url"):
            with pytest.raises(Refused):
                getattr(seat.app, method)("x")
        assert list(seat.app.get_system_commands(seat.app.screen)) == []
        await seat.press("ctrl+p")
        await seat.type("scre")
        assert "creenshot" not in seat.shown

    Seat(unit, clock).run(play)


def test_a_copied_text_stays_in_the_process(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        written: list[str] = []
        seat.app._driver.write = written.append  # type: ignore[union-attr, method-assign]
        seat.app.copy_to_clipboard("half a sentence")
        assert written == []
        assert seat.app.clipboard == "half a sentence"
        seat.app.hand_to_clipboard("half a sentence")
        assert "]52;" in written[0]
        seat.app.lock()
        assert seat.app.clipboard == ""

    Seat(unit, clock).run(play)


def test_pasted_lines_are_joined_and_the_officer_is_told(unit: Unit, clock: Clock) -> None:
    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f3")
        field = seat.app.focused
        assert isinstance(field, Input)
        field.post_message(Paste("silver astra\r\n\n  by the underpass\x1b[2J\n"))
        await seat.rest()
        assert field.value == "silver astra; by the underpass[2J"
        assert "2 lines were pasted" in seat.shown
        field.post_message(Paste("x" * 5000))
        await seat.rest()
        assert len(field.value) == 2000
        assert "Only the first" in seat.shown

    Seat(unit, clock).run(play)


def test_nothing_of_textuals_own_is_switched_on_by_the_surroundings() -> None:
    assert constants.LOG_FILE is None
    assert constants.DRIVER is None
    assert constants.PRESS == ""
    assert constants.SCREENSHOT_DELAY == -1


def test_textual_is_the_version_whose_private_names_are_used() -> None:
    assert version("textual") == "8.2.8"
    for name in ("_handle_exception", "_fatal_error", "_print_error_renderables", "_close_messages_no_wait"):
        assert callable(getattr(App, name)), name
    assert callable(CommandPalette._action_command_list)
    made: Any = Beech.__mro__
    assert Guarded in made
    app = Hostile()
    assert isinstance(app._filters, list)
    assert any(isinstance(one, Clean) for one in app.get_line_filters())
    assert app._exit_renderables == []
    assert app._clipboard == ""
    assert "_on_paste" in vars(Input)
    assert "self._filters" in inspect.getsource(App.get_line_filters)
    assert "_fatal_error" in inspect.getsource(App._handle_exception)
    assert "get_driver_class()" in inspect.getsource(App.__init__)
    assert "driver.stop_application_mode()" in inspect.getsource(App._process_messages)
    assert "_exit_renderables" in inspect.getsource(App._print_error_renderables)
