"""``beech config``: settings shown, and a file that proposes a change."""

from pathlib import Path

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, at_terminal


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def toml(tmp_path: Path, text: str) -> str:
    file = tmp_path / "unit.toml"
    file.write_text(text)
    return str(file)


def test_show_lists_each_setting_with_its_bounds_and_source(desk: Desk) -> None:
    found = {row["name"]: row for row in desk("config", "show", "-f", "json").json}
    lock = found["idle_lock_minutes"]
    assert (lock["value"], lock["floor"], lock["ceiling"], lock["settled"]) == (10, 2, 30, False)
    assert "ICE" not in desk("config", "show").out


def test_apply_shows_the_difference_and_settles_it(desk: Desk, tmp_path: Path) -> None:
    file = toml(tmp_path, "idle_lock_minutes = 5\n")
    ran = desk("config", "apply", file, "--yes", "-f", "json")
    assert (ran.code, ran.json) == (0, [{"name": "idle_lock_minutes", "before": 10, "after": 5}])
    again = desk("config", "apply", file, "--yes")
    assert (again.code, again.out) == (0, "")
    assert "nothing would change" in again.err
    ran = desk("config", "apply", "-", "--yes", stdin='reset = ["idle_lock_minutes"]')
    assert ran.code == 0
    assert "idle_lock_minutes" in ran.out


def test_apply_without_a_yes_changes_nothing(desk: Desk, unit: Unit, tmp_path: Path) -> None:
    file = toml(tmp_path, "idle_lock_minutes = 5\n")
    assert desk("config", "apply", file).code == 2
    secret = {"BEECH_PASSPHRASE_FILE": str(unit.secret)}
    shown = at_terminal("config", "apply", file, answers=[("Settle 1?", "no")], **secret)
    assert (shown.code, "nothing was changed" in shown.out) == (0, True)
    found = {row["name"]: row for row in desk("config", "show", "-f", "json").json}
    assert found["idle_lock_minutes"]["value"] == 10


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("idle_lock_minutes = 1", 5, "the file, line 1, column 1: idle_lock_minutes"),
        ("idle_lock_minutes", 2, "the file, line 1, column"),
        ("[hard_stop]\nunder_18 = false", 5, "the file, line 1, column 1"),
    ],
)
def test_a_mistake_is_named_by_line_and_column(
    desk: Desk, tmp_path: Path, text: str, code: int, said: str
) -> None:
    ran = desk("config", "apply", toml(tmp_path, text), "--yes")
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_file_that_is_not_there_or_no_text_is_refused(desk: Desk, tmp_path: Path) -> None:
    assert desk("config", "apply", str(tmp_path / "none.toml"), "--yes").code == 2
    (tmp_path / "bad.toml").write_bytes(b"\xff\x00\xff")
    assert desk("config", "apply", str(tmp_path / "bad.toml"), "--yes").code == 2


def test_vocabulary_list_shows_the_units_own_codes_with_source_and_date(desk: Desk, tmp_path: Path) -> None:
    file = toml(tmp_path, '[vocabulary.need]\nharm_reduction = "harm reduction"\n')
    assert desk("config", "apply", file, "--yes").code == 0
    rows = desk("vocabulary", "list", "need", "-f", "json").json
    assert rows[-1] == {
        "code": "harm_reduction",
        "label": "harm reduction",
        "source": "the unit's settings",
        "valid_from": "2026-11-24",
        "valid_to": None,
    }
    assert rows[0]["source"]
