"""Matching while somebody is typing: one look for as long as a form is open, however many keys are pressed.

Its first entry is durable before the first hit is handed over; a second one, when it ends, says what was
asked last and how much was shown. For a thread with a store of its own; ``interrupt`` stops it from another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import records
from db.errors import BeechError
from db.rules import periods, values
from db.watchlist import seen
from db.watchlist.looking import Looking, Matches

if TYPE_CHECKING:
    from types import TracebackType

    from db.vault.store import Store

LIMIT = 6
_NOBODY = Matches([], 0, None)


class Live:
    """Matches of a text that grows: ``with Live(store) as live: live.match_text(car, note)``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._begun = False
        self._asked: dict[str, Any] = {}
        self._shown = 0

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def match_text(self, *texts: str, limit: int = LIMIT) -> Matches:
        """Return whom a text of a man or a car may mean, a note's beside it; nobody where it says too little.

        Raises:
            Busy: it was interrupted: a newer text is to be asked.
        """
        from db.rules.mentions import read_mentions

        said = read_mentions("\n".join(filter(None, texts)))
        if not said:
            return _NOBODY
        try:
            described = values.read_description(said, records.local_now(self._store))
        except BeechError:  # half a value, not yet typed to its end
            return _NOBODY
        return self.match(described, limit)

    def match(self, described: dict[str, Any], limit: int = LIMIT) -> Matches:
        """Return whom a description in stored form may mean.

        Raises:
            Busy: it was interrupted: a newer text is to be asked.
        """
        self._begin()
        with self._store.counts() as reader:
            found = Looking(reader, periods.local_day(self._store.now())).match(described, limit)
            seen.with_last(reader, found.hits)
        self._asked = described
        self._shown += len(found.hits)
        return found

    def interrupt(self) -> None:
        """Stop what is being asked; may be called from any thread."""
        self._store.cipher.interrupt()

    def _begin(self) -> None:
        if not self._begun:
            with self._store.consult("offender") as look:
                look.shown(0)
            self._begun = True

    def close(self) -> None:
        """Say in the journal what was asked last, and how many hits were shown in all."""
        if self._begun:
            with self._store.consult("offender") as look:
                look.asked(descriptions=[self._asked])
                look.shown(self._shown)
            self._begun = False


def match_text(store: Store, text: str, limit: int = LIMIT) -> Matches:
    """Return whom a text of a man or a car may mean; one look by itself."""
    with Live(store) as live:
        return live.match_text(text, limit=limit)
