"""kill -9, Ctrl-C, a clock set back: what was acknowledged is there, what was not is not half there."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import records
from db.vault import opening
from db.vault.store import Face, Store
from db.vault.verify import verify
from tests.attacks import around, assert_whole, beech, command, ended, killed_at_the_end, start
from tests.conftest import Clock, Unit

KILLS = 60

# Forks for each line on stdin; the fork opens the unit, saves one contact after another, and prints each once
# it is acknowledged. The parent has everything loaded, so that kills fall on the work and not on imports.
_SAVING = """
import os
from db import records
from db.vault import opening
from db.vault.store import Face
def save(number):
    os.write(1, f"pid {os.getpid()}\\n".encode())
    store = opening.with_opened(Path(folder), frame.opened, Face("script", "test"))
    os.write(1, b"begun\\n")
    while True:
        said = {"at": "2026-11-21T23:40", "narrative": f"contact {number} " + "and what she said " * 40}
        ref = records.add(store, "engagement", said)["ref"]
        os.write(1, f"saved {ref} {number}\\n".encode())
        number += 1
for line in sys.stdin:
    child = os.fork()
    if not child:
        save(int(line))
        os._exit(0)
    os.waitpid(child, 0)
    os.write(1, b"gone\\n")
sys.exit()
"""


class Saver:
    """The process above."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._next = 0
        self.acknowledged: dict[str, int] = {}

    def killed_after(self, seconds: float) -> None:
        """Let it save, kill it, and keep what it acknowledged."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self._next}\n".encode())
        self._process.stdin.flush()
        child = int(self._process.stdout.readline().split()[1])
        assert self._process.stdout.readline() == b"begun\n"  # however long it took to open the unit
        time.sleep(seconds)  # the moment of the kill is what is tested
        os.kill(child, signal.SIGKILL)
        for line in self._process.stdout:
            if line == b"gone\n":
                break
            _, ref, number = line.decode().split()
            self.acknowledged[ref] = int(number)
            self._next = int(number) + 1
        self._next += 1  # the one that was under way may have been saved without being acknowledged


@pytest.fixture
def saver(unit: Unit) -> Iterator[Saver]:
    with killed_at_the_end(start(command(unit, patch=_SAVING), around(unit.folder))) as process:
        yield Saver(process)


def saved(unit: Unit) -> dict[str, int]:
    """The contacts in the unit, by reference; each is whole."""
    found = {}
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        report = verify(store)
        assert report.ok, report.faults
        with store.counts() as reader:
            rows = reader.execute(
                "select r.ref, x.narrative from engagement as x join record as r on r.n = x.n"
            ).fetchall()
    for ref, narrative in rows:
        assert narrative.endswith("said")
        found[ref] = int(narrative.split()[1])
    return found


def test_a_kill_at_any_moment_of_a_save_loses_nothing_that_was_acknowledged(saver: Saver, unit: Unit) -> None:
    chosen = random.Random(2026)  # noqa: S311 - seeded, and nothing secret
    for kill in range(1, KILLS + 1):
        saver.killed_after(chosen.uniform(0.0, 0.12))
        found = saved(unit)
        assert saver.acknowledged.items() <= found.items()
        assert len(set(found.values())) == len(found) <= len(saver.acknowledged) + kill
    assert len(saver.acknowledged) > KILLS // 4
    ran = beech(unit, "engagements", "list", "-f", "ndjson")
    assert (ran.code, ran.out.count("\n")) == (0, len(saved(unit)))


def rows_file(folder: Path, count: int) -> Path:
    path = folder / "rows.ndjson"
    with path.open("w") as file:
        for number in range(count):
            file.write(json.dumps({"external_ref": f"x{number}", "at": "2026-10-01T20:00"}) + "\n")
    return path


def held(unit: Unit) -> int:
    """How many contacts the unit holds, which verifies."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        assert verify(store).ok
        with store.counts() as reader:
            return int(reader.execute("select count(*) from engagement").fetchone()[0])


def test_a_killed_import_is_whole_or_absent(unit: Unit, tmp_path: Path) -> None:
    path = rows_file(tmp_path, 5000)
    chosen = random.Random(7)  # noqa: S311 - seeded, and nothing secret
    for _ in range(6):
        before = held(unit)
        line = command(unit, "import", "engagements", str(path), "--apply")
        with killed_at_the_end(start(line, around(unit.folder))):
            time.sleep(chosen.uniform(0.15, 0.9))  # the moment of the kill is what is tested
        assert held(unit) in {before, 5000}
    assert beech(unit, "import", "engagements", str(path), "--apply").code == 0
    assert held(unit) == 5000


@pytest.mark.parametrize("moment", ["reading", "writing", "signing"])
def test_control_c_during_an_import_leaves_nothing_half_done(unit: Unit, tmp_path: Path, moment: str) -> None:
    stops = {
        "reading": """
from db.exchange import reading
whole = reading.Source.rows
def rows(self):
    for number, row in enumerate(whole(self)):
        if number == 3500: os.kill(os.getpid(), signal.SIGINT)
        yield row
reading.Source.rows = rows
""",
        "writing": """
from db.vault.chain import Chain
whole = Chain.write_out
def write_out(self, *args, **more):
    whole(self, *args, **more)
    os.kill(os.getpid(), signal.SIGINT)
Chain.write_out = write_out
""",
        "signing": """
from db.vault.chain import Chain
whole = Chain.finish
def finish(self):
    whole(self)
    os.kill(os.getpid(), signal.SIGINT)
Chain.finish = finish
""",
    }
    words = ("import", "engagements", str(rows_file(tmp_path, 4000)), "--apply")
    ran = beech(unit, *words, patch="import os, signal" + stops[moment])
    assert (ran.code, ran.out) == (130, ""), ran
    assert "Traceback" not in ran.err
    assert "unexpected" not in ran.err
    assert held(unit) == 0
    assert beech(unit, *words).code == 0
    assert held(unit) == 4000


def test_control_c_at_any_moment_is_no_traceback(unit: Unit, tmp_path: Path) -> None:
    path = rows_file(tmp_path, 3000)
    chosen = random.Random(11)  # noqa: S311 - seeded, and nothing secret
    for _ in range(8):
        line = command(unit, "import", "engagements", str(path), "--apply")
        with killed_at_the_end(start(line, around(unit.folder))) as process:
            time.sleep(chosen.uniform(0.12, 0.6))  # the moment is what is tested
            process.send_signal(signal.SIGINT)
            ran = ended(process)
        assert ran.code in {0, 130, -signal.SIGINT}, ran
        assert "Traceback" not in ran.err
        assert "unexpected" not in ran.err
        assert held(unit) in {0, 3000}


# --- the clock


def test_a_clock_set_back_keeps_the_journal_in_order_and_is_written_down(
    store: Store, clock: Clock, unit: Unit
) -> None:
    records.add(store, "engagement", {"at": "2026-11-21T23:40"})
    clock.forward(-30 * 86400)
    records.add(store, "engagement", {"at": "2026-10-21T23:40"})
    clock.forward(-400 * 86400)
    records.add(store, "engagement", {"at": "2025-01-21T23:40"})
    for (desk,) in store.cipher.execute("select desk from desk").fetchall():
        rows = store.cipher.execute("select at from entry where desk = ? order by seq", (desk,)).fetchall()
        assert rows == sorted(rows)
    jumps = store.cipher.execute(
        "select count(*) from entry where json_extract(detail, '$.event') = 'clock_jump'"
    ).fetchone()
    assert jumps == (2,)
    store.close()
    assert_whole(unit)


@pytest.mark.parametrize("epoch_ms", [0, 1, 1_000_000_000_000, 4_102_444_800_000])
def test_a_command_on_a_machine_whose_clock_is_wrong_works_and_the_file_verifies(
    unit: Unit, epoch_ms: int
) -> None:
    patch = f"frame.clock = lambda: {epoch_ms}"
    said = '{"at": "1969-06-01T12:00"}'
    assert beech(unit, "log", "--from-json", "-", stdin=said, patch=patch).code == 0
    ran = beech(unit, "engagements", "list", "-f", "json", patch=patch)
    assert (ran.code, len(ran.json)) == (0, 1), ran
    assert beech(unit, "status", patch=patch).code == 0
    assert beech(unit, "summary", "--year", "2026", patch=patch).code == 0
    assert beech(unit, "log", "--from-json", "-", stdin='{"at": "2026-11-21T23:40"}').code == 0
    assert_whole(unit)
