"""How somebody with the store key may edit a unit's rows; the journal's own are in ``forged``."""
# ruff: noqa: S608 - SQL is built from the file's own names

import json
import random
from collections.abc import Callable
from typing import Any

from db.vault.cipher import DriverError
from db.vault.store import Store
from tests.furnished import TABLES, without_triggers


class Tamperer:
    """One random change after the other, by a seeded choice."""

    acts: tuple[Callable[[Any], str], ...] = ()

    def __init__(self, store: Store, c: Any, seed: int) -> None:
        self.unit = store.unit
        self.c = c
        self.random = random.Random(seed)  # noqa: S311 - seeded, and nothing secret

    def one(self) -> str:
        """Tamper once; returns what was done, or nothing where the file did not let him."""
        act = self.random.choice(self.acts)
        said: list[str] = []
        self._last = ""
        try:
            without_triggers(self.c, lambda: said.append(act(self)))
            if self._last:
                self.c.execute(self._last)
        except DriverError:
            return ""
        return said[0]

    # rows and columns

    def _rows(self, table: str) -> list[dict[str, Any]]:
        cursor = self.c.execute(f'select * from "{table}"')
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _where(self, row: dict[str, Any]) -> tuple[str, list[Any]]:
        return " and ".join(f'"{name}" is ?' for name in row), list(row.values())

    def _set(self, table: str, row: dict[str, Any], changed: dict[str, Any]) -> None:
        where, values = self._where(row)
        names = ", ".join(f'"{name}" = ?' for name in changed)
        self.c.execute(f'update or replace "{table}" set {names} where {where}', [*changed.values(), *values])

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        self.c.execute(f'insert or replace into "{table}" ({names}) values ({marks})', list(row.values()))

    def _delete(self, table: str, row: dict[str, Any]) -> None:
        where, values = self._where(row)
        self.c.execute(f'delete from "{table}" where {where}', values)

    def _other(self, value: Any, column: list[Any]) -> Any:
        """Return another value such as may stand there."""
        pick = self.random.random()
        others = [one for one in column if one != value]
        if others and pick < 0.4:
            return self.random.choice(others)
        if value is None or pick < 0.5:
            return None if value is not None else self.random.choice([0, 1, "x", b"\0" * 16])
        if not isinstance(value, bytes | str) or not value:
            return int(value or 0) + self.random.choice([-1, 1, 7, 1 << 40])
        if isinstance(value, bytes):
            place = self.random.randrange(len(value))
            return value[:place] + bytes([value[place] ^ 1 << self.random.randrange(8)]) + value[place + 1 :]
        place = self.random.randrange(len(value) + 1)
        return value[:place] + self.random.choice('0aZ[]{}" ,é') + value[place + self.random.randrange(2) :]

    def _table(self) -> tuple[str, list[dict[str, Any]]]:
        while True:
            table = self.random.choice(TABLES)
            rows = self._rows(table)
            if rows:
                return table, rows

    def column(self) -> str:
        """Set one column of one row to something else."""
        table, rows = self._table()
        row = self.random.choice(rows)
        name = self.random.choice(list(row))
        value = self._other(row[name], [one[name] for one in rows])
        self._set(table, row, {name: value})
        return f"{table}.{name}"

    def delete(self) -> str:
        """Delete one row."""
        table, rows = self._table()
        self._delete(table, self.random.choice(rows))
        return f"delete from {table}"

    def double(self) -> str:
        """Insert a row again under another key."""
        table, rows = self._table()
        row = dict(self.random.choice(rows))
        key = self.random.choice(list(row)[:2])
        row[key] = self._other(row[key], [one[key] for one in rows])
        self._insert(table, row)
        return f"insert into {table} with another {key}"

    def swap(self) -> str:
        """Let two rows change a column."""
        table, rows = self._table()
        one, other = self.random.choice(rows), self.random.choice(rows)
        name = self.random.choice(list(one)[1:] or list(one))
        if one[name] == other[name]:
            return ""
        self._delete(table, one)
        self._delete(table, other)
        self._insert(table, one | {name: other[name]})
        self._insert(table, other | {name: one[name]})
        return f"swap {table}.{name}"

    def hide(self) -> str:
        """Pretend that a record was erased, or that an erased one was not."""
        row = self.random.choice([one for one in self._rows("record") if one["kind"]])
        if row["state"] == "erased":
            self.c.execute("delete from erased where record = ?", (row["id"],))
            self._set("record", row, {"state": "present"})
            return "unerase"
        head = json.loads(row["heads"])[0]
        self._insert("erased", {"record": row["id"], "desk": head[0], "seq": head[1]})
        of = "(desk, seq) in (select desk, seq from entry where record = ?)"
        self.c.execute(f"delete from payload where {of}", (row["id"],))
        self.c.execute(f'delete from "{row["kind"]}" where n = ?', (row["n"],))
        self.c.execute("delete from link where source = ?", (row["n"],))
        self._set("record", row, {"state": "erased"})
        return "pretended erasure"

    def put_back(self) -> str:
        """Put a record's heads back to an earlier entry."""
        row = self.random.choice([one for one in self._rows("record") if one["kind"]])
        steps = self.c.execute("select desk, seq from entry where record = ?", (row["id"],)).fetchall()
        heads = json.dumps([list(self.random.choice(steps))], separators=(",", ":"))
        if heads == row["heads"]:
            return ""
        self._set("record", row, {"heads": heads, "state": "present"})
        return "heads put back"

    def words(self) -> str:
        """Teach the word index what nobody wrote, or let it forget what somebody did."""
        n, narrative, mentions = self.random.choice(
            self.c.execute("select n, narrative, mentions from engagement").fetchall()
        )
        if self.random.random() < 0.5:
            self.c.execute(
                "insert into engagement_words (engagement_words, rowid, narrative, mentions) "
                "values ('delete', ?, ?, ?)",
                (n, narrative, mentions),
            )
        else:
            self.c.execute(
                "insert into engagement_words (rowid, narrative, mentions) values (?, 'slander', ?)",
                (n + 1, "x"),
            )
        return "words"

    def shape(self) -> str:
        """Change the file's own shape."""
        sql = self.random.choice(
            [
                "drop trigger entry_is_never_changed",
                "drop trigger payload_goes_only_by_erasure",
                "create trigger quiet after insert on entry begin delete from payload; end",
                "create table notes (x)",
                "create view person_view as select * from person",
                "drop index engagement_at",
                "create index by_name on offender (name)",
                "alter table person add column nationality text",
                "alter table person rename column safety to address",
                "drop table call",
                "pragma user_version = 0",
            ]
        )
        self._last = sql  # once the triggers are back
        return sql
