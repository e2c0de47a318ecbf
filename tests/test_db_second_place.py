"""The second place for backups: a copy at the lock, what is said without one, a restore tried out."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from db import doctor, records, settings, shifts, standing
from db.errors import Busy, Damaged, Locked, NotFound, Refused
from db.records import Why
from db.vault import backup, drill, founding, keys, opening, places
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit

DAY = 24 * 3600


def settled(store: Store, place: Path) -> None:
    changes = settings.propose(store, f'backup_place = "{place}"\n', "test.toml")
    settings.apply(store, changes, Why("audit"))


def health(store: Store) -> dict[str, Any]:
    told: dict[str, Any] = standing.of(store)["health"]
    return told


def test_a_lock_puts_a_copy_in_the_second_place_when_the_last_is_a_day_old(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    place = tmp_path / "stick"
    assert list(shifts.ends(store)) == []
    settled(store, place)
    (said,) = shifts.ends(store)
    assert str(place) in said
    assert list(shifts.ends(store)) == []
    clock.forward(DAY + 1)
    assert len(list(shifts.ends(store))) == 1
    assert len(backup.found_in(place)) == 2
    assert verify(store).ok


def test_a_place_that_is_gone_is_one_sentence_and_stops_no_lock(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settled(store, tmp_path / "file" / "stick")
    (said,) = shifts.ends(store)
    assert said.startswith("no copy was made in the second place: ")


def test_a_stick_that_is_there_is_taken_as_it_is_and_one_that_is_not_is_never_made_on_this_disk(
    store: Store, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    stick.chmod(0o755)
    made = backup.make(store, stick)
    assert made.folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(Refused, match="plug the second place in"):
        backup.make(store, tmp_path / "unplugged" / "beech")
    assert not (tmp_path / "unplugged").exists()


def test_a_place_that_does_not_answer_is_left_alone_and_nothing_hangs(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = threading.Event()
    opened = os.open

    def dead(path: Any, *more: Any, **named: Any) -> int:
        if "stick" in str(path):
            stuck.wait()
        return opened(path, *more, **named)

    (tmp_path / "stick").mkdir()
    monkeypatch.setattr("os.open", dead)
    monkeypatch.setattr(places, "ANSWER_SECONDS", 0.05)
    try:
        with pytest.raises(Busy, match="does not answer within 0.05 seconds"):
            backup.make(store, tmp_path / "stick")
    finally:
        stuck.set()
    with store.counts() as reader:
        assert places.last_away(reader) is None


def test_without_a_copy_off_this_machine_status_and_doctor_say_so_from_the_seventh_day(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    backup.make(store)
    clock.forward(6 * DAY)
    assert not any("off this machine" in note for note in health(store)["notes"])
    clock.forward(DAY)
    assert any("no copy off this machine for 7 days" in note for note in health(store)["notes"])
    backup.make(store, tmp_path / "stick")
    backup.make(store)
    assert health(store)["days_without_copy_elsewhere"] == 0
    found = {one.check: one for one in doctor.unit(store).findings}
    assert found["backups"].ok
    clock.forward(8 * DAY)
    found = {one.check: one for one in doctor.unit(store).findings}
    assert "no copy off this machine for 8 days" in found["backups"].finding


def test_what_a_killed_drill_left_behind_is_told_with_its_mend(store: Store) -> None:
    assert {one.check: one for one in doctor.unit(store).findings}["leftovers"].ok
    (store.folder / ".restore-0011").mkdir()
    found = {one.check: one for one in doctor.unit(store).findings}["leftovers"]
    assert (found.ok, ".restore-0011" in found.finding) == (False, True)


# the drill


def test_a_drill_restores_verifies_counts_compares_and_leaves_nothing(store: Store, unit: Unit) -> None:
    records.add(store, "person", {"pseudonym": "Willow-1"})
    gone = records.add(store, "engagement", {"at": "2026-11-20T21:30", "narrative": "gone"})["ref"]
    made = backup.make(store)
    records.add(store, "person", {"pseudonym": "Willow-2"})
    from db import erasure

    for _ in range(2):
        erasure.erase(store, "engagement", gone, Why("subject_access"))
    before = sorted(path.name for path in unit.folder.iterdir())
    found = drill.drill(store, made.folder, (unit.passphrase, None))
    assert found.counts == {"engagement": (0, 1), "person": (2, 1)}
    assert (found.name, found.erasures, found.since > 0) == (made.name, 1, True)
    assert sorted(path.name for path in unit.folder.iterdir()) == before
    assert verify(store).ok


def test_the_newest_copy_is_drilled_here_or_in_the_second_place(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        drill.newest(store.folder, None)
    first = backup.make(store)
    clock.forward(60)
    second = backup.make(store)
    away = backup.make(store, tmp_path / "stick")
    assert first.folder != drill.newest(store.folder, None) == second.folder
    assert drill.newest(store.folder, tmp_path / "stick") == away.folder


def test_a_copy_that_would_not_restore_fails_its_drill_and_leaves_nothing(
    store: Store, unit: Unit, tmp_path: Path
) -> None:
    made = backup.make(store)
    with pytest.raises(Locked):
        drill.drill(store, made.folder, ("a wrong passphrase of six words", None))
    database = made.folder / "unit.db"
    raw = bytearray(database.read_bytes())
    raw[4096 * 3 + 50] ^= 1
    database.write_bytes(raw)
    with pytest.raises(Damaged):
        drill.drill(store, made.folder, (unit.passphrase, None))
    other = tmp_path / "other"
    founding.found(other, ("Other", "Sam"), unit.passphrase, cost=keys.MODERATE)
    with opening.with_passphrase(other, unit.passphrase, None, Face("script", "test"))[0] as stranger:
        theirs = backup.make(stranger)
    with pytest.raises(Refused, match="another unit"):
        drill.drill(store, theirs.folder, (unit.passphrase, None))
    assert list(store.folder.glob(".restore-*")) == []


def test_a_copy_of_a_past_that_this_unit_does_not_have_fails_its_drill(
    store: Store, unit: Unit, tmp_path: Path
) -> None:
    import shutil

    twin = tmp_path / "twin"
    shutil.copytree(unit.folder, twin)
    with opening.with_opened(twin, unit.opened, Face("script", "test")) as other:
        records.add(other, "person", {"pseudonym": "Willow-1"})
        made = backup.make(other)
    with pytest.raises(Damaged, match="holds what this unit's journal does not"):
        drill.drill(store, made.folder, (unit.passphrase, None))
