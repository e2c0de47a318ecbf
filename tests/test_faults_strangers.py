"""Files of another unit and of a newer beech: told from damage, nothing shown, nothing written."""

import json
import shutil
from pathlib import Path

import pytest

from db import records
from db.vault import cipher, founding, keys, opening
from db.vault.store import Face
from db.vault.versions import SCHEMA
from tests.attacks import assert_refused, beech, by_passphrase, contents
from tests.conftest import PASSPHRASE, Unit

SECRET = "zebra crossing"  # what no process may show


@pytest.fixture
def other(founded: Unit, tmp_path: Path) -> Unit:
    """Another unit, with the same passphrase, the same names and a record of its own."""
    folder = tmp_path / "other"
    made = founding.found(folder, ("Invented Unit", "Sam"), PASSPHRASE, cost=keys.MODERATE)
    store, opened = opening.with_passphrase(folder, PASSPHRASE, None, Face("script", "test"))
    with store:
        records.add(store, "engagement", {"at": "2026-11-21T23:40", "narrative": SECRET})
    return Unit(folder, PASSPHRASE, folder, "Sam", made.recovery_code, opened)


def assert_left_alone(unit: Unit, *words: str) -> None:
    """A command ends with 6, shows nothing, and leaves every file as it was."""
    before = contents(unit.folder)
    ran = by_passphrase(unit, *words)
    assert_refused(ran, 6)
    assert SECRET not in ran.err
    after = contents(unit.folder)
    for name in ("unit.lock", "unit.db-shm"):
        before.pop(name, None)
        after.pop(name, None)
    assert after == before


@pytest.mark.parametrize("name", ["unit.db", "members.json"])
def test_a_file_of_another_unit_is_told_and_left_alone(unit: Unit, other: Unit, name: str) -> None:
    shutil.copy(other.folder / name, unit.folder / name)
    assert_left_alone(unit, "engagements", "list")
    assert_left_alone(unit, "log", "--from-json", "-")


def test_a_strangers_file_whose_key_was_sealed_to_a_member_shows_nothing_and_is_not_written(
    unit: Unit, other: Unit
) -> None:
    """Whoever can write the folder for a minute knows the public keys, and can seal his own to them."""
    generation = cipher.generation(other.folder / "unit.db")
    strangers = {generation: other.opened.store_key(generation)}
    members = keys.load(unit.folder / "members.json")
    keys.save(
        unit.folder / "members.json",
        keys.Members(members.unit, tuple(keys.give(slot, strangers, {}) for slot in members.slots)),
    )
    shutil.copy(other.folder / "unit.db", unit.folder / "unit.db")
    assert_left_alone(unit, "engagements", "list")
    assert_left_alone(unit, "log", "--from-json", "-")


# --- a newer beech


def test_a_newer_members_json_is_usage_and_names_both_versions(unit: Unit) -> None:
    path = unit.folder / "members.json"
    path.write_text(
        json.dumps(json.loads(path.read_text()) | {"version": 2, "program": "9.1.0", "slots": "?"})
    )
    before = path.read_bytes()
    assert_refused(by_passphrase(unit, "people", "list"), 2, "9.1.0", "0.1.0")
    assert path.read_bytes() == before


def test_a_newer_unit_db_is_usage_and_is_not_written(unit: Unit) -> None:
    store = opening.with_opened(unit.folder, unit.opened, Face("script", "test"))
    with store, store.cipher.trusted() as connection:
        connection.execute(f"pragma user_version = {SCHEMA + 1}")
        connection.execute("pragma wal_checkpoint(truncate)")
    before = (unit.folder / "unit.db").read_bytes()
    for words in (("people", "list"), ("log", "--from-json", "-"), ("journal", "verify"), ("status",)):
        assert_refused(beech(unit, *words), 2, "newer beech")
    assert (unit.folder / "unit.db").read_bytes() == before
