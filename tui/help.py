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

    from textual.events import Resize
    from textual.screen import Screen
    from textual.widget import Widget

    from tui.keys import Key
    from tui.lines.sheet import Row

_LABEL = 13
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
        """Take the keys."""
        self.query_one(Told).focus()

    def on_resize(self, event: Resize) -> None:
        """Break the lines anew."""
        dot = ":" if self.beech.looks.ascii else "·"
        self.query_one(Told).tell(_lines(self._about, dot, max(20, event.size.width - 4)))


def _lines(about: Screen[object], dot: str, width: int) -> Iterator[Row]:
    if isinstance(about, Subject):
        yield from (said(line, strong=True) for line in wrap(about.ABOUT or "Help", width))
        if about.TWIN:
            yield said(f"On the command line: {about.TWIN}")
    if isinstance(about.focused, Input) and not (isinstance(about, Subject) and not about.keys_everywhere()):
        yield from map(said, wrap(_TYPING, width))
    for title, parts in _parts(about, dot):
        if parts:
            yield said("")
            yield said(title, strong=True)
        for word, what in parts:
            yield from _line(word, what, width)
    yield said("")
    yield from map(said, wrap("'beech keys' shows what this terminal sends for each key.", width))


def _parts(about: Screen[object], dot: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Return what help has parts of: the keys here and everywhere, the letters that fields take."""
    here: tuple[Key, ...] = ASKED
    everywhere: tuple[Key, ...] = EVERYWHERE
    letters: dict[str, str] = {}
    if isinstance(about, Subject):
        here, everywhere, letters = about.keys(), about.keys_everywhere(), about.letters()
    for title, keys in (("Here", here), ("Everywhere", everywhere)):
        yield title, [(key.shown, f"{key.said} {dot} {key.twin}" if key.twin else key.said) for key in keys]
    yield "Letters", list(letters.items())


def _line(word: str, what: str, width: int) -> Iterator[Row]:
    """Return a word and what is said of it; what goes on stands under its beginning."""
    for number, part in enumerate(wrap(what, max(width - _LABEL, 16))):
        yield said(f"  {word if number == 0 else '':<{_LABEL - 3}} {part}")
