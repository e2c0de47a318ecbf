"""A unit for the form's tests: women whom the unit knows, two men on the watchlist, somebody at the keys."""

from collections.abc import Awaitable, Callable
from typing import Any

from db import people, records, watchlist
from db.records import Why
from db.vault import opening
from db.vault.store import Face, Store
from tests.conftest import Clock, Unit
from tests.seats import Seat
from tui.engagement.form import NewEngagement

WOMEN = (
    ("Willow-27", "Kasia"),
    ("Rowan-04", "Toni"),
    ("Cedar-31", "Ros"),
    ("Larch-18", "Bec"),
    ("Birch-55", "Mo"),
    ("Maple-62", "Jade"),
    ("Alder-70", "Shel"),
    ("Hazel-71", "Viv"),
    ("Aspen-72", "Dee"),
    ("Thorn-73", "Lou"),
    ("Briar-74", "Nat"),
    ("Heath-75", "Gem"),
)


def furnished(store: Store) -> dict[str, str]:
    """Write women and men into an open unit; returns references by street name, and Gaz's under ``Gaz``."""
    refs = {
        called: str(people.add(store, {"pseudonym": pseudonym, "known_as": [called]}, Why())["ref"])
        for pseudonym, called in WOMEN
    }
    records.add(
        store,
        "engagement",
        {
            "at": "2026-11-19T21:00",
            "people": [refs["Kasia"]],
            "needs": "housing",
            "initiated_by": "patrol",
            "sector": "3",
        },
    )
    astra = {"vrm": "NA12 KBO", "make": "Vauxhall", "model": "Astra", "colour": "silver"}
    gaz = {"name": "Gary Example", "aliases": ["Gaz"], "build": "stocky", "vehicles": [astra]}
    refs["Gaz"] = str(watchlist.add_offender(store, gaz)["ref"])
    return refs


def play(
    unit: Unit,
    clock: Clock,
    script: Callable[[Seat], Awaitable[None]],
    size: tuple[int, int] = (100, 30),
    *,
    keys: tuple[str, ...] = ("f2",),
) -> None:
    """Unlock, press *keys*, and let *script* happen in the form."""

    async def whole(seat: Seat) -> None:
        await seat.unlock()
        if keys:
            await seat.press(*keys)
        await script(seat)

    Seat(unit, clock).run(whole, size)


def form(seat: Seat) -> NewEngagement:
    """Return the form that is shown."""
    assert isinstance(seat.app.screen, NewEngagement)
    return seat.app.screen


def saved(unit: Unit, kind: str = "engagement") -> list[dict[str, Any]]:
    """Return the records of a kind, as the store has them: the newest contact first."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        return records.listing(store, kind)
