"""A screen that has been taken away: what it still does takes no other screen away, and ends nothing.

Keys come faster than screens do. What a screen has asked for may come back when it has gone, or when the next
one stands in its place: there is no widget left to show it in, and that is no error of the program's.
"""

from __future__ import annotations

from traceback import walk_tb
from typing import TYPE_CHECKING, Any, cast

from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.screen import Screen
from textual.widget import MountError
from textual.worker import WorkerFailed

if TYPE_CHECKING:
    from textual.app import App


class Leaving:
    """A screen that leaves once; it stands before the kind of screen among a class's bases."""

    @property
    def stands(self) -> bool:
        """Whether it is shown, or stands beneath what is shown."""
        screen = cast("Screen[Any]", self)
        return screen in screen.app.screen_stack

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave, with whatever stands over it; once it has left, nothing is done.

        Textual's own takes away whichever screen is on top.
        """
        if not self.stands:
            return AwaitComplete()
        screen = cast("Screen[Any]", self)
        while screen.app.screen is not screen:
            screen.app.pop_screen()
        left: AwaitComplete = super().dismiss(result)  # type: ignore[misc]
        return left


def is_late(error: BaseException, app: App[Any]) -> bool:
    """Tell whether an error says no more than that a screen, or its widget, has gone in the meantime.

    Whose it was, its frames tell: that an action, a worker or a callback was at work for a widget.
    """
    if isinstance(error, WorkerFailed):
        error = error.error
    if not isinstance(error, NoMatches | NoScreen | MountError):
        return False
    owners = (frame.f_locals.get("self") for frame, _ in walk_tb(error.__traceback__))
    return app._exit or any(_has_gone(one) for one in owners if isinstance(one, DOMNode) and one is not app)


def _has_gone(node: DOMNode) -> bool:
    screens = (one for one in node.ancestors_with_self if isinstance(one, Screen))
    return not any(one in node.app.screen_stack for one in screens)
