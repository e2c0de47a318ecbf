from typing import Any

import pytest

from db import erasure, judgements, people, records, watchlist
from db.records import Why
from db.vault.store import Store
from tests.conftest import PASSPHRASE, Clock, Unit
from tests.seats import Seat

NAME = "Zofia Lindqvist"  # an invented name


def woman(store: Store) -> str:
    ref = str(records.add(store, "person", {"pseudonym": "Willow-27", "known_as": ["Kasia"]})["ref"])
    people.seal_identity(store, ref, {"given_name": "Zofia", "surname": "Lindqvist"}, Why())
    records.add(
        store, "engagement", {"at": "now", "people": [ref], "narrative": "She waits by the underpass"}
    )
    return ref


def man(store: Store, **more: Any) -> str:
    raw = {"aliases": ["Gaz"], "vehicles": [{"vrm": "NA12 KBO", "colour": "silver", "make": "vauxhall"}]}
    return str(watchlist.add_offender(store, raw | more)["ref"])


def test_a_womans_record_shows_her_contacts_and_enter_opens_one(
    unit: Unit, clock: Clock, store: Store
) -> None:
    ref = woman(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f3")
        await seat.type("kas")
        assert "known as: Kasia" in seat.shown
        await seat.press("enter", "enter")
        assert f"Woman {ref}" in seat.shown
        assert "Contacts (1)" in seat.shown
        await seat.press("end", "enter")
        assert "Contact E-" in seat.shown
        assert "underpass" in seat.shown
        await seat.press("escape", "escape")
        assert "known as: Kasia" in seat.shown

    Seat(unit, clock).run(play)


def test_a_name_opens_behind_reason_and_passphrase_and_goes_with_esc(
    unit: Unit, clock: Clock, store: Store
) -> None:
    ref = woman(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        seat.app.go("people")
        await seat.rest()
        await seat.press("enter")
        assert "Lindqvist" not in seat.shown
        await seat.press("r")
        assert f"Why is the name of {ref} needed?" in seat.shown
        await seat.press("escape")
        await seat.press("r", "1")
        await seat.answer("wrong one")
        assert "does not open" in seat.shown
        assert seat.desk.unlocked
        await seat.press("r", "1")
        await seat.answer(PASSPHRASE)
        assert "Lindqvist" in seat.shown
        await seat.press("escape")
        assert "Lindqvist" not in seat.shown

    Seat(unit, clock).run(play)
    told = [one for one in looks(store) if one == ("reveal", "welfare")]
    assert len(told) == 1


def looks(store: Store) -> list[tuple[str, str]]:
    with store.counts() as reader:
        rows: list[tuple[str, str]] = reader.execute(
            "select json_extract(detail, '$.event'), json_extract(detail, '$.reason') from entry"
        ).fetchall()
    return rows


def test_a_restricted_record_opens_with_a_reason_alone(unit: Unit, clock: Clock, store: Store) -> None:
    ref = woman(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4", "enter")
        assert "With" in seat.shown
        erasure.restrict(store, "person", ref, Why("subject_access"))
        await seat.press("end", "enter")
        assert f"{ref} is restricted. Why is it opened?" in seat.shown
        await seat.press("escape")
        assert "Contact E-" in seat.shown
        await seat.press("enter", "1")
        assert f"Woman {ref} restricted" in seat.shown

    Seat(unit, clock).run(play)


@pytest.mark.parametrize(("key", "verdict"), [("s", "same"), ("d", "different"), ("q", "unsure")])
def test_two_men_are_judged_side_by_side(
    unit: Unit, clock: Clock, store: Store, key: str, verdict: str
) -> None:
    one, other = man(store), man(store, aliases=["Gary"], build="stocky")

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f5", "enter", "m")
        assert f"Who else {one} may be" in seat.shown
        assert other in seat.shown
        await seat.press("enter")
        assert one in seat.shown.splitlines()[1]
        assert other in seat.shown.splitlines()[1]
        await seat.press(key)
        assert "Why?" in seat.shown
        await seat.press("3")
        assert "are judged" in seat.shown

    Seat(unit, clock).run(play, (120, 40))
    rows = store.cipher.execute("select verdict, reason from judgement").fetchall()
    assert rows == [(verdict, "crime")]
    assert judgements.contradictions(store) == []


def test_a_car_that_is_nobodys_yet_is_opened_from_whom_a_man_may_be(
    unit: Unit, clock: Clock, store: Store
) -> None:
    man(store)
    car = records.add(store, "vehicle", {"vrm": "NA12 KBO", "colour": "silver"})["ref"]

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f5", "enter", "m")
        assert car in seat.shown
        await seat.press("j", "enter")
        assert f"Vehicle {car}" in seat.shown

    Seat(unit, clock).run(play)


def test_striking_out_and_undoing_ask_once_and_are_entries_like_all_others(
    unit: Unit, clock: Clock, store: Store
) -> None:
    woman(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        await seat.press("f4", "enter", "x", "n")
        assert "struck" not in seat.shown
        await seat.press("x", "escape")
        await seat.press("x", "y", "8")
        assert "struck out: entered in error" in seat.shown
        await seat.press("u", "y", "8")
        assert "taken back" in seat.shown
        await seat.press("h")
        assert "What was done to E-" in seat.shown
        assert "struck" in seat.shown
        assert "undo" in seat.shown
        await seat.press("escape", "escape")
        assert "1 of 1" in seat.shown

    Seat(unit, clock).run(play)
