"""What the unit does by itself when a shift begins or ends. What fails is told, and stops neither."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db import settings
from db.errors import BeechError
from db.exchange import recipes
from db.vault import backup, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Store

_DAY = 86_400


def begins(store: Store) -> Iterator[str]:
    """Do what is due at an unlock, and yield what to say of it: a supervisor's kept exports."""
    yield from recipes.run_due(store, "unlock")


def ends(store: Store) -> Iterator[str]:
    """Do what is due at a lock, and yield what to say of it.

    A supervisor's kept exports; a copy in the second place, where the settings name one and the last is a day
    old.
    """
    yield from recipes.run_due(store, "lock")
    with store.counts() as reader:
        place: str | None = settings.get(reader, "backup_place")
        last = places.last_away(reader)
    if place is None or (last is not None and store.now() - last < _DAY):
        return
    try:
        made = backup.make(store, Path(place))
    except BeechError as error:
        yield f"no copy was made in the second place: {error}"
    else:
        yield f"a verified copy is in the second place: {made.folder}"
