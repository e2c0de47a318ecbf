"""Making a unit from the command line: what it asks, what it refuses, what it says once."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from nacl.pwhash import argon2id

from db.rules import passphrases
from tests import ASKED
from tests.conftest import PASSPHRASE, Unit
from tests.desk import REAL, ROOT, Ran, at_terminal, process

NAMES = ("--name", "Northgate Unit", "--member", "Sam")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


def init(folder: Path, secret: Path, *more: str) -> Ran:
    return process(
        *("init", "--no-input", *NAMES, "--unit", str(folder), *more), BEECH_PASSPHRASE_FILE=str(secret)
    )


def test_a_script_makes_a_unit_and_gets_its_recovery_code_as_json(tmp_path: Path, secret: Path) -> None:
    folder = tmp_path / "unit"
    ran = init(folder, secret, "-f", "json")
    assert ran.code == 0, ran.err
    made = ran.json
    assert list(made) == ["unit", "member", "recovery_code"]
    assert (made["unit"], made["member"]) == ("Northgate Unit", "Sam")
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]", made["recovery_code"])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_file()} == {0o600}
    assert b"SQLite format" not in (folder / "unit.db").read_bytes()
    opened = process("status", "-f", "json", "--unit", str(folder), BEECH_PASSPHRASE_FILE=str(secret)).json
    assert (opened["unit"], opened["member"], opened["roles"]) == (
        "Northgate Unit",
        "Sam",
        ["officer", "liaison", "supervisor"],
    )


def test_a_unit_that_exists_is_refused_and_left_as_it_is(unit: Unit) -> None:
    before = {path.name: path.read_bytes() for path in unit.folder.iterdir() if path.is_file()}
    ran = init(unit.folder, unit.secret)
    assert (ran.code, ran.out) == (5, "")
    assert {path.name: path.read_bytes() for path in unit.folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("left_out", ["--name", "--member"])
def test_without_input_both_names_have_to_be_given(left_out: str, tmp_path: Path, secret: Path) -> None:
    given = [
        word for pair in zip(NAMES[::2], NAMES[1::2], strict=True) if pair[0] != left_out for word in pair
    ]
    ran = process(
        *("init", "--no-input", "--unit", str(tmp_path / "unit"), *given), BEECH_PASSPHRASE_FILE=str(secret)
    )
    assert ran.code == 2
    assert left_out in ran.err
    assert not (tmp_path / "unit").exists()


def test_without_a_terminal_and_without_a_passphrase_nothing_is_made(tmp_path: Path) -> None:
    ran = process("init", "--no-input", *NAMES, "--unit", str(tmp_path / "unit"))
    assert ran.code == 3
    assert not (tmp_path / "unit").exists()


def test_a_weak_passphrase_is_refused_without_being_repeated(tmp_path: Path, secret: Path) -> None:
    secret.write_text("Password123456\n")
    ran = init(tmp_path / "unit", secret)
    assert ran.code == 5
    assert "Password123456" not in ran.err
    assert not (tmp_path / "unit").exists()


def test_a_passphrase_file_that_others_can_read_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, secret: Path
) -> None:
    secret.chmod(0o644)
    ran = init(tmp_path / "unit", secret)
    assert ran.code == 5
    assert "chmod 0600" in ran.err


def test_a_synced_folder_is_refused(tmp_path: Path, secret: Path) -> None:
    folder = tmp_path / "Dropbox" / "unit"
    (tmp_path / "Dropbox" / ".dropbox").mkdir(parents=True)
    ran = init(folder, secret)
    assert ran.code == 5, ran.err
    assert not folder.exists()


def test_at_a_terminal_six_words_are_offered_and_two_groups_of_the_code_are_asked_back(
    tmp_path: Path,
) -> None:
    ran = Talk("init", "--unit", str(tmp_path / "unit")).hold()
    words = re.search(r"^ {4}((?:[a-z]+ ){5}[a-z]+)$", ran.out, re.MULTILINE)
    code = re.search(r"^ {4}(\S{5}(?:-\S+){5})$", ran.out, re.MULTILINE)
    assert (ran.code, bool(words), bool(code)) == (0, True, True)
    assert len(re.findall(r"Type group \d of the recovery code", ran.out)) >= 2
    assert "another group" in ran.out
    assert (tmp_path / "unit" / "unit.db").exists()
    slots = json.loads((tmp_path / "unit" / "members.json").read_text())["slots"]
    asked = {(slot["argon2id"]["passes"], slot["argon2id"]["bytes"]) for slot in slots}
    assert asked == {(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)} == {ASKED}


class Talk:
    """A person who founds a unit: takes the words offered, types one group wrong before it is right."""

    def __init__(self, *arguments: str) -> None:
        self._here, there = pty.openpty()
        self._child = subprocess.Popen(
            [*REAL, *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(there)
        self._shown = ""
        self._wrong = False

    def hold(self) -> Ran:
        """Answer until it ends."""
        while True:
            try:
                self._shown += os.read(self._here, 65536).decode().replace("\r\n", "\n")
            except OSError:
                break
            answer = self._answer(self._shown.rsplit("\n", 1)[-1])
            if answer is not None:
                os.write(self._here, answer.encode() + b"\n")
        os.close(self._here)
        return Ran(self._child.wait(60), self._shown, "")

    def _answer(self, asked: str) -> str | None:
        if asked.endswith("The unit's name: "):
            return "Northgate Unit"
        if asked.endswith("know it: "):
            return "Sam"
        if asked.startswith("Type it back") and asked.endswith(": "):
            return self._last(r"^ {4}([a-z ]+)$").strip()
        found = re.fullmatch(r"Type group (\d) of the recovery code: ", asked)
        if found is None:
            return None
        if not self._wrong:
            self._wrong = True
            return "WRONG"
        return self._last(r"^ {4}(\S{5}(?:-\S+){5})$").split("-")[int(found[1]) - 1]

    def _last(self, pattern: str) -> str:
        found: list[str] = re.findall(pattern, self._shown, re.MULTILINE)
        return found[-1]


def test_the_input_ending_in_the_middle_makes_nothing(tmp_path: Path) -> None:
    ran = at_terminal(*("init", "--unit", str(tmp_path / "unit")), answers=[("The unit's name: ", "\x04")])
    assert ran.code == 2
    assert not (tmp_path / "unit").exists()


# which passphrase is good enough


@pytest.mark.parametrize(
    "weak",
    [
        "short words",
        "password123456",
        "P@ssw0rd123456",
        "passwordpassword",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "12345678901234567890",
        "qwertyuiopasdfghjkl",
        "Middlesbrough2026",
        "liverpool football",
        "correct horse battery staple",
        "The quick brown fox jumps over the lazy dog",
        "policepolice1999",
        " invented lantern harbour",
        "northgate unit 26",
    ],
)
def test_a_passphrase_that_everybody_tries_is_refused(weak: str) -> None:
    assert passphrases.fault(weak, ("Northgate Unit", "Sam")) is not None


@pytest.mark.parametrize(
    "good",
    [
        PASSPHRASE,
        "seven brown kettles sing",
        "zwölf Boxkämpfer jagen Viktor",
        "Tr0ub4dor&3xQuilt",
        "a passphrase only for this test",
    ],
)
def test_a_long_passphrase_of_ones_own_is_taken(good: str) -> None:
    assert passphrases.fault(good, ("Northgate Unit", "Sam")) is None


def test_generated_words_are_always_good_enough() -> None:
    from db.rules import vocabulary

    known = vocabulary.passphrase_words()
    for start in range(0, len(known) - 6, 97):
        assert passphrases.fault(passphrases.words_from(list(range(start, start + 6)), known)) is None


def test_init_on_stdout_is_json_alone(tmp_path: Path, secret: Path) -> None:
    assert json.loads(init(tmp_path / "unit", secret, "-f", "json").out)
