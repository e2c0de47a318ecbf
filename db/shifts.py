"""What the unit does by itself when a shift begins or ends. What fails is told, and stops neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.exchange import recipes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Store


def begins(store: Store) -> Iterator[str]:
    """Do what is due at an unlock, and yield what to say of it: a supervisor's kept exports."""
    yield from recipes.run_due(store, "unlock")


def ends(store: Store) -> Iterator[str]:
    """Do what is due at a lock, and yield what to say of it: a supervisor's kept exports."""
    yield from recipes.run_due(store, "lock")
