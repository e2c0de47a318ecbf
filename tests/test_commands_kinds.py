"""The commands that every kind of record has, and what is a kind's own."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from commands.fields import is_personal, option_of
from commands.subjects import SUBJECTS, keys_of
from db import filters
from db.rules.records import KINDS
from tests.conftest import Clock, Unit
from tests.desk import Desk, at_terminal, process


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def filled(desk: Desk) -> dict[str, str]:
    """One record of every kind, by the word of its group."""
    made = {"people": desk.ref("people", "add", "--pseudonym", "Willow-27", "--sex", "woman")}
    made["engagements"] = desk.ref(
        *(
            "engagements",
            "add",
            "--at",
            "yesterday 2130",
            "--people",
            made["people"],
            "--sector",
            "Northgate",
        ),
        *("--officers", "Sam;Jo", "--initiated-by", "flagged_down", "--narrative", "-"),
        stdin="she was glad of a hot drink",
    )
    made["watchlist"] = desk.ref("watchlist", "add", "--name", "-", "--build", "stocky", stdin="Invented Man")
    made["concerns"] = desk.ref(
        *("concerns", "add", "--engagement", made["engagements"], "--person", made["people"]),
        *("--offender", made["watchlist"], "--behaviours", "follows"),
    )
    made["referrals"] = desk.ref("referrals", "add", "--person", made["people"], "--service", "clinic")
    made["followups"] = desk.ref(
        "followups",
        "add",
        "--what",
        "-",
        "--due-on",
        "26/11/2026",
        "--about",
        made["people"],
        stdin="ring her",
    )
    made["vehicles"] = desk.ref("vehicles", "add", "--vrm", "NA12 KBO", "--offender", made["watchlist"])
    made["sightings"] = desk.ref("sightings", "add", "--at", "0900", "--offender", made["watchlist"])
    made["actions"] = desk.ref(
        "actions",
        "add",
        "--offender",
        made["watchlist"],
        "--on",
        "today",
        "--action",
        "arrest",
        "--officer",
        "Jo",
    )
    made["orders"] = desk.ref("orders", "add", "--offender", made["watchlist"], "--type", "cbo")
    made["calls"] = desk.ref(
        "calls",
        "add",
        "--month",
        "2026-10",
        "--source",
        "101",
        "--category",
        "kerb crawling",
        "--count",
        "12",
    )
    return made


def test_every_kind_is_added_shown_listed_amended_struck_undone_and_told(desk: Desk) -> None:
    made = filled(desk)
    assert set(made) == set(SUBJECTS)
    changes = {"calls": ("--count", "13"), "people": ("--risk-by", "Jo"), "referrals": ("--owner", "Jo")}
    changes |= {"followups": ("--owner", "Jo"), "vehicles": ("--colour", "grey")}
    changes |= {"actions": ("--force-area", "Cleveland"), "orders": ("--issuer", "the magistrates")}
    for word, ref in made.items():
        shown = desk(word, "show", ref, "-f", "json").json
        assert shown["ref"] == ref
        assert list(shown) == keys_of(SUBJECTS[word].kind)
        option, value = changes.get(word, ("--sector", "Southgate"))
        changed = desk(word, "amend", ref, option, value, "-f", "json")
        assert changed.code == 0, changed.err
        assert str(changed.json[option[2:].replace("-", "_")]) == value
        assert desk(word, "strike", ref, "-f", "json").json == {"ref": ref, "state": "struck"}
        assert ref not in [one["ref"] for one in desk(word, "list", "-f", "json").json]
        assert desk(word, "undo", ref).code == 0
        assert ref in [one["ref"] for one in desk(word, "list", "-f", "json").json]
        assert desk(word, "undo", ref).code == 0
        assert desk(word, "show", ref, "-f", "json").json == shown
        told = desk(word, "history", ref, "-f", "json").json
        assert [one["what"] for one in told] == ["collection", "alteration", "struck", "undo", "undo"]


def test_csv_of_every_kind_has_all_keys_whether_or_not_there_is_a_record(desk: Desk) -> None:
    empty = {word: desk(word, "list", "-f", "csv").out.splitlines() for word in SUBJECTS}
    filled(desk)
    for word, lines in empty.items():
        (header,) = lines
        row = next(csv.DictReader(io.StringIO(desk(word, "list", "-f", "csv").out)))
        assert header.split(",") == list(row)


def test_a_reference_that_names_nothing_ends_with_4(desk: Desk) -> None:
    for word, made in SUBJECTS.items():
        ref = f"{KINDS[made.kind].letter}-ZZZZ"
        for verb in (["show", ref], ["strike", ref], ["undo", ref], ["history", ref]):
            assert desk(word, *verb).code == 4, (word, verb)


# what is personal


def test_what_is_personal_is_never_taken_as_an_argument(desk: Desk) -> None:
    for word, made in SUBJECTS.items():
        for field in KINDS[made.kind].fields:
            if is_personal(field) and field.type != "object":
                ran = desk(word, "add", option_of(made.kind, field), "Testina Inventedova")
                assert ran.code == 2, (word, field.name)
                assert "shell's history" in ran.err
                assert "Testina" not in ran.err


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("engagements", "narrative"),
        ("engagements", "mentions"),
        ("watchlist", "name"),
        ("watchlist", "given_name"),
        ("watchlist", "surname"),
        ("watchlist", "aliases"),
        ("watchlist", "telephones"),
        ("watchlist", "date_of_birth"),
        ("people", "known_as"),
        ("followups", "what"),
        ("sightings", "note"),
    ],
)
def test_names_words_telephones_and_birth_dates_are_personal(word: str, field: str) -> None:
    found = KINDS[SUBJECTS[word].kind].field(field)
    assert found is not None
    assert is_personal(found)


def test_one_personal_field_comes_from_stdin_a_list_one_a_line(desk: Desk) -> None:
    ref = desk.ref("watchlist", "add", "--aliases", "-", stdin="Gaz\nBig Gaz\n")
    assert desk("watchlist", "show", ref, "-f", "json").json["aliases"] == ["Gaz", "Big Gaz"]


def test_several_personal_fields_come_by_json(desk: Desk) -> None:
    raw = {
        "given_name": "Testo",
        "surname": "Inventedov",
        "date_of_birth": "1985-03",
        "telephones": ["07700 900123"],
    }
    ran = desk("watchlist", "add", "--build", "slim", "--from-json", "-", "-f", "json", stdin=json.dumps(raw))
    assert ran.code == 0, ran.err
    assert (ran.json["surname"], ran.json["date_of_birth"], ran.json["build"]) == (
        "Inventedov",
        "1985-03",
        "slim",
    )


def test_an_offenders_vehicles_come_with_him(desk: Desk) -> None:
    raw = {"external_ref": "X1", "build": "slim", "vehicles": [{"vrm": "NA12 KBO", "colour": "silver"}]}
    ref = desk.ref("watchlist", "add", "--from-json", "-", stdin=json.dumps(raw))
    (listed,) = desk("watchlist", "list", "-f", "json").json
    assert (listed["ref"], listed["external_ref"]) == (ref, "X1")
    assert listed["vehicles"][0]["vrm"] == "NA12 KBO"
    assert "NA12 KBO" in desk("watchlist", "list").out


# people


def test_a_person_without_a_pseudonym_gets_a_free_one(desk: Desk) -> None:
    made = [desk("people", "add", "-f", "json").json["pseudonym"] for _ in range(3)]
    assert len(set(made)) == 3
    assert all("-" in one for one in made)


def test_under_18_is_a_hard_stop(desk: Desk) -> None:
    ran = desk("people", "add", "--age-band", "under_18")
    assert ran.code == 5
    assert desk("people", "list", "-f", "json").json == []


def test_who_wants_no_contact_is_in_no_list_unless_asked_for(desk: Desk) -> None:
    ref = desk.ref("people", "add", "--status", "no_contact")
    assert desk("people", "list", "-f", "json").json == []
    (found,) = desk("people", "list", "--status", "no_contact", "-f", "json").json
    assert found["ref"] == ref


def test_a_name_is_sealed_revealed_with_a_reason_and_destroyed(desk: Desk) -> None:
    ref = desk.ref("people", "add")
    name = '{"given_name": "Testina", "telephones": ["07700 900123"]}'
    assert desk("people", "seal", ref, "--from-json", "-", stdin=name).code == 0
    assert desk("people", "reveal", ref).code == 2
    shown = desk("people", "reveal", ref, "--reason", "safeguarding", "-f", "json").json
    assert (shown["given_name"], shown["telephones"]) == ("Testina", ["07700 900123"])
    assert "Testina" not in desk("people", "show", ref).out
    assert desk("people", "detach", ref, "--reason", "subject_access").code == 2
    assert desk("people", "detach", ref, "--reason", "subject_access", "--yes").code == 0
    assert desk("people", "reveal", ref, "--reason", "safeguarding").code == 4


@pytest.mark.parametrize("field", ["nationality", "address", "real_name"])
def test_a_field_that_must_not_exist_is_refused_by_its_name(field: str, desk: Desk) -> None:
    ran = desk("people", "add", "--from-json", "-", stdin=json.dumps({"pseudonym": "Willow-27", field: "x"}))
    assert ran.code in (2, 5)
    if field != "real_name":
        assert (ran.code, field in ran.err) == (5, True)


def test_level_0_keeps_no_narrative_and_no_person(desk: Desk) -> None:
    ran = desk("engagements", "add", "--at", "now", "--sharing-level", "0", "--narrative", "-", stdin="words")
    assert ran.code == 5
    assert "narrative" in ran.err
    assert "words" not in ran.err


# changing


def test_amending_needs_something_to_change(desk: Desk) -> None:
    assert desk("people", "amend", desk.ref("people", "add")).code == 2


def test_a_field_is_emptied_by_clear_or_by_json_null(desk: Desk) -> None:
    ref = desk.ref("engagements", "add", "--at", "now", "--sector", "Northgate", "--partner", "NUM")
    cleared = desk("engagements", "amend", ref, "--clear", "sector", "-f", "json").json
    assert (cleared["sector"], cleared["partner"]) == (None, "NUM")
    cleared = desk(
        "engagements", "amend", ref, "--from-json", "-", "-f", "json", stdin='{"partner": null}'
    ).json
    assert cleared["partner"] is None


def test_a_clock_time_alone_is_echoed_with_its_date(desk: Desk) -> None:
    ran = desk("engagements", "add", "--at", "2130", "-f", "json")
    assert "Mon 23 Nov 2026 21:30" in ran.err
    assert ran.json["at"] == "2026-11-23T21:30:00+00:00"
    for word, said in (
        ("yesterday 2130", "Mon 23 Nov 2026 21:30"),
        ("saturday 11pm", "Sat 21 Nov 2026 23:00"),
    ):
        assert f"at: {said}" in desk("engagements", "add", "--at", word).err
    assert "at: Mon 23 Nov 2026 21:30" in desk("log", "--from-json", "-", stdin='{"at": "2130"}').err
    assert "at:" not in desk("engagements", "add", "--at", "2026-11-23T21:30").err


def test_the_hour_that_october_repeats_is_refused_where_nobody_can_be_asked(desk: Desk) -> None:
    ran = desk("engagements", "add", "--at", "25/10/2026 01:30")
    assert ran.code == 7
    assert desk("engagements", "add", "--at", "29/03/2026 01:30").code == 5
    assert desk("engagements", "list", "-f", "json").json == []


def test_the_hour_that_october_repeats_is_asked_about_at_a_terminal(unit: Unit) -> None:
    variables = {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    ran = at_terminal(
        *("engagements", "add", "--at", "26/10/2025 01:30", "-f", "json"),
        answers=[("before it went back", "2")],
        **variables,
    )
    assert ran.code == 0, ran.out
    assert '"2025-10-26T01:30:00+00:00"' in ran.out


def test_a_required_field_is_asked_for_at_a_terminal(unit: Unit) -> None:
    variables = {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    ran = at_terminal(
        *("followups", "add", "--due-on", "7d"), answers=[("What: ", "ring the clinic")], **variables
    )
    assert ran.code == 0, ran.out
    assert "ring the clinic" in ran.out


def test_a_required_field_that_nobody_can_be_asked_for_is_refused(desk: Desk) -> None:
    ran = desk("followups", "add", "--due-on", "7d")
    assert (ran.code, ran.out) == (5, "")
    assert "what" in ran.err


def test_a_table_fits_the_terminal_and_a_pipe_gets_all_of_it(unit: Unit) -> None:
    variables = {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    ran = at_terminal("vocabulary", "list", "offence", answers=[], COLUMNS="40", **variables)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) < 40
    assert "…" in ran.out


def test_an_external_ref_known_already_updates_that_record(desk: Desk) -> None:
    first = desk.ref("engagements", "add", "--external-ref", "X1", "--at", "now")
    assert desk.ref("engagements", "add", "--external-ref", "X1", "--at", "now", "--sector", "3") == first
    (one,) = desk("engagements", "list", "-f", "json").json
    assert one["sector"] == "3"


def test_followups_and_referrals_are_done_and_handed_on(desk: Desk) -> None:
    made = filled(desk)
    done = desk(
        "followups", "done", made["followups"], "--result", "-", "-f", "json", stdin="she answered"
    ).json
    assert (done["done_on"], done["result"]) == ("2026-11-24", "she answered")
    assert desk("referrals", "done", made["referrals"], "-f", "json").json["status"] == "closed"
    assert desk("followups", "transfer", made["followups"], "--to", "next shift", "-f", "json").json["owner"]


def test_a_granted_order_writes_its_action(desk: Desk) -> None:
    offender = desk.ref("watchlist", "add", "--build", "stocky")
    desk.ref("orders", "add", "--offender", offender, "--type", "cbo", "--granted-on", "21/11/2026")
    (action,) = desk("actions", "list", "-f", "json").json
    assert (action["action"], action["on"], action["offender"]) == ("order_granted", "2026-11-21", offender)


# lists


def refs(desk: Desk, word: str, *options: str) -> list[str]:
    ran = desk(word, "list", *options, "-f", "json")
    assert ran.code == 0, ran.err
    return [one["ref"] for one in ran.json]


def test_each_list_is_narrowed_by_each_of_its_options(desk: Desk) -> None:
    made = filled(desk)
    at = {"since": "1/10/2026", "until": "30/11/2026", "due": "7d", "ncrs": "open", "status": "active"}
    at |= {"sector": "northgate", "officer": "jo", "action": "arrest"}
    at |= {"person": made["people"], "concern": made["concerns"], "offender": made["watchlist"]}
    other = {"since": "25/11/2026", "until": "1/9/2026", "due": "-30d", "ncrs": "decided", "status": "moved"}
    other |= {"sector": "elsewhere", "officer": "nobody", "action": "charge"}
    for word, subject in SUBJECTS.items():
        for name in filters.names(subject.kind):
            if (word, name) in {
                ("referrals", "status"),
                ("referrals", "officer"),
                ("followups", "officer"),
                ("followups", "concern"),
                ("watchlist", "status"),
                ("watchlist", "sector"),
                ("sightings", "sector"),
                ("concerns", "sector"),
                ("calls", "sector"),
                ("vehicles", "concern"),
                ("orders", "since"),
                ("orders", "until"),
            }:
                continue  # nothing of filled() has such a field
            assert refs(desk, word, f"--{name}", at[name]) == [made[word]], (word, name)
            if name in other and (word, name) not in {("followups", "since")}:
                assert refs(desk, word, f"--{name}", other[name]) == [], (word, name)


def test_lists_of_what_hangs_on_concerns_are_narrowed_by_a_behaviour_as_by_a_concern(desk: Desk) -> None:
    made = filled(desk)
    desk("concerns", "amend", made["concerns"], "--behaviours", "follows;robs")
    for word in ("engagements", "concerns", "people", "actions", "watchlist"):
        assert refs(desk, word, "--concern", "robs") == [made[word]], word
        assert refs(desk, word, "--concern", "strangles") == [], word
        assert refs(desk, word, "--concern", made["concerns"]) == [made[word]], word
    desk("concerns", "strike", made["concerns"])
    assert refs(desk, "engagements", "--concern", "robs") == []


def test_since_and_until_are_whole_local_days_both_included(desk: Desk) -> None:
    first = desk.ref("engagements", "add", "--at", "2026-06-01T00:00")
    last = desk.ref("engagements", "add", "--at", "2026-06-02T23:59")
    desk.ref("engagements", "add", "--at", "2026-06-03T00:00")
    desk.ref("engagements", "add", "--at", "2026-05-31T23:59")
    assert refs(desk, "engagements", "--since", "1/6/2026", "--until", "2/6/2026") == [last, first]
    assert refs(desk, "engagements", "--since", "1/6/2026", "--until", "2/6/2026 12:00") == [first]


def test_people_of_a_period_had_one_contact_within_it_not_two_around_it(desk: Desk) -> None:
    ref = desk.ref("people", "add")
    for at in ("2026-05-01T12:00", "2026-07-01T12:00"):
        desk.ref("engagements", "add", "--at", at, "--people", ref)
    assert refs(desk, "people", "--since", "1/6/2026", "--until", "30/6/2026") == []
    assert refs(desk, "people", "--since", "1/6/2026", "--until", "1/7/2026") == [ref]


def test_what_is_done_is_due_no_more(desk: Desk) -> None:
    made = filled(desk)
    assert refs(desk, "followups", "--due", "7d") == [made["followups"]]
    assert refs(desk, "followups", "--due", "1d") == []
    desk("followups", "done", made["followups"])
    assert refs(desk, "followups", "--due", "7d") == []


def test_a_concern_is_late_a_day_after_it_was_told(desk: Desk, clock: Clock) -> None:
    made = filled(desk)
    assert refs(desk, "concerns", "--ncrs", "late") == []
    clock.forward(24 * 3600)
    assert refs(desk, "concerns", "--ncrs", "late") == [made["concerns"]]
    desk("concerns", "amend", made["concerns"], "--ncrs-decision", "crimed")
    assert refs(desk, "concerns", "--ncrs", "open") == []
    assert desk("concerns", "list", "--ncrs", "someday").code == 5


def test_a_list_prints_everything_unless_it_is_limited(desk: Desk) -> None:
    for _ in range(60):
        desk.ref("engagements", "add", "--at", "now")
    assert len(refs(desk, "engagements")) == 60
    assert len(refs(desk, "engagements", "--limit", "5")) == 5
    assert refs(desk, "engagements", "--limit", "0") == []


def test_the_journal_keeps_the_words_of_the_filters_and_never_their_values(desk: Desk) -> None:
    desk("engagements", "list", "--sector", "Testgate", "--since", "yesterday")
    row = json.dumps(desk("journal", "list", "--limit", "1", "-f", "json").json)
    assert "Testgate" not in row
    assert '"engagements.list"' in row


def test_a_filter_that_names_no_record_ends_with_4(desk: Desk) -> None:
    assert desk("engagements", "list", "--person", "P-ZZZZ").code == 4


def test_what_was_done_was_not_done_tomorrow(desk: Desk) -> None:
    man = desk.ref("watchlist", "add", "--name", "-", stdin="Invented Man")
    for words in (
        ("actions", "add", "--offender", man, "--action", "arrest", "--on", "25/11/2026"),
        ("orders", "add", "--offender", man, "--type", "shpo", "--granted-on", "2026-12-01"),
        ("actions", "add", "--offender", man, "--action", "arrest", "--on", "today", "--offence-on", "7d"),
        ("calls", "add", "--month", "2026-12", "--source", "101", "--category", "asb", "--count", "1"),
        ("vehicles", "add", "--vrm", "NA12 QBX", "--check-on", "2026-11-25"),
        ("people", "add", "--pseudonym", "Willow-9", "--risk-on", "2026-11-25"),
    ):
        done = desk("--no-input", *words)
        assert (done.code, done.err) == (5, done.err)
        assert "lies in the future" in done.err
    assert desk("actions", "add", "--offender", man, "--action", "arrest", "--on", "24/11/2026").code == 0
    born = desk("watchlist", "add", "--from-json", "-", stdin='{"date_of_birth": "2026-12"}')
    assert (born.code, "lies in the future" in born.err) == (5, True)
    expires = ("--granted-on", "today", "--expires-on", "24/11/2028")
    assert desk("orders", "add", "--offender", man, "--type", "shpo", *expires).code == 0


def test_a_fall_in_calls_stays_a_number_in_csv(desk: Desk) -> None:
    for month, count in (("2025-10", "40"), ("2026-10", "30")):
        made = ("--source", "101", "--category", "nuisance", "--count", count)
        assert desk("calls", "add", "--month", month, *made).code == 0
    rows = csv.DictReader(io.StringIO(desk("summary", "--month", "2026-10", "-f", "csv").out))
    assert [row["value"] for row in rows if row["id"] == "calls_change_percent"] == ["-25.0"]


def test_calls_are_imported_under_their_own_name_too(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("month,source,category,count\n2026-10,storm,asb,30\n")
    assert desk("calls", "import", str(file)).code == 0
    assert desk("calls", "list", "-f", "json").json == []
    assert desk("calls", "import", str(file), "--apply").code == 0
    file.write_text("month,source,category,count\n2026-10,storm,asb,31\n")
    assert desk("calls", "import", str(file), "--apply", "-f", "json").json["update"] == 1
    assert [call["count"] for call in desk("calls", "list", "-f", "json").json] == [31]


def test_a_man_and_a_car_described_in_a_concern_are_kept_as_described(desk: Desk) -> None:
    at = desk.ref("log", "--from-json", "-", stdin=json.dumps({"at": "2026-11-20T21:30"}))
    told = {"engagement": at, "offender": {"accent": "teesside"}, "vehicle": {"vrm": "NA12 ?B?"}}
    shown = desk("concerns", "add", "--from-json", "-", "-f", "json", stdin=json.dumps(told)).json
    assert (shown["offender"], shown["description"]) == (None, {"accent": "teesside"})
    assert shown["vehicle"] == {"vrm": "NA12 ?B?"}
    twice = json.dumps(told | {"description": {"build": "stocky"}})
    ran = desk("concerns", "add", "--from-json", "-", stdin=twice)
    assert (ran.code, "described here and in description" in ran.err) == (5, True)


def test_a_man_seen_is_a_sighting_of_his(desk: Desk) -> None:
    man = desk.ref("watchlist", "add", "--name", "-", stdin="Invented Man")
    seen = desk("watchlist", "sight", man, "--at", "0900", "--sector", "Northgate", "-f", "json").json
    assert (seen["offender"], seen["at"]) == (man, "2026-11-24T09:00:00+00:00")
    assert desk("sightings", "list", "--offender", man, "-f", "json").json == [seen]
    assert desk("watchlist", "sight", "O-ZZZZ", "--at", "0900").code == 4


def test_no_two_people_bear_one_pseudonym(desk: Desk) -> None:
    first = desk.ref("people", "add", "--pseudonym", "Willow-27")
    second = desk.ref("people", "add", "--pseudonym", "Aspen-11")
    for words in (("add", "--pseudonym", "willow-27"), ("amend", second, "--pseudonym", "Willow-27")):
        refused = desk("people", *words)
        assert refused.code == 5
        assert f"{first} has it already" in refused.err
    assert desk("people", "amend", first, "--pseudonym", "WILLOW-27").code == 0


def test_an_answer_that_cannot_be_read_is_asked_again_and_no_other(unit: Unit) -> None:
    variables = {"BEECH_UNIT": str(unit.folder), "BEECH_PASSPHRASE_FILE": str(unit.secret)}
    ref = process("people", "add", "-f", "json", stdin=b"", **variables).json["ref"]
    answers = [("Given name", "Testina"), ("Surname", ""), ("Date of birth", "in May")]
    answers += [("Date of birth", "1990"), ("Telephones", ""), ("Safe contact", ""), ("Notes", "")]
    ran = at_terminal("people", "seal", ref, answers=answers, **variables)
    assert ran.code == 0, ran.out
    assert ran.out.count("Given name") == 1


def test_one_undo_too_many_is_undone_as_well(desk: Desk) -> None:
    ref = desk.ref("people", "add", "--pseudonym", "Willow-27")
    assert desk("people", "undo", ref).code == 0
    assert desk("people", "list", "-f", "json").json == []
    assert desk("people", "amend", ref, "--sex", "woman").code == 5
    assert desk("people", "undo", ref).code == 0
    assert desk("people", "amend", ref, "--sex", "woman").code == 0
    assert [one["ref"] for one in desk("people", "list", "-f", "json").json] == [ref]
    assert desk("journal", "verify").code == 0


def test_a_record_that_does_not_stand_says_so_when_it_is_shown_and_after_an_undo(desk: Desk) -> None:
    ref = desk.ref("people", "add", "--pseudonym", "Willow-27")
    assert "struck out" in desk("people", "undo", ref).err
    assert f"'beech people undo {ref}' takes it back" in desk("people", "show", ref).err
    assert "struck" not in desk("people", "undo", ref).err
    assert desk("people", "restrict", ref, "--reason", "welfare").code == 0
    assert "restricted" in desk("people", "show", ref, "--reason", "welfare").err


def test_who_is_not_found_is_told_of_the_nearest_by_reference_and_pseudonym_alone(desk: Desk) -> None:
    ref = desk.ref(
        "people", "add", "--from-json", "-", stdin='{"pseudonym": "Willow-27", "known_as": ["Zebra"]}'
    )
    for typed in ("Wilow-27", "Willow-27", f"P-{ref[2:5]}"):
        ran = desk("people", "show", typed)
        assert (ran.code, f"{ref} Willow-27" in ran.err) == (4, True), ran.err
    assert ref not in desk("people", "show", "Zebra").err


def test_an_order_does_not_expire_before_it_was_granted(desk: Desk) -> None:
    him = desk.ref("watchlist", "add", "--build", "stocky")
    said = ("--offender", him, "--type", "sro", "--granted-on", "2026-11-20")
    assert desk("orders", "add", *said, "--expires-on", "2026-11-20").code == 0
    ran = desk("orders", "add", *said, "--expires-on", "2026-11-19")
    assert (ran.code, ran.err) == (5, "beech: expires_on: lies before granted_on\n")


def test_a_yes_that_is_a_no_as_well_is_not_kept(desk: Desk) -> None:
    ref = desk.ref("people", "add", "--pseudonym", "Willow-27")
    to = ("--purpose", "crime", "--recipient", "cps")
    assert desk("people", "consent", ref, "--give", "--withdraw", *to).code == 2
    assert desk("people", "consent", ref, *to).code == 2
    assert desk("people", "consent", ref, "-f", "json").json == []


def test_a_file_that_was_sealed_from_is_said_to_lie_there_still(desk: Desk, tmp_path: Path) -> None:
    ref = desk.ref("people", "add", "--pseudonym", "Willow-27")
    file = tmp_path / "identity.json"
    file.write_text('{"given_name": "Testina"}')
    assert "wipe that file" in desk("people", "seal", ref, "--from-json", str(file)).err


def test_a_time_that_cannot_be_read_is_told_with_its_field(desk: Desk) -> None:
    ran = desk("sightings", "add", "--at", "some day")
    assert (ran.code, ran.err.startswith("beech: at: That is not a date and time")) == (5, True), ran.err


def test_a_womans_level_is_lowered_to_0_in_one_step_that_the_refusal_tells(desk: Desk) -> None:
    ref = desk.ref(
        "people", "add", "--from-json", "-", stdin='{"known_as": ["Red"], "safety": "ring nobody"}'
    )
    ran = desk("people", "amend", ref, "--sharing-level", "0")
    told = re.search("'people (amend) REF (.*)' does both at once", ran.err)
    assert (ran.code, told is not None) == (5, True), ran.err
    assert told is not None
    assert told[2] == "--sharing-level 0 --clear known_as --clear safety"
    ran = desk("people", "amend", ref, *told[2].split(), "-f", "json")
    assert (ran.code, ran.json["known_as"], ran.json["safety"]) == (0, [], None), ran.err


def test_words_that_should_not_stay_are_told_of_on_stderr_and_in_json(desk: Desk) -> None:
    told = {"pseudonym": "Willow-2", "safety": "she keeps her passport at her sister's"}
    ran = desk("people", "add", "--from-json", "-", "-f", "json", stdin=json.dumps(told))
    assert ran.code == 0
    assert [one["code"] for one in ran.json["prompts"]] == ["never_held"]
    assert ran.err.startswith("safety: nationality: ")
    ran = desk("log", "--from-json", "-", stdin=json.dumps({"at": "now", "narrative": "on 07700 900123"}))
    assert "narrative: a telephone number" in ran.err
    ran = desk("watchlist", "add", "--from-json", "-", stdin=json.dumps({"mo_text": "off-duty police"}))
    assert "--police-or-partner" in ran.err


def test_an_end_to_the_second_takes_in_nothing_after_it(desk: Desk) -> None:
    for second in ("2026-10-31T23:59:29", "2026-10-31T23:59:30", "2026-11-01T00:00:00"):
        desk.ref("engagements", "add", "--at", second)
    for until, held in (("2026-10-31T23:59:29", 1), ("2026-10-31T23:59", 2), ("2026-10-31", 2)):
        listed = desk("engagements", "list", "--until", until, "-f", "json").json
        counted = desk("summary", "--since", "2026-10-31", "--until", until, "-f", "json").json["measures"]
        of_all = next(one["value"] for one in counted if one["id"] == "engagements")
        assert (len(listed), of_all) == (held, held), until


@pytest.mark.parametrize(
    "typed",
    [
        ("people", "add", "--pseudonym", "Kasia 07700 900123"),
        ("engagements", "add", "--at", "now", "--sector", "hers, 07700 900123"),
        ("engagements", "add", "--at", "now", "--officers", "Sam", "--officers", "born 03/04/1990"),
        ("match", "--marks", "07700 900123"),
        ("match", "--hair", "brown, dob 3/4/1990"),
    ],
)
def test_a_telephone_number_or_a_birth_date_is_no_argument(desk: Desk, typed: tuple[str, ...]) -> None:
    ran = desk(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert "shell's history" in ran.err
    assert "07700" not in ran.err
    assert "1990" not in ran.err


def test_a_reference_of_many_digits_is_an_argument(desk: Desk) -> None:
    met = desk.ref("engagements", "add", "--at", "now")
    ran = desk("concerns", "add", "--engagement", met, "--incident-ref", "20261124 000457")
    assert ran.code == 0


@pytest.mark.parametrize("category", ["a caller on 07700 900123", "she rang and said that " * 4])
def test_no_caller_and_no_story_is_kept_of_a_call(desk: Desk, category: str) -> None:
    raw = {"month": "2026-10", "source": "101", "category": category, "count": 3}
    ran = desk("calls", "add", "--from-json", "-", stdin=json.dumps(raw))
    assert (ran.code, ran.out) == (5, "")
    assert "no caller" in ran.err
    assert "07700" not in ran.err


def test_the_note_of_a_sighting_is_not_the_note_of_a_change(desk: Desk) -> None:
    him = desk.ref("watchlist", "add", "--build", "stocky")
    made = ("--at", "yesterday 2130", "--offender", him, "--sighting-note", "-")
    ref = desk.ref("sightings", "add", *made, stdin="by the bridge")
    assert desk("sightings", "show", ref, "-f", "json").json["note"] == "by the bridge"
    assert not desk("sightings", "history", ref, "-f", "json").json[0]["note"]
