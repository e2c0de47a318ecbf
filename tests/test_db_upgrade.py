"""A unit that an older beech made: refused until it is brought up, and then whole.

``data/unit-version-1``, ``-2`` and ``-4`` were made by those versions of the tables, from
``furnished.RECORDS``.
"""

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from db import records
from db.engagements import answers
from db.errors import Damaged, Older
from db.vault import backup, cipher, files, folders, keys, opening, restoring, upgrade
from db.vault.verify import verify
from tests.conftest import PASSPHRASE
from tests.furnished import FACE
from tests.pages import raw_pages

DATA = Path(__file__).parent / "data"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A unit of version 1."""
    return of_version(1, tmp_path / "unit")


def of_version(number: int, folder: Path) -> Path:
    """A copy of the unit that a version of the tables made."""
    shutil.copytree(DATA / f"unit-version-{number}", folder)
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def slot_of(folder: Path) -> keys.Opened:
    """The founder's slot, open."""
    members = keys.load(folder / opening.MEMBERS)
    return keys.open_slot(members, members.named("Sam"), PASSPHRASE)


def test_an_older_unit_is_refused_with_the_command_that_brings_it_up_and_is_not_written(old: Path) -> None:
    before = (old / "unit.db").read_bytes()
    with pytest.raises(Older, match="beech unlock --yes"):
        opening.with_passphrase(old, PASSPHRASE, "Sam", FACE)
    assert (old / "unit.db").read_bytes() == before


@pytest.mark.parametrize("version", [1, 2, 4])
def test_an_older_unit_is_brought_up_whole_and_what_was_there_is_kept(version: int, tmp_path: Path) -> None:
    old = of_version(version, tmp_path / "unit")
    opened = slot_of(old)
    done = upgrade.bring_up(old, opened, FACE)
    with opening.with_opened(old, opened, FACE) as store:
        assert verify(store).ok
        assert records.show(store, "engagement", "E1")["narrative"] == "she was cold"
        assert records.show(store, "offender", "M1")["hair"] == "brown"
        assert [row["ref"] for row in records.listing(store, "engagement")]
    assert sorted(path.name for path in done.kept.iterdir()) == ["members.json", "unit.db"]
    with pytest.raises(Older):
        opening.with_opened(done.kept, slot_of(done.kept), FACE)
    assert not list(old.glob("*.new"))


def test_a_unit_is_brought_up_at_the_moment_when_its_passphrase_is_at_hand(old: Path) -> None:
    asked: list[keys.Opened] = []

    def agree(opened: keys.Opened) -> None:
        asked.append(opened)
        upgrade.bring_up(old, opened, FACE)

    store, _ = opening.with_passphrase(old, PASSPHRASE, "Sam", FACE, agree)
    with store:
        assert store.member.name == "Sam"
    with opening.with_passphrase(old, PASSPHRASE, "Sam", FACE, agree)[0] as store:
        assert len(asked) == 1


def test_an_older_unit_whose_journal_does_not_verify_stays_as_it_was(old: Path) -> None:
    opened = slot_of(old)
    key = opened.store_key(cipher.generation(old / "unit.db"))
    meddled = cipher.connect(old / "unit.db", key, older=True)
    with meddled.trusted() as connection:
        connection.execute("drop trigger entry_is_never_changed")
        connection.execute("update entry set role = 'supervisor' where seq = 3")
        connection.execute("pragma wal_checkpoint(truncate)")
    meddled.close()
    with pytest.raises(Damaged, match="stays as it was"):
        upgrade.bring_up(old, opened, FACE)
    with pytest.raises(Older):
        opening.with_opened(old, opened, FACE)
    assert not list((old / "backups").iterdir())


@pytest.mark.parametrize(
    ("room", "step"), [(files, "rename"), (folders, "make_folder"), (files, "create_exclusive")]
)
def test_an_upgrade_that_is_cut_short_leaves_a_unit_that_opens(
    old: Path, room: ModuleType, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = slot_of(old)
    real = getattr(room, step)
    calls: list[object] = []

    def cut(*args: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(room, step, cut)
        with pytest.raises(KeyboardInterrupt):
            upgrade.bring_up(old, opened, FACE)
    with pytest.raises(Older):
        opening.with_opened(old, opened, FACE)
    upgrade.bring_up(old, opened, FACE)
    with opening.with_opened(old, opened, FACE) as store:
        assert verify(store).ok


def test_with_a_woman_of_an_older_unit_go_the_words_of_looks_for_her(tmp_path: Path) -> None:
    folder = of_version(2, tmp_path / "unit")
    opened = slot_of(folder)
    upgrade.bring_up(folder, opened, FACE)
    with opening.with_opened(folder, opened, FACE) as store:
        answers.who(store, "Willow-27")
        with store.write("subject_access") as tx:
            (her,) = tx.execute(
                "select r.id from person as x join record as r on r.n = x.n where x.pseudonym = 'Willow-27'"
            ).fetchone()
            tx.erase(her)
        assert b"Willow" not in raw_pages(store)
        assert verify(store).ok


def test_a_unit_brought_up_can_be_backed_up_and_checked(old: Path) -> None:
    opened = slot_of(old)
    upgrade.bring_up(old, opened, FACE)
    with opening.with_opened(old, opened, FACE) as store:
        made = backup.make(store)
    assert backup.check(made.folder, PASSPHRASE, "Sam", FACE).faults == ()


def test_a_copy_that_an_older_beech_made_is_checked_and_restored_by_this_one(
    old: Path, tmp_path: Path
) -> None:
    before = (old / "unit.db").read_bytes()
    assert backup.check(old, PASSPHRASE, "Sam", FACE).faults == ()
    folder = tmp_path / "restored"
    done = restoring.restore(folder, old, (PASSPHRASE, "Sam"), FACE)
    assert done.kept is None
    with opening.with_opened(folder, slot_of(folder), FACE) as store:
        assert verify(store).ok
        assert records.show(store, "engagement", "E1")["narrative"] == "she was cold"
    assert (old / "unit.db").read_bytes() == before
