"""Pictures of the real screens on an invented unit, for the README: ``make pictures``.

The screens refuse to be pictured, so the toolkit is asked past them. Dates are those of the day.
"""

import asyncio
import os
import re
import tempfile
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from db.demo import building
from db.demo.building import Ground
from db.demo.place import PASSPHRASE
from tui.app import Beech
from tui.desk import Desk
from tui.lines import Listing

PLACE = Path(__file__).with_name("pictures")
SIZE = (104, 30)
_NAMED = {
    " ": "space",
    ";": "semicolon",
    ",": "comma",
    "?": "question_mark",
    "-": "minus",
    '"': "quotation_mark",
}
_OUTSIDE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Sitter:
    """An officer at the keys, and a camera."""

    def __init__(self, app: Beech, desk: Desk, pilot: Pilot[int]) -> None:
        self._app, self._desk, self._pilot = app, desk, pilot

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        still = 0
        while still < 5:
            await self._pilot.pause(0.05)
            moving = isinstance(self._app.screen, Listing) and self._app.screen.moving
            still = 0 if self._desk.under_way or moving else still + 1

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self._pilot.press(*keys)
        await self.rest()

    async def type(self, text: str) -> None:
        """Type a text as it stands."""
        await self.press(*(_NAMED.get(char, char) for char in text))

    def picture(self, name: str) -> None:
        """Keep what the screen shows, without anything that a page would fetch from outside."""
        drawn = App.export_screenshot(self._app, title="beech")
        (PLACE / f"{name}.svg").write_text(_OUTSIDE.sub("", drawn), encoding="utf-8")


async def sit(folder: Path) -> None:
    """Unlock, log a contact, look at a man and at the figures."""
    desk = Desk(folder, None)
    app = Beech(desk)
    async with app.run_test(size=SIZE) as pilot:
        sitter = Sitter(app, desk, pilot)
        await sitter.rest()
        app.screen.query_one("#passphrase", Input).value = PASSPHRASE
        await sitter.press("enter")
        sitter.picture("today")
        await sitter.press("f2")
        await sitter.type("?1")
        await sitter.press("enter")
        await sitter.type("1")
        await sitter.press("enter")
        await sitter.type("silver astra NA12 ?B?, 40s, stocky")
        await sitter.press("enter")
        await sitter.rest()
        sitter.picture("contact")
        await sitter.press("escape", "f5")
        sitter.picture("watchlist")
        await sitter.press("f6")
        sitter.picture("tallies")


def main() -> None:
    """Make every picture anew."""
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        for name in ("STATE", "DATA", "CONFIG", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(made) / name)
        folder = Path(made) / "unit"
        store, _ = building.build(Ground(folder, ()), 600, 7)
        store.close()
        asyncio.run(sit(folder))
    print("\n".join(str(path) for path in sorted(PLACE.glob("*.svg"))))


if __name__ == "__main__":
    main()
