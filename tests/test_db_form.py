"""A form's contact: read from what was typed, saved and taken back whole; women offered as they are typed."""

import json
from typing import Any

import pytest

from db import drafts, engagements, judgements, people, records, watchlist
from db.engagements import Contact, Typed, TypedConcern
from db.errors import Ambiguous, BeechError, Refused
from db.records import Why
from db.vault import verify
from db.vault.store import Store
from tests.conftest import Clock


@pytest.fixture
def kasia(store: Store) -> str:
    """A woman whom the unit met on 19 November."""
    ref = add(store, "Willow-27", ["Kasia"])
    records.add(store, "engagement", {"at": "2026-11-19T21:00", "people": [ref], "needs": "housing"})
    return ref


def add(store: Store, pseudonym: str, known_as: list[str]) -> str:
    made = people.add(store, {"pseudonym": pseudonym, "known_as": known_as}, Why())
    return str(made["ref"])


def saved(store: Store, typed: Typed) -> engagements.Saved:
    contact, faults = engagements.read(store, typed)
    assert faults == ()
    return engagements.save(store, contact)


def faults(store: Store, typed: Typed) -> dict[str, str]:
    return {fault.field: fault.sentence for fault in engagements.read(store, typed)[1]}


def shown(store: Store, kind: str, ref: str) -> dict[str, Any]:
    return records.show(store, kind, ref)


# --- whom


def test_a_woman_is_offered_by_pseudonym_street_name_and_reference_the_one_met_last_first(
    store: Store, kasia: str
) -> None:
    kasha = add(store, "Rowan-04", ["Kasha"])
    assert [(one.ref, one.last) for one in engagements.suggest(store, "kas")] == [
        (kasia, "2026-11-19"),
        (kasha, None),
    ]
    assert [one.ref for one in engagements.suggest(store, "row")] == [kasha]
    assert [one.ref for one in engagements.suggest(store, kasia.lower()[:5])][:1] == [kasia]
    assert engagements.suggest(store, "nobody of that name") == []


def test_one_letter_offers_nobody_but_who_is_called_just_that(store: Store, kasia: str) -> None:
    jay = add(store, "Alder-11", ["J"])
    assert [one.ref for one in engagements.suggest(store, "j")] == [jay]
    assert engagements.suggest(store, "k") == []


def test_who_asks_for_no_contact_is_not_offered(store: Store, kasia: str) -> None:
    records.amend(store, "person", kasia, {"status": "no_contact"})
    assert engagements.suggest(store, "kas") == []


def test_a_woman_under_two_records_is_offered_once_and_answers_to_all_her_names(
    store: Store, kasia: str
) -> None:
    twin = add(store, "Rowan-04", ["Kat"])
    judgements.merge(store, "person", (kasia, twin), Why("correction"))
    assert [one.ref for one in engagements.suggest(store, "kat")] == [kasia]
    assert [one.ref for one in engagements.suggest(store, "ka")] == [kasia]
    records.amend(store, "person", twin, {"status": "no_contact"})
    assert engagements.suggest(store, "ka") == []


def test_offering_is_a_look_whose_words_stand_in_the_payload_alone(store: Store, kasia: str) -> None:
    engagements.suggest(store, "kas")
    detail, body = store.cipher.execute(
        "select e.detail, p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where e.operation = 'consultation' order by e.at desc limit 1"
    ).fetchone()
    assert "kas" not in detail
    assert json.loads(body)["search"] == "kas"
    assert len(json.loads(body)["shown"]) == 1


def test_somebody_new_is_shown_whoever_resembles_her(store: Store, kasia: str) -> None:
    assert [one.ref for one in engagements.alike(store, "Kashia")] == [kasia]
    assert engagements.alike(store, "Petra") == []


def test_her_last_three_dealings_stand_beside_the_form_with_her_line_of_safety(
    store: Store, kasia: str
) -> None:
    records.amend(store, "person", kasia, {"safety": "never ring the house", "risk_grade": "high"})
    records.add(store, "referral", {"person": kasia, "service": "housing", "offered_on": "2026-11-20"})
    lately = engagements.lately(store, kasia)
    assert (lately.pseudonym, lately.safety, lately.risk_grade) == (
        "Willow-27",
        "never ring the house",
        "high",
    )
    assert lately.dealings == (
        ("2026-11-20", "housing referral offered"),
        ("2026-11-19", "spoke; needs housing"),
    )


# --- reading


def test_a_person_is_enough_and_nothing_is_claimed_that_nobody_said(store: Store, kasia: str) -> None:
    made = shown(store, "engagement", saved(store, Typed(people=(kasia,))).ref)
    assert (made["people"], made["initiated_by"], made["contact"]) == ([kasia], None, "spoke")
    assert (made["sharing_level"], made["wording_version"], made["next_on"]) == (1, None, None)
    assert made["officers"] == ["Sam"]


def test_an_empty_form_is_asked_who_it_was_and_a_nil_patrol_is_not(store: Store) -> None:
    assert "person" in faults(store, Typed())
    assert faults(store, Typed(nobody=True)) == {}
    assert faults(store, Typed(how="3n")) == {}


def test_a_concern_is_asked_when_it_happened_and_what_she_allows(store: Store, kasia: str) -> None:
    follows = TypedConcern(("follows",))
    assert set(faults(store, Typed(people=(kasia,), concerns=(follows,)))) == {"concern 0 when", "sharing"}
    answered = Typed(people=(kasia,), concerns=(follows._replace(when="?"),), sharing="2")
    assert faults(store, answered) == {}


def test_a_concern_of_several_women_is_asked_which_of_them_told_it(store: Store, kasia: str) -> None:
    told = TypedConcern(("follows",), when="?")
    both = Typed(people=(kasia,), unnamed=1, concerns=(told,), sharing="2")
    assert set(faults(store, both)) == {"concern 0 who"}
    by_her = saved(store, both._replace(concerns=(told._replace(who=kasia),)))
    assert shown(store, "concern", by_her.refs("concern")[0])["person"] == kasia
    by_the_other = saved(store, both._replace(concerns=(told._replace(who="?"),)))
    assert shown(store, "concern", by_her.refs("concern")[0])["sector"] is None  # where it was, nobody said
    assert shown(store, "concern", by_the_other.refs("concern")[0])["person"] is None


def test_level_nought_keeps_nothing_she_reported(store: Store) -> None:
    typed = Typed(unnamed=1, sharing="0", concerns=(TypedConcern(("follows",), when="?"),))
    assert "sharing" in faults(store, typed)
    assert "sharing" in faults(store, Typed(unnamed=1, sharing="0", note="words"))
    assert faults(store, Typed(unnamed=1, sharing="0")) == {}


def test_each_wrong_answer_is_told_by_its_field_in_the_order_of_the_form(store: Store, kasia: str) -> None:
    typed = Typed(people=(kasia,), how="9", when="tomorrow 2130", needs="q", go_back="x", wording="m")
    told = engagements.read(store, typed)[1]
    assert [fault.field for fault in told] == ["how", "needs", "go_back", "wording", "when"]
    assert all("\n" not in fault.sentence for fault in told)


# --- saving and taking back


def test_a_contact_with_all_that_hangs_on_it_is_one_transaction(store: Store, kasia: str) -> None:
    typed = Typed(
        people=(kasia, "new:0"),
        new=({"pseudonym": "Alder-11", "known_as": ["Ros"]},),
        how="1",
        said='silver astra NA12 ?B?, "Gaz"',
        concerns=(TypedConcern(("follows",), who="new:0", when="yesterday 2050", hurt="n", crime="c 26/1"),),
        note="by the underpass",
        needs="hD",
        sharing="2",
        wording="y",
        go_back="7d housing form",
        sector="3",
    )
    made = saved(store, typed)
    assert [kind for kind, _, _ in made.made] == ["person", "engagement", "concern", "followup"]
    engagement = shown(store, "engagement", made.ref)
    assert engagement["people"] == [kasia, made.refs("person")[0]]
    assert (engagement["initiated_by"], engagement["wording_version"]) == ("flagged_down", "2026-1")
    assert (engagement["needs"], engagement["offers"]) == (["housing"], ["drugs:declined"])
    concern = shown(store, "concern", made.refs("concern")[0])
    assert (concern["person"], concern["sharing_level"]) == (made.refs("person")[0], 2)
    assert (concern["happened_from"], concern["injury"]) == ("2026-11-23T20:50:00+00:00", "no")
    assert (concern["ncrs_decision"], concern["crime_ref"], concern["ncrs_by"]) == ("crimed", "26/1", "Sam")
    followup = shown(store, "followup", made.refs("followup")[0])
    assert (followup["what"], followup["due_on"]) == ("housing form", "2026-12-01")
    assert (followup["about"], followup["owner"]) == (made.ref, "Sam")
    (transactions,) = store.cipher.execute(
        "select count(distinct tx) from entry where operation = 'collection' and at >= "
        "(select at from entry where record = (select id from record where ref = ?) "
        "and operation = 'collection') and kind <> 'offender'",
        (made.refs("person")[0],),
    ).fetchone()
    assert transactions == 1


def test_nothing_is_saved_where_one_part_is_refused(store: Store, kasia: str) -> None:
    concern = {"behaviours": ["follows"], "sharing_level": 2, "happened_from": "nonsense"}
    with pytest.raises(BeechError):
        engagements.save(
            store,
            Contact({"at": "now", "people": [{"pseudonym": "Alder-11"}]}, (concern,)),
        )
    assert [one["pseudonym"] for one in records.listing(store, "person")] == ["Willow-27"]
    assert len(records.listing(store, "engagement")) == 1


def test_one_undo_takes_back_all_that_was_saved_together(store: Store, kasia: str) -> None:
    typed = Typed(
        people=(kasia, "new:0"),
        new=({"pseudonym": "Alder-11"},),
        concerns=(TypedConcern(("follows",), who=kasia, when="?"),),
        sharing="2",
        go_back="7d",
    )
    made = saved(store, typed)
    assert engagements.take_back(store, made) == made.ref
    for kind, ref, _ in made.made:
        assert ref not in [one["ref"] for one in records.listing(store, kind)]
    assert [one["ref"] for one in records.listing(store, "person")] == [kasia]
    with pytest.raises(Refused, match="already"):
        engagements.take_back(store, made)
    assert verify.verify(store).faults == ()


def test_what_somebody_changed_since_is_not_taken_back(store: Store, kasia: str) -> None:
    made = saved(store, Typed(people=(kasia,), go_back="7d"))
    records.amend(store, "engagement", made.ref, {"sector": "4"})
    with pytest.raises(Ambiguous, match="changed since"):
        engagements.take_back(store, made)
    assert shown(store, "followup", made.refs("followup")[0])["due_on"] == "2026-12-01"
    assert len(records.listing(store, "followup")) == 1


def test_what_was_taken_back_comes_back_by_undo(store: Store, kasia: str) -> None:
    made = saved(store, Typed(people=(kasia,)))
    engagements.take_back(store, made)
    records.undo(store, "engagement", made.ref)
    assert shown(store, "engagement", made.ref)["people"] == [kasia]


def test_a_linked_man_stands_on_her_concern(store: Store, kasia: str) -> None:
    man = watchlist.add_offender(store, {"name": "Gary Example", "aliases": ["Gaz"]})["ref"]
    told = TypedConcern(("follows",), when="?", offender=man)
    made = saved(store, Typed(people=(kasia,), concerns=(told,), sharing="2"))
    assert shown(store, "concern", made.refs("concern")[0])["offender"] == man


def test_the_clock_of_the_form_is_the_stores(store: Store, clock: Clock, kasia: str) -> None:
    clock.forward(3600)
    made = saved(store, Typed(people=(kasia,), when="1230"))
    assert shown(store, "engagement", made.ref)["at"] == "2026-11-24T12:30:00+00:00"


# --- duties


def codes(store: Store, typed: Typed) -> dict[str, bool]:
    return {duty.code: duty.asked for duty in engagements.duties(store, typed)}


def test_a_plain_contact_has_no_duty(store: Store, kasia: str) -> None:
    assert codes(store, Typed(people=(kasia,), note="seen well")) == {}


def test_a_child_stops_the_form_whatever_else_stands_in_it(store: Store) -> None:
    young = Typed(people=("new:0",), new=({"pseudonym": "Alder-11", "age_band": "under_18"},))
    assert codes(store, young._replace(concerns=(TypedConcern(("follows",)),))) == {"under_18": True}


def test_a_report_says_its_words_and_its_clock_until_they_are_answered(store: Store, kasia: str) -> None:
    told = TypedConcern(("follows",), when="?")
    typed = Typed(people=(kasia,), concerns=(told,), sharing="2", when="1130")
    assert codes(store, typed) == {"wording": False, "crime_told": False}
    assert "Wed 25 Nov 2026 11:30" in engagements.duties(store, typed)[1].says
    answered = typed._replace(wording="y", concerns=(told._replace(crime="l"),))
    assert codes(store, answered) == {}


def test_danger_to_her_life_and_a_man_of_the_police_must_be_answered(store: Store, kasia: str) -> None:
    assert codes(store, Typed(people=(kasia,), said="said he would kill me")) == {"threat_to_life": True}
    assert codes(store, Typed(people=(kasia,), said="an off-duty copper")) == {"police_or_partner": True}
    assert codes(store, Typed(people=(kasia,), note="not allowed to leave")) == {"trafficking": False}


def test_words_that_should_not_stay_are_told_of_before_they_are_saved(store: Store, kasia: str) -> None:
    typed = Typed(people=(kasia,), said="rings from 07700 900123", note="her asylum claim, on 07700 900124")
    assert codes(store, typed) == {"sealed": False, "never_held": False}
    (number, _) = engagements.duties(store, typed)
    assert number.says.startswith("narrative: a telephone number")


def test_a_report_that_is_taken_out_leaves_one_entry_and_no_draft(store: Store) -> None:
    draft = drafts.Draft(drafts.new_id(), 0, "engagement", {"texts": {"said": "a copper"}})
    drafts.keep(store, draft)
    said = engagements.take_out(store, draft.id)
    assert "professional standards" in said
    assert drafts.count(store) == 0
    detail, payloads = store.cipher.execute(
        "select e.detail, (select count(*) from payload as p where p.desk = e.desk and p.seq = e.seq) "
        "from entry as e where e.detail like '%taken_out%'"
    ).fetchone()
    assert (json.loads(detail)["event"], payloads) == ("taken_out", 0)


def test_what_is_known_of_the_man_is_kept_without_a_word_of_her(store: Store) -> None:
    draft = drafts.Draft(drafts.new_id(), 0, "engagement", {})
    drafts.keep(store, draft)
    man = engagements.keep_the_man(
        store, 'silver astra NA12 ?B?, "Gaz", scar on his chin, he films', draft.id
    )
    assert man is not None
    kept = watchlist.show_offender(store, man)
    assert (kept["aliases"], kept["marks"], kept["mo_text"]) == (["Gaz"], [], None)
    assert records.listing(store, "engagement") == records.listing(store, "person") == []
    assert engagements.keep_the_man(store, "nothing at all", draft.id) is None
