"""What the records' functions speak in: a shape, why something is done, where a record lies, a filter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import periods

if TYPE_CHECKING:
    from db.vault.store import Store

Record = dict[str, Any]


class Why(NamedTuple):
    """Why something is done: a reason code and the officer's words; ``seen`` is what it rests on.

    ``seen`` are the record's heads as whoever changes it saw them (``records.heads``), where that is asked.
    """

    reason: str | None = None
    note: str | None = None
    seen: str | None = None


class Found(NamedTuple):
    """A record's place: local number, id, kind, state, spoken reference."""

    n: int
    id: bytes
    kind: str
    state: str
    ref: str


class Filter(NamedTuple):
    """One condition of a list: its name as the journal keeps it, its SQL over ``x``, its values."""

    name: str
    sql: str
    values: tuple[object, ...]


def local_now(store: Store) -> datetime:
    """Return the store's clock as an aware UTC time."""
    return datetime.fromtimestamp(store.now(), UTC)


def today(store: Store) -> str:
    """Return the local date, YYYY-MM-DD."""
    return periods.local_day(store.now()).isoformat()
