"""The lock's words before the screens are loaded, in a real terminal."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.vault import opening
from db.vault.store import Face
from tests.conftest import PASSPHRASE, Unit
from tests.desk import ROOT
from tests.terminals import Terminal

FIRST = b"\x1b[2J\x1b[H beech"


@pytest.fixture
def programs() -> Iterator[list[Terminal]]:
    started: list[Terminal] = []
    yield started
    for one in started:
        one.close()


def opened(unit: Unit, programs: list[Terminal]) -> Terminal:
    """The screens of a unit, its passphrase typed before they are loaded."""
    terminal = Terminal("-m", "commands", "--unit", str(unit.folder))
    programs.append(terminal)
    terminal.until(FIRST)
    terminal.type(f"{PASSPHRASE}\r")
    terminal.until(b"[Today]")
    return terminal


def test_a_passphrase_typed_before_the_screens_are_loaded_is_never_shown_and_opens(
    strong: Unit, programs: list[Terminal]
) -> None:
    terminal = opened(strong, programs)
    terminal.type("\x11")
    assert terminal.ended() == 0
    assert PASSPHRASE.encode() not in terminal.shown
    assert terminal.after() == terminal.before


def test_a_terminal_that_goes_away_without_a_word_locks_the_unit_and_ends_the_program(
    strong: Unit, programs: list[Terminal]
) -> None:
    terminal = opened(strong, programs)
    assert terminal.go_away() == 128 + signal.SIGHUP
    operations = "select operation, detail from entry order by seq desc limit 1"
    face = Face("script", "test")
    with opening.with_opened(strong.folder, strong.opened, face) as store, store.counts() as reader:
        (last,) = reader.execute(operations).fetchall()
    assert last[0] == "security"
    assert json.loads(last[1])["event"] == "lock"


def test_where_the_screens_cannot_be_loaded_the_terminal_is_as_it_was(
    tmp_path: Path, programs: list[Terminal]
) -> None:
    script = "from tui import early\nwith early.quiet(lock=True):\n    raise SystemExit(7)"
    terminal = Terminal("-c", script)
    programs.append(terminal)
    assert terminal.ended() == 7
    terminal.until(b"\x1b[?1049l")
    assert terminal.shown.startswith(b"\x1b[?1049h")
    assert terminal.after() == terminal.before


def test_where_there_is_no_terminal_nothing_is_drawn() -> None:
    script = "from tui import early\nwith early.quiet(lock=True):\n    print('loaded')"
    ran = subprocess.run(
        [sys.executable, "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT
    )
    assert (ran.stdout, ran.stderr) == ("loaded\n", "")


def test_where_stderr_is_led_into_a_file_no_screen_is_opened_which_would_be_written_there_in_clear(
    strong: Unit, programs: list[Terminal], tmp_path: Path
) -> None:
    kept = tmp_path / "err"
    with kept.open("wb") as file:
        terminal = Terminal("-m", "commands", "--unit", str(strong.folder), stderr=file)
    programs.append(terminal)
    terminal.type(f"{PASSPHRASE}\r\x11")
    assert terminal.ended() == 2
    assert "nothing is shown of the screens where stderr is no terminal" in kept.read_text()
