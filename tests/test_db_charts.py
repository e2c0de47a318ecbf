"""Charts in a terminal's cells: true to the counts, in 80 columns, in ASCII where there is no more."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from db.rules.charts import NONE_HELD, WITHHELD, Chart, Point, alternative
from db.rules.charts.lines import draw, plain, table
from db.rules.widths import width

COUNTS = st.one_of(st.none(), st.integers(0, 10_000_000))
LABELS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Mn", "Me", "Zl", "Zp")), max_size=60)


def chart(*values: int | None, **how: Any) -> Chart:
    points = tuple(Point(f"row {number}", value) for number, value in enumerate(values))
    return Chart("c", "Concerns", points)._replace(**how)


@given(st.lists(st.tuples(LABELS, COUNTS), max_size=20), st.booleans(), st.booleans(), st.integers(40, 200))
def test_no_line_is_wider_than_the_room_there_is(
    rows: list[tuple[str, int | None]], over_time: bool, ascii: bool, room: int
) -> None:
    points = tuple(Point(label, value) for label, value in rows)
    one = Chart("c", "Concerns", points, over_time)
    two = one._replace(before=points, names=("this year", "year before"))
    for drawn in (one, two):
        lines = draw(drawn, room, ascii=ascii)
        assert max(map(width, lines)) <= room
        if ascii and all(label.isascii() for label, _ in rows):
            assert all(line.isascii() for line in lines)


@given(st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12))
def test_a_longer_bar_is_never_a_smaller_count_and_every_count_above_nought_has_a_mark(
    values: list[int],
) -> None:
    bars = [line[5 if len(values) < 11 else 6 :].rstrip() for line in draw(chart(*values))]
    for value, line in zip(values, bars, strict=True):
        assert line.endswith(f"{value:,}")
        assert any(char in line for char in "█▏▎▍▌▋▊▉") == (value > 0)
    lengths = [sum(" ▏▎▍▌▋▊▉█".index(char) for char in line if char in " ▏▎▍▌▋▊▉█"[1:]) for line in bars]
    for one, long in zip(values, lengths, strict=True):
        for other, short in zip(values, lengths, strict=True):
            assert one <= other or long >= short


def test_the_largest_count_fills_its_room_and_half_of_it_half() -> None:
    whole, half = draw(chart(100, 50), 80)
    assert whole.count("█") == 2 * half.count("█") > 50


def test_what_is_withheld_or_not_held_says_so_and_has_no_mark() -> None:
    withheld, missing, nought = draw(
        Chart("c", "Concerns", (Point("a", None, WITHHELD), Point("b", None), Point("c", 0)))
    )
    assert withheld.split() == ["a", "withheld"]
    assert missing.split() == ["b", *NONE_HELD.split()]
    assert nought.split() == ["c", "0"]


def test_columns_stand_over_their_months_with_the_value_on_top() -> None:
    months = tuple(Point(name, value) for name, value in (("Jan", 4), ("Feb", 8), ("Mar", 1)))
    lines = draw(Chart("c", "Calls", months, True), 80, height=4)
    assert lines == [
        "     8",
        "    ███",
        " 4  ███",
        "███ ███  1",
        "███ ███ ▄▄▄",
        "───────────",
        "Jan Feb Mar",
    ]
    assert all(line.isascii() for line in draw(Chart("c", "Calls", months, True), ascii=True))


def test_a_year_of_months_with_a_gap_fits_as_columns_and_explains_its_signs() -> None:
    values = (12, None, 33, 40, 41, 29, 28, 27, 33, None, 8, 13)
    months = tuple(Point(f"{number:02d} 2026", value) for number, value in enumerate(values, 1))
    *_, over, under, signs = draw(Chart("c", "Calls", months, True))
    assert signs == "* none held"
    assert over.split() == [f"{number:02d}" for number in range(1, 13)]
    assert under.split() == ["2026"] * 12


def test_columns_without_room_are_bars() -> None:
    months = tuple(Point(f"{number:02d}/2026", number) for number in range(30))
    assert len(draw(Chart("c", "Calls", months, True))) == 30


def test_two_series_are_told_apart_by_name_and_texture() -> None:
    two = chart(4, 2, before=(Point("", 2), Point("", 4)), names=("this year", "year before"))
    blocks, marks = draw(two), draw(two, ascii=True)
    assert [line.split()[-3:-2] for line in blocks[:2]] == [["year"], ["before"]]
    assert "█" in blocks[0]
    assert "░" in blocks[1]
    assert "#" in marks[0]
    assert "-" in marks[1]


def test_a_chart_in_words_has_every_mark_with_its_value() -> None:
    assert alternative(chart(4, None)) == "Concerns: row 0 4, row 1 none held."
    two = chart(4, before=(Point("", 2),), names=("this year", "year before"))
    assert alternative(two) == "Concerns, this year and year before: row 0 4 (year before 2)."


def test_a_table_has_its_numbers_to_the_right_in_80_columns() -> None:
    lines = table(("month", "count"), [("October 2026", "29"), ("x" * 100, "1,000")])
    assert lines[1].endswith("   29")
    assert {width(line) for line in lines} <= {80}


def test_ascii_is_for_the_linux_console_and_for_a_locale_that_is_not_utf8() -> None:
    assert plain({"TERM": "linux", "LANG": "en_GB.UTF-8"})
    assert plain({"LANG": "en_GB.ISO-8859-1"})
    assert plain({"LC_ALL": "C", "LANG": "en_GB.UTF-8"})
    assert not plain({"LANG": "en_GB.utf8", "TERM": "xterm-256color"})
    assert not plain({})
