"""``beech brief``: what is on each sheet, what never is, who may make one, what the journal keeps."""

import json
from pathlib import Path
from typing import Any

import pytest

from db import judgements, members, people
from db.records import Why
from db.rules import periods
from db.tallies import leaving
from db.vault import opening
from db.vault.store import Face, Store
from tests.conftest import Clock, Unit
from tests.desk import Desk, Ran
from tests.printed import Page
from tests.tallied import act, add, man, put, spoke, woman

PARADE = ("brief", "parade", "--recipient", "internal", "--purpose", "crime")
MEETING = ("brief", "meeting", "--recipient", "council", "--purpose", "safeguarding")
ALERT = ("--recipient", "num", "--purpose", "safeguarding")
FOI = ("--recipient", "press", "--purpose", "statistics")


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def disclosed(store: Store, event: str) -> list[dict[str, Any]]:
    """The entries of an event: what is in the clear, and the record's reference."""
    rows = store.cipher.execute(
        "select e.operation, e.role, e.detail, r.ref from entry as e "
        "left join record as r on r.id = e.record where json_extract(e.detail, '$.event') = ? order by e.at",
        (event,),
    ).fetchall()
    assert all(row[:2] == ("disclosure", "supervisor") for row in rows)
    return [json.loads(row[2]) | {"ref": row[3]} for row in rows]


# parade


@pytest.fixture
def watched(store: Store) -> dict[str, str]:
    """Men and cars of the last days and of before; a woman who told of two of them."""
    refs = {
        "seen": man(
            store,
            "Gary Example",
            aliases=["Gaz"],
            build="stocky",
            marks=["spider tattoo left hand"],
            mo=["strangles"],
            mo_text="she said he smells of oil",
            warnings=["vi"],
            grade="2BC",
        ),
        "told": man(store, "Tom Told", build="thin"),
        "secret": man(store, "Sid Secret", build="tall"),
        "old": man(store, "Olaf Old"),
        "false": man(store, "Fred False", grade="2EP"),
    }
    refs["car"] = add(
        store, "vehicle", vrm="NA12 KBO", colour="silver", make="Vauxhall", offender=refs["seen"]
    )
    refs["loose"] = add(store, "vehicle", vrm="AB?? CDE", colour="red", make="Ford")
    return refs


def later(store: Store, clock: Clock, refs: dict[str, str]) -> str:
    """Thirty days on: one man and one car are seen, and a woman tells of two men."""
    clock.forward(30 * 86400)
    add(
        store,
        "sighting",
        at="2026-12-22 23:10",
        vehicle=refs["car"],
        sector="Ropewalk",
        note="Willow saw him",
    )
    add(store, "sighting", at="2026-12-23 23:10", vehicle=refs["loose"], sector="Kiln Lane")
    add(store, "sighting", at="2026-12-23 23:10", offender=refs["false"])
    her = woman(store, "Willow-27", known_as=["Kasia"], sharing_level=2)
    for level, name in ((2, "told"), (1, "secret")):
        contact = spoke(store, "2026-12-21 21:00", her, sharing_level=level, narrative="in the snow")
        add(store, "concern", engagement=contact, person=her, offender=refs[name], sharing_level=level)
    return her


def test_a_parade_sheet_has_the_men_and_cars_of_the_last_days_and_no_woman(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    her = later(store, clock, watched)
    ran = desk(*PARADE)
    assert ran.code == 0, ran.err
    shown = " ".join(ran.out.split())
    assert ran.out.startswith("OFFICIAL-SENSITIVE")
    for said in (
        "Gary Example",
        '"Gaz"',
        "stocky; spider tattoo left hand",
        "silver Vauxhall, NA12 KBO",
        "22 Dec 2026, Ropewalk",
        "violent (VI)",
        "handling conditions apply",
        "strangles",
        "red Ford, AB?? CDE",
        "Tom Told",
    ):
        assert said in shown, said
    for never in (her, "Willow", "Kasia", "snow", "oil", "C-", "E-", "21 Dec"):
        assert never not in shown, never
    for absent in ("Sid Secret", "Olaf Old", "Fred False"):
        assert absent not in shown, absent


def test_a_man_who_is_called_after_a_woman_brings_no_woman_onto_the_parade_sheet(
    store: Store, desk: Desk
) -> None:
    woman(store, "Willow-27", known_as=["Kasia", "Jo"])
    man(store, "Jo Example", aliases=["Gaz", "Kasia's regular"])
    man(store, "Kasia\u2019s ex")
    shown = desk(*PARADE).out
    assert "Kasia" not in shown
    for said in ('Jo Example ("Gaz", "[person]\'s regular")', "[person]\u2019s ex"):
        assert said in " ".join(shown.split()), said


def test_a_parade_sheet_of_one_day_tells_no_day_on_which_a_woman_spoke(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    later(store, clock, watched)
    assert "Tom Told" in desk(*PARADE, "--days", "1").out
    assert desk(*PARADE, "--days", "32").code == 5
    for recipient in ("press", "subject"):
        assert desk("brief", "parade", "--recipient", recipient, "--purpose", "crime").code == 5


def test_a_parade_sheet_is_a_disclosure_of_what_is_on_it(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str], tmp_path: Path
) -> None:
    later(store, clock, watched)
    place = tmp_path / "parade.html"
    assert desk(*PARADE, "--out", str(place)).code == 0
    Page(place.read_text()).check()
    (entry,) = disclosed(store, "brief_parade")
    assert (entry["purpose"], entry["recipient"], entry["count"]) == ("crime", "internal", 3)


def test_a_sheet_has_of_a_man_what_all_his_records_say(
    store: Store, desk: Desk, watched: dict[str, str]
) -> None:
    other = man(
        store, "G. Example", aliases=["Gaz", "Geordie"], warnings=["fi"], mo=["restrains"], hair="bald"
    )
    false = man(store, "No One", warnings=["dr"], accent="scouse", grade="2EP")
    for ref in (other, false):
        judgements.merge(store, "offender", (watched["seen"], ref), Why("correction"))
    shown = " ".join(desk(*PARADE).out.split())
    for said in (
        'Gary Example ("Gaz", "Geordie")',
        "stocky; bald; spider",
        "violent (VI), ",
        "strangles, res",
    ):
        assert said in shown, said
    assert "firearm" in shown.lower()
    card = " ".join(desk("brief", "alert", other, *ALERT).out.split())
    for said in ("stocky; bald; spider", "silver Vauxhall", "strangles, res"):
        assert said in card, said
    assert "scouse" not in shown + card


def test_a_sighting_that_is_suspected_false_brings_nobody_onto_a_sheet(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    clock.forward(30 * 86400)
    add(store, "sighting", at="2026-12-22 23:10", vehicle=watched["car"], sector="Ropewalk", grade="2EP")
    assert "Gary" not in desk(*PARADE).out
    assert "week of" not in desk("brief", "alert", watched["seen"], *ALERT).out


def test_the_journal_has_the_men_who_found_room_on_a_parade_sheet_and_no_other(
    store: Store, desk: Desk
) -> None:
    men = {man(store, f"Mr Example {number}") for number in range(9)}
    shown = desk(*PARADE).out
    (entry,) = disclosed(store, "brief_parade")
    (body,) = store.cipher.execute(
        "select p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where json_extract(e.detail, '$.event') = 'brief_parade'"
    ).fetchone()
    assert entry["count"] == 7
    assert set(json.loads(body)["refs"]) == {ref for ref in men if ref in shown}
    assert "2 more men of these days" in shown


def test_a_restricted_man_is_on_no_sheet(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    later(store, clock, watched)
    put(store, watched["seen"], "restricted")
    assert "Gary" not in desk(*PARADE).out
    assert desk("brief", "alert", watched["seen"], *ALERT).code == 5


def test_a_man_one_of_whose_records_is_restricted_is_on_no_sheet(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    later(store, clock, watched)
    assert "Gary" in desk(*PARADE).out
    judgements.merge(store, "offender", (watched["seen"], watched["old"]), Why("correction"))
    put(store, watched["old"], "restricted")
    assert "Gary" not in desk(*PARADE).out
    for ref in (watched["seen"], watched["car"]):
        assert desk("brief", "alert", ref, *ALERT).code == 5


def test_a_car_that_was_entered_as_his_in_error_brings_nobody_onto_the_parade_sheet(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    later(store, clock, watched)
    put(store, watched["car"], "struck")
    assert "Gary" not in desk(*PARADE).out
    add(store, "sighting", at="2026-12-20 23:10", offender=watched["seen"], sector="Mill Lane")
    shown = desk(*PARADE).out
    assert "20 Dec 2026, Mill Lane" in shown
    assert "22 Dec" not in shown


# meeting


@pytest.fixture
def cases(store: Store) -> dict[str, str]:
    """Women of every level; one wants no contact, one is restricted."""
    refs = {
        name: woman(store, f"{name.title()}-27", known_as=["Kasia"], sharing_level=level, risk_grade="high")
        for name, level in (
            *(("unit", 1), ("facts", 2), ("partner", 3), ("police", 4), ("court", 5)),
            *(("gone", 5), ("restricted", 5)),
        )
    }
    put(store, refs["restricted"], "restricted")
    with store.write() as tx:
        (record,) = tx.execute("select id from record where ref = ?", (refs["gone"],)).fetchone()
        tx.amend(record, {"status": "no_contact"})
    spoke(store, "2026-11-10 21:00", refs["police"], sharing_level=4, needs=["housing"], narrative="cold")
    spoke(store, "2026-11-20 21:00", refs["police"], sharing_level=1, needs=["drugs"])
    add(store, "referral", person=refs["police"], service="isva", status="sent", sent_on="2026-11-12")
    return refs


def agenda(person: str, **ask: str) -> str:
    asked = {"agency": "council", "ask": "a place in the hostel", "owner": "Jo", "due_on": "2026-12-10"} | ask
    return json.dumps(
        {"on": "2026-12-03", "people": [{"person": person, "why": "sleeps rough", "asks": [asked]}]}
    )


def test_a_meeting_sheet_has_who_lets_it_be_shared_and_nobody_else(desk: Desk, cases: dict[str, str]) -> None:
    ran = desk(*MEETING)
    assert ran.code == 0, ran.err
    assert {name for name, ref in cases.items() if ref in ran.out} == {"police", "court"}
    assert "Kasia" not in ran.out
    several = desk(
        "brief", "meeting", "--recipient", "partner", "--recipient", "num", "--purpose", "safeguarding"
    )
    assert {name for name, ref in cases.items() if ref in several.out} == {"partner", "police", "court"}


def test_a_concern_that_stays_in_the_unit_brings_no_woman_onto_a_meeting_sheet(
    store: Store, desk: Desk
) -> None:
    her = woman(store, "Willow-27", sharing_level=4)
    for level in (1, 4):
        contact = spoke(store, "2026-11-20 21:00", her, sharing_level=level)
        add(store, "concern", engagement=contact, person=her, sharing_level=level)
        assert desk(*MEETING).code == (8 if level == 1 else 0)


def test_a_meeting_sheet_tells_of_each_woman_what_goes_so_far(desk: Desk, cases: dict[str, str]) -> None:
    shown = " ".join(desk(*MEETING, "--from-json", "-", stdin=agenda(cases["police"])).out.split())
    for said in (
        f"Police-27, {cases['police']}",
        "Risk: high",
        "Reason for discussion: sleeps rough",
        "Last contact: 10 Nov 2026",
        "Needs: housing",
        "independent sexual violence adviser sent 2026-11-12",
        "council a place in the hostel Jo 2026-12-10",
        "Confidential",
        "legal basis: appropriate policy document: not set",
        "Multi-agency meeting, 3 Dec 2026",
    ):
        assert said in shown, said
    for never in ("drugs", "cold", "20 Nov", "Kasia", "known"):
        assert never not in shown, never


def test_a_meeting_sheet_names_no_woman_who_is_not_spoken_of_there(desk: Desk, cases: dict[str, str]) -> None:
    both = json.loads(agenda(cases["police"], ask=f"move her from {cases['unit']}, Facts-27 and Court-27"))
    both["people"][0]["why"] = "stays with Unit-27 and Court-27"
    both["people"].append({"person": cases["court"]})
    shown = " ".join(desk(*MEETING, "--from-json", "-", stdin=json.dumps(both)).out.split())
    assert "stays with [person] and Court-27" in shown
    assert "move her from [person], [person] and Court-27" in shown
    for never in ("Unit-27", "Facts-27", cases["unit"]):
        assert never not in shown, never


def test_an_ask_is_kept_as_a_followup_and_each_agencys_sight_of_each_woman_is_an_entry(
    store: Store, desk: Desk, cases: dict[str, str]
) -> None:
    to = ("brief", "meeting", "--recipient", "council", "--recipient", "num", "--purpose", "safeguarding")
    asked = (*to, "--from-json", "-")
    assert desk(*asked, stdin=agenda(cases["court"])).code == 0
    (kept,) = desk("followups", "list", "-f", "json").json
    assert (kept["what"], kept["about"], kept["owner"], kept["due_on"]) == (
        "council: a place in the hostel",
        cases["court"],
        "Jo",
        "2026-12-10",
    )
    entries = [(one["ref"], one["recipient"]) for one in disclosed(store, "brief_meeting")]
    assert entries[:2] == [(cases["court"], "council"), (cases["court"], "num")]
    assert [(ref[:2], recipient) for ref, recipient in entries[2:]] == [("L-", "council"), ("L-", "num")]
    assert desk("journal", "verify").code == 0
    assert desk(*asked, stdin=agenda(cases["court"])).code == 0
    assert desk(*asked, stdin=agenda(cases["court"], owner="Kit")).code == 0
    assert [one["owner"] for one in desk("followups", "list", "-f", "json").json] == ["Jo", "Kit"]


def test_a_woman_who_said_no_to_an_agency_or_to_all_is_not_spoken_of_there(
    desk: Desk, cases: dict[str, str]
) -> None:
    for name, recipient in (("police", "council"), ("court", "partner")):
        said = desk(
            "people",
            "consent",
            cases[name],
            "--purpose",
            "safeguarding",
            "--recipient",
            recipient,
            "--withdraw",
        )
        assert said.code == 0, said.err
    assert desk(*MEETING).code == 8
    to = ("brief", "meeting", "--recipient", "cps", "--purpose", "safeguarding")
    assert desk(*to).code == 8
    asked = desk(*MEETING, "--from-json", "-", stdin=agenda(cases["police"]))
    assert asked.code == 5
    assert "said no" in asked.err


def test_a_woman_whose_record_says_no_to_statistics_is_not_spoken_of_for_them(
    store: Store, desk: Desk, cases: dict[str, str]
) -> None:
    people.amend(store, cases["police"], {"statistics_consent": False}, Why("correction"))
    meeting = ("brief", "meeting", "--recipient", "council", "--from-json", "-", "--purpose")
    ran = desk(*meeting, "statistics", stdin=agenda(cases["police"]))
    assert ran.code == 5
    assert "said no to statistics" in ran.err
    assert desk(*meeting, "safeguarding", stdin=agenda(cases["police"])).code == 0


@pytest.mark.parametrize("who", ["unit", "facts", "partner", "gone", "restricted"])
def test_a_woman_who_may_not_be_spoken_of_is_refused_by_reference_and_nothing_is_written(
    who: str, store: Store, desk: Desk, cases: dict[str, str]
) -> None:
    ran = desk(*MEETING, "--from-json", "-", stdin=agenda(cases[who]))
    assert (ran.code, ran.out) == (5, "")
    assert cases[who] in ran.err
    assert "27" not in ran.err.replace(cases[who], "")
    assert desk("followups", "list", "-f", "json").json == []
    assert disclosed(store, "brief_meeting") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("[]", 2),
        ('{"on": "never"}', 5),
        ('{"people": {}}', 2),
        ('{"people": [{}]}', 5),
        ('{"people": [{"person": "P-0000"}]}', 4),
        ('{"people": [{"person": "x", "nationality": "y"}]}', 5),
        ('{"people": [{"person": "x", "surname": "y"}]}', 2),
        (agenda("x", owner=""), 5),
        (agenda("x", due_on=""), 5),
        (agenda("x", agency="num"), 5),
        (agenda("x", ask="ring her on 07700 900123"), 5),
        (agenda("x", ask="ask about her visa"), 5),
    ],
)
def test_an_agenda_that_cannot_be_kept_is_refused_whole(typed: str, code: int, desk: Desk) -> None:
    ran = desk(*MEETING, "--from-json", "-", stdin=typed)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.count("\n") == 1
    assert "07700" not in ran.err


def test_a_meeting_of_which_nobody_may_be_spoken_ends_with_8(store: Store, desk: Desk) -> None:
    woman(store, "Willow-27", risk_grade="high")
    assert desk(*MEETING).code == 8


def test_two_records_of_one_woman_are_one_on_the_sheet_and_the_lower_level_holds(
    store: Store, desk: Desk, cases: dict[str, str]
) -> None:
    with store.counts() as reader:
        assert reader.execute("select count(*) from same_as").fetchone() == (0,)
    ran = desk("people", "merge", cases["police"], cases["unit"], "--reason", "correction", "--yes")
    assert ran.code == 0, ran.err
    shown = desk(*MEETING).out
    assert cases["police"] not in shown
    assert cases["unit"] not in shown


def test_a_woman_named_by_her_later_record_is_spoken_of_as_all_her_records_let_it(
    desk: Desk, cases: dict[str, str]
) -> None:
    ran = desk("people", "merge", cases["police"], cases["court"], "--reason", "correction", "--yes")
    assert ran.code == 0, ran.err
    shown = " ".join(desk(*MEETING, "--from-json", "-", stdin=agenda(cases["court"])).out.split())
    for said in (f"Police-27, {cases['police']}", "Last contact: 10 Nov 2026", "Needs: housing"):
        assert said in shown, said
    both = json.loads(agenda(cases["court"]))
    both["people"].append({"person": cases["police"]})
    assert desk(*MEETING, "--from-json", "-", stdin=json.dumps(both)).code == 5
    ran = desk("people", "merge", cases["gone"], cases["police"], "--reason", "correction", "--yes")
    assert ran.code == 0, ran.err
    for name in ("police", "court", "gone"):
        refused = desk(*MEETING, "--from-json", "-", stdin=agenda(cases[name]))
        assert (refused.code, refused.out) == (5, ""), name


# alert


def test_a_card_shows_look_car_and_ways_and_never_a_name_a_street_or_a_day(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    later(store, clock, watched)
    ran = desk("brief", "alert", watched["seen"], *ALERT)
    assert ran.code == 0, ran.err
    for said in (
        "DRAFT",
        "stocky; spider tattoo left hand",
        "silver Vauxhall",
        "strangles",
        "week of 21 Dec 2026",
    ):
        assert said in ran.out, said
    for never in (
        "Gary",
        "Example",
        "Gaz",
        "NA12",
        "KBO",
        "Ropewalk",
        "22 Dec",
        watched["seen"],
        "oil",
        "Willow",
    ):
        assert never not in ran.out, never
    of_him, of_the_card = disclosed(store, "brief_alert")
    assert (of_him["ref"], of_him["recipient"]) == (watched["seen"], "num")
    assert of_the_card["ref"].startswith("L-")
    assert of_the_card["ref"] in ran.out


def test_a_card_is_a_draft_until_it_is_approved_and_anew_when_what_it_says_has_changed(
    store: Store, desk: Desk, watched: dict[str, str]
) -> None:
    def release() -> str:
        listed = desk("releases", "list", "-f", "json").json
        assert [one["profile"] for one in listed] == ["sheet"] * len(listed)
        return str(listed[-1]["ref"])

    card = ("brief", "alert", watched["seen"], *ALERT)
    assert "DRAFT" in desk(*card).out
    first = release()
    assert desk("releases", "approve", first).code == 0
    approved = desk(*card)
    assert "DRAFT" not in approved.out
    assert first in approved.out
    assert release() == first
    assert "DRAFT" in desk("brief", "alert", watched["seen"], *ALERT[:1], "partner", *ALERT[2:]).out
    desk("watchlist", "amend", watched["seen"], "--build", "thin")
    assert "DRAFT" in desk(*card).out
    assert release() != first
    shown = desk("releases", "show", first, "-f", "json").out
    assert "stocky" not in shown
    assert "tattoo" not in shown
    assert desk("releases", "show", first, "--recipient", "cps").code == 5
    assert desk("journal", "verify").code == 0


@pytest.mark.parametrize("form", ["json", "csv", "ndjson", "md", "table"])
def test_a_sheet_is_printed_in_every_form(form: str, desk: Desk, watched: dict[str, str]) -> None:
    ran = desk(*PARADE, "-f", form)
    assert ran.code == 0
    assert "NA12 KBO" in ran.out


def test_part_of_a_plate_and_the_area_stand_on_a_card_only_where_the_unit_settled_it(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str], tmp_path: Path
) -> None:
    later(store, clock, watched)
    settings = tmp_path / "unit.toml"
    settings.write_text(
        'sectors = ["Ropewalk", "Kiln Lane", "Old Wharf"]\n[alert]\npartial_plate = true\n'
        '[sector_groups]\nriverside = ["Ropewalk", "Kiln Lane", "Old Wharf"]\n'
    )
    applied = desk("config", "apply", str(settings), "--yes", "--reason", "supervision")
    assert applied.code == 0, applied.err
    shown = desk("brief", "alert", watched["car"], *ALERT).out
    assert "NA12 ???" in shown
    assert "KBO" not in shown
    assert "riverside, week of 21 Dec 2026" in shown
    assert "Ropewalk" not in shown


def test_a_card_takes_no_week_from_what_a_woman_keeps_in_the_unit(
    store: Store, clock: Clock, desk: Desk, watched: dict[str, str]
) -> None:
    later(store, clock, watched)
    assert "week of 21 Dec" in desk("brief", "alert", watched["told"], *ALERT).out
    assert "week of" not in desk("brief", "alert", watched["secret"], *ALERT).out


def test_a_card_that_says_nothing_or_what_is_likely_false_is_refused(
    store: Store, desk: Desk, watched: dict[str, str]
) -> None:
    assert desk("brief", "alert", watched["old"], *ALERT).code == 5
    assert desk("brief", "alert", watched["false"], *ALERT).code == 5
    assert desk("brief", "alert", "O-0000", *ALERT).code == 4
    assert disclosed(store, "brief_alert") == []


# freedom of information


def years(store: Store) -> None:
    """Forty men arrested in 2024, each once; two in 2025."""
    for number in range(42):
        him = man(store, f"Mr Example {number}")
        act(store, him, f"202{4 if number < 40 else 5}-05-{number % 28 + 1:02d}", "arrest")


def test_an_answer_has_a_column_for_each_year_protected_and_says_what_it_is(store: Store, desk: Desk) -> None:
    years(store)
    ran = desk("brief", "foi", "--preset", "actions", "--years", "2024-2025", *FOI, "-f", "md")
    assert ran.code == 0, ran.err
    assert "| Arrests | 40 | withheld |" in ran.out
    assert "not the force's recorded crime" in ran.out
    assert "not held by design" in ran.out
    assert "public profile" in ran.out


def test_an_answer_says_from_when_on_there_are_records(store: Store, desk: Desk) -> None:
    years(store)
    add(store, "call", month="2024-03", source="storm", category="asb", count=30)
    asked = ("brief", "foi", *FOI, "--years", "2023-2024", "--preset")
    told = " ".join(desk(*asked, "actions").out.split())
    assert "records begin in May 2024: of the time before, none are held." in told
    told = " ".join(desk(*asked, "calls").out.split())
    assert "none are held for 2023-01," in told
    assert "none are held for 2024-01, 2024-02, 2024-04" in told
    assert "records begin" not in told


def test_an_answer_by_offence_age_or_sex_is_protected_with_the_figure_it_divides(
    store: Store, desk: Desk
) -> None:
    for number in range(40):
        told = {"date_of_birth": "1990" if number < 25 else "1975-03", "sex": "man" if number else "woman"}
        him = man(store, f"Mr Example {number}", **told)
        act(store, him, "2024-05-02", "arrest", offence="soa51a" if number < 28 else "soa53a")
    asked = ("--years", "2023-2024", *FOI, "-f", "md")
    ran = desk("brief", "foi", "--preset", "offences", *asked)
    assert ran.code == 0, ran.err
    assert "| Arrests | 0 | 40 |" in ran.out
    assert [line[-8:] for line in ran.out.splitlines() if line.startswith("| soliciting")] == ["0 | 30 |"]
    ages = desk("brief", "foi", "--preset", "ages", *asked).out
    assert "| 25-34 | 0 | 25 |" in ages
    assert "| 45-54 | 0 | 15 |" in ages
    sexes = desk("brief", "foi", "--preset", "sexes", *asked)
    assert sexes.code == 0, sexes.err
    assert "| woman | 0 | withheld |" in sexes.out
    assert "| man | 0 | withheld |" in sexes.out


def test_no_answer_lets_a_single_man_be_told_from_the_figure_it_divides(store: Store) -> None:
    for number in range(21):
        him = man(store, f"Mr Example {number}")
        act(store, him, "2024-05-02", "arrest", offence="soa51a" if number else "soa53a")
    wanted = leaving.Wanted(periods.year("2024"), "partner", cut="offences")
    told = {row["offence"]: row["count"] for row in leaving.leave(store, wanted)["tables"][0]["rows"]}
    assert told == {"soa51a": None, "soa53a": None}
    whole = leaving.leave(store, leaving.Wanted(periods.year("2024"), "partner"))
    assert next(one["value"] for one in whole["measures"] if one["id"] == "arrests") == 21


def test_an_answer_that_suppression_empties_is_a_refusal_with_its_words(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    act(store, man(store, "Mr Example"), "2025-05-01", "arrest")
    place = tmp_path / "answer.html"
    ran = desk("brief", "foi", "--preset", "actions", "--years", "2025", *FOI, "--out", str(place))
    assert ran.code == 8
    page = Page(place.read_text())
    page.check()
    assert any("section 40(2)" in word for word in page.words)
    assert not any(tag == "table" for tag, _ in page.tags)


def test_an_answer_of_which_one_year_may_not_leave_enters_none_in_the_register(
    store: Store, desk: Desk
) -> None:
    men = [man(store, f"Mr Example {number}") for number in range(12)]
    for year in (2024, 2025):
        for his in men:
            act(store, his, f"{year}-03-01", "arrest")
    asked = ("brief", "foi", "--preset", "actions", *FOI, "--years")
    assert desk(*asked, "2025").code == 0
    before = desk("releases", "list", "-f", "json").json
    for his in men:
        act(store, his, "2025-06-01", "arrest")
    assert desk(*asked, "2023-2025").code == 5
    assert desk("releases", "list", "-f", "json").json == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--preset", "actions", "--years", "2026"), 5),
        (("--preset", "actions", "--years", "2025-2024"), 5),
        (("--preset", "actions", "--years", "2001-2025"), 5),
        (("--preset", "actions", "--years", "lately"), 2),
        (("--preset", "actions"), 2),
        (("--preset", "race", "--years", "2025"), 2),
        (("--preset", "immigration", "--years", "2025"), 2),
        (("--years", "2025"), 2),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(words: tuple[str, ...], code: int, desk: Desk) -> None:
    ran = desk("brief", "foi", *words, *FOI)
    assert (ran.code, ran.out) == (code, "")


# every sheet


def every(refs: dict[str, str]) -> list[tuple[str, ...]]:
    return [
        ("brief", "parade"),
        ("brief", "meeting"),
        ("brief", "alert", refs["seen"]),
        ("brief", "foi", "--preset", "people", "--years", "2025"),
    ]


def test_a_sheet_needs_a_recipient_and_a_purpose_that_exist(desk: Desk, watched: dict[str, str]) -> None:
    for sheet in every(watched):
        assert desk(*sheet).code == 2
        assert desk(*sheet, "--recipient", "num").code == 2
        assert desk(*sheet, "--recipient", "nobody", "--purpose", "crime").code == 5
        assert desk(*sheet, "--recipient", "home_office", "--purpose", "crime").code == 5
        assert desk(*sheet, "--recipient", "num", "--purpose", "gossip").code == 5


def test_only_a_supervisor_hands_out_a_sheet(
    store: Store, unit: Unit, desk: Desk, watched: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = members.add(store, unit.opened, "Jo", ())
    members.join(unit.folder, "Jo", code, unit.passphrase, Face("script", "test"))
    other, opened = opening.with_passphrase(unit.folder, unit.passphrase, "Jo", Face("script", "test"))
    other.close()
    monkeypatch.setattr(desk, "unit", unit._replace(opened=opened))
    for sheet in every(watched):
        ran: Ran = desk(*sheet, "--recipient", "num", "--purpose", "safeguarding")
        assert (ran.code, ran.out) == (5, "")
        assert "supervisor" in ran.err
