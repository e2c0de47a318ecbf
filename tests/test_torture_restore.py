"""A restore stopped at any step of putting the copy in its place: the unit is the one or the other, whole.

The next command works by itself, what was erased since stays erased, and what was there is kept.
"""

import errno
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from db import records
from db.errors import Busy, Refused
from db.vault import backup, folders, founding, holding, opening, swapping
from tests.attacks import around, assert_refused, beech, ended, start
from tests.conftest import Unit
from tests.desk import BEECH, Ran
from tests.torture import FACE, LONG, UNCOMPILED, Call, Work, copies, slot, strace, worked_on, works

FAILURES = ("EIO", "ENOSPC", "EROFS") if LONG else ("EIO",)


@pytest.fixture(scope="module")
def worked(founded: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """A unit with a copy of itself, a record erased since and one made since; never written to again."""
    with worked_on(founded, tmp_path_factory.mktemp("worked")) as (unit, store):
        for name in ("E1", "E-erased"):
            records.add(store, "engagement", {"at": "2026-11-20T21:00", "external_ref": name})
        backup.make(store)
        records.add(store, "engagement", {"at": "2026-11-21T21:00", "external_ref": "E-last"})
        with store.write("subject_access") as tx:
            tx.erase(records.find(tx, store.id_key, "E-erased", ("engagement",)).id)
    return unit


def work(unit: Unit) -> Work:
    return Work("restore", backup.listed(unit.folder)[0].name, "--yes")


@pytest.fixture(scope="module")
def steps(worked: Unit, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[Call]]:
    """The calls from where what was there is kept to the end; in the short form the renames and removals."""

    @cache
    def told() -> list[Call]:
        one = next(copies(worked, tmp_path_factory.mktemp("counted")))
        made = work(one).calls(one)
        first = next(n for n, call in enumerate(made) if call.name in ("link", "linkat"))
        return [call for call in made[first:] if LONG or call.name in ("rename", "rmdir", "unlinkat")]

    return told


def held(unit: Unit) -> tuple[str, ...]:
    """What the unit holds, by the names given above; asserted too that it works, and nothing lies about."""
    works(unit)
    with opening.with_opened(unit.folder, slot(unit), FACE) as store:
        told = [one["external_ref"] for one in records.listing(store, "engagement")]
    assert not (unit.folder / holding.PENDING).exists()
    return tuple(sorted(name for name in told if name))


def kept(unit: Unit) -> list[Path]:
    return sorted((unit.folder / "backups").glob("*-before-restore-*"))


def check(unit: Unit, ran: Ran) -> None:
    """The next command works; the unit is the one or the other; what was there is where it was, or kept."""
    asked = beech(unit, "engagements", "list", "-f", "json")
    assert (asked.code, asked.err) == (0, ""), asked
    now = held(unit)
    assert now in (("E-last", "E1"), ("E1",)), now
    done = ran.err.startswith("restored from ")
    assert now == ("E1",) or not done
    assert len(kept(unit)) == (now == ("E1",))
    for folder in kept(unit):
        assert backup.check(folder, unit.passphrase, None, FACE).faults == ()
        assert (folder / "unit.db").stat().st_nlink == 1
    if "nothing was changed" in ran.err:
        assert now == ("E-last", "E1")


def test_a_restore_that_is_killed_leaves_the_one_unit_or_the_other_whole(
    worked: Unit, steps: Callable[[], list[Call]], tmp_path: Path
) -> None:
    fresh = copies(worked, tmp_path / "copies")
    for step in steps():
        for at in (step, step.sooner()):  # no two runs make quite the same calls
            one = next(fresh)
            ran, hit = work(one).killed(one, at)
            check(one, ran)
            if hit:
                break
        assert hit, (step, ran)


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from-there-on"])
@pytest.mark.parametrize("error", FAILURES)
def test_a_restore_whose_disk_fails_says_what_is_so(
    worked: Unit, steps: Callable[[], list[Call]], tmp_path: Path, error: str, onwards: bool
) -> None:
    fresh = copies(worked, tmp_path / "copies")
    for step in steps():
        for at in (step, step.sooner()):
            one = next(fresh)
            ran, hit = work(one).failing(one, at, error, onwards=onwards)
            assert ran.code in (0, 6, 9), (at, ran)
            assert "Traceback" not in ran.err, (at, ran)
            assert "unexpected" not in ran.err, (at, ran)
            check(one, ran)
            if hit:
                break
        assert hit, (step, ran)


def test_a_half_done_restore_where_nothing_can_be_written_is_one_sentence(
    worked: Unit, steps: Callable[[], list[Call]], tmp_path: Path
) -> None:
    one = next(copies(worked, tmp_path / "copies"))
    renames = [call for call in steps() if call.name == "rename"]
    work(one).killed(one, renames[2])
    assert (one.folder / holding.PENDING).exists()
    env = around(one.folder, {"BEECH_PASSPHRASE_FILE": str(one.secret), **UNCOMPILED})
    for words in (("engagements", "list"), ("backups", "list"), ("restore", "newest", "--yes")):
        line = [strace(), "-f", "-qq", "-o", str(tmp_path / "trace"), "--inject=rename:error=EROFS", *BEECH]
        ran = ended(start([*line, *words], env))
        assert_refused(ran, 9, "was cut short and cannot be finished (read-only file system)")
    check(one, ran)


def test_the_old_files_log_goes_with_the_old_file_and_comes_back_with_it(
    worked: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = next(copies(worked, tmp_path / "copies"))
    log, begun = one.folder / "unit.db-wal", one.folder / ".restore-0011"
    log.write_bytes(b"of the old file")
    log.chmod(0o600)
    shutil.copytree(backup.listed(one.folder)[0].folder, begun)
    place = swapping.keep(one.folder, begun, "2026-11-22T210000Z")
    monkeypatch.setattr(Path, "replace", no_replacing)
    with pytest.raises(Busy, match="nothing was changed"):
        swapping.put(one.folder, begun)
    monkeypatch.undo()
    assert (log.read_bytes(), kept(one)) == (b"of the old file", [])
    swapping.put(one.folder, begun)
    assert [place] == kept(one)
    assert (kept(one)[0] / "unit.db-wal").read_bytes() == b"of the old file"
    assert not log.exists()
    assert held(one) == ("E-erased", "E1")


def no_replacing(path: Path, place: Path) -> Path:
    raise OSError(errno.EIO, "Input/output error")


def test_a_bare_machine_whose_restore_was_cut_short_has_the_unit_and_makes_no_other(
    worked: Unit, tmp_path: Path
) -> None:
    one = next(copies(worked, tmp_path / "copies"))
    copy = backup.listed(one.folder)[0].folder.rename(tmp_path / "copy")
    shutil.rmtree(one.folder)
    folders.make_folder(one.folder / holding.PENDING)
    for path in copy.iterdir():
        shutil.copy(path, one.folder / holding.PENDING / path.name)
    one.folder.chmod(0o700)
    assert opening.stands(one.folder)
    with pytest.raises(Refused, match="holds a unit already"):
        founding.found(one.folder, ("Other", "Jo"), "another lantern harbour nineteen")
    assert held(one) == ("E-erased", "E1")
