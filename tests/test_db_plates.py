"""Half-seen plates: what they are read as, what they may be, and that exact beats nearly exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules import plates

PLATE = "NA00KBX"
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("NA12 ?B?", "NA12?B?"),
        ("na00 kbx", "NA00KBX"),
        ("ends KPO", "*KPO"),
        ("ending in kpo", "*KPO"),
        ("starts NX12", "NX12*"),
        ("starts NA, ends KPO", "NA*KPO"),
        ("has a 7 and a K", "~7K"),
        ("N[AB]12 K*", "N[AB]12K*"),
        ("NX12...", "NX12*"),
        ("NX_2 K", "NX?2K"),
        ("reg NK00 maybe", "NK00"),
        ("??", ""),
        ("", ""),
        ("\u202eNA00\u202c", "NA00"),
    ],
)
def test_a_plate_is_read_as_it_is_typed_or_told(typed: str, read: str) -> None:
    assert plates.pattern(typed) == read


@pytest.mark.parametrize(
    ("plate", "format_"),
    [
        ("NA00 KBX", "current"),
        ("A123 BCD", "prefix"),
        ("Q123 BCD", "q"),
        ("ABC 123D", "suffix"),
        ("1 AB", "dateless"),
        ("ABC 12", "dateless"),
        ("JVZ 8254", "northern ireland"),
        ("101 D 202", "diplomatic"),
        ("AB12 CD", "military"),
        ("12345", "trade"),
    ],
)
def test_every_uk_format_is_known(plate: str, format_: str) -> None:
    assert format_ in plates.formats(plate)


def test_a_foreign_plate_has_no_format_and_is_still_compared() -> None:
    assert plates.formats("W-1234 XÜ") == []
    assert plates.compare(plates.pattern("KR 5X921"), "KR5X921").bits > 15


@pytest.mark.parametrize(
    "asked", ["NA00KBX", "NAOOKBX", "NA00K8X", "*KBX", "NA00*", "NA0?KBX", "[NM]A00KBX", "00KBX"]
)
def test_a_pattern_fits_the_plate_it_came_from(asked: str) -> None:
    assert plates.fits(asked, PLATE)


@pytest.mark.parametrize("asked", ["NA00KXB", "NA00KB", "NA00KBXX", "NA00JBX", "AN00KBX", "NA0KBX"])
def test_one_character_out_is_still_found_but_never_ties_with_the_same_plate(asked: str) -> None:
    exact = plates.compare(PLATE, PLATE).bits
    near = plates.compare(asked, PLATE).bits
    assert 8 < near < exact - 3


def test_a_look_alike_costs_less_than_a_wrong_character() -> None:
    same, alike, wrong = (plates.compare(asked, PLATE).bits for asked in ("NA00KBX", "NA00K8X", "NA00KJX"))
    assert same > alike > wrong


def test_a_reason_names_the_characters_that_were_read_for_others() -> None:
    assert plates.compare("NA00K8X", PLATE).why == "8 read for B"
    assert plates.compare("NA00BKX", PLATE).why == "B and K swapped"


def test_more_known_characters_weigh_more() -> None:
    bits = [plates.compare(asked, PLATE).bits for asked in ("*BX", "*KBX", "0KBX", "00KBX", "NA00KBX")]
    assert bits == sorted(bits)


def test_characters_in_any_order_fit_wherever_they_stand() -> None:
    assert plates.compare("~XK", PLATE).bits > 0
    assert plates.compare("~XZ", PLATE).bits == 0


def test_a_stored_partial_plate_is_compared_too() -> None:
    assert plates.compare("NA00KBX", "NA0?KB?").bits > 8
    assert plates.compare("NA00KBX", "*KBX").bits > 8


def test_another_plate_does_not_fit() -> None:
    assert plates.compare("SL01TTR", PLATE).bits == 0
    assert not plates.fits("KPX", PLATE)


current = st.builds(
    lambda a, b, c: f"{a}{b}{c}",
    st.text(LETTERS, min_size=2, max_size=2),
    st.sampled_from(["00", "01", "50"]),
    st.text(LETTERS, min_size=3, max_size=3),
)


@given(current, st.integers(0, 6))
def test_any_character_may_be_unknown_and_the_plate_still_fits(plate: str, at: int) -> None:
    asked = plate[:at] + "?" + plate[at + 1 :]
    assert plates.fits(asked, plate)
    assert plates.compare(asked, plate).bits < plates.compare(plate, plate).bits


@given(st.text(max_size=200), current)
def test_no_text_breaks_the_reading_or_the_comparison(text: str, plate: str) -> None:
    fit = plates.compare(plates.pattern(text), plate)
    assert fit.bits <= plates.compare(plate, plate).bits
