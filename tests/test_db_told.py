"""A contact told in one sentence: time, place, people, man and car, needs, and what was done to her."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db import engagements, judgements, records
from db.errors import Refused
from db.records import Why
from db.rules import reported, vocabulary
from db.rules.contact import read_contact
from db.vault.store import Store
from tests.tallied import woman

NOW = datetime(2026, 11, 24, 22, 0, tzinfo=ZoneInfo("Europe/London"))
EXAMPLE = "2130 flagged down on Linthorpe Rd, P-7KQ2: silver Astra NA12 ?? followed her, wants housing"


def read(text: str, *sectors: str) -> dict[str, Any]:
    return read_contact(text, NOW, sectors)


def test_the_example_comes_out_whole() -> None:
    assert read(EXAMPLE) == {
        "at": "2026-11-24T21:30:00+00:00",
        "initiated_by": "flagged_down",
        "people": ["P-7KQ2"],
        "sector": "Linthorpe Rd",
        "needs": ["housing"],
        "mentions": "silver Astra NA12 ?? followed her",
        "concern": {"behaviours": ["follows"]},
    }


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("just now, flagged down", "22:00"),
        ("seen only, P-7KQ2 Northgate 2115", "21:15"),
        ("P-7KQ2 on patrol at 9pm", "21:00"),
    ],
)
def test_a_time_is_read_wherever_it_stands(text: str, at: str) -> None:
    assert read(text)["at"] == f"2026-11-24T{at}:00+00:00"


@pytest.mark.parametrize("text", ["flagged down, first since 2019", "drop-in, ref 2026-11-20"])
def test_a_year_is_no_time(text: str) -> None:
    assert "at" not in read(text)


def test_the_units_own_sector_is_known_wherever_it_stands_and_as_it_is_spelt() -> None:
    assert read("P-7KQ2 northgate east 2115", "Northgate", "Northgate East")["sector"] == "Northgate East"
    assert read("2115 P-7KQ2 Linthorpe Rd wants housing")["sector"] == "Linthorpe Rd"
    assert "sector" not in read("2115 P-7KQ2 northgate")


@pytest.mark.parametrize(
    ("text", "unnamed"),
    [
        ("2130 two women flagged us down", 2),
        ("2130 P-7KQ2 and three girls", 3),
        ("2130 one woman, P-7KQ2", None),
    ],
)
def test_women_without_a_name_are_counted(text: str, unnamed: int | None) -> None:
    assert read(text).get("people_unnamed") == unnamed


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("a man followed her twice", ["follows"]),
        ("he has been stalking her and threatened to kill her", ["stalks", "threatens"]),
        ("she was raped, he had a knife", ["sexual_assault", "weapon_knife"]),
        ("punched in the face and wouldn't pay", ["assaults", "refuse_pay"]),
        ("robbed of her phone", ["robs"]),
        ("took the condom off", ["stealth"]),
        ("locked her in the van and drove her out to the moor", ["lock_in_car", "drives_off_area"]),
        ("he grabbed her by the throat", ["assaults", "strangles"]),
        ("sexually assaulted last night", ["sexual_assault"]),
        ("she was not followed, nobody hit her", []),
        ("asked about sexual assault support", []),
        ("quiet night, glad of a hot drink", []),
    ],
)
def test_what_was_done_to_her_is_read_into_codes(said: str, codes: list[str]) -> None:
    assert reported.read(said) == codes
    assert set(codes) <= set(vocabulary.codes("behaviour"))


def test_a_sentence_with_a_concern_saves_both_at_once(store: Store) -> None:
    her = woman(store, "Willow-1")
    raw = engagements.read_sentence(store, EXAMPLE.replace("P-7KQ2", "Willow-1"))
    made = engagements.log(store, {"officers": ["Sam"], "sharing_level": 2, **raw})
    concern = records.show(store, "concern", made["concern"])
    assert (concern["engagement"], concern["person"]) == (made["ref"], her)
    assert (concern["behaviours"], concern["sharing_level"], concern["sector"]) == (
        ["follows"],
        2,
        "Linthorpe Rd",
    )
    assert made["prompts"]


def test_a_concern_of_several_women_names_none_and_one_that_is_no_object_is_refused(store: Store) -> None:
    her = woman(store, "Willow-1")
    told = {"at": "now", "people": [her], "people_unnamed": 1, "concern": {"behaviours": ["robs"]}}
    made = engagements.log(store, told)
    assert records.show(store, "concern", made["concern"])["person"] is None
    with pytest.raises(Refused, match="concern: must be an object"):
        engagements.log(store, {"at": "now", "concern": "robbed"})
    with pytest.raises(Refused, match="level 0"):
        engagements.log(store, {"at": "now", "sharing_level": 0, "concern": {"behaviours": ["robs"]}})
    assert len(records.listing(store, "engagement")) == 1


def test_a_merged_woman_is_one_whichever_of_her_names_is_said(store: Store) -> None:
    one, two = woman(store, "Willow-1", known_as=["Red"]), woman(store, "Rowan-2", known_as=["Red"])
    assert "people" not in engagements.read_sentence(store, "2130 spoke to Red")
    judgements.merge(store, "person", (one, two), Why("correction"))
    assert engagements.read_sentence(store, "2130 spoke to Red")["people"] == [one]
    assert engagements.read_sentence(store, "2130 spoke to Rowan-2 and Red")["people"] == [one]
    assert [known.ref for known in engagements.who(store, "Red")] == [one]
    assert [known.ref for known in engagements.who(store, two)] == [two]
