"""The press line: never a small number, never a word that the records do not bear out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules.sentence import Counted, floor, press_line
from db.tallies import press
from db.vault.store import Store
from tests.tallied import NOVEMBER, OCTOBER, act, man, spoke, woman


@pytest.mark.parametrize(
    ("count", "said"), [(11, 10), (20, 10), (21, 20), (40, 30), (41, 40), (50, 40), (51, 50), (1, 0), (0, 0)]
)
def test_the_headline_is_the_ten_that_the_count_is_more_than(count: int, said: int) -> None:
    assert floor(count) == said


def test_the_line_reads_as_the_article_did() -> None:
    women, men = Counted(42, frozenset({"woman"})), Counted(75, frozenset({"man"}))
    assert press_line("2023", None, women, men) == (
        "2023: officers have engaged with more than 40 women, and more than 70 men have been dealt with by "
        "cautions, arrests and charges (each counted once in the period; women the unit spoke to, men with "
        "at least one caution, arrest, charge or summons)."
    )


@pytest.mark.parametrize("sexes", [{"woman", "unknown"}, {"woman", None}, {"man"}, {"unknown"}])
def test_the_line_says_people_unless_every_record_says_woman(sexes: set[str | None]) -> None:
    line = press_line("2023", None, Counted(42, frozenset(sexes)), Counted(42, frozenset({"man", None})))
    assert "women" not in line
    assert " men " not in line
    assert line.count("more than 40 people") == 2


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_line_never_gives_a_count_away(engaged: int, dealt_with: int) -> None:
    line = press_line("P", None, Counted(engaged, frozenset()), Counted(dealt_with, frozenset()))
    numbers = [int(word) for word in line.split() if word.isdigit()]
    assert all(number % 10 == 0 and number >= 10 for number in numbers)
    for count in (engaged, dealt_with):
        expected = f"more than {floor(count)}" if count > 10 else "up to 10" if count else "no one"
        assert expected in line


def test_a_press_line_is_journalled_as_a_disclosure_and_leaves_out_who_said_no(store: Store) -> None:
    for number in range(12):
        consent = None if number else False
        spoke(store, "2026-10-05 21:30", woman(store, f"Willow-{number}", statistics_consent=consent))
        act(store, man(store, f"Mr Example {number}"), "2026-10-05", "arrest")
    line = press.sentence(store, OCTOBER)
    assert "October 2026: officers have engaged with more than 10 women, and more than 10 men" in line
    last = store.cipher.execute(
        "select operation, json_extract(detail, '$.recipient') from entry order by at desc limit 1"
    ).fetchone()
    assert last == ("disclosure", "press")
    spoke(store, "2026-11-05 21:30", woman(store, "Rowan", sex="unknown"))
    assert "November 2026, as at 24 Nov 2026: officers have engaged with up to 10 people" in press.sentence(
        store, NOVEMBER
    )
