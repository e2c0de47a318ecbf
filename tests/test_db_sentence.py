"""The press line: never a small number, never a word that the records do not bear out."""

import json

import pytest

from db import releases, settings
from db.errors import Refused
from db.records import Why
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
    women, men = Counted(40, frozenset({"woman"})), Counted(70, frozenset({"man"}))
    assert press_line("2023", women, men) == (
        "2023: officers have engaged with more than 40 women, and more than 70 men have been dealt with by "
        "cautions, arrests and charges (each counted once in the period; women the unit spoke to, men with "
        "at least one caution, arrest, charge or summons)."
    )


@pytest.mark.parametrize("sexes", [{"woman", "unknown"}, {"woman", None}, {"man"}, {"unknown"}])
def test_the_line_says_people_unless_every_record_says_woman(sexes: set[str | None]) -> None:
    line = press_line("2023", Counted(40, frozenset(sexes)), Counted(40, frozenset({"man", None})))
    assert "women" not in line
    assert " men " not in line
    assert line.count("more than 40 people") == 2


@pytest.mark.parametrize("none", [None, 0])
def test_what_is_withheld_is_told_without_a_number_and_without_a_sex(none: int | None) -> None:
    line = press_line("P", Counted(none, frozenset({"woman"})), Counted(none, frozenset({"man"})))
    assert line.count("a number of people that is not given") == 2
    assert "women" not in line
    assert not any(char.isdigit() for char in line)


@pytest.fixture
def twelve(store: Store) -> None:
    """Twelve women, one of whom said no to statistics, and twelve men in October."""
    for number in range(12):
        consent = None if number else False
        spoke(store, "2026-10-05 21:30", woman(store, f"Willow-{number}", statistics_consent=consent))
        act(store, man(store, f"Mr Example {number}"), "2026-10-05", "arrest")


@pytest.mark.usefixtures("twelve")
def test_a_press_line_is_journalled_as_it_was_said_and_leaves_out_who_said_no(store: Store) -> None:
    line = press.sentence(store, OCTOBER)
    assert "October 2026 (1 Oct 2026 to 31 Oct 2026, as at 24 Nov 2026): officers have engaged with" in line
    assert "more than 10 women, and more than 10 men" in line
    operation, recipient, kind, body = store.cipher.execute(
        "select e.operation, json_extract(e.detail, '$.recipient'), e.kind, p.body from entry as e "
        "join payload as p on p.desk = e.desk and p.seq = e.seq order by e.at desc limit 1"
    ).fetchone()
    assert (operation, recipient, kind) == ("disclosure", "press", "release")
    assert json.loads(body)["line"] == line


@pytest.mark.usefixtures("twelve")
def test_a_press_line_is_a_draft_until_its_release_is_approved(store: Store) -> None:
    line = press.sentence(store, OCTOBER)
    (release,) = releases.listing(store)
    assert line.startswith(f"DRAFT, not to be said before 'beech releases approve {release['ref']}': October")
    releases.approve(store, release["ref"])
    assert press.sentence(store, OCTOBER) == line.partition("': ")[2]
    assert len(releases.listing(store)) == 1


@pytest.mark.usefixtures("twelve")
def test_a_press_line_says_what_the_unit_counts_where_it_counts_by_a_set_of_its_own(store: Store) -> None:
    proposed = settings.propose(store, '[sets]\ndealt_with = ["arrest", "community_resolution"]', "unit.toml")
    settings.apply(store, proposed, Why())
    line = press.sentence(store, OCTOBER)
    assert "men have been dealt with (each counted once" in line
    assert "men with at least one of these: arrest, community resolution)." in line
    assert "caution" not in line


@pytest.mark.usefixtures("twelve")
def test_a_press_line_is_of_a_whole_period_that_is_over(store: Store) -> None:
    with pytest.raises(Refused, match="--month 2026-10"):
        press.sentence(store, NOVEMBER)
