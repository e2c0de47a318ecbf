"""What of verify can be done beside the walk over the chain: rows in a second process, tables in a thread.

Worth it only for a long journal; a short one is looked at in one go, in the caller's own transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from db.vault import cipher as vault
from db.vault import verify_tables
from db.vault.faults import Fault, Faults
from db.vault.verify_rows import Compared, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.vault.cipher import Cipher
    from db.vault.store import Store

WORTH_IT = 50_000  # entries

Rest = tuple[Compared, list[Fault]]


class Others(NamedTuple):
    """The checks that do not need the walk: each returns what it found, now or once it is ready."""

    rows: Callable[[], Rest]
    tables: Callable[[], list[Fault]]


def rows_of(reader: Cipher) -> Rest:
    """Compare every record with its entries."""
    faults = Faults()
    compared = Rows(reader, faults).all()
    return compared, faults.found


_CHECKS = (
    *(verify_tables.pages, verify_tables.words, verify_tables.likenesses),
    *(verify_tables.sums, verify_tables.loose_ends, verify_tables.names),
)


def tables_of(reader: Cipher) -> list[Fault]:
    """Check pages, tables and indexes, words, loose ends."""
    faults = Faults()
    for check in _CHECKS:
        with faults.reading(check.__name__):
            check(reader, faults)
    return faults.found


def _rows_apart(path: str, key: bytes) -> Rest:
    from db.vault import files

    files.no_dumps()
    with _opened(path, key) as reader:
        return rows_of(reader)


def _tables_apart(path: str, key: bytes) -> list[Fault]:
    with _opened(path, key) as reader:
        return tables_of(reader)


@contextmanager
def _opened(path: str, key: bytes) -> Iterator[Cipher]:
    reader = vault.connect(Path(path), key)
    try:
        with reader.trusted() as connection:
            connection.execute("begin")
        yield reader
    finally:
        reader.close()


@contextmanager
def others(store: Store) -> Iterator[Others]:
    """Yield the other checks: begun already where the journal is long, else done when asked."""
    reader = store.cipher
    here = Others(lambda: rows_of(reader), lambda: tables_of(reader))
    (entries,) = reader.execute("select coalesce(sum(seq), 0) from desk").fetchone()
    if entries < WORTH_IT or not store.store_key:
        yield here
        return
    with reader.trusted() as connection:
        path = next(row[2] for row in connection.execute("pragma database_list") if row[1] == "main")
    with _beside(path, store.store_key, here) as apart:
        yield apart


@contextmanager
def _beside(path: str, key: bytes, here: Others) -> Iterator[Others]:
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes,
        ThreadPoolExecutor(1) as threads,
    ):
        rows = processes.submit(_rows_apart, path, key)
        tables = threads.submit(_tables_apart, path, key)

        def compared() -> Rest:
            try:
                return rows.result()
            except (BrokenProcessPool, OSError):  # nothing here starts a process
                return here.rows()

        yield Others(compared, tables.result)
