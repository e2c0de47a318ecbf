"""An attacker with a solver against whole histories of releases, and against suppressors that are too weak.

A few histories run each time; BEECH_HISTORIES=5000 runs thousands (`make attack`).
"""

import os
from copy import deepcopy
from functools import lru_cache
from itertools import product
from typing import Any

import pytest

from db.rules import disclosure
from db.rules.disclosure import PROFILES, Cell, Held, Key, Page, Sum, of_people, protect, register
from db.rules.disclosure.suppress import bounds
from tests.attacker import ADDS_UP, GONE, ROWS, Attacker
from tests.attacker import Page as Seen
from tests.histories import Memory, Printed, Years

HISTORIES = int(os.environ.get("BEECH_HISTORIES", "48"))
CHUNKS = 8
Place = tuple[Key, tuple[int, int]]
READERS: tuple[tuple[str, ...], ...] = (("partner", "public", "headline"), ("public", "headline"))


@lru_cache(64)
def left(seed: int, *, changes: bool) -> Years:
    """What leaves of one history, made once for all that ask; whoever goes on with it takes a copy."""
    return Years(seed, changes=changes)


def months(span: tuple[str, str]) -> tuple[int, int]:
    return int(span[0][5:7]) - 1, int(span[1][5:7]) - 1


def pages(printed: list[Printed], readers: tuple[str, ...]) -> list[Seen]:
    """What somebody has who gets these profiles."""
    return [
        Seen(months(one.span), one.profile.name, one.cells) for one in printed if one.profile.name in readers
    ]


def pinned(years: Years, readers: tuple[str, ...]) -> list[Place]:
    """The withheld figures that are left with fewer than four values, or with none; nought is none.

    Where something was changed between the pages, they may lead him to what is not so: a figure is withheld
    as well that it may not tell of a change. That uncovers nothing, unless it was so before, and secret.
    """
    truth: dict[Place, set[int]] = {}
    for one, exact in zip(years.printed, years.exact, strict=True):
        for key in one.cells:
            truth.setdefault((key, months(one.span)), set()).add((exact.cell(key) or Cell(0)).number)
    seen = pages(years.printed, readers)
    attacker = Attacker(seen)
    found = attacker.pinned()
    torn = set(attacker.torn)
    if torn:
        attacker = Attacker(seen, noughts=True)
        found += attacker.pinned()
        torn = set(attacker.torn)
    threshold = min(PROFILES[name].threshold for name in readers)
    told = {
        (key, at)
        for key, at, ends in found
        if any(ends[0] <= one <= ends[1] for one in truth.get((key, at), ends))
        or years.was_secret(key, at, ends, threshold)
    }
    return [one for one in told | torn if truth.get(one, {1}) != {0}]


def pinned_by_who_knows_what_changed(years: Years) -> list[Place]:
    """The same to somebody who is told which printed figures still hold, and keeps to those."""
    attacker = Attacker(pages(years.now(ROWS, GONE), READERS[0]), noughts=True)
    return [one[:2] for one in attacker.pinned()]


def uncovered(years: Years) -> list[tuple[Key, int]]:
    """Small figures of months that never left, and yet can be worked out; nothing was changed."""
    out = {(key, months(one.span)) for one in years.printed for key in one.cells}
    seen = pages(years.printed, READERS[0])
    attacker = Attacker(seen)
    return [
        (key, month)
        for month in range(6)
        for key, cell in years.history.page(month, month).printed.items()
        if 0 < cell.number < 5 and key[0] in ADDS_UP and (key, (month, month)) not in out and seen
        if (ends := attacker.range(key, (month, month))) and ends[1] - ends[0] < 3
    ]


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("changes", [False, True])
def test_no_withheld_figure_is_ever_left_with_fewer_than_four_values(chunk: int, changes: bool) -> None:
    withheld = 0
    for seed in range(chunk, HISTORIES // 2, CHUNKS):
        years = left(seed, changes=changes)
        withheld += sum(said is None for one in years.printed for said in one.cells.values())
        for readers in READERS:
            assert pinned(years, readers) == [], f"history {seed}, changes {changes}, read by {readers}"
        if changes:
            assert pinned_by_who_knows_what_changed(years) == [], f"history {seed}"
        else:
            assert uncovered(years) == [], f"history {seed}"
    assert withheld


def test_a_correction_tells_nothing_small_and_uncovers_nothing() -> None:
    corrected = 0
    for seed in range(HISTORIES // 4):
        years = deepcopy(left(seed, changes=True))
        before = len(years.printed)
        years.later()
        told = [one for now in years.printed[before:] for one in differences(now, years.printed[:before])]
        corrected += len(told)
        assert all(abs(by) >= 5 for by in told), f"history {seed}"
        assert pinned_by_who_knows_what_changed(years) == [], f"history {seed}"
    assert corrected


def differences(now: Printed, before: list[Printed]) -> list[int]:
    """By how much exact figures are printed otherwise than they were."""
    return [
        said - then
        for one in before
        if (one.span, one.profile, now.profile.step) == (now.span, now.profile, 1)
        for key, said in now.cells.items()
        if (then := one.cells.get(key)) is not None and said not in (None, then)
    ]


def test_a_figure_that_left_in_a_headline_is_known_once_a_partner_has_it() -> None:
    years = Years(81, changes=False)
    assert {one.profile.name for one in years.printed} == {"partner", "public", "headline"}
    assert uncovered(years) == []


def test_what_a_page_alone_leaves_narrow_is_watched_when_the_next_one_leaves() -> None:
    years = Years(71, changes=False)
    assert any(one.cells.get(("people_engaged_new",), 0) is None for one in years.printed)
    assert pinned(years, READERS[0]) == []


def test_nothing_is_supposed_of_a_period_that_no_page_is_of() -> None:
    years = Years(869, changes=False)
    assert any(one.cells.get(("people_engaged_new",), 0) is None for one in years.printed)
    assert pinned(years, READERS[0]) == []


STALE = (1503, 1677, 1844, 1854)  # histories in which something changes after a headline left


@pytest.mark.parametrize("seed", STALE)
def test_who_takes_what_has_changed_since_to_hold_still_works_nothing_out(seed: int) -> None:
    years = left(seed, changes=True)
    assert [pinned(years, readers) for readers in READERS] == [[], []]


def test_an_exact_part_that_a_rounded_whole_contradicts_is_withheld() -> None:
    assert pinned(left(598, changes=True), READERS[0]) == []


def test_an_exact_figure_that_a_headline_contradicts_is_withheld() -> None:
    years = left(1103, changes=True)
    assert [pinned(years, readers) for readers in READERS] == [[], []]


def insiders(years: Years) -> list[Key]:
    """Printed figures in which a woman who takes herself away sees hardly anybody else."""
    found = []
    for one, exact in zip(years.printed, years.exact, strict=True):
        for key, said in one.cells.items():
            cell = exact.cell(key)
            if not said or cell is None or cell.people is None:
                continue
            most = max(cell.people.values(), default=0)
            if len(cell.people) < 5 or 2 * most > cell.number:
                found.append(key)
    return found


def test_no_printed_figure_is_mostly_one_persons_or_of_fewer_than_five() -> None:
    assert [key for seed in range(40) for key in insiders(left(seed, changes=False))] == []


# --- and it does catch them ----------------------------------------------------------------------------


class PrimaryOnly(Memory):
    """Withholds what is small, and nothing beside it."""

    def _withheld(self, printed: Any, exact: Page, wanted: Any) -> Any:
        least = self.profile(wanted.profile).threshold
        return {
            key: bounds(cell, least) for key, cell in printed.items() if not disclosure.passes(cell, least)
        }

    def _hold(self, *_: Any) -> Held:
        return Held(frozenset(), False)


class NoRegister(Memory):
    """Protects each page well, and forgets what left before."""

    def _hold(self, *_: Any) -> Held:
        return Held(frozenset(), False)


def caught(judge: type[Memory], seeds: int = 24) -> int:
    histories = (Years(seed, judge, changes=False) for seed in range(seeds))
    return sum(bool(pinned(years, READERS[0]) or uncovered(years)) for years in histories)


def test_the_attacker_catches_a_suppressor_that_withholds_only_what_is_small() -> None:
    assert caught(PrimaryOnly) >= 3


def test_the_attacker_catches_a_suppressor_that_forgets_what_left_before() -> None:
    assert caught(NoRegister) >= 2


def test_the_attacker_catches_a_suppressor_that_forgets_who_knows_of_no_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = register._held

    def of_who_knows(*asked: Any, trusting: bool) -> Held:
        return Held(frozenset(), False) if trusting else held(*asked, trusting=False)

    monkeypatch.setattr(register, "_held", of_who_knows)
    assert all(pinned(Years(seed), READERS[0]) for seed in STALE)


def test_the_attacker_catches_a_suppressor_that_counts_contacts_and_not_women(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_count(cell: Cell, threshold: int) -> bool:
        return cell.number == 0 or cell.number >= threshold

    monkeypatch.setattr(disclosure.suppress, "passes", by_count)
    monkeypatch.setattr(disclosure.history, "passes", by_count)
    assert any(insiders(Years(seed, changes=False)) for seed in range(40))


# --- one page, every world there is --------------------------------------------------------------------


@pytest.mark.parametrize(("least", "most"), [(5, 14)])
def test_of_one_row_with_its_total_every_table_that_prints_the_same_leaves_four_values(
    least: int, most: int
) -> None:
    keys: list[Key] = [(f"part {place}",) for place in range(3)]
    people = [of_people(range(count)) for count in range(3 * most + 1)]
    printed: dict[tuple[int | None, ...], list[tuple[int, ...]]] = {}
    for parts in product(range(most + 1), repeat=3):
        cells: dict[Key, Cell] = {("total",): people[sum(parts)]}
        cells |= {key: people[part] for key, part in zip(keys, parts, strict=True)}
        withheld = protect(Page(cells, {}, [Sum(("total",), tuple(keys))]), least)
        said = tuple(None if key in withheld else cell.number for key, cell in cells.items())
        printed.setdefault(said, []).append((sum(parts), *parts))
    for said, worlds in printed.items():
        if max(max(world[1:]) for world in worlds) == most:
            continue  # the tables go on beyond what is tried here
        for place, one in enumerate(said):
            if one is None:
                values = {world[place] for world in worlds}
                assert len(values) >= 4 or values == {0}, (said, worlds)
