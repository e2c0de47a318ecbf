"""What doctor finds: on a machine that is made up in files, and in a real unit."""

import sys
from pathlib import Path

import pytest

from db import doctor, journals
from db.vault import backup
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock


def by_check(findings: list[doctor.Finding]) -> dict[str, doctor.Finding]:
    return {one.check: one for one in findings}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A system's own files: one zram swap, one encrypted, and a head line."""
    root = tmp_path / "root"
    (root / "proc").mkdir(parents=True)
    (root / "sys/block/dm-1/dm").mkdir(parents=True)
    (root / "sys/block/dm-1/dm/uuid").write_text("CRYPT-PLAIN-swap\n")
    (root / "proc/swaps").write_text("Filename Type Size\n/dev/zram0 partition 1\n/dev/dm-1 partition 1\n")
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux says it")
def test_swap_in_memory_or_encrypted_is_well_and_any_other_is_named(store: Store, root: Path) -> None:
    assert by_check(list(doctor.machine(store.folder, root)))["swap"].ok
    swaps = root / "proc/swaps"
    swaps.write_text(swaps.read_text() + "/dev/sda2 partition 1\n")
    found = by_check(list(doctor.machine(store.folder, root)))["swap"]
    assert not found.ok
    assert "/dev/sda2" in found.finding
    assert "dm-1" not in found.finding


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_a_file_that_others_can_read_is_found_with_its_mend(store: Store, root: Path) -> None:
    assert by_check(list(doctor.machine(store.folder, root)))["files"].ok
    (store.folder / "members.json").chmod(0o644)
    found = by_check(list(doctor.machine(store.folder, root)))["files"]
    assert not found.ok
    assert found.mend == f"chmod 00600 {store.folder / 'members.json'}"


def test_a_saved_screen_is_found(
    store: Store, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    assert by_check(list(doctor.machine(store.folder, root)))["terminal"].ok
    kept = home / ".tmux/resurrect/pane_contents.tar.gz"
    kept.parent.mkdir(parents=True)
    kept.touch()
    found = by_check(list(doctor.machine(store.folder, root)))["terminal"]
    assert (found.ok, str(kept.parent) in found.finding) == (False, True)


def test_a_fresh_unit_wants_a_backup_a_second_liaison_and_its_legal_references(store: Store) -> None:
    inside = doctor.unit(store)
    assert not inside.damaged
    wanting = {one.check for one in inside.findings if not one.ok}
    assert wanting == {"backups", "liaisons", "roles", "law"}
    assert all(one.mend for one in inside.findings if not one.ok)


def test_a_backup_is_well_for_a_day(store: Store, clock: Clock) -> None:
    backup.make(store)
    assert by_check(doctor.unit(store).findings)["backups"].ok
    clock.forward(3 * 86400)
    assert not by_check(doctor.unit(store).findings)["backups"].ok


def test_a_clock_behind_the_newest_entry_is_found(store: Store, clock: Clock) -> None:
    journals.record_verification(store, verify(store))
    assert by_check(doctor.unit(store).findings)["clock"].ok
    clock.forward(-3600)
    found = by_check(doctor.unit(store).findings)["clock"]
    assert (found.ok, "60 minutes" in found.finding) == (False, True)


def test_looking_leaves_no_entry(store: Store) -> None:
    before = len(journals.entries(store))
    doctor.unit(store)
    assert len(journals.entries(store)) == before


def test_a_journal_that_lacks_what_was_witnessed_is_damage(store: Store) -> None:
    inside = doctor.unit(store, (1, 9999, "00" * 32))
    assert inside.damaged
    assert not by_check(inside.findings)["journal"].ok
