"""Who else on the watchlist a man may be: his own record, asked of the list as a description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import watchlist

if TYPE_CHECKING:
    from db.records import Record
    from db.vault.store import Store

_DESCRIBED = (
    *("name", "given_name", "surname", "aliases", "telephones", "date_of_birth", "age_text"),
    *("approximate_age_from", "approximate_age_to", "height_from_cm", "height_to_cm", "height_text"),
    *("build", "hair", "facial_hair", "ethnicity_appearance", "accent", "marks", "mo_text", "sector"),
    "vehicles",
)
_CAR = ("vrm", "make", "model", "colour", "body")


def alike(store: Store, ref: str) -> list[Record]:
    """Return whom the list ranks beside a man, best first, himself and those he is judged with left out.

    Raises:
        NotFound: nobody on the watchlist has that reference.
    """
    man = watchlist.show_offender(store, ref)
    own = {man["ref"], *man["same_as"]}
    asked: dict[str, Any] = {key: man[key] for key in _DESCRIBED if man.get(key)}
    if asked.get("vehicles"):
        asked["vehicles"] = [{k: car[k] for k in _CAR if car.get(k)} for car in asked["vehicles"]]
    hits = watchlist.match(store, asked, weak=True) if asked else []
    return [hit for hit in hits if hit["ref"] not in own]


def pair(store: Store, ref: str, other: str) -> tuple[Record, Record]:
    """Return two men of the watchlist, to be looked at side by side; two consultations.

    Raises:
        NotFound: a reference names nobody.
        Refused: one of them is restricted.
    """
    return watchlist.show_offender(store, ref), watchlist.show_offender(store, other)
