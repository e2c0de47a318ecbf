"""Orders against offenders, and the action that a granted one writes."""

from typing import Any

import pytest

from db import records
from db.errors import Refused
from db.records import Why
from db.vault.store import Store


def man(store: Store) -> str:
    return str(records.add(store, "offender", {"name": "Gary Example"})["ref"])


def actions(store: Store) -> list[tuple[Any, Any]]:
    return [(one["on"], one["action"]) for one in records.listing(store, "action")]


def test_a_granted_order_writes_its_action(store: Store) -> None:
    made = records.add(store, "order", {"offender": man(store), "type": "sro", "granted_on": "2026-11-01"})
    assert made["granted_on"] == "2026-11-01"
    assert actions(store) == [("2026-11-01", "order_granted")]


def test_an_order_that_is_not_granted_yet_writes_none_until_it_is(store: Store) -> None:
    made = records.add(store, "order", {"offender": man(store), "type": "sro"})
    assert actions(store) == []
    records.amend(store, "order", made["ref"], {"granted_on": "2026-11-02"})
    assert actions(store) == [("2026-11-02", "order_granted")]


def test_the_action_follows_the_orders_date_and_goes_with_it(store: Store) -> None:
    made = records.add(store, "order", {"offender": man(store), "type": "sro", "granted_on": "2026-11-01"})
    records.amend(store, "order", made["ref"], {"granted_on": "2026-11-03"})
    assert actions(store) == [("2026-11-03", "order_granted")]
    records.amend(store, "order", made["ref"], {"granted_on": None})
    assert actions(store) == []
    records.amend(store, "order", made["ref"], {"granted_on": "2026-11-04"})
    assert actions(store) == [("2026-11-04", "order_granted")]


def test_the_same_man_and_date_counts_once(store: Store) -> None:
    gary = man(store)
    records.add(store, "action", {"offender": gary, "on": "2026-11-01", "action": "order_granted"})
    records.add(store, "order", {"offender": gary, "type": "sro", "granted_on": "2026-11-01"})
    records.add(store, "order", {"offender": gary, "type": "cbo", "granted_on": "2026-11-01"})
    assert len(actions(store)) == 1


def test_an_order_imported_twice_is_one_order_with_one_action(store: Store) -> None:
    raw = {"external_ref": "N1", "offender": man(store), "type": "sro", "granted_on": "2026-11-01"}
    once = records.add(store, "order", raw)
    assert records.add(store, "order", raw)["ref"] == once["ref"]
    assert len(actions(store)) == 1


def test_an_action_struck_by_hand_is_left_to_the_one_who_struck_it(store: Store) -> None:
    gary = man(store)
    records.add(store, "order", {"offender": gary, "type": "sro", "granted_on": "2026-11-01"})
    (action,) = records.listing(store, "action")
    records.strike(store, "action", action["ref"], Why("correction"))
    assert actions(store) == []


def test_an_order_struck_out_takes_its_action_along(store: Store) -> None:
    made = records.add(store, "order", {"offender": man(store), "type": "sro", "granted_on": "2026-11-01"})
    assert records.strike(store, "order", made["ref"], Why("correction")) == made["ref"]
    assert actions(store) == []
    assert records.listing(store, "order") == []
    with pytest.raises(Refused, match="struck"):
        records.strike(store, "order", made["ref"], Why("correction"))


def test_undoing_a_strike_brings_the_orders_action_back(store: Store) -> None:
    made = records.add(store, "order", {"offender": man(store), "type": "sro", "granted_on": "2026-11-01"})
    records.strike(store, "order", made["ref"], Why("correction"))
    assert records.listing(store, "action") == []
    records.undo(store, "order", made["ref"])
    assert [action["on"] for action in records.listing(store, "action")] == ["2026-11-01"]
