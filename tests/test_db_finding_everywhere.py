"""Search beyond contacts: concerns, men, vehicles, sightings; plates and numbers; what it leaves out."""

from typing import Any

import pytest

from db import erasure, finding, judgements, people, records
from db.records import Why
from db.rules import searching
from db.vault.store import Store
from tests.tallied import add, spoke, woman

WHY = Why("correction")


class World:
    """A woman, a contact, a concern on it, a man with a car, a sighting of him; each with its own word."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.her = woman(store, "Willow-1", known_as=["Red"])
        self.contact = spoke(store, "2026-11-23 21:30", self.her, narrative="contactword on the corner")
        self.concern = add(
            store,
            "concern",
            engagement=self.contact,
            person=self.her,
            weapon="weaponword",
            injury="injuryword",
            behaviours=["refuse_pay", "lock_in_car"],
            description={"build": "buildword", "marks": ["swallow tattoo", 'a "star" on the neck']},
            vehicle={"vrm": "YK19 OLD", "colour": "maroon"},
        )
        self.man = add(
            store,
            "offender",
            name="Nameword",
            aliases=["Big Aliasword", "Dee"],
            marks=["spider on the hand"],
            mo=["films"],
            mo_text="waywords",
            telephones=["07700 900123"],
        )
        self.car = add(store, "vehicle", offender=self.man, vrm="NA12 KBO", colour="silver", make="vauxhall")
        self.sighting = add(store, "sighting", at="2026-11-23 22:00", offender=self.man, note="sightword")

    def found(self, text: str) -> list[tuple[str, str]]:
        return [(hit["ref"], hit["field"]) for hit in finding.find(self.store, text)]


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.mark.parametrize(
    ("text", "what", "field"),
    [
        ("contactword", "contact", "narrative"),
        ("weaponword", "concern", "weapon"),
        ("injury", "concern", "injury"),
        ("refuse pay", "concern", "behaviours"),
        ("buildword", "concern", "description"),
        ("swallow", "concern", "description"),
        ("maroon", "concern", "vehicle"),
        ("nameword", "man", "name"),
        ("aliasword", "man", "aliases"),
        ("spider", "man", "marks"),
        ("films", "man", "mo"),
        ("waywords", "man", "mo_text"),
        ("vauxhall", "car", "make"),
        ('"na12 kbo"', "car", "vrm"),
        ("sightword", "sighting", "note"),
    ],
)
def test_what_was_written_is_found_wherever_it_stands_and_says_in_which_field(
    world: World, text: str, what: str, field: str
) -> None:
    assert world.found(text) == [(getattr(world, what), field)]


def test_a_key_of_an_object_is_no_word_of_it_and_lists_are_told_without_their_quotes(world: World) -> None:
    assert world.found("colour") == []
    assert finding.find(world.store, "aliasword")[0]["excerpt"] == "Big Aliasword; Dee"
    assert finding.find(world.store, "star")[0]["excerpt"].startswith("buildword; swallow tattoo; a ")


@pytest.mark.parametrize(
    "text", ["na12 kbo", "NA12KBO", "na12kbo", "NA12 ?B?", "N?12 KBO", "na12*", "?A12 K?O"]
)
def test_a_plate_is_found_however_it_is_spaced_whole_or_in_part(world: World, text: str) -> None:
    spaced = spoke(world.store, "2026-11-23 23:00", mentions="silver astra na12 kbo again")
    joined = spoke(world.store, "2026-11-23 23:30", narrative="she wrote down NA12KBO")
    spoke(world.store, "2026-11-23 23:40", narrative="YK19 OLD came by, 12 kb of it")
    assert set(world.found(text)) == {(world.car, "vrm"), (spaced, "mentions"), (joined, "narrative")}


def test_a_half_seen_plate_is_found_where_it_was_written_half_seen(world: World) -> None:
    half = spoke(world.store, "2026-11-23 23:00", mentions="silver astra NA12 ?B? again")
    spoke(world.store, "2026-11-23 23:30", mentions="NA12 ?C? by then")
    for text in ("NA12 ?B?", "na12?b?"):
        assert set(world.found(text)) == {(world.car, "vrm"), (half, "mentions")}, text


def test_a_plate_inside_a_concern_is_found_in_part(world: World) -> None:
    assert world.found("YK19 O??") == [(world.concern, "vehicle")]


@pytest.mark.parametrize(
    "typed", ["07700 900123", "07700900123", "+44 7700 900123", "0044 7700 900 123", "07700-900-123"]
)
@pytest.mark.parametrize(
    "written", ["07700 900123", "07700900123", "+447700900123", "07700 900 123", "(+44) 7700 900123"]
)
def test_a_telephone_number_is_found_however_it_is_written(world: World, typed: str, written: str) -> None:
    contact = spoke(world.store, "2026-11-23 23:00", narrative=f"he rings from {written} at night")
    assert set(world.found(typed)) == {(world.man, "telephones"), (contact, "narrative")}


def test_the_end_of_a_number_is_found_on_the_watchlist(world: World) -> None:
    assert world.found("900123") == [(world.man, "telephones")]


def test_several_words_may_stand_in_several_fields_of_one_record(world: World) -> None:
    assert [ref for ref, _ in world.found("nameword spider")] == [world.man]
    assert world.found("nameword swallow") == []


def test_all_kinds_come_together_newest_entry_first_and_stop_at_the_limit(world: World) -> None:
    refs = [
        spoke(world.store, "2026-11-23 23:00", narrative="everyword"),
        add(world.store, "offender", name="Everyword"),
        add(world.store, "sighting", at="2026-11-23 22:00", vehicle=world.car, note="everyword"),
    ]
    assert [ref for ref, _ in world.found("everyword")] == refs[::-1]
    results = finding.search(world.store, "everyword", 2)
    assert ([hit["ref"] for hit in results.found], results.more) == (refs[:0:-1], True)
    assert results.marked[0] == f"{finding.OPEN}everyword{finding.CLOSE}"


def test_nothing_sealed_and_no_name_of_a_woman_is_found(world: World) -> None:
    people.seal_identity(world.store, world.her, {"given_name": "Testina", "notes": "sealedword"}, Why())
    for text in ("testina", "sealedword", "willow-1", "red"):
        assert world.found(text) == []


def test_what_is_struck_restricted_or_erased_is_not_found_nor_what_hangs_on_it(world: World) -> None:
    records.strike(world.store, "concern", world.concern, WHY)
    assert world.found("weaponword") == []
    records.undo(world.store, "concern", world.concern)
    records.strike(world.store, "engagement", world.contact, WHY)
    assert world.found("weaponword") == []
    erasure.restrict(world.store, "offender", world.man, WHY)
    add(world.store, "sighting", at="2026-11-23 23:00", vehicle=world.car, note="carword")
    for text in ("nameword", "vauxhall", "na12 kbo", "sightword", "carword", "07700 900123"):
        assert world.found(text) == [], text


@pytest.mark.parametrize("how", ["no_contact", "restricted"])
@pytest.mark.parametrize("merged", [False, True])
def test_a_woman_who_says_no_takes_her_contacts_and_concerns_out_of_every_search(
    world: World, how: str, merged: bool
) -> None:
    her = world.her
    if merged:
        her = woman(world.store, "Rowan-2")
        judgements.merge(world.store, "person", (world.her, her), WHY)
    if how == "restricted":
        erasure.restrict(world.store, "person", her, WHY)
    else:
        records.amend(world.store, "person", her, {"status": "no_contact"})
    for text in ("contactword", "weaponword", "YK19 O??"):
        assert world.found(text) == []


def test_merged_men_are_found_once_under_their_first_record(world: World) -> None:
    other = add(world.store, "offender", name="Nameword Secondword")
    assert len(world.found("nameword")) == 2
    judgements.merge(world.store, "offender", (other, world.man), WHY)
    assert world.found("nameword") == [(world.man, "name")]
    assert world.found("secondword") == [(world.man, "name")]


def test_the_women_whose_words_were_shown_stand_in_the_look(world: World) -> None:
    finding.find(world.store, "weaponword")
    body = world.store.cipher.execute(
        "select p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where e.operation = 'consultation' order by e.at desc limit 1"
    ).fetchone()[0]
    (her,) = world.store.cipher.execute("select id from record where ref = ?", (world.her,)).fetchone()
    assert her.hex().encode() in body


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("na12 kbo", "NA12KBO"),
        ("NA12 ?B?", "NA12?B?"),
        ("silver", None),
        ("A66", None),
        ("2026", None),
        ("a b", None),
    ],
)
def test_what_may_be_a_plate_is_told_from_words(text: str, pattern: str | None) -> None:
    assert searching.plate(text) == pattern


@pytest.mark.parametrize("text", ["12", "silver 12", "E-3FQ8", "nine", "2130"])
def test_what_is_no_number_is_searched_as_words_alone(text: str) -> None:
    assert searching.number(text) is None


def amended(store: Store, kind: str, ref: str, **fields: Any) -> None:
    records.amend(store, kind, ref, fields, WHY)


def test_an_amended_word_is_found_and_the_old_one_is_not_in_any_kind(world: World) -> None:
    amended(world.store, "concern", world.concern, description={"build": "newbuild"})
    amended(world.store, "vehicle", world.car, make="newmake")
    amended(world.store, "sighting", world.sighting, note="newnote")
    for old, new in (("buildword", "newbuild"), ("vauxhall", "newmake"), ("sightword", "newnote")):
        assert world.found(old) == []
        assert len(world.found(new)) == 1
