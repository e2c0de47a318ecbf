"""``merge`` and ``unmerge`` on the command line: what they print, ask for and refuse."""

import pytest

from tests.conftest import Clock, Unit
from tests.desk import Desk

WHY = ("--reason", "correction")


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def women(desk: Desk, count: int) -> list[str]:
    return [desk.ref("people", "add", "--pseudonym", f"Willow-{n}") for n in range(count)]


def test_two_women_are_merged_shown_with_one_another_and_parted_again(desk: Desk) -> None:
    one, two = women(desk, 2)
    assert desk("people", "merge", two, one, *WHY, "-f", "json").json == {
        "ref": one,
        "same_as": [two],
        "contradicts": [],
    }
    assert [row["ref"] for row in desk("people", "list", "-f", "json").json] == [one]
    assert desk("people", "show", two, "-f", "json").json["same_as"] == [one]
    apart = desk("people", "unmerge", one, two, *WHY, "-f", "json").json
    assert {row["ref"]: row["same_as"] for row in apart} == {one: [], two: []}
    assert len(desk("people", "list", "-f", "json").json) == 2


def test_two_men_are_merged_and_a_list_goes_back_in_by_import(desk: Desk, unit: Unit) -> None:
    one, two = (desk.ref("watchlist", "add", "--build", build) for build in ("stocky", "thin"))
    assert desk("watchlist", "merge", one, two, *WHY).code == 0
    file = unit.folder.parent / "men.json"
    assert desk("watchlist", "list", "-f", "json", "--out", str(file)).code == 0
    (row,) = desk("import", "offenders", str(file), "-f", "json").json["rows"]
    assert row["verdict"] == "same"


def test_a_merge_without_a_reason_is_usage_and_a_circular_one_is_refused(desk: Desk) -> None:
    one, two = women(desk, 2)
    assert desk("people", "merge", one, two).code == 2
    assert desk("people", "merge", one, two, *WHY).code == 0
    again = desk("people", "merge", two, one, *WHY)
    assert (again.code, again.out) == (5, "")
    assert "stand together already" in again.err
    assert desk("people", "merge", one, "P-ZZZZ", *WHY).code == 4
    assert desk("people", "merge", one, *WHY).code == 2


def test_erasing_one_of_her_records_says_which_others_are_hers(desk: Desk) -> None:
    one, two = women(desk, 2)
    desk("people", "merge", one, two, *WHY)
    ran = desk("people", "erase", one, *WHY, "--yes", "-f", "json")
    assert ran.json["same_as"] == [two]
    assert two in ran.err
    assert desk("people", "list", "-f", "json").json == []
