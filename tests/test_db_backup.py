"""A backup is known to open; a restore keeps what was there and brings nothing erased back."""

import shutil
import threading
from pathlib import Path

import pytest

from db import members, people, records
from db.errors import Busy, Damaged, Locked, NotFound, Refused
from db.records import Why
from db.vault import backup, founding, opening, restoring
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Unit
from tests.erased import WORDS, joined

FACE = Face("script", "test")


def engagement(store: Store, words: str) -> str:
    return str(records.add(store, "engagement", {"at": "now", "narrative": words})["ref"])


def erase(store: Store, ref: str) -> None:
    with store.write("subject_access") as tx:
        found = records.find(tx, store.id_key, ref, ("engagement",))
        tx.erase(found.id)


def test_a_backup_opens_with_the_members_own_passphrase_and_verifies(store: Store, unit: Unit) -> None:
    engagement(store, "kept words")
    made = backup.make(store)
    checked = backup.check(made.folder, unit.passphrase, None, FACE)
    assert checked.faults == ()
    assert [one.name for one in backup.listed(unit.folder)] == [made.name]


def test_a_backup_is_made_while_another_officer_goes_on_writing(store: Store, unit: Unit) -> None:
    def write_on() -> None:
        with opening.with_opened(unit.folder, unit.opened, FACE) as other:
            for number in range(40):
                engagement(other, f"contact {number}")

    officer = threading.Thread(target=write_on)
    officer.start()
    made = [backup.make(store) for _ in range(3)]
    officer.join()
    for one in made:
        assert backup.check(one.folder, unit.passphrase, None, FACE).faults == ()
    assert len(records.listing(store, "engagement")) == 40


def test_a_restore_brings_the_unit_back_and_keeps_what_was_there(store: Store, unit: Unit) -> None:
    first = engagement(store, "first")
    made = backup.make(store)
    second = engagement(store, "second")
    store.close()
    done = restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    assert done.kept is not None
    assert (done.kept / "unit.db").exists()
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        assert records.show(restored, "engagement", first)["narrative"] == "first"
        with pytest.raises(NotFound):
            records.show(restored, "engagement", second)
        assert verify(restored).ok


def test_a_restore_starts_a_new_desk(store: Store, unit: Unit) -> None:
    engagement(store, "first")
    made = backup.make(store)
    engagement(store, "second")
    before = {desk for (desk,) in store.cipher.execute("select desk from desk")}
    store.close()
    restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        after = {desk for (desk,) in restored.cipher.execute("select desk from desk")}
    assert len(after - before) == 1


def test_what_was_erased_after_the_backup_is_erased_again_by_the_restore(store: Store, unit: Unit) -> None:
    ref = engagement(store, "zebrawordtoforget")
    person = str(records.add(store, "person", {"pseudonym": "Willow-27"})["ref"])
    people.seal_identity(store, person, {"given_name": "Testina"}, Why())
    made = backup.make(store)
    erase(store, ref)
    people.detach(store, person, Why("correction"))
    store.close()
    done = restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
    assert done.erasures == 2
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        with pytest.raises(NotFound):
            records.show(restored, "engagement", ref)
        with pytest.raises(NotFound):
            people.reveal(restored, unit.opened, person, Why("welfare"))
        plain = unit.folder.parent / "plain.db"
        with restored.cipher.trusted() as connection:
            connection.execute(f"attach '{plain}' as plain key ''")
            connection.execute("select sqlcipher_export('plain')")
        assert b"zebrawordtoforget" not in plain.read_bytes()
        assert verify(restored).ok


def test_a_bare_machine_needs_the_backup_and_ones_own_passphrase_alone(
    store: Store, unit: Unit, tmp_path: Path
) -> None:
    ref = engagement(store, "carried over")
    made = backup.make(store, tmp_path / "stick")
    bare = tmp_path / "elsewhere" / "unit"
    done = restoring.restore(bare, made.folder, (unit.passphrase, None), FACE)
    assert done.kept is None
    with opening.with_opened(bare, unit.opened, FACE) as restored:
        assert records.show(restored, "engagement", ref)["narrative"] == "carried over"


def test_a_wrong_passphrase_restores_nothing(store: Store, unit: Unit) -> None:
    made = backup.make(store)
    before = (unit.folder / "unit.db").read_bytes()
    with pytest.raises(Locked):
        restoring.restore(unit.folder, made.folder, ("not the passphrase at all", None), FACE)
    assert (unit.folder / "unit.db").read_bytes() == before


def test_a_damaged_backup_is_told_and_restores_nothing(store: Store, unit: Unit) -> None:
    engagement(store, "words")
    made = backup.make(store)
    file = made.folder / "unit.db"
    raw = bytearray(file.read_bytes())
    raw[4096 * 5 + 100] ^= 1
    file.write_bytes(raw)
    with pytest.raises(Damaged):
        restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)


def test_a_backup_of_another_unit_is_not_put_in_its_place(store: Store, unit: Unit, tmp_path: Path) -> None:
    made = backup.make(store, tmp_path / "stick")
    other = tmp_path / "other"
    from db.vault import keys

    founding.found(other, ("Other Unit", "Jo"), "another lantern harbour nineteen", cost=keys.MODERATE)
    with pytest.raises(Refused, match="another unit"):
        restoring.restore(other, made.folder, (unit.passphrase, None), FACE)


def test_pruning_keeps_the_newest(store: Store, unit: Unit) -> None:
    names = [backup.make(store).name for _ in range(3)]
    gone = backup.prune(unit.folder, 1)
    left = [one.name for one in backup.listed(unit.folder)]
    assert len(left) == 1
    assert sorted([*gone, *left]) == sorted(names)


def test_a_place_that_cannot_be_written_makes_no_backup(store: Store, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(Refused):
        backup.make(store, blocked / "below")
    shutil.rmtree(tmp_path / "file", ignore_errors=True)
    assert blocked.read_text() == "no folder"


def test_who_is_no_supervisor_any_more_restores_no_copy_of_the_day_when_he_was(
    store: Store, unit: Unit
) -> None:
    ref = engagement(store, "words")
    joined(store, unit, "Jo", ("supervisor",))
    made = backup.make(store)
    erase(store, ref)
    members.remove(store, unit.opened, "Jo", "Sam")
    store.close()
    with pytest.raises(Refused, match="removed"):
        restoring.restore(unit.folder, made.folder, (WORDS, "Jo"), FACE)


def test_a_restore_says_where_nobody_knows_what_was_erased_since(store: Store, unit: Unit) -> None:
    made = backup.make(store)
    store.close()
    raw = bytearray((unit.folder / "unit.db").read_bytes())
    raw[4096 * 5 + 100] ^= 1
    raw[100] ^= 1
    (unit.folder / "unit.db").write_bytes(raw)
    assert restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE).unread
    with opening.with_opened(unit.folder, unit.opened, FACE) as restored:
        again = backup.make(restored)
    assert not restoring.restore(unit.folder, again.folder, (unit.passphrase, None), FACE).unread


def test_nobody_erases_between_the_question_what_was_erased_and_the_restore(store: Store, unit: Unit) -> None:
    made = backup.make(store)
    with pytest.raises(Busy, match="open"):
        restoring.restore(unit.folder, made.folder, (unit.passphrase, None), FACE)
