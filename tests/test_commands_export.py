"""``beech export``: what leaves, for whom, and what never does."""

import csv
import errno
import io
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk, process

TO = ("--recipient", "partner", "--purpose", "safeguarding", "--reason", "safeguarding")
LEVELS = (0, 1, 2, 3, 4)


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def woman(desk: Desk, name: str = "Willow-1", level: int = 3, **more: str) -> str:
    raw = {"pseudonym": name, "sharing_level": level, **more}
    if level:
        raw |= {"known_as": ["Zebraknown"]}
    return desk.ref("people", "add", "--from-json", "-", stdin=json.dumps(raw))


def contact(desk: Desk, level: int, **more: object) -> str:
    raw = {"at": "2026-11-20T21:30", "sector": "3", "sharing_level": level, **more}
    if level:
        raw |= {"narrative": "zebrawords she said"}
    return desk.ref("engagements", "add", "--from-json", "-", stdin=json.dumps(raw))


def concern(desk: Desk, engagement: str, level: int, **more: object) -> str:
    raw = {"engagement": engagement, "sharing_level": level, "behaviours": ["follows"], **more}
    return desk.ref("concerns", "add", "--from-json", "-", stdin=json.dumps(raw))


def exported(desk: Desk, kind: str, *more: str) -> list[dict[str, object]]:
    ran = desk("export", kind, *TO, "-f", "json", *more)
    assert ran.code == 0, ran.err
    rows: list[dict[str, object]] = ran.json["rows"]
    return rows


# who, to whom, for what


@pytest.mark.parametrize("missing", ["--recipient", "--purpose", "--reason"])
def test_recipient_purpose_and_reason_are_required(desk: Desk, missing: str) -> None:
    contact(desk, 4)
    at = TO.index(missing)
    ran = desk("export", "engagements", *TO[:at], *TO[at + 2 :])
    assert (ran.code, ran.out) == (2, "")
    assert missing in ran.err


@pytest.mark.parametrize("code", ["immigration_enforcement", "Home Office Immigration", "ukvi"])
def test_immigration_enforcement_is_refused_in_code(desk: Desk, code: str) -> None:
    contact(desk, 5)
    ran = desk("export", "engagements", "--recipient", code, *TO[2:])
    assert (ran.code, ran.out) == (5, "")
    assert "never a recipient" in ran.err


def test_an_unknown_recipient_or_purpose_is_refused_with_the_codes(desk: Desk) -> None:
    contact(desk, 5)
    for line in (("--recipient", "zebra", *TO[2:]), (*TO[:2], "--purpose", "zebra", *TO[4:])):
        ran = desk("export", "engagements", *line)
        assert (ran.code, "zebra" in ran.err) == (5, False)


def test_an_export_is_a_disclosure_with_recipient_purpose_and_reason_and_tells_whom(desk: Desk) -> None:
    her = woman(desk)
    contact(desk, 4, people=[her])
    contact(desk, 1)
    ran = desk("export", "engagements", *TO, "--sector", "3")
    assert ran.code == 0
    entry = desk("journal", "list", "--operation", "disclosure", "-f", "json").json[0]
    assert (entry["event"], entry["reason"], entry["count"]) == ("export", "safeguarding", 1)
    from db.vault import opening
    from db.vault.store import Face

    with opening.with_opened(desk.unit.folder, desk.unit.opened, Face("script", "test")) as store:
        row = store.cipher.execute(
            "select e.detail, p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
            "where e.operation = 'disclosure'"
        ).fetchone()
    detail, body = json.loads(row[0]), json.loads(row[1])
    assert (detail["recipient"], detail["purpose"], detail["left_out"]) == ("partner", "safeguarding", 1)
    assert detail["filters"] == ["sector"]
    assert f"release={detail['release']}" in ran.out
    assert body["narrowed"] == {"sector": "3"}
    assert len(body["shown"]) == 1


# how much of it


def test_levels_0_and_1_stay_and_are_counted_and_only_4_and_3_leave_whole(desk: Desk) -> None:
    made = {level: contact(desk, level) for level in LEVELS}
    ran = desk("export", "engagements", *TO, "-f", "json")
    assert [row["ref"] for row in ran.json["rows"]] == sorted([made[3], made[4]])
    assert "2 are left out, of sharing level 0 or 1" in ran.err
    assert "1 is left out, of a level at which nothing about her" in ran.err


def test_a_concern_obeys_the_lower_of_its_level_and_its_engagements(desk: Desk) -> None:
    low, high = contact(desk, 1), contact(desk, 4)
    concern(desk, low, 4)
    concern(desk, high, 1)
    kept = concern(desk, high, 4)
    assert [row["ref"] for row in exported(desk, "concerns")] == [kept]


def test_level_2_leaves_as_facts_about_the_man_without_person_time_or_her_words(desk: Desk) -> None:
    her = woman(desk)
    at = contact(desk, 2, people=[her])
    more = {
        "person": her,
        "happened_from": "2026-11-19T22:00",
        "injury": "zebrawords",
        "ncrs_rationale": "zebrawords",
        "incident_ref": "zebraincident",
        "description": {"build": "stocky", "mo_text": "zebrawords", "marks": ["spider tattoo"]},
    }
    ref = concern(desk, at, 4, **more)
    named = "+description,+injury,+ncrs_rationale,+vehicle,+weapon"
    (row,) = exported(desk, "concerns", "--fields", named)
    assert row["ref"] == ref
    assert (row["behaviours"], row["description"]) == (
        ["follows"],
        {"build": "stocky", "marks": ["spider tattoo"]},
    )
    said = json.dumps(row)
    for gone in (her, at, "2026-11", "zebra"):
        assert gone not in said
    assert "1 of these leave as facts" in desk("export", "concerns", *TO).err


def test_level_3_reaches_a_partner_and_not_a_court_or_the_press(desk: Desk) -> None:
    ref = contact(desk, 3)
    assert [row["ref"] for row in exported(desk, "engagements")] == [ref]
    for recipient in ("court", "cps"):
        assert desk("export", "engagements", "--recipient", recipient, *TO[2:]).code == 8
    assert desk("export", "engagements", "--recipient", "press", *TO[2:]).code == 5


@pytest.mark.parametrize("kind", ["concerns", "offenders", "vehicles", "sightings", "actions", "calls"])
def test_no_record_goes_to_the_press_hers_or_his(desk: Desk, kind: str) -> None:
    him = desk.ref("watchlist", "add", "--build", "stocky")
    concern(desk, contact(desk, 5), 5, offender=him)
    ran = desk("export", kind, "--recipient", "press", *TO[2:])
    assert (ran.code, ran.out) == (5, "")
    assert "no record goes to the press" in ran.err
    assert desk("journal", "list", "--operation", "disclosure", "-f", "json").json == []


def test_who_does_not_leave_herself_is_in_no_words_that_do(desk: Desk) -> None:
    her, silent = woman(desk, "Rowan-1", 3), woman(desk, "Hazel-02", 2)
    words = f"Rowan-1 ({her}) was with Hazel 02, {silent}"
    told = {"at": "2026-11-20T21:30", "people": [her, silent], "sharing_level": 3}
    desk.ref("engagements", "add", "--from-json", "-", stdin=json.dumps(told | {"narrative": words}))
    (row,) = exported(desk, "engagements", "--fields", "+narrative")
    assert row["people"] == [her]
    assert row["narrative"] == f"Rowan-1 ({her}) was with [person], [person]"
    reported = concern(desk, str(row["ref"]), 3, person=her, incident_ref="INC 7 Hazel-02")
    (row,) = exported(desk, "concerns")
    assert (row["ref"], row["incident_ref"]) == (reported, "INC 7 [person]")
    man = {"build": "stocky", "marks": ["a tattoo like the one Rowan-1 has"], "mo_text": f"rang {her}"}
    desk.ref("watchlist", "add", "--from-json", "-", stdin=json.dumps(man))
    (him,) = exported(desk, "offenders", "--fields", "+mo_text")
    assert (him["marks"], him["mo_text"]) == (["a tattoo like the one [person] has"], "rang [person]")


def test_what_goes_to_a_woman_herself_is_of_her_alone(desk: Desk) -> None:
    her, other = woman(desk, "Rowan-1", 4), woman(desk, "Hazel-02", 4)
    both = contact(desk, 4, people=[her, other])
    contact(desk, 4, people=[other])
    hers = concern(desk, both, 4, person=her)
    concern(desk, both, 4, person=other)
    to = ("--recipient", "subject", "--purpose", "subject_access", "--reason", "subject_access", "-f", "json")
    for kind in ("people", "engagements", "concerns"):
        ran = desk("export", kind, *to)
        assert (ran.code, ran.out) == (5, "")
        assert "--person REF" in ran.err
    (row,) = desk("export", "engagements", *to, "--person", her).json["rows"]
    assert (row["ref"], row["people"]) == (both, [her])
    assert [one["ref"] for one in desk("export", "people", *to, "--person", her).json["rows"]] == [her]
    assert [one["ref"] for one in desk("export", "concerns", *to, "--person", her).json["rows"]] == [hers]


def test_what_goes_to_a_man_himself_is_of_him_alone(desk: Desk) -> None:
    one, other = (desk.ref("watchlist", "add", "--build", build) for build in ("stocky", "thin"))
    for man in (one, other):
        desk.ref("actions", "add", "--offender", man, "--on", "today", "--action", "arrest")
    to = ("--recipient", "subject", "--purpose", "subject_access", "--reason", "subject_access", "-f", "json")
    assert desk("export", "offenders", *to).code == 5
    assert desk("export", "actions", *to).code == 5
    (row,) = desk("export", "actions", *to, "--offender", one).json["rows"]
    assert row["offender"] == one


def test_nothing_left_ends_with_8_and_leaves_no_file_and_no_entry(desk: Desk, tmp_path: Path) -> None:
    contact(desk, 1)
    file = tmp_path / "out.csv"
    ran = desk("export", "engagements", *TO, "--out", str(file))
    assert (ran.code, file.exists()) == (8, False)
    assert "1 is left out" in ran.err
    assert desk("journal", "list", "--operation", "disclosure", "-f", "json").json == []


def test_a_list_with_nothing_in_it_is_no_error(desk: Desk) -> None:
    ran = desk("export", "engagements", *TO)
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("ref,external_ref,at,")


@pytest.mark.parametrize("how", ["restrict", "no_contact", "strike"])
def test_her_no_and_what_is_struck_take_her_and_all_about_her_out(desk: Desk, how: str) -> None:
    her = woman(desk, level=4)
    other = woman(desk, "Willow-2", 4)
    at = contact(desk, 4, people=[her])
    both = contact(desk, 4, people=[other, her])
    kept = contact(desk, 4, people=[other])
    concern(desk, at, 4, person=her)
    concern(desk, both, 4)
    desk.ref("referrals", "add", "--person", her, "--service", "housing")
    desk.ref(
        *("followups", "add", "--from-json", "-"),
        stdin=json.dumps({"what": "ring", "due_on": "2026-12-01", "about": her}),
    )
    line = {
        "restrict": ("restrict", her, "--reason", "safeguarding"),
        "no_contact": ("amend", her, "--status", "no_contact"),
        "strike": ("strike", her),
    }[how]
    assert desk("people", *line).code == 0
    assert [row["ref"] for row in exported(desk, "people")] == [other]
    assert [row["ref"] for row in exported(desk, "engagements")] == [kept]
    for kind in ("concerns", "referrals", "followups"):
        assert desk("export", kind, *TO).code == 8, kind
    assert desk("export", "people", *TO, "--status", "no_contact").code in (0, 8)
    assert her not in desk("export", "people", *TO, "--status", "no_contact").out


def test_her_no_to_a_purpose_and_recipient_is_obeyed_or_overridden_on_the_record(desk: Desk) -> None:
    her, other = woman(desk, level=4), woman(desk, "Willow-2", 4)
    at, kept = contact(desk, 4, people=[her]), contact(desk, 4, people=[other])
    line = ("people", "consent", her, "--withdraw", "--purpose", "safeguarding", "--recipient", "partner")
    assert desk(*line).code == 0
    ran = desk("export", "engagements", *TO, "-f", "json")
    assert [row["ref"] for row in ran.json["rows"]] == [kept]
    assert "1 is left out, about somebody who said no" in ran.err
    assert desk("export", "engagements", *TO, "--override", "zebra").code == 5
    ran = desk("export", "engagements", *TO, "--override", "threat_to_life")
    assert (ran.code, ran.out) == (5, "")
    assert "name her with --person REF" in ran.err
    rows = exported(desk, "engagements", "--override", "threat_to_life", "--person", her)
    assert [row["ref"] for row in rows] == [at]
    shown = desk("journal", "list", "--operation", "disclosure", "--limit", "1", "-f", "json")
    assert shown.json[0]["event"] == "export"


def test_what_goes_out_against_one_womans_no_takes_no_other_who_said_no_along(desk: Desk) -> None:
    her, other = woman(desk, level=4), woman(desk, "Willow-2", 4)
    at, _ = contact(desk, 4, people=[her]), contact(desk, 4, people=[her, other])
    for one in (her, other):
        line = ("people", "consent", one, "--withdraw", "--purpose", "safeguarding", "--recipient", "partner")
        assert desk(*line).code == 0
    override = ("--override", "threat_to_life", "--person", her)
    ran = desk("export", "engagements", *TO, "-f", "json", *override)
    assert [row["ref"] for row in ran.json["rows"]] == [at]
    assert "tell her so" in ran.err


# fields


def test_free_text_leaves_only_when_named_and_what_members_call_her_never(desk: Desk) -> None:
    woman(desk, safety="zebrasafety")
    assert desk("export", "people", *TO, "--fields", "safety").code == 5
    contact(desk, 4, mentions="zebramention")
    for kind in ("people", "engagements"):
        assert "zebra" not in desk("export", kind, *TO).out.lower()
    assert "zebrawords" in desk("export", "engagements", *TO, "--fields", "+narrative").out
    (row,) = exported(desk, "engagements", "--fields", "at,narrative")
    assert list(row) == ["ref", "at", "narrative"]
    ran = desk("export", "people", *TO, "--fields", "pseudonym,known_as")
    assert (ran.code, ran.out) == (5, "")
    assert "known_as: never leaves" in ran.err
    for name in ("external_ref", "surname", "date_of_birth"):
        assert desk("export", "people", *TO, "--fields", name).code == 5
    ran = desk("export", "people", *TO, "--fields", "zebrafield")
    assert (ran.code, "zebrafield" in ran.err) == (2, False)


def test_a_kind_is_described_without_a_unit_or_a_recipient(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEECH_UNIT", "/nowhere")
    for line in (("export", "--describe", "people"), ("export", "people", "--describe")):
        fields = {row["field"]: row for row in desk(*line, "-f", "json").json}
        assert fields["known_as"]["leaves"] == "never"
        assert fields["safety"]["leaves"] == "never"
        assert fields["sex"]["takes"].startswith("woman, man")


# the marking


def test_an_export_begins_with_its_marking_and_release(desk: Desk) -> None:
    contact(desk, 4)
    for form, first in (("csv", "# OFFICIAL-SENSITIVE release="), ("ndjson", '{"marking": "OFFICIAL-SENS')):
        assert desk("export", "engagements", *TO, "-f", form).out.startswith(first)
    assert list(desk("export", "engagements", *TO, "-f", "json").json) == ["marking", "release", "rows"]


def test_the_marking_stands_in_a_column_or_beside_the_file(desk: Desk, tmp_path: Path) -> None:
    contact(desk, 4)
    ran = desk("export", "engagements", *TO, "-f", "csv", "--marking", "column")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (row["marking"], len(row["release"])) == ("OFFICIAL-SENSITIVE", 16)
    assert desk("export", "engagements", *TO, "--marking", "sidecar").code == 2
    file = tmp_path / "out.csv"
    assert desk("export", "engagements", *TO, "--marking", "sidecar", "--out", str(file), "--bom").code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfref,")
    beside = json.loads((tmp_path / "out.csv.marking.json").read_text())
    assert (beside["marking"], beside["recipient"], beside["rows"]) == ("OFFICIAL-SENSITIVE", "partner", 1)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("out*")} == {0o600}


# there and back


def fill(desk: Desk) -> None:
    her = woman(desk)
    at = contact(desk, 4, people=[her], officers=["=Sam", "Jo; Max"], needs=["housing"], refs=["bwv:a; b"])
    contact(desk, 4, at="2026-10-25T01:30+00:00", external_ref="+x")
    man = {
        "name": "=Gary Example",
        "marks": ["@spider"],
        "date_of_birth": "1985-03",
        "vehicles": [{"vrm": "NA12 QBX", "marks": ["-dent"]}],
    }
    him = desk.ref("watchlist", "add", "--from-json", "-", stdin=json.dumps(man))
    concern(desk, at, 4, offender=him, happened_from="2026-11-19", description={"hair": "=grey"})
    concern(desk, at, 4, happened_from="2026-11-19T00:00", happened_to="2026-11-19T04:10")
    desk.ref("referrals", "add", "--person", her, "--service", "-housing")
    desk.ref(
        *("followups", "add", "--from-json", "-"), stdin=json.dumps({"what": "ring", "due_on": "2026-12-01"})
    )
    desk.ref("actions", "add", "--offender", him, "--on", "2026-11-21", "--action", "arrest")
    desk.ref("sightings", "add", "--offender", him, "--at", "2026-11-21 20:00")
    desk.ref("orders", "add", "--offender", him, "--type", "sro", "--granted-on", "2026-11-22")
    desk.ref("calls", "add", "--month", "2026-10", "--source", "101", "--category", "x", "--count", "7")


@pytest.mark.parametrize("marking", ["first-line", "column"])
@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "xlsx"])
def test_what_is_exported_is_the_same_when_it_is_imported(
    desk: Desk, tmp_path: Path, form: str, marking: str
) -> None:
    from db.exchange import KINDS

    fill(desk)
    for kind in KINDS:
        file = tmp_path / f"{kind}.{form}"
        ran = desk("export", kind, *TO, "--marking", marking, "--out", str(file))
        assert ran.code == 0, (kind, ran.err)
        planned = desk("import", kind, str(file), "-f", "json")
        assert planned.code == 0, (kind, planned.err)
        assert planned.json["same"] > 0, kind
        assert [row for row in planned.json["rows"] if row["verdict"] != "same"] == [], kind


@pytest.mark.parametrize("marking", ["first-line", "column"])
@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "xlsx"])
def test_what_an_export_withholds_is_not_cleared_when_it_is_imported(
    desk: Desk, tmp_path: Path, form: str, marking: str
) -> None:
    her = desk.ref("people", "add", "--pseudonym", "Rowan-1")
    at = desk.ref(
        *("log", "--from-json", "-"),
        stdin=json.dumps({"at": "2026-11-20T21:30", "people": [her], "sharing_level": 4}),
    )
    concern(desk, at, 2, behaviours=["follows"], person=her)
    for kind in ("engagements", "concerns"):
        file = tmp_path / f"{kind}.{form}"
        assert desk("export", kind, *TO, "--marking", marking, "--out", str(file)).code == 0
        planned = desk("import", kind, str(file), "-f", "json")
        assert (planned.code, planned.json["same"], planned.json["update"]) == (0, 1, 0), (kind, planned)


@pytest.mark.parametrize("marking", ["first-line", "column", "sidecar"])
@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "xlsx"])
def test_who_was_left_out_of_an_exported_list_stays_on_it_when_that_is_imported(
    desk: Desk, tmp_path: Path, form: str, marking: str
) -> None:
    told, untold = woman(desk, "Rowan-1", 4), woman(desk, "Willow-2", 1)
    raw = {"at": "2026-11-20T21:30", "people": [untold, told], "sharing_level": 4, "external_ref": "=k1"}
    at = desk.ref("log", "--from-json", "-", stdin=json.dumps(raw | {"narrative": "Zebraknown was well"}))
    file = tmp_path / f"engagements.{form}"
    more = ("--fields", "ref,external_ref,people,partner,narrative", "--marking", marking, "--out", str(file))
    assert desk("export", "engagements", *TO, *more).code == 0
    assert desk("import", "engagements", str(file), "--apply").code == 0
    shown = desk("engagements", "show", at, "-f", "json").json
    assert (shown["people"], shown["narrative"]) == ([untold, told], "Zebraknown was well")
    assert len(desk("engagements", "history", at, "-f", "json").json) == 1


def test_a_cell_that_a_spreadsheet_would_run_is_shielded(desk: Desk) -> None:
    fill(desk)
    assert "'=Sam" in desk("export", "engagements", *TO).out
    assert "'=Gary" in desk("export", "offenders", *TO).out


# what changed since


def test_a_cursor_sends_what_changed_and_what_is_to_be_taken_back(desk: Desk) -> None:
    first, second, third = (contact(desk, 4) for _ in range(3))
    low = contact(desk, 1)

    def since(cursor: str) -> tuple[str, dict[str, object]]:
        ran = desk("export", "engagements", *TO, "-f", "ndjson", "--since", cursor)
        assert ran.code == 0, ran.err
        head, *rows = [json.loads(line) for line in ran.out.splitlines()]
        return head["release"], {row["ref"]: row["deleted"] for row in rows}

    ran = desk("export", "engagements", *TO, "-f", "json")
    begun = ran.json["release"]
    assert since(begun)[1] == {}
    desk("engagements", "amend", first, "--sector", "9")
    desk("engagements", "strike", second)
    desk("engagements", "amend", low, "--sharing-level", "4")
    new = contact(desk, 4)
    cursor, changed = since(begun)
    assert changed == {first: False, low: False, new: False, second: True}
    assert since(begun)[1] == changed
    desk("engagements", "amend", third, "--sharing-level", "1")
    cursor, changed = since(cursor)
    assert changed == {third: True}
    desk("engagements", "undo", second)
    assert since(cursor)[1] == {second: False}


def test_what_a_filter_leaves_out_of_a_continuation_is_not_taken_back_and_comes_when_it_is_asked_for(
    desk: Desk,
) -> None:
    here, moved, gone = (contact(desk, 4) for _ in range(3))
    elsewhere = contact(desk, 4, sector="5")

    def since(cursor: str, *more: str) -> tuple[str, dict[str, object]]:
        ran = desk("export", "engagements", *TO, "-f", "json", "--since", cursor, *more)
        assert ran.code == 0, ran.err
        return ran.json["release"], {row["ref"]: row["deleted"] for row in ran.json["rows"]}

    begun = desk("export", "engagements", *TO, "-f", "json").json["release"]
    assert since(begun, "--sector", "3")[1] == {}
    desk("engagements", "amend", here, "--narrative", "-", stdin="more")
    desk("engagements", "amend", moved, "--sector", "5")
    desk("engagements", "amend", elsewhere, "--narrative", "-", stdin="more")
    desk("engagements", "strike", gone)
    cursor, changed = since(begun, "--sector", "3")
    assert changed == {here: False, gone: True}
    again, changed = since(cursor, "--sector", "3")
    assert changed == {}
    assert since(again)[1] == {here: False, moved: False, elsewhere: False}
    narrow = desk("export", "engagements", *TO, "-f", "json", "--sector", "3").json["release"]
    assert since(narrow)[1] == {here: False, moved: False, elsewhere: False}


def test_what_has_left_the_filter_since_is_taken_back_and_nothing_else_is_said_of_it(desk: Desk) -> None:
    stays, moves, other = (contact(desk, 4) for _ in range(3))
    elsewhere = contact(desk, 4, sector="5")

    def release(*more: str) -> tuple[str, list[dict[str, Any]]]:
        ran = desk("export", "engagements", *TO, "-f", "json", *more)
        assert ran.code == 0, ran.err
        return ran.json["release"], ran.json["rows"]

    begun, rows = release("--sector", "3")
    assert {row["ref"] for row in rows} == {stays, moves, other}
    for ref in (moves, other):
        desk("engagements", "amend", ref, "--sector", "5")
    cursor, rows = release("--sector", "3", "--since", begun)
    assert rows == [{"ref": ref, "deleted": True} for ref in sorted((moves, other))]
    again, rows = release("--sector", "3", "--since", cursor)
    assert rows == []
    desk("engagements", "amend", moves, "--sector", "3")
    _, rows = release("--sector", "3", "--since", again)
    assert [(row["ref"], row["deleted"]) for row in rows] == [(moves, False)]

    wider, rows = release("--since", begun)
    assert {(row["ref"], row["deleted"]) for row in rows} == {
        *((ref, False) for ref in (stays, moves, other, elsewhere))
    }
    _, rows = release("--sector", "3", "--since", wider)
    assert rows == []


def test_a_concern_is_taken_back_when_its_engagements_level_is_lowered(desk: Desk) -> None:
    at = contact(desk, 4)
    ref = concern(desk, at, 4)
    begun = desk("export", "concerns", *TO, "-f", "json").json["release"]
    desk("engagements", "amend", at, "--sharing-level", "1")
    (row,) = exported(desk, "concerns", "--since", begun)
    assert row == {"ref": ref, "deleted": True}


def test_an_erased_record_is_told_to_who_holds_it(desk: Desk) -> None:
    ref = contact(desk, 4)
    contact(desk, 4)
    begun = desk("export", "engagements", *TO, "-f", "json").json["release"]
    for _ in range(2):
        assert desk("engagements", "erase", ref, "--reason", "subject_access", "--yes").code == 0
    assert [(row["ref"], row["deleted"]) for row in exported(desk, "engagements", "--since", begun)] == [
        (ref, True)
    ]


def test_a_cursor_of_another_recipient_or_kind_or_of_none_is_refused(desk: Desk) -> None:
    contact(desk, 4)
    begun = desk("export", "engagements", *TO, "-f", "json").json["release"]
    assert desk("export", "engagements", *TO, "--since", "0" * 16).code == 4
    other = ("--recipient", "num", *TO[2:])
    assert desk("export", "engagements", *other, "--since", begun).code == 5
    assert desk("export", "people", *TO, "--since", begun).code == 5


def test_since_a_day_narrows_as_in_a_list(desk: Desk) -> None:
    contact(desk, 4)
    new = contact(desk, 4, at="2026-11-23T10:00")
    assert [row["ref"] for row in exported(desk, "engagements", "--since", "23/11/2026")] == [new]


# the file


def test_a_folder_that_cannot_be_written_takes_nothing_and_nothing_is_written_down(
    desk: Desk, tmp_path: Path
) -> None:
    contact(desk, 4)
    assert desk("export", "engagements", *TO, "--out", str(tmp_path / "none" / "a.csv")).code == 2
    assert desk("export", "engagements", *TO, "--out", str(tmp_path)).code == 5
    shut = tmp_path / "shut"
    shut.mkdir()
    shut.chmod(0o500)
    if os.geteuid():
        ran = desk("export", "engagements", *TO, "--out", str(shut / "a.csv"))
        assert (ran.code, f"{shut / 'a.csv'} cannot be written" in ran.err) == (5, True)
    assert desk("journal", "list", "--operation", "disclosure", "-f", "json").json == []


def test_a_full_disk_takes_nothing_and_nothing_is_written_down(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact(desk, 4)
    file = tmp_path / "out" / "a.csv"
    file.parent.mkdir()
    write = os.fdopen

    def full(descriptor: int, *more: Any) -> Any:
        if str(file.parent) in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            os.close(descriptor)
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, *more)

    monkeypatch.setattr("os.fdopen", full)
    ran = desk("export", "engagements", *TO, "--out", str(file))
    assert (ran.code, "no room" in ran.err) == (9, True)
    assert list(file.parent.iterdir()) == []
    assert desk("journal", "list", "--operation", "disclosure", "-f", "json").json == []


@pytest.mark.parametrize("line", [("-f", "md"), ("-f", "table"), ("-f", "json", "--bom")])
def test_a_format_that_an_export_does_not_have_is_usage(desk: Desk, line: tuple[str, ...]) -> None:
    contact(desk, 4)
    assert desk("export", "engagements", *TO, *line).code == 2


# names


def test_names_leave_only_at_levels_4_and_5_for_a_liaison_and_are_revealed_in_the_journal(desk: Desk) -> None:
    for number, level in enumerate((2, 3, 4, 5)):
        ref = woman(desk, f"Willow-{number}", level)
        identity = {"given_name": f"Zebra{level}", "surname": "Invented", "telephones": ["07700 900123"]}
        assert desk("people", "seal", ref, "--from-json", "-", stdin=json.dumps(identity)).code == 0
    assert "Zebra" not in desk("export", "people", *TO).out
    ran = desk("export", "people", *TO, "--names", "-f", "json")
    assert sorted(row["given_name"] or "" for row in ran.json["rows"]) == ["", "Zebra4", "Zebra5"]
    assert "07700" not in ran.out
    events = [one["event"] for one in desk("journal", "list", "-f", "json").json]
    assert events[:2] == ["export", "reveal"]


def test_a_session_or_a_passphrase_file_sends_no_name(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEECH_UNIT", str(unit.folder))
    ran = process("export", "people", *TO, "--names", "--no-input", BEECH_PASSPHRASE_FILE=str(unit.secret))
    assert (ran.code, ran.out) == (3, "")
    assert "typed at a terminal" in ran.err


# kept exports


def test_an_export_is_kept_listed_and_removed(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "weekly.xlsx"
    line = ("save", "weekly", "actions", *TO, "--since", "-7d", "--at", "unlock")
    assert desk("export", *line).code == 2
    assert desk("export", *line, "--out", str(place)).code == 0
    (row,) = desk("export", "recipes", "-f", "json").json
    assert (row["name"], row["kind"], row["file"], row["when"]) == ("weekly", "actions", str(place), "unlock")
    assert desk("export", "save", "other", "actions", *TO, "--ncrs", "open", "--out", str(place)).code == 2
    assert desk("export", "remove", "weekly").code == 0
    assert desk("export", "remove", "weekly").code == 4
    assert desk("export", "recipes", "-f", "json").json == []


def test_a_kept_export_is_made_when_a_supervisor_unlocks_and_one_that_fails_stops_nothing(
    secret_service: None, desk: Desk, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    for name, place, moment in (("a", tmp_path, "unlock"), ("b", gone, "lock"), ("c", tmp_path, "lock")):
        line = ("export", "save", name, "actions", *TO, "--at", moment, "--out", str(place / f"{name}.csv"))
        assert desk(*line).code == 0
    gone.rmdir()
    begun = process("unlock", BEECH_PASSPHRASE_FILE=str(desk.unit.secret))
    assert begun.code == 0
    assert f"the export a is written to {tmp_path / 'a.csv'}" in begun.err
    ended = process("lock")
    assert ended.code == 0
    assert "the export b was not made" in ended.err
    assert (tmp_path / "c.csv").read_text().startswith("# OFFICIAL-SENSITIVE release=")


def test_a_spreadsheet_is_real_and_made_in_memory(desk: Desk, tmp_path: Path) -> None:
    import openpyxl

    fill(desk)
    file = tmp_path / "engagements.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path / "none"))
        ran = desk("export", "engagements", *TO, "--fields", "+narrative", "--out", str(file))
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    assert str(sheet["A1"].value).startswith("# OFFICIAL-SENSITIVE release=")
    assert sheet.freeze_panes == "A3"
    header = [cell.value for cell in sheet[2]]
    at = [row[header.index("at")] for row in sheet.iter_rows(min_row=3)]
    assert sorted(str(cell.value) for cell in at) == ["2026-10-25T01:30:00+00:00", "2026-11-20 21:30:00"]
    assert {type(cell.value) for cell in at} == {str, datetime}
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_what_is_no_release_id_is_said_to_be_none_where_a_kind_has_no_day(desk: Desk) -> None:
    ran = desk("export", "offenders", *TO, "--since", "nope")
    assert (ran.code, "release id" in ran.err) == (2, True), ran.err
