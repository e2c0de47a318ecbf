"""Files that are damaged, cut, swapped or of a newer beech: told apart, nothing shown, nothing written."""

import json
import os
from pathlib import Path

import pytest

from commands.__main__ import run
from commands.options import Frame
from db import records
from db.errors import Damaged
from db.exchange import importing, reading
from db.vault import opening
from db.vault.store import Face, Store
from tests.attacks import assert_refused, assert_whole, beech, by_passphrase, command, start
from tests.conftest import Unit
from tests.torture import LONG

PAGE = 4096
SECRET = "zebra crossing"  # what no process may show once the file is not what it was


@pytest.fixture
def filled(unit: Unit, store: Store, tmp_path: Path) -> Unit:
    """The unit with one woman and 400 contacts, closed: some hundred pages and no write-ahead log."""
    woman = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    rows = tmp_path / "contacts.ndjson"
    with rows.open("w") as file:
        for number in range(400):
            row = {
                "external_ref": f"x{number}",
                "at": f"2026-10-{number % 28 + 1:02}T21:30",
                "people": [woman],
            }
            file.write(json.dumps(row | {"narrative": f"{SECRET} {number} by the old mill lane"}) + "\n")
    source = reading.Source(rows)
    importing.run(store, "engagement", source, apply=True)
    source.close()
    store.close()
    assert not (unit.folder / "unit.db-wal").exists()
    return unit


def roots(unit: Unit) -> dict[str, int]:
    """The first page of each table and index."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        rows = store.cipher.execute("select name, rootpage from sqlite_schema where rootpage > 0").fetchall()
    return dict(rows)


def flip(path: Path, place: int) -> None:
    """Change one bit."""
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


# --- damaged pages


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("entry", ("engagements", "list")),
        ("payload", ("journal", "verify")),
        ("engagement", ("engagements", "list")),
        ("record", ("engagements", "list")),
        ("member", ("status",)),
        ("desk", ("engagements", "list")),
        ("link", ("engagements", "list")),
        ("engagement_words_data", ("find", "zebra")),
        ("sighting", ("journal", "verify")),
    ],
)
def test_a_damaged_page_ends_what_needs_it_with_6(filled: Unit, table: str, words: tuple[str, ...]) -> None:
    flip(filled.folder / "unit.db", (roots(filled)[table] - 1) * PAGE + 2000)
    before = (filled.folder / "unit.db").read_bytes()
    ran = beech(filled, *words)
    assert ran.code == 6, ran
    assert "Traceback" not in ran.err
    assert "unexpected" not in ran.err
    assert SECRET not in ran.out + ran.err
    assert (filled.folder / "unit.db").read_bytes() == before


def test_whatever_page_is_damaged_verify_tells_it_and_nothing_but_the_tree_of_errors_is_raised(
    filled: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (filled.folder / "unit.db").read_bytes()
    frame = ["--unit", str(filled.folder)]
    wanted: tuple[tuple[str, ...], ...] = (("engagements", "list"), ("find", "zebra"), ("people", "list"))
    step = 3 if LONG else 9
    for page in range(0, len(whole) // PAGE, step):
        (filled.folder / "unit.db").write_bytes(whole)
        flip(filled.folder / "unit.db", page * PAGE + 1000)
        assert run([*frame, "journal", "verify"], Frame(filled.opened)) == 6, page
        assert run([*frame, *wanted[page // step % len(wanted)]], Frame(filled.opened)) in (0, 6)
        capsys.readouterr()


def test_a_damaged_page_that_is_in_the_way_of_a_save_saves_nothing(filled: Unit) -> None:
    place = (roots(filled)["engagement_words_data"] - 1) * PAGE
    flip(filled.folder / "unit.db", place + 2000)
    ran = beech(
        filled, "log", "--from-json", "-", stdin='{"at": "2026-11-21T23:40", "narrative": "one more"}'
    )
    assert_refused(ran, 6, "damaged")
    flip(filled.folder / "unit.db", place + 2000)
    assert_whole(filled)
    shown = beech(filled, "engagements", "list", "-f", "json").json
    assert len(shown) == 400


# --- the write-ahead log


def left_open(unit: Unit, *narratives: str) -> None:
    """Save contacts in a process that is then killed: what it saved lies in the write-ahead log alone."""
    saving = f"""
import os
from db import records
from db.vault import opening
from db.vault.store import Face
store = opening.with_opened(Path(folder), frame.opened, Face("script", "test"))
at = "2026-11-21T23:40"
for said in {narratives!r}:
    print(records.add(store, "engagement", {{"at": at, "narrative": said}})["ref"], flush=True)
os.kill(os.getpid(), 9)
"""
    process = start(command(unit, patch=saving), os.environ)
    out, err = process.communicate(timeout=60)
    assert process.returncode == -9, err
    assert len(out.split()) == len(narratives)


def test_what_was_saved_before_a_kill_is_in_the_log_and_is_there_again(unit: Unit) -> None:
    left_open(unit, "first", "second")
    assert (unit.folder / "unit.db-wal").stat().st_size > 0
    shown = beech(unit, "engagements", "list", "-f", "json").json
    assert {one["narrative"] for one in shown} == {"first", "second"}
    assert_whole(unit)


@pytest.mark.parametrize("where", ["header", "first frame", "last frame", "cut", "gone"])
def test_a_damaged_write_ahead_log_is_told_by_verify(unit: Unit, where: str) -> None:
    left_open(unit, "first", "second")
    log = unit.folder / "unit.db-wal"
    size = log.stat().st_size
    if where == "cut":
        os.truncate(log, size - 5000)
    elif where == "gone":
        log.unlink()
    else:
        flip(log, {"header": 20, "first frame": 32 + 24 + 100, "last frame": size - 100}[where])
    ran = beech(unit, "journal", "verify")
    assert ran.code == 6, ran
    assert "witness-missing" in ran.out


# --- files that are cut, empty, in each other's place


@pytest.mark.parametrize("left", [0, 15, 16, 4095, 4096, 3 * 4096, -4096])
def test_a_file_cut_short_is_damaged(filled: Unit, left: int) -> None:
    path = filled.folder / "unit.db"
    os.truncate(path, left if left >= 0 else path.stat().st_size + left)
    before = path.read_bytes()
    assert_refused(beech(filled, "engagements", "list"), 6)
    assert path.read_bytes() == before


def test_a_file_that_lacks_its_last_byte_is_damaged_wherever_that_byte_is_needed(filled: Unit) -> None:
    path = filled.folder / "unit.db"
    os.truncate(path, path.stat().st_size - 1)
    ran = beech(filled, "journal", "verify")
    assert ran.code == 6, ran
    assert "unexpected" not in ran.err


def test_a_unit_db_that_is_missing_is_damage_and_no_new_one_is_made(unit: Unit) -> None:
    (unit.folder / "unit.db").unlink()
    assert_refused(beech(unit, "people", "list"), 6, "unit.db is missing")
    assert not (unit.folder / "unit.db").exists()


def test_a_members_json_that_is_missing_is_no_unit(unit: Unit) -> None:
    (unit.folder / "members.json").unlink()
    assert_refused(by_passphrase(unit, "people", "list"), 4, "no unit in")


@pytest.mark.parametrize("name", ["members.json", "unit.db"])
def test_a_folder_in_the_place_of_a_file_is_damage(unit: Unit, name: str) -> None:
    (unit.folder / name).unlink()
    (unit.folder / name).mkdir(mode=0o700)
    assert_refused(by_passphrase(unit, "people", "list"), 6, name)


def test_a_file_of_the_unit_that_is_open_to_others_is_refused_with_the_command_that_mends_it(
    unit: Unit,
) -> None:
    for path, mode, mend in (
        (unit.folder, 0o755, "chmod 00700"),
        (unit.folder / "unit.db", 0o644, "chmod 00600"),
        (unit.folder / "members.json", 0o660, "chmod 00600"),
        (unit.folder / "unit.lock", 0o666, "chmod 00600"),
    ):
        kept = path.stat().st_mode & 0o7777
        path.chmod(mode)
        ran = by_passphrase(unit, "people", "list")
        assert_refused(ran, 5, mend, str(path))
        path.chmod(kept)
    assert by_passphrase(unit, "people", "list").code == 0


@pytest.mark.parametrize("name", ["unit.db", "members.json", "unit.lock", "unit.db-wal"])
def test_a_link_in_the_place_of_a_file_of_the_unit_is_refused(unit: Unit, tmp_path: Path, name: str) -> None:
    place = unit.folder / name
    elsewhere = tmp_path / "elsewhere"
    if place.exists():
        place.rename(elsewhere)
    place.symlink_to(elsewhere)
    assert_refused(by_passphrase(unit, "people", "list"), 5, name, "link")


def test_a_damaged_file_is_not_called_a_wrong_passphrase_nor_the_other_way_round(unit: Unit) -> None:
    wrong = unit.secret.with_name("wrong")
    wrong.write_text("another lantern harbour seventeen")
    wrong.chmod(0o600)
    assert_refused(by_passphrase(unit, "people", "list", env={"BEECH_PASSPHRASE_FILE": str(wrong)}), 3)
    flip(unit.folder / "unit.db", 200)
    assert_refused(by_passphrase(unit, "people", "list"), 6)
    with pytest.raises(Damaged):
        opening.with_opened(unit.folder, unit.opened, Face("script", "test"))
