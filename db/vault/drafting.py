"""Drafts in the file: sealed rows that no entry tells of and nothing is decided by.

The one exception to the journal. What is taken out is overwritten in the file and gone from its log.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from db.vault.mishaps import spoken_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Store

HOURS = 72  # for so long a draft is kept


@contextmanager
def _writing(store: Store) -> Iterator[Any]:
    store.cipher.begin()
    try:
        with spoken_errors(), store.cipher.trusted() as connection:
            yield connection
        store.cipher.commit()
    except BaseException:
        store.cipher.rollback()
        raise


def put(store: Store, row: tuple[bytes, str, int, str, bytes]) -> None:
    """Keep a draft in the place of what it was before: id, member, when (epoch seconds), about, sealed."""
    with _writing(store) as connection:
        connection.execute(
            "insert or replace into draft (id, member, at, about, sealed) values (?, ?, ?, ?, ?)", row
        )


def drop(store: Store, draft: bytes) -> None:
    """Take a draft out of the file and of its log."""
    with _writing(store):
        drop_within(store, draft)
    empty_log(store)


def drop_within(store: Store, draft: bytes) -> None:
    """Take a draft out inside the writing transaction that is open: with what it became, or not at all."""
    with store.cipher.trusted() as connection:
        connection.execute("delete from draft where id = ?", (draft,))


def empty_log(store: Store) -> None:
    """Take what was dropped out of the file's log as well, as far as nobody is reading in it."""
    with store.cipher.trusted() as connection:
        connection.execute("pragma wal_checkpoint(truncate)")


def drop_before(store: Store, at: int) -> None:
    """Take out every draft that was kept before *at* (epoch seconds), whoever wrote it."""
    if store.cipher.execute("select 1 from draft where at < ? limit 1", (at,)).fetchone() is not None:
        with _writing(store) as connection:
            connection.execute("delete from draft where at < ?", (at,))


def forget(connection: Any, record: bytes) -> None:
    """Take out every draft about a record that is being erased, inside that transaction."""
    connection.execute(
        "delete from draft where exists (select 1 from json_each(draft.about) where value = ?)",
        (record.hex(),),
    )
