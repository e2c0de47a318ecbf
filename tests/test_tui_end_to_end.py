"""The main job in a real terminal, from the first run to the tallies; and what ends it from outside."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import drafts, records
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Unit
from tests.windows import PATIENCE, Tmux, window

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    with window(tmp_path, monkeypatch) as made:
        yield made


def test_from_the_first_run_over_a_contact_to_the_tallies(tmux: Tmux, tmp_path: Path) -> None:
    folder, secret = tmp_path / "new", "invented paddle orchard sixty"
    tmux.start(folder)
    tmux.until("1 of 4")
    tmux.keys("Invented Unit", "Enter")
    tmux.until("2 of 4")
    tmux.keys("Robin", "Enter")
    tmux.until("3 of 4")
    tmux.keys(secret, "Enter")
    tmux.until("once more")
    tmux.keys(secret, "Enter")
    shown = tmux.until("4 of 4")
    code = next(line for line in shown.splitlines() if line.count("-") == 5).strip().split("-")
    first = int(shown.split("Type group ")[1].split()[0])
    tmux.keys(code[first - 1], "Enter")
    end = time.monotonic() + PATIENCE
    while f"Type group {first} " in (shown := tmux.shown()):
        assert time.monotonic() < end
        time.sleep(0.05)
    tmux.keys(code[int(shown.split("Type group ")[1].split()[0]) - 1], "Enter")
    tmux.until("F2 logs the first contact")
    tmux.keys("F2")
    tmux.until("New engagement")
    tmux.keys(
        "?1", "Enter", "1", "Enter", "silver astra NA12 KBO", "Enter", "Enter", "waits by the underpass"
    )
    tmux.until("underpass")
    tmux.keys("C-s")
    tmux.until("Saved E-")
    tmux.keys("F4")
    tmux.until("1 of 1")
    tmux.keys("F3")
    tmux.until("[Find]")
    tmux.keys("underp")
    tmux.until("Contacts (1)")
    tmux.keys("F6")
    tmux.until("flagged down")
    tmux.keys("C-l")
    tmux.until("Locked")
    tmux.keys("C-q")
    assert tmux.ended() == "0"
    store, _ = opening.with_passphrase(folder, secret, None, Face("script", "test"))
    with store:
        (contact,) = records.listing(store, "engagement")
        assert contact["initiated_by"] == "flagged_down"
        assert contact["people_unnamed"] == 1
        assert "NA12 KBO" in contact["mentions"]
        assert verify(store).ok


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_lost_terminal_locks_keeps_the_draft_and_leaves_nothing_to_read(
    tmux: Tmux, unit: Unit, number: signal.Signals
) -> None:
    begin(tmux, unit)
    tmux.keys("F2")
    tmux.until("New engagement")
    tmux.keys("?1", "Enter", "1", "Enter", "silver astra half a plate")
    tmux.until("half a plate")
    os.kill(tmux.process(), number)
    assert tmux.ended() == str(128 + number)
    assert "half a plate" not in tmux.scrollback()
    assert "half a plate" in told(unit)


def test_a_kill_loses_no_more_than_the_last_pause(tmux: Tmux, unit: Unit) -> None:
    begin(tmux, unit)
    tmux.keys("F2")
    tmux.until("New engagement")
    tmux.keys("?1", "Enter", "1", "Enter", "silver astra half a plate")
    tmux.until("half a plate")
    end = time.monotonic() + PATIENCE
    while "half a plate" not in told(unit):
        assert time.monotonic() < end, "the draft is not kept"
        time.sleep(0.2)
    os.kill(tmux.process(), signal.SIGKILL)
    assert tmux.ended() == str(128 + signal.SIGKILL)
    assert "half a plate" in told(unit)


def begin(tmux: Tmux, unit: Unit) -> None:
    """Open the unit."""
    tmux.start(unit.folder)
    tmux.unlock()


def told(unit: Unit) -> str:
    """What the drafts say that the file keeps."""
    store: Store
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        return str([draft.fields for draft in drafts.give_back(store, unit.opened)])
