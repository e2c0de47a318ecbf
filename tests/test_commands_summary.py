"""``beech summary``: periods as they are typed, four ways to print, and what it does not do yet."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from commands.__main__ import run
from commands.options import Frame
from db.rules import periods
from db.vault.store import Store
from tests.conftest import Unit
from tests.tallied import act, add, man, spoke, woman


class Done(NamedTuple):
    """How a run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.out)
        return told

    def values(self) -> dict[str, Any]:
        return {measure["id"]: measure["value"] for measure in self.told["measures"]}


Beech = Callable[..., Done]


@pytest.fixture
def beech(unit: Unit, capsys: pytest.CaptureFixture[str]) -> Beech:
    """Runs ``beech summary`` on the unit."""

    def runs(*words: str) -> Done:
        capsys.readouterr()
        code = run(["--unit", str(unit.folder), "summary", *words], Frame(unit.opened))
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return runs


@pytest.fixture
def october(store: Store) -> Store:
    """Two women and a man in October 2024, the clocks going back in its last week."""
    for name, at in (("Willow", "2024-10-31T23:59:59+00:00"), ("Hazel", "2024-10-26T22:30:00+01:00")):
        contact = spoke(store, at, woman(store, name), sector="=3 [b]")
    add(store, "concern", engagement=contact, behaviours=["follows"], sharing_level=2)
    spoke(store, "2024-11-01T00:00:00+00:00", woman(store, "Rowan"))
    him = man(store, "Gary Example")
    act(store, him, "2024-10-27", "arrest", offence="soa51a", offence_on="2024-10-20")
    for month, count in (("2023-10", 40), ("2024-10", 29)):
        add(store, "call", month=month, source="storm", category="asb", count=count)
    return store


@pytest.mark.usefixtures("october")
def test_json_is_the_contracts_object(beech: Beech) -> None:
    done = beech("--month", "2024-10", "-f", "json")
    assert done.code == 0
    assert done.told["period"] == {"from": "2024-10-01", "to": "2024-10-31", "label": "October 2024"}
    values = done.values()
    assert (values["people_engaged"], values["engagements"], values["arrests"]) == (2, 2, 1)
    assert values["calls_change_percent"] == -27.5
    assert {"id", "label", "value", "compare", "definition"} <= done.told["measures"][0].keys()


@pytest.mark.parametrize(
    ("words", "engagements"),
    [
        (["--quarter", "2024-Q4"], 3),
        (["--year", "2024"], 3),
        (["--since", "26/10/2024", "--until", "2024-10-26"], 1),
        (["--since", "2024-10-26T22:31", "--until", "2024-10-31"], 1),
        (["--since", "31/10/2024 23:59", "--until", "1/11/2024 00:00"], 2),
        (["--month", "2024-10", "--sector", "=3 [B]"], 2),
    ],
)
@pytest.mark.usefixtures("october")
def test_a_period_is_typed_in_any_of_these_ways(beech: Beech, words: list[str], engagements: int) -> None:
    done = beech(*words, "-f", "json")
    assert done.code == 0
    assert done.values()["engagements"] == engagements


def test_without_a_period_it_is_the_month_that_runs_and_that_is_said(beech: Beech) -> None:
    done = beech("-f", "json")
    today = periods.local_day(int(datetime.now(UTC).timestamp()))
    assert done.told["period"]["from"] == f"{today.isoformat()[:7]}-01"
    assert "no period given" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["--month", "2024-13"],
        ["--month", "October"],
        ["--month", "2024-10", "--year", "2024"],
        ["--year", "2024", "--since", "2024-10-01"],
        ["--until", "2024-10-01"],
        ["--since", "2024-10-02", "--until", "2024-10-01"],
        ["--month", "2024-10", "--compare", "never"],
        ["--since", "2024-10-26T22:31", "--until", "2024-10-31", "--compare", "previous"],
        ["--month", "2024-10", "--sentence", "--sector", "3"],
        ["--month", "2024-10", "--sentence", "--profile", "partner"],
        ["--month", "2024-10", "--sentence", "--recipient", "council"],
        ["--month", "2024-10", "--sentence", "--coarser"],
    ],
)
def test_a_period_that_cannot_be_read_is_a_fault_of_usage(beech: Beech, words: list[str]) -> None:
    done = beech(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("profile", ["partner", "public", "headline"])
@pytest.mark.usefixtures("october")
def test_a_profile_of_which_nothing_is_left_ends_with_its_own_code(beech: Beech, profile: str) -> None:
    done = beech("--month", "2024-11", "--profile", profile)
    assert (done.code, done.out) == (8, "")
    assert done.err.count("\n") == 1


@pytest.mark.usefixtures("october")
def test_a_window_does_not_leave_and_the_nearest_month_is_named(beech: Beech) -> None:
    done = beech("--since", "2024-10-02", "--until", "2024-11-01", "--profile", "public")
    assert (done.code, done.out) == (5, "")
    assert "--month 2024-11" in done.err


@pytest.mark.usefixtures("october")
def test_a_withheld_value_is_null_and_says_so(beech: Beech) -> None:
    told = beech("--month", "2024-10", "--profile", "partner", "-f", "json").told
    assert told["profile"] == "partner"
    found = {one["id"]: one for one in told["measures"]}
    assert (found["people_engaged"]["value"], found["people_engaged"]["withheld"]) == (None, True)
    assert (found["calls"]["value"], "withheld" in found["calls"]) == (29, False)
    page = beech("--month", "2024-10", "--profile", "partner").out
    assert "partner profile, for partner" in page
    assert max(map(len, page.splitlines())) <= 80
    assert any(line.startswith("People engaged ") and line.endswith("withheld") for line in page.splitlines())


def test_csv_tells_what_is_withheld_of_the_other_period_from_what_is_not_held(
    beech: Beech, october: Store
) -> None:
    add(october, "call", month="2024-11", source="storm", category="asb", count=30)
    add(october, "call", month="2023-11", source="storm", category="asb", count=4)
    ran = beech("--month", "2024-11", "--compare", "previous", "--profile", "partner", "-f", "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(ran.out))}
    told = {id: (row["compare"], row["compare_withheld"]) for id, row in rows.items()}
    assert (told["people_engaged"], told["calls"]) == (("", "yes"), ("29", "no"))
    assert told["calls_by_month"] == ("", "yes")


@pytest.mark.usefixtures("october")
def test_a_page_has_every_number_with_its_definition_in_80_columns(beech: Beech) -> None:
    done = beech("--month", "2024-10", "--compare", "previous")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    told = beech("--month", "2024-10", "-f", "json").told
    flat = " ".join(done.out.split())
    for one in told["measures"] + told["tables"]:
        assert one["label"] in flat
        assert one["definition"] in flat
    for note in told["notes"]:
        assert note in flat
    assert "Engagements 2 0" in flat
    assert "beside September 2024" in flat


@pytest.mark.usefixtures("october")
def test_the_comparison_stands_beside_each_number(beech: Beech) -> None:
    measures = beech("--month", "2024-11", "--compare", "previous", "-f", "json").told["measures"]
    found = {one["id"]: (one["value"], one["compare"]) for one in measures}
    assert found["engagements"] == (1, 2)
    assert found["calls"] == (0, 29)
    assert found["calls_change_percent"] == (None, -27.5)


@pytest.mark.usefixtures("october")
def test_csv_is_flat_and_harmless_in_a_spreadsheet(beech: Beech) -> None:
    done = beech("--month", "2024-10", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    found = {(row["id"], row["row"]): row for row in rows}
    assert found["engagements", ""]["value"] == "2"
    assert found["engagements", ""]["definition"]
    assert found["engagements_by_sector", "'=3 [b]"]["value"] == "2"
    assert found["calls_by_month", "2024-10"]["compare"] == "40"
    assert found["limitation_dates", "2025-04-20 soa51a"]["value"] == "1"


@pytest.mark.usefixtures("october")
def test_markdown_keeps_what_was_typed_from_being_markup(beech: Beech) -> None:
    done = beech("--month", "2024-10", "-f", "md")
    assert "# October 2024" in done.out
    assert "| Engagements | 2 | Contacts in which somebody was spoken to. |" in done.out
    assert "=3 \\[b\\]" in done.out


def test_the_press_line_is_one_line_and_names_women_and_men_where_every_record_does(
    store: Store, beech: Beech
) -> None:
    for number in range(41):
        spoke(store, "2024-10-05 21:30", woman(store, f"Willow-{number}"))
        act(store, man(store, f"Mr Example {number}"), "2024-10-05", "arrest")
    done = beech("--month", "2024-10", "--sentence")
    assert done.code == 0, done.err
    assert done.out.count("\n") == 1
    assert done.out.startswith("DRAFT")
    assert "more than 40 women, and more than 40 men" in done.out
    act(store, man(store, "Mr Nobody", sex="unknown"), "2024-10-05", "charge")
    assert "more than 40 women, and more than 40 people" in beech("--month", "2024-10", "--sentence").out


def test_a_press_line_without_a_period_is_of_the_month_that_ended_last(beech: Beech) -> None:
    done = beech("--sentence")
    assert "no period given: October 2026 (" in done.err
    assert done.code == 8  # of an empty unit nothing is left to say


@pytest.mark.usefixtures("october")
def test_a_file_needs_a_profile_and_a_recipient_and_is_a_disclosure(
    store: Store, beech: Beech, tmp_path: Path
) -> None:
    out = tmp_path / "october.md"
    assert beech("--month", "2024-10", "--out", str(out)).code == 2
    assert beech("--month", "2024-10", "--out", str(out), "--profile", "internal").code == 2
    handed = ("--month", "2024-10", "--profile", "internal", "--recipient", "internal", "--out")
    assert beech(*handed, str(tmp_path / "october.pdf")).code == 2
    assert not out.exists()
    assert beech(*handed, str(out)).code == 0
    assert "## Report, October 2024" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o777 == 0o600
    entries = store.cipher.execute(
        "select operation, json_extract(detail, '$.recipient') from entry "
        "where (desk, tx) = (select desk, tx from entry order by at desc limit 1)"
    ).fetchall()
    assert [operation for operation, _ in entries if operation != "security"] == ["disclosure"]
    assert "internal" in [recipient for _, recipient in entries]


def test_a_recipient_that_is_never_given_anything_is_refused(beech: Beech, tmp_path: Path) -> None:
    handed = ("--month", "2024-10", "--profile", "internal", "--out", str(tmp_path / "x.md"))
    assert beech(*handed, "--recipient", "home_office").code == 5
    assert not list(tmp_path.glob("x.md"))


@pytest.mark.parametrize("profile", ["internal", "partner", "public"])
def test_every_profile_has_the_gravest_action_first(profile: str, beech: Beech, store: Store) -> None:
    for number in range(20):
        spoke(store, "2024-10-05T12:00:00+01:00", woman(store, f"Willow-{number}"))
        act(store, man(store, f"Gary Example {number}"), "2024-10-06", "arrest")
    ran = beech("--month", "2024-10", "--profile", profile, "-f", "json")
    assert ran.code == 0, ran.err
    (rows,) = (one["rows"] for one in ran.told["tables"] if one["id"] == "offenders_by_highest_action")
    assert [row["highest_action"] for row in rows] == [
        *("charge", "caution", "community_resolution", "course", "order", "arrest", "other")
    ]
