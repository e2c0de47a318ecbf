"""What is done to a record from its screen: amend, wrong woman, text to paste; no change goes unseen."""

import pytest

from db import erasure, records
from db.records import Why
from db.vault import opening
from db.vault.store import Face, Store
from tests.conftest import Clock, Unit
from tests.formed import furnished, saved
from tests.seats import Seat
from tui.fields import Line
from tui.record import open_record
from tui.subject import Subject


@pytest.fixture
def refs(store: Store) -> dict[str, str]:
    """The references of whoever is in the unit, and of a contact with its concern."""
    made = furnished(store)
    made["E"] = records.listing(store, "engagement")[0]["ref"]
    raw = {"engagement": made["E"], "person": made["Kasia"], "behaviours": ["follows"], "sharing_level": 4}
    made["C"] = records.add(store, "concern", raw)["ref"]
    records.amend(store, "engagement", made["E"], {"sharing_level": 4, "narrative": "cold"})
    records.amend(store, "person", made["Kasia"], {"sharing_level": 4})
    store.close()
    return made


def said(seat: Seat) -> str:
    return " ".join(seat.shown.splitlines()[-4:])


async def at(seat: Seat, kind: str, ref: str) -> None:
    """Unlock and open one record."""
    await seat.unlock()
    screen = seat.app.screen
    assert isinstance(screen, Subject)
    screen.run_worker(open_record(screen, kind, ref))
    await seat.rest()


def field(seat: Seat, name: str) -> Line:
    return seat.app.screen.query_one(f"#amend-{name}", Line)


def test_e_types_over_a_field_and_f9_takes_it_back(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        field(seat, "sector").value = "12"
        field(seat, "initiated_by").value = ""
        await seat.press("ctrl+s")
        assert "is amended. F9 undoes" in said(seat)
        assert saved(unit)[0]["sector"] == "12"
        assert saved(unit)[0]["initiated_by"] is None
        await seat.press("f9")

    Seat(unit, clock).run(play)
    made = saved(unit)[0]
    assert (made["sector"], made["initiated_by"], made["needs"]) == ("3", "patrol", ["housing"])


def test_a_contact_of_a_restricted_woman_is_opened_and_changed_with_a_reason_alone(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        erasure.restrict(store, "person", refs["Kasia"], Why("safeguarding"))

    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        assert f"{refs['E']} is restricted. Why is it opened?" in seat.shown
        await seat.press("1", "e")
        field(seat, "sector").value = "12"
        await seat.press("ctrl+s")
        assert "why is it changed?" in seat.shown
        await seat.press("1")
        assert "is amended" in said(seat)

    Seat(unit, clock).run(play)
    assert saved(unit)[0]["sector"] == "12"


def test_what_somebody_else_changed_meanwhile_is_shown_and_never_overwritten(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        field(seat, "sector").value = "12"
        with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
            records.amend(store, "engagement", refs["E"], {"sector": "7", "partner": "awo"}, Why())
        await seat.press("ctrl+s")
        assert "as you typed it" in seat.shown
        assert "nothing was overwritten" in said(seat)
        assert saved(unit)[0]["sector"] == "7"
        await seat.press("escape")
        assert (field(seat, "sector").value, field(seat, "partner").value) == ("12", "awo")
        await seat.press("ctrl+s")

    Seat(unit, clock).run(play)
    assert (saved(unit)[0]["sector"], saved(unit)[0]["partner"]) == ("12", "awo")


def test_esc_keeps_what_was_typed_over_and_e_gives_it_back(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        field(seat, "sector").value = "12"
        await seat.press("escape")
        assert saved(unit)[0]["sector"] == "3"
        await seat.press("e")
        assert field(seat, "sector").value == "12"
        assert "not saved stands here again" in said(seat)
        assert field(seat, "at").has_focus

    Seat(unit, clock).run(play)


def test_a_rule_that_stands_against_a_change_is_said_and_nothing_is_lost(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        field(seat, "initiated_by").value = "flying"
        await seat.press("ctrl+s")
        assert "takes only its codes" in said(seat)
        assert field(seat, "initiated_by").value == "flying"

    Seat(unit, clock).run(play)
    assert saved(unit)[0]["initiated_by"] == "patrol"


def test_w_moves_a_contact_to_the_right_woman_with_all_that_hangs_on_it(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("w")
        await seat.type("ton")
        await seat.press("enter")
        assert f"from {refs['Kasia']} to {refs['Toni']}" in " ".join(seat.shown.split())
        await seat.press("y", "7")
        assert refs["Toni"] in said(seat)

    Seat(unit, clock).run(play, (120, 40))
    assert saved(unit)[0]["people"] == [refs["Toni"]]
    assert saved(unit, "concern")[0]["person"] == refs["Toni"]


def test_w_asks_once_and_n_moves_nothing(unit: Unit, clock: Clock, refs: dict[str, str]) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("w")
        await seat.type("ton")
        await seat.press("enter", "n")

    Seat(unit, clock).run(play)
    assert saved(unit)[0]["people"] == [refs["Kasia"]]


def test_a_text_to_paste_and_the_answers_to_a_question_scroll_where_they_are_longer_than_the_window(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        long = {"narrative": "\n".join(f"line {number} of what she said" for number in range(60))}
        records.amend(store, "engagement", refs["E"], long)

    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("y", "l")
        assert "line 59" not in seat.shown
        assert "Esc leaves" in seat.shown
        await seat.press(*["pagedown"] * 13)
        assert "line 59" in seat.shown
        assert "Esc leaves" in seat.shown
        await seat.press("escape", "x", "y")
        assert "8 correction" not in seat.shown
        await seat.press("pagedown")
        assert "8 correction" in seat.shown

    Seat(unit, clock).run(play, (41, 10))


def test_y_shows_text_to_paste_and_puts_it_into_the_clipboard_only_where_that_is_said(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        handed: list[str] = []
        seat.app.hand_to_clipboard = handed.append  # type: ignore[method-assign,assignment]
        await at(seat, "engagement", refs["E"])
        await seat.press("y", "l")
        assert "OFFICIAL-SENSITIVE" in seat.shown
        await seat.press("escape")
        assert handed == []
        await seat.press("y", "l", "y")
        assert len(handed) == 1
        assert "OFFICIAL-SENSITIVE" in handed[0]

    Seat(unit, clock).run(play, (120, 40))
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        (disclosures,) = store.cipher.execute(
            "select count(*) from entry where operation = 'disclosure'"
        ).fetchone()
    assert disclosures == 2
