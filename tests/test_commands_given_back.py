"""What a record prints can be given back as it is: to ``amend``, ``add``, ``log`` and ``import`` alike."""

import json
from pathlib import Path

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk
from tests.test_commands_kinds import filled

_DEFAULTS = (
    ("people", "sex", "man", "unknown"),
    ("people", "age_band", "25-34", "unknown"),
    ("people", "sharing_level", 4, 1),
    ("people", "status", "paused", "active"),
    ("engagements", "contact", "declined", "spoke"),
    ("engagements", "people_unnamed", 3, 0),
    ("engagements", "sharing_level", 3, 1),
    ("concerns", "sharing_level", 3, 1),
    ("watchlist", "category", "suspect", "reported"),
    ("watchlist", "identity_confidence", "partial", "named"),
    ("actions", "for_unit", False, True),
    ("referrals", "status", "waiting", "offered"),
)


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def give(desk: Desk, *args: str, **said: object) -> dict[str, object]:
    ran = desk(*args, "--from-json", "-", "-f", "json", stdin=json.dumps(said))
    assert ran.code == 0, ran.err
    made: dict[str, object] = ran.json
    return made


def test_every_record_is_taken_back_as_it_is_shown_and_stays_as_it_was(desk: Desk) -> None:
    for word, ref in filled(desk).items():
        shown = desk(word, "show", ref, "-f", "json").json
        for args in ((word, "amend", ref), (word, "add")):
            given = give(desk, *args, **shown)
            assert given["ref"] == ref, args
        assert desk(word, "show", ref, "-f", "json").json == shown, word


def test_log_takes_a_ref_as_import_does_and_none_where_it_is_null(desk: Desk) -> None:
    made = give(desk, "log", ref=None, at="2026-11-20T21:30", external_ref="e1")
    again = give(desk, "log", ref=made["ref"], external_ref="e1", partner="A Way Out")
    assert (again["ref"], again["partner"]) == (made["ref"], "A Way Out")
    ran = desk("log", "--from-json", "-", stdin='{"ref": "E-ZZZZ", "at": "2026-11-20T21:30"}')
    assert (ran.code, ran.out) == (4, "")


def test_a_change_that_names_another_record_is_refused(desk: Desk) -> None:
    first = give(desk, "people", "add", pseudonym="Hazel", external_ref="h1")["ref"]
    other = give(desk, "people", "add", pseudonym="Willow")["ref"]
    for said in ({"ref": other}, {"external_ref": "h2"}):
        ran = desk("people", "amend", str(first), "--from-json", "-", stdin=json.dumps(said))
        assert (ran.code, ran.out) == (5, ""), said


def test_a_woman_named_by_her_import_key_keeps_her_pseudonym(desk: Desk) -> None:
    ref = give(desk, "people", "add", pseudonym="Hazel", external_ref="h1")["ref"]
    assert give(desk, "people", "add", pseudonym="Hazel", external_ref="h1")["ref"] == ref
    assert give(desk, "people", "amend", "h1", pseudonym="Hazel")["ref"] == ref


def test_a_pseudonym_that_json_writes_as_a_number_is_one_womans_alone(desk: Desk) -> None:
    give(desk, "people", "add", pseudonym=27)
    ran = desk("people", "add", "--from-json", "-", stdin='{"pseudonym": 27}')
    assert (ran.code, "has it already" in ran.err) == (5, True)


@pytest.mark.parametrize(("word", "field", "said", "default"), _DEFAULTS)
def test_a_null_gives_a_field_its_default_again(
    word: str, field: str, said: object, default: object, desk: Desk
) -> None:
    ref = filled(desk)[word]
    give(desk, word, "amend", ref, **{field: said})
    assert give(desk, word, "amend", ref, **{field: None})[field] == default


def test_the_day_of_an_offer_stays_where_it_is_cleared(desk: Desk) -> None:
    ref = filled(desk)["referrals"]
    offered = give(desk, "referrals", "amend", ref, offered_on="2026-11-02")["offered_on"]
    assert give(desk, "referrals", "amend", ref, offered_on=None)["offered_on"] == offered


def test_her_no_and_level_0_are_lifted_by_a_word_and_by_no_null(desk: Desk, tmp_path: Path) -> None:
    ref = str(give(desk, "people", "add", pseudonym="Hazel", external_ref="h1")["ref"])
    give(desk, "people", "amend", ref, status="no_contact", sharing_level=0)
    for field in ("status", "sharing_level"):
        ran = desk("people", "amend", ref, "--clear", field)
        assert (ran.code, ran.out, field in ran.err) == (5, "", True)
    source = tmp_path / "people.json"
    for said, verdict in (("no_contact", "same"), (None, "refused")):
        row = {"external_ref": "h2", "pseudonym": "Willow", "status": said}
        source.write_text(json.dumps([row]))
        desk("import", "people", str(source), "--apply")
        plan = desk("import", "people", str(source), "-f", "json").json
        assert [one["verdict"] for one in plan["rows"]] == [verdict]


def test_a_file_with_nulls_for_what_is_not_said_is_the_same_when_it_comes_again(
    desk: Desk, tmp_path: Path
) -> None:
    rows = {
        "people": {
            "pseudonym": "Hazel",
            "sex": None,
            "age_band": None,
            "status": None,
            "sharing_level": None,
        },
        "engagements": {
            **{"at": "2026-11-20T21:30", "contact": None, "people_unnamed": None, "sharing_level": None},
            **{"people": None, "ref": None, "initiated_by": None},
        },
        "offenders": {"name": "Gary Example", "category": None, "identity_confidence": None},
        "actions": {"offender": "x-offenders", "on": "2026-11-20", "action": "arrest", "for_unit": None},
    }
    for kind, row in rows.items():
        source = tmp_path / f"{kind}.json"
        source.write_text(json.dumps([{"external_ref": f"x-{kind}", **row}]))
        for verdict in ("create", "same"):
            ran = desk("import", kind, str(source), "--apply", "-f", "json")
            assert (ran.code, ran.json[verdict]) == (0, 1), (kind, ran.err)


def test_a_list_of_concerns_in_csv_brings_back_the_man_and_the_car_that_were_described(
    desk: Desk, tmp_path: Path
) -> None:
    give(desk, "log", at="2026-11-20T21:30", external_ref="e1")
    car, man = {"vrm": "NA12 ?B?"}, {"build": "stocky", "marks": ["=dent"]}
    give(desk, "concerns", "add", engagement="e1", external_ref="c1", vehicle=car, description=man)
    source = tmp_path / "concerns.csv"
    source.write_text(desk("concerns", "list", "-f", "csv").out)
    assert desk("import", "concerns", str(source), "-f", "json").json["same"] == 1


def test_a_key_of_an_erased_record_brings_nothing_back_and_one_of_a_struck_record_changes_nothing(
    desk: Desk,
) -> None:
    contact = {"external_ref": "e1", "at": "2026-11-20T21:30"}
    man = {"external_ref": "m1", "name": "Gary Example"}
    call = {"month": "2026-10", "source": "101", "category": "soliciting", "count": 7}
    for args, word, said in (
        (("log",), "engagements", contact),
        (("engagements", "add"), "engagements", contact | {"external_ref": "e2"}),
        (("watchlist", "add"), "watchlist", man),
        (("calls", "add"), "calls", call),
    ):
        ref = str(give(desk, *args, **said)["ref"])
        assert desk(word, "strike", ref).code == 0
        ran = desk(*args, "--from-json", "-", stdin=json.dumps(said))
        assert (ran.code, ran.out, "was struck out: 'undo' brings it back" in ran.err) == (5, "", True), args
        if word == "calls":
            continue
        assert desk(word, "amend", ref, "--sector", "Northgate").code == 5
        desk(word, "undo", ref)
        for _ in range(2):
            desk(word, "erase", ref, "--reason", "audit", "--yes")
        ran = desk(*args, "--from-json", "-", stdin=json.dumps(said))
        assert (ran.code, ran.out, "was erased" in ran.err) == (4, "", True), args


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_list_that_leaves_out_who_wants_no_contact_takes_her_off_no_contact_when_it_comes_back(
    form: str, desk: Desk, tmp_path: Path
) -> None:
    her, other = (give(desk, "people", "add", pseudonym=name)["ref"] for name in ("Hazel", "Willow"))
    ref = str(give(desk, "log", at="2026-11-20T21:30", external_ref="e1", people=[her, other])["ref"])
    give(desk, "people", "amend", str(her), status="no_contact")
    source = tmp_path / f"contacts.{form}"
    source.write_text(desk("engagements", "list", "-f", form).out)
    assert str(her) not in source.read_text()
    assert desk("import", "engagements", str(source), "--apply", "-f", "json").json["same"] == 1
    assert desk("engagements", "show", ref, "-f", "json").json["people"] == [her, other]
