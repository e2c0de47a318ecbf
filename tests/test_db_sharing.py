"""How far what she said goes: her level decides, at the moment it is asked."""

import pytest

from db import judgements, records, sharing
from db.records import Why
from db.rules import sharing as rules
from db.rules.vocabulary import codes
from db.vault.store import Store

RECIPIENTS = (*codes("recipient"), "probation")


def number(store: Store, ref: str) -> int:
    with store.counts() as reader:
        return records.find(reader, store.id_key, ref, ("person", "engagement", "concern", "referral")).n


def contact(store: Store, level: int, her: str | None = None) -> str:
    made = records.add(
        store, "engagement", {"at": "now", "people": her, "sharing_level": level, "sector": "A"}
    )
    return str(made["ref"])


def level(store: Store, kind: str, ref: str) -> int | None:
    n = number(store, ref)
    with store.counts() as reader:
        return sharing.level_of(reader, kind, n)


@pytest.mark.parametrize("recipient", RECIPIENTS)
@pytest.mark.parametrize("kind", rules.HERS)
@pytest.mark.parametrize("low", [0, 1])
def test_nothing_of_hers_leaves_at_level_0_and_1_to_anybody(kind: str, low: int, recipient: str) -> None:
    assert rules.extent(kind, low, recipient) is rules.Extent.NOTHING
    assert not rules.shows_source(low)


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_at_level_2_facts_about_the_man_leave_and_nothing_else(recipient: str) -> None:
    for kind in rules.HERS:
        how_far = rules.extent(kind, 2, recipient)
        assert how_far is (rules.Extent.FACTS if kind == "concern" else rules.Extent.NOTHING)


@pytest.mark.parametrize(
    ("recipient", "whole_from"),
    [("partner", 3), ("num", 3), ("internal", 4), ("probation", 4), ("cps", 5), ("court", 5)],
)
def test_who_may_have_it_whole_is_said_by_the_level(recipient: str, whole_from: int) -> None:
    got = [rules.extent("concern", n, recipient) is rules.Extent.WHOLE for n in range(6)]
    assert got == [n >= whole_from for n in range(6)]


def test_the_press_has_no_record_whole() -> None:
    assert rules.extent("engagement", 5, "press") is rules.Extent.NOTHING


def test_a_name_goes_along_at_4_and_5_alone() -> None:
    assert [rules.names_leave(n) for n in range(6)] == [False] * 4 + [True] * 2


def test_a_concern_goes_no_further_than_its_engagement(store: Store) -> None:
    for own, met, holds in ((5, 2, 2), (2, 5, 2), (4, 4, 4)):
        concern = records.add(
            store, "concern", {"engagement": contact(store, met), "sharing_level": own, "behaviours": "robs"}
        )
        assert level(store, "concern", concern["ref"]) == holds


def test_a_level_that_is_lowered_holds_at_once(store: Store) -> None:
    met = contact(store, 4)
    concern = records.add(store, "concern", {"engagement": met, "sharing_level": 4})
    records.amend(store, "engagement", met, {"sharing_level": 1})
    assert level(store, "concern", concern["ref"]) == 1


def test_a_womans_own_level_is_the_lowest_of_all_her_records(store: Store) -> None:
    one = records.add(store, "person", {"pseudonym": "Willow-27", "sharing_level": 4})["ref"]
    two = records.add(store, "person", {"pseudonym": "Rowan-04", "sharing_level": 2})["ref"]
    referral = records.add(store, "referral", {"person": one, "service": "clinic"})["ref"]
    assert (level(store, "person", one), level(store, "referral", referral)) == (4, 4)
    judgements.judge(store, one, two, "same", Why("correction"))
    assert (level(store, "person", one), level(store, "referral", referral)) == (2, 2)


def test_a_followup_goes_as_far_as_what_it_is_about(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27", "sharing_level": 3})["ref"]
    man = records.add(store, "offender", {"name": "Gary Example"})["ref"]
    concern = records.add(store, "concern", {"engagement": contact(store, 2), "sharing_level": 4})["ref"]
    made = [
        records.add(store, "followup", {"what": "ring", "due_on": "2026-12-01", "about": about})["ref"]
        for about in (her, man, concern)
    ]
    with store.counts() as reader:
        found = [
            sharing.level_of(reader, "followup", records.find(reader, store.id_key, ref, ("followup",)).n)
            for ref in made
        ]
    assert found == [3, None, 2]


def test_what_goes_at_level_2_has_no_person_no_time_and_none_of_her_words(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27", "sharing_level": 5})["ref"]
    records.add(
        store,
        "concern",
        {
            "engagement": contact(store, 5, her),
            "person": her,
            "happened_from": "2026-11-20",
            "sharing_level": 2,
            "behaviours": ["follows"],
            "injury": "bruised arm",
            "weapon": "a stick",
            "incident_ref": "INC 1",
            "description": {"build": "stocky", "mo_text": "he said my name"},
        },
    )
    (shape,) = records.listing(store, "concern")
    with store.counts() as reader:
        (row,), withheld = sharing.outgoing(reader, "concern", [shape], "internal")
    assert withheld == 0
    assert row["description"] == {"build": "stocky"}
    assert set(row) == {"ref", "sector", "behaviours", "offence_guess", "offender", "vehicle", "description"}


def test_who_is_not_shared_so_far_herself_is_not_pointed_at(store: Store) -> None:
    open_, closed = (
        records.add(store, "person", {"pseudonym": name, "sharing_level": n, "known_as": "Red"})["ref"]
        for name, n in (("Willow-27", 4), ("Rowan-04", 1))
    )
    records.add(store, "engagement", {"at": "now", "people": [open_, closed], "sharing_level": 4})
    (shape,) = records.listing(store, "engagement")
    people = records.listing(store, "person")
    with store.counts() as reader:
        (row,), _ = sharing.outgoing(reader, "engagement", [shape], "internal")
        left, withheld = sharing.outgoing(reader, "person", people, "internal")
    assert row["people"] == [open_]
    assert [one["ref"] for one in left] == [open_]
    assert withheld == 1
    assert "known_as" not in left[0]
    assert shape["people"] == [open_, closed]
