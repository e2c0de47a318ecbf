"""The drafts of who is unlocked: sealed in the file at every pause, and open in memory until the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.drafts import Draft
    from db.vault.store import Store
    from tui.desk import Desk
    from tui.remembered import Remembered


class Drafts:
    """What was typed and not saved. The lock forgets what is in it, and remembers how many there are."""

    def __init__(self, desk: Desk, remembered: Remembered) -> None:
        self._desk = desk
        self._remembered = remembered
        self._open: dict[str, Draft] = {}
        self.count = remembered.drafts
        self.gone: set[str] = set()  # saved or wiped: a pause that comes late keeps none of these again

    def give_back(self, kept: Iterable[Draft]) -> None:
        """Take in what an unlock has opened."""
        self._open = {draft.id: draft for draft in kept}
        self._counted(len(self._open))

    def _counted(self, count: int) -> None:
        self.count = count
        self._remembered.keep_drafts(count, self._desk.now())

    def forget(self, unsaved: Iterable[Draft] = ()) -> None:
        """Forget every word of them; *unsaved* are those that the lock has just kept."""
        self._counted(len(self._open.keys() | {draft.id for draft in unsaved}))
        self._open = {}

    def newest(self, kind: str) -> Draft | None:
        """Return the draft of a form that was kept last."""
        return max((d for d in self._open.values() if d.kind == kind), key=lambda d: d.at, default=None)

    def listing(self) -> list[Draft]:
        """Return them, the newest first."""
        return sorted(self._open.values(), key=lambda draft: draft.at, reverse=True)

    async def keep(self, draft: Draft) -> Draft:
        """Keep a draft in the file and in memory; returns it with the time at which it was kept.

        Raises:
            BeechError: as ``Desk.call``; it is kept in memory all the same.
        """
        kept = draft._replace(at=self._desk.now())
        if kept.id in self.gone:
            return kept
        self._open[kept.id] = kept
        self._counted(len(self._open))

        def put(store: Store) -> None:
            from db import drafts

            if kept.id not in self.gone:
                drafts.keep(store, kept)

        await self._desk.call(put)
        return kept

    def saved(self, draft: str) -> None:
        """Forget a draft that went from the file with what was saved of it."""
        self.gone.add(draft)
        self._open.pop(draft, None)
        self._counted(len(self._open))

    async def drop(self, draft: str) -> None:
        """Take a draft out: it was saved, or a hard stop wipes it.

        Raises:
            BeechError: as ``Desk.call``.
        """
        from db import drafts

        self.saved(draft)
        await self._desk.call(drafts.drop, draft)
