"""Telephone numbers: one form for every way of writing, partial and misheard ones weighed."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules import telephones
from db.rules.telephones import Agreement


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("07700 900123", "07700900123"),
        ("+44 7700 900123", "07700900123"),
        ("+44 (0)7700 900123", "07700900123"),
        ("0044 7700 900 123", "07700900123"),
        ("(01632) 960 123", "01632960123"),
        ("7700900123", "07700900123"),
        ("oh double seven double oh nine oh oh one two three", "07700900123"),
        ("ends 0123", "*0123"),
        ("last four 0123", "*0123"),
        ("...0123", "*0123"),
        ("07700 9001??", "077009001??"),
        ("07700 9", "077009*"),
        ("900123", "*900123*"),
        ("+48 600 123 456", "+48600123456"),
        ("12", None),
        ("no number", None),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, form: str | None) -> None:
    assert telephones.normalise(written) == form


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        ("07700900123", Agreement.SAME),
        ("07700900124", Agreement.DIGIT),
        ("0770090123", Agreement.DIGIT),
        ("07700900132", Agreement.SWAP),
        ("*0123", Agreement.END),
        ("077009*", Agreement.START),
        ("077009001??", Agreement.PATTERN),
        ("*0124", Agreement.DIGIT),
        ("07700900999", Agreement.NONE),
    ],
)
def test_agreement_says_how_two_numbers_agree(asked: str, how: Agreement) -> None:
    assert telephones.compare(asked, "07700900123").how is how


def test_the_same_number_outweighs_one_digit_out_and_an_ending() -> None:
    same, digit, ending = (
        telephones.compare(asked, "07700900123").bits for asked in ("07700900123", "07700900128", "*0123")
    )
    assert (same, digit) == (18.0, 9.0)
    assert same > ending >= 9.0


def test_the_uk_reader_does_without_the_big_library() -> None:
    program = (
        "import sys; from db.rules import telephones; telephones.normalise('+44 7700 900123'); "
        "raise SystemExit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(st.text(max_size=60), st.text("0123456789?*", min_size=3, max_size=14))
def test_no_text_breaks_the_reading_or_the_comparison(text: str, other: str) -> None:
    form = telephones.normalise(text) or "07700900123"
    assert telephones.compare(form, telephones.normalise(other) or "*123").bits <= 18.0
