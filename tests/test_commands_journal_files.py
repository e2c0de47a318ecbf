"""A journal carried from one desk to another on the command line."""

import shutil
from pathlib import Path

import pytest

from db.vault import files
from tests.conftest import Clock, Unit
from tests.desk import Desk


@pytest.fixture
def two(
    unit: Unit,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[Desk, Desk]:
    """Two desks of one unit; what is given to the second goes with ``--unit``."""
    other = tmp_path / "other"
    shutil.copytree(unit.folder, other)
    first = Desk(unit, clock, monkeypatch, capsys)
    return first, Desk(unit._replace(folder=other), clock, monkeypatch, capsys)


def at(desk: Desk, *words: str) -> list[str]:
    return ["--unit", str(desk.unit.folder), *words]


def test_what_one_desk_exports_another_imports_and_finds(two: tuple[Desk, Desk], tmp_path: Path) -> None:
    a, b = two
    ref = a.ref(*at(a, "people", "add", "--pseudonym", "Willow-27"))
    file = str(tmp_path / "a.beech")
    made = a(*at(a, "journal", "export", file, "-f", "json"))
    assert (made.code, made.json["members"]) == (0, 1)
    taken = b(*at(b, "journal", "import", file, "-f", "json"))
    assert taken.code == 0, taken.err
    assert (taken.json["records"], taken.json["faults"], taken.json["conflicts"]) == (1, [], [])
    assert b(*at(b, "people", "show", ref, "-f", "json")).json["pseudonym"] == "Willow-27"
    again = b(*at(b, "journal", "import", file))
    assert (again.code, "0 entries taken, 0 records changed" in again.err) == (0, True)
    assert b(*at(b, "journal", "verify")).code == 0


def test_an_import_names_what_two_members_changed_unaware_of_each_other(
    two: tuple[Desk, Desk], tmp_path: Path
) -> None:
    a, b = two
    ref = a.ref(*at(a, "vehicles", "add", "--make", "Ford"))
    a(*at(a, "journal", "export", str(tmp_path / "1")))
    b(*at(b, "journal", "import", str(tmp_path / "1")))
    for desk, colour in ((a, "red"), (b, "black")):
        changed = desk(*at(desk, "vehicles", "amend", ref, "--colour", colour, "--reason", "correction"))
        assert changed.code == 0, changed.err
    b(*at(b, "journal", "export", str(tmp_path / "2")))
    taken = a(*at(a, "journal", "import", str(tmp_path / "2"), "-f", "json"))
    assert taken.json["conflicts"] == [{"ref": ref, "fields": ["colour"]}]


def test_a_file_that_is_none_is_refused_and_one_that_exists_is_kept(
    two: tuple[Desk, Desk], tmp_path: Path
) -> None:
    a, _ = two
    (tmp_path / "notes.txt").write_text("nothing of ours")
    assert a(*at(a, "journal", "import", str(tmp_path / "notes.txt"))).code == 6
    assert a(*at(a, "journal", "import", str(tmp_path / "missing"))).code == 4
    assert a(*at(a, "journal", "export", str(tmp_path / "notes.txt"))).code == 5
    assert (tmp_path / "notes.txt").read_text() == "nothing of ours"


def test_a_desk_that_was_copied_and_worked_on_twice_is_an_alarm(
    two: tuple[Desk, Desk], tmp_path: Path
) -> None:
    a, b = two
    a.ref(*at(a, "vehicles", "add", "--make", "One"))
    shutil.rmtree(b.unit.folder)
    shutil.copytree(a.unit.folder, b.unit.folder)
    (state,) = files.state_folder().glob("desk-*.json")
    kept = state.read_bytes()
    a.ref(*at(a, "vehicles", "add", "--make", "Two"))
    with pytest.MonkeyPatch.context() as patch:  # a state folder copied along with the unit
        patch.setattr("db.vault.store.Store.state_path", lambda _: tmp_path / "copied")
        (tmp_path / "copied").write_bytes(kept)
        b.ref(*at(b, "vehicles", "add", "--make", "Three"))
        b(*at(b, "journal", "export", str(tmp_path / "b.beech")))
    taken = a(*at(a, "journal", "import", str(tmp_path / "b.beech")))
    assert taken.code == 6
    assert "desk-forked" in taken.err
    assert "nothing was taken" in taken.err
    assert [car["make"] for car in a(*at(a, "vehicles", "list", "-f", "json")).json] == ["One", "Two"]
