"""kill -9, a failing disk and short writes at any call of a save, an import, a backup, a rotation, a restore.

Nothing that was acknowledged is lost, the file verifies, the next command works.
"""

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from db import records
from db.vault import backup, opening
from tests.attacks import ended, start
from tests.conftest import Unit
from tests.desk import Ran
from tests.torture import FACE, LONG, Call, Work, copies, moments, short_writes, worked_on, works

KILLS = 100 if LONG else 3  # of each command
IN_ALL = 500 if LONG else 18  # kills that strace has to have seen
MISSED = 0.05  # the share of moments that may hit nothing: no two runs make quite the same calls
FAULTS = 40 if LONG else 1  # of each command and error
ROTATE = """
import contextlib
from commands.exits import of
from db.errors import BeechError
from db.vault import rotation
from db.vault.store import Face
try:
    rotation.rotate_store(Path(folder), frame.opened, Face("script", "test"))
except BeechError as error:
    with contextlib.suppress(OSError):
        print("beech:", error, file=sys.stderr)
    sys.exit(int(of(error)))
sys.exit()
"""
NEW = {"at": "2026-11-20T21:00", "narrative": "what she said " * 30}
ROWS = 120
WORKS = ("save", "import", "backup", "rotation", "restore", "erase")


@pytest.fixture(scope="module")
def worked(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit with some contacts and a copy of itself; never written to again."""
    with worked_on(founded, tmp_path_factory.mktemp("worked")) as (unit, store):
        for number in range(12):
            records.add(store, "engagement", NEW | {"external_ref": f"E{number}"})
        backup.make(store)
        records.add(store, "engagement", {"at": "2026-11-21T21:00", "external_ref": "E-last"})
        records.add(store, "concern", {"engagement": "E3", "external_ref": "C1"})
    return unit


@pytest.fixture(scope="module")
def calls(worked: Unit, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Call]]:
    """The calls a command makes that change files, told once."""

    @cache
    def told(name: str) -> list[Call]:
        one = next(copies(worked, tmp_path_factory.mktemp("counted")))
        return work(name, one).calls(one)

    return told


def work(name: str, unit: Unit) -> Work:
    """The command of that name."""
    if name == "save":
        return Work("log", "--from-json", "-", "-f", "json", stdin=json.dumps(NEW))
    if name == "import":
        rows = unit.folder.parent / "rows.ndjson"
        rows.write_text("".join(json.dumps(NEW | {"external_ref": f"x{n}"}) + "\n" for n in range(ROWS)))
        return Work("import", "engagements", str(rows), "--apply", "-f", "json")
    if name == "rotation":
        return Work(patch=ROTATE)
    if name == "restore":
        return Work("restore", backup.listed(unit.folder)[0].name, "--yes")
    if name == "erase":
        return Work("engagements", "amend", "E5", "--sharing-level", "0", "-f", "json")
    return Work("backup", "-f", "json")


def check(name: str, unit: Unit, before: set[str], ran: Ran) -> None:
    """What was acknowledged is there, nothing is half there, and the next command works."""
    held, done = works(unit), acknowledged(name, ran)
    new, gone = held - before, before - held
    if name == "import":
        assert (len(new), gone) in (((ROWS, set()),) if done else ((0, set()), (ROWS, set())))
    elif name == "restore":  # the copy was made before the last contact
        assert (new, len(gone)) in (((set(), 1),) if done else ((set(), 0), (set(), 1)))
    elif name == "save":
        assert (len(new), gone) in (((1, set()),) if done else ((0, set()), (1, set())))
        assert not done or json.loads(ran.out)["ref"] in new
    else:
        assert (new, gone) == (set(), set())
    if name == "backup":
        for copy in backup.listed(unit.folder):
            assert backup.check(copy.folder, unit.passphrase, None, FACE).faults == ()


def acknowledged(name: str, ran: Ran) -> bool:
    """Whether the command has said that it is done, by its exit code or by all of its words."""
    if name == "restore":
        return ran.code == 0 or (ran.err.startswith("restored from ") and ran.err.endswith("\n"))
    try:
        return ran.code == 0 or (ran.out.endswith("\n") and json.loads(ran.out) is not None)
    except ValueError:
        return False


@pytest.fixture(scope="module")
def held(worked: Unit) -> set[str]:
    with opening.with_opened(worked.folder, worked.opened, FACE) as store:
        return {one["ref"] for one in records.listing(store, "engagement")}


@pytest.mark.parametrize("name", WORKS)
def test_a_kill_at_any_system_call_loses_nothing_that_was_acknowledged(
    worked: Unit, held: set[str], calls: Callable[[str], list[Call]], tmp_path: Path, name: str
) -> None:
    fresh = copies(worked, tmp_path / "copies")
    chosen, hits = moments(calls(name), KILLS, seed=2026), 0
    for chance in chosen:
        for at in (chance, chance.sooner()):  # no two runs make quite the same calls
            one = next(fresh)
            ran, hit = work(name, one).killed(one, at)
            assert hit == (ran.code != 0), (at, ran)
            check(name, one, held, ran)
            if hit:
                break
        hits += hit
    assert_hit(hits, len(chosen))


def test_the_kills_of_all_commands_are_as_many_as_they_are_to_be(calls: Callable[[str], list[Call]]) -> None:
    assert sum(least(min(KILLS, len(calls(name)))) for name in WORKS) >= IN_ALL


def least(chosen: int) -> int:
    """How many of the chosen moments have to have hit."""
    return chosen - int(chosen * MISSED)


def assert_hit(hits: int, chosen: int) -> None:
    """Nearly all of the moments interfered with what they were to interfere with."""
    assert chosen > 0
    assert hits >= least(chosen), f"{hits} of {chosen} moments hit"


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from-there-on"])
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("name", WORKS)
def test_a_disk_that_fails_is_one_sentence_and_leaves_the_unit_whole(
    worked: Unit,
    held: set[str],
    calls: Callable[[str], list[Call]],
    tmp_path: Path,
    name: str,
    error: str,
    onwards: bool,
) -> None:
    fresh = copies(worked, tmp_path / "copies")
    chosen, hits = moments(calls(name), FAULTS, seed=len(error) + onwards), 0
    for chance in chosen:
        for at in (chance, chance.sooner()):
            one = next(fresh)
            ran, hit = work(name, one).failing(one, at, error, onwards=onwards)
            assert_told((name, error, at, ran), ran)
            check(name, one, held, ran)
            if hit:
                break
        hits += hit
    assert_hit(hits, len(chosen))


def assert_told(where: object, ran: Ran) -> None:
    """Nothing but one sentence and its exit code; it may be stderr that fails."""
    assert "Traceback" not in ran.err, where
    assert "unexpected" not in ran.err, where
    assert ran.code in (0, 6, 9), where
    assert ran.err.startswith("beech: ") or ran.code == 0 or not ran.err, where


SHORTENED = WORKS if LONG else ("save", "rotation")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_writes(tmp_path_factory.mktemp("library"))


def test_the_library_takes_half_of_what_a_file_is_given(library: Path, tmp_path: Path) -> None:
    opened = f"os.open({str(tmp_path / 'file')!r}, os.O_WRONLY | os.O_CREAT)"
    code = f"import os; print(os.write({opened}, bytes(100)))"
    env = {"LD_PRELOAD": str(library), "BEECH_SHORT": "1"}
    assert ended(start([sys.executable, "-c", code], env)).out == "50\n"


@pytest.mark.parametrize("each", [1, 3] if LONG else [1])
@pytest.mark.parametrize("name", SHORTENED)
def test_a_write_that_takes_less_than_it_is_given_is_gone_on_with(
    worked: Unit, held: set[str], tmp_path: Path, library: Path, name: str, each: int
) -> None:
    one = next(copies(worked, tmp_path / "copies"))
    ran, counted = work(name, one).shortened(one, library, short=each)
    assert ran.code == 0, ran
    assert counted >= each
    check(name, one, held, ran)


@pytest.mark.parametrize("name", SHORTENED)
def test_a_disk_that_fills_in_the_midst_of_a_write_leaves_the_unit_whole(
    worked: Unit, held: set[str], tmp_path: Path, library: Path, name: str
) -> None:
    fresh = copies(worked, tmp_path / "copies")
    one = next(fresh)
    _, total = work(name, one).shortened(one, library)
    chosen = moments(range(1, total + 1), 25, seed=len(name)) if LONG else [total]
    hits = 0
    for chance in chosen:
        for at in (chance, (chance + 1) // 2):
            one = next(fresh)
            ran, counted = work(name, one).shortened(one, library, full=at)
            assert_told((name, at, total, ran), ran)
            check(name, one, held, ran)
            if counted >= at:
                break
        hits += counted >= at
    assert_hit(hits, len(chosen))
