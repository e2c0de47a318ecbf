"""The tables, as ordered migrations (sqlite-utils Migrations); their text stands in ``tables``.

The journal only ever grows. What it adds up to is dropped by a migration and made anew from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.vault.tables import JOURNAL, PROJECTIONS
from db.vault.versions import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable


def _migrations() -> Any:
    """Return the ordered migrations; sqlite-utils is loaded only where a file is made or updated."""
    from sqlite_utils import Migrations

    migrations = Migrations("beech")

    @migrations()
    def the_journal_and_the_records(db: Any) -> None:
        """Version 1: the whole format."""
        for statement in statements():
            db.execute(statement)

    return migrations


BY_MIGRATIONS = (  # what sqlite-utils makes to know what was applied
    ("table", "_sqlite_migrations"),
    ("index", "idx__sqlite_migrations_migration_set_name"),
)


def statements() -> list[str]:
    """Return the statements that make every table, index and trigger of the newest version."""
    return [*_statements(JOURNAL), *_statements(PROJECTIONS)]


def _statements(script: str) -> list[str]:
    """Split a script at its semicolons, keeping a trigger's body whole."""
    statements, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        ended = line.rstrip().endswith(";")
        if ended and ("create trigger" not in held or line.rstrip().endswith("end;")):
            statements.append(held)
            held = ""
    return statements


def migrate(connection: Any, allow: Callable[[], None]) -> None:
    """Bring an open file up to SCHEMA; *allow* is called first where the file already holds data."""
    (version,) = connection.execute("pragma user_version").fetchone()
    if version == SCHEMA:
        return
    if version:
        allow()
    from sqlite_utils import Database

    _migrations().apply(Database(connection))
    connection.execute(f"pragma user_version = {SCHEMA}")
