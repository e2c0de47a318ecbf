"""What is due: referrals that follow their dates, owners, whom to tell what was done, what is coming."""

from typing import Any

import pytest

from db import actions, ahead, concerns, consent, filters, people, records, referrals
from db.errors import Refused
from db.records import Why
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.erased import joined

DAY = 24 * 3600


def woman(store: Store, name: str = "Willow-27", **more: Any) -> str:
    return str(records.add(store, "person", {"pseudonym": name} | more)["ref"])


def reported(store: Store, her: str, **about: Any) -> str:
    met = records.add(store, "engagement", {"at": "now", "people": [her]})["ref"]
    return str(records.add(store, "concern", {"engagement": met, "person": her} | about)["ref"])


def man(store: Store) -> str:
    return str(records.add(store, "offender", {"name": "Gary Example"})["ref"])


def act(store: Store, him: str, action: str = "arrest") -> dict[str, Any]:
    return actions.add(store, {"offender": him, "on": "2026-11-24", "action": action})


def told(made: dict[str, Any]) -> list[str]:
    return [one["says"] for one in made["prompts"] if one["code"] == "tell_her"]


# referrals


def test_a_status_that_is_reached_sets_its_date_and_no_other(store: Store, clock: Clock) -> None:
    made = referrals.add(store, {"person": woman(store), "service": "housing"})
    assert (made["offered_on"], made["sent_on"], made["accepted_on"]) == ("2026-11-24", None, None)
    clock.forward(DAY)
    sent = referrals.amend(store, made["ref"], {"status": "sent"})
    assert (sent["sent_on"], sent["accepted_on"]) == ("2026-11-25", None)
    clock.forward(DAY)
    assert referrals.amend(store, made["ref"], {"status": "accepted"})["accepted_on"] == "2026-11-26"
    clock.forward(DAY)
    engaged = referrals.amend(store, made["ref"], {"status": "engaged"})
    assert (engaged["sent_on"], engaged["accepted_on"]) == ("2026-11-25", "2026-11-26")


def test_a_date_that_is_said_is_kept_as_said(store: Store) -> None:
    made = referrals.add(
        store,
        {"person": woman(store), "service": "housing", "status": "accepted", "accepted_on": "2026-11-02"},
    )
    assert made["accepted_on"] == "2026-11-02"
    with pytest.raises(Refused, match="future"):
        referrals.amend(store, made["ref"], {"accepted_on": "2026-12-02"})


def test_a_referral_under_way_without_a_yes_of_hers_asks_for_it(store: Store) -> None:
    her = woman(store)
    asked = {"person": her, "service": "housing", "status": "sent"}
    assert [one["code"] for one in referrals.add(store, asked)["prompts"]] == ["consent"]
    assert referrals.add(store, asked | {"override_reason": "threat to life"})["prompts"] == []
    assert referrals.add(store, asked | {"status": "offered"})["prompts"] == []
    consent.give(store, her, "safeguarding", "housing")
    assert referrals.add(store, asked)["prompts"] == []


def test_what_is_overdue_stands_first_in_a_list(store: Store) -> None:
    her = woman(store)
    made = {
        name: records.add(store, "referral", {"person": her, "service": "clinic"} | more)["ref"]
        for name, more in {
            "closed": {"status": "closed", "chase_on": "2026-10-01"},
            "none": {},
            "later": {"chase_on": "2026-12-01"},
            "late": {"chase_on": "2026-11-01"},
        }.items()
    }
    found = [one["ref"] for one in records.listing(store, "referral")]
    assert found == [made[name] for name in ("late", "later", "none", "closed")]
    due = {
        name: records.add(store, "followup", {"what": "ring", "due_on": on, "done_on": done})["ref"]
        for name, on, done in (
            ("done", "2026-10-01", "2026-10-01"),
            ("later", "2026-12-01", None),
            ("late", "2026-11-01", None),
        )
    }
    found = [one["ref"] for one in records.listing(store, "followup")]
    assert found == [due[name] for name in ("late", "later", "done")]


def test_an_owner_is_a_member_by_name_the_next_shift_or_an_agency(store: Store, unit: Unit) -> None:
    joined(store, unit, "Jo")
    made = records.add(store, "followup", {"what": "ring", "due_on": "2026-12-01", "owner": "jo"})
    assert made["owner"] == "Jo"
    for said, kept in (("Next_Shift", "next shift"), ("A Way Out", "A Way Out")):
        assert records.amend(store, "followup", made["ref"], {"owner": said})["owner"] == kept
    found = records.listing(store, "followup", filters.build(store, "followup", {"officer": "a way out"}))
    assert len(found) == 1


# tell her


def test_who_reported_a_man_is_told_what_was_done_by_her_safe_contact(store: Store, clock: Clock) -> None:
    her, him = woman(store, safe_contact="text_only", safety="not after six"), man(store)
    concern = reported(store, her, offender=him)
    made = act(store, him)
    (said,) = told(made)
    assert her in said
    assert concern in said
    assert "not after six" in said
    (due,) = actions.tell_her(store, made["ref"])
    assert (due["about"], due["owner"], due["due_on"]) == (concern, "Sam", "2026-11-25")
    assert due["what"] == (
        f"tell her what was done: arrest; safe contact: text only, no voicemail, see {her} first"
    )


def test_she_is_found_by_his_car_and_told_once_however_often_she_reported(store: Store) -> None:
    her, him = woman(store), man(store)
    car = records.add(store, "vehicle", {"vrm": "NA12 XBO", "offender": him})["ref"]
    reported(store, her, offender=him)
    last = reported(store, her, vehicle=car)
    made = act(store, him)
    (said,) = told(made)
    assert last in said
    assert "ask before you reach out" in said
    assert len(actions.tell_her(store, made["ref"])) == 1


@pytest.mark.parametrize("change", [{"sharing_level": 0}, {"status": "no_contact"}, {"safe_contact": "none"}])
def test_she_is_not_told_at_level_0_nor_against_her_no(store: Store, change: dict[str, Any]) -> None:
    her, him = woman(store), man(store)
    reported(store, her, offender=him)
    people.amend(store, her, change, Why("correction"))
    made = act(store, him)
    assert told(made) == []
    assert actions.tell_her(store, made["ref"]) == []


def test_who_reported_another_man_is_not_told_and_a_look_at_her_is_journalled(store: Store) -> None:
    her, him = woman(store), man(store)
    other = records.add(store, "offender", {"name": "Other Example"})["ref"]
    reported(store, her, offender=other)
    assert told(act(store, him)) == []
    with store.counts() as reader:
        looks = "select count(*) from entry where operation = 'consultation' and kind = 'person'"
        before = reader.execute(looks).fetchone()[0]
    act(store, other)
    with store.counts() as reader:
        assert reader.execute(looks).fetchone()[0] == before + 1


def test_a_charge_tells_of_the_disclosure_officer(store: Store) -> None:
    him = man(store)
    assert [one["code"] for one in act(store, him, "charge")["prompts"]] == ["disclosure_schedule"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"action": "nfa", "outcome_code": "18"}, "not identified: he is named"),
        ({"action": "nfa", "outcome_code": "14"}, "not identified: he is named"),
        ({"action": "charge", "outcome_code": "16"}, "It is a charge"),
        ({"action": "nfa", "outcome_code": "17", "offence_on": "2026-11-01"}, "it runs to 2027-05-01"),
        ({"action": "charge", "outcome_code": "1", "offence_on": "2026-05-23"}, "ended on 2026-11-23"),
    ],
)
def test_what_does_not_go_together_is_said_of_an_action(store: Store, raw: dict[str, Any], said: str) -> None:
    made = actions.add(store, {"offender": man(store), "on": "2026-11-24", "offence": "soa51a"} | raw)
    assert said in " ".join(one["says"] for one in made["prompts"])


@pytest.mark.parametrize(
    "raw",
    [
        {"action": "nfa", "outcome_code": "16"},
        {"action": "nfa", "outcome_code": "17", "offence_on": "2026-05-01"},
        {"action": "caution_simple", "outcome_code": "3", "offence_on": "2026-11-01"},
    ],
)
def test_nothing_is_said_of_an_action_that_goes_together(store: Store, raw: dict[str, Any]) -> None:
    made = actions.add(store, {"offender": man(store), "on": "2026-11-24", "offence": "soa51a"} | raw)
    assert made["prompts"] == []
    unknown = records.add(store, "offender", {"build": "stocky"})["ref"]
    gone = {"offender": unknown, "on": "2026-11-24", "action": "no_trace", "outcome_code": "18"}
    assert actions.add(store, gone)["prompts"] == []


# what is coming


def test_status_tells_what_is_due_before_long_with_references_and_dates(store: Store, clock: Clock) -> None:
    him, her = man(store), woman(store)
    order = records.add(store, "order", {"offender": him, "type": "cbo", "expires_on": "2026-12-14"})["ref"]
    records.add(store, "order", {"offender": him, "type": "sro", "expires_on": "2027-12-14"})
    records.add(store, "followup", {"what": "ring", "due_on": "2026-11-24"})
    concern = reported(store, her)
    late = reported(store, her)
    concerns.amend(store, late, {"ncrs_decision": "crimed"})
    for day in ("2026-05-28", "2026-06-10", "2026-07-10", "2026-09-10"):  # 14, 30, 60 days left, and more
        records.add(
            store,
            "action",
            {"offender": him, "on": day, "offence_on": day, "offence": "soa51a", "action": "arrest"},
        )
    found = ahead.of(store)
    assert found["due"] == {
        "decisions": 1,
        "followups_today": 1,
        "orders_expiring": 1,
        "limitation_60": 1,
        "limitation_30": 1,
        "limitation_14": 1,
    }
    text = "\n".join(found["coming"])
    assert f"{concern}: its crime-recording decision is due Wed 25 Nov 2026 12:00" in text
    assert f"{order}: cbo expires 14 Dec 2026, in 20 days" in text
    assert "the limit for soa51a is" in text
    assert "Willow" not in text
    assert "Gary" not in text
