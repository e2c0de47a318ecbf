"""What is pasted into the force's systems: within her level, sanitised, journalled, its reference kept."""

import json
import re
from typing import Any

import pytest

from db import erasure, pasting, records
from db.errors import NotFound, Refused
from db.pasting import Going
from db.records import Why
from db.rules import pasted
from db.vault.store import Store
from tests.tallied import add, man, spoke, woman

WHY = Why("intelligence")
SAID = (
    "Willow-1 said a silver Astra NA12 ??B followed her, he was late forties, stocky, about 6 foot, bald, "
    "Teesside accent, spider tattoo left hand"
)
DESCRIBED = {
    "age_text": "late forties",
    "build": "stocky she reckoned",
    "marks": ["spider tattoo on his left hand like the one Willow-1 has"],
    "mo_text": "he grabbed Ginny and would not pay her",
    "vehicles": [{"vrm": "NA12 ?B?", "colour": "silver", "make": "vauxhall"}],
}


class Told:
    """A woman called Ginny in the street, a contact with her, a concern on it; all of one sharing level."""

    def __init__(self, store: Store, level: int, contact_level: int | None = None) -> None:
        self.store = store
        self.her = woman(store, "Willow-1", known_as=["Ginny"])
        self.contact = spoke(
            store,
            "2026-11-23 21:47",
            self.her,
            sector="Northgate",
            narrative=f"Ginny ({self.her}) rang from 07700 900123 and told me",
            mentions=SAID,
            officers=["Sam"],
            sharing_level=level if contact_level is None else contact_level,
        )
        self.concern = add(
            store,
            "concern",
            engagement=self.contact,
            person=self.her,
            happened_from="2026-11-21 23:12",
            behaviours=["lock_in_car", "uses_name", "threat_family"],
            sector="Northgate",
            weapon="a knife, Ginny said",
            offence_guess="falseimp",
            description=DESCRIBED,
            sharing_level=level,
        )

    def text(self, form: str, kind: str = "concern", **more: Any) -> str:
        ref = self.concern if kind == "concern" else self.contact
        return pasting.text(self.store, kind, ref, Going(form, **more), WHY)


@pytest.mark.parametrize("kind", ["concern", "engagement"])
@pytest.mark.parametrize("level", [2, 3])
def test_intelligence_at_levels_2_and_3_is_facts_about_the_man_alone(
    store: Store, level: int, kind: str
) -> None:
    text = Told(store, level).text("intel", kind)
    assert "aged 46 to 49" in text
    assert "stocky build" in text
    assert "spider tattoo on left hand" in text
    assert "silver" in text
    assert "NA12" in text
    assert "Date of information: November 2026" in text
    assert "Area: Northgate" in text
    for hers in ("Willow", "Ginny", "P-", "21:47", "23:12", "knife", "reckoned", "grabbed", "rang", "900123"):
        assert hers not in text
    assert re.search(r"\b(?:she|her|hers|he said|told)\b", text, re.IGNORECASE) is None


def test_conduct_is_told_without_a_word_that_shows_who_was_there(store: Store) -> None:
    text = Told(store, 2).text("intel")
    assert "locks a woman in the car; uses a woman's name; threatens a woman's family" in text
    assert "refuses to pay" in text


@pytest.mark.parametrize("kind", ["concern", "engagement"])
def test_intelligence_from_level_4_widens_the_time_to_a_band_and_still_quotes_nobody(
    store: Store, kind: str
) -> None:
    text = Told(store, 4).text("intel", kind)
    day = "21 November 2026" if kind == "concern" else "23 November 2026"
    assert f"Date of information: {day}, evening (18:00 to 24:00)" in text
    for hers in ("Willow", "Ginny", "P-", "21:47", "23:12", "knife", "grabbed"):
        assert hers not in text


def test_a_report_is_marked_and_graded_with_its_conditions(store: Store) -> None:
    told = Told(store, 2)
    lines = told.text("intel").splitlines()
    assert (lines[0], lines[-1]) == ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")
    assert "Grade: 2CC. Source 2: untested. Information C: known indirectly. Handling C:" in lines[2]
    assert lines[3].startswith("Conditions: ")
    assert "Conditions" not in told.text("intel", grade="1AP")


@pytest.mark.parametrize("form", ["log", "intel", "crime"])
@pytest.mark.parametrize(("level", "contact_level"), [(1, 5), (5, 1)])
def test_nothing_leaves_at_level_1_of_the_concern_or_of_its_contact(
    store: Store, form: str, level: int, contact_level: int
) -> None:
    told = Told(store, level, contact_level)
    before = store.cipher.execute("select count(*) from entry").fetchone()
    with pytest.raises(Refused, match="sharing level 1: nothing of it leaves the unit"):
        told.text(form)
    assert store.cipher.execute("select count(*) from entry").fetchone() == before


def test_names_of_one_first_word_are_taken_out_whole() -> None:
    names = pasted.named(["Willow-27", "Willow-2", "Willow", "Red", "Red Rose", "Big Red", "Ann-Marie"])
    assert names is not None
    for said, left in (
        ("willow 27, Willow2 and WILLOW", "x, x and x"),
        ("Red Rose and red; Redd, Willows", "x and x; Redd, Willows"),
        ("Big-Red and annmarie", "x and x"),
    ):
        assert names.sub("x", said) == left


def test_nothing_leaves_of_a_contact_at_level_0(store: Store) -> None:
    contact = spoke(store, "2026-11-23 21:47", sharing_level=0)
    with pytest.raises(Refused, match="sharing level 0"):
        pasting.text(store, "engagement", contact, Going("log"), WHY)


@pytest.mark.parametrize("form", ["log", "crime"])
@pytest.mark.parametrize("kind", ["concern", "engagement"])
def test_words_go_out_from_level_4_on_and_never_who_she_is(store: Store, form: str, kind: str) -> None:
    low = Told(store, 3)
    with pytest.raises(Refused, match="--as intel"):
        low.text(form, kind)
    records.amend(store, "engagement", low.contact, {"sharing_level": 4})
    records.amend(store, "concern", low.concern, {"sharing_level": 4})
    high = low.text(form, kind)
    assert "23/11/2026 21:47, Northgate" in high
    assert "[person] ([person]) rang from [number] and told me" in high
    for hers in ("Willow", "Ginny", low.her, "900123"):
        assert hers not in high
    if kind == "concern":
        assert "Weapon: a knife, [person] said" in high
        assert "21/11/2026 23:12" in high
    if form == "crime":
        assert "identity sealed" in high


def test_the_man_on_the_watchlist_is_named_and_nothing_else_of_his_list(store: Store) -> None:
    told = Told(store, 2)
    him = man(store, "Invented Man", hair="ginger")
    records.amend(store, "concern", told.concern, {"offender": him})
    text = told.text("intel")
    assert f"Subject: Invented Man, watchlist {him}" in text
    assert "ginger" not in text


def test_it_is_journalled_as_a_disclosure_with_purpose_and_recipient(store: Store) -> None:
    told = Told(store, 4)
    told.text("intel", recipient="partner", purpose="crime")
    operation, kind, detail, body = store.cipher.execute(
        "select e.operation, e.kind, e.detail, p.body from entry as e "
        "join payload as p on p.desk = e.desk and p.seq = e.seq order by e.at desc limit 1"
    ).fetchone()
    clear = json.loads(detail)
    assert (operation, kind, clear["event"]) == ("disclosure", "concern", "show_as_intel")
    assert (clear["purpose"], clear["recipient"], clear["reason"]) == ("crime", "partner", "intelligence")
    assert len(json.loads(body)["shown"]) == 1


def test_the_reference_it_got_is_kept_beside_the_others(store: Store) -> None:
    told = Told(store, 4)
    records.amend(store, "concern", told.concern, {"refs": ["bwv:A1"]})
    for reference in ("IR/26/0417", "IR/26/0417"):
        kept = pasting.got(store, "concern", told.concern, ("intel", reference), Why())
    assert kept["refs"] == ["bwv:A1", "intel:IR/26/0417"]
    assert records.history(store, "concern", told.concern)[-1]["reason"] == "intelligence"
    assert "References: bwv:A1, intel:IR/26/0417" in told.text("log")


def test_what_does_not_stand_or_tells_nothing_is_refused(store: Store) -> None:
    told = Told(store, 4)
    quiet = spoke(store, "2026-11-23 21:47", sharing_level=4, narrative="a quiet night")
    with pytest.raises(Refused, match="tells nothing of a man or a car"):
        pasting.text(store, "engagement", quiet, Going("intel"), WHY)
    for going in (Going("intel", recipient="immigration_enforcement"), Going("intel", purpose="nosiness")):
        with pytest.raises(Refused):
            pasting.text(store, "concern", told.concern, going, WHY)
    erasure.restrict(store, "concern", told.concern, WHY)
    with pytest.raises(Refused, match="is restricted"):
        told.text("crime")
    with pytest.raises(NotFound):
        pasting.text(store, "concern", "C-ZZZZ", Going("log"), WHY)
