"""The full-text tables: external content with secure-delete, so that an erased word is gone.

Learnt in one go after a bulk import, row by row otherwise; nothing sealed is ever here.
"""

from __future__ import annotations

from typing import Any

# kind -> its full-text table and the columns in it
WORDS = {
    "engagement": ("engagement_words", ("narrative", "mentions")),
    "concern": (
        "concern_words",
        ("behaviours", "injury", "weapon", "ncrs_rationale", "description", "vehicle_seen"),
    ),
    "offender": (
        "offender_words",
        (
            *("name", "given_name", "surname", "aliases", "build", "hair", "facial_hair", "accent", "marks"),
            *("mo", "mo_text", "handling"),
        ),
    ),
    "vehicle": ("vehicle_words", ("vrm", "make", "model", "colour", "body", "marks", "check_result")),
    "sighting": ("sighting_words", ("note",)),
}
SAID = {"concern": "concern_said"}  # kind -> the view that a full-text table reads in the row's place
TABLES = (*(table for table, _ in WORDS.values()), "likeness_keys")


def learn_after(connection: Any, kind: str, last: int) -> None:
    """Index the rows of a kind that came after number *last*."""
    if kind not in WORDS:
        return
    table, names = WORDS[kind]
    listed = ", ".join(names)
    connection.execute(
        f"insert into {table} (rowid, {listed}) select n, {listed} from {SAID.get(kind, kind)} where n > ?",  # noqa: S608 - names from WORDS
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
    said = SAID.get(kind, kind)
    connection.execute(
        f"insert into {table} ({into}, {listed}) select {command}n, {listed} from {said} where n = ?",  # noqa: S608 - names from WORDS
        (n,),
    )


def settle(connection: Any) -> None:
    """Merge every index into one segment, so that nothing erased is left in an old one."""
    for table in TABLES:
        connection.execute(f"insert into {table} ({table}) values ('optimize')")  # noqa: S608 - names from WORDS
