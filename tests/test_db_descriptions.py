"""Ages, heights, looks, marks, ways and cars as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules import descriptions


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("late forties", (46, 49)), ("about 50", (45, 55)), ("40-50", (40, 50)), ("in his 30s", (30, 39)),
        ("mid to late twenties", (24, 29)), ("twenties or thirties", (20, 39)), ("50ish", (45, 55)),
        ("over 60", (60, 72)), ("middle aged", (40, 58)), ("thirty-something", (30, 38)), ("37", (35, 39)),
        ("early 40s", (40, 44)), ("eighteen", (16, 20)), ("old", (52, 75)), ("no idea", None), ("", None),
        ("9", None),
    ],
)  # fmt: skip
def test_an_age_is_read_as_a_range_of_years(said: str, years: tuple[int, int] | None) -> None:
    assert descriptions.read_age(said) == years


@pytest.mark.parametrize(
    ("said", "cm"),
    [
        ("5'10", (176, 180)), ("about 6 foot 2", (183, 193)), ("five ten", (176, 180)), ("1.8 m", (178, 182)),
        ("180cm", (178, 182)), ("5'8-5'10", (173, 178)), ("five eight or nine", (173, 175)),
        ("six foot one or two", (185, 188)), ("5 and a half foot", (166, 170)), ("tall", (183, 198)),
        ("average height", (170, 181)), ("short", (152, 168)), ("6’1”", (183, 187)), ("dunno", None),
    ],
)  # fmt: skip
def test_a_height_is_read_as_a_range_of_centimetres(said: str, cm: tuple[int, int] | None) -> None:
    assert descriptions.read_height(said) == cm


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("skinny as a rake", "thin"),
        ("thickset", "stocky"),
        ("big lad", "heavy"),
        ("very fat", "obese"),
        ("fat", "heavy"),
    ],
)
def test_a_build_is_known_by_its_words(said: str, code: str) -> None:
    assert descriptions.read_codes(said, "build") == [f"build.{code}"]


def test_hair_is_colour_length_and_kind() -> None:
    codes = descriptions.read_hair("long greasy ginger hair in a ponytail")
    assert {"hairlength.long", "hairkind.greasy", "haircolour.ginger", "hairkind.ponytail"} <= set(codes)


def test_no_beard_is_clean_shaven_and_not_a_beard() -> None:
    assert descriptions.read_codes("no beard", "face") == ["face.clean"]


def test_an_accent_is_found_in_what_was_said_of_it() -> None:
    assert descriptions.read_codes("sounded Polish or Romanian", "accent") == [
        "accent.polish",
        "accent.romanian",
    ]


def test_a_mark_is_type_place_side_and_picture() -> None:
    (mark,) = descriptions.read_marks(["he had like a cobweb thing inked on the left side of his neck"])
    assert {"type.tattoo", "site.neck", "side.left", "thing.web"} <= set(mark)


def test_several_marks_in_one_text_are_several() -> None:
    assert len(descriptions.read_marks(["spider tattoo left hand, scar over right eye; gold tooth"])) == 3


def test_a_word_nobody_listed_stays_a_word_of_its_own() -> None:
    assert descriptions.read_marks(["lighthouse"]) == [["w.lighthous"]]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("wouldn't pay", "mo.refuse_pay"),
        ("refuses to pay", "mo.refuse_pay"),
        ("wanted her money back", "mo.takes_back_money"),
        ("slipped it off halfway", "mo.stealth"),
        ("hands round my neck", "mo.strangles"),
        ("the kids' locks were on", "mo.lock_in_car"),
        ("his mate was hiding in the back", "mo.second_man"),
        ("he was filming me", "mo.films"),
        ("said he was old bill", "mo.police_impersonation"),
        ("left me miles out of town", "mo.drives_off_area"),
        ("baby seat in the back", "habit.childseat"),
    ],
)
def test_a_way_of_doing_is_known_in_other_words(said: str, code: str) -> None:
    assert code in descriptions.read_ways([], said)


@pytest.mark.parametrize(
    ("words", "make", "body", "colour"),
    [
        (("", "Astra", "silver", ""), "vauxhall", "hatchback", "silver"),
        (("", "", "silver people carrier", ""), None, "mpv", "silver"),
        (("beamer", "", "dark blue", ""), "bmw", None, "blue"),
        (("", "white tranny van", "", ""), "ford", "van_panel", "white"),
        (("Merc", "", "", "estate"), "mercedes", "estate", None),
    ],
)
def test_a_vehicle_is_read_from_vague_words(
    words: tuple[str, str, str, str], make: str | None, body: str | None, colour: str | None
) -> None:
    car = descriptions.read_vehicle(*words)
    assert car.makes == ([make] if make else [])
    assert body in car.bodies or (body is None and not car.bodies)
    assert car.colours == ([colour] if colour else [])


def test_a_model_of_another_make_than_was_said_is_not_believed() -> None:
    assert descriptions.read_vehicle("Ford", "Astra", "", "") == (["ford"], [], [], [])


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    descriptions.read_age(text)
    descriptions.read_height(text)
    descriptions.read_hair(text)
    descriptions.read_marks([text])
    descriptions.read_ways([], text)
    assert len(descriptions.read_vehicle(text, text, text, text)) == 4
