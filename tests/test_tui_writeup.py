"""Write-up: crew, partner, sector and day asked once, then one line a contact."""

import asyncio

import pytest

from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.formed import furnished, play, saved
from tests.seats import Seat
from tui.engagement.form import NewEngagement
from tui.engagement.writeup import WriteUp


@pytest.fixture
def refs(store: Store, clock: Clock) -> dict[str, str]:
    """The references of whoever is in the unit, late in the evening."""
    made = furnished(store)
    store.close()
    clock.forward(11.6 * 3600)
    return made


def said(seat: Seat) -> str:
    return seat.shown.splitlines()[-2].strip()


async def header(seat: Seat) -> None:
    for text in ("sam, jo", "awo", "3", ""):
        await seat.type(text)
        await seat.press("enter")


def test_a_line_holds_time_who_how_and_note_under_the_crew_asked_once(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("2250 kas, ton w ok")
        assert "Tue 24 Nov 2026 22:50" in seat.shown
        assert "note: w ok" in seat.shown
        await seat.press("enter")
        assert said(seat).startswith("Saved E-")
        assert "Willow-27, Rowan-04" in seat.shown

    play(unit, clock, script, keys=("f2", "f2"))
    made = saved(unit)[0]
    assert made["at"] == "2026-11-24T22:50:00+00:00"
    assert made["people"] == [refs["Kasia"], refs["Toni"]]
    assert (made["narrative"], made["officers"], made["partner"], made["sector"]) == (
        "w ok",
        ["sam", "jo"],
        "awo",
        "3",
    )
    assert (made["initiated_by"], made["contact"]) == (None, "spoke")


def test_a_line_without_a_time_takes_the_last_ones(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        for line in ("2205 kas 3", "ton 3s", "?2"):
            await seat.type(line)
            await seat.press("enter")

    play(unit, clock, script, keys=("f2", "f2"))
    made = saved(unit)[:3]
    assert {one["at"] for one in made} == {"2026-11-24T22:05:00+00:00"}
    assert [(one["initiated_by"], one["contact"], one["people_unnamed"]) for one in reversed(made)] == [
        ("patrol", "spoke", 0),
        ("patrol", "seen_only", 0),
        (None, "spoke", 2),
    ]


def test_the_first_line_is_asked_for_its_time(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("kas")
        await seat.press("enter")
        assert "begin the first one with its time" in said(seat)

    play(unit, clock, script, keys=("f2", "f2"))
    assert len(saved(unit)) == 1


def test_after_midnight_belongs_to_the_day_after_the_shift_began(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    clock.forward(6 * 3600)  # 05:36 on the 25th

    async def script(seat: Seat) -> None:
        await header(seat)
        for line in ("2355 kas", "0130 ton"):
            await seat.type(line)
            await seat.press("enter")

    play(unit, clock, script, keys=("f2", "f2"))
    assert [one["at"] for one in saved(unit)[:2]] == [
        "2026-11-25T01:30:00+00:00",
        "2026-11-24T23:55:00+00:00",
    ]


def test_tab_opens_the_full_form_for_the_line(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("2250 kas 1 scared")
        await seat.press("tab")
        form = seat.app.screen
        assert isinstance(form, NewEngagement)
        assert form.sheet.text("note") == "scared"
        form.field("concerns").focus()
        await seat.type("f")
        await seat.press("enter")
        await seat.type("?")
        form.field("sharing").focus()
        await seat.type("2")
        await seat.press("ctrl+s")
        assert isinstance(seat.app.screen, WriteUp)
        assert "full form" in seat.shown

    play(unit, clock, script, keys=("f2", "f2"))
    made = saved(unit)[0]
    assert (made["at"], made["initiated_by"]) == ("2026-11-24T22:50:00+00:00", "flagged_down")
    assert (made["officers"], made["sector"]) == (["sam", "jo"], "3")
    assert saved(unit, "concern")[0]["behaviours"] == ["follows"]


def test_f9_takes_back_the_line_saved_last(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        for line in ("2205 kas", "ton"):
            await seat.type(line)
            await seat.press("enter")
        await seat.press("f9")
        assert "is undone" in said(seat)

    play(unit, clock, script, keys=("f2", "f2"))
    assert [one["people"] for one in saved(unit)] == [[refs["Kasia"]], [refs["Kasia"]]]


def test_a_line_that_was_not_saved_comes_back_as_a_draft_of_the_form(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("2250 kas cold")
        await seat.press("escape", "f2")
        form = seat.app.screen
        assert isinstance(form, NewEngagement)
        assert (form.sheet.text("person"), form.sheet.text("note")) == ("kas", "cold")

    play(unit, clock, script, keys=("f2", "f2"))


def test_a_line_is_kept_at_every_pause_and_dropped_where_nothing_is_left_of_it(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("2250 kas")
        await pause(seat)
        (kept,) = seat.app.drafts.listing()
        assert kept.fields["texts"]["person"] == "kas"
        await seat.press(*["backspace"] * len("2250 kas"), "escape")
        assert seat.app.drafts.listing() == []

    play(unit, clock, script, keys=("f2", "f2"))


def test_a_line_that_the_full_form_has_saved_leaves_no_draft(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("2250 kas cold")
        await pause(seat)
        await seat.press("tab", "ctrl+s")
        assert isinstance(seat.app.screen, WriteUp)
        assert seat.app.drafts.listing() == []

    play(unit, clock, script, keys=("f2", "f2"))
    assert len(saved(unit)) == 2


async def pause(seat: Seat) -> None:
    """Wait until a draft is kept, or for longer than that can take."""
    for _ in range(600):
        await asyncio.sleep(0.05)
        if seat.app.drafts.listing():
            break


def test_somebody_new_is_left_to_the_full_form(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def script(seat: Seat) -> None:
        await header(seat)
        await seat.type("2250 +petra")
        await seat.press("enter")
        assert "full form" in said(seat)

    play(unit, clock, script, keys=("f2", "f2"))
    assert len(saved(unit)) == 1
