"""The form's letters and a write-up's lines: each means one thing, and what nobody said stays unsaid."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import BeechError, Refused
from db.rules import shorthand, vocabulary

NOW = datetime(2026, 11, 23, 21, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "began", "contact"),
    [
        ("", None, "spoke"),
        ("1", "flagged_down", "spoke"),
        ("3s", "patrol", "seen_only"),
        ("3 S", "patrol", "seen_only"),
        ("5", "call", "spoke"),
        ("n", None, "nil_patrol"),
        ("patrol", "patrol", "spoke"),
        ("drop in", "drop_in", "spoke"),
        ("drop in d", "drop_in", "declined"),
    ],
)
def test_how_is_a_digit_and_a_letter_where_nobody_was_spoken_to(
    typed: str, began: str | None, contact: str
) -> None:
    assert shorthand.read_how(typed) == (began, contact)


def test_every_way_a_contact_begins_has_its_digit_and_flagged_down_is_the_first() -> None:
    assert set(shorthand.HOW) == set(vocabulary.codes("initiated_by"))
    assert shorthand.HOW[0] == "flagged_down"
    assert set(shorthand.CONTACTS.values()) | {"spoke"} == set(vocabulary.codes("contact"))


def test_every_need_has_a_letter_of_its_own() -> None:
    assert sorted(shorthand.NEEDS.values()) == sorted(vocabulary.codes("need"))


def test_every_behaviour_has_a_letter_or_is_said_by_its_word() -> None:
    spelled = {code for code in vocabulary.codes("behaviour") if code not in shorthand.BEHAVIOURS.values()}
    assert all(shorthand.read_behaviours(code) == ((code,),) for code in spelled)
    assert {"follows", "assaults", "refuse_pay", "threatens"} <= set(shorthand.BEHAVIOURS.values())


@pytest.mark.parametrize(
    ("typed", "needs", "offers"),
    [
        ("h", ("housing",), ()),
        ("hd", ("housing", "drugs"), ()),
        ("H", (), ("housing:declined",)),
        ("h+", ("housing",), ("housing:accepted",)),
        ("hd+", ("housing", "drugs"), ("drugs:accepted",)),
        ("housing, Drugs", ("housing",), ("drugs:declined",)),
        ("id", ("id_docs",), ()),
    ],
)
def test_a_need_is_a_letter_and_a_capital_says_that_she_said_no(
    typed: str, needs: tuple[str, ...], offers: tuple[str, ...]
) -> None:
    assert shorthand.read_needs(typed) == (needs, offers)


def test_letters_that_run_together_are_one_event_and_a_comma_begins_another() -> None:
    assert shorthand.read_behaviours("fv") == (("follows", "assaults"),)
    assert shorthand.read_behaviours("f, p") == (("follows",), ("refuse_pay",))
    assert shorthand.read_behaviours("weapon_knife f") == (("weapon_knife",), ("follows",))


def test_when_it_happened_has_no_default_and_not_known_is_an_answer() -> None:
    with pytest.raises(Refused, match="not known"):
        shorthand.read_happened("", NOW)
    assert shorthand.read_happened("?", NOW) == {}
    assert shorthand.read_happened("tonight 2050", NOW) == {"happened_from": "tonight 2050"}
    assert shorthand.read_happened("20/11 to 22/11", NOW) == {
        "happened_from": "20/11",
        "happened_to": "22/11",
    }
    with pytest.raises(Refused, match="still to come"):
        shorthand.read_happened("tonight 2330", NOW)


@pytest.mark.parametrize(
    ("typed", "decision"),
    [
        ("l", (None, None, None)),
        ("", (None, None, None)),
        ("c 26/0001", ("crimed", "26/0001", None)),
        ("n", ("n100", None, None)),
        ("i no crime told", ("incident_only", None, "no crime told")),
        ("r", ("referred_fcr", None, None)),
    ],
)
def test_the_crime_decision_is_a_letter_and_its_reference_or_reason(
    typed: str, decision: tuple[str | None, ...]
) -> None:
    assert shorthand.read_decision(typed) == decision


def test_an_incident_alone_needs_its_reason() -> None:
    with pytest.raises(Refused, match="reason"):
        shorthand.read_decision("i")


def test_going_back_is_a_day_and_then_what_for() -> None:
    assert shorthand.read_return("", NOW) is None
    assert shorthand.read_return("7d housing form", NOW) == ("2026-11-30", "housing form")
    assert shorthand.read_return("fri", NOW) == ("2026-11-27", None)
    with pytest.raises(Refused, match="past"):
        shorthand.read_return("-2d", NOW)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("2250 kas, ton w ok", ("2250", ("kas", "ton"), "", "w ok")),
        ("kas", ("", ("kas",), "", "")),
        ("kas 3", ("", ("kas",), "3", "")),
        ("kas 3s by the bridge", ("", ("kas",), "3s", "by the bridge")),
        ("kas d", ("", ("kas",), "d", "")),
        ("kas a bit low", ("", ("kas",), "", "a bit low")),
        ("22:50 ?2 cold", ("22:50", ("?2",), "", "cold")),
        ("ton, big red 3 ok", ("", ("ton", "big red"), "3", "ok")),
        ("", ("", (), "", "")),
    ],
)
def test_a_line_is_a_time_who_how_and_the_note(typed: str, line: tuple[object, ...]) -> None:
    assert shorthand.read_line(typed, frozenset({"big red"})) == line


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_one_sentence(typed: str) -> None:
    for read in (
        shorthand.read_how,
        shorthand.read_needs,
        shorthand.read_behaviours,
        shorthand.read_decision,
        shorthand.read_wording,
        lambda text: shorthand.read_happened(text, NOW),
        lambda text: shorthand.read_return(text, NOW),
        shorthand.read_line,
        shorthand.unnamed,
    ):
        said = ""
        try:
            read(typed)
        except BeechError as error:
            said = str(error)
        assert "\n" not in said
