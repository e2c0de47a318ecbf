"""Somebody else writes, or the disk is full: the program waits, or ends with 9 and has changed nothing."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import records
from db.errors import Busy
from db.vault import backup, holding, opening, rotation
from db.vault.store import Face, Store
from tests.attacks import (
    around,
    assert_refused,
    assert_whole,
    beech,
    by_passphrase,
    command,
    contents,
    ended,
    killed_at_the_end,
    start,
)
from tests.conftest import Unit

ONE = '{"at": "2026-11-21T23:40", "narrative": "the last one there was room for"}'
SHORT = "from db.vault import cipher, holding; cipher.WAIT_SECONDS = holding.WAIT_SECONDS = 0.4"


def narratives(unit: Unit) -> list[str | None]:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        return [one["narrative"] for one in records.listing(store, "engagement")]


# --- another writer

_LONG_IMPORT = """
from db.vault.chain import Chain
whole = Chain.write_out
def write_out(self, *args, **more):
    whole(self, *args, **more)
    print("inside", flush=True)
    sys.stdin.readline()
    Chain.write_out = whole
Chain.write_out = write_out
"""


def test_a_look_waits_while_a_long_import_runs_and_then_shows_all_of_it(unit: Unit, tmp_path: Path) -> None:
    rows = tmp_path / "rows.ndjson"
    rows.write_text(
        "\n".join(json.dumps({"external_ref": f"x{n}", "at": "2026-10-01T20:00"}) for n in range(300))
    )
    line = command(unit, "import", "engagements", str(rows), "--apply", patch=_LONG_IMPORT)
    env = around(unit.folder)
    with killed_at_the_end(start(line, env)) as importing:
        assert importing.stdout is not None
        assert importing.stdout.readline() == b"inside\n"
        with killed_at_the_end(start(command(unit, "engagements", "list", "-f", "json"), env)) as looking:
            assert looking.stderr is not None
            said = looking.stderr.readline().decode()
            assert said.startswith("another program is writing to this unit: waiting for it")
            assert looking.poll() is None
            assert ended(importing, b"go on\n").code == 0
            looked = ended(looking)
    assert (looked.code, looked.err) == (0, "")
    assert len(looked.json) == 300


@pytest.mark.parametrize(
    "words", [("engagements", "list"), ("log", "--from-json", "-"), ("journal", "verify"), ("summary",)]
)
def test_after_the_wait_a_command_gives_up_with_9_and_has_changed_nothing(
    store: Store, unit: Unit, words: tuple[str, ...]
) -> None:
    records.add(store, "engagement", {"at": "2026-11-21T23:40", "narrative": "first"})
    with store.write():
        ran = beech(unit, *words, stdin=ONE, patch=SHORT)
    if words[0] == "summary":
        assert ran.code == 0, ran  # numbers show no person: no entry is owed, and nobody is waited for
    else:
        assert ran.code == 9, ran
        assert "try again" in ran.err
    store.close()
    assert narratives(unit) == ["first"]
    assert_whole(unit)


def test_a_writer_that_only_reads_meanwhile_is_no_obstacle(store: Store, unit: Unit) -> None:
    with store.counts() as reader:
        assert reader.execute("select count(*) from engagement").fetchone() == (0,)
        assert beech(unit, "log", "--from-json", "-", stdin=ONE).code == 0
        assert reader.execute("select count(*) from engagement").fetchone() == (0,)
    store.close()
    assert len(narratives(unit)) == 1


def test_a_rotation_while_somebody_has_the_unit_open_ends_with_9_and_changes_nothing(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "WAIT_SECONDS", 0.2)
    asking = start(command(unit, "log"), around(unit.folder))  # it keeps the unit open while it asks
    with killed_at_the_end(asking) as other:
        assert other.stderr is not None
        assert other.stderr.readline()
        before = contents(unit.folder)
        with pytest.raises(Busy, match="close its other windows"):
            rotation.rotate_store(unit.folder, unit.opened, Face("script", "test"))
        after = contents(unit.folder)
    assert after["unit.db"] == before["unit.db"]
    assert_whole(unit)
    assert by_passphrase(unit, "engagements", "list").code == 0


_WRITING = """
from db import records
from db.vault import opening
from db.vault.store import Face
store = opening.with_opened(Path(folder), frame.opened, Face("script", "test"))
print("begun", flush=True)
while True:
    records.add(store, "engagement", {"at": "2026-11-21T23:40", "narrative": "what she said"})
"""


def test_verify_calls_nothing_damaged_while_another_officer_goes_on_writing(unit: Unit) -> None:
    with killed_at_the_end(start(command(unit, patch=_WRITING), around(unit.folder))) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == b"begun\n"
        for _ in range(4):
            ran = beech(unit, "journal", "verify")
            assert ran.code == 0, ran
            assert "nothing wrong" in ran.out


def test_a_restore_while_somebody_has_the_unit_open_ends_with_9_and_changes_nothing(
    store: Store, unit: Unit
) -> None:
    copy = backup.make(store)
    records.add(store, "engagement", {"at": "2026-11-21T23:40", "narrative": "after the copy"})
    env = {"BEECH_PASSPHRASE_FILE": str(unit.secret)}
    ran = beech(unit, "restore", copy.name, "--yes", env=env, patch=SHORT)
    assert_refused(ran, 9, "has this unit open")
    store.close()
    assert narratives(unit) == ["after the copy"]
    assert not [name for name in os.listdir(unit.folder) if name.startswith(".restore")]  # noqa: PTH208
    assert beech(unit, "restore", copy.name, "--yes", env=env).code == 0
    assert narratives(unit) == []
    assert_whole(unit)


# --- a full disk


def limited(size: int) -> str:
    """No file of the process can grow beyond so many bytes, as on a disk without room."""
    return f"""
import resource, signal
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
