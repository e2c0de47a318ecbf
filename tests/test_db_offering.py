"""What a field may point at as it is typed: by codes and pseudonyms alone."""

from db import looking, pages
from db.records import Why
from db.rules.records import KINDS
from db.vault.store import Store
from tests.tallied import act, add, man, spoke, woman

WHY = Why("correction")


def offered(store: Store, kinds: str, typed: str) -> dict[str, str]:
    return {one.ref: one.said for one in pages.offer(store, kinds, typed)}


def test_a_woman_is_offered_by_her_street_name_and_shown_by_her_pseudonym_which_is_a_look(
    store: Store,
) -> None:
    her = woman(store, "Willow-27", known_as=["Kasia"])
    assert offered(store, "person", "kas") == {her: "Willow-27"}
    assert looking.looks(store, her, WHY)[0]["what"] == "consultation"
    assert offered(store, "person offender", "k") == {}


def test_men_and_cars_are_offered_by_each_word_and_never_shown_by_name(store: Store) -> None:
    him = man(store, "Gary Example", aliases=["Gaz"])
    add(store, "vehicle", vrm="NA12 KBO", colour="silver", offender=him)
    assert offered(store, "offender", "example") == {him: '"Gaz"  reported'}
    (car,) = offered(store, "vehicle", "silver na12kbo").items()
    assert car[1] == "NA12 KBO  silver"


def test_a_record_of_any_kind_is_offered_by_its_reference_and_told_from_others(store: Store) -> None:
    her, him = woman(store, "Willow-27"), man(store, "Gary Example")
    contact = spoke(store, "2026-10-05 21:30", her)
    made = {
        "person": her,
        "offender": him,
        "engagement": contact,
        "concern": add(store, "concern", engagement=contact, person=her, behaviours=["follows"]),
        "referral": add(store, "referral", person=her, service="clinic"),
        "followup": add(store, "followup", what="ring her", due_on="2026-11-30"),
        "vehicle": add(store, "vehicle", vrm="NA12 KBO", offender=him),
        "sighting": add(store, "sighting", at="2026-10-06 21:30", offender=him, sector="3"),
        "action": act(store, him, "2026-10-05", "arrest"),
        "order": add(store, "order", offender=him, type="shpo", granted_on="2026-10-05"),
        "call": add(store, "call", month="2026-10", source="101", category="welfare", count=3),
    }
    assert made.keys() == KINDS.keys()
    for kind, ref in made.items():
        assert pages.offer(store, kind, ref)[0] == (ref, pages.called(store, [ref])[ref])
        assert pages.called(store, [ref])[ref]
        sought = pages.seek(store, ref)
        assert ref in [one.ref for one in sought.people] + [one["ref"] for one in sought.records]
    assert "Gary" not in str(pages.called(store, list(made.values())))
