"""Workbooks that come in: typed dates, one sheet, and nothing that hides a value or swells."""

import io
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.errors import Usage
from db.vault.store import Store
from tests.imports import Desk, changed

EVENING = datetime.fromisoformat("2026-11-20T21:30")  # as a spreadsheet holds a time: without a zone
HEADER = ["external_ref", "at", "contact", "people_unnamed", "needs", "next_on", "narrative"]


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


def book(*rows: list[Any]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def packed(raw: bytes, **parts: bytes) -> bytes:
    """A workbook with parts replaced or added; a name's underscores are slashes."""
    held = io.BytesIO()
    new = {name.replace("__", "/").replace("_DOT_", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            made.writestr(name, new.pop(name, old.read(name)))
        for name, part in new.items():
            made.writestr(name, part)
    return held.getvalue()


ONE = ["X1", EVENING, "spoke", 2, "housing;food", date(2026, 12, 1), "=she said"]


def plain() -> openpyxl.Workbook:
    made = book(HEADER, ONE)
    assert made.active is not None
    made.active["G2"].data_type = "s"  # text that begins like a formula
    return made


def test_dates_times_numbers_and_text_are_taken_as_what_they_are(desk: Desk) -> None:
    assert changed(desk.take("engagement", saved(plain()), name="a.xlsx")) == {"create": 1}
    row = desk.engagements()["X1"]
    assert row["at"] == "2026-11-20T21:30:00+00:00"
    assert (row["people_unnamed"], row["needs"], row["next_on"]) == (2, ["housing", "food"], "2026-12-01")
    assert row["narrative"] == "=she said"


def test_a_marking_and_empty_rows_are_passed_over_and_rows_keep_their_numbers(desk: Desk) -> None:
    made = book(["# OFFICIAL-SENSITIVE release=r1"], HEADER, [], ["X1", "never", None], [None] * 9)
    done = desk.take("engagement", saved(made), name="a.xlsx")
    assert [(one.row, str(one.why)[:3]) for one in done.problems] == [(4, "at:")]


def test_the_hour_that_came_twice_in_october_is_refused_with_its_row(desk: Desk) -> None:
    twice = ["X1", datetime.fromisoformat("2026-10-25T01:30"), "spoke"]
    done = desk.take("engagement", saved(book(HEADER, twice)), name="a.xlsx")
    assert [(one.row, "twice" in str(one.why)) for one in done.problems] == [(2, True)]


def test_a_time_in_the_future_is_refused_with_its_row(desk: Desk) -> None:
    late = ["X1", datetime.fromisoformat("2027-01-01T01:30"), "spoke"]
    done = desk.take("engagement", saved(book(HEADER, late)), name="a.xlsx")
    assert [(one.row, one.why) for one in done.problems] == [(2, "at: lies in the future")]


def hidden() -> bytes:
    made = plain()
    made.create_sheet("more").sheet_state = "hidden"
    return saved(made)


def several() -> bytes:
    made = plain()
    made.create_sheet("more")
    return saved(made)


def merged() -> bytes:
    made = book(HEADER, ONE[:6], ["X2", None, "spoke"])
    assert made.active is not None
    made.active.merge_cells("B2:B3")
    return saved(made)


def entities() -> bytes:
    text = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'
    raw = saved(plain())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    return packed(raw, xl__worksheets__sheet1_DOT_xml=text + sheet[sheet.index(b"<worksheet") :])


FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "formula": (lambda: saved(book(HEADER, ["=A1", *ONE[1:6]])), "row 2, column 1: is a formula"),
    "error": (lambda: saved(book(HEADER, ["X1", "#N/A"])), "row 2, column 2: is an error"),
    "merged": (merged, "merged cells"),
    "hidden": (hidden, "holds 2 sheets, 1 of them hidden"),
    "several": (several, "holds 2 sheets: keep"),
    "macros": (lambda: packed(saved(plain()), xl__vbaProject_DOT_bin=b"x"), "holds macros"),
    "bomb": (lambda: packed(saved(plain()), xl__media__a_DOT_bin=bytes(301_000_000)), "unpacks to far more"),
    "texts": (
        lambda: packed(saved(plain()), xl__sharedStrings_DOT_xml=bytes(101_000_000)),
        "holds more text",
    ),
    "entities": (entities, "is not an XLSX workbook"),
    "no archive": (lambda: b"PK\x03\x04 nothing", "is not an XLSX workbook"),
    "empty": (lambda: b"", "is not an XLSX workbook"),
    "another archive": (lambda: packed(saved(plain()))[:-40], "is not an XLSX workbook"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is not an XLSX workbook"),
    "no rows": (lambda: saved(book()), "no header row"),
    "beyond": (lambda: saved(book(["external_ref"], ["X1", "x"])), "row 2: has a value beyond"),
    "no name": (lambda: saved(book(["external_ref", None, "at"])), "column 2: has no name"),
    "twice": (lambda: saved(book(["at", "at"])), "column 2: its name stands twice"),
    "unknown": (lambda: saved(book(["at", "shoe_size"], [ONE[1], 5])), "shoe_size"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_workbook_that_is_no_good_is_usage_by_place_and_nothing_is_written(desk: Desk, fault: str) -> None:
    make, said = FAULTS[fault]
    before = desk.entries()
    with pytest.raises(Usage, match=said):
        desk.take("engagement", make(), name="a.xlsx")
    assert desk.entries() == before


def test_a_sheet_that_says_it_is_as_large_as_can_be_is_read_by_what_stands_in_it(desk: Desk) -> None:
    raw = saved(plain())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:G2"', b'ref="A1:XFD1048576"')
    content = packed(raw, xl__worksheets__sheet1_DOT_xml=sheet)
    assert changed(desk.take("engagement", content, name="a.xlsx")) == {"create": 1}


def test_a_date_that_no_calendar_has_is_refused_by_row_and_says_nothing_else(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    made = book(["external_ref", "at"], ["X1", 99999999999])
    assert made.active is not None
    made.active["B2"].number_format = "yyyy-mm-dd"
    with pytest.raises(Usage, match="row 2, column 2: is an error"):
        desk.take("engagement", saved(made), name="a.xlsx")
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="the open files are read from /proc")
def test_a_workbook_that_the_library_cannot_read_is_not_left_open(desk: Desk) -> None:
    broken = packed(saved(plain()), xl__workbook_DOT_xml=b"<no")
    with pytest.raises(Usage) as refused:
        desk.take("engagement", broken, name="broken.xlsx")
    held = [one.resolve() for one in Path("/proc/self/fd").iterdir()]
    assert desk.folder / "broken.xlsx" not in held, refused
