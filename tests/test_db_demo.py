"""What is invented for a demo: the campaign's numbers, nothing from the future, nobody real."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest

from db.demo import dealings, men, support, women
from db.demo.plan import SEED, Plan, dealt_with, plan
from db.errors import Usage
from db.tallies.definitions import DEALT_WITH

TODAY = date(2026, 11, 24)
DAYS = [
    date(2026, 1, 20),
    date(2026, 7, 18),
    date(2026, 7, 20),
    date(2026, 12, 1),
    date(2027, 1, 1),
    date(2028, 2, 29),
]
EVERY = (
    *(women.people, women.engagements, women.concerns, support.referrals, support.followups),
    *(men.offenders, men.vehicles, men.sightings, dealings.actions, dealings.orders, dealings.calls),
)


def everything(planned: Plan) -> list[dict[str, Any]]:
    return [row for rows in EVERY for row in rows(planned)]


def test_the_same_seed_size_and_day_invent_the_same_unit() -> None:
    assert everything(plan(TODAY)) == everything(plan(TODAY))
    assert list(women.identities(plan(TODAY))) == list(women.identities(plan(TODAY)))


def test_another_seed_invents_another_unit() -> None:
    assert everything(plan(TODAY)) != everything(plan(TODAY, seed=SEED + 1))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_campaign_begins_on_a_20_january_half_a_year_ago_at_least_and_ends_yesterday(day: date) -> None:
    planned = plan(day)
    assert (planned.first.month, planned.first.day) == (1, 20)
    assert 180 <= (day - planned.first).days < 180 + 366
    assert planned.last == day - timedelta(days=1)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_that_was_done_lies_in_the_future(day: date) -> None:
    planned = plan(day)
    last = planned.last.isoformat()
    for row in everything(planned):
        for key in (
            "at",
            "happened_from",
            "ncrs_at",
            "done_on",
            "offered_on",
            "sent_on",
            "accepted_on",
            "on",
        ):
            assert row.get(key, last)[:10] <= last, key
        assert row.get("month", "") < day.isoformat()[:7]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_numbers_are_the_campaigns_whatever_the_seed(day: date) -> None:
    for seed in range(40):
        planned = plan(day, seed=seed)
        engaged = {
            ref
            for row in women.engagements(planned)
            if row["contact"] == "spoke"
            for ref in row.get("people", ())
        }
        assert 43 <= len(engaged) == planned.women <= 48
        assert 80 <= planned.men <= 95
        assert 73 <= planned.dealt_with <= 78


def test_exactly_the_planned_men_are_cautioned_arrested_or_charged() -> None:
    planned = plan(TODAY)
    done = {
        row["offender"]
        for row in dealings.actions(planned)
        if row["action"] in DEALT_WITH and row["on"] >= planned.first.isoformat()
    }
    assert done == {men.man_ref(number) for number in dealt_with(planned)}
    assert len(done) == planned.dealt_with


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_month_counts_fewer_calls_than_the_same_month_a_year_before(day: date) -> None:
    counts: dict[str, int] = {}
    for row in dealings.calls(plan(day)):
        counts[row["month"]] = counts.get(row["month"], 0) + row["count"]
    pairs = [
        (count, counts[before])
        for month, count in counts.items()
        if (before := f"{int(month[:4]) - 1}{month[4:]}") in counts
    ]
    assert len(counts) >= 24
    assert len(pairs) >= 12
    assert all(now < before for now, before in pairs)


def test_she_flags_the_patrol_down_more_often_as_the_months_go_by() -> None:
    flagged = [row["initiated_by"] == "flagged_down" for row in women.engagements(plan(TODAY, 2000))]
    assert sum(flagged[:700]) * 1.5 < sum(flagged[-700:])


def test_of_a_contact_at_level_0_nothing_is_invented_but_that_it_was() -> None:
    listened = [row for row in women.engagements(plan(TODAY, 2000)) if row["sharing_level"] == 0]
    assert listened
    for row in listened:
        assert not {"people", "narrative", "mentions", "needs", "refs"} & set(row)


def test_concerns_are_told_at_every_level_from_1_to_5() -> None:
    levels = {row["sharing_level"] for row in women.concerns(plan(TODAY))}
    assert levels == {1, 2, 3, 4, 5}


def plates(planned: Plan) -> Iterator[str]:
    cars = chain(*(row.get("vehicles", ()) for row in men.offenders(planned)), men.vehicles(planned))
    return (car["vrm"] for car in cars if "vrm" in car)


def test_no_plate_could_have_been_issued() -> None:
    found = list(plates(plan(TODAY, 5000)))
    assert len(found) > 100
    for vrm in found:
        assert re.fullmatch(r"[A-Z]{2}(00|01|50) [A-Z]{3}|[A-Z]{2}\d\d [A-Z]*Q[A-Z]*", vrm), vrm


def test_every_telephone_is_of_the_range_for_drama() -> None:
    planned = plan(TODAY, 5000)
    numbers = [n for row in men.offenders(planned) for n in row.get("telephones", ())]
    numbers += [n for _, identity in women.identities(planned) for n in identity["telephones"]]
    assert len(numbers) == len(set(numbers)) > 20
    assert all(re.fullmatch(r"07700 900\d{3}|01632 960\d{3}", number) for number in numbers)


def test_no_two_women_share_a_pseudonym_or_a_street_name() -> None:
    people = list(women.people(plan(TODAY, 40_000)))
    names = [row["pseudonym"] for row in people]
    called = [name for row in people for name in row.get("known_as", ())]
    assert len(set(names)) == len(names) > 400
    assert len(set(called)) == len(called)


@pytest.mark.parametrize("size", [1, 2, 5, 60, 281])
def test_every_size_has_its_engagements(size: int) -> None:
    planned = plan(TODAY, size)
    rows = everything(planned)
    assert len(list(women.engagements(planned))) == size
    assert len({row["external_ref"] for row in rows if "external_ref" in row}) == len(rows) - len(
        list(dealings.calls(planned))
    )


@pytest.mark.parametrize("size", [0, 1_000_001])
def test_a_size_out_of_bounds_is_refused(size: int) -> None:
    with pytest.raises(Usage, match="1 to 1,000,000"):
        plan(TODAY, size)
