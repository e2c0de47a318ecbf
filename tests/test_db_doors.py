"""The two doors: no other way in, nothing half done, nothing seen that was not journalled first."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from db import records
from db.errors import Refused
from db.records import Why
from db.vault.rebuild import snapshot
from db.vault.store import Face, Store
from db.vault.verify import verify
from db.vault.writing import Write

FACE = Face("script", "test")
ENTRY = (
    "entry (desk, seq, at, tx, actor, role, operation, base, detail, hash) "
    "values (1, 1, 1, 1, 'x', 'officer', 'security', '[]', '{}', zeroblob(32))"
)
WAYS = (
    f"insert into {ENTRY}",
    f"replace into {ENTRY}",
    f"insert or replace into {ENTRY}",
    f"insert into {ENTRY} on conflict do update set detail = '{{}}'",
    f"insert into {ENTRY} returning desk",
    "insert into entry select * from entry",
    "update entry set detail = '{}'",
    "update or ignore entry set seq = seq + 1",
    "delete from entry",
    "with gone as (select 1) delete from payload where seq in (select * from gone)",
    "update desk set seq = 0 returning seq",
    "update person set pseudonym = 'Rowan-04'",
    "insert into engagement_words (engagement_words) values ('delete-all')",
    "explain insert into desk values (1, 1, x'', 1)",
    "drop trigger entry_is_never_changed",
    "drop table entry",
    "drop index engagement_at",
    "alter table entry rename to kept",
    "alter table entry add column note text",
    "create trigger t after insert on entry begin delete from payload; end",
    "create temp trigger t after insert on entry begin delete from payload; end",
    "create table notes (x)",
    "create temp table entry (x)",
    "create view v as select 1",
    "create virtual table v using fts5(x)",
    "create index i on person (pseudonym)",
    "attach ':memory:' as other",
    "attach database 'plain.db' as plain key ''",
    "detach main",
    "vacuum",
    "vacuum into 'plain.db'",
    "reindex",
    "analyze",
    "begin immediate",
    "commit",
    "end",
    "rollback",
    "savepoint s",
    "release s",
    "pragma writable_schema = on",
    "pragma recursive_triggers = off",
    "pragma foreign_keys = off",
    "pragma ignore_check_constraints = on",
    "pragma journal_mode = off",
    "pragma user_version = 0",
    "pragma key = 'x'",
    "pragma rekey = 'x'",
    "pragma cipher_export",
    "pragma wal_checkpoint",
    "select * from pragma_table_info('entry')",
    "select load_extension('x')",
    "select sqlcipher_export('main')",
    "select fts3_tokenizer('simple')",
)


def entries(store: Store) -> list[Any]:
    rows: list[Any] = store.cipher.execute("select * from entry order by desk, seq").fetchall()
    return rows


def room(name: str, store: Store) -> AbstractContextManager[Any]:
    """Return one of the three readers that a room is given."""
    doors: dict[str, Callable[[], AbstractContextManager[Any]]] = {
        "write": store.write,
        "consult": lambda: store.consult("person"),
        "counts": store.counts,
    }
    return doors[name]()


@pytest.mark.parametrize("door", ["write", "consult", "counts"])
def test_a_room_can_only_read(store: Store, door: str) -> None:
    before, taken = entries(store), snapshot(store)
    for sql in WAYS:
        with pytest.raises((Refused, sqlcipher3.OperationalError)) as refusal, room(door, store) as reader:
            reader.execute(sql)
        if isinstance(refusal.value, sqlcipher3.OperationalError):
            assert re.match("no such function|cannot VACUUM", str(refusal.value)), sql
    assert (entries(store), snapshot(store)) == (before, taken)
    assert verify(store).ok
    assert not (Path.cwd() / "plain.db").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "update desk set at = at + 1",
        "delete from link",
        "pragma foreign_keys = off",
        "begin immediate",
        "create table if not exists notes (x)",
    ],
)
def test_a_statement_that_was_run_in_trust_is_refused_without(store: Store, sql: str) -> None:
    with store.cipher.trusted() as connection:
        for _ in range(3):
            connection.execute(sql)
            if connection.in_transaction:
                connection.execute("rollback")
    with pytest.raises(Refused):
        store.cipher.execute(sql)
    with pytest.raises(Refused):
        store.cipher.execute(sql)


def test_a_cursor_that_was_made_in_trust_is_refused_without(store: Store) -> None:
    with store.cipher.trusted() as connection:
        cursor = connection.cursor()
    with pytest.raises(sqlcipher3.DatabaseError, match="not authorized|prohibited"):
        cursor.execute("delete from desk")


def test_trust_ends_where_it_was_given_even_after_an_error(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.cipher.trusted():
        raise ZeroDivisionError
    with pytest.raises(Refused):
        store.cipher.execute("delete from desk")


@pytest.mark.parametrize(
    "sql",
    [
        "update entry set detail = '{}'",
        "delete from entry",
        "insert or replace into entry select * from entry",
        "update payload set body = x'00'",
        "delete from payload",
        "insert or replace into payload select * from payload",
    ],
)
def test_the_vault_itself_can_neither_change_nor_replace_the_journal(store: Store, sql: str) -> None:
    records.add(store, "person", {"pseudonym": "Willow-27"})
    before = entries(store)
    with (
        store.cipher.trusted() as connection,
        pytest.raises(sqlcipher3.IntegrityError, match="append-only|payload"),
    ):
        connection.execute(sql)
    assert entries(store) == before


def test_no_blob_of_the_journal_can_be_opened_for_writing(store: Store) -> None:
    with store.cipher.trusted() as connection:
        for table, column in (("entry", "hash"), ("payload", "body")):
            with pytest.raises(sqlcipher3.OperationalError, match="without rowid"):
                connection.open_blob(table, column, 1)


def test_no_room_and_no_face_goes_round_the_doors() -> None:
    way_round = re.compile(r"\.trusted\(|\._connection\b|import sqlcipher3|\bCipher\(|cipher\.connect\(")
    root = Path(__file__).parent.parent
    for top in ("db", "commands", "tui"):
        for path in (root / top).rglob("*.py"):
            if (root / "db" / "vault") not in path.parents:
                assert not way_round.search(path.read_text()), path


# a change and its entry


def fail_after_a_change(store: Store, tx: Write, ref: str) -> None:
    tx.amend(records.find(tx, store.id_key, ref, ("person",)).id, {"status": "closed"})
    tx.create("offender", {"category": "reported", "identity_confidence": "unknown"})
    tx.execute("select 1")
    raise ZeroDivisionError


def test_a_change_and_its_entry_land_together_or_not_at_all(store: Store) -> None:
    ref = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    before, taken = entries(store), snapshot(store)
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        fail_after_a_change(store, tx, ref)
    assert (entries(store), snapshot(store)) == (before, taken)


@pytest.mark.parametrize("step", ["finish", "write_out", "_link"])
def test_what_breaks_inside_the_door_leaves_nothing_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from db.vault.chain import Chain

    ref = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    before, taken = entries(store), snapshot(store)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Chain, step, broken)
        with pytest.raises(ZeroDivisionError):
            records.amend(store, "person", ref, {"status": "closed"})
    assert (entries(store), snapshot(store)) == (before, taken)
    records.amend(store, "person", ref, {"status": "closed"})
    assert verify(store).ok


def test_a_write_that_changes_nothing_leaves_no_entry(store: Store) -> None:
    records.add(store, "person", {"pseudonym": "Willow-27"})
    before = entries(store)
    with store.write() as tx:
        tx.execute("select count(*) from person").fetchone()
    assert entries(store) == before


def test_every_word_an_officer_typed_is_in_a_payload_and_none_in_the_clear(store: Store) -> None:
    ref = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    records.amend(store, "person", ref, {"safety": "ring nobody"}, Why("correction", "she asked"))
    clear = str([row[:-2] for row in entries(store)])
    assert "nobody" not in clear
    assert "asked" not in clear
    assert "Willow" not in clear


@pytest.mark.parametrize(
    "detail", [{"reason": "she asked"}, {"note": "x"}, {"fields": ["A b"]}, {"count": "7"}]
)
def test_words_in_the_clear_are_a_fault_in_the_program(store: Store, detail: dict[str, Any]) -> None:
    with pytest.raises(AssertionError), store.write(detail=detail) as tx:
        tx.chain.event("lock")


def test_no_record_is_made_twice(store: Store) -> None:
    def make(tx: Write) -> bytes:
        return tx.create("offender", {"category": "reported", "identity_confidence": "unknown"}, "M1")

    with store.write() as tx:
        make(tx)
    with pytest.raises(Refused, match="amend it"), store.write() as tx:
        make(tx)
    with store.write() as tx:
        tx.create_as("vehicle", bytes(16), {})
    with pytest.raises(Refused, match="amend it"), store.write() as tx:
        tx.create_as("vehicle", bytes(16), {})
    assert verify(store).ok
