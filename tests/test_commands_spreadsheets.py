"""A spreadsheet goes wherever a list does: by the name of ``--out``, and only so."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commands.subjects import SUBJECTS
from tests.conftest import Clock, Unit
from tests.desk import Desk
from tests.test_commands_import import fill

HOSTILE = '=HYPERLINK("http://example.invalid","press")'


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


def cells(file: Path) -> list[list[Any]]:
    """The rows of a workbook's one sheet; nothing in it is a formula or a link."""
    book = openpyxl.load_workbook(file)
    (sheet,) = book.worksheets
    assert all(one.data_type != "f" and one.hyperlink is None for row in sheet.iter_rows() for one in row)
    return [[one.value for one in row] for row in sheet.iter_rows()]


def test_every_list_is_written_as_a_spreadsheet_that_is_the_same_when_it_is_imported(
    desk: Desk, tmp_path: Path
) -> None:
    fill(desk, tmp_path)
    for word, made in SUBJECTS.items():
        file = tmp_path / f"{word}.xlsx"
        ran = desk(word, "list", "--out", str(file))
        assert (ran.code, ran.out, str(file) in ran.err) == (0, "", True), (word, ran.err)
        header, *rows = cells(file)
        assert header == desk(word, "list", "-f", "csv").out.split("\n")[0].split(","), word
        assert len(rows) == len(desk(word, "list", "-f", "json").json) > 0, word
        assert file.stat().st_mode & 0o777 == 0o600
        if made.kind != "concern":  # whose car and man come only in JSON, as in CSV
            planned = desk("import", "offenders" if word == "watchlist" else word, str(file), "-f", "json")
            assert (planned.code, planned.json["update"]) == (0, 0), (word, planned.err, planned.json)


def test_a_look_at_a_list_is_journalled_where_it_goes_into_a_spreadsheet(desk: Desk, tmp_path: Path) -> None:
    fill(desk, tmp_path)
    desk("people", "list", "--out", str(tmp_path / "people.xlsx"))
    last = desk("journal", "list", "-f", "json").json[0]
    assert (last["operation"], last["kind"]) == ("consultation", "person")


def test_a_spreadsheet_runs_nothing_of_what_was_typed(desk: Desk, tmp_path: Path) -> None:
    said = {"at": "2026-11-20T21:30", "narrative": HOSTILE, "sector": "@sum", "needs": ["housing"]}
    ref = desk.ref("log", "--from-json", "-", stdin=json.dumps(said))
    file = tmp_path / "contacts.xlsx"
    file.write_text("before")
    assert desk("engagements", "list", "--out", str(file)).code == 0
    header, row = cells(file)
    told = dict(zip(header, row, strict=True))
    assert (told["ref"], told["narrative"], told["sector"]) == (ref, HOSTILE, "@sum")
    assert told["at"] == datetime.fromisoformat("2026-11-20T21:30")


def test_what_is_no_kinds_list_is_written_too_and_so_is_an_empty_one(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    assert desk("people", "list", "--out", str(file)).code == 0
    assert cells(file)[0][:2] == ["ref", "pseudonym"]
    fill(desk, tmp_path)
    him = desk("watchlist", "list", "-f", "json").json[0]["ref"]
    for command in (
        ("find", "spider"),
        ("journal", "list"),
        ("watchlist", "history", him),
        ("watchlist", "show", him),
        ("match", "--vrm", "NA12 QBX"),
        ("releases", "list"),
        ("vocabulary", "list", "action"),
        ("members", "list"),
        ("config", "show"),
        ("doctor",),
        ("status",),
        ("watchlist", "conflicts"),
    ):
        ran = desk(*command, "--out", str(file))
        assert ran.code == 0, (command, ran.err)
        assert cells(file), command


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "md"])
def test_a_format_that_says_otherwise_than_the_name_is_refused_before_anything_is_changed(
    desk: Desk, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "people.xlsx"
    ran = desk("people", "add", "-f", form, "--out", str(file))
    assert (ran.code, f"--out: {form} does not go into an .xlsx file" in ran.err) == (2, True)
    assert not file.exists()
    assert desk("people", "list", "-f", "json").json == []


def test_a_place_that_takes_no_spreadsheet_is_told_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    for place in ("a.xlsx", "none/b.xlsx"):
        ran = desk("people", "list", "--out", str(tmp_path / place))
        assert (ran.code in (2, 5), ran.err.count("\n")) == (True, 1), (place, ran.err)
    ran = desk("completion", "bash", "--out", str(tmp_path / "c.xlsx"))
    assert (ran.code, "is text" in ran.err) == (2, True)
