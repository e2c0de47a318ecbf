"""Her no, at once: one step by any officer, and she is in no list, search or count of what is due."""

import pytest

from db import (
    concerns,
    consent,
    engagements,
    erasure,
    filters,
    finding,
    judgements,
    pages,
    people,
    records,
    standing,
    today,
)
from db.errors import NotFound, Refused, Usage
from db.records import Record, Why
from db.vault.rebuild import rebuild, snapshot
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock, Unit
from tests.erased import joined, working


def furnished(store: Store) -> dict[str, str]:
    """Two women met together and each alone, with what hangs on each, by the kinds' words and her number."""
    made: dict[str, str] = {}
    for number, name in ((1, "Willow-27"), (2, "Rowan-04")):
        her = records.add(store, "person", {"pseudonym": name})["ref"]
        met = records.add(
            store, "engagement", {"at": "now", "people": [her], "narrative": "a heron", "sector": "A"}
        )["ref"]
        concern = records.add(store, "concern", {"engagement": met, "person": her})["ref"]
        unnamed = records.add(store, "concern", {"engagement": met})["ref"]
        referral = records.add(
            store, "referral", {"person": her, "service": "clinic", "chase_on": "2026-11-01"}
        )["ref"]
        due = [
            records.add(store, "followup", {"what": "ring", "due_on": "2026-11-01", "about": about})["ref"]
            for about in (her, concern, referral)
        ]
        made |= {f"person {number}": her, f"engagement {number}": met, f"concern {number}": concern}
        made |= {f"alone {number}": unnamed, f"referral {number}": referral, f"due {number}": due[0]}
    made["both"] = records.add(
        store,
        "engagement",
        {"at": "now", "people": [made["person 1"], made["person 2"]], "narrative": "heron"},
    )["ref"]
    return made


def listed(store: Store, kind: str, **options: str) -> list[Record]:
    return records.listing(store, kind, filters.build(store, kind, options))


def says_no(store: Store, ref: str, how: str) -> None:
    if how == "no_contact":
        people.amend(store, ref, {"status": "no_contact"}, Why())
    else:
        erasure.restrict(store, "person", ref, Why("safeguarding"))


@pytest.mark.parametrize("how", ["no_contact", "restrict"])
def test_one_step_takes_her_and_what_is_hers_out_of_every_list(store: Store, how: str) -> None:
    made = furnished(store)
    says_no(store, made["person 1"], how)
    assert [one["ref"] for one in listed(store, "person")] == [made["person 2"]]
    assert [one["ref"] for one in listed(store, "concern")] == [made["concern 2"], made["alone 2"]]
    assert [one["ref"] for one in listed(store, "referral")] == [made["referral 2"]]
    assert len(listed(store, "followup")) == 3
    shown = {one["ref"]: one["people"] for one in listed(store, "engagement")}
    assert shown[made["engagement 1"]] == []
    assert shown[made["both"]] == [made["person 2"]]
    assert {hit["ref"] for hit in finding.find(store, "heron")} == {made["engagement 2"]}
    overdue = standing.of(store)["overdue"]
    assert (overdue["followups"], overdue["referrals"]) == (3, 1)
    assert verify(store).ok


def test_her_no_is_hers_under_every_record_that_is_of_her(store: Store) -> None:
    made = furnished(store)
    judgements.judge(store, made["person 1"], made["person 2"], "same", Why("correction"))
    says_no(store, made["person 2"], "no_contact")
    for kind in ("person", "concern", "referral", "followup"):
        assert listed(store, kind) == []


def test_any_officer_says_it_in_one_step_and_a_supervisor_alone_takes_it_back(
    store: Store, unit: Unit, clock: Clock
) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    joined(store, unit, "Jo")
    with working(unit, clock, "Jo") as theirs:
        people.amend(theirs, her, {"status": "no_contact"}, Why())
        for take_back in (
            lambda: people.amend(theirs, her, {"status": "active"}, Why("correction")),
            lambda: records.undo(theirs, "person", her, Why("correction")),
        ):
            with pytest.raises(Refused, match="supervisor"):
                take_back()
        people.amend(theirs, her, {"risk_by": "Jo"}, Why("correction"))
        assert listed(theirs, "person") == []
    people.amend(store, her, {"status": "active"}, Why("correction"))
    assert [one["ref"] for one in listed(store, "person")] == [her]
    before = snapshot(store)
    rebuild(store)
    assert snapshot(store) == before
    assert verify(store).ok


def test_a_change_that_did_not_know_of_her_no_does_not_take_it_back() -> None:
    from db.vault import fold

    def step(seq: int, changed: Record, **detail: str) -> fold.Step:
        operation = "collection" if seq == 1 else "alteration"
        return fold.Step(1, seq, seq, seq, "m", operation, (), dict(detail), changed, None, "person", b"r")

    said = [step(1, {"status": "active"}), step(2, {"status": "no_contact"})]
    assert fold.fold([*said, step(3, {"status": "paused"})]).fields["status"] == "no_contact"
    lifted = step(3, {"status": "paused"}, event="contact_again")
    assert fold.fold([*said, lifted]).fields["status"] == "paused"


def test_what_she_said_stays_to_be_told_where_her_status_is_asked_for(store: Store) -> None:
    made = furnished(store)
    consent.withdraw(store, made["person 1"], "safeguarding", "partner")
    says_no(store, made["person 1"], "no_contact")
    assert [one["ref"] for one in listed(store, "person", status="no_contact")] == [made["person 1"]]
    assert records.show(store, "concern", made["concern 1"])["ref"] == made["concern 1"]


@pytest.mark.parametrize("how", ["no_contact", "restrict"])
def test_her_reports_are_in_no_matching_nor_series(store: Store, how: str) -> None:
    from db.watchlist import men, series

    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    met = records.add(store, "engagement", {"at": "now", "people": [her]})["ref"]
    him = records.add(store, "offender", {"name": "Gary Example"})["ref"]
    told = {"engagement": met, "person": her, "offender": him, "description": {"build": "stocky"}}
    report = records.add(store, "concern", told)["ref"]

    def seen() -> tuple[int, int]:
        with store.counts() as reader:
            known = records.find(reader, store.id_key, him, ("offender",)).n
            told = records.find(reader, store.id_key, report, ("concern",)).n
            return len(series.linked(reader, [known])), len(men.standing(reader, [told]))

    assert seen() == (1, 1)
    says_no(store, her, how)
    assert seen() == (0, 0)


@pytest.mark.parametrize("how", ["no_contact", "restrict"])
def test_what_is_due_about_her_is_on_no_screen_and_counted_in_none(store: Store, how: str) -> None:
    made = furnished(store)
    of = pages.sheet(store, "followup")
    assert pages.anchors(store, of).total == 6
    says_no(store, made["person 1"], how)
    assert pages.anchors(store, of).total == 3
    assert made["due 2"] in [row["ref"] for _, row in pages.page(store, of, None)]


def test_no_word_typed_into_the_list_of_contacts_leads_to_her(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27", "known_as": ["Ginny"]})["ref"]
    records.add(store, "engagement", {"at": "now", "people": [her], "narrative": "a heron"})
    typed = ("ginny", "willow", "heron")
    assert [pages.anchors(store, pages.sheet(store, "engagement", one)).total for one in typed] == [1, 1, 1]
    says_no(store, her, "no_contact")
    assert [pages.anchors(store, pages.sheet(store, "engagement", one)).total for one in typed] == [0, 0, 0]


def test_a_follow_up_about_her_that_was_handed_over_is_not_told_on_sitting_down(
    store: Store, clock: Clock
) -> None:
    for event in ("unlock", "lock", "unlock"):
        with store.write() as tx:
            tx.chain.event(event)
        clock.forward(60)
    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    records.add(store, "followup", {"what": "ring", "due_on": "2026-12-20", "about": her, "owner": "Sam"})
    assert len(today.of(store).handed) == 1
    says_no(store, her, "no_contact")
    assert today.of(store).handed == []


def test_a_recording_decision_on_her_report_is_told_as_due_nowhere(store: Store, clock: Clock) -> None:
    made = furnished(store)
    clock.forward(48 * 3600)
    with store.counts() as reader:
        assert len(concerns.clocks(reader)) == 4
    assert standing.of(store)["overdue"]["decisions"] == 4
    says_no(store, made["person 1"], "no_contact")
    with store.counts() as reader:
        assert {one.ref for one in concerns.clocks(reader)} == {made["concern 2"], made["alone 2"]}
    assert standing.of(store)["overdue"]["decisions"] == 2


def test_asked_for_those_of_another_status_a_list_shows_no_record_of_hers(store: Store) -> None:
    made = furnished(store)
    judgements.judge(store, made["person 1"], made["person 2"], "same", Why("correction"))
    says_no(store, made["person 2"], "no_contact")
    assert listed(store, "person", status="active") == []


def test_her_name_in_a_sentence_is_left_for_the_officer_to_say(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27", "known_as": ["Ginny"]})["ref"]
    sentence = "spoke to Ginny at 2130, wants housing"
    assert engagements.read_sentence(store, sentence)["people"] == [her]
    says_no(store, her, "no_contact")
    assert "people" not in engagements.read_sentence(store, sentence)


def test_a_form_shows_nothing_of_a_woman_who_is_restricted_or_erased(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27", "safety": "a word"})["ref"]
    erasure.restrict(store, "person", her, Why("safeguarding"))
    with pytest.raises(Usage, match="restricted"):
        engagements.lately(store, her)
    erasure.erase(store, "person", her, Why("subject_access"))
    erasure.erase(store, "person", her, Why("subject_access"))
    with pytest.raises(NotFound, match="erased"):
        engagements.lately(store, her)


def test_no_hint_at_a_reference_that_is_wrong_leads_to_her(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    wrong = f"{her[:-1]}{'7' if her[-1] != '7' else '8'}"
    with pytest.raises(NotFound, match=f"near it: {her}"):
        records.show(store, "person", wrong)
    says_no(store, her, "no_contact")
    with pytest.raises(NotFound) as told:
        records.show(store, "person", wrong)
    assert her not in str(told.value)
