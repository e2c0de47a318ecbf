"""Kept exports: made at a supervisor's unlock or lock, once a day; one that fails stops neither."""

import json
from pathlib import Path

import pytest

from db import records, shifts
from db.errors import NotFound, Refused, Usage
from db.exchange import exporting, handing, recipes
from db.vault import journal, rebuild
from db.vault.snapshot import snapshot
from db.vault.store import Member, Store
from db.vault.verify import verify
from tests.conftest import Clock


def kept(place: Path, name: str = "daily", **more: str) -> recipes.Recipe:
    order = exporting.Order("action", "cps", "crime", (), more or {"since": "-7d"})
    return recipes.Recipe(
        name, order, "crime", place, handing.form_of(place, None, "first-line", False), "lock"
    )


@pytest.fixture
def action(store: Store) -> str:
    him = records.add(store, "offender", {"build": "stocky"})["ref"]
    done = records.add(store, "action", {"offender": him, "on": "2026-11-23", "action": "arrest"})
    return str(done["ref"])


def test_a_kept_export_is_made_at_its_moment_once_a_day_and_its_days_move(
    store: Store, clock: Clock, tmp_path: Path, action: str
) -> None:
    place = tmp_path / "actions.ndjson"
    recipes.save(store, kept(place))
    assert list(shifts.begins(store)) == []
    (said,) = shifts.ends(store)
    assert f"is written to {place}: 1 rows" in said
    head, row = [json.loads(line) for line in place.read_text().splitlines()]
    assert (head["marking"], row["ref"]) == ("OFFICIAL-SENSITIVE", action)
    (one,) = recipes.kept(store)
    assert (one.last_on, one.last_release) == ("2026-11-24", head["release"])
    assert list(shifts.ends(store)) == []
    clock.forward(14 * 24 * 3600)
    assert ": 0 rows" in next(iter(shifts.ends(store)))


def test_it_is_a_disclosure_like_any_other_and_the_journal_verifies(
    store: Store, tmp_path: Path, action: str
) -> None:
    recipes.save(store, kept(tmp_path / "a.csv"))
    list(shifts.ends(store))
    with store.counts() as reader:
        (detail,) = reader.execute("select detail from entry where operation = 'disclosure'").fetchone()
    told = json.loads(detail)
    assert (told["event"], told["recipient"], told["purpose"]) == ("export", "cps", "crime")
    assert verify(store).ok
    before = snapshot(store)
    rebuild.rebuild(store)
    assert snapshot(store) == before


def test_one_that_fails_is_told_and_the_others_are_made(store: Store, tmp_path: Path, action: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    recipes.save(store, kept(gone / "a.csv", "first"))
    recipes.save(store, kept(tmp_path / "b.csv", "second"))
    gone.rmdir()
    first, second = shifts.ends(store)
    assert "the export first was not made" in first
    assert "second is written" in second
    gone.mkdir()
    assert "first is written" in next(iter(shifts.ends(store)))


def test_who_is_no_supervisor_keeps_none_removes_none_and_makes_none(
    store: Store, tmp_path: Path, action: str
) -> None:
    recipes.save(store, kept(tmp_path / "a.csv"))
    store.member = Member(store.member.id, store.member.name, ())
    assert list(shifts.ends(store)) == []
    with pytest.raises(Refused, match="supervisor"):
        recipes.save(store, kept(tmp_path / "b.csv", "other"))
    with pytest.raises(Refused, match="supervisor"):
        recipes.remove(store, "daily")


def test_a_recipe_that_a_member_forged_without_being_supervisor_is_not_made(
    store: Store, tmp_path: Path, action: str
) -> None:
    place = tmp_path / "a.csv"
    recipes.save(store, kept(place))
    record = journal.derived_id(store.id_key, "recipe", "daily")
    other = Member("00000000000000aa", "Mallory", ())
    store.member, mine = other, store.member
    with store.write() as tx:
        tx.amend(record, {"recipient": "press"})
    store.member = mine
    (said,) = shifts.ends(store)
    assert "not every member who kept or changed it is a supervisor" in said
    assert not place.exists()


def test_a_recipe_is_taken_away_and_kept_again_by_its_name(store: Store, tmp_path: Path, action: str) -> None:
    recipes.save(store, kept(tmp_path / "a.csv"))
    recipes.remove(store, "daily")
    assert recipes.kept(store) == []
    with pytest.raises(NotFound):
        recipes.remove(store, "daily")
    recipes.save(store, kept(tmp_path / "b.csv"))
    assert [one.place.name for one in recipes.kept(store)] == ["b.csv"]


def test_what_could_not_be_exported_is_not_kept(store: Store, tmp_path: Path) -> None:
    for bad in (
        kept(tmp_path / "a.csv", "Not A Name"),
        kept(tmp_path / "none" / "a.csv"),
        kept(tmp_path / "a.csv", "x", ncrs="open"),
    ):
        with pytest.raises(Usage):
            recipes.save(store, bad)
    one = kept(tmp_path / "a.csv")
    with pytest.raises(Refused, match="never a recipient"):
        recipes.save(store, one._replace(order=one.order._replace(recipient="ukvi")))
    assert recipes.kept(store) == []


def test_a_supervisor_who_saves_it_again_answers_for_all_of_it(
    store: Store, tmp_path: Path, action: str
) -> None:
    place = tmp_path / "a.csv"
    recipes.save(store, kept(place))
    record = journal.derived_id(store.id_key, "recipe", "daily")
    store.member, mine = Member("00000000000000aa", "Mallory", ()), store.member
    with store.write() as tx:
        tx.amend(record, {"recipient": "press"})
    store.member = mine
    recipes.save(store, kept(place))
    assert "is written" in next(iter(shifts.ends(store)))
    assert recipes.kept(store)[0].order.recipient == "cps"


def test_what_is_said_at_the_lock_of_an_export_counts_no_woman(store: Store, tmp_path: Path) -> None:
    records.add(store, "person", {"pseudonym": "Willow-1", "sharing_level": 1})
    order = exporting.Order("person", "cps", "crime")
    form = handing.form_of(tmp_path / "a.csv", None, "first-line", False)
    recipes.save(store, recipes.Recipe("women", order, "crime", tmp_path / "a.csv", form, "lock"))
    assert list(shifts.ends(store)) == ["the export women was not made: nothing of it may leave"]
