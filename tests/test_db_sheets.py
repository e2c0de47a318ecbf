"""A sheet says the same in every form, marked, and no form of it runs, fetches or steers anything."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules.charts import NONE_HELD, WITHHELD, Chart, Point
from db.rules.sheets import HIDDEN, Figure, Grid, Part, Sheet, paper, web, workbook
from db.rules.widths import width
from tests.printed import Page, cells
from tests.printed import workbook as read_back

HOSTILE = "=HYPERLINK(\"x\") <script>alert(1)</script> & | ` \x1b[31m\u202e ]]> 'url(x)'"
MADE = date(2026, 11, 24)


def sheet(word: str = "Ropewalk") -> Sheet:
    bars = Chart("bars", "By sector", (Point(word, 5), Point("Kiln Lane", None, WITHHELD)))
    months = Chart(
        "months",
        "By month",
        (Point("Sep 2026", 3), Point("Oct 2026", None)),
        True,
        (Point("", 4), Point("", 5)),
        ("this year", "year before"),
    )
    return Sheet(
        "Report, October 2026",
        (("profile", "partner"), ("as at", MADE), ("release", "L-7KQ2")),
        (
            Part(
                "A. Women: [all] / of them",
                ("Calls are what was recorded.",),
                (
                    Figure("people", "People engaged", 42, 40, "Different people."),
                    Figure("few", "Concerns", HIDDEN, None, "Reports."),
                    Figure("rate", "Change", -12.5, 1.0, "Per cent."),
                ),
                (
                    Grid(
                        "bars",
                        "By sector",
                        ("sector", "count"),
                        ((word, 5), ("Kiln Lane", HIDDEN)),
                        "Of them.",
                        bars,
                    ),
                ),
            ),
            Part(
                "A. Women: [all] / of them",
                grids=(
                    Grid(
                        "months",
                        "By month",
                        ("month", "this year", "year before"),
                        (("Sep 2026", 3, 4), ("Oct 2026", None, 5)),
                        "Whole months.",
                        months,
                    ),
                    Grid("empty", "Empty", ("a", "b"), ()),
                ),
            ),
        ),
        (f"A note {word}.",),
        "September 2026",
    )


def test_a_page_runs_nothing_fetches_nothing_and_tells_each_chart_in_words() -> None:
    page = Page("".join(web.page(sheet())))
    page.check()
    assert [chart["title"] for chart in page.charts] == ["By sector", "By month"]
    assert page.charts[0]["desc"] == f"By sector: Ropewalk 5, Kiln Lane {WITHHELD}."
    assert f"Oct 2026 {NONE_HELD} (year before 5)" in page.charts[1]["desc"]
    assert page.words.count("OFFICIAL-SENSITIVE release=L-7KQ2") == 2
    assert WITHHELD in page.words
    assert "2026-11-24" in page.words


def test_a_second_series_is_an_outline_and_not_another_colour() -> None:
    page = Page("".join(web.page(sheet())))
    assert {attrs["fill"] for tag, attrs in page.tags if tag == "rect"} == {"#1d2733", "#ffffff"}
    assert all(attrs["stroke"] for tag, attrs in page.tags if tag == "rect")


def test_what_is_hostile_in_a_word_is_words_on_a_page_and_a_text_in_a_cell(tmp_path: Path) -> None:
    page = Page("".join(web.page(sheet(HOSTILE))).replace("&#x27;url(x)&#x27;", ""))
    page.check()
    assert "\x1b" not in page.text
    place = tmp_path / "hostile.xlsx"
    place.write_bytes(workbook.book(sheet(HOSTILE), MADE))
    found = [cell for one in read_back(place) for row in cells(one) for cell in row]
    assert any(str(cell).startswith("=HYPERLINK") for cell in found)
    for form in (paper.text(sheet(HOSTILE)), paper.markdown(sheet(HOSTILE))):
        assert not {"\x1b", "\u202e"} & set("".join(form))
    assert "\\<script\\>" in "".join(paper.markdown(sheet(HOSTILE)))


def test_a_workbook_has_numbers_dates_native_charts_and_the_definitions_apart(tmp_path: Path) -> None:
    place = tmp_path / "report.xlsx"
    place.write_bytes(workbook.book(sheet(), MADE))
    book = read_back(place)
    assert book.sheetnames == ["Report", "A. Women all of them", "A. Women all of them 2", "Definitions"]
    front, women, months, definitions = book
    assert ("as at", MADE) in [(row[0], row[1].date()) for row in cells(front) if row[0] == "as at"]
    assert ["People engaged", 42, 40, "Different people."] in cells(women)
    assert ["Concerns", WITHHELD, "-", "Reports."] in cells(women)
    assert ["Change", -12.5, 1, "Per cent."] in cells(women)
    assert ["Kiln Lane", WITHHELD] in cells(women)
    assert ["Oct 2026", "-", 5] in cells(months)
    assert [len(one._charts) for one in book] == [0, 1, 1, 0]
    assert [row[0] for row in cells(definitions)[2:]] == ["people", "few", "rate", "bars", "months"]
    for one in book:
        assert one.oddHeader.center.text.endswith("OFFICIAL-SENSITIVE release=L-7KQ2")
        assert cells(one)[0] == ["OFFICIAL-SENSITIVE release=L-7KQ2"]


def test_a_rows_height_holds_its_longest_cell_and_a_chart_stands_in_what_its_table_leaves_free(
    tmp_path: Path,
) -> None:
    made = sheet()
    long = Figure("people", "People engaged", 42, 40, "Different people, each of them once. " * 5)
    place = tmp_path / "report.xlsx"
    place.write_bytes(workbook.book(made._replace(parts=(made.parts[0]._replace(figures=(long,)),)), MADE))
    page = read_back(place).worksheets[1]
    rows = {row[0].value: row[0].row for row in page.iter_rows()}
    assert page.row_dimensions[rows["People engaged"]].height == 4 * 15
    assert page.row_dimensions[rows["Kiln Lane"]].height is None  # one line, as any row
    assert [chart.anchor._from.col for chart in page._charts] == [2]


def test_a_workbook_says_its_charts_in_words_and_has_no_links_macros_or_clock(tmp_path: Path) -> None:
    made = workbook.book(sheet(), MADE)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        names = parts.namelist()
        drawings = "".join(parts.read(name).decode() for name in names if "drawings/drawing" in name)
        assert "Ropewalk 5" in drawings
        assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
        assert b"2026-11-24" in parts.read("docProps/core.xml")
    assert made == workbook.book(sheet(), MADE)


def test_text_is_80_columns_wide_and_drawn_where_that_is_asked_for() -> None:
    plain = "".join(paper.text(sheet()))
    assert max(map(width, plain.splitlines())) <= 80
    assert plain.startswith("OFFICIAL-SENSITIVE release=L-7KQ2\n")
    assert plain.endswith("OFFICIAL-SENSITIVE release=L-7KQ2\n")
    assert "█" not in plain
    assert "█" in "".join(paper.text(sheet(), drawn=True))
    assert "".join(paper.text(sheet(), drawn=True, ascii=True)).isascii()


def test_markdown_begins_with_its_marking_and_csv_has_every_cell() -> None:
    lines = "".join(paper.markdown(sheet())).splitlines()
    assert lines[0] == "# OFFICIAL-SENSITIVE release=L-7KQ2"
    assert "| People engaged | 42 | 40 | Different people. |" in lines
    assert f"| Kiln Lane | {WITHHELD} |" in lines
    rows = {(row["id"], row["row"], row["column"]): row for row in paper.flat(sheet())}
    assert rows["bars", "Kiln Lane", "count"]["withheld"] is True
    assert rows["bars", "Kiln Lane", "count"]["value"] is None
    assert rows["months", "Sep 2026", "year before"]["value"] == 4
    assert rows["people", None, "September 2026"]["value"] == 40


@given(st.text(max_size=40), st.one_of(st.none(), st.integers(), st.text(max_size=20)))
def test_no_text_can_break_out_of_a_page_or_its_80_columns(word: str, value: object) -> None:
    made = sheet()._replace(
        title=word,
        parts=(
            Part(
                word,
                (word,),
                (Figure("f", word, value, None, word),),
                (Grid("g", word, ("a", word), ((word, value),)),),
            ),
        ),
    )
    page = Page("".join(web.page(made)))
    assert {tag for tag, _ in page.tags} >= {"main", "section", "table"}
    assert not {"script", "link", "img"} & {tag for tag, _ in page.tags}
    "".join(paper.markdown(made)).encode("utf-8", "strict")
    assert len(list(csv.reader(io.StringIO("".join(paper.markdown(made)))))) > 0


@pytest.mark.parametrize("title", ["History", "a" * 40, "Definitions", "REPORT", "  ", "x/y:z"])
def test_any_title_of_a_part_is_a_page_that_excel_takes(title: str, tmp_path: Path) -> None:
    place = tmp_path / "titles.xlsx"
    place.write_bytes(workbook.book(sheet()._replace(parts=(Part(title), Part(title))), MADE))
    names = read_back(place).sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(0 < len(name) <= 31 for name in names)
