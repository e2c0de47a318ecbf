"""Nothing new points at a record that was struck out; what did before goes on, and undo brings it back."""

import json
from pathlib import Path

import pytest

from db import engagements, judgements, records
from db.errors import Refused
from db.records import Why
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.desk import Desk
from tests.tallied import act, add, man, spoke, woman

WHY = Why("correction")


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def test_no_command_points_at_a_man_a_woman_or_a_car_that_was_struck_out(desk: Desk, tmp_path: Path) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Willow-27")
    him = desk.ref("watchlist", "add", "--from-json", "-", stdin='{"name": "Gary Example"}')
    car = desk.ref("vehicles", "add", "--vrm", "NA12 KBO")
    for word, ref in (("people", her), ("watchlist", him), ("vehicles", car)):
        assert desk(word, "strike", ref).code == 0
    action = {"offender": him, "on": "2026-11-20", "action": "arrest"}
    sighting = {"vehicle": car, "at": "2026-11-20 20:00"}
    referral = {"person": her, "service": "housing"}
    contact = {"at": "2026-11-20 21:30", "people": [her]}
    for word, kind, row, name, group in (
        ("actions", "actions", action, "offender", "watchlist"),
        ("sightings", "sightings", sighting, "vehicle", "vehicles"),
        ("referrals", "referrals", referral, "person", "people"),
        ("log", "engagements", contact, "people", "people"),
    ):
        ref = str(row[name][0] if name == "people" else row[name])
        said = f"{name}: {ref} was struck out: '{group} undo {ref}' brings it back"
        told = (word,) if word == "log" else (word, "add")
        ran = desk(*told, "--from-json", "-", stdin=json.dumps(row))
        assert (ran.code, said in ran.err) == (5, True), (word, ran.err)
        file = tmp_path / f"{word}.json"
        file.write_text(json.dumps([row]))
        ran = desk("import", kind, str(file), "--apply", "-f", "json")
        assert (ran.code, said in ran.out) == (5, True), (word, ran.out, ran.err)
    ran = desk("actions", "add", "--offender", him, "--on", "20/11/2026", "--action", "arrest")
    assert (ran.code, "was struck out" in ran.err) == (5, True)
    assert desk("watchlist", "undo", him).code == 0
    assert desk("actions", "add", "--from-json", "-", stdin=json.dumps(action)).code == 0


def test_what_stands_for_the_same_is_named_and_is_accepted(store: Store) -> None:
    first, second = man(store, "Gary Example"), man(store, "Gaz Example")
    judgements.merge(store, "offender", (first, second), WHY)
    act(store, second, "2026-11-20", "arrest")
    records.strike(store, "offender", first, WHY)
    with pytest.raises(Refused, match=f"or name {second}, which stands for the same"):
        act(store, first, "2026-11-21", "charge")
    act(store, second, "2026-11-21", "charge")


def test_what_pointed_at_her_before_she_was_struck_out_can_be_changed(store: Store, tmp_path: Path) -> None:
    her, other = woman(store, "Willow-27"), woman(store, "Heron-3")
    row = {"external_ref": "e1", "at": "2026-11-20 21:30", "people": [her]}
    contact = engagements.log(store, row)["ref"]
    records.strike(store, "person", her, WHY)
    records.amend(store, "engagement", contact, {"people": [her, other]})
    assert engagements.log(store, row | {"people": [her, other], "sector": "Northgate"})["ref"] == contact
    mine = spoke(store, "2026-11-21 21:30", other)
    with pytest.raises(Refused, match=f"people: {her} was struck out"):
        records.amend(store, "engagement", mine, {"people": [other, her]})
    concern = add(store, "concern", engagement=mine)
    with pytest.raises(Refused, match=f"person: {her} was struck out"):
        records.amend(store, "concern", concern, {"person": her})


def test_an_import_that_comes_again_is_the_same_although_whom_it_names_was_struck_out(
    desk: Desk, tmp_path: Path
) -> None:
    him = desk.ref("watchlist", "add", "--from-json", "-", stdin='{"name": "Gary", "external_ref": "m1"}')
    file = tmp_path / "actions.csv"
    file.write_text("external_ref,offender,on,action\na1,m1,2026-11-20,arrest\n")
    assert desk("import", "actions", str(file), "--apply").code == 0
    assert desk("watchlist", "strike", him).code == 0
    ran = desk("import", "actions", str(file), "-f", "json")
    assert (ran.code, ran.json["same"]) == (0, 1)
    file.write_text("external_ref,offender,on,action\na1,m1,2026-11-20,arrest\na2,m1,2026-11-21,charge\n")
    ran = desk("import", "actions", str(file), "-f", "json")
    assert (ran.code, ran.json["refused"]) == (5, 1)
