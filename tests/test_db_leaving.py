"""The tallies as they leave: who is behind a count, who is in none, which periods, whose to make."""

from datetime import date
from typing import Any

import pytest

from db import judgements, records
from db.errors import Refused, Withheld
from db.records import Why
from db.rules import periods
from db.tallies import leaving
from db.tallies.leaving.judging import Judge
from db.vault.store import Store
from tests.tallied import OCTOBER, act, add, man, notes, put, spoke, woman

SEPTEMBER = periods.month("2026-09")


def told(store: Store, profile: str = "partner", period: periods.Period = OCTOBER) -> dict[str, Any]:
    return leaving.leave(store, leaving.Wanted(period, profile))


def left(store: Store, profile: str = "partner", period: periods.Period = OCTOBER) -> dict[str, Any]:
    """Each measure's value; ``*`` where it is withheld."""
    measures = told(store, profile, period)["measures"]
    return {one["id"]: "*" if one.get("withheld") else one["value"] for one in measures}


def rows(store: Store, table: str, profile: str = "partner") -> dict[Any, Any]:
    found = next(one["rows"] for one in told(store, profile)["tables"] if one["id"] == table)
    return {next(iter(row.values())): "*" if row.get("withheld") else row["count"] for row in found}


def exact(store: Store) -> dict[Any, int]:
    """The exact figures of October that a profile is made of."""
    with store.counts() as reader:
        page = Judge(reader, date(2026, 11, 24)).page(("2026-10-01", "2026-10-31"))
        return {key: cell.number for key, cell in page.printed.items()}


@pytest.fixture
def women(store: Store) -> list[str]:
    """Twenty women, each spoken to once in October."""
    found = [woman(store, f"Willow-{number}") for number in range(20)]
    for her in found:
        spoke(store, "2026-10-05 21:30", her)
    return found


@pytest.mark.usefixtures("women")
def test_partner_is_exact_public_is_rounded_and_headline_is_the_ten_below(store: Store) -> None:
    for number in range(2):
        spoke(store, "2026-10-06 21:30", woman(store, f"Hazel-{number}"))
    assert [left(store, profile)["people_engaged"] for profile in ("partner", "public", "headline")] == [
        22,
        20,
        20,
    ]


def test_engagements_of_one_woman_are_withheld_however_many(store: Store, women: list[str]) -> None:
    for _ in range(21):
        spoke(store, "2026-10-07 21:30", women[0])
    assert left(store)["engagements"] == "*"
    assert left(store)["people_engaged"] == 20


def test_who_said_no_to_statistics_is_in_no_figure_of_any_profile(store: Store, women: list[str]) -> None:
    her = woman(store, "Rowan", statistics_consent=False)
    before = exact(store)
    him = man(store, "Gary Example")
    contact = spoke(store, "2026-10-08 21:30", her, initiated_by="flagged_down", people_unnamed=1)
    add(store, "concern", engagement=contact, behaviours=["follows"], offender=him)
    add(store, "concern", engagement=spoke(store, "2026-10-08 22:30", her, women[0]), person=her)
    add(store, "referral", person=her, service="A Way Out", offered_on="2026-10-08")
    add(store, "followup", what="ring", due_on="2026-10-09", about=her)
    add(store, "followup", what="ring", due_on="2026-10-09", about=contact)
    after = exact(store)
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {("engagements",)}  # the one on which another woman is named as well
    assert after["engagements",] == before["engagements",] + 1


def test_her_no_holds_when_she_is_restricted_and_through_any_record_of_hers(
    store: Store, women: list[str]
) -> None:
    before = exact(store)
    refusing = {name: woman(store, name, statistics_consent=False) for name in ("Hazel-1", "Hazel-2")}
    alone = [spoke(store, "2026-10-06 21:30", her) for her in refusing.values()]
    add(store, "concern", engagement=alone[0], person=refusing["Hazel-1"])
    add(store, "concern", engagement=alone[0])
    add(store, "referral", person=refusing["Hazel-1"], service="isva", offered_on="2026-10-06")
    add(store, "followup", about=refusing["Hazel-1"], what="ring", due_on="2026-10-08")
    other = woman(store, "Hazel-3")
    spoke(store, "2026-10-07 21:30", other)
    judgements.merge(store, "person", (refusing["Hazel-2"], other), Why("correction"))
    assert exact(store) == before
    for her in refusing.values():
        put(store, her, "restricted")
    assert exact(store) == before
    told = notes(store)
    assert "engagements 20, flagged down 0" in told
    assert "concerns 0" in told


def test_a_restricted_woman_is_not_counted_and_still_must_not_make_up_most_of_a_figure(
    store: Store, women: list[str]
) -> None:
    her = woman(store, "Hazel")
    for number in range(22):
        contact = spoke(store, f"2026-10-{number + 1:02d} 20:30", her, *women[:1])
        add(store, "concern", engagement=contact, person=her)
        add(store, "followup", what="ring", due_on="2026-10-09", about=her)
    for one in women:
        add(store, "concern", engagement=spoke(store, "2026-10-05 21:40", one), person=one)
        add(store, "followup", what="ring", due_on="2026-10-09", about=one)
    put(store, her, "restricted")
    found = left(store)
    assert (found["people_engaged"], found["concerns"], found["followups_due"]) == (20, "*", "*")
    with store.counts() as reader:
        page = Judge(reader, date(2026, 11, 24)).page(("2026-10-01", "2026-10-31"))
    engagements = page.printed["engagements",]
    assert (engagements.number, list(engagements.beside.values())) == (62, [22])


def test_a_difference_of_two_figures_is_protected_like_a_figure(store: Store, women: list[str]) -> None:
    for her in women[:18]:
        add(store, "referral", person=her, service="A Way Out", offered_on="2026-10-05", status="accepted")
    for her in women[18:]:
        add(store, "referral", person=her, service="A Way Out", offered_on="2026-10-05")
    found = left(store)
    assert (found["referrals_offered"], found["referrals_accepted"]) == (20, "*")


def test_actions_are_withheld_where_few_men_are_behind_them(store: Store) -> None:
    men = [man(store, f"Mr Example {number}") for number in range(9)]
    for him in men:
        act(store, him, "2026-10-05", "arrest")
    for day in range(10, 22):
        act(store, men[0], f"2026-10-{day}", "charge")
    found = left(store)
    assert (found["offenders_dealt_with"], found["arrests"], found["charges"]) == (9, 9, "*")
    assert rows(store, "actions_by_kind") == {"arrest": 9, "charge": "*"}
    assert rows(store, "offenders_by_highest_action")["charge"] == "*"
    assert rows(store, "offenders_by_highest_action")["arrest"] == "*"


def test_the_order_of_a_tables_rows_says_nothing_of_what_is_withheld(store: Store, women: list[str]) -> None:
    for number, her in enumerate(women):
        contact = spoke(store, "2026-10-05 21:40", her)
        behaviours = ["robs"] if number < 12 else ["assaults"] if number < 15 else ["follows"]
        add(store, "concern", engagement=contact, person=her, behaviours=behaviours)
    found = rows(store, "concerns_by_behaviour")
    assert list(found) == sorted(found)
    assert found["assaults"] == "*"


@pytest.mark.usefixtures("women")
def test_limitation_dates_and_references_never_leave(store: Store) -> None:
    act(store, man(store, "Gary Example"), "2026-10-05", "arrest", offence="soa51a", offence_on="2026-10-05")
    assert "limitation_dates" not in {table["id"] for table in told(store)["tables"]}


@pytest.mark.usefixtures("women")
def test_calls_are_counted_by_their_size_and_the_change_comes_of_what_is_printed(store: Store) -> None:
    for month, count in (("2025-10", 42), ("2026-10", 58)):
        add(store, "call", month=month, source="storm", category="asb", count=count)
    assert left(store)["calls_change_percent"] == 38.1
    assert left(store, "public")["calls_change_percent"] == 50.0  # 40 and 60
    assert left(store, "headline")["calls_change_percent"] == "*"


@pytest.mark.usefixtures("women")
def test_no_change_in_per_cent_is_given_on_fewer_than_twenty_calls(store: Store) -> None:
    for month, count in (("2025-10", 19), ("2026-10", 58)):
        add(store, "call", month=month, source="storm", category="asb", count=count)
    assert left(store)["calls_change_percent"] == "*"
    found = left(store, "public")  # which rounds 19 to 20
    assert (found["calls"], found["calls_change_percent"]) == (60, "*")


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-10-02", "2026-11-01"), ("2026-10-05", "2026-10-05"), ("2026-09-01", "2026-10-31")],
)
@pytest.mark.usefixtures("women")
def test_a_window_that_is_no_whole_month_quarter_or_year_is_refused_with_the_nearest(
    store: Store, first: str, last: str
) -> None:
    window = periods.between(date.fromisoformat(first), date.fromisoformat(last))
    with pytest.raises(Refused, match="--(month|quarter) 2026-"):
        told(store, period=window)


@pytest.mark.usefixtures("women")
def test_a_month_that_is_not_over_does_not_leave(store: Store) -> None:
    with pytest.raises(Refused, match="--month 2026-10"):
        told(store, period=periods.month("2026-11"))


def test_only_a_supervisor_makes_what_leaves(store: Store) -> None:
    store.member = store.member._replace(roles=())
    with pytest.raises(Refused, match="supervisor"):
        told(store)


def test_where_nothing_but_small_counts_is_held_nothing_is_left(store: Store) -> None:
    spoke(store, "2026-10-05 21:30", woman(store, "Willow"))
    with pytest.raises(Withheld):
        told(store)
    assert told(store, period=SEPTEMBER)["measures"][0]["value"] == 0


def test_an_empty_period_leaves_as_noughts(store: Store) -> None:
    assert left(store)["people_engaged"] == 0


def test_a_struck_engagement_is_in_no_profile(store: Store, women: list[str]) -> None:
    struck = spoke(store, "2026-10-07 21:30", women[0])
    records.strike(store, "engagement", struck, records.Why())
    assert left(store)["engagements"] == 20
