"""One look at personal data, while ``Store.consult`` is open: what it reads, and what it says it showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.vault.cipher import Cipher

SHOWN_MOST = 500  # ids of people kept with one look


class Look:
    """One consultation: read through it, say what it showed; the entry is appended when it ends."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher
        self.count = 0
        self.people: list[str] = []
        self.words: dict[str, Any] = {}
        self.detail: dict[str, Any] = {}

    def execute(self, sql: str, parameters: Iterable[object] | dict[str, object] = ()) -> Any:
        """Run a read; the rows may be handed on once the look has ended."""
        bound = parameters if isinstance(parameters, dict) else tuple(parameters)
        return self._cipher.execute(sql, bound)

    def shown(self, count: int, people: Iterable[str] = ()) -> None:
        """Say how many records were shown, and which people (ids in hex; the first 500 are kept)."""
        self.count += count
        for person in people:
            if len(self.people) < SHOWN_MOST and person not in self.people:
                self.people.append(person)

    def asked(self, **words: Any) -> None:
        """Keep what was asked for: a search's words go into the payload, never into the clear."""
        self.words |= words
