"""A full disk: the program ends with 9, and nothing is half there."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import records
from db.vault import opening
from db.vault.store import Face, Store
from tests.attacks import (
    ONE,
    around,
    assert_refused,
    assert_whole,
    beech,
    command,
    ended,
    narratives,
    start,
)
from tests.conftest import Unit


def limited(size: int) -> str:
    """No file of the process can grow beyond so many bytes, as on a disk without room.

    Nor is what Python compiles kept: cut short, it would be read by whoever comes next.
    """
    return f"""
import resource, signal, sys
sys.dont_write_bytecode = True
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
"""


@pytest.fixture
def filled(store: Store, unit: Unit) -> Unit:
    for number in range(20):
        records.add(store, "engagement", {"at": "2026-11-21T23:40", "narrative": f"contact {number} " * 50})
    store.close()
    return unit


@pytest.mark.parametrize("size", [0, 1, 4096, 8192, 20_000, 33_000, 40_000, 60_000])
def test_a_save_without_room_ends_with_9_and_nothing_is_changed(filled: Unit, size: int) -> None:
    before = narratives(filled)
    ran = beech(filled, "log", "--from-json", "-", stdin=ONE, patch=limited(size))
    if ran.code == 0:  # there was room for it in the log beside the file
        assert len(narratives(filled)) == len(before) + 1
    else:
        assert_refused(ran, 9, "room")
        assert narratives(filled) == before
    assert_whole(filled)
    assert beech(filled, "log", "--from-json", "-", stdin=ONE).code == 0
    assert "the last one there was room for" in narratives(filled)
    assert_whole(filled)


@pytest.mark.parametrize("size", [100_000, 400_000, 800_000])
def test_an_import_without_room_ends_with_9_and_is_not_half_there(
    filled: Unit, tmp_path: Path, size: int
) -> None:
    rows = tmp_path / "rows.ndjson"
    row = {"at": "2026-10-01T20:00", "narrative": "what she said " * 20}
    rows.write_text("\n".join(json.dumps(row | {"external_ref": f"x{n}"}) for n in range(3000)))
    words = ("import", "engagements", str(rows), "--apply")
    assert_refused(beech(filled, *words, patch=limited(size)), 9, "room")
    assert len(narratives(filled)) == 20
    assert_whole(filled)


def test_a_look_whose_entry_there_is_no_room_for_shows_nothing(filled: Unit) -> None:
    assert_refused(beech(filled, "engagements", "list", patch=limited(4096)), 9, "room")


def test_a_backup_without_room_leaves_no_copy(filled: Unit) -> None:
    ran = beech(filled, "backup", patch=limited(70_000))
    assert_refused(ran, 9)
    kept = filled.folder / "backups"
    assert not kept.exists() or not list(kept.iterdir())
    assert beech(filled, "backup").code == 0


def test_an_out_file_without_room_leaves_the_old_one(filled: Unit, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    out.write_text("the list of yesterday")
    patch = "from commands import printing\nwhole = printing.put\ndef put(*args):\n" + "".join(
        f"    {line}\n" for line in limited(1000).strip().splitlines()
    )
    patch += "    return whole(*args)\nprinting.put = put\n"
    ran = beech(filled, "engagements", "list", "--out", str(out), patch=patch)
    assert_refused(ran, 9, "no room")
    assert out.read_text() == "the list of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir() if "list" in path.name) == ["list.csv"]


def test_an_init_without_room_leaves_nothing_that_looks_like_a_unit(unit: Unit, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    for size in (0, 1000, 50_000, 150_000):
        ran = beech(
            unit,
            *("--unit", str(folder), "--no-input", "init", "--name", "New", "--member", "Sam"),
            env={"BEECH_PASSPHRASE_FILE": str(unit.secret)},
            patch=limited(size),
        )
        assert_refused(ran, 9)
        assert not (folder / "members.json").exists()
        assert not (folder / "unit.db").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("no mount on this system")
    options = ["-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(place)]
    done = subprocess.run(["mount", *options], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("this account may not mount a file system: RLIMIT_FSIZE stands for the full disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_on_a_disk_that_fills_up_every_acknowledged_save_is_there(unit: Unit, small_disk: Path) -> None:
    here = unit._replace(folder=small_disk / "unit")
    shutil.copytree(unit.folder, here.folder)
    filling = """
from db import records
from db.vault import opening
from db.vault.store import Face
store = opening.with_opened(Path(folder), frame.opened, Face("script", "test"))
while True:
    said = {"at": "2026-11-21T23:40", "narrative": "what she said " * 300}
    print(records.add(store, "engagement", said)["ref"], flush=True)
"""
    process = start(command(here, patch=filling), around(here.folder))
    ran = ended(process)
    assert "Busy" in ran.err  # which commands.__main__ would have said in a sentence
    acknowledged = set(ran.out.split())
    assert len(acknowledged) > 20
    larger = unit._replace(folder=unit.folder.with_name("moved"))
    shutil.copytree(here.folder, larger.folder)
    with opening.with_opened(larger.folder, larger.opened, Face("script", "test")) as store:
        refs = {one["ref"] for one in records.listing(store, "engagement")}
    assert acknowledged <= refs
    assert len(refs) <= len(acknowledged) + 1
    assert_whole(larger)
