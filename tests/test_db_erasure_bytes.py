"""What is erased is gone from every byte of the file and its log; what a keyring holds opens no name."""

from pathlib import Path

import pytest

from db import erasure, finding, records, standing
from db.errors import Busy
from db.vault import backup, keys, opening, restoring, session
from db.vault.cipher import Cipher
from db.vault.store import LAGS, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.erased import CANARIES, FACE, WHY, Her, ask_and_empty, gone, one
from tests.pages import raw_pages


def in_file(store: Store) -> set[bytes]:
    raw = raw_pages(store).lower()
    return {word for word in CANARIES if word in raw}


def in_words(store: Store) -> set[bytes]:
    """Canaries in the shadow tables of full-text search, whatever their column."""
    tables = store.cipher.execute("select name from sqlite_schema where name like '%_words_%'").fetchall()
    found = b""
    for (table,) in tables:
        for row in store.cipher.execute(f"select * from {table}"):  # noqa: S608 - a table of the file
            found += b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    assert tables
    return {word for word in (*CANARIES, b"tigernarrative") if word in found}


def test_no_byte_of_an_erased_woman_is_left_in_the_file_or_its_log(store: Store) -> None:
    for number in range(120):
        one(store, "person", pseudonym=f"Willow-{number}", safety="ring nobody at all after nine")
    her = Her(store)
    records.amend(store, "person", her.ref, {"safety": "zebrasafeword, and then another"}, WHY)
    for number in range(120):
        one(store, "person", pseudonym=f"Rowan-{number}", safety="ring nobody at all after nine")
    assert in_file(store) == set(CANARIES)
    ask_and_empty(store, "person", her.ref)
    assert in_file(store) == set()
    log = store.folder / "unit.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert verify(store).ok


def test_no_word_of_an_erased_contact_is_left_in_any_index(store: Store) -> None:
    other = [one(store, "engagement", at="now", narrative=f"heron {number}") for number in range(60)]
    ref = one(store, "engagement", at="now", narrative="tigernarrative", mentions="tigernarrative in a van")
    records.amend(store, "engagement", ref, {"narrative": "tigernarrative again"}, WHY)
    assert in_words(store) == {b"tigernarrative"}
    ask_and_empty(store, "engagement", ref)
    assert in_words(store) == set()
    assert b"tigernarrative" not in raw_pages(store)
    assert len(finding.find(store, "heron", None)) == len(other)


def test_no_word_of_an_erased_man_car_sighting_or_concern_is_left_in_any_index(store: Store) -> None:
    contact = one(store, "engagement", at="now")
    word = {"injury": "tigernarrative", "description": {"build": "tigernarrative"}}
    made = [
        ("concern", one(store, "concern", engagement=contact, **word)),
        ("offender", one(store, "offender", name="Tigernarrative", marks=["tigernarrative"])),
        ("engagement", one(store, "engagement", at="now", mentions="tigernarrative")),
    ]
    car = one(store, "vehicle", make="tigernarrative", offender=made[1][1])
    one(store, "sighting", at="now", vehicle=car, note="tigernarrative")
    assert in_words(store) == {b"tigernarrative"}
    for kind, ref in made:
        ask_and_empty(store, kind, ref)
    assert in_words(store) == set()
    assert b"tigernarrative" not in raw_pages(store).lower()
    assert verify(store).ok


def test_an_older_backup_restored_brings_nothing_back(store: Store, unit: Unit) -> None:
    her = Her(store)
    contact = one(store, "engagement", at="now", narrative="tigernarrative")
    made = backup.make(store)
    ask_and_empty(store, "person", her.ref)
    ask_and_empty(store, "engagement", contact)
    store.close()
    restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        assert in_file(restored) == set()
        assert in_words(restored) == set()
        assert b"tigernarrative" not in raw_pages(restored)
        assert gone(restored, "person", her.ref)
        assert verify(restored).ok


def test_what_is_erased_is_not_read_by_a_colleague_who_had_the_file_open(
    store: Store, unit: Unit, clock: Clock
) -> None:
    her = Her(store)
    with opening.with_opened(unit.folder, unit.opened, FACE) as theirs:
        theirs.clock = clock
        assert len(records.listing(theirs, "person")) == 1
        ask_and_empty(store, "person", her.ref)
        assert records.listing(theirs, "person") == []
        assert in_file(theirs) == set()


def test_an_erasure_stands_though_another_writes_at_once_or_still_reads_what_was_there(
    store: Store, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    her = Her(store)
    erasure.erase(store, "person", her.ref, WHY)
    told: list[bool] = []
    store.face = FACE._replace(lagging=lambda: told.append(True))
    begin, begun = Cipher.begin, []

    def once(cipher: Cipher) -> None:
        begun.append(cipher)
        if len(begun) > 1:
            raise Busy("another program writes")
        begin(cipher)

    with opening.with_opened(unit.folder, unit.opened, FACE) as theirs, theirs.counts() as reader:
        assert reader.execute("select count(*) from person").fetchone() == (1,)
        monkeypatch.setattr(Cipher, "begin", once)
        assert erasure.erase(store, "person", her.ref, WHY).state == "erased"
        monkeypatch.setattr(Cipher, "begin", begin)
        assert store.log_lags
        assert LAGS in standing.announced(store)
        assert (store.folder / "unit.db-wal").stat().st_size > 0
        assert reader.execute("select count(*) from person").fetchone() == (1,)
    one(store, "engagement", at="now")
    assert not store.log_lags
    assert in_file(store) == set()
    assert (store.folder / "unit.db-wal").stat().st_size == 0
    store.close()
    assert told == []


def test_who_closes_while_another_still_reads_what_was_erased_is_told(store: Store, unit: Unit) -> None:
    her = Her(store)
    told: list[bool] = []
    store.face = FACE._replace(lagging=lambda: told.append(True))
    with opening.with_opened(unit.folder, unit.opened, FACE) as theirs:
        with theirs.counts() as reader:
            assert reader.execute("select count(*) from person").fetchone() == (1,)
            ask_and_empty(store, "person", her.ref)
            store.close()
        assert told == [True]
    with opening.with_opened(unit.folder, unit.opened, FACE) as again:
        assert in_file(again) == set()
        assert not again.log_lags


# the keyring


def test_a_dump_of_the_keyring_and_of_every_file_beside_the_unit_opens_no_name(
    store: Store, unit: Unit, home: Path, secret_service: None
) -> None:
    import secretstorage

    made = opening.begin_session(store, unit.opened)
    session.keep(made, unit.folder, store.now())
    slot = keys.load(unit.folder / "members.json").named(unit.member)
    private = [unit.opened.identity_key(public) for public in slot.identity_keys]
    secret = [unit.opened.seed, *private]
    connection = secretstorage.dbus_init()
    try:
        kept = b""
        for collection in secretstorage.get_all_collections(connection):
            if not collection.is_locked():
                for item in collection.get_all_items():
                    kept += (
                        item.get_secret() + repr(item.get_attributes()).encode() + item.get_label().encode()
                    )
    finally:
        connection.close()
        session.end(unit.opened.unit, unit.folder)
    assert kept, "the session was not kept"
    files = [path.read_bytes() for path in (*home.rglob("*"), *unit.folder.rglob("*")) if path.is_file()]
    for raw in (kept, *files):
        for one_key in secret:
            assert one_key not in raw
            assert one_key.hex().encode() not in raw.lower()
