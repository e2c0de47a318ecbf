"""``beech doctor`` from the command line."""

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, process

CHECKS = ["versions", "files", "keyring", "swap", "terminal", "dumps"]


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def test_every_finding_is_told_with_its_mend_and_none_is_an_error(desk: Desk) -> None:
    ran = desk("doctor", "-f", "json")
    assert ran.code == 0
    assert all(list(one) == ["check", "ok", "finding", "mend"] for one in ran.json)
    inside = [
        *(
            "journal",
            "integrity",
            "clock",
            "leftovers",
            "backups",
            "erasures",
            "levels",
            "liaisons",
            "roles",
            "law",
        ),
    ]
    assert [one["check"] for one in ran.json] == CHECKS + inside
    assert all(one["ok"] is (one["mend"] is None) for one in ran.json)
    assert "MEND  backups" in desk("doctor").out


def test_a_locked_unit_is_looked_at_from_outside_alone(unit: Unit) -> None:
    ran = process("doctor", "-f", "json", "--no-input", stdin=b"", BEECH_UNIT=str(unit.folder))
    assert ran.code == 0
    assert [one["check"] for one in ran.json] == [*CHECKS, "unit"]
    assert ran.json[-1]["mend"] == "beech unlock"


def test_where_no_unit_is_doctor_says_how_one_is_made(unit: Unit) -> None:
    ran = process("doctor", "-f", "json", stdin=b"", BEECH_UNIT=str(unit.folder / "nowhere"))
    assert ran.code == 0
    assert "beech init" in ran.json[-1]["mend"]


def test_damage_is_told_and_ends_with_6(unit: Unit) -> None:
    database = unit.folder / "unit.db"
    whole = bytearray(database.read_bytes())
    whole[5000] ^= 1
    database.write_bytes(whole)
    variables = {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    ran = process("doctor", "-f", "json", stdin=b"", **variables)
    assert ran.code == 6
    assert not ran.json[-1]["ok"]
