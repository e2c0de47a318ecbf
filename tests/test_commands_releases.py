"""``beech releases``, and what ``summary`` says where a figure may not leave."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.desk import Desk
from tests.tallied import spoke, woman

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def beech(
    unit: Unit, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A unit with twenty women spoken to in October 2025, two in November."""
    women = [woman(store, f"Willow-{number}") for number in range(22)]
    for number, her in enumerate(women):
        spoke(store, "2025-10-05 21:30" if number < 20 else "2025-11-05 21:30", her)
    return Desk(unit, Clock(NOW), monkeypatch, capsys)


def test_a_release_is_listed_and_printed_again(beech: Desk) -> None:
    assert beech("releases", "list").out == ""
    told = beech("summary", "--month", "2025-10", "--profile", "partner", "-f", "json").json
    listed = beech("releases", "list", "-f", "json").json
    assert [(one["ref"], one["profile"], one["from"]) for one in listed] == [
        (told["release"], "partner", "2025-10-01")
    ]
    page = beech("releases", "show", told["release"])
    assert page.code == 0
    assert f"partner profile, for partner, {told['release']}" in page.out
    assert "People engaged 20" in " ".join(page.out.split())
    again = beech("releases", "show", told["release"], "-f", "json").json
    assert again["measures"] == told["measures"]
    assert again["made_from"]
    rows = list(csv.DictReader(io.StringIO(beech("releases", "show", told["release"], "-f", "csv").out)))
    assert next(row for row in rows if row["id"] == "people_engaged")["value"] == "20"


def test_what_would_give_an_earlier_figure_away_is_refused_with_what_would_do(beech: Desk) -> None:
    assert beech("summary", "--month", "2025-10", "--profile", "partner").code == 0
    refused = beech("summary", "--quarter", "2025-Q4", "--profile", "partner")
    assert (refused.code, refused.out) == (5, "")
    assert refused.err.count("\n") == 1
    assert "engagements" in refused.err
    assert "--coarser" in refused.err
    assert "--profile headline" in refused.err
    assert beech("summary", "--quarter", "2025-Q4", "--profile", "headline").code == 0


def test_a_page_is_handed_to_somebody_else_and_approved(beech: Desk) -> None:
    told = beech("summary", "--month", "2025-10", "--profile", "public", "-f", "json").json
    given = beech("releases", "show", told["release"], "--recipient", "council", "-f", "json").json
    assert (given["recipient"], given["measures"]) == ("council", told["measures"])
    approved = beech("releases", "approve", given["release"], "-f", "json").json
    assert (approved["approved_on"], approved["approved_by"]) == ("2026-01-10", "Sam")
    assert beech("releases", "approve", given["release"]).code == 5


@pytest.mark.parametrize("profile", ["internal", "partner"])
def test_the_press_gets_no_exact_figure(profile: str, beech: Desk, tmp_path: Path) -> None:
    asked = ("summary", "--month", "2025-10", "--profile", profile)
    ran = beech(*asked, "--recipient", "press", "--out", str(tmp_path / "october.md"))
    assert (ran.code, ran.err.count("\n")) == (5, 1)
    assert "--profile public or headline" in ran.err
    assert list(tmp_path.glob("october*")) == []
    assert beech("releases", "list").out == ""
    told = beech(*asked, "-f", "json").json
    if "release" in told:
        assert beech("releases", "show", told["release"], "--recipient", "press").code == 5


def test_a_release_that_is_not_there_is_not_found(beech: Desk) -> None:
    for words in (("show", "L-0000"), ("approve", "L-0000")):
        ran = beech("releases", *words)
        assert (ran.code, ran.err.count("\n")) == (4, 1)
