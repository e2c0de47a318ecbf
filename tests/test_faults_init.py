"""An init that is killed, or that two begin at once: one whole unit, or none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.vault import opening
from db.vault.store import Face
from db.vault.verify import verify
from tests.attacks import ROOT, ended, start
from tests.conftest import PASSPHRASE
from tests.desk import BEECH, SPARING


@pytest.mark.parametrize("moment", range(7))
def test_an_init_that_was_killed_can_be_begun_again(tmp_path: Path, moment: int) -> None:
    """Each step of ``found`` is killed before it is done; then ``init`` runs in the same folder."""
    folder = tmp_path / "unit"
    step = (
        *("folders.make_folder", "files.create_exclusive", "cipher.connect", "opening.Store._remember"),
        *("keys.make_slot", "files.rename", "keys.save"),
    )[moment]
    killing = f"""
import os, sys
from pathlib import Path
from db.vault import cipher, files, folders, founding, keys, opening
def killed(*args, **more):
    os.kill(os.getpid(), 9)
{step} = killed
founding.found(Path({str(folder)!r}), ("Unit", "Sam"), {PASSPHRASE!r}, cost=keys.MODERATE)
"""
    done = subprocess.run([sys.executable, "-c", SPARING + killing], check=False, cwd=ROOT)
    assert done.returncode == -9
    if step == "keys.save":
        ran = ended(start([*_INIT], {**os.environ, **_secret(tmp_path), "BEECH_UNIT": str(folder)}))
        assert ran.code == 5
        assert "without its members.json" in ran.err
        return
    ran = ended(start([*_INIT], {**os.environ, **_secret(tmp_path), "BEECH_UNIT": str(folder)}))
    assert ran.code == 0, ran
    store, opened = opening.with_passphrase(folder, PASSPHRASE, None, Face("script", "test"))
    with store:
        assert verify(store).ok
    assert sorted(path.name for path in folder.iterdir() if ".new" in path.name) == []


_INIT = (*BEECH, "init", "--no-input", "--name", "Unit", "--member", "Sam")


def _secret(folder: Path) -> dict[str, str]:
    path = folder / "secret"
    path.write_text(PASSPHRASE)
    path.chmod(0o600)
    return {"BEECH_PASSPHRASE_FILE": str(path)}


def test_two_inits_at_once_make_one_unit(tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    env = {**os.environ, **_secret(tmp_path), "BEECH_UNIT": str(folder)}
    both = [start([*_INIT, "-f", "json"], env) for _ in range(2)]
    ran = [ended(one) for one in both]
    assert sorted(one.code for one in ran)[0] == 0, ran
    assert sorted(one.code for one in ran)[1] in (5, 9), ran
    assert all("Traceback" not in one.err and "unexpected" not in one.err for one in ran)
    store, _ = opening.with_passphrase(folder, PASSPHRASE, None, Face("script", "test"))
    with store:
        assert verify(store).ok
