"""A unit that several accounts of one machine open: a group's folder, a passphrase for each."""

import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from db import members, records
from db.errors import Refused
from db.vault import folders, founding, keys, opening
from db.vault.store import Face
from db.vault.verify import verify

FACE = Face("script", "test")
GROUP, OTHER = 54321, 54322  # of nobody
SAM, JO = "invented lantern harbour seventeen", "quiet saddle orchard ninepins"

as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can act for two accounts"
)


def shared_unit(folder: Path) -> Path:
    for above in (folder.parent, *folder.parent.parents):
        if above.is_relative_to(tempfile.gettempdir()) and not above.stat().st_mode & stat.S_IXOTH:
            above.chmod(above.stat().st_mode | stat.S_IXOTH)
    founding.found(folder, ("Shared Unit", "Sam"), SAM, cost=keys.MODERATE, group=GROUP)
    return folder


@as_root
def test_a_shared_unit_is_the_groups_and_nobody_elses(tmp_path: Path) -> None:
    folder = shared_unit(tmp_path / "unit")
    store, opened = opening.with_passphrase(folder, SAM, None, FACE)
    with store:
        records.add(store, "person", {"pseudonym": "Willow-27"})
        for path in (folder, *folder.iterdir()):
            found = path.stat()
            assert found.st_gid == GROUP
            assert stat.S_IMODE(found.st_mode) == (0o2770 if path.is_dir() else 0o660)


@as_root
def test_a_second_account_of_the_group_works_on_a_desk_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shared_unit(tmp_path / "unit")
    store, opened = opening.with_passphrase(folder, SAM, None, FACE)
    with store:
        records.add(store, "person", {"pseudonym": "Willow-27"})  # loads what the other account may not read
        code = members.add(store, opened, "Jo", ())
    members.join(folder, "Jo", code, JO, FACE)
    state = tmp_path / "jo"
    state.mkdir()
    state.chmod(0o777)
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            os.setgroups([GROUP])
            os.setgid(OTHER)
            os.setuid(OTHER)
            os.environ["XDG_STATE_HOME"] = str(state)
            theirs, _ = opening.with_passphrase(folder, JO, "Jo", FACE)
            with theirs:
                records.add(theirs, "person", {"pseudonym": "Alder-03"})
            ended = 0
        finally:
            os._exit(ended)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    store, _ = opening.with_passphrase(folder, SAM, "Sam", FACE)
    with store:
        found = [one["pseudonym"] for one in records.listing(store, "person")]
        assert found == ["Alder-03", "Willow-27"]
        assert len(store.cipher.execute("select desk from desk").fetchall()) == 2
        assert verify(store).ok


def test_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="group"):
        folders.group_named("no-such-group-of-beech")
