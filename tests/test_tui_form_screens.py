"""The form as it is drawn, in plain text, against stored files: at 80x24, at 120x40, and below 60x16.

``STORE_SCREENS=1`` writes the files anew, to be read before they are kept.
"""

import os
import re
from pathlib import Path

import pytest

from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.formed import furnished, play
from tests.seats import Seat
from tui.engagement.form import NewEngagement

FOLDER = Path(__file__).parent / "data" / "screens"


def told(seat: Seat) -> str:
    """Return the screen with what differs from unit to unit taken out: references."""
    lines = re.sub(r"\b([A-Z])-[0-9A-HJKMNP-TV-Z]{4}\b", r"\1-____", seat.shown).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


async def compare(seat: Seat, name: str) -> None:
    if isinstance(seat.app.screen, NewEngagement):  # whatever the pause would do is done now
        await seat.app.screen.keeper.keep()
        await seat.rest()
    file = FOLDER / f"{name}.txt"
    if os.environ.get("STORE_SCREENS") == "1":
        file.write_text(told(seat), encoding="utf-8")
    assert told(seat) == file.read_text("utf-8")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (58, 15)], ids=["80x24", "120x40", "58x15"])
def test_the_form_looks_as_it_is_stored(
    unit: Unit, clock: Clock, store: Store, size: tuple[int, int]
) -> None:
    furnished(store)
    store.close()
    clock.forward(9.2 * 3600)
    stem = f"form-{size[0]}x{size[1]}"

    async def script(seat: Seat) -> None:
        await compare(seat, f"{stem}-empty")
        await seat.type("kas")
        await compare(seat, f"{stem}-offers")
        await seat.press("enter")
        await seat.type("1")
        await seat.press("enter")
        await seat.type('silver astra NA12 ?B?, "Gaz", 40s, stocky')
        await seat.press("enter")
        await seat.type("fv, p")
        await seat.press("enter")
        await seat.type("tonight 2050")
        await seat.press("enter")
        await seat.type("n")
        await compare(seat, f"{stem}-report")

    play(unit, clock, script, size)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_the_write_up_looks_as_it_is_stored(
    unit: Unit, clock: Clock, store: Store, size: tuple[int, int]
) -> None:
    furnished(store)
    store.close()
    clock.forward(11.6 * 3600)

    async def script(seat: Seat) -> None:
        for text in ("sam, jo", "awo", "3", "", "2250 kas, ton 3 w ok"):
            await seat.type(text)
            await seat.press("enter")
        await seat.type("2315 ros")
        await compare(seat, f"write-up-{size[0]}x{size[1]}")

    play(unit, clock, script, size, keys=("f2", "f2"))
