"""What comes in as text, and what leaves as cells."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.rules import text

anything = st.text()
items = st.lists(st.text(alphabet=st.sampled_from(";\\ \t\nab'=é"), min_size=1))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain words", "plain words"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("from\r\nWindows\rand Word\x0b", "from\nWindows\nand Word\n"),
        ("red \x1b[31malert\x1b[0m \x07", "red [31malert[0m "),
        ("c1 \x9b31m \x90q\x9c", "c1 31m q"),
        ("one\u2028two\x85three", "one\ntwo\nthree"),
        ("cafe\u0301", "caf\u00e9"),
        ("gnp.\u202etxt\u202c", "gnp.txt"),
        ("zero\u200bwidth \u2060and\ufeff \u00adsoft", "zerowidth and soft"),
        ("tag \U000e0041\U000e007f", "tag "),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("nbsp\u00a0stays", "nbsp\u00a0stays"),
        ("\u0646\u06cc\u200c\u06a9\u0627\u0646", "\u0646\u06cc\u200c\u06a9\u0627\u0646"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\u200dloose \u200c \u200c9 end\u200d", "loose  9 end"),
        ("double\u200c\u200cjoiner", "double\u200cjoiner"),
        ("hid\u202aden\u200djoin", "hidden\u200djoin"),
        ("[bold]markup[/] is text", "[bold]markup[/] is text"),
    ],
)
def test_text_that_comes_in_loses_what_steers_or_hides(typed: str, kept: str) -> None:
    assert text.clean(typed) == kept


@given(anything)
@example("\u200c")
@example("a\u200d\u200d\u0301b")
def test_cleaning_twice_changes_nothing_and_leaves_no_control_or_format_character(typed: str) -> None:
    cleaned = text.clean(typed)
    assert text.clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    for char in cleaned:
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs") or char in "\n\t\u200c\u200d"
    assert cleaned.encode().decode() == cleaned


@given(anything)
def test_one_line_holds_no_line_break_of_any_kind(typed: str) -> None:
    line = text.one_line(typed)
    assert len(line.splitlines()) <= 1
    assert "\t" not in line


def test_one_line_keeps_words_apart() -> None:
    assert text.one_line("she said\r\nhe waits\tby the underpass") == "she said he waits by the underpass"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_shielded(start: str) -> None:
    assert text.shield_cell(start + "1+1") == "'" + start + "1+1"


def test_a_cell_that_is_only_words_is_left_alone() -> None:
    for cell in ("", "words", "'quoted'", "a=b", "'tis", " =spaced"):
        assert text.shield_cell(cell) == cell
        assert text.unshield_cell(cell) == cell


@given(st.text() | st.text(alphabet="'=+-@\t\r a"))
@example("'=1")
@example("''=1")
def test_a_shielded_cell_comes_back_exactly_and_never_begins_a_formula(cell: str) -> None:
    shielded = text.shield_cell(cell)
    assert text.unshield_cell(shielded) == cell
    assert not shielded.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(items)
@example(["a\\", "b"])
@example([" ", "\\ ", ";"])
@example(["trailing \\"])
def test_a_list_in_a_cell_comes_back_exactly(parts: list[str]) -> None:
    assert text.split_list(text.join_list(parts)) == parts


@given(st.lists(st.text(min_size=1)))
def test_a_list_survives_a_shielded_csv_file(parts: list[str]) -> None:
    parts = [kept for part in parts if (kept := text.clean(part))]
    out = io.StringIO()
    csv.writer(out).writerow(["x", text.shield_cell(text.join_list(parts))])
    row = next(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert text.split_list(text.unshield_cell(row[1])) == parts


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("", []),
        ("  ", []),
        ("housing", ["housing"]),
        ("housing; drugs ;;food;", ["housing", "drugs", "food"]),
        (r"scar; left\; right", ["scar", "left; right"]),
        (r"C:\temp", [r"C:\temp"]),
        ("one\\", ["one\\"]),
        (r"a\\;b", ["a\\", "b"]),
    ],
)
def test_a_list_typed_by_hand_is_read_kindly(cell: str, parts: list[str]) -> None:
    assert text.split_list(cell) == parts


def test_a_semicolon_inside_an_item_is_written_with_a_backslash() -> None:
    assert text.join_list(["scar", "left; right"]) == r"scar;left\; right"


@pytest.mark.parametrize(
    ("typed", "rules"),
    [
        ("he waits by the underpass, silver Astra", []),
        ("Romanian accent, about forty", []),
        ("paid with a visa card, called Citizens Advice", []),
        ("she gave National Ugly Mugs her report", []),
        ("parked illegally", []),
        ("her NATIONALITY is known", ["nationality"]),
        ("she is a Polish national", ["nationality"]),
        ("he keeps her passport", ["nationality"]),
        ("asylum claim, on a visa", ["immigration", "visa"]),
        ("threatened to report her to immigration", ["immigration"]),
        ("no right to work here", ["right_to_work"]),
        ("fears deportation", ["immigration"]),
    ],
)
def test_words_that_could_harm_her_are_named_by_rule_never_quoted(typed: str, rules: list[str]) -> None:
    assert text.sealed_words(typed) == rules


@pytest.mark.parametrize(
    "typed",
    [
        "07700 900123",
        "+44 7700 900123",
        "0044 7700 900123",
        "(01632) 960-123",
        "7700900123",
        "tel07700900123",
        "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13",
        "07700\u200b900123",
        "ring 01632.960.123 now",
        "12/03/1985",
        "12.3.85",
        "12 03 1985",
        "1985-03-12",
        "19850312",
        "12031985",
        "12 March 1985",
        "12th of march, 1985",
        "12 mar 85",
        "March 12, 1985",
        "march 1985",
        "DOB 85",
        "born 1985",
    ],
)
def test_a_telephone_number_or_a_birth_date_looks_personal(typed: str) -> None:
    assert text.looks_personal(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "spider tattoo left hand",
        "NA12 KBO",
        "E-3FQ8",
        "silver astra 2130",
        "21/11/2026",
        "21/11 22/11 23/11",
        "2026-11-21 23:40",
        "21 Nov 2026",
        "sector 3 before 2145",
        "£100 200",
        "1985",
        "paid 20 or 30",
        "CVP-26-123456",
    ],
)
def test_what_officers_search_for_does_not_look_personal(typed: str) -> None:
    assert not text.looks_personal(typed)


@given(st.text(alphabet="0123456789/-. +jan"))
def test_looking_for_personal_text_never_fails(typed: str) -> None:
    assert text.looks_personal(typed) in (True, False)
