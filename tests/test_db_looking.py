"""Who looked at a woman: every way of seeing her leaves a line, with when, who and why."""

import pytest

from db import engagements, erasure, finding, judgements, looking, people, records
from db.errors import NotFound, Usage
from db.records import Why
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.tallied import add, spoke, woman

WHY = Why("audit")


def told(store: Store, ref: str) -> list[tuple[str, str, str | None]]:
    return [(one["what"], one["how"], one["reason"]) for one in looking.looks(store, ref, WHY)]


def test_every_way_of_seeing_her_is_told_with_when_who_and_why(
    store: Store, unit: Unit, clock: Clock
) -> None:
    her, other = woman(store, "Willow-1"), woman(store, "Rowan-2")
    contact = spoke(store, "2026-11-23 21:30", her, narrative="quillfeather")
    people.seal_identity(store, her, {"given_name": "Testina"}, Why())
    records.show(store, "person", her, Why("welfare", "she rang"))
    records.show(store, "engagement", contact)
    records.listing(store, "person")
    finding.find(store, "quillfeather")
    engagements.who(store, "Willow-1")
    clock.forward(60)
    people.reveal(store, unit.opened, her, Why("safeguarding"))
    records.show(store, "person", other)
    assert told(store, her) == [
        ("consultation", "opened", "welfare"),
        ("consultation", f"named on {contact}", None),
        ("consultation", "one of 2 shown", None),
        ("consultation", "shown alone", None),
        ("consultation", "shown alone", None),
        ("reveal", "opened", "safeguarding"),
    ]
    first, *_, revealed, asked = looking.looks(store, her, WHY)
    assert (first["member"], first["note"], first["at"]) == ("Sam", "she rang", "2026-11-24T12:00:00+00:00")
    assert revealed["at"] == "2026-11-24T12:01:00+00:00"
    assert (asked["how"], asked["reason"]) == ("opened", "audit")


def test_looks_at_any_record_that_is_merged_with_hers_are_looks_at_her(store: Store) -> None:
    one, two = woman(store, "Willow-1"), woman(store, "Rowan-2")
    records.show(store, "person", two)
    assert told(store, one) == []
    judgements.merge(store, "person", (one, two), WHY)
    assert told(store, one)[0] == ("consultation", "opened", None)


def test_a_list_of_more_than_is_kept_is_told_as_one_that_may_have_shown_her(store: Store) -> None:
    with store.write() as tx:
        for number in range(501):
            tx.create("person", {"pseudonym": f"W-{number:03}", "sharing_level": 1, "status": "active"})
    refs = [one["ref"] for one in records.listing(store, "person")]
    assert told(store, refs[0])[0][1] == "one of 501 shown"
    assert told(store, refs[500])[0][1] == "a list too long to say"


def test_a_restricted_woman_takes_a_reason_and_a_stranger_is_not_found(store: Store) -> None:
    her = woman(store, "Willow-1")
    add(store, "offender", name="A")
    erasure.restrict(store, "person", her, WHY)
    with pytest.raises(Usage, match="--reason"):
        looking.looks(store, her, Why())
    with pytest.raises(NotFound):
        looking.looks(store, "P-ZZZZ", WHY)
