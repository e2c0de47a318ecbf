"""Help about what has the focus: what it is, what each key does there, and the same on the command line."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input

from tui.keys import ASKED, EVERYWHERE
from tui.lines import Told, said
from tui.subject import Over, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.screen import Screen
    from textual.widget import Widget

    from tui.keys import Key
    from tui.lines.sheet import Row

_TYPING = "While you type, letters are text; the F-keys, Enter, Esc and ^L work all the same."


class Help(Over):
    """What can be done on the screen beneath."""

    NAME: ClassVar[str] = "help"
    HINTS: ClassVar[str] = "j k move  Esc back"

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._about = about

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Show them."""
        told = self.query_one(Told)
        told.focus()
        dot = ":" if self.beech.looks.ascii else "·"
        told.tell(_lines(self._about, dot, max(20, self.app.size.width - 4)))


def _lines(about: Screen[object], dot: str, width: int) -> Iterator[Row]:
    here: tuple[Key, ...] = ASKED
    if isinstance(about, Subject):
        here = about.KEYS
        yield from (said(line, strong=True) for line in wrap(about.ABOUT or "Help", width))
        if about.TWIN:
            yield said(f"On the command line: {about.TWIN}")
    if isinstance(about.focused, Input):
        yield from map(said, wrap(_TYPING, width))
    if here:
        yield said("")
        yield said("Here", strong=True)
        yield from (_line(key, dot) for key in here)
    yield said("")
    yield said("Everywhere", strong=True)
    yield from (_line(key, dot) for key in EVERYWHERE)
    yield said("")
    yield said("'beech keys' shows what this terminal sends for each key.")


def _line(key: Key, dot: str) -> Row:
    twin = f" {dot} {key.twin}" if key.twin else ""
    return said(f"  {key.shown:<10} {key.said}{twin}")
