"""Whatever is pressed in the form: no crash, no lost draft, nothing saved that was not asked for."""

import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.formed import furnished, play, saved
from tests.seats import Seat
from tui.engagement.form import NewEngagement
from tui.engagement.writeup import WriteUp

KEYS = st.sampled_from(
    [
        *("enter", "tab", "shift+tab", "escape", "up", "down", "left", "backspace", "delete", "home", "end"),
        *("f2", "f7", "f8", "f9", "space", "comma", "question_mark", "plus", "minus", "full_stop"),
        *"kasfvptnyhd+123560lx",
    ]
)
SIZES = st.sampled_from([(80, 24), (120, 40), (58, 15), (30, 8)])


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(KEYS, max_size=30), size=SIZES)
def test_random_keys_crash_nothing_save_nothing_and_lose_no_draft(
    unit: Unit, clock: Clock, store: Store, tmp_path: Path, keys: list[str], size: tuple[int, int]
) -> None:
    furnish_once(store)
    folder = tmp_path / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(unit.folder, folder)
    here = unit._replace(folder=folder)
    typed: list[str] = []

    async def script(seat: Seat) -> None:
        await seat.press(*keys)
        screen = seat.app.screen
        if isinstance(screen, NewEngagement) and not screen.sheet.is_empty:
            typed.append(screen.sheet.text("person"))
        in_write_up = isinstance(screen, WriteUp)
        await seat.press("ctrl+l")
        await seat.unlock()
        if typed and not in_write_up:
            await seat.press("f2")
            form = seat.app.screen
            assert isinstance(form, NewEngagement)
            assert form.sheet.text("person") == typed[-1]

    play(here, clock, script, size)
    if "f2" not in keys:  # it opens the write-up, whose Enter saves
        assert len(saved(here)) == 1


def furnish_once(store: Store) -> None:
    """Write the women and men, unless an example before did."""
    with store.counts() as reader:
        (held,) = reader.execute("select count(*) from record").fetchone()
    if not held:
        furnished(store)
