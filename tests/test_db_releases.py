"""The register of what left: what is one release, what gives an earlier one away, what is corrected."""

from typing import Any

import pytest

from db import records, releases
from db.errors import Refused, Withheld
from db.rules import periods
from db.tallies import leaving
from db.vault import rebuild
from db.vault.store import Store
from tests.conftest import Clock
from tests.tallied import act, add, man, put, spoke, woman

OCTOBER, NOVEMBER, DECEMBER = (periods.month(f"2025-{number}") for number in (10, 11, 12))
QUARTER, YEAR = periods.quarter("2025-Q4"), periods.year("2025")


class World:
    """Women and men in plenty, so that a figure is small only where a test makes it so."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.women = [woman(store, f"Willow-{number}") for number in range(60)]
        self.men = [man(store, f"Mr Example {number}") for number in range(12)]

    def talk(self, month: str, first: int, last: int) -> list[str]:
        """One engagement with each of these women, by number."""
        return [spoke(self.store, f"{month}-05 21:30", her) for her in self.women[first:last]]


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def leave(store: Store, period: periods.Period, profile: str = "partner", **how: Any) -> dict[str, Any]:
    return leaving.leave(store, leaving.Wanted(period, profile, **how))


def value(told: dict[str, Any], id: str) -> Any:
    found = next(one for one in told["measures"] if one["id"] == id)
    return "*" if found.get("withheld") else found["value"]


def disclosures(store: Store) -> int:
    sql = "select count(*) from entry where operation = 'disclosure' and kind = 'release'"
    return int(store.cipher.execute(sql).fetchone()[0])


# --- what is one release -------------------------------------------------------------------------------


def test_the_same_figures_to_the_same_recipient_are_one_release_and_each_giving_is_journalled(
    store: Store, world: World
) -> None:
    world.talk("2025-10", 0, 20)
    first, again = leave(store, OCTOBER), leave(store, OCTOBER)
    assert first["release"] == again["release"]
    assert first["measures"] == again["measures"]
    assert len(releases.listing(store)) == 1
    assert disclosures(store) == 2
    other = leave(store, OCTOBER, recipient="council")
    assert other["release"] != first["release"]
    assert [one["recipient"] for one in releases.listing(store)] == ["partner", "council"]


def test_a_recipient_that_is_never_given_anything_gets_nothing(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    with pytest.raises(Refused):
        leave(store, OCTOBER, recipient="home_office")
    assert releases.listing(store) == []


def test_a_release_is_printed_again_years_later_as_it_was(store: Store, world: World, clock: Clock) -> None:
    world.talk("2025-10", 0, 20)
    told = leave(store, OCTOBER)
    world.talk("2025-10", 20, 40)
    clock.forward(3 * 365 * 86400)
    shown = releases.show(store, told["release"])
    assert shown["measures"] == told["measures"]
    assert shown["tables"] == told["tables"]
    assert shown["made_on"] == "2026-11-24"
    heads = [tuple(head) for head in shown["made_from"]]
    assert heads
    for head in heads:
        assert store.cipher.execute("select 1 from entry where desk = ? and seq = ?", head).fetchone()


def test_a_release_is_what_the_journal_adds_up_to(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    told = leave(store, OCTOBER)
    before = releases.show(store, told["release"])
    rebuild.rebuild(store)
    assert releases.show(store, told["release"]) == before


def test_only_a_supervisor_sees_or_makes_a_release(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    ref = leave(store, OCTOBER)["release"]
    store.member = store.member._replace(roles=())
    for asked in (
        lambda: releases.listing(store),
        lambda: releases.show(store, ref),
        lambda: releases.give(store, ref, "num"),
        lambda: releases.approve(store, ref),
    ):
        with pytest.raises(Refused, match="supervisor"):
            asked()


def test_the_page_that_left_can_be_handed_to_somebody_else_as_it_is(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    told = leave(store, OCTOBER)
    world.talk("2025-10", 20, 21)
    given = releases.give(store, told["release"], "num")
    assert given["measures"] == told["measures"]
    assert given["recipient"] == "num"
    assert len(releases.listing(store)) == 2


# --- what would give an earlier one away ------------------------------------------------------------


def test_a_quarter_is_refused_where_its_months_would_give_the_withheld_one_away(
    store: Store, world: World
) -> None:
    for month, last in (("2025-10", 20), ("2025-11", 30), ("2025-12", 3)):
        world.talk(month, 0, last)
    assert value(leave(store, OCTOBER), "engagements") == 20
    assert value(leave(store, NOVEMBER), "engagements") == 30
    with pytest.raises(Withheld):
        leave(store, DECEMBER)
    with pytest.raises(Refused, match="engagements") as refused:
        leave(store, QUARTER)
    assert "--coarser" in str(refused.value)
    told = leave(store, QUARTER, coarser=True)
    assert value(told, "engagements") == "*"


def test_a_quarter_whose_months_all_left_in_full_may_leave(store: Store, world: World) -> None:
    for month, first in (("2025-10", 0), ("2025-11", 20), ("2025-12", 40)):
        world.talk(month, first, first + 20)
    for each in (OCTOBER, NOVEMBER, DECEMBER):
        leave(store, each)
    assert value(leave(store, QUARTER), "engagements") == 60


def test_a_month_is_refused_where_its_quarter_left_and_the_rest_is_small(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    world.talk("2025-11", 20, 22)
    assert value(leave(store, QUARTER), "engagements") == 22
    with pytest.raises(Refused, match="give away"):
        leave(store, OCTOBER)
    with pytest.raises(Withheld):
        leave(store, OCTOBER, coarser=True)


def test_new_women_cannot_be_worked_out_from_two_counts_since_the_start(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    world.talk("2025-11", 0, 22)
    since = [periods.between(OCTOBER.first, month.last) for month in (OCTOBER, NOVEMBER)]
    assert value(leave(store, since[0]), "people_engaged") == 20
    with pytest.raises(Refused, match="people engaged"):
        leave(store, since[1])


def test_one_period_cut_anew_by_area_gives_no_small_area_away(store: Store, world: World) -> None:
    from db import settings
    from db.records import Why

    text = 'sectors = ["1", "2", "3", "4", "5", "6"]\n[sector_groups]\n'
    text += 'North = ["1", "2", "3"]\nSouth = ["4", "5", "6"]\n'
    settings.apply(store, settings.propose(store, text, "unit.toml"), Why())
    for number, her in enumerate(world.women[:20]):
        spoke(store, "2025-10-05 21:30", her, sector="1" if number < 17 else "4")
    table = next(one for one in leave(store, OCTOBER)["tables"] if one["id"] == "engagements_by_sector")
    assert {row["sector"]: row["count"] for row in table["rows"]} == {"North": None, "South": None}
    with pytest.raises(Refused, match="give away"):
        leave(store, OCTOBER, sector="North")
    with pytest.raises(Refused, match="--sector 'North'"):
        leave(store, OCTOBER, sector="1")


def test_who_says_no_to_statistics_later_cannot_be_found_by_subtraction(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    leave(store, OCTOBER)
    records.amend(store, "person", world.women[0], {"statistics_consent": False})
    with pytest.raises(Refused, match="changed since"):
        leave(store, OCTOBER)
    with pytest.raises(Refused, match="changed|give away"):
        leave(store, OCTOBER, "public")
    world.talk("2025-11", 20, 40)
    leave(store, NOVEMBER)
    leave(store, DECEMBER)
    with pytest.raises(Refused, match="give away"):
        leave(store, QUARTER)


def test_what_an_erasure_changed_cannot_be_found_by_subtraction(store: Store, world: World) -> None:
    contacts = world.talk("2025-10", 0, 20)
    leave(store, OCTOBER)
    put(store, contacts[0], "erased")
    with pytest.raises(Refused, match="changed since"):
        leave(store, OCTOBER)


def test_calls_of_a_month_are_not_given_away_by_the_year_before_of_another_page(
    store: Store, world: World
) -> None:
    for month in ("2025-10", "2025-11", "2025-12"):
        world.talk(month, 0, 20)
    for month, count in (("2025-10", 40), ("2025-11", 50), ("2025-12", 3)):
        add(store, "call", month=month, source="storm", category="asb", count=count)
    for each in (OCTOBER, NOVEMBER, DECEMBER):
        leave(store, each, coarser=True)
    assert value(leave(store, QUARTER, coarser=True), "calls") == "*"


def test_actions_withheld_for_one_man_in_each_month_do_not_come_out_in_the_quarter(
    store: Store, world: World
) -> None:
    for month in ("2025-10", "2025-11", "2025-12"):
        world.talk(month, 0, 20)
    for him in world.men[:8]:
        act(store, him, "2025-10-05", "arrest")
        act(store, him, "2025-11-05", "arrest")
    act(store, world.men[0], "2025-12-05", "arrest")
    for each in (OCTOBER, NOVEMBER, DECEMBER):
        leave(store, each)
    assert value(leave(store, QUARTER, coarser=True), "arrests") == "*"


# --- corrections ---------------------------------------------------------------------------------------


def test_a_correction_is_published_once_a_year_and_only_where_what_is_printed_changes(
    store: Store, world: World, clock: Clock
) -> None:
    world.talk("2025-10", 0, 20)
    first = leave(store, OCTOBER, "public")
    for her in world.women[20:26]:
        spoke(store, "2025-10-06 21:30", her)
    with pytest.raises(Refused, match="once a year, from 2027-11-24"):
        leave(store, OCTOBER, "public")
    clock.forward(365 * 86400)
    revised = leave(store, OCTOBER, "public")
    assert revised["release"] != first["release"]
    assert (value(first, "engagements"), value(revised, "engagements")) == (20, 25)
    assert releases.listing(store)[-1]["revises"] == first["release"]
    assert leave(store, OCTOBER, "public")["release"] == revised["release"]


def test_an_exact_figure_is_not_corrected_by_one(store: Store, world: World, clock: Clock) -> None:
    world.talk("2025-10", 0, 20)
    first = leave(store, OCTOBER)
    spoke(store, "2025-10-06 21:30", world.women[0])
    clock.forward(366 * 86400)
    again = leave(store, OCTOBER)
    assert again["release"] == first["release"]
    assert value(again, "engagements") == 20


def test_what_was_withheld_is_printed_by_a_correction_of_the_year_and_not_when_it_passes(
    store: Store, world: World, clock: Clock
) -> None:
    world.talk("2025-10", 0, 20)
    for his in world.men[:4]:
        act(store, his, "2025-10-07", "arrest")
    first = leave(store, OCTOBER)
    act(store, world.men[4], "2025-10-08", "arrest")
    again = leave(store, OCTOBER)
    assert (again["release"], value(again, "arrests")) == (first["release"], "*")
    clock.forward(365 * 86400)
    assert value(leave(store, OCTOBER), "arrests") == 5


def test_a_page_that_changed_in_nothing_that_is_printed_stays_the_same_release(
    store: Store, world: World
) -> None:
    world.talk("2025-10", 0, 20)
    first = leave(store, OCTOBER, "public")
    spoke(store, "2025-10-06 21:30", world.women[1])
    assert leave(store, OCTOBER, "public")["release"] == first["release"]


# --- approval ------------------------------------------------------------------------------------------


def test_a_release_is_approved_once_by_name(store: Store, world: World) -> None:
    world.talk("2025-10", 0, 20)
    ref = leave(store, OCTOBER, "headline")["release"]
    assert releases.approve(store, ref)["approved_by"] == "Sam"
    assert releases.listing(store)[0]["approved_on"] == "2026-11-24"
    with pytest.raises(Refused, match="already"):
        releases.approve(store, ref)
