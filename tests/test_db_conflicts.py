"""Conflicts after a union: told side by side, counted, settled by a person's choice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import conflicts, erasure, judgements, records, standing, watchlist
from db.records import Why
from db.vault.store import Store
from tests.conftest import Unit
from tests.desks import At, exchange, two_of
from tests.tallied import man, spoke, woman

WHY = Why("correction")


@pytest.fixture
def two(unit: Unit, tmp_path: Path) -> Iterator[tuple[At, At]]:
    with two_of(unit, tmp_path) as desks:
        yield desks


def disagree(two: tuple[At, At], kind: str, ref: str, field: str, values: tuple[object, object]) -> None:
    exchange(*two)
    for desk, value in zip(two, values, strict=True):
        records.amend(desk.store, kind, ref, {field: value}, WHY)
    two[1].clock.forward(1)
    exchange(*two)


def test_both_values_stand_side_by_side_with_who_and_when(two: tuple[At, At]) -> None:
    a, b = two
    her = woman(a.store, "Willow-1")
    assert conflicts.listing(a.store, "person", Why()) == []
    disagree(two, "person", her, "risk_grade", ("high", "medium"))
    for desk in two:
        (row,) = conflicts.listing(desk.store, "person", Why())
        assert (row["ref"], row["field"], {row["one"], row["other"]}) == (
            her,
            "risk_grade",
            {"high", "medium"},
        )
        assert (row["one_by"], row["other_by"]) == ("Sam", "Sam")
        assert row["one_at"].startswith("2026-11-24T12:00")
        assert standing.of(desk.store)["conflicts"] == 1
        assert conflicts.listing(desk.store, "engagement", Why()) == []


@pytest.mark.parametrize("chosen", ["high", "medium", "standard"])
def test_amend_settles_one_by_whatever_it_sets(two: tuple[At, At], chosen: str) -> None:
    a, b = two
    her = woman(a.store, "Willow-1")
    disagree(two, "person", her, "risk_grade", ("high", "medium"))
    records.amend(b.store, "person", her, {"risk_grade": chosen}, WHY)
    exchange(*two)
    for desk in two:
        assert conflicts.listing(desk.store, "person", Why()) == []
        assert standing.of(desk.store)["conflicts"] == 0
        assert records.show(desk.store, "person", her)["risk_grade"] == chosen


def test_a_mans_conflict_is_settled_by_the_value_that_is_there(two: tuple[At, At]) -> None:
    a, _ = two
    him = man(a.store, "A")
    disagree(two, "offender", him, "hair", ("red", "grey"))
    now = watchlist.show_offender(a.store, him)["hair"]
    watchlist.amend_offender(a.store, him, {"hair": now}, WHY)
    assert conflicts.listing(a.store, "offender", Why()) == []


def test_references_in_conflict_are_spoken_and_the_look_is_journalled(two: tuple[At, At]) -> None:
    a, _ = two
    one, other = woman(a.store, "Willow-1"), woman(a.store, "Rowan-2")
    contact = spoke(a.store, "2026-11-23 21:30")
    disagree(two, "engagement", contact, "people", ([one], [other]))
    (row,) = conflicts.listing(a.store, "engagement", WHY)
    assert {row["one"][0], row["other"][0]} == {one, other}
    last = a.store.cipher.execute("select operation, kind from entry order by at desc limit 1").fetchone()
    assert last == ("consultation", "engagement")


def test_two_desks_that_judged_a_pair_differently_are_told_and_settled_by_judging_again(
    two: tuple[At, At],
) -> None:
    a, b = two
    one, other = woman(a.store, "Willow-1"), woman(a.store, "Rowan-2")
    for choose in ("merge", "unmerge"):
        exchange(*two)
        judgements.judge(a.store, one, other, "same", WHY)
        judgements.judge(b.store, one, other, "different", WHY)
        exchange(*two)
        (row,) = conflicts.listing(a.store, "person", Why())
        assert set(row["ref"].split()) == {one, other}
        assert {row["one"], row["other"]} == {"same", "different"}
        assert conflicts.listing(a.store, "offender", Why()) == []
        getattr(judgements, choose)(a.store, "person", (one, other), WHY)
        assert conflicts.listing(a.store, "person", Why()) == []
        assert len(records.listing(a.store, "person")) == (1 if choose == "merge" else 2)


def test_a_pair_judged_different_inside_one_group_is_told_without_any_union(store: Store) -> None:
    one, two, three = (woman(store, f"Willow-{n}") for n in range(3))
    judgements.judge(store, one, three, "different", WHY)
    judgements.merge(store, "person", (one, two), WHY)
    judgements.merge(store, "person", (two, three), WHY)
    (row,) = conflicts.listing(store, "person", Why())
    assert row["field"] == "same_as"
    assert {row["ref"], row["one"].split()[-1]} == {one, three}
    assert standing.of(store)["conflicts"] == 1


def test_of_a_restricted_woman_the_values_take_a_reason(two: tuple[At, At]) -> None:
    a, _ = two
    her = woman(a.store, "Willow-1")
    disagree(two, "person", her, "risk_grade", ("high", "medium"))
    erasure.restrict(a.store, "person", her, WHY)
    (row,) = conflicts.listing(a.store, "person", Why())
    assert (row["one"], row["other"]) == (None, None)
    (row,) = conflicts.listing(a.store, "person", WHY)
    assert {row["one"], row["other"]} == {"high", "medium"}
