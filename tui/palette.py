"""The palette: what can be done, by its name. Only beech's own names stand in it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Provider

from tui.leaving import Leaving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.command import Hits

    from tui.app import Beech


class Palette(Leaving, CommandPalette):
    """Where they are offered."""

    def _action_command_list(self, action: str) -> None:
        """Move in the list, if it is drawn by now: by pages, textual's own fails on one that is not."""
        with suppress(KeyError):
            super()._action_command_list(action)


class Named(NamedTuple):
    """Something that can be done."""

    name: str
    said: str
    run: Callable[[], object]


class Names(Provider):
    """Everything that can be done from anywhere."""

    def _all(self) -> Iterator[Named]:
        from tui.app import SUBJECTS

        beech = cast("Beech", self.app)
        for name, place in SUBJECTS.items():
            yield Named(
                place.said,
                f"{place.key} shows it" if place.key else "shows it",
                partial(beech.action_go, name),
            )
        yield Named("New contact", "F2", beech.action_form)
        yield Named("Keys", "F1: what each key does here", beech.action_help)
        yield Named("Undo what was just saved", "F9", beech.action_undo)
        yield Named("Light or dark", "changes the colours", beech.turn_colours)
        yield Named("Lock", "^L", partial(beech.run_action, "lock"))
        yield Named("Quit", "^Q: what is not saved is kept as a draft", partial(beech.run_action, "quit"))

    async def discover(self) -> Hits:
        """Offer all of them."""
        for one in self._all():
            yield DiscoveryHit(one.name, one.run, help=one.said)

    async def search(self, query: str) -> Hits:
        """Offer those that are like what is typed."""
        matcher = self.matcher(query)
        for one in self._all():
            score = matcher.match(one.name)
            if score > 0:
                yield Hit(score, matcher.highlight(one.name), one.run, help=one.said)
