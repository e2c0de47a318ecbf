"""The invented unit: the campaign's numbers, nobody real, and never in a folder that is somebody's."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from db import tallies
from db.demo import building, dealings, men, place, support, women
from db.demo.plan import SEED, SMALL, Plan, dealt_with, plan
from db.errors import Busy, Refused, Usage
from db.rules import periods
from db.tallies import press
from db.vault import holding, opening
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Unit

NOON = int(datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp() * 1000)
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


# what is invented


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
        if row["action"] in tallies.definitions.DEALT_WITH and row["on"] >= planned.first.isoformat()
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


# what is built


class Built(NamedTuple):
    folder: Path
    store: Store
    plan: Plan


def built_in(folder: Path, **more: Any) -> Built:
    store, planned = building.build(building.Ground(folder, clock=lambda: NOON), SMALL, SEED, **more)
    return Built(folder, store, planned)


def numbers(built: Built) -> dict[str, Any]:
    """Every number of the campaign and of its last whole month, references left out."""
    whole = periods.between(built.plan.first, TODAY)
    told = [tallies.summary(built.store, period) for period in (whole, periods.month("2026-10"))]
    bare = json.loads(json.dumps(told))
    for row in (row for one in bare for table in one["tables"] for row in table["rows"]):
        row.pop("refs", None)
    return {"told": bare, "counts": {kind: len(list(rows(built.plan))) for kind, rows in building.ROWS}}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    home = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(home / "state"))
        built = built_in(home / "unit")
        with built.store:
            yield built


def test_the_tallies_say_more_than_40_women_and_more_than_70_men_and_fewer_calls(demo: Built) -> None:
    told = tallies.summary(demo.store, periods.between(demo.plan.first, TODAY))
    value = {one["id"]: one["value"] for one in told["measures"]}
    assert value["people_engaged"] == demo.plan.women > 40
    assert value["offenders_dealt_with"] == demo.plan.dealt_with > 70
    assert value["offenders_identified"] >= value["offenders_dealt_with"]
    assert value["calls_change_percent"] < -10
    assert value["followups_overdue"] > 0
    assert value["referrals_accepted"] > 0
    assert value["orders_granted"] == 3
    assert min(value["arrests"], value["cautions"], value["charges"], value["courses"]) > 0


def test_the_past_months_have_figures_of_their_own(demo: Built) -> None:
    for month in ("2026-02", "2026-06", "2026-10", "2026-11"):
        told = tallies.summary(demo.store, periods.month(month))
        value = {one["id"]: one["value"] for one in told["measures"]}
        assert value["engagements"] > 10
        assert value["offenders_dealt_with"] > 0


def test_the_press_line_says_women_and_men_for_all_are_recorded_as_such(demo: Built) -> None:
    line = press.sentence(demo.store, periods.between(demo.plan.first, TODAY))
    assert "engaged with more than 40 women" in line
    assert "more than 70 men have been dealt with" in line


def test_the_demos_journal_verifies(demo: Built) -> None:
    report = verify(demo.store)
    assert report.ok
    assert report.entries > 1000


def test_building_it_again_replaces_it_and_gives_the_same_numbers(tmp_path: Path, demo: Built) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(demo.folder, folder)
    former = opening.unit_of(folder)
    (folder / "backups").mkdir(mode=0o700)
    again = built_in(folder)
    with again.store:
        assert numbers(again) == numbers(demo)
    assert opening.unit_of(folder) != former
    assert not (folder / "backups").exists()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    ground = building.Ground(tmp_path / "unit", clock=lambda: NOON)
    store, _ = building.build(ground, 1000, SEED, lambda done, of: told.append((done, of)))
    store.close()
    assert told == [(500, 1000), (1000, 1000)]


# where it may be built


def test_an_empty_folder_is_closed_to_others_and_used(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir(mode=0o755)
    place.prepare(folder, ())
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_holds_anything_else_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        place.prepare(tmp_path, ())
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_real_unit_is_no_former_demo(tmp_path: Path, founded: Unit) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(founded.folder, folder)
    with pytest.raises(Refused, match="not empty"):
        place.prepare(folder, ())
    assert opening.unit_of(folder) == opening.unit_of(founded.folder)


def test_a_real_unit_to_which_a_demos_mark_was_copied_is_no_former_demo(
    tmp_path: Path, founded: Unit, demo: Built
) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(founded.folder, folder)
    shutil.copy(demo.folder / place.MARK, folder)
    with pytest.raises(Refused, match="not empty"):
        place.prepare(folder, ())
    assert (folder / "unit.db").exists()


def test_a_former_demo_with_somebodys_file_in_it_is_left_as_it_was(tmp_path: Path, demo: Built) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(demo.folder, folder)
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="other files"):
        place.prepare(folder, ())
    assert (folder / "unit.db").exists()


def test_a_former_demo_that_somebody_has_open_is_left_as_it_was(
    tmp_path: Path, demo: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "unit"
    shutil.copytree(demo.folder, folder)
    monkeypatch.setattr(holding, "WAIT_SECONDS", 0.0)
    hold = holding.share(folder)
    with pytest.raises(Busy, match="another beech"):
        place.prepare(folder, ())
    hold.release()
    assert (folder / "unit.db").exists()


def test_a_demo_is_never_built_in_or_below_a_units_folder(tmp_path: Path) -> None:
    real = tmp_path / "real"
    for folder in (real, real / "below", tmp_path / "below" / ".." / "real"):
        with pytest.raises(Refused, match="never built"):
            place.prepare(folder, (tmp_path / "other", real))
    assert not real.exists()


def test_a_link_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "file").write_text("mine")
    for name in ("link", "file"):
        with pytest.raises(Refused):
            place.prepare(tmp_path / name, ())


def test_the_passphrase_lies_0600_outside_any_unit(home: Path) -> None:
    path = place.keep_passphrase()
    assert place.keep_passphrase() == path
    assert path.read_text() == f"{place.PASSPHRASE}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not path.is_relative_to(place.default_folder())
