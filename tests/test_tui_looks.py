"""How the screens look: contrast, colourless, in ASCII, in any window, and word for word as stored."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.color import Color

from db import records, watchlist
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.seats import Seat
from tui.app import Looks
from tui.themes import COLOURS, PAIRS

STORED = Path(__file__).parent / "data" / "screens"


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.1's contrast ratio of two colours."""

    def luminance(colour: Color) -> float:
        parts = (part / 255 for part in (colour.r, colour.g, colour.b))
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", COLOURS)
def test_every_pair_of_colours_that_meet_stands_at_seven_to_one(theme: str) -> None:
    colours = COLOURS[theme]
    for text, ground in PAIRS:
        assert contrast(Color.parse(colours[text]), Color.parse(colours[ground])) >= 7, (text, ground)


def drawn(seat: Seat) -> Iterator[tuple[str, Color, Color]]:
    """Every stretch of text on the screen with its colours."""
    for strip in seat.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            colour = style.color.triplet if style is not None and style.color else None
            ground = style.bgcolor.triplet if style is not None and style.bgcolor else None
            if segment.text.strip() and colour is not None and ground is not None:
                yield segment.text, Color(*colour), Color(*ground)


def furnish(store: Store) -> None:
    """A unit with a little of everything; references are the test's own, so that screens can be stored."""
    who = records.add(
        store, "person", {"pseudonym": "Willow-27", "known_as": ["Kasia"], "safety": "ring not"}
    )
    records.add(
        store, "engagement", {"at": "now", "people": [who["ref"]], "sector": "Quay", "needs": ["housing"]}
    )
    man = watchlist.add_offender(store, {"aliases": ["Gaz"], "build": "stocky", "sector": "Quay"})
    records.add(store, "sighting", {"at": "yesterday 2130", "offender": man["ref"], "sector": "Quay"})
    records.add(store, "followup", {"what": "ring about the bed space", "due_on": "20/11/2026"})


EVERY = (
    ["f4"],
    ["enter"],
    ["h"],
    ["escape", "f5"],
    ["enter"],
    ["x"],
    ["escape", "f3"],
    ["f6"],
    ["f1"],
    ["ctrl+p"],
)


@pytest.mark.parametrize("light", [False, True])
def test_no_text_on_any_screen_falls_below_seven_to_one(
    unit: Unit, clock: Clock, store: Store, light: bool
) -> None:
    furnish(store)

    async def play(seat: Seat) -> None:
        if light:
            seat.app.turn_colours()
        await seat.unlock()
        for keys in ([], *EVERY):
            await seat.press(*keys)
            for text, colour, ground in drawn(seat):
                assert contrast(colour, ground) >= 7, (keys, text, colour, ground)

    Seat(unit, clock).run(play)


def test_without_colour_the_terminals_own_are_used(
    unit: Unit, clock: Clock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(store)
    monkeypatch.setenv("NO_COLOR", "1")

    async def play(seat: Seat) -> None:
        await seat.unlock()
        for keys in (["f4"], ["enter"], ["f6"]):
            await seat.press(*keys)
            assert list(drawn(seat)) == []
            assert "> " in seat.shown

    Seat(unit, clock, Looks(plain=True)).run(play)


def test_in_ascii_no_screen_shows_anything_else(unit: Unit, clock: Clock, store: Store) -> None:
    furnish(store)

    async def play(seat: Seat) -> None:
        await seat.type("half")
        assert "****" in seat.shown
        assert seat.shown.isascii()
        await seat.unlock()
        for keys in ([], *EVERY, ["escape", "f2"], ["f2"], ["escape", "f4", "enter", "e"]):
            await seat.press(*keys)
            assert seat.shown.isascii(), [one for one in seat.shown if not one.isascii()]

    Seat(unit, clock, Looks(ascii=True)).run(play)


def test_a_window_too_small_says_so_and_comes_back(unit: Unit, clock: Clock, store: Store) -> None:
    furnish(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4")
        assert seat.pilot is not None
        await seat.pilot.resize_terminal(39, 9)
        await seat.rest()
        assert "too small" in seat.shown
        assert "beech log" in seat.shown.replace("\n", " ")
        await seat.pilot.resize_terminal(59, 15)
        await seat.rest()
        assert "E-" in seat.shown
        assert " Today  [Engagements]  F5  F3  F6" in seat.shown.splitlines()[0]
        await seat.press("f6")
        assert [line for line in seat.shown.splitlines()[1:] if line.endswith("~")] == []
        await seat.press("f4")
        await seat.pilot.resize_terminal(80, 24)
        await seat.rest()
        assert "Enter open" in seat.shown

    Seat(unit, clock).run(play)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_screens_are_word_for_word_as_stored(
    unit: Unit, clock: Clock, store: Store, size: tuple[int, int]
) -> None:
    furnish(store)
    refs = dict(store.cipher.execute("select ref, kind from record").fetchall())

    def plain(text: str) -> str:
        for ref, kind in refs.items():
            text = text.replace(ref, f"{ref[0]}-{kind[:4]:x<4}".upper())
        return text

    async def play(seat: Seat) -> None:
        shown = [seat.shown]
        await seat.unlock()
        shown.append(seat.shown)
        for keys in (["f4"], ["enter"], ["escape", "f5"], ["enter"], ["f3"], ["f6"], ["f1"]):
            await seat.press(*keys)
            shown.append(seat.shown)
        seat.app.go("people")
        await seat.rest()
        shown.append(seat.shown)
        seat.app.go("followups")
        await seat.rest()
        shown.append(seat.shown)
        ruler = "=" * size[0]
        told = f"\n{ruler}\n".join(plain(one) for one in shown) + "\n"
        stored = STORED / f"{size[0]}x{size[1]}.txt"
        if os.environ.get("STORE_SCREENS"):
            stored.write_text(told)
        assert told == stored.read_text()

    Seat(unit, clock).run(play, size)
