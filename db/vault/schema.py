"""The tables, as ordered migrations (sqlite-utils Migrations); their text stands in ``tables``.

The journal only ever grows. What it adds up to is dropped by a migration and made anew from it.
"""

from __future__ import annotations

import re
from typing import Any

from db.vault.tables import DRAFTS, JOURNAL, PROJECTIONS
from db.vault.versions import SCHEMA

_GOES = "payload_goes_only_by_erasure"


def _migrations() -> Any:
    """Return the ordered migrations; sqlite-utils is loaded only where a file is made or updated."""
    from sqlite_utils import Migrations

    migrations = Migrations("beech")

    @migrations()
    def the_journal_and_the_records(db: Any) -> None:
        """Version 1: the journal, and what stands beside it."""
        for statement in _statements(JOURNAL):
            db.execute(statement)

    @migrations()
    def projections_2(db: Any) -> None:
        """Version 2: drafts."""
        for statement in _statements(DRAFTS):
            db.execute(statement)

    @migrations()
    def projections_4(db: Any) -> None:
        """Version 4: which payloads may go."""
        db.execute(f"drop trigger {_GOES}")
        db.execute(next(one for one in _statements(JOURNAL) if f"create trigger {_GOES} " in one))

    @migrations()
    def projections_5(db: Any) -> None:
        """Version 5: what the journal adds up to, empty for ``rebuild``."""
        _drop_projections(db)
        for statement in _statements(PROJECTIONS):
            db.execute(statement)

    return migrations


BY_MIGRATIONS = (  # what sqlite-utils makes to know what was applied
    ("table", "_sqlite_migrations"),
    ("index", "idx__sqlite_migrations_migration_set_name"),
)


def statements() -> list[str]:
    """Return the statements that make every table, index and trigger of the newest version."""
    return [*_statements(JOURNAL), *_statements(DRAFTS), *_statements(PROJECTIONS)]


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


def _drop_projections(db: Any) -> None:
    """Drop every table that is made anew from the journal; what hangs on one goes with it."""
    kept = set(re.findall(r"create table (\w+)", JOURNAL + DRAFTS)) | {name for _, name in BY_MIGRATIONS}
    for (name,) in db.execute("select name from sqlite_schema where type = 'view'").fetchall():
        db.execute(f'drop view "{name}"')
    found = db.execute(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' "
        "order by sql like 'create virtual%' desc"
    ).fetchall()
    for (name,) in found:
        if name not in kept:
            db.execute(f'drop table if exists "{name}"')


def migrate(connection: Any) -> None:
    """Bring a file, new or made by an older beech, up to SCHEMA; its projections are empty then."""
    from sqlite_utils import Database

    connection.execute("pragma foreign_keys = off")  # while the tables that point at each other are dropped
    _migrations().apply(Database(connection))
    connection.execute("pragma foreign_keys = on")
    connection.execute(f"pragma user_version = {SCHEMA}")
