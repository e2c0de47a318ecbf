"""Who on the watchlist a description may mean, ranked, with reasons. A hit is a lead, never a link.

One consultation a command, however many descriptions; what was asked for stands in its payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import records, settings
from db.errors import Refused
from db.rules import periods, values
from db.watchlist.looking import Looking, Matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Why
    from db.vault.store import Store

Record = dict[str, Any]

LIMIT = 10
_ASKED_MOST = 500  # descriptions of one command kept in the journal's payload


def match(store: Store, description: Record, limit: int = LIMIT, weak: bool = False) -> list[Record]:
    """Return the hits for one description, as typed or from JSON; none where it is too vague to rank.

    Raises:
        Refused: a value breaks a rule, or a field is one that is never held.
        Usage: a key is not known.
    """
    return match_each(store, [read_one(store, description)], limit, weak)[0].hits


def read_one(store: Store, raw: Record) -> Record:
    """Return a description in stored form, each value read; ``id`` is left out.

    Raises:
        Refused: a value breaks a rule, a range is upside down, or a field is one that is never held.
        Usage: a key is not known.
    """
    if isinstance(raw.get("vehicles"), list):
        raw = raw | {"vehicles": [_without_ref(one) for one in raw["vehicles"]]}
    read = values.read_description(raw, records.local_now(store), added=settings.added(store.cipher))
    for low, high in (("approximate_age_from", "approximate_age_to"), ("height_from_cm", "height_to_cm")):
        if low in read and high in read and read[low] > read[high]:
            raise Refused(f"{high}: is less than {low}")
    return read


def _without_ref(vehicle: Any) -> Any:
    return {k: v for k, v in vehicle.items() if k != "ref"} if isinstance(vehicle, dict) else vehicle


def match_each(
    store: Store,
    descriptions: Sequence[Record],
    limit: int = LIMIT,
    weak: bool = False,
    why: Why = records.Why(),  # noqa: B008 - immutable
) -> list[Matches]:
    """Rank the watchlist against each description in stored form; one consultation for all of them."""
    today = periods.local_day(store.now())
    with store.consult("offender", reason=why.reason, note=why.note) as look:
        asked = sorted({key for one in descriptions for key in one})
        if asked:
            look.detail["filters"] = asked
        look.asked(descriptions=list(descriptions[:_ASKED_MOST]))
        looking = Looking(look, today)
        found = [looking.match(one, limit, weak) for one in descriptions]
        look.shown(sum(len(one.hits) for one in found))
    return found
