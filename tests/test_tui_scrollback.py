"""What a real terminal keeps when the screens are gone: nothing that they showed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import records
from db.vault.store import Store
from tests.canaries import STEM, assert_no_canary
from tests.conftest import Unit
from tests.torture import strace
from tests.traced import Day
from tests.windows import Tmux, window

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    with window(tmp_path, monkeypatch) as made:
        yield made


def contacts(store: Store) -> None:
    """More contacts with a canary than a screen has lines, and close the unit."""
    for number in range(30):
        records.add(
            store,
            "engagement",
            {
                "at": f"2026-11-{number // 2 + 1:02}T21:{number:02}",
                "sector": STEM,
                "narrative": f"{STEM} again",
            },
        )
    store.close()


@pytest.mark.parametrize("alternate", ["on", "off"])
def test_after_the_screens_the_terminal_keeps_nothing_that_they_showed(
    tmux: Tmux, unit: Unit, store: Store, alternate: str
) -> None:
    contacts(store)
    tmux.start(unit.folder)
    tmux("set-option", "-g", "alternate-screen", alternate)
    show(tmux)
    assert (tmux("display-message", "-p", "#{alternate_on}").strip() == "1") is (alternate == "on")
    assert STEM in tmux.scrollback()
    tmux.keys("C-q")
    assert tmux.ended() == "0", tmux.scrollback()
    kept = tmux.scrollback()
    assert tmux("display-message", "-p", "#{alternate_on}").strip() == "0"
    assert STEM not in kept
    if alternate == "on":
        assert "before the screens" in kept  # what stood there is read, and stands there again


def show(tmux: Tmux) -> None:
    """Let the screens show canaries: the list, paged through, and one contact."""
    tmux.unlock()
    tmux.keys("F4")
    tmux.until(STEM)
    tmux.keys("PageDown", "PageDown", "Enter")
    tmux.until(f"{STEM} again")


def test_the_screens_write_a_canary_to_the_terminal_alone(
    tmux: Tmux, unit: Unit, store: Store, tmp_path: Path
) -> None:
    contacts(store)
    (tmp_path / "day").mkdir()
    day = Day(strace(), tmp_path / "day")
    shutil.rmtree(day.unit)
    shutil.copytree(unit.folder, day.unit)
    tmux.start(day.unit, day.screens())
    show(tmux)
    tmux.keys("C-q")
    assert tmux.ended() == "0"
    assert STEM.encode() in day.traced
    assert_no_canary(day)
