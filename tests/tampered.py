"""The ways in which somebody with the store key, and without a member's key, may tamper with a unit."""
# ruff: noqa: S608 - SQL is built from the file's own names

import json
import random
from typing import Any

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from db.vault import journal
from db.vault.cipher import DriverError
from db.vault.journal import Entry
from db.vault.store import Store
from tests.furnished import TABLES, without_triggers


class Tamperer:
    """One random change after the other, by a seeded choice."""

    def __init__(self, store: Store, c: Any, seed: int) -> None:
        self.unit = store.unit
        self.c = c
        self.random = random.Random(seed)  # noqa: S311 - seeded, and nothing secret

    def one(self) -> str:
        """Tamper once; returns what was done, or nothing where the file did not let him."""
        act = self.random.choice(self._acts)
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

    # the journal, by somebody who knows the format

    def _rehash(self, desk: int) -> None:
        """Make a desk's chain and head right again; only the signatures stay as they were."""
        previous, last = journal.START, None
        columns = f"{journal.COLUMNS}, hash, signature"
        rows = self.c.execute(f"select {columns} from entry where desk = ? order by seq", (desk,)).fetchall()
        for row in rows:
            last = row
            previous = journal.entry_hash(self.unit, previous, Entry._make(row[:13]))
            self.c.execute("update entry set hash = ? where desk = ? and seq = ?", (previous, desk, row[1]))
        if last is not None:
            self.c.execute(
                "update desk set seq = ?, hash = ?, at = ? where desk = ?", (last[1], previous, last[2], desk)
            )

    def rewrite(self) -> str:
        """Change an entry in one column and chain it anew."""
        rows = self._rows("entry")
        row = self.random.choice(rows)
        names = ("at", "tx", "actor", "role", "session", "operation", "kind", "record", "base", "detail")
        name = self.random.choice(names)
        self._set("entry", row, {name: self._other(row[name], [one[name] for one in rows])})
        self._rehash(row["desk"])
        return f"rewrite {name}"

    def repay(self) -> str:
        """Put another payload in the place of one, with its digest, and chain it anew."""
        row = self.random.choice(self._rows("payload"))
        body = row["body"].replace(b"o", b"a") + b" "
        digest = journal.payload_digest(row["salt"], body)
        self._set("payload", row, {"body": body})
        self.c.execute(
            "update entry set digest = ? where desk = ? and seq = ?", (digest, row["desk"], row["seq"])
        )
        self._rehash(row["desk"])
        return "another payload"

    def forge(self) -> str:
        """Append an entry by a member, rightly chained; signed by nobody, by a copy or by a stranger."""
        rows = self._rows("entry")
        row = dict(self.random.choice(rows))
        last = max((one for one in rows if one["desk"] == row["desk"]), key=lambda one: one["seq"])
        new = row | {"seq": last["seq"] + 1, "at": last["at"] + 1, "tx": last["seq"] + 1, "digest": None}
        hashed = journal.entry_hash(self.unit, last["hash"], tuple(new[n] for n in Entry._fields))
        _, stranger = crypto_sign_seed_keypair(self.random.randbytes(32))
        how = self.random.choice(["nobody", "a copy", "a stranger"])
        signature = {
            "nobody": None,
            "a copy": last["signature"],
            "a stranger": crypto_sign(hashed, stranger)[:64],
        }
        self._insert("entry", new | {"hash": hashed, "signature": signature[how]})
        self.c.execute(
            "update desk set seq = ?, hash = ?, at = ? where desk = ?",
            (new["seq"], hashed, new["at"], new["desk"]),
        )
        return f"forged {row['operation']} signed by {how}"

    def certify(self) -> str:
        """Forge an unlock entry for a key of his own, and sign it with that key."""
        rows = self._rows("entry")
        last = max((one for one in rows if one["signature"]), key=lambda one: (one["at"], one["seq"]))
        public, secret = crypto_sign_seed_keypair(self.random.randbytes(32))
        detail = json.dumps(
            {"event": "unlock", "key": public.hex(), "not_after": 1 << 33}, separators=(",", ":")
        )
        seq = last["seq"] + 1
        new = last | {"seq": seq, "at": last["at"] + 1, "tx": seq, "operation": "security", "digest": None}
        new |= {"kind": None, "record": None, "base": "[]", "detail": detail}
        new["session"] = self.random.choice([None, seq, seq - 1])
        hashed = journal.entry_hash(self.unit, last["hash"], tuple(new[n] for n in Entry._fields))
        self._insert("entry", new | {"hash": hashed, "signature": crypto_sign(hashed, secret)[:64]})
        self._rehash(last["desk"])
        return "forged certificate"

    def cut(self) -> str:
        """Cut entries off a desk's end, with the head put right and nothing else."""
        desk, seq = self.random.choice(self.c.execute("select desk, seq from desk").fetchall())
        last = self.random.randrange(seq) if seq > 1 else 0
        for table in ("payload", "entry"):
            self.c.execute(f"delete from {table} where desk = ? and seq > ?", (desk, last))
        self.c.execute("delete from desk where desk = ? and ? = 0", (desk, last))
        self._rehash(desk)
        return "cut"

    def move(self) -> str:
        """Move an entry, or its payload, to another desk or another record."""
        rows = self._rows("entry")
        row, other = self.random.sample(rows, 2)
        which = self.random.choice(["entry desk", "entry record", "payload"])
        if which == "entry desk":
            self._set("entry", row, {"desk": other["desk"] + 1, "seq": row["seq"]})
            self._rehash(row["desk"])
        elif which == "entry record":
            self._set("entry", row, {"record": other["record"], "kind": other["kind"]})
            self._rehash(row["desk"])
        else:
            self.c.execute(
                "update or replace payload set desk = ?, seq = ? where desk = ? and seq = ?",
                (other["desk"], other["seq"], row["desk"], row["seq"]),
            )
        return f"move {which}"

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

    _acts = (
        (column,) * 8
        + (delete, double, swap) * 2
        + (rewrite, repay, forge, certify, cut, move)
        + (*(hide, put_back, words, shape),)
    )
