"""An older unit met from the command line: one sentence and exit 2, until 'unlock' is told to bring it up."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE
from tests.desk import at_terminal, process

VERSION_1 = Path(__file__).parent / "data" / "unit-version-1"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A unit of version 1, named by BEECH_UNIT, its founder's passphrase in a file, and no keyring."""
    folder = tmp_path / "unit"
    shutil.copytree(VERSION_1, folder)
    folder.chmod(0o700)
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n")
    for path in (*folder.iterdir(), secret):
        path.chmod(0o600)
    monkeypatch.setenv("BEECH_UNIT", str(folder))
    monkeypatch.setenv("BEECH_MEMBER", "Sam")
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", str(secret))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return folder


def test_a_command_on_an_older_unit_says_what_brings_it_up(old: Path) -> None:
    ran = process("engagements", "list", "-f", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "'beech unlock --yes'" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_unlock_brings_an_older_unit_up_only_once_it_is_told_to(old: Path) -> None:
    before = (old / "unit.db").read_bytes()
    assert process("unlock").code == 2
    assert (old / "unit.db").read_bytes() == before
    ran = process("unlock", "--yes")
    assert "brought up to this beech" in ran.err
    assert process("engagements", "list", "-f", "json").code == 0


def test_at_a_terminal_an_older_unit_is_brought_up_after_a_yes(old: Path) -> None:
    refused = at_terminal("unlock", answers=[("bring it up", "no")])
    assert refused.code == 2
    assert "stays as it was" in refused.out
    agreed = at_terminal("unlock", answers=[("bring it up", "yes")])
    assert "brought up to this beech" in agreed.out
    assert process("status").code == 0
