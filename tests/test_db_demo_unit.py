"""The invented unit as it is built: its numbers from its own tallies, and in nobody's folder but its own."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from db import tallies
from db.demo import building, place
from db.demo.plan import SEED, SMALL, Plan
from db.errors import Busy, Refused
from db.rules import periods
from db.tallies import press
from db.vault import holding, opening
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Unit

NOON = int(datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp() * 1000)
TODAY = date(2026, 11, 24)


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
    line = press.sentence(demo.store, periods.since_start(periods.between(demo.plan.first, TODAY)))
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


def test_a_demo_that_is_stopped_before_it_has_its_mark_leaves_the_folder_empty(tmp_path: Path) -> None:
    calls = iter([NOON])

    def stopped() -> int:
        for at in calls:
            return at
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(building.Ground(tmp_path, clock=stopped), SMALL, SEED)
    assert list(tmp_path.iterdir()) == []


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
