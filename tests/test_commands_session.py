"""unlock, lock and status: against a real keyring where one is, and by a sentence where there is none."""

import json
import time
from pathlib import Path

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, at_terminal, process


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


@pytest.fixture
def at(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """The unit, named by BEECH_UNIT."""
    monkeypatch.setenv("BEECH_UNIT", str(unit.folder))
    return unit


@pytest.fixture
def alone(at: Unit, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """The unit, on a machine without any keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return at


def test_status_of_a_locked_unit_says_so_and_ends_with_0(alone: Unit) -> None:
    ran = process("status", "-f", "json")
    assert ran.code == 0
    assert ran.json["unlocked"] is False
    assert ran.json["counts"] is None
    assert "beech unlock" in process("status").err


def test_any_other_command_on_a_locked_unit_ends_with_3_and_says_what_to_do(alone: Unit) -> None:
    ran = process("people", "list")
    assert (ran.code, ran.out) == (3, "")
    assert "beech unlock" in ran.err
    assert "BEECH_PASSPHRASE_FILE" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_where_there_is_no_keyring_unlock_says_what_works_instead(alone: Unit) -> None:
    ran = process("unlock", BEECH_PASSPHRASE_FILE=str(alone.secret))
    assert ran.code == 3
    assert "BEECH_PASSPHRASE_FILE" in ran.err
    assert "BEECH_PASSPHRASE_COMMAND" in ran.err


def test_a_script_works_by_a_passphrase_file_or_command_without_a_session(alone: Unit) -> None:
    by_file = process("people", "list", "-f", "json", BEECH_PASSPHRASE_FILE=str(alone.secret))
    assert (by_file.code, by_file.json) == (0, [])
    command = f"cat {alone.secret}"
    by_command = process("people", "list", "-f", "json", BEECH_PASSPHRASE_COMMAND=command)
    assert (by_command.code, by_command.json) == (0, [])
    assert process("status", "-f", "json").json["unlocked"] is False


def test_a_wrong_passphrase_ends_with_3_and_is_not_repeated(alone: Unit) -> None:
    alone.secret.write_text("not the passphrase of this unit\n")
    ran = process("people", "list", BEECH_PASSPHRASE_FILE=str(alone.secret))
    assert ran.code == 3
    assert "not the passphrase" not in ran.err
    assert process("unlock", BEECH_PASSPHRASE_FILE=str(alone.secret)).code == 3
    status = process("status", "-f", "json", BEECH_PASSPHRASE_FILE=str(alone.secret))
    assert (status.code, status.json["unlocked"]) == (0, False)


def test_a_member_who_is_none_ends_with_4(alone: Unit) -> None:
    ran = process("people", "list", "--member", "Nobody", BEECH_PASSPHRASE_FILE=str(alone.secret))
    assert ran.code == 4


def test_a_session_lasts_from_unlock_to_lock(secret_service: None, at: Unit) -> None:
    began = process("unlock", BEECH_PASSPHRASE_FILE=str(at.secret))
    assert began.code == 0, began.err
    assert began.out == ""
    status = process("status", "-f", "json").json
    assert (status["unlocked"], status["member"]) == (True, "Sam")
    assert process("people", "list", "-f", "json").json == []
    assert process("lock").code == 0
    assert process("status", "-f", "json").json["unlocked"] is False
    assert process("people", "list").code == 3
    again = process("lock")
    assert (again.code, again.err) == (0, "no session was open\n")


def test_unlock_asks_for_the_passphrase_at_a_terminal(secret_service: None, at: Unit) -> None:
    ran = at_terminal("unlock", answers=[("Passphrase: ", "wrong"), ("Passphrase: ", at.passphrase)])
    assert ran.code == 0, ran.out
    assert "unlocked for Sam until" in ran.out
    assert at.passphrase not in ran.out
    process("lock")


def test_unlock_and_lock_are_in_the_journal(secret_service: None, at: Unit) -> None:
    process("unlock", BEECH_PASSPHRASE_FILE=str(at.secret))
    process("lock")
    ran = process(
        "journal", "list", "--operation", "security", "-f", "json", BEECH_PASSPHRASE_FILE=str(at.secret)
    )
    assert [entry["event"] for entry in ran.json][:2] == ["lock", "unlock"]
    assert process("journal", "verify", BEECH_PASSPHRASE_FILE=str(at.secret)).code == 0


def test_an_unlock_lasts_as_long_as_it_was_told_to(secret_service: None, at: Unit) -> None:
    began = process("unlock", "--hours", "0.5", "-f", "json", BEECH_PASSPHRASE_FILE=str(at.secret))
    assert began.code == 0, began.err
    assert process("status", "-f", "json").json["until"] == began.json["until"]
    process("lock")


def test_a_session_of_one_member_is_not_used_for_another(secret_service: None, at: Unit) -> None:
    process("unlock", BEECH_PASSPHRASE_FILE=str(at.secret))
    assert process("people", "list", "--member", "sam").code == 0
    assert process("people", "list", "--member", "Nobody").code == 4
    process("lock")


def test_a_copy_of_the_folder_does_not_share_the_session(
    secret_service: None, at: Unit, tmp_path: Path
) -> None:
    import shutil

    process("unlock", BEECH_PASSPHRASE_FILE=str(at.secret))
    shutil.copytree(at.folder, tmp_path / "copy")
    assert process("people", "list", "--unit", str(tmp_path / "copy")).code == 3
    process("lock")


def test_a_name_is_never_opened_by_a_session_or_the_environment(secret_service: None, at: Unit) -> None:
    process("unlock", BEECH_PASSPHRASE_FILE=str(at.secret))
    ref = process("people", "add", "-f", "json").json["ref"]
    sealed = process("people", "seal", ref, "--from-json", "-", stdin=b'{"given_name": "Testina"}')
    assert sealed.code == 0, sealed.err
    ran = process("people", "reveal", ref, "--reason", "welfare", BEECH_PASSPHRASE_FILE=str(at.secret))
    assert (ran.code, ran.out) == (3, "")
    process("lock")


def test_a_name_is_opened_by_a_passphrase_typed_at_a_terminal(alone: Unit) -> None:
    file = str(alone.secret)
    ref = process("people", "add", "-f", "json", BEECH_PASSPHRASE_FILE=file).json["ref"]
    process(
        "people",
        "seal",
        ref,
        "--from-json",
        "-",
        stdin=b'{"given_name": "Testina"}',
        BEECH_PASSPHRASE_FILE=file,
    )
    ran = at_terminal(
        *("people", "reveal", ref, "--reason", "welfare", "--yes"),
        answers=[("to open the name: ", alone.passphrase)],
    )
    assert ran.code == 0, ran.out
    assert "Testina" in ran.out
    assert alone.passphrase not in ran.out


def test_at_a_terminal_a_locked_unit_asks_and_three_wrong_tries_end_it(alone: Unit) -> None:
    began = time.monotonic()
    ran = at_terminal("people", "list", answers=[("Passphrase: ", "wrong")] * 3)
    assert ran.code == 3
    assert time.monotonic() - began > 3  # one second after the first wrong try, two after the second
    right = at_terminal(
        "people", "list", answers=[("Passphrase: ", "wrong"), ("Passphrase: ", alone.passphrase)]
    )
    assert right.code == 0
    assert "none" in right.out


def test_no_input_never_prompts_even_at_a_terminal(alone: Unit) -> None:
    assert at_terminal("people", "list", "--no-input", answers=[]).code == 3


# status


def test_status_counts_what_is_held_and_what_is_overdue(desk: Desk) -> None:
    person = desk.ref("people", "add", "--pseudonym", "Willow-27")
    engagement = desk.ref("engagements", "add", "--at", "20/11/2026 21:30", "--people", person)
    desk.ref("concerns", "add", "--engagement", engagement, "--person", person)
    desk.ref("followups", "add", "--what", "-", "--due-on", "2026-11-20", stdin="ring the clinic")
    desk.ref("followups", "add", "--what", "-", "--due-on", "2026-11-24", stdin="due today")
    desk.ref("referrals", "add", "--person", person, "--service", "clinic", "--chase-on", "2026-11-21")
    shown = desk("status", "-f", "json").json
    assert shown["counts"]["people"] == 1
    assert shown["counts"]["followups"] == 2
    assert shown["counts"]["offenders"] == 0
    assert shown["overdue"] == {"followups": 1, "referrals": 1, "decisions": 1}


def test_status_says_what_wants_mending(desk: Desk) -> None:
    health = desk("status", "-f", "json").json["health"]
    assert health["last_verified"] is None
    assert health["founder_holds_both_roles"] is True
    said = " ".join(health["notes"])
    for word in ("never verified", "one person alone", "both roles", "legal references"):
        assert word in said
    desk("journal", "verify")
    assert desk("status", "-f", "json").json["health"]["last_verified"] == "2026-11-24T12:00:00+00:00"


def test_status_holds_no_secret_and_no_person(desk: Desk) -> None:
    person = desk.ref("people", "add", "--pseudonym", "Willow-27")
    shown = desk("status", "-f", "json").out + desk("status").out
    assert person not in shown
    assert "Willow" not in shown
    genesis = json.loads(desk("journal", "list", "-f", "json").out)[-1]
    assert genesis["event"] == "genesis"


def test_status_is_no_look_and_leaves_no_entry(desk: Desk) -> None:
    before = len(desk("journal", "list", "-f", "json").json)
    desk("status")
    assert len(desk("journal", "list", "-f", "json").json) == before
