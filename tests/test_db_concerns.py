"""What she reported: its duties told at once, matched at once, its recording decision on a clock."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db import concerns, engagements, filters, judgements, prompts, records, settings, watchlist
from db.errors import Refused
from db.exchange import importing
from db.exchange.reading import Source
from db.records import Why
from db.rules import prompts as rules
from db.rules import vocabulary
from db.vault.store import Store
from db.vault.verify import verify
from tests import imports
from tests.conftest import Clock
from tests.tallied import add, spoke, woman

HOUR = 3600


def contact(store: Store, **more: Any) -> str:
    return str(records.add(store, "engagement", {"at": "now", "wording_version": "2026-1"} | more)["ref"])


def concern(store: Store, **more: Any) -> dict[str, Any]:
    return concerns.add(store, {"engagement": contact(store)} | more)


def codes(made: dict[str, Any]) -> set[str]:
    return {one["code"] for one in made["prompts"]}


def by_ncrs(store: Store, value: str) -> list[dict[str, Any]]:
    return concerns.listing(store, filters.build(store, "concern", {"ncrs": value}))


def taken_out(store: Store) -> list[tuple[str | None, bytes | None, bytes | None]]:
    with store.counts() as reader:
        return list(
            reader.execute(
                "select kind, record, digest from entry where detail like '%\"taken_out\"%'"
            ).fetchall()
        )


def held(store: Store) -> int:
    with store.counts() as reader:
        return int(reader.execute("select count(*) from record").fetchone()[0])


# the recording decision


def test_who_decides_and_when_is_kept_with_the_decision(store: Store, clock: Clock) -> None:
    made = concern(store)
    assert (made["ncrs_by"], made["ncrs_at"]) == (None, None)
    clock.forward(5 * HOUR)
    decided = concerns.amend(store, made["ref"], {"ncrs_decision": "crimed"})
    assert (decided["ncrs_by"], decided["ncrs_at"]) == ("Sam", "2026-11-24T17:00:00+00:00")
    clock.forward(HOUR)
    again = concerns.amend(store, made["ref"], {"ncrs_decision": "crimed", "crime_ref": "26/1"})
    assert again["ncrs_at"] == "2026-11-24T17:00:00+00:00"
    back = concerns.amend(store, made["ref"], {"ncrs_decision": None})
    assert (back["ncrs_by"], back["ncrs_at"]) == (None, None)


def test_a_decider_who_is_named_is_kept_as_named(store: Store) -> None:
    made = concern(store, ncrs_decision="n100", ncrs_by="Jo")
    assert (made["ncrs_by"], made["ncrs_at"]) == ("Jo", "2026-11-24T12:00:00+00:00")


def test_incident_only_says_why(store: Store) -> None:
    with pytest.raises(Refused, match="ncrs_rationale"):
        concern(store, ncrs_decision="incident_only")
    assert concern(store, ncrs_decision="incident_only", ncrs_rationale="no crime told")["ncrs_by"] == "Sam"


def test_the_clock_runs_24_hours_from_the_telling(store: Store, clock: Clock) -> None:
    told = contact(store, at="2026-11-24T09:00")
    made = concerns.add(store, {"engagement": told, "happened_from": "2026-11-01"})
    with store.counts() as reader:
        (one,) = concerns.clocks(reader)
    assert (one.ref, one.due_at - one.told_at) == (made["ref"], 24 * HOUR)
    (shown,) = by_ncrs(store, "open")
    assert shown["told_at"] == "2026-11-24T09:00:00+00:00"
    assert shown["ncrs_due_at"] == "2026-11-25T09:00:00+00:00"
    clock.forward(21 * HOUR - 1)
    assert by_ncrs(store, "late") == []
    clock.forward(2)
    assert [one["ref"] for one in by_ncrs(store, "late")] == [made["ref"]]
    concerns.amend(store, made["ref"], {"ncrs_decision": "crimed"})
    assert by_ncrs(store, "open") == []
    assert [one["ref"] for one in by_ncrs(store, "decided")] == [made["ref"]]


@pytest.mark.parametrize("day", ["2026-11-25", "2026-11-24T13:00", "tomorrow"])
def test_what_happened_does_not_lie_in_the_future(store: Store, day: str) -> None:
    with pytest.raises(Refused, match="happened_from: "):
        concern(store, happened_from=day)


def test_hostility_and_being_targeted_are_two_fields(store: Store) -> None:
    made = concern(store, hate_motivation=["sex_worker", "race"], targeted_because_of_sex_work=False)
    assert (made["hate_motivation"], made["targeted_because_of_sex_work"]) == (["sex_worker", "race"], False)


def test_the_words_read_to_her_are_a_version_that_exists(store: Store) -> None:
    with pytest.raises(Refused, match="wording_version"):
        contact(store, wording_version="1999-1")
    settings.apply(
        store,
        settings.propose(store, '[vocabulary.wording]\n2026-2 = "Other words"', "unit.toml"),
        Why(),
    )
    unread = contact(store, wording_version=None)
    said = concerns.add(store, {"engagement": unread})["prompts"]
    assert [one["says"] for one in said if one["code"] == "wording"] == [
        "The words were not read to her: Other words"
    ]
    assert contact(store, wording_version="2026-2")


# matched at once


def test_a_description_of_him_and_his_car_is_matched_at_once(store: Store) -> None:
    man = watchlist.add_offender(store, {"aliases": ["Spider"], "vehicles": [{"vrm": "NA12 XBO"}]})
    made = concern(store, vehicle={"vrm": "NA12 XBO"})
    assert [hit["ref"] for hit in made["matches"]] == [man["ref"]]
    assert made["offender"] is None
    other = concern(store)
    assert other["matches"] == []
    told = concerns.amend(store, other["ref"], {"description": {"vehicles": [{"vrm": "NA12 XBO"}]}})
    assert [hit["ref"] for hit in told["matches"]] == [man["ref"]]
    assert concerns.amend(store, other["ref"], {"sector": "A"})["matches"] == []


# duties told at once


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"offence_guess": "ttk"}, "threat_to_life"),
        ({"behaviours": "gun_claim"}, "threat_to_life"),
        ({"injury": "he said he'd kill me"}, "threat_to_life"),
        ({"offence_guess": "msa2"}, "trafficking"),
        ({"description": {"mo_text": "he takes all her money", "build": "thin"}}, "trafficking"),
        ({"injury": "she has learning difficulties"}, "care_and_support"),
        ({"behaviours": "sexual_assault"}, "sexual_offence"),
        ({"offence_guess": "msa2"}, "sexual_offence"),
        ({"offence_guess": "soa53"}, "sexual_offence"),
        ({"offence_guess": "soa66b"}, "sexual_offence"),
        ({"injury": "she's only 16"}, "under_18"),
        ({"injury": "17yo girl"}, "under_18"),
        ({"injury": "she turned fifteen last week"}, "under_18"),
        ({"injury": "her visa has run out"}, "never_held"),
        ({"injury": "she is a Polish national, born 3/4/1990"}, "sealed"),
        ({}, "crime_told"),
    ],
)
def test_a_duty_is_told_at_once_and_stops_nothing(store: Store, fields: dict[str, Any], code: str) -> None:
    made = prompts.worded("concern", concern(store, **fields))
    assert code in codes(made)
    assert records.show(store, "concern", made["ref"])["ref"] == made["ref"]


@pytest.mark.parametrize(
    ("typed", "young"),
    [
        ("15 year old told of a man", True),
        ("she's seventeen", True),
        ("she looks about 15", True),
        ("she is in year 11", True),
        ("she is still at school", True),
        ("she is 15 weeks gone", False),
        ("a 16 year old Astra, and a 15-year-old silver van", False),
        ("he turned left, ten minutes later", False),
        ("aged 45, 15 years ago", False),
    ],
)
def test_an_age_under_18_is_heard_in_words_and_in_figures(typed: str, young: bool) -> None:
    assert rules.is_young(typed) is young


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("person", {"known_as": ["Maria", "07700 900111"]}, "sealed"),
        ("person", {"safety": "her passport is with him"}, "never_held"),
        ("person", {"safety": "she is 15"}, "under_18"),
        ("engagement", {"narrative": "ring 07700 900123"}, "sealed"),
        ("engagement", {"partner": "border force"}, "never_held"),
        ("engagement", {"sector": "12 Acacia Avenue"}, "home"),
        ("engagement", {"narrative": "she stays at 12a, Acacia Avenue"}, "home"),
        ("followup", {"what": "go round to TS1 4AB"}, "home"),
        ("followup", {"what": "ask about her asylum claim"}, "never_held"),
        ("referral", {"result": "no right to work"}, "never_held"),
        ("offender", {"mo_text": "an off-duty police officer"}, "police_or_partner"),
        ("offender", {"marks": ["warrant card"]}, "police_or_partner"),
    ],
)
def test_words_that_should_not_stay_are_told_of_by_their_field_and_never_quoted(
    kind: str, words: dict[str, Any], code: str
) -> None:
    (said,) = prompts.worded(kind, words)["prompts"]
    assert said["code"] == code
    for typed in ("07700", "passport", "asylum", "border force", "off-duty", "warrant", "acacia", "TS1"):
        assert typed not in said["says"]


def test_words_of_a_man_and_of_everyday_are_told_of_nowhere() -> None:
    for kind, words in (
        ("engagement", {"mentions": "rings her from 07700 900123", "narrative": "wants housing, 24/11/2026"}),
        ("engagement", {"sector": "Linthorpe Rd", "narrative": "seen by 12 High Street, car NA12 KBO"}),
        ("engagement", {"mentions": "he lives at 12 Acacia Avenue, TS1 4AB"}),
        ("offender", {"mo_text": "a Polish national with a van", "name": "Gary Example"}),
        ("vehicle", {"make": "visa"}),
    ):
        assert prompts.worded(kind, words) == words


def test_a_decision_dated_before_the_telling_is_told_of(store: Store) -> None:
    (said,) = concern(store, ncrs_decision="crimed", ncrs_at="-2h")["prompts"]
    assert "before the contact" in said["says"]
    assert concern(store, ncrs_decision="crimed")["prompts"] == []


@pytest.mark.parametrize(
    ("decision", "guess", "told"),
    [
        ("incident_only", "soa1", True),
        ("incident_only", "theft", False),
        ("n100", "theft", True),
        ("n100", "soa1", False),
        ("n100", None, False),
        ("crimed", "soa1", False),
    ],
)
def test_n100_is_for_a_rape_and_a_rape_is_no_incident_only(
    store: Store, decision: str, guess: str | None, told: bool
) -> None:
    made = concern(store, ncrs_decision=decision, offence_guess=guess, ncrs_rationale="as she said")
    assert ("crime_told" in codes(made)) is told


@pytest.mark.parametrize(
    "fields", [{"behaviours": "follows"}, {"injury": "none", "behaviours": "refuse_pay"}]
)
def test_a_plain_report_asks_for_its_decision_alone(store: Store, fields: dict[str, Any]) -> None:
    assert codes(concern(store, **fields)) == {"crime_told"}
    assert codes(concern(store, ncrs_decision="crimed", **fields)) == set()


def test_harm_to_somebody_who_is_unwell_asks_for_adult_safeguarding(store: Store) -> None:
    met = contact(store, needs="mental_health")
    assert "care_and_support" in codes(concerns.add(store, {"engagement": met, "behaviours": "assaults"}))
    assert "care_and_support" not in codes(concern(store, behaviours="assaults"))


@pytest.mark.parametrize("text", ["He had 40 quid", "she's 16 minutes late", "skilled", "he was 17 stone"])
def test_words_that_only_sound_like_danger_prompt_nothing(text: str) -> None:
    assert rules.of({}, (), [text]) == []


def test_every_prompt_but_the_wording_is_in_the_vocabulary() -> None:
    assert {signs.code for signs in rules._SIGNS} <= set(vocabulary.codes("hard_stop"))


def test_the_duty_inspector_is_named_where_the_unit_has_settled_how(store: Store) -> None:
    settings.apply(store, settings.propose(store, 'duty_inspector = "channel 4"', "unit.toml"), Why())
    (said,) = [
        one["says"]
        for one in concern(store, offence_guess="ttk")["prompts"]
        if one["code"] == "threat_to_life"
    ]
    assert said.endswith("Duty inspector: channel 4.")


def test_the_third_report_of_one_woman_in_90_days_asks_for_the_dedicated_source_unit(
    store: Store, clock: Clock
) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    clock.forward(-100 * 24 * HOUR)
    engagements.log(store, {"at": "now", "people": [her], "mentions": "a silver car"})
    clock.forward(100 * 24 * HOUR)
    first = concerns.add(store, {"engagement": contact(store, people=[her]), "person": her})
    second = engagements.log(store, {"at": "now", "people": [her], "mentions": "a silver car"})
    engagements.log(store, {"at": "now", "people": [her], "narrative": "cold"})
    assert not {"repeat_information"} & (codes(first) | codes(second))
    third = engagements.log(store, {"at": "now", "people": [her], "mentions": "a silver car"})
    (said,) = [one["says"] for one in third["prompts"] if one["code"] == "repeat_information"]
    assert said.endswith(f"{her}: 3 times in 90 days.")
    settings.apply(store, settings.propose(store, "repeat_information.reports = 5", "unit.toml"), Why())
    fourth = engagements.log(store, {"at": "now", "people": [her], "mentions": "a silver car"})
    assert "repeat_information" not in codes(fourth)


# police or partner staff


def test_of_a_report_about_police_or_partner_staff_nothing_is_kept_but_that_it_was_taken_out(
    store: Store,
) -> None:
    before, met = held(store) + 1, contact(store)
    stopped: list[Callable[[], object]] = [
        lambda: concerns.add(store, {"engagement": met, "injury": "bruised", "police_or_partner": True}),
        lambda: engagements.log(store, {"at": "now", "mentions": "tall", "police_or_partner": "yes"}),
        lambda: watchlist.add_offender(store, {"name": "Gary Example", "police_or_partner": True}),
    ]
    for stop in stopped:
        with pytest.raises(prompts.TakenOut) as told:
            stop()
        for outside in ("professional standards", "IOPC", "NUM"):
            assert outside in str(told.value)
    assert held(store) == before
    assert taken_out(store) == [(None, None, None)] * 3
    assert verify(store).ok


def test_a_report_that_says_no_is_kept_like_any(store: Store) -> None:
    assert concern(store, police_or_partner=False)["ref"].startswith("C-")
    assert taken_out(store) == []
    with pytest.raises(Refused, match="yes or no"):
        concern(store, police_or_partner="maybe")


def test_words_that_may_mean_police_are_asked_about(store: Store) -> None:
    made = engagements.log(store, {"at": "now", "mentions": "says he is an off-duty copper"})
    assert codes(made) == {"police_or_partner"}


def test_an_import_keeps_nothing_of_such_a_row_and_says_once_that_it_was_taken_out(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "concerns.csv"
    contact(store, external_ref="E1")
    file.write_text("external_ref,engagement,injury,police_or_partner\nX1,E1,arm,no\nX2,E1,leg,yes\n")
    for apply, entries in ((False, 0), (True, 1)):
        source = Source(file)
        outcome = importing.run(store, "concern", source, apply=apply)
        source.close()
        assert outcome.counts["refused"] == 1
        assert "professional standards" in str(outcome.problems[0].why)
        assert len(taken_out(store)) == entries
    file.write_text("external_ref,engagement,injury,police_or_partner\nX1,E1,arm,no\n")
    source = Source(file)
    assert importing.run(store, "concern", source, apply=True).counts["create"] == 1
    source.close()


def test_a_concern_is_of_somebody_who_was_met_in_its_contact(store: Store) -> None:
    her, other = woman(store, "Willow-27"), woman(store, "Heron-3")
    contact, elsewhere = spoke(store, "2026-11-20 21:30", her), spoke(store, "2026-11-20 22:30", other)
    said = f"person: {other} is not among the people of that contact: name her there first"
    with pytest.raises(Refused, match=said):
        concerns.add(store, {"engagement": contact, "person": other})
    with pytest.raises(Refused, match=said):
        engagements.log(store, {"at": "2026-11-20 23:00", "people": [her], "concern": {"person": other}})
    mine = concerns.add(store, {"engagement": contact, "person": her})["ref"]
    with pytest.raises(Refused, match=said):
        concerns.amend(store, mine, {"person": other})
    with pytest.raises(Refused, match="is not among"):
        concerns.amend(store, mine, {"engagement": elsewhere})
    records.amend(store, "engagement", contact, {"people": [her, other]})
    assert concerns.add(store, {"engagement": contact, "person": other})["person"] == other


def test_a_concern_may_be_of_who_was_met_under_another_record_and_of_whom_a_third_party_told(
    store: Store,
) -> None:
    her, twin = woman(store, "Willow-27"), woman(store, "Heron-3")
    contact = spoke(store, "2026-11-20 21:30", her)
    judgements.merge(store, "person", (her, twin), records.Why("correction"))
    assert concerns.add(store, {"engagement": contact, "person": twin})["person"] == twin
    told = add(store, "engagement", at="2026-11-20 22:30", initiated_by="third_party")
    assert concerns.add(store, {"engagement": told, "person": her})["person"] == her


def test_a_concern_may_be_of_one_who_was_not_named_and_of_a_contact_that_names_nobody(store: Store) -> None:
    her, other = woman(store, "Willow-27"), woman(store, "Heron-3")
    for told in ({"people": [other], "people_unnamed": 1}, {}):
        contact = add(store, "engagement", at="2026-11-20 22:30", contact="spoke", **told)
        assert concerns.add(store, {"engagement": contact, "person": her})["person"] == her


def test_an_import_refuses_the_row_of_a_concern_of_somebody_who_was_not_met(
    store: Store, tmp_path: Path
) -> None:
    desk = imports.Desk(store, tmp_path)
    her, other = woman(store, "Willow-27"), woman(store, "Heron-3")
    contact = spoke(store, "2026-11-20 21:30", her)
    rows = [{"external_ref": "c1", "engagement": contact, "person": one} for one in (her, other)]
    assert desk.lines("concern", rows[0]).applied
    done = desk.lines("concern", rows[1])
    assert [str(one.why)[:8] for one in done.problems] == ["person: "]
    assert desk.lines("concern", rows[0]).counts["same"] == 1
