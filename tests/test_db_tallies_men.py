"""The tallies of the men and of calls: people are not actions, and actions are not outcomes."""

from datetime import date
from typing import Any

import pytest

from db import records, tallies
from db.rules import periods, vocabulary
from db.tallies import calls, definitions
from db.tallies.report import inside
from db.vault.store import Store
from tests.tallied import NOVEMBER, OCTOBER, act, add, counted, man, notes, put, spoke, table, values

# --- the men -----------------------------------------------------------------------------------------


def test_known_men_with_a_concern_a_sighting_or_an_action_are_identified(store: Store) -> None:
    told, seen, done, driven, keeper = (
        man(store, name) for name in ("Ann One", "Bob Two", "Cy Three", "Dan Four", "Eve Five")
    )
    records.amend(store, "offender", keeper, {"identity_confidence": "vehicle_keeper_confirmed"})
    add(store, "concern", engagement=spoke(store, "2026-10-05 21:30", contact="declined"), offender=told)
    add(store, "sighting", at="2026-10-31 23:59", offender=seen)
    act(store, done, "2026-10-01", "intel_only", for_unit=False)
    car = add(store, "vehicle", offender=driven, vrm="NA12 KBO")
    add(store, "sighting", at="2026-10-01 00:00", vehicle=car)
    act(store, keeper, "2026-10-09", "warning_letter_keeper")
    assert values(store)["offenders_identified"] == 5

    unknown = add(store, "offender", hair="bald", sex="man")
    act(store, unknown, "2026-10-09", "stop_and_speak")
    add(store, "sighting", at="2026-11-01 00:00", offender=man(store, "Flo Six"))
    act(store, man(store, "Guy Seven"), "2026-11-01", "arrest")
    act(store, told, "2026-10-09", "arrest")
    assert values(store)["offenders_identified"] == 5
    put(store, seen, "restricted")
    assert values(store)["offenders_identified"] == 4


def test_dealt_with_is_distinct_men_and_arrests_are_one_a_man_and_date(store: Store) -> None:
    first, second, wide = man(store, "Ann One"), man(store, "Bob Two"), man(store, "Cy Three")
    for _ in range(2):
        act(store, first, "2026-10-01", "arrest")
    act(store, first, "2026-10-02", "arrest")
    act(store, first, "2026-10-02", "charge")
    act(store, second, "2026-10-31", "caution_simple")
    act(store, second, "2026-10-31", "caution_conditional")
    act(store, wide, "2026-10-31", "course_attended")
    act(store, man(store, "Dan Four"), "2026-10-31", "stop_and_speak")
    act(store, man(store, "Eve Five"), "2026-10-31", "arrest", for_unit=False)
    told = values(store)
    assert (told["offenders_dealt_with"], told["offenders_dealt_with_wide"]) == (2, 3)
    assert (told["arrests"], told["cautions"], told["charges"], told["courses"]) == (2, 2, 1, 1)
    assert counted(store, "actions_by_kind") == {
        "arrest": 2,
        "caution_conditional": 1,
        "caution_simple": 1,
        "charge": 1,
        "course_attended": 1,
        "stop_and_speak": 1,
    }


def test_each_man_stands_once_under_the_gravest_action_and_the_rows_add_up(store: Store) -> None:
    cases = {
        "charge": ("arrest", "caution_simple", "summons_postal_requisition"),
        "caution": ("caution_conditional", "course_attended", "arrest"),
        "community_resolution": ("outcome22", "course_attended"),
        "course": ("course_attended", "arrest"),
        "order": ("order_granted", "arrest", "cpn"),
        "arrest": ("arrest", "pnd"),
        "other": ("cpn",),
    }
    for name, actions in cases.items():
        him = man(store, f"Mr {name}")
        for action in actions:
            act(store, him, "2026-10-07", action)
    act(store, man(store, "Mr Nobody"), "2026-10-07", "dispersal_s35")
    rows = table(store, "offenders_by_highest_action")
    assert rows == [{"highest_action": name, "count": 1} for name in cases]
    assert sum(row["count"] for row in rows) == values(store)["offenders_dealt_with_wide"]


def test_a_man_dealt_with_before_is_not_new_and_new_men_add_up_over_months(store: Store) -> None:
    old, warned, new = man(store, "Ann One"), man(store, "Bob Two"), man(store, "Cy Three")
    act(store, old, "2026-09-30", "charge")
    act(store, warned, "2026-09-30", "course_attended")
    act(store, new, "2026-09-30", "arrest", for_unit=False)
    for him in (old, warned, new):
        act(store, him, "2026-10-02", "arrest")
        act(store, him, "2026-11-02", "charge")
    assert values(store)["offenders_dealt_with_new"] == 2
    assert values(store, NOVEMBER)["offenders_dealt_with_new"] == 0
    year = values(store, periods.year("2026"))
    assert year["offenders_dealt_with_new"] == year["offenders_dealt_with"] == 3


def test_who_was_arrested_and_released_with_no_further_action_to_date_is_said(store: Store) -> None:
    released, later, charged, still, told = (
        man(store, name) for name in ("Ann One", "Bob Two", "Cy Three", "Dan Four", "Eve Five")
    )
    act(store, released, "2026-10-02", "arrest", result="nfa")
    act(store, later, "2026-10-02", "arrest", result="nfa")
    act(store, later, "2026-11-02", "charge", for_unit=False)
    act(store, charged, "2026-10-02", "arrest", result="nfa")
    act(store, charged, "2026-10-02", "caution_simple")
    act(store, still, "2026-10-02", "arrest", result="open")
    act(store, told, "2026-10-02", "arrest")
    act(store, told, "2026-11-01", "nfa")
    assert values(store)["offenders_dealt_with"] == 5
    assert "5 offenders dealt with, 2 arrested and released with no further action" in notes(store)


@pytest.mark.parametrize("state", ["restricted", "erased"])
def test_a_man_held_back_or_gone_is_not_counted_but_the_arrest_is(store: Store, state: str) -> None:
    him = man(store, "Gary Example")
    act(store, him, "2026-10-02", "arrest")
    put(store, him, state)
    told = values(store)
    assert (told["offenders_dealt_with"], told["offenders_dealt_with_wide"], told["arrests"]) == (0, 0, 1)
    assert sum(counted(store, "offenders_by_highest_action").values()) == 0


def test_an_action_struck_out_or_on_a_man_entered_in_error_counts_nowhere(store: Store) -> None:
    him, mistake = man(store, "Gary Example"), man(store, "No Such")
    struck = act(store, him, "2026-10-02", "arrest")
    records.strike(store, "action", struck, records.Why())
    act(store, mistake, "2026-10-02", "charge")
    records.strike(store, "offender", mistake, records.Why())
    told = values(store)
    assert (told["arrests"], told["charges"], told["offenders_dealt_with"]) == (0, 0, 0)
    with store.counts() as reader:
        assert inside.by_force(reader, OCTOBER).rows == ()


def test_an_outcome_counts_different_crimes(store: Store) -> None:
    one, other = man(store, "Ann One"), man(store, "Bob Two")
    act(store, one, "2026-10-02", "charge", outcome_code="1", crime_ref="CRN 17")
    act(store, other, "2026-10-03", "charge", outcome_code="1", crime_ref="CRN 17")
    act(store, one, "2026-10-03", "caution_simple", outcome_code="3A", crime_ref="CRN 18")
    act(store, one, "2026-10-03", "charge", outcome_code="1", offence="s47", offence_on="2026-10-01")
    act(store, one, "2026-10-09", "charge", outcome_code="1", offence="s47", offence_on="2026-10-01")
    act(store, one, "2026-10-09", "nfa", outcome_code="16", crime_ref="CRN 19")
    assert table(store, "outcomes_by_code") == [
        {"outcome_code": "1", "count": 2},
        {"outcome_code": "3A", "count": 1},
        {"outcome_code": "16", "count": 1},
    ]


def test_the_sets_of_actions_are_the_vocabularys() -> None:
    sets = vocabulary.sets()
    assert set(definitions.DEALT_WITH) == sets["dealt_with"].codes
    assert set(definitions.WIDE) == sets["dealt_with_wide"].codes
    assert set(definitions.IDENTIFIED) == sets["identified"].codes
    assert {name: set(codes) for name, codes in definitions.SUMS.items()} == {
        name: sets[name].codes for name in definitions.SUMS
    }
    ranked = vocabulary.vocabulary("highest_action").entries.values()
    assert [(name, set(codes)) for name, codes in definitions.HIGHEST] == [
        (one.code, set(one.more["actions"].split())) for one in ranked
    ]


# --- calls -------------------------------------------------------------------------------------------


def heard(store: Store, month: str, count: int, **fields: Any) -> None:
    add(store, "call", month=month, count=count, **{"source": "storm", "category": "asb"} | fields)


def test_calls_sum_the_months_that_lie_wholly_in_the_period(store: Store) -> None:
    for month, count in (("2026-09", 40), ("2026-10", 30), ("2026-11", 20)):
        heard(store, month, count)
    heard(store, "2026-10", 5, source="101")
    assert values(store)["calls"] == 35
    assert values(store, periods.between(date(2026, 9, 2), date(2026, 11, 29)))["calls"] == 35
    assert values(store, periods.between(date(2026, 9, 1), date(2026, 11, 30)))["calls"] == 95
    week = periods.between(date(2026, 10, 2), date(2026, 10, 31))
    assert values(store, week)["calls"] == 0
    assert "no month lies wholly" in notes(store, week)


def test_the_change_is_against_the_same_months_a_year_before_to_one_decimal(store: Store) -> None:
    heard(store, "2025-10", 60)
    heard(store, "2026-10", 49)
    assert values(store)["calls_change_percent"] == -18.3
    assert table(store, "calls_by_month") == [{"month": "2026-10", "count": 49, "year_before": 60}]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(19, 30, None), (20, 30, 50.0), (None, 30, None), (30, None, None), (0, 5, None), (40, 0, -100.0)],
)
def test_a_percentage_needs_a_base_of_twenty_and_every_month(
    store: Store, before: int | None, now: int | None, said: float | None
) -> None:
    for month, count in (("2025-10", before), ("2026-10", now)):
        if count is not None:
            heard(store, month, count)
    measure = tallies.summary(store, OCTOBER)["measures"][-1]
    assert measure["value"] == said
    assert measure.get("withheld", False) is (said is None)


def test_a_quarter_that_lacks_a_month_on_one_side_has_no_percentage(store: Store) -> None:
    for month in ("2025-07", "2025-08", "2025-09", "2026-07", "2026-08"):
        heard(store, month, 100)
    told = tallies.summary(store, periods.quarter("2026-Q3"))
    assert told["measures"][-1] == told["measures"][-1] | {"value": None, "withheld": True}
    assert told["measures"][-2]["value"] == 200
    assert "none are held for 2026-09" in "\n".join(told["notes"])


def test_sources_that_differ_between_the_years_are_said_and_no_cause_is_named(store: Store) -> None:
    heard(store, "2025-10", 60)
    heard(store, "2026-10", 30, source="101")
    said = notes(store)
    assert "not counted from the same sources" in said
    assert "do not say why" in said
    assert not {"because", "caused", "due to", "thanks to"} & {word for word in said.split()}


def test_halves_are_rounded_away_from_nought() -> None:
    assert calls.change(81, 80) == 1.3
    assert calls.change(79, 80) == -1.3
    assert calls.change(80, 80) == 0
