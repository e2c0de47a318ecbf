"""Completion: commands, options and codes, and never anything that the unit holds."""

import shutil
import subprocess

import pytest

from commands.completion import SHELLS
from db import records
from db.vault.store import Store
from tests import desk
from tests.conftest import Unit
from tests.desk import BEECH, Ran, process


def completed(unit: Unit, *words: str, patch: str = "") -> list[str]:
    """What bash would offer for the last of these words; *patch* is Python that runs beforehand."""
    line = " ".join(("beech", *words))
    variables = {"COMP_WORDS": line, "COMP_CWORD": str(len(words)), "_BEECH_COMPLETE": "bash_complete"}
    variables |= {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(desk, "BEECH", (*BEECH[:2], patch + BEECH[2]))
        ran: Ran = process(stdin=b"", **variables)
    assert (ran.code, ran.err) == (0, "")
    return [offered.partition(",")[2] for offered in ran.out.splitlines()]


def test_commands_options_and_codes_are_offered(unit: Unit) -> None:
    assert completed(unit, "peo") == ["people"]
    assert completed(unit, "people", "se") == ["seal"]
    assert completed(unit, "journal", "list", "--operation", "al") == ["alteration"]
    assert "--sharing-level" in completed(unit, "people", "add", "--sh")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("people", "add", "--sex", ""), ["woman", "man", "other", "unknown"]),
        (("people", "list", "--status", "no"), ["no_contact"]),
        (("concerns", "list", "--ncrs", ""), ["open", "late", "decided"]),
        (("engagements", "add", "--needs", "ho"), ["housing"]),
        (("engagements", "add", "--refs", "bw"), ["bwv:"]),
        (("people", "erase", "P-7KQ2", "--reason", "w"), ["welfare"]),
        (("concerns", "show", "C-7KQ2", "--as", "intel", "--to", "p"), ["partner", "press"]),
        (("people", "amend", "P-7KQ2", "--clear", "known"), ["known-as"]),
        (("vocabulary", "list", "grade"), ["grade_source", "grade_assessment", "grade_handling"]),
    ],
)
def test_the_codes_of_an_option_are_offered(unit: Unit, words: tuple[str, ...], offered: list[str]) -> None:
    assert sorted(completed(unit, *words)) == sorted(offered)


def test_a_code_that_is_always_refused_is_not_offered(unit: Unit) -> None:
    assert "under_18" not in completed(unit, "people", "add", "--age-band", "")


def test_a_unit_with_people_and_codes_of_its_own_offers_none_of_them(unit: Unit, store: Store) -> None:
    records.add(store, "person", {"pseudonym": "Willow-1", "known_as": ["Red"], "age_band": "25-34"})
    records.add(store, "engagement", {"at": "now", "sector": "Northgate", "officers": ["Jo"]})
    store.close()
    for words in (
        *(("people", "show"), ("people", "merge"), ("find",), ("people", "add", "--known-as")),
        *(("engagements", "list", "--sector"), ("engagements", "list", "--officer"), ("--member",)),
        *(("engagements", "list", "--person"), ("engagements", "reassign", "E-7KQ2", "--from")),
    ):
        assert completed(unit, *words, "") == [], words


def test_what_the_unit_holds_would_be_seen_where_it_were_offered(unit: Unit) -> None:
    telling = "from commands import completing; completing._values = lambda *_: ('Willow-1',)\n"
    assert completed(unit, "people", "add", "--sex", "", patch=telling) == ["Willow-1"]


@pytest.mark.parametrize("words", [("people", "show", ""), ("people", "show", "P-"), ("--unit", "")])
def test_nothing_that_the_unit_holds_is_offered(unit: Unit, words: tuple[str, ...]) -> None:
    before = {path: path.stat().st_mtime_ns for path in unit.folder.iterdir()}
    assert completed(unit, *words) == []
    assert {path: path.stat().st_mtime_ns for path in unit.folder.iterdir()} == before


def test_a_line_that_no_command_would_take_says_nothing_of_it(unit: Unit) -> None:
    assert completed(unit, "people", "add", "--note", "07700900123", "--se") == ["--sex"]
    assert completed(unit, "nowhere", "x") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_it_can_read(shell: str) -> None:
    ran = process("completion", shell, stdin=b"")
    assert (ran.code, ran.err) == (0, "")
    assert "_BEECH_COMPLETE" in ran.out
    program = shutil.which(shell)
    if program is not None:
        checked = subprocess.run([program, "-n"], input=ran.out.encode(), capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, b"")


def test_another_shell_is_refused() -> None:
    assert process("completion", "tcsh", stdin=b"").code == 2


def test_a_strange_request_of_a_shell_is_answered_with_nothing() -> None:
    ran = process(stdin=b"", _BEECH_COMPLETE="tcsh_complete")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
