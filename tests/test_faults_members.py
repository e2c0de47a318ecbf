"""members.json, whatever it holds: an exit code and one sentence, never the work that it asks for."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.__main__ import run
from db.vault import keys
from tests.attacks import around, assert_refused, by_passphrase, ended, start
from tests.conftest import Unit
from tests.desk import REAL


@pytest.mark.parametrize("text", [b"", b"{", b"\x00" * 100, b"[]", b'"beech members"', b"\xff\xfe{\x00}\x00"])
def test_a_members_json_that_is_none_is_damage(unit: Unit, text: bytes) -> None:
    (unit.folder / "members.json").write_bytes(text)
    assert_refused(by_passphrase(unit, "people", "list"), 6, "members.json", "backup")


JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
        st.sampled_from(
            ["beech members", "member", "recovery", "00" * 8, "00" * 16, "00" * 32, "zz", "\ud800"]
        ),
        st.sampled_from([0, 1, 2, 3, -1, 1 << 28, 1 << 80, float("inf")]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
PLACES = [
    *(("format",), ("version",), ("program",), ("unit",), ("slots",), ("slots", 0), ("slots", 1)),
    *(("slots", 0, name) for name in ("kind", "member", "name", "public", "argon2id", "sealed")),
    *(("slots", 0, name) for name in ("store_keys", "identity_keys")),
    *(("slots", 0, "argon2id", name) for name in ("passes", "bytes", "salt")),
]


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key stretching that costs nothing, for hundreds of openings in this process."""
    monkeypatch.setattr(keys, "_stretch", lambda passphrase, salt, cost: bytes(32))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), value=JSON)
def test_one_value_of_members_json_changed_is_never_a_traceback(
    unit: Unit, founded: Unit, cheap: None, place: tuple[str | int, ...], value: Any,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    body = json.loads((founded.folder / "members.json").read_text())
    inner = body
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    (unit.folder / "members.json").write_text(json.dumps(body))
    assert_told_apart(unit, monkeypatch, capsys)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.binary(max_size=60), JSON.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_for_a_members_json_are_never_a_traceback(
    unit: Unit, cheap: None, text: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (unit.folder / "members.json").write_bytes(text)
    assert_told_apart(unit, monkeypatch, capsys)


def assert_told_apart(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", str(unit.secret))
    code = run(["--unit", str(unit.folder), "people", "list"])
    assert code in (2, 3, 4, 6)
    said = capsys.readouterr()
    assert not said.out
    assert said.err.startswith("beech: ")


@pytest.mark.parametrize(
    ("passes", "size"), [(3, 8 << 30), (3, 8 << 10), (1, 256 << 20), (1 << 31, 256 << 20), (3, (1 << 30) + 1)]
)
def test_key_stretching_that_no_beech_wrote_is_damage_and_is_not_tried(
    strong: Unit, passes: int, size: int
) -> None:
    path = strong.folder / "members.json"
    body = json.loads(path.read_text())
    for slot in body["slots"]:
        slot["argon2id"] |= {"passes": passes, "bytes": size}
    path.write_text(json.dumps(body))
    env = around(strong.folder, {"BEECH_PASSPHRASE_FILE": str(strong.secret)})
    assert_refused(ended(start([*REAL, "people", "list"], env)), 6, "key-stretching")


@pytest.mark.parametrize("slots", [[], {}])
def test_a_members_json_that_is_nobodys_is_damage(unit: Unit, slots: object) -> None:
    path = unit.folder / "members.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"slots": slots}))
    assert_refused(by_passphrase(unit, "people", "list"), 6, "restore members.json from a backup")
