"""``beech import``: what a list prints goes back in unchanged, and a file lands whole or not at all."""

import json
from pathlib import Path

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk

MAN = {
    "external_ref": "m1",
    "name": "Gary Example",
    "aliases": ["Gaz; the Collector", "=Gazza"],
    "telephones": ["07700 900123"],
    "marks": ["spider tattoo left hand"],
    "vehicles": [{"vrm": "NA12 QBX", "make": "Vauxhall", "marks": ["dent; left"]}, {"colour": "blue"}],
}
CONTACT = {
    "external_ref": "e1",
    "at": "2026-11-20T21:30",
    "initiated_by": "flagged_down",
    "people": [{"pseudonym": "Willow-9"}],
    "needs": ["housing", "food"],
    "refs": ["bwv:camera; two"],
    "sharing_level": 2,
    "narrative": '=she said, "he waits"\nby the underpass; twice',
}


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def fill(desk: Desk, folder: Path) -> None:
    men = folder / "men.ndjson"
    men.write_text(json.dumps(MAN) + "\n")
    ran = desk("import", "offenders", str(men), "--apply")
    assert (ran.code, "match --pending" in ran.err) == (0, True)
    engagement = desk("log", "--from-json", "-", "-f", "json", stdin=json.dumps(CONTACT)).json
    concern = {
        "engagement": "e1",
        "behaviours": ["follows"],
        "vehicle": {"vrm": "NA12 ?B?"},
        "offender": "m1",
    }
    assert desk("concerns", "add", "--from-json", "-", stdin=json.dumps(concern)).code == 0
    desk.ref("referrals", "add", "--person", engagement["people"][0], "--service", "housing")
    desk.ref(
        "followups", "add", "--from-json", "-", stdin=json.dumps({"what": "ring", "due_on": "2026-12-01"})
    )
    desk.ref("actions", "add", "--offender", "m1", "--on", "2026-11-21", "--action", "arrest")
    desk.ref("sightings", "add", "--offender", "m1", "--at", "2026-11-21 20:00")
    desk.ref("orders", "add", "--offender", "m1", "--type", "sro", "--granted-on", "2026-11-22")
    desk.ref(
        *("calls", "add", "--month", "2026-10", "--source", "101", "--category", "soliciting", "--count", "7")
    )


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_what_a_list_prints_is_the_same_when_it_is_imported(desk: Desk, tmp_path: Path, form: str) -> None:
    fill(desk, tmp_path)
    for command, kind in (
        *((word, word) for word in ("people", "engagements", "referrals", "followups", "vehicles")),
        *((word, word) for word in ("sightings", "actions", "orders", "calls")),
        *((("concerns", "concerns"),) if form != "csv" else ()),
        ("watchlist", "offenders"),
    ):
        file = tmp_path / f"{command}.{form}"
        assert desk(command, "list", "-f", form, "--out", str(file)).code == 0
        planned = desk("import", kind, str(file), "-f", "json")
        assert planned.code == 0, (command, planned.err)
        assert planned.json["same"] > 0, command
        assert [row for row in planned.json["rows"] if row["verdict"] != "same"] == [], command


def test_a_refused_row_is_named_by_row_and_rule_and_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("external_ref,at,contact\nx1,2026-11-01T10:00,spoke\nx2,2026-11-01T10:00,zebracanary\n")
    ran = desk("import", "engagements", str(file), "--apply")
    assert ran.code == 5
    assert "3" in ran.out and "contact" in ran.out  # noqa: PT018 - one line of the plan
    assert "zebracanary" not in ran.out + ran.err
    assert desk("engagements", "list", "-f", "json").json == []


def test_rows_in_conflict_and_no_other_trouble_end_with_seven(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "men.ndjson"
    file.write_text(json.dumps(MAN) + "\n")
    desk("import", "offenders", str(file), "--apply")
    ref = desk("watchlist", "list", "-f", "json").json[0]["ref"]
    assert desk("watchlist", "amend", ref, "--build", "slim").code == 0
    file.write_text(json.dumps(MAN | {"build": "stocky"}) + "\n")
    assert desk("import", "offenders", str(file)).code == 7


def test_without_apply_nothing_is_written_and_the_plan_says_how_to_go_on(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "men.ndjson"
    file.write_text(json.dumps(MAN) + "\n")
    ran = desk("import", "offenders", str(file))
    assert (ran.code, "--apply" in ran.err) == (0, True)
    assert desk("watchlist", "list", "-f", "json").json == []


def test_a_column_that_is_never_held_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "women.csv"
    file.write_text("pseudonym,nationality\nWillow-2,x\n")
    ran = desk("import", "people", str(file), "--apply")
    assert ran.code == 5
    assert "nationality" in ran.err


def test_an_unknown_column_ends_with_two(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "women.csv"
    file.write_text("pseudonym,shoe_size\nWillow-2,5\n")
    ran = desk("import", "people", str(file), "--apply")
    assert ran.code == 2
    assert "shoe_size" in ran.err


def test_a_file_that_is_not_there_ends_with_two(desk: Desk, tmp_path: Path) -> None:
    assert desk("import", "people", str(tmp_path / "none.csv")).code == 2
