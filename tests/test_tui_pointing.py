"""Whom and what a record points at, amended in its dialog: offered, added, taken out, never overwritten."""

from db import records
from db.records import Why
from db.vault import opening
from db.vault.store import Face, Store
from tests.conftest import Clock, Unit
from tests.formed import saved
from tests.seats import Seat
from tests.test_tui_changing import at, field, refs, said
from tui.asking import Sure

__all__ = ["refs"]


def test_women_are_added_to_a_contact_and_taken_out_by_what_they_are_called_and_f9_takes_it_back(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        people = field(seat, "people")
        people.focus()
        assert people.value == refs["Kasia"]
        assert "Willow-27" in seat.shown
        await seat.type(", ton")
        assert f"> {refs['Toni']}  Rowan-04" in seat.shown
        assert "Toni" not in seat.shown
        await seat.press("enter")
        assert people.value == f"{refs['Kasia']}, {refs['Toni']}"
        assert "Willow-27; Rowan-04" in seat.shown
        await seat.press("ctrl+s")
        assert saved(unit)[0]["people"] == [refs["Kasia"], refs["Toni"]]
        await seat.press("e")
        field(seat, "people").value = "rowan"
        await seat.press("ctrl+s")
        assert saved(unit)[0]["people"] == [refs["Toni"]]
        assert "is amended. F9 undoes" in said(seat)
        await seat.press("f9")

    Seat(unit, clock).run(play)
    assert saved(unit)[0]["people"] == [refs["Kasia"], refs["Toni"]]


def test_a_name_that_several_have_is_asked_about_and_nothing_is_saved(
    unit: Unit, clock: Clock, store: Store, refs: dict[str, str]
) -> None:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as other:
        records.add(other, "person", {"pseudonym": "Willow-28"})

    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        field(seat, "people").value = "willow"
        await seat.press("ctrl+s")
        assert "several are called so" in said(seat)
        assert saved(unit)[0]["people"] == [refs["Kasia"]]
        field(seat, "people").value = ""
        await seat.type("willow")
        await seat.press("down")
        assert "> " + refs["Kasia"] in seat.shown or "Willow-28" in seat.shown
        await seat.press("up", "enter", "ctrl+s")

    Seat(unit, clock).run(play)
    assert len(saved(unit)[0]["people"]) == 1


def test_the_people_somebody_else_changed_meanwhile_are_shown_beside_those_typed(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "engagement", refs["E"])
        await seat.press("e")
        field(seat, "people").value = refs["Toni"]
        with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
            records.amend(store, "engagement", refs["E"], {"people": [refs["Ros"]]}, Why())
        await seat.press("ctrl+s")
        assert "nothing was overwritten" in said(seat)
        assert any(refs["Toni"] in line and refs["Ros"] in line for line in seat.shown.splitlines())
        await seat.press("escape", "ctrl+s")

    Seat(unit, clock).run(play)
    assert saved(unit)[0]["people"] == [refs["Toni"]]


def test_a_man_is_put_on_a_concern_and_where_he_is_police_nothing_typed_of_him_is_kept(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    async def play(seat: Seat) -> None:
        await at(seat, "concern", refs["C"])
        await seat.press("e")
        field(seat, "offender").focus()
        await seat.type("gaz")
        assert f"> {refs['Gaz']}" in seat.shown
        assert "Gary Example" not in seat.shown
        await seat.press("enter", "ctrl+s")
        assert saved(unit, "concern")[0]["offender"] == refs["Gaz"]
        await seat.press("e")
        field(seat, "injury").value = "a sergeant she knows"
        field(seat, "police_or_partner").value = "y"
        await seat.press("ctrl+s")
        assert "Nothing was saved" in seat.shown
        assert f"beech concerns erase {refs['C']}" in " ".join(seat.shown.split())
        await seat.press("e")
        assert field(seat, "injury").value == ""

    Seat(unit, clock).run(play, (120, 40))
    assert saved(unit, "concern")[0]["injury"] is None


def test_a_level_lowered_to_nought_asks_once_since_nothing_brings_back_what_goes(
    unit: Unit, clock: Clock, refs: dict[str, str]
) -> None:
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        older = records.add(store, "engagement", {"at": "2026-11-20T21:00", "people": [refs["Toni"]]})["ref"]

    async def play(seat: Seat) -> None:
        await at(seat, "engagement", older)
        await seat.press("e")
        field(seat, "sharing_level").value = "0"
        await seat.press("ctrl+s")
        assert isinstance(seat.app.screen, Sure)
        await seat.press("n")
        assert saved(unit)[0]["people"] == [refs["Toni"]]
        await seat.press("ctrl+s", "y")
        assert f"{older} is amended." in said(seat)
        assert "F9" not in said(seat).split("Enter open")[0]

    Seat(unit, clock).run(play)
    assert (saved(unit)[0]["people"], saved(unit)[0]["people_unnamed"]) == ([], 1)
