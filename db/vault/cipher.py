"""The encrypted file's connection: its settings and the authorizer.

Only this module opens the driver. SQL that does not come through ``trusted`` may read, nothing else.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from db.errors import Busy, Damaged, Newer, Older
from db.vault.mishaps import spoken_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

DriverError = driver.Error

_READS = {driver.SQLITE_SELECT, driver.SQLITE_READ, driver.SQLITE_FUNCTION, driver.SQLITE_RECURSIVE}
_PRAGMAS = {"data_version"}  # which full-text queries ask for
_FUNCTIONS_REFUSED = {"load_extension", "fts3_tokenizer", "sqlcipher_export", "writefile", "readfile", "edit"}

WAIT_SECONDS = 60.0

_CACHE_KIB = 16_000
_PREPARED = 128  # statements kept: to prepare one takes as long as a search for what few have

_SETTINGS = (
    "pragma foreign_keys = on",
    "pragma recursive_triggers = on",
    "pragma secure_delete = on",
    "pragma temp_store = memory",
    "pragma cell_size_check = on",
    "pragma trusted_schema = off",
    f"pragma cache_size = {-_CACHE_KIB}",
)


# A parameter without an adapter costs the driver two exceptions; these two hand it on as it is.
driver.register_adapter(bytes, bytes)
driver.register_adapter(type(None), {None: None}.get)


class Cipher:
    """A connection to one SQLCipher file.

    A room's SQL may only read. What changes the file runs inside ``with cipher.trusted():``, which
    only the vault does. The driver keeps the last statements it prepared, by their text; a mark at the
    front keeps the rooms' texts apart, so that none prepared in trust is reused without.

    A parameter that the planner looks into (``limit ?``, ``like ?``) has its statement prepared anew each
    time it is bound; with a plus before it, it has not.
    """

    def __init__(
        self,
        connection: Any,
        waiting: Callable[[], None] | None = None,
        beside: Callable[[], Cipher] | None = None,
    ) -> None:
        self._connection = connection
        self._trusted = 0
        self._waiting = waiting
        self._beside = beside
        connection.set_authorizer(self._authorize)

    def _authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if self._trusted:
            return driver.SQLITE_OK
        if action == driver.SQLITE_FUNCTION:
            return driver.SQLITE_DENY if second in _FUNCTIONS_REFUSED else driver.SQLITE_OK
        if action in _READS or (action == driver.SQLITE_PRAGMA and first in _PRAGMAS):
            return driver.SQLITE_OK
        return driver.SQLITE_DENY

    @contextmanager
    def trusted(self) -> Iterator[Any]:
        """Lift the authorizer for the vault's own statements; yields the driver's connection."""
        self._trusted += 1
        try:
            with spoken_errors():
                yield self._connection
        finally:
            self._trusted -= 1

    def execute(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> Any:
        """Run a query with parameters bound; anything that would change the file is refused.

        Raises:
            Refused: the statement is not a plain read.
            Damaged: a page fails its integrity check.
        """
        with spoken_errors():
            return self._connection.execute(sql if self._trusted else f"/**/{sql}", parameters)

    def begin(self) -> None:
        """Begin a writing transaction, waiting up to 60 s for another writer.

        Raises:
            Busy: the other writer did not finish; nothing was changed.
        """
        end = time.monotonic() + WAIT_SECONDS
        pause, said = 0.002, False
        while True:
            try:
                with self.trusted() as connection:
                    connection.execute("begin immediate")
                return
            except Busy:
                if time.monotonic() >= end:
                    raise
            if not said and pause > 0.1 and self._waiting is not None:
                self._waiting()
                said = True
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)

    def commit(self) -> None:
        """Make the transaction durable."""
        with self.trusted() as connection:
            connection.execute("commit")

    def rollback(self) -> None:
        """Undo the transaction, if one is open."""
        with self.trusted() as connection:
            if connection.in_transaction:
                connection.execute("rollback")

    @contextmanager
    def roomy(self) -> Iterator[None]:
        """Keep four times the pages in memory, for as long as much is written all over the file."""
        with self.trusted() as connection:
            connection.execute(f"pragma cache_size = {-4 * _CACHE_KIB}")
        try:
            yield
        finally:
            with self.trusted() as connection:
                connection.execute(f"pragma cache_size = {-_CACHE_KIB}")

    def keep_fewer(self) -> None:
        """Keep a quarter of the pages in memory: for one of several connections that stay open."""
        with self.trusted() as connection:
            connection.execute(f"pragma cache_size = {-_CACHE_KIB // 4}")

    def interrupt(self) -> None:
        """Stop the running query; it fails with Busy."""
        self._connection.interrupt()

    def beside(self) -> Cipher:
        """Return another connection to the same file."""
        if self._beside is None:
            raise AssertionError("this connection was not made by connect")
        return self._beside()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def generation(path: Path) -> str:
    """Return the salt in the first 16 bytes of the file, in hex: the name of its key's generation.

    Raises:
        Damaged: the file is missing or shorter than one page.
    """
    try:
        with path.open("rb") as file:
            salt = file.read(16)
            size = file.seek(0, 2)
    except FileNotFoundError:
        raise Damaged(f"{path} is missing: restore it with 'beech restore' or from a backup") from None
    except OSError:
        raise Damaged(f"{path} cannot be read: restore it with 'beech restore' or from a backup") from None
    if len(salt) < 16 or size < 4096:
        raise Damaged(f"{path} is cut short: restore it with 'beech restore' or from a backup")
    return salt.hex()


def connect(
    path: Path,
    key: bytes,
    *,
    salt: bytes | None = None,
    waiting: Callable[[], None] | None = None,
    older: bool = False,
) -> Cipher:
    """Open an encrypted file; with *salt* make a new one, with *older* one that an older beech made as well.

    Raises:
        Damaged: the key does not open it, though it is the key of its generation.
        Newer: a newer beech made it.
        Older: an older one did, and that is not what was asked for.
    """
    flags = "rw" if salt is None else "rwc"
    with spoken_errors():
        connection = driver.connect(
            f"{path.resolve().as_uri()}?mode={flags}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_PREPARED,
            timeout=0,
        )
        connection.execute("pragma cipher_log_level = none")
        # The one place where SQL is built from a value; it is never traced, logged or put in an exception.
        # A script is not kept among the statements that were prepared.
        connection.executescript(f"pragma key = \"x'{key.hex()}{salt.hex() if salt else ''}'\"")
        try:
            _settle(connection, older=older)
        except BaseException:
            connection.close()
            raise
    return Cipher(connection, waiting, lambda: connect(path, key, waiting=waiting))


def schema_of(statements: list[str]) -> dict[tuple[str, str], str | None]:
    """Return the text of everything that these statements make, by type and name, as a file would have it."""
    connection = driver.connect(":memory:", isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
        rows = connection.execute("select type, name, sql from sqlite_schema").fetchall()
    finally:
        connection.close()
    return {(kind, name): sql for kind, name, sql in rows}


def _settle(connection: Any, *, older: bool) -> None:
    from db.vault.versions import SCHEMA

    connection.execute("pragma busy_timeout = 10000")  # who closes the file last holds it alone meanwhile
    for setting in _SETTINGS:
        connection.execute(setting)
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > SCHEMA:
        raise Newer("unit.db was made by a newer beech than this one: install that version or later")
    if 0 < version < SCHEMA and not older:
        raise Older(
            "unit.db was made by an older beech than this one: 'beech unlock --yes' makes a checked copy of "
            "it and brings it up to this one"
        )
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma busy_timeout = 0")
