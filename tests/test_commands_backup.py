"""``beech backup``, ``restore``, ``backups``: from the command line, with the copy's own passphrase."""

from pathlib import Path

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", str(unit.secret))
    return Desk(unit, clock, monkeypatch, capsys)


def test_a_copy_is_made_listed_verified_and_restored(desk: Desk) -> None:
    kept = desk.ref("people", "add", "--pseudonym", "Willow-27")
    name = desk("backup", "-f", "json").json["backup"]
    later = desk.ref("people", "add", "--pseudonym", "Alder-03")
    assert [row["backup"] for row in desk("backups", "list", "-f", "json").json] == [name]
    assert desk("backups", "verify", name).code == 0
    ran = desk("restore", name, "--yes")
    assert ran.code == 0, ran.err
    assert desk("people", "show", kept).code == 0
    assert desk("people", "show", later).code == 4


def test_the_newest_copy_is_verified_where_none_is_named_and_json_tells_of_it(desk: Desk) -> None:
    assert desk("backups", "verify").code == 4
    newest = desk("backup", "-f", "json").json["backup"]
    told = desk("backups", "verify", "-f", "json").json
    assert (told["backup"], told["ok"], told["faults"]) == (newest, True, [])
    assert told["entries"] > 0


def test_a_second_place_takes_a_copy(desk: Desk, tmp_path: Path) -> None:
    made = desk("backup", "--to", str(tmp_path / "stick"), "-f", "json").json
    assert Path(made["folder"]).parent == tmp_path / "stick"
    assert desk("backups", "list", "-f", "json").json == []
    assert desk("backups", "verify", made["folder"]).code == 0


def test_a_place_that_takes_nothing_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert desk("backup", "--to", str(tmp_path / "file" / "below")).code in (5, 9)


def test_a_damaged_copy_ends_with_six_and_changes_nothing(desk: Desk) -> None:
    made = desk("backup", "-f", "json").json
    file = Path(made["folder"]) / "unit.db"
    raw = bytearray(file.read_bytes())
    raw[4096 * 3 + 50] ^= 1
    file.write_bytes(raw)
    before = (desk.unit.folder / "unit.db").read_bytes()
    assert desk("backups", "verify", made["backup"]).code == 6
    assert desk("restore", made["backup"], "--yes").code == 6
    assert (desk.unit.folder / "unit.db").read_bytes() == before


def test_restoring_asks_first(desk: Desk) -> None:
    made = desk("backup", "-f", "json").json
    assert desk("restore", made["backup"]).code == 2


def test_a_copy_that_is_not_there_ends_with_four(desk: Desk) -> None:
    assert desk("restore", "2020-01-01T000000Z-abcdef", "--yes").code == 4


def test_pruning_leaves_the_newest(desk: Desk, clock: Clock) -> None:
    for _ in range(3):
        last = desk("backup", "-f", "json").json["backup"]
        clock.forward(60)
    assert desk("backups", "prune", "--keep", "1", "--yes").code == 0
    assert [row["backup"] for row in desk("backups", "list", "-f", "json").json] == [last]
    assert desk("backups", "prune", "--keep", "0", "--yes").code == 5


def test_a_restore_is_tried_out_in_one_command(desk: Desk, tmp_path: Path) -> None:
    assert desk("backups", "drill").code == 4
    desk.ref("people", "add", "--pseudonym", "Willow-27")
    desk("backup", "--to", str(tmp_path / "stick"))
    desk.ref("people", "add", "--pseudonym", "Alder-03")
    ran = desk("backups", "drill", "--from", str(tmp_path / "stick"), "-f", "json")
    assert ran.code == 0, ran.err
    assert ran.json["counts"] == [{"kind": "person", "now": 2, "copy": 1}]
    assert "restores" in ran.err
    assert list(desk.unit.folder.glob(".restore-*")) == []
