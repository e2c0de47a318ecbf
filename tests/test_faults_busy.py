"""Somebody else writes: the program waits, or ends with 9 and has changed nothing."""

import json
import os
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as driver

from db import records
from db.errors import Busy
from db.vault import backup, cipher, holding, rotation
from db.vault.store import Face, Store
from tests.attacks import (
    ONE,
    around,
    assert_refused,
    assert_whole,
    beech,
    by_passphrase,
    command,
    contents,
    ended,
    killed_at_the_end,
    narratives,
    start,
)
from tests.conftest import Unit

SHORT = "from db.vault import cipher, holding; cipher.WAIT_SECONDS = holding.WAIT_SECONDS = 0.4"


def test_a_file_that_another_program_is_just_closing_is_waited_for(tmp_path: Path) -> None:
    path, key = tmp_path / "unit.db", b"k" * 32
    made = cipher.connect(path, key, salt=b"s" * 16)
    with made.trusted() as connection:
        connection.execute("create table t (x)")
    made.close()
    other = driver.connect(str(path), isolation_level=None, check_same_thread=False)
    for line in (
        f"pragma key = \"x'{key.hex()}'\"",
        "pragma locking_mode = exclusive",
        "begin exclusive",
        "commit",
    ):
        other.execute(line)
    closing = threading.Timer(0.3, other.close)
    closing.start()
    opened = cipher.connect(path, key)
    assert opened.execute("select count(*) from t").fetchone() == (0,)
    opened.close()


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
