"""``beech members``: joining, roles, forgetting and leaving, from the command line."""

from pathlib import Path

import pytest

from db.vault import keys
from tests.conftest import Clock, Unit
from tests.desk import Desk, Ran

JO = "quiet saddle orchard ninepins"


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def secret(folder: Path, passphrase: str) -> str:
    file = folder / "secret"
    file.write_text(passphrase)
    file.chmod(0o600)
    return str(file)


def join(desk: Desk, patch: pytest.MonkeyPatch, folder: Path, *roles: str) -> Ran:
    code = desk("members", "add", "Jo", *roles, "-f", "json").json["joining_code"]
    patch.setenv("BEECH_PASSPHRASE_FILE", secret(folder, JO))
    return desk("members", "join", "Jo", stdin=code + "\n")


def states(desk: Desk) -> dict[str, tuple[str, list[str]]]:
    return {row["name"]: (row["state"], row["roles"]) for row in desk("members", "list", "-f", "json").json}


def test_a_newcomer_joins_with_the_code_on_stdin(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert join(desk, monkeypatch, tmp_path).code == 0
    assert states(desk)["Jo"] == ("active", ["officer"])


def test_a_joining_code_is_shown_once_and_the_next_step_with_it(desk: Desk) -> None:
    ran = desk("members", "add", "Jo")
    assert "beech members join 'Jo'" in ran.err
    assert len(ran.out.split()[-1].replace("-", "")) == 26


def test_a_wrong_code_ends_with_three(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk("members", "add", "Jo")
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", secret(tmp_path, JO))
    assert desk("members", "join", "Jo", stdin="00000-00000-00000-00000-00000-0\n").code == 3


def test_a_weak_passphrase_is_refused_before_the_code_is_used(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = desk("members", "add", "Jo", "-f", "json").json["joining_code"]
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", secret(tmp_path, "short"))
    assert desk("members", "join", "Jo", stdin=code + "\n").code == 5
    assert states(desk)["Jo"][0] == "joining"


def test_a_name_that_is_taken_is_refused(desk: Desk) -> None:
    assert desk("members", "add", "sam").code == 5


def test_somebody_who_is_not_there_ends_with_four(desk: Desk) -> None:
    assert desk("members", "reset", "Nobody").code == 4
    assert desk("members", "join", "Nobody", stdin="x\n").code == 4


def test_roles_are_given_whole(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    join(desk, monkeypatch, tmp_path)
    assert desk("members", "role", "Jo", "--role", "supervisor", "--role", "liaison").code == 0
    assert states(desk)["Jo"][1] == ["officer", "supervisor", "liaison"]
    assert desk("members", "role", "Jo", "--role", "officer").code == 0
    assert states(desk)["Jo"][1] == ["officer"]
    assert desk("members", "role", "Jo").code == 2


def test_the_last_supervisor_cannot_go(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    join(desk, monkeypatch, tmp_path)
    assert desk("members", "remove", "Sam", "--handover-to", "Jo", "--yes").code == 5


def test_removing_asks_first_and_changes_the_units_key(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(desk, monkeypatch, tmp_path)
    assert desk("members", "remove", "Jo", "--handover-to", "Sam").code == 2
    before = (desk.unit.folder / "unit.db").read_bytes()[:16]
    ran = desk("members", "remove", "Jo", "--handover-to", "Sam", "--yes")
    assert ran.code == 0, ran.err
    assert (desk.unit.folder / "unit.db").read_bytes()[:16] != before
    assert sorted(slot.name for slot in keys.load(desk.unit.folder / "members.json").slots) == [
        "Sam",
        "recovery code",
    ]


def test_the_recovery_code_opens_a_new_way_in(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", secret(tmp_path, "a wholly new lantern phrase"))
    ran = desk("members", "recover", "Sam", "-f", "json", stdin=desk.unit.recovery_code)
    assert ran.code == 0, ran.err
    assert ran.json["recovery_code"] != desk.unit.recovery_code
    assert desk("members", "recover", "Sam", stdin=desk.unit.recovery_code).code == 3
