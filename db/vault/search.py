"""The full-text tables: external content with secure-delete, so that an erased word is gone.

Learnt in one go after a bulk import, row by row otherwise; nothing sealed is ever here.
"""

from __future__ import annotations

from typing import Any

# kind -> its full-text table and the columns in it
WORDS = {"engagement": ("engagement_words", ("narrative", "mentions"))}
TABLES = (*(table for table, _ in WORDS.values()), "likeness_keys")


def learn_after(connection: Any, kind: str, last: int) -> None:
    """Index the rows of a kind that came after number *last*."""
    if kind not in WORDS:
        return
    table, names = WORDS[kind]
    listed = ", ".join(names)
    connection.execute(
        f"insert into {table} (rowid, {listed}) select n, {listed} from {kind} where n > ?",  # noqa: S608 - names from WORDS
        (last,),
    )


def learn(connection: Any, kind: str, n: int) -> None:
    """Index one row."""
    _one(connection, kind, n, "")


def forget(connection: Any, kind: str, n: int) -> None:
    """Take one row out of the index, while the row still holds what was indexed."""
    _one(connection, kind, n, "'delete', ")


def _one(connection: Any, kind: str, n: int, command: str) -> None:
    if kind not in WORDS:
        return
    table, names = WORDS[kind]
    listed = ", ".join(names)
    into = f"{table}, rowid" if command else "rowid"
    connection.execute(
        f"insert into {table} ({into}, {listed}) select {command}n, {listed} from {kind} where n = ?",  # noqa: S608 - names from WORDS
        (n,),
    )


def settle(connection: Any) -> None:
    """Merge every index into one segment, so that nothing erased is left in an old one."""
    for table in TABLES:
        connection.execute(f"insert into {table} ({table}) values ('optimize')")  # noqa: S608 - names from WORDS
