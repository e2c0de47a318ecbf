"""Limitation dates: six months from the offence, and which of them are still open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import erasure, judgements
from db.records import Why
from db.rules import limitation, vocabulary
from db.vault.store import Store
from tests.tallied import act, add, man, spoke, table

WHY = Why("audit")


@pytest.mark.parametrize(
    ("offence", "last"),
    [
        ("2026-05-21", "2026-11-21"),
        ("2026-10-31", "2027-04-30"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-08-28", "2027-02-28"),
        ("2027-02-28", "2027-08-28"),
        ("2028-02-29", "2028-08-29"),
        ("2026-12-31", "2027-06-30"),
        ("2026-06-30", "2026-12-30"),
        ("2026-07-01", "2027-01-01"),
    ],
)
def test_the_six_months_end_on_the_day_of_the_same_number_or_the_months_last(offence: str, last: str) -> None:
    assert limitation.last_day(date.fromisoformat(offence)).isoformat() == last


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_an_offence_is_never_before_the_earliest_its_last_day_allows(offence: date) -> None:
    assert limitation.earliest(limitation.last_day(offence)) <= offence


def test_the_summary_only_offences_are_the_vocabularys() -> None:
    entries = vocabulary.vocabulary("offence").entries.values()
    assert set(limitation.SUMMARY_ONLY) == {one.code for one in entries if one.more.get("mode") == "summary"}


def test_open_summary_only_matters_stand_with_their_last_day(store: Store) -> None:
    him, other = man(store, "Gary Example"), man(store, "Cy Three")
    arrest = act(store, him, "2026-10-02", "arrest", offence="soa51a", offence_on="2026-06-05")
    contact = spoke(store, "2026-10-05 21:30")
    same = add(
        store,
        "concern",
        engagement=contact,
        offender=him,
        offence_guess="soa51a",
        happened_from="2026-06-05",
    )
    unknown = add(
        store,
        "concern",
        engagement=contact,
        offence_guess="s39",
        happened_from="2026-06-30T23:30:00Z",
    )
    add(store, "concern", engagement=contact, offence_guess="s47", happened_from="2026-06-30")
    act(store, other, "2026-10-02", "arrest", offence="soa51a", offence_on="2026-06-05")
    act(store, other, "2026-10-20", "summons_postal_requisition", offence="soa51a", offence_on="2026-06-05")
    act(store, other, "2026-10-02", "arrest", offence="soa53a", offence_on="2026-03-31")
    assert table(store, "limitation_dates") == [
        {
            "last_day": "2026-12-05",
            "offence": "soa51a",
            "count": 1,
            "days_left": 11,
            "refs": sorted([arrest, same]),
        },
        {"last_day": "2027-01-01", "offence": "s39", "count": 1, "days_left": 38, "refs": [unknown]},
    ]


def test_a_charge_closes_the_earlier_offence_and_not_a_later_one(store: Store) -> None:
    him = man(store, "Gary Example")
    act(store, him, "2026-10-02", "arrest", offence="soa51a", offence_on="2026-09-01")
    act(store, him, "2026-10-03", "charge", offence="soa51a")
    again = act(store, him, "2026-10-20", "arrest", offence="soa51a", offence_on="2026-10-19")
    assert [row["refs"] for row in table(store, "limitation_dates")] == [[again]]


def test_a_restricted_man_is_not_named_nor_is_his_other_record_and_what_was_done_still_closes(
    store: Store,
) -> None:
    him, twin, other = man(store, "Gary Example"), man(store, "Gaz Example"), man(store, "Cy Three")
    said = {"offence": "soa51a", "offence_on": "2026-06-05"}
    for one in (him, twin):
        act(store, one, "2026-10-02", "arrest", **said)
    stays = act(store, other, "2026-10-02", "arrest", **said)
    erasure.restrict(store, "offender", him, WHY)
    judgements.merge(store, "offender", (him, twin), WHY)
    (row,) = table(store, "limitation_dates")
    assert (row["refs"], row["count"]) == ([stays], 1)

    contact = spoke(store, "2026-10-05 21:30")
    told = {"offender": him, "offence_guess": "soa51a", "happened_from": "2026-06-05"}
    concern = add(store, "concern", engagement=contact, **told)
    (row,) = table(store, "limitation_dates")
    assert (row["refs"], row["count"]) == (sorted([stays, concern]), 2)
    act(store, twin, "2026-10-20", "charge", **said)
    (row,) = table(store, "limitation_dates")
    assert (row["refs"], row["count"]) == ([stays], 1)
