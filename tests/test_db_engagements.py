"""Recording a contact: who was there, what may be kept, whom she may have meant."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from db import engagements, pseudonyms, records, watchlist
from db.errors import NotFound, Refused, Usage
from db.records import Why
from db.rules import vocabulary
from db.rules.contact import read_contact
from db.rules.mentions import read_mentions
from db.vault.store import Store
from db.vault.verify import verify

NEW = {"pseudonym": "Willow-27", "age_band": "25-34", "sex": "woman"}


def count(store: Store, kind: str) -> int:
    with store.counts() as reader:
        (number,) = reader.execute("select count(*) from record where kind = ?", (kind,)).fetchone()
    return int(number)


# --- log


def test_an_engagement_is_saved_with_somebody_new_in_one_transaction(store: Store) -> None:
    made = engagements.log(store, {"at": "now", "people": [NEW], "needs": ["housing"]})
    assert list(made)[0] == "ref"
    assert list(made)[-1] == "matches"
    (person,) = made["people"]
    assert records.show(store, "person", person)["age_band"] == "25-34"
    with store.counts() as reader:
        (transactions,) = reader.execute(
            "select count(distinct tx) from entry where operation = 'collection'"
        ).fetchone()
    assert transactions == 1
    assert verify(store).ok


def test_people_are_named_by_reference_or_import_key(store: Store) -> None:
    willow = records.add(store, "person", NEW)["ref"]
    made = engagements.log(store, {"at": "now", "people": [willow, willow.lower()]})
    assert made["people"] == [willow]


def test_a_repeated_key_updates_and_answers_the_same_reference(store: Store) -> None:
    once = engagements.log(store, {"at": "now", "external_ref": "E1", "people": [NEW], "sector": "3"})
    twice = engagements.log(store, {"at": "now", "external_ref": "E1", "people": [NEW], "sector": "4"})
    assert (twice["ref"], twice["people"], twice["sector"]) == (once["ref"], once["people"], "4")
    assert (count(store, "engagement"), count(store, "person")) == (1, 1)


def test_an_update_leaves_what_it_does_not_name(store: Store) -> None:
    once = engagements.log(
        store, {"at": "now", "external_ref": "E1", "people": [NEW], "narrative": "said so"}
    )
    twice = engagements.log(store, {"at": "now", "external_ref": "E1"})
    assert {k: v for k, v in twice.items() if k != "at"} == {k: v for k, v in once.items() if k != "at"}


def test_a_text_that_names_nobody_is_refused_with_the_nearest_pseudonyms(store: Store) -> None:
    willow = records.add(store, "person", NEW | {"known_as": ["Kasia"]})["ref"]
    with pytest.raises(NotFound) as refusal:
        engagements.log(store, {"at": "now", "people": ["Wilow"]})
    assert f"{willow} Willow-27" in str(refusal.value)
    with pytest.raises(NotFound) as refusal:
        engagements.log(store, {"at": "now", "people": ["Kasia"]})
    assert "Kasia" not in str(refusal.value)
    assert count(store, "engagement") == 0


def test_a_pseudonym_that_somebody_bears_is_not_given_again(store: Store) -> None:
    willow = records.add(store, "person", NEW)["ref"]
    with pytest.raises(Refused, match=willow):
        engagements.log(store, {"at": "now", "people": [NEW | {"pseudonym": "WILLOW-27"}]})
    assert (count(store, "engagement"), count(store, "person")) == (0, 1)


def test_somebody_under_18_stops_everything_and_nothing_of_her_is_kept(store: Store) -> None:
    with pytest.raises(Refused) as stop:
        engagements.log(
            store, {"at": "now", "narrative": "a canary", "people": [NEW | {"age_band": "under_18"}]}
        )
    assert str(stop.value) == vocabulary.entry("hard_stop", "under_18").label
    assert (count(store, "engagement"), count(store, "person")) == (0, 0)
    with store.counts() as reader:
        assert reader.execute("select count(*) from payload where body like '%canary%'").fetchone() == (0,)


@pytest.mark.parametrize(
    "kept", [{"narrative": "words"}, {"mentions": "silver astra"}, {"people": [NEW]}, {"people": ["P-0000"]}]
)
def test_level_0_keeps_that_a_contact_happened_and_nothing_else(store: Store, kept: dict[str, Any]) -> None:
    with pytest.raises((Refused, NotFound)):
        engagements.log(store, {"at": "now", "sharing_level": 0, **kept})
    assert (count(store, "engagement"), count(store, "person")) == (0, 0)
    made = engagements.log(store, {"at": "now", "sharing_level": 0, "people_unnamed": 1})
    assert (made["narrative"], made["people"], made["matches"]) == (None, [], [])


def test_an_engagement_that_sinks_to_level_0_loses_its_words(store: Store) -> None:
    engagements.log(store, {"at": "now", "external_ref": "E1", "narrative": "words"})
    made = engagements.log(store, {"at": "now", "external_ref": "E1", "sharing_level": 0})
    assert (made["sharing_level"], made["narrative"]) == (0, None)


def test_the_default_sharing_level_is_1_and_it_counts_as_spoken(store: Store) -> None:
    made = engagements.log(store, {"at": "now"})
    assert (made["sharing_level"], made["contact"], made["initiated_by"]) == (1, "spoke", None)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ({}, Refused),
        ({"at": "now", "nationality": "x"}, Refused),
        ({"at": "now", "colour_of_door": "x"}, Usage),
        ({"at": "now", "people": [{"nationality": "x", "pseudonym": "Y-10"}]}, Refused),
        ({"at": "now", "people": [{"age_band": "25-34"}]}, Refused),
        ({"at": "now", "people": [7]}, Refused),
        ({"at": "now", "people": 7}, Refused),
        ({"at": "2026-12-24T12:00Z"}, Refused),
    ],
)
def test_what_a_rule_refuses_saves_nothing(store: Store, raw: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        engagements.log(store, raw)
    assert (count(store, "engagement"), count(store, "person")) == (0, 0)


# --- whom she may have meant


def test_what_she_said_of_him_is_matched_at_once(store: Store) -> None:
    man = watchlist.add_offender(
        store,
        {"name": "Gary Example", "aliases": ["Gaz"], "vehicles": [{"vrm": "NA12 KBO", "colour": "silver"}]},
    )
    made = engagements.log(store, {"at": "now", "mentions": 'silver astra NA12 ?B?, "Gaz", 40s, stocky'})
    (hit,) = made["matches"]
    assert (hit["ref"], hit["band"]) == (man["ref"], "probable")


def test_what_she_said_of_him_is_matched_again_when_it_is_amended(store: Store) -> None:
    man = watchlist.add_offender(store, {"name": "Gary Example", "aliases": ["Gaz"]})
    made = engagements.add(store, {"at": "now", "mentions": "she was tired"})
    assert made["matches"] == []
    amended = engagements.amend(store, made["ref"], {"mentions": '"Gaz Example", 40s'})
    assert [hit["ref"] for hit in amended["matches"]] == [man["ref"]]
    assert "matches" not in engagements.amend(store, made["ref"], {"sector": "Linthorpe Road"})


def test_nothing_is_asked_of_the_watchlist_where_she_described_nobody(store: Store) -> None:
    assert engagements.log(store, {"at": "now", "mentions": "she was tired"})["matches"] == []
    with store.counts() as reader:
        (looks,) = reader.execute("select count(*) from entry where operation = 'consultation'").fetchone()
    assert looks == 0


def test_matching_never_links_by_itself(store: Store) -> None:
    watchlist.add_offender(store, {"vehicles": [{"vrm": "NA12 KBO"}]})
    engagements.log(store, {"at": "now", "mentions": "NA12 KBO"})
    with store.counts() as reader:
        assert reader.execute("select count(*) from link").fetchone() == (0,)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", {}),
        ("she was tired and wanted to talk", {}),
        (
            'silver astra NA12 ?B?, "Gaz", 40s, stocky',
            {
                "aliases": ["Gaz"],
                "age_text": "40s",
                "build": "stocky",
                "vehicles": [{"vrm": "NA12 ?B?", "colour": "silver", "model": "astra"}],
            },
        ),
        ("na12 kbo", {"vehicles": [{"vrm": "na12 kbo"}]}),
        ("12 KPO black Corsa", {"vehicles": [{"vrm": "12 KPO", "colour": "black", "model": "corsa"}]}),
        ("plate ends KPO", {"vehicles": [{"vrm": "ends KPO"}]}),
        ("plate NX12, grey", {"vehicles": [{"vrm": "NX12", "colour": "grey"}]}),
        ("he was called Dave Example", {"aliases": ["Dave Example"]}),
        ("rang from 07700 900123", {"telephones": ["07700 900123"]}),
        (
            "black hair, beard, IC1",
            {"hair": "black hair", "facial_hair": "beard", "ethnicity_appearance": "IC1"},
        ),
        ("a spider tattoo left hand", {"marks": ["a spider tattoo left hand"]}),
        ("about 6 foot, Geordie accent", {"height_text": "about 6 foot", "accent": "Geordie accent"}),
        ("white man about 50", {"ethnicity_appearance": "white man about 50"}),
    ],
)
def test_only_what_is_plain_is_read_from_her_words(text: str, read: dict[str, Any]) -> None:
    assert read_mentions(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "picked her up on the A66 near TS1 4AB at 40 MPH",
        "put her in the back seat of a car",
        "a man about 50 with a golf bag",
        "BMW 3 series",
        "at 2130 on 21/11/2026",
    ],
)
def test_roads_postcodes_seats_and_times_are_no_plates(text: str) -> None:
    assert all("vrm" not in car for car in read_mentions(text).get("vehicles", []))
    assert read_mentions("put her in the back seat of a car").get("vehicles") is None


def test_her_reference_is_never_taken_for_a_plate() -> None:
    assert read_mentions("P-7KQ2 saw a silver Astra") == {
        "vehicles": [{"colour": "silver", "model": "astra"}]
    }


# --- a whole contact in one sentence


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "2130 flagged down on Linthorpe Rd, P-7KQ2: silver Astra NA12 ?? followed her, wants housing",
            {
                "at": "2026-11-23T21:30:00+00:00",
                "initiated_by": "flagged_down",
                "people": ["P-7KQ2"],
                "sector": "Linthorpe Rd",
                "needs": ["housing"],
                "mentions": "silver Astra NA12 ?? followed her",
                "concern": {"behaviours": ["follows"]},
            },
        ),
        (
            "on patrol in sector 3 at 2215, ?2, declined",
            {
                "at": "2026-11-23T22:15:00+00:00",
                "initiated_by": "patrol",
                "contact": "declined",
                "people_unnamed": 2,
                "sector": "sector 3",
            },
        ),
        (
            "yesterday 2130 drop-in, needs methadone script and food",
            {"at": "2026-11-23T21:30:00+00:00", "initiated_by": "drop_in", "needs": ["drugs", "food"]},
        ),
        (
            "spoke to P-7KQ2 and p-9r2m, both well",
            {"people": ["P-7KQ2"]},
        ),
        ("she said a man had hurt her", {}),
        ("", {}),
    ],
)
def test_a_sentence_is_read_for_what_it_holds(text: str, read: dict[str, Any]) -> None:
    assert read_contact(text, datetime(2026, 11, 24, 12, tzinfo=UTC)) == read


def test_whom_a_sentence_names_is_looked_up_and_the_sentence_is_the_note(store: Store) -> None:
    willow = records.add(store, "person", NEW | {"known_as": ["Kasia"]})["ref"]
    records.add(store, "person", {"pseudonym": "Rowan-04", "known_as": ["Toni"]})
    records.add(store, "person", {"pseudonym": "Larch-11", "known_as": ["Toni"]})
    told = engagements.read_sentence(store, "2130 drop-in, Kasia and Toni, wants food")
    assert told["people"] == [willow]
    assert told["narrative"] == "2130 drop-in, Kasia and Toni, wants food"
    assert engagements.read_sentence(store, "nothing to be read here") == {}


# --- pseudonyms


def test_an_offered_pseudonym_is_a_word_of_the_list_and_a_number_and_free(store: Store) -> None:
    offered = pseudonyms.offer(store, 5)
    assert len(set(offered)) == 5
    for one in offered:
        word, _, number = one.rpartition("-")
        assert word in vocabulary.pseudonyms()
        assert number.isdigit()


def test_a_pseudonym_once_borne_is_taken_even_when_struck_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "pseudonyms", lambda: ("Willow",))
    monkeypatch.setattr(pseudonyms, "_NUMBERS", range(27, 28))
    ref = records.add(store, "person", NEW)["ref"]
    records.strike(store, "person", ref, Why("correction"))
    (offered,) = pseudonyms.offer(store, 1)
    assert offered.startswith("Willow-")
    assert offered != "Willow-27"


def test_mentions_stay_out_of_the_clear_columns_of_the_journal(store: Store) -> None:
    engagements.log(store, {"at": "now", "mentions": 'silver astra NA12 ?B?, "Gaz"', "people": [NEW]})
    with store.counts() as reader:
        clear = json.dumps([row[0] for row in reader.execute("select detail from entry")])
    assert "Gaz" not in clear
    assert "Willow" not in clear
