"""A plan as a file, an import taken back whole, and how a refusal is told."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Clock, Unit
from tests.desk import BEECH, ROOT, Desk, Ran, process

MEN = "external_ref,build,hair\nm1,stocky,grey\nm2,slim,\n"


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


@pytest.fixture
def men(tmp_path: Path) -> Path:
    file = tmp_path / "men.csv"
    file.write_text(MEN)
    return file


def planned(desk: Desk, file: Path, kind: str = "offenders") -> Path:
    plan = file.with_suffix(".plan")
    ran = desk("import", kind, str(file), "--plan-out", str(plan))
    assert ran.code == 0, ran.err
    return plan


def carried_out(desk: Desk, file: Path, plan: Path, kind: str = "offenders") -> Ran:
    return desk("import", kind, str(file), "--plan", str(plan), "--apply")


def imported(desk: Desk, file: Path, kind: str = "offenders") -> str:
    ran = desk("import", kind, str(file), "--apply", "-f", "json")
    assert ran.code == 0, ran.err
    return str(ran.json["import"])


def listed(desk: Desk, word: str = "watchlist") -> dict[str, dict[str, object]]:
    return {row["external_ref"]: row for row in desk(word, "list", "-f", "json").json}


# the plan


def test_a_plan_holds_rows_verdicts_references_and_a_digest_and_no_value(desk: Desk, men: Path) -> None:
    imported(desk, men)
    men.write_text(MEN.replace("grey", "zebrahair") + "m3,stocky,\n")
    plan = planned(desk, men)
    head, *rows, end = [json.loads(line) for line in plan.read_text().splitlines()]
    assert set(head) == {"plan", "version", "unit", "kind", "heads"}
    assert [(row["row"], row["verdict"]) for row in rows] == [(2, "update"), (3, "same"), (4, "create")]
    assert [bool(row["ref"]) for row in rows] == [True, True, False]
    assert end["counts"]["update"] == 1
    assert len(end["source"]) == 32
    assert "zebra" not in plan.read_text()
    assert plan.stat().st_mode & 0o777 == 0o600


def test_a_plan_is_carried_out_once_and_again_is_nothing(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("at,contact\n2026-11-20T21:30,spoke\n2026-11-20T22:30,spoke\n")
    plan = planned(desk, file, "engagements")
    assert carried_out(desk, file, plan, "engagements").code == 0
    again = carried_out(desk, file, plan, "engagements")
    assert (again.code, "carried out before" in again.err) == (0, True)
    told = desk("import", "engagements", str(file), "--plan", str(plan), "--apply", "-f", "json").json
    assert (told["import"], told["applied"], told["create"], told["same"]) == (None, True, 0, 2)
    assert len(desk("engagements", "list", "-f", "json").json) == 2


def test_a_plan_that_was_carried_out_does_not_stand_for_another_file(desk: Desk, men: Path) -> None:
    plan = planned(desk, men)
    assert carried_out(desk, men, plan).code == 0
    men.write_text(MEN + "m3,stocky,\n")
    ran = carried_out(desk, men, plan)
    assert (ran.code, ran.out, "not the one that was planned" in ran.err) == (7, "", True)


def test_an_import_that_changes_nothing_names_none_that_could_be_taken_back(desk: Desk, men: Path) -> None:
    imported(desk, men)
    told = desk("import", "offenders", str(men), "--apply", "-f", "json").json
    assert (told["import"], told["applied"], told["same"]) == (None, True, 2)


def test_a_plan_whose_file_moved_is_refused_with_seven(desk: Desk, men: Path) -> None:
    plan = planned(desk, men)
    men.write_text(MEN.replace("slim", "thin"))
    ran = carried_out(desk, men, plan)
    assert (ran.code, "not the one that was planned" in ran.err) == (7, True)
    men.write_text(MEN + "m3,stocky,\n")
    assert carried_out(desk, men, plan).code == 7
    assert listed(desk) == {}


def test_a_plan_whose_records_moved_is_refused_with_seven(desk: Desk, men: Path) -> None:
    imported(desk, men)
    men.write_text(MEN.replace("grey", "brown"))
    plan = planned(desk, men)
    ref = str(listed(desk)["m1"]["ref"])
    assert desk("watchlist", "amend", ref, "--accent", "local").code == 0
    ran = carried_out(desk, men, plan)
    assert (ran.code, "row 2" in ran.err) == (7, True)
    assert listed(desk)["m1"]["hair"] == "grey"
    plan = planned(desk, men)
    assert carried_out(desk, men, plan).code == 0
    assert listed(desk)["m1"]["hair"] == "brown"


def test_a_plan_of_a_record_that_came_meanwhile_is_refused_with_seven(desk: Desk, men: Path) -> None:
    plan = planned(desk, men)
    desk("watchlist", "add", "--from-json", "-", stdin='{"external_ref": "m2", "build": "tall"}')
    assert carried_out(desk, men, plan).code == 7


@pytest.mark.parametrize("content", ["", "{}\n", "[1]\n", "zebra", '{"plan": "x", "version": 1}\n', "\xff"])
def test_what_is_no_plan_is_usage(desk: Desk, men: Path, content: str) -> None:
    bad = men.with_name("bad.plan")
    bad.write_bytes(content.encode("latin-1"))
    ran = carried_out(desk, men, bad)
    assert (ran.code, "zebra" in ran.err) == (2, False)
    assert carried_out(desk, men, men.with_name("none")).code == 2


def test_a_plan_of_another_kind_is_refused(desk: Desk, men: Path) -> None:
    assert carried_out(desk, men, planned(desk, men), "vehicles").code == 5


def test_a_plan_with_rows_in_trouble_is_not_kept(desk: Desk, men: Path) -> None:
    men.write_text(MEN.replace("build", "sex"))
    plan = men.with_suffix(".plan")
    ran = desk("import", "offenders", str(men), "--plan-out", str(plan))
    assert (ran.code, plan.exists()) == (5, False)
    assert [path.name for path in men.parent.iterdir() if "plan" in path.name] == []


def test_options_that_do_not_go_together_are_usage(desk: Desk, men: Path) -> None:
    assert desk("import", "offenders", str(men), "--plan-out", "x", "--apply").code == 2
    assert desk("import", "offenders", str(men), "--plan", "x").code == 2


def test_a_file_without_keys_is_not_doubled(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("at,contact\n2026-11-20T21:30,spoke\n")
    first = imported(desk, file, "engagements")
    ran = desk("import", "engagements", str(file), "--apply")
    assert (ran.code, first in ran.err) == (7, True)
    assert desk("import", "undo", first).code == 0
    assert imported(desk, file, "engagements")
    assert len(desk("engagements", "list", "-f", "json").json) == 1


# the refusal


def test_one_row_is_one_row_and_a_malformed_file_is_named_once(desk: Desk, men: Path) -> None:
    men.write_text("external_ref,sex\nm1,zebra\n")
    assert "1 row is refused" in desk("import", "offenders", str(men)).err
    men.write_text("external_ref,sex\nm1,zebra\nm2,zebra\n")
    assert "2 rows are refused" in desk("import", "offenders", str(men)).err
    men.write_bytes(b"external_ref,build\nm1,\xff\xfe\n")
    ran = desk("import", "offenders", str(men))
    assert (ran.code, ran.err.count("men.csv")) == (2, 1)


# taken back


def test_a_whole_import_is_taken_back_in_one_step_and_may_come_again(desk: Desk, men: Path) -> None:
    first = imported(desk, men)
    men.write_text(MEN.replace("grey", "brown") + "m3,tall,\n")
    second = imported(desk, men)
    ran = desk("import", "undo", second, "-f", "json")
    assert (ran.code, ran.json) == (0, {"import": second, "struck": 1, "set_back": 1, "kept": []})
    assert {ref: row["hair"] for ref, row in listed(desk).items()} == {"m1": "grey", "m2": None}
    assert desk("import", "undo", second).code == 5
    again = desk("import", "offenders", str(men), "--apply", "-f", "json").json
    assert (again["update"], again["same"]) == (2, 1)
    assert {ref: row["hair"] for ref, row in listed(desk).items()} == {"m1": "brown", "m2": None, "m3": None}
    rows = desk("import", "list", "-f", "json").json
    assert [(row["import"], row["undone"]) for row in rows[1:]] == [(second, True), (first, False)]
    assert desk("journal", "verify").code == 0


def test_what_was_changed_since_stays_and_is_named(desk: Desk, men: Path) -> None:
    men.write_text("external_ref,build,hair,accent\nm1,stocky,grey,\nm2,slim,,\n")
    imported(desk, men)
    men.write_text("external_ref,build,hair,accent\nm1,stocky,brown,local\nm3,tall,,\nm4,tall,,\n")
    second = imported(desk, men)
    now = listed(desk)
    one, three, four = (str(now[key]["ref"]) for key in ("m1", "m3", "m4"))
    assert desk("watchlist", "amend", one, "--hair", "red").code == 0
    assert desk("watchlist", "amend", three, "--hair", "red").code == 0
    seen = desk.ref("sightings", "add", "--offender", four, "--at", "2026-11-21 20:00")
    kept = {row["ref"]: row["why"] for row in desk("import", "undo", second, "-f", "json").json["kept"]}
    assert kept[one] == "hair: was changed since"
    assert kept[three].startswith("was changed since")
    assert kept[four].startswith(f"{seen}, which is not of this import, points at it")
    row = listed(desk)["m1"]
    assert (row["hair"], row["accent"]) == ("red", None)


def test_a_change_that_was_itself_undone_does_not_stand_in_the_way(desk: Desk, men: Path) -> None:
    first = imported(desk, men)
    ref = str(listed(desk)["m1"]["ref"])
    desk("watchlist", "amend", ref, "--hair", "red")
    desk("watchlist", "undo", ref)
    assert desk("import", "undo", first, "-f", "json").json["kept"] == []
    assert listed(desk) == {}


def test_what_came_with_a_man_or_an_order_goes_with_it(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "men.ndjson"
    file.write_text(
        json.dumps({"external_ref": "m1", "build": "slim", "vehicles": [{"vrm": "NA12 QBX"}]}) + "\n"
    )
    orders = tmp_path / "orders.csv"
    orders.write_text("external_ref,offender,type,granted_on\nn1,m1,sro,2026-11-20\n")
    first, second = imported(desk, file), imported(desk, orders, "orders")
    for ident in (second, first):
        assert desk("import", "undo", ident, "-f", "json").json["kept"] == []
    for word in ("watchlist", "vehicles", "orders", "actions"):
        assert desk(word, "list", "-f", "json").json == [], word
    imported(desk, file)
    assert len(desk("vehicles", "list", "-f", "json").json) == 1


def test_an_import_that_is_not_known_ends_with_four(desk: Desk) -> None:
    assert desk("import", "undo", "0123456789abcdef").code == 4
    assert desk("import", "list", "-f", "json").json == []


# stopped


def test_ctrl_c_leaves_nothing_half_done(unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "many.csv"
    with file.open("w") as made:
        made.write("external_ref,at,narrative\n")
        made.writelines(f"x{n},2026-11-01T10:00,{'word ' * 40}\n" for n in range(60_000))
    variables = {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    line = [*BEECH, "import", "engagements", str(file), "--apply"]
    wal = unit.folder / "unit.db-wal"
    child = subprocess.Popen(line, cwd=ROOT, env=os.environ | variables, stderr=subprocess.PIPE)
    while not wal.exists() or wal.stat().st_size < 1_000_000:
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (130, b"")
    monkeypatch.setenv("BEECH_UNIT", str(unit.folder))
    monkeypatch.setenv("BEECH_PASSPHRASE_FILE", str(unit.secret))
    assert process("engagements", "list", "-f", "json").json == []
    assert process("journal", "verify").code == 0
