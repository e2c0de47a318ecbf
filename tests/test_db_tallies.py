"""The tallies of the women: every number exact, every border of a period, all that must not count."""

from datetime import date

import pytest

from db import records, tallies
from db.errors import Usage
from db.rules import periods
from db.vault.store import Store
from tests.tallied import NOVEMBER, OCTOBER, act, add, counted, man, notes, put, spoke, table, values, woman

# --- the shape ---------------------------------------------------------------------------------------


def test_an_empty_unit_has_every_measure_and_table_in_the_order_of_the_contract(store: Store) -> None:
    told = tallies.summary(store, OCTOBER)
    assert told["period"] == {"from": "2026-10-01", "to": "2026-10-31", "label": "October 2026"}
    assert told["profile"] == "internal"
    assert " ".join(measure["id"] for measure in told["measures"]) == (
        "people_engaged people_engaged_new engagements engagements_flagged_down contacts_other concerns "
        "concerns_undecided concerns_decided_24h referrals_offered referrals_accepted followups_due "
        "followups_done followups_overdue offenders_identified offenders_dealt_with "
        "offenders_dealt_with_wide offenders_dealt_with_new arrests cautions charges courses orders_granted "
        "calls calls_change_percent"
    )
    assert " ".join(one["id"] for one in told["tables"]) == (
        "concerns_by_behaviour engagements_by_sector offenders_by_highest_action actions_by_kind "
        "outcomes_by_code concerns_by_sharing_level calls_by_month limitation_dates"
    )
    for measure in told["measures"][:-1]:
        assert measure["value"] == 0
        assert measure["compare"] is None
        assert "withheld" not in measure
    assert told["measures"][-1] == told["measures"][-1] | {"value": None, "withheld": True}
    assert all(one["definition"] and one["label"] for one in told["measures"] + told["tables"])


def test_a_summary_leaves_no_entry_in_the_journal(store: Store) -> None:
    count = "select count(*) from entry"
    before = store.cipher.execute(count).fetchone()
    tallies.summary(store, OCTOBER, compare="previous")
    assert store.cipher.execute(count).fetchone() == before


def test_a_comparison_gives_the_same_measures_of_the_period_before_or_of_last_year(store: Store) -> None:
    her = woman(store, "Willow")
    spoke(store, "2026-09-30 21:00", her)
    spoke(store, "2025-10-05 21:00", her)
    spoke(store, "2025-10-06 21:00", her)
    spoke(store, "2026-10-06 21:00", her)

    def engagements(compare: str) -> tuple[object, object]:
        told = tallies.summary(store, OCTOBER, compare=compare)
        return told["measures"][2]["value"], told["measures"][2]["compare"]

    assert engagements("previous") == (1, 1)
    assert engagements("last-year") == (1, 2)
    with pytest.raises(Usage, match="previous or last-year"):
        tallies.summary(store, OCTOBER, compare="never")


# --- the women ---------------------------------------------------------------------------------------


def test_a_woman_spoken_to_twice_is_one_person_and_two_engagements(store: Store) -> None:
    her, other = woman(store, "Willow"), woman(store, "Hazel")
    spoke(store, "2026-10-05 21:30", her)
    spoke(store, "2026-10-06 21:30", her, other, initiated_by="flagged_down")
    told = values(store)
    assert (told["people_engaged"], told["engagements"], told["engagements_flagged_down"]) == (2, 2, 1)


def test_a_period_ends_at_local_midnight_in_summer_and_in_winter(store: Store) -> None:
    her = woman(store, "Willow")
    spoke(store, "2026-09-30T23:59:59+01:00", her)
    spoke(store, "2026-09-30T23:00:00Z", her)  # 1 October, 00:00 in London
    spoke(store, "2026-10-31T23:59:59Z", her)
    spoke(store, "2026-11-01T00:00:00Z", her)
    assert [values(store, month)["engagements"] for month in (OCTOBER, NOVEMBER)] == [2, 1]
    assert values(store, periods.month("2026-09"))["engagements"] == 1


def test_the_day_the_clocks_go_back_counts_its_25_hours(store: Store) -> None:
    her = woman(store, "Willow")
    for at in ("2026-10-25T00:00:00+01:00", "2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00"):
        spoke(store, at, her)
    spoke(store, "2026-10-25T23:59:59+00:00", her)
    spoke(store, "2026-10-26T00:00:00+00:00", her)
    day = periods.between(date(2026, 10, 25), date(2026, 10, 25))
    assert values(store, day)["engagements"] == 4


def test_only_contacts_in_which_somebody_was_spoken_to_are_engagements(store: Store) -> None:
    her = woman(store, "Willow")
    for contact in ("seen_only", "attempted", "declined", "nil_patrol"):
        spoke(store, "2026-10-05 21:30", her, contact=contact, initiated_by="flagged_down")
    told = values(store)
    assert (told["people_engaged"], told["engagements"], told["engagements_flagged_down"]) == (0, 0, 0)
    assert told["contacts_other"] == 4


def test_a_woman_is_new_unless_she_was_spoken_to_before_the_period(store: Store) -> None:
    regular, seen, new = woman(store, "Willow"), woman(store, "Hazel"), woman(store, "Rowan")
    spoke(store, "2026-09-30 23:59", regular)
    spoke(store, "2026-09-30 23:59", seen, contact="seen_only")
    struck = spoke(store, "2026-09-01 22:00", new)
    records.strike(store, "engagement", struck, records.Why())
    for her in (regular, seen, new):
        spoke(store, "2026-10-05 21:30", her)
    told = values(store)
    assert (told["people_engaged"], told["people_engaged_new"]) == (3, 2)


@pytest.mark.parametrize("state", ["restricted", "erased", "struck"])
def test_a_person_who_is_held_back_or_gone_is_not_counted_but_the_engagement_is(
    store: Store, state: str
) -> None:
    her, other = woman(store, "Willow"), woman(store, "Hazel")
    spoke(store, "2026-10-05 21:30", her, initiated_by="flagged_down")
    spoke(store, "2026-10-06 21:30", her, other)
    put(store, her, state)
    told = values(store)
    assert (told["people_engaged"], told["people_engaged_new"]) == (1, 1)
    assert (told["engagements"], told["engagements_flagged_down"]) == (2, 1)


@pytest.mark.parametrize("state", ["restricted", "erased", "struck"])
def test_an_engagement_that_does_not_stand_counts_nowhere(store: Store, state: str) -> None:
    her = woman(store, "Willow")
    contact = spoke(store, "2026-10-05 21:30", her, initiated_by="flagged_down", sector="3")
    add(store, "concern", engagement=contact, person=her, behaviours=["follows"])
    put(store, contact, state)
    told = values(store)
    assert (told["people_engaged"], told["engagements"], told["concerns"]) == (0, 0, 0)
    assert table(store, "engagements_by_sector") == table(store, "concerns_by_behaviour") == []


def test_unnamed_people_and_likely_duplicates_stand_beside_the_count(store: Store) -> None:
    one = woman(store, "Willow")
    other = woman(store, "Hazel", known_as=["Big Jo", "  WILLOW "])
    spoke(store, "2026-10-05 21:30", one, people_unnamed=2)
    spoke(store, "2026-10-05 22:30", people_unnamed=1)
    spoke(store, "2026-10-05 22:40", people_unnamed=4, contact="seen_only")
    spoke(store, "2026-10-05 23:30", other)
    assert values(store)["people_engaged"] == 2
    assert "2 contacts with 3 people not named" in notes(store)
    assert "1 of the people engaged share" in notes(store)


def test_who_said_no_to_statistics_is_counted_here_and_the_figure_without_her_is_said(store: Store) -> None:
    her = woman(store, "Willow", statistics_consent=False)
    other, third = woman(store, "Hazel", statistics_consent=True), woman(store, "Rowan")
    contact = spoke(store, "2026-10-05 21:30", her, initiated_by="flagged_down")
    spoke(store, "2026-10-05 21:40", her, other, initiated_by="flagged_down")
    spoke(store, "2026-10-05 21:50", third)
    add(store, "concern", engagement=contact, person=her)
    add(store, "referral", person=her, service="A Way Out", offered_on="2026-10-05")
    add(store, "referral", person=other, service="A Way Out", offered_on="2026-10-05")
    for about in (her, other, contact):
        add(store, "followup", what="ring her", about=about, due_on="2026-10-09")
    assert values(store)["people_engaged"] == 3
    assert "people engaged 2, for the first time 2, engagements 2, flagged down 1." in notes(store)
    assert "follow-ups due 1, done 0, overdue 1." in notes(store)
    assert "concerns 0." in notes(store)
    assert "referrals offered 1." in notes(store)


def test_a_concern_counts_on_the_day_she_told_it_whatever_the_contact(store: Store) -> None:
    her = woman(store, "Willow")
    late = spoke(store, "2026-10-31 23:30", her, contact="declined")
    add(store, "concern", engagement=late, happened_from="2026-08-01", behaviours=["follows", "robs"])
    add(store, "concern", engagement=late, behaviours=["follows"], sharing_level=4)
    next_month = spoke(store, "2026-11-01 00:30", her)
    add(store, "concern", engagement=next_month, happened_from="2026-10-31", behaviours=["rough"])
    assert values(store)["concerns"] == 2
    assert counted(store, "concerns_by_behaviour") == {"follows": 2, "robs": 1}
    assert counted(store, "concerns_by_sharing_level") == {1: 1, 2: 0, 3: 0, 4: 1, 5: 0}


def test_a_decision_counts_as_quick_up_to_24_hours_after_the_contact_to_the_second(store: Store) -> None:
    contact = spoke(store, "2026-10-24T21:30:00+01:00")  # the clocks go back that night: 24 hours, not a day
    for at in ("2026-10-25T20:30:00+00:00", "2026-10-25T20:30:01+00:00", None):
        add(store, "concern", engagement=contact, ncrs_decision="crimed", ncrs_at=at)
    add(store, "concern", engagement=contact)
    told = values(store)
    assert (told["concerns"], told["concerns_undecided"], told["concerns_decided_24h"]) == (4, 1, 1)


def test_a_referral_that_was_accepted_and_then_closed_stays_accepted(store: Store) -> None:
    her = woman(store, "Willow")
    refs = [
        add(store, "referral", person=her, service="A Way Out", offered_on="2026-10-05") for _ in range(5)
    ]
    records.amend(store, "referral", refs[0], {"status": "engaged"})
    records.amend(store, "referral", refs[0], {"status": "closed"})
    records.amend(store, "referral", refs[1], {"status": "closed"})
    records.amend(store, "referral", refs[2], {"status": "accepted"})
    records.amend(store, "referral", refs[3], {"status": "closed", "accepted_on": "2026-11-02"})
    records.amend(store, "referral", refs[4], {"status": "accepted"})
    records.undo(store, "referral", refs[4])
    records.amend(store, "referral", refs[4], {"status": "rejected"})
    add(store, "referral", person=her, service="A Way Out", offered_on="2026-11-01", status="accepted")
    told = values(store)
    assert (told["referrals_offered"], told["referrals_accepted"]) == (5, 3)


def test_a_follow_up_is_overdue_from_the_day_after_it_was_due(store: Store) -> None:
    add(store, "followup", what="ring", due_on="2026-10-30")
    add(store, "followup", what="ring", due_on="2026-10-31")
    add(store, "followup", what="ring", due_on="2026-10-02", done_on="2026-11-20")
    told = values(store)
    assert [told[f"followups_{name}"] for name in ("due", "done", "overdue")] == [3, 1, 1]
    for day in ("23", "24", "25"):  # the clock stands at 24 November
        add(store, "followup", what="ring", due_on=f"2026-11-{day}")
    told = values(store, NOVEMBER)
    assert [told[f"followups_{name}"] for name in ("due", "done", "overdue")] == [3, 0, 1]
    assert "not over: counted as at 24 Nov 2026" in notes(store, NOVEMBER)


def test_engagements_stand_under_their_sector_and_the_total_is_theirs(store: Store) -> None:
    for sector in ("3", "3", "Linthorpe", None):
        spoke(store, "2026-10-05 21:30", sector=sector)
    spoke(store, "2026-10-05 21:30", sector="9", contact="declined")
    assert table(store, "engagements_by_sector") == [
        {"sector": "3", "count": 2},
        {"sector": "Linthorpe", "count": 1},
        {"sector": None, "count": 1},
    ]


def test_one_sector_gives_no_value_to_what_is_not_kept_by_sector(store: Store) -> None:
    her, him = woman(store, "Willow"), man(store, "Gary Example")
    contact = spoke(store, "2026-10-05 21:30", her, sector="Linthorpe")
    spoke(store, "2026-10-06 21:30", her, sector="3")
    add(store, "concern", engagement=contact, offender=him)
    add(store, "concern", engagement=contact, sector="3")
    act(store, him, "2026-10-06", "arrest")
    told = values(store, sector="linthorpe")
    assert (told["people_engaged"], told["engagements"], told["concerns"]) == (1, 1, 1)
    assert told["offenders_identified"] == 1
    assert told["arrests"] is None
    assert told["referrals_offered"] is None
    assert "not kept by sector" in notes(store, sector="linthorpe")


def test_a_time_narrows_contacts_and_is_said(store: Store) -> None:
    her = woman(store, "Willow")
    spoke(store, "2026-10-05T21:30:00+01:00", her)
    spoke(store, "2026-10-05T23:30:00+01:00", her)
    day = periods.between(date(2026, 10, 5), date(2026, 10, 5))
    start = periods.midnight(date(2026, 10, 5))
    bounds = start + 22 * 3600, start + 24 * 3600
    assert values(store, day, bounds=bounds)["engagements"] == 1
    assert "Narrowed to times" in notes(store, day, bounds=bounds)
    with pytest.raises(Usage, match="whole days"):
        tallies.summary(store, day, compare="previous", bounds=bounds)
