"""What a terminal must not get, or give away: the last defence, under every screen.

Stored text is cleaned when it comes in; here it is cleaned once more on its way out, whatever drew it. The
names ``_filters`` and ``_fatal_error`` are textual's own: tests go red when an upgrade moves them.
"""

from __future__ import annotations

import os
from asyncio import sleep
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, NoReturn

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment, Segments
from textual.app import App
from textual.events import Key, Paste
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from db.errors import Refused
from db.rules.text import one_line
from tui.leaving import is_late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.color import Color
    from textual.driver import Driver
    from textual.events import Event

_BEGIN_SECONDS = 1.0  # that a key waits at most for its screen
_LOOK_SECONDS = 0.001
_NO_COPY = "a picture or a copy of the screen would lie on the disk in the clear: beech makes none"


class Clean(LineFilter):
    """Takes out of every drawn line what steers a terminal or hides from the eye."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line without control sequences, control and format characters, and links."""
        return [_cleaned(one) for one in segments if not one.control]


def _cleaned(one: Segment) -> Segment:
    text, style, _ = one
    if style is not None and style.link:
        style = style.update_link(None)
    if text.isascii() and text.isprintable():
        return one if style is one.style else Segment(text, style)
    safe, width = one_line(text), cell_len(text)
    return Segment(safe if cell_len(safe) == width else set_cell_size(safe, width), style)


class Guarded(App[int]):
    """An app that writes nothing but its screen, and dies without telling what was on it."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.crashed: list[str] = []  # what is said of the error that ended it
        self._filters.append(Clean())

    def notify(self, message: str, *, title: str = "", severity: Any = "information", **more: Any) -> None:
        """Show a notice; nothing in it is read as markup."""
        more.pop("markup", None)
        super().notify(one_line(message), title=one_line(title), severity=severity, markup=False, **more)

    def get_driver_class(self) -> type[Driver]:
        """Return the terminal's driver, which leaves no line of a screen behind."""
        return _emptying(super().get_driver_class())

    def shut(self) -> None:
        """Keep what was typed and lock; the app beneath says how."""

    # keys that come faster than screens

    async def on_event(self, event: Event) -> None:
        """Let what is typed wait for the screen that has been asked for, and be void on one that has gone."""
        if isinstance(event, Key | Paste):
            await self._begun()
        try:
            await super().on_event(event)
        except Exception as error:
            if not is_late(error, self):
                raise

    async def _begun(self) -> None:
        end = monotonic() + _BEGIN_SECONDS
        while self.screen_stack and not self.screen.is_mounted and monotonic() < end:
            await sleep(_LOOK_SECONDS)

    # a crash

    def _handle_exception(self, error: Exception) -> None:
        if is_late(error, self):
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._fatal_error()

    def _fatal_error(self) -> None:
        """End after an error that nobody caught: type, file and line are said, never its text or locals."""
        self.shut()
        if not self._exit_renderables:
            self.crashed = list(_unexpected(self._exception))
            self._exit_renderables.append(Segments([Segment("".join(f"{line}\n" for line in self.crashed))]))
        self._close_messages_no_wait()

    # what would write what is on the screen

    def copy_to_clipboard(self, text: str) -> None:
        """Keep a copied text in this process; the desk's clipboard gets none of it."""
        self._clipboard = text

    def hand_to_clipboard(self, text: str) -> None:
        """Put a text into the desk's clipboard: only where the officer has just said so."""
        super().copy_to_clipboard(text)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> NoReturn:
        """Refuse."""
        raise Refused(_NO_COPY)

    def save_screenshot(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise Refused(_NO_COPY)

    def deliver_screenshot(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise Refused(_NO_COPY)

    def deliver_text(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise Refused(_NO_COPY)

    def deliver_binary(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise Refused(_NO_COPY)

    def open_url(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: nothing of the unit opens another program."""
        raise Refused("beech opens no other program")

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Refuse."""
        self.notify(_NO_COPY, severity="error")

    def action_suspend_process(self) -> None:
        """Refuse: what is on the screen does not go to the background."""
        self.notify("beech stays in front: ^L locks it, ^Q ends it", severity="warning")


def _emptying(driver: type[Driver]) -> type[Driver]:
    """Return the driver, emptying the screen before it is left: not every terminal has an alternate one.

    Line by line: what is erased at once, many terminals keep in their scrollback.
    """

    class Emptying(driver):  # type: ignore[valid-type, misc]
        def stop_application_mode(self) -> None:
            rows = get_terminal_size().lines
            self.write("\x1b[m" + "".join(f"\x1b[{row};1H\x1b[2K" for row in range(rows, 0, -1)))
            super().stop_application_mode()

    return Emptying


def _unexpected(error: BaseException | None) -> Iterator[str]:
    if isinstance(error, WorkerFailed):  # what failed in it is meant
        error = error.error
    if error is None:
        return
    frames = extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    debug = os.environ.get("BEECH_DEBUG") == "1"
    hint = "" if debug else "; BEECH_DEBUG=1 shows the frames"
    yield f"beech: unexpected {type(error).__name__}{where}{hint}"
    for one in frames if debug else ():
        yield f"  {Path(one.filename).name}:{one.lineno} in {one.name}"
