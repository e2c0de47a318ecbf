"""The rules of disclosure control on single pages: what is withheld, what stays, and why."""

import pytest

from db.rules.disclosure import HEADLINE, PARTNER, PUBLIC, Cell, Key, Page, Sum, of_people, passes, protect
from db.rules.disclosure.worlds import FAR, Unknown, Worlds


def people(count: int) -> Cell:
    return of_people(range(count))


def line(*parts: int, threshold: int) -> str:
    """A row of figures with its total in front, as it is printed: ``24 * 12 *``."""
    keys: list[Key] = [(f"part {place}",) for place in range(len(parts))]
    printed: dict[Key, Cell] = {("total",): people(sum(parts))}
    printed |= {key: people(part) for key, part in zip(keys, parts, strict=True)}
    withheld = protect(Page(printed, {}, [Sum(("total",), tuple(keys))]), threshold)
    return " ".join("*" if key in withheld else str(cell.number) for key, cell in printed.items())


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ((3, 12, 9), "24 * 12 *"),  # of the domain's own example: the smallest other goes with it
        ((12, 9, 8), "29 12 9 8"),
        ((2, 2, 2, 20), "26 * * * 20"),
        ((1, 2, 30), "33 * * *"),  # the two make 3: each would be 1 or 2
        ((4, 4, 30), "38 * * *"),  # the two make 8: both would be 4
        ((3, 0, 0), "* * 0 0"),
        ((0, 0, 0), "0 0 0 0"),
    ],
)
def test_a_small_count_takes_with_it_what_it_could_be_worked_out_from(
    parts: tuple[int, ...], printed: str
) -> None:
    assert line(*parts, threshold=5) == printed


def test_twelve_engagements_with_one_woman_do_not_pass() -> None:
    assert passes(Cell(12, dict.fromkeys(range(6), 2)), 5)
    assert not passes(Cell(12, {1: 12}), 5)
    assert not passes(Cell(12, dict.fromkeys(range(4), 3)), 5)


def test_nobody_may_be_more_than_half_of_a_count() -> None:
    assert passes(Cell(12, {1: 6} | dict.fromkeys(range(2, 8), 1)), 5)
    assert not passes(Cell(12, {1: 7} | dict.fromkeys(range(2, 7), 1)), 5)
    assert not passes(Cell(12, dict.fromkeys(range(12), 1), beside={99: 7}), 5)


def test_nought_passes_and_a_count_of_nobody_passes_by_its_size() -> None:
    assert passes(Cell(0, {}), 5)
    assert passes(Cell(5), 5)
    assert not passes(Cell(4), 5)


@pytest.mark.parametrize(
    ("count", "partner", "public", "headline"),
    [(8, 8, 10, None), (10, 10, 10, None), (11, 11, 10, 10), (12, 12, 10, 10), (13, 13, 15, 10)]
    + [(40, 40, 40, 30), (41, 41, 40, 40), (0, 0, 0, None)],
)
def test_each_profile_prints_its_way(count: int, partner: int, public: int, headline: int | None) -> None:
    assert [profile.printed(count) for profile in (PARTNER, PUBLIC, HEADLINE)] == [partner, public, headline]


SUM: list[dict[Key, int]] = [{("total",): -1, ("part",): 1, ("rest",): 1}]


def test_a_figure_that_has_changed_is_looked_at_in_worlds_where_it_is_what_it_was() -> None:
    unknown: dict[Key, Unknown] = {
        ("total",): Unknown(31, 21, 30, stale=True),
        ("part",): Unknown(8, 8, 8),
        ("rest",): Unknown(23, 21, FAR),
    }
    assert Worlds(unknown, SUM).values(("total",)) == {29, 30}
    assert Worlds(unknown, SUM).values(("rest",)) == {21, 22}


def test_where_no_world_has_it_as_it_was_the_truth_alone_is_left() -> None:
    unknown: dict[Key, Unknown] = {
        ("total",): Unknown(31, 21, 28, stale=True),
        ("part",): Unknown(8, 8, 8),
        ("rest",): Unknown(23, 21, FAR),
    }
    assert Worlds(unknown, SUM).values(("rest",)) == {23}
