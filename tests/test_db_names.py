"""Names in any order, spelling and script: what is alike, how much it costs, what stays apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules import names
from db.rules.names import Kind


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Gary Smith", ("gary", "smith")),
        ("O'Brien", ("obrien",)),
        ("Mc Donald", ("mcdonald",)),
        ("Abd al-Rahman", ("abdulrahman",)),
        ("Mr José Núñez", ("jose", "nunez")),
        ("al-Rawi, Saif", ("rawi", "saif")),
        ("Łukasz Żak", ("lukasz", "zak")),
        ("Саша", ("sasha",)),
        ("a lad called Daz", ("daz",)),
        ("\u202bGary\u202c", ("gary",)),
        ("", ()),
    ],
)
def test_a_name_comes_to_its_parts(written: str, parts: tuple[str, ...]) -> None:
    assert names.parts(written) == parts


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("gaz", "gary"), ("gazza", "gareth"), ("daz", "darren"), ("baz", "barry"), ("tel", "terence"),
        ("del", "derek"), ("kev", "kevin"), ("shaz", "sean"), ("robbo", "robert"), ("smudge", "smith"),
        ("mo", "mohammed"), ("kuba", "jakub"), ("wojtek", "wojciech"), ("przemek", "przemyslaw"),
        ("costel", "constantin"), ("ghita", "gheorghe"), ("sarko", "sarkawt"), ("ze", "jose"),
        ("chidi", "chidiebere"), ("jas", "jaswinder"), ("tam", "thomas"), ("gibbo", "gibson"),
    ],
)  # fmt: skip
def test_short_and_street_forms_are_known_for_what_they_are(short: str, full: str) -> None:
    assert names.compare(short, full).kind is Kind.SHORT


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("kieran", "ciaran"), ("mohamed", "muhammad"), ("hussain", "hussein"), ("thackery", "thackeray"),
        ("nowicki", "novitsky"), ("stephen", "steven"), ("jonutz", "ionut"), ("sowerby", "sourby"),
        ("gallagher", "gallacher"), ("goldsbrough", "goldsborough"), ("philip", "phillip"),
    ],
)  # fmt: skip
def test_spelling_by_ear_stays_near(a: str, b: str) -> None:
    assert names.compare(a, b).cost <= 4.0


@pytest.mark.parametrize(
    ("a", "b"),
    [("liam", "lee"), ("gary", "barry"), ("jordan", "gordon"), ("smith", "jones"), ("ian", "alan")],
)
def test_other_names_are_not_taken_for_one_another_cheaply(a: str, b: str) -> None:
    assert names.compare(a, b).cost >= 2.9


def test_order_does_not_count() -> None:
    assert not names.pair(("smith", "gary"), ("gary", "smith")).left_a


def test_an_initial_agrees_with_what_it_begins_and_not_with_another_letter() -> None:
    assert names.compare("g", "gary").kind is Kind.INITIAL
    assert names.compare("g", "mark").kind is Kind.NONE


def test_a_name_written_in_two_pieces_agrees_with_the_whole() -> None:
    paired = names.pair(("saif", "eldin"), ("saifeldin",))
    assert paired.agreed
    assert not paired.left_a


def test_several_names_in_one_text_are_alternatives() -> None:
    assert names.alternatives("Dean or Deano") == ["Dean", "Deano"]
    assert names.alternatives("Lee / Leigh Harper aka Smudge") == ["Lee", "Leigh Harper", "Smudge"]


def test_scripts_are_read_into_latin_letters() -> None:
    assert names.likeness("Сергей Лавров", "Sergey Lavrov") > 0.8
    assert names.likeness("Rêbwar Kerîm", "Rebwar Karim") > 0.8


def test_another_surname_is_less_alike_than_a_missing_one() -> None:
    assert names.likeness("Gary Smith", "Gary Jones") < names.likeness("Gary", "Gary Jones")


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_lies_between_nought_and_one_and_does_not_mind_the_order(a: str, b: str) -> None:
    assert 0.0 <= names.likeness(a, b) <= 1.0
    assert names.likeness(a, b) == pytest.approx(names.likeness(b, a), abs=0.35)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.text("abcdefghijklmnoprstuwyz", max_size=12),
)
def test_comparing_is_symmetrical(a: str, b: str) -> None:
    assert names.compare(a, b) == names.compare(b, a)
