"""Which function of db a generic command calls: a room's own where it has one, else the one for any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.vault.store import Store

Record = dict[str, Any]


class Room(NamedTuple):
    """What db offers for one kind."""

    listing: Callable[..., list[Record]]
    show: Callable[..., Record]
    add: Callable[..., Record]
    amend: Callable[..., Record]


def of(kind: str) -> Room:
    """Return the functions for a kind; each takes the store first, and not the kind."""
    if kind == "offender":
        from db import watchlist

        return Room(
            watchlist.list_offenders,
            watchlist.show_offender,
            _matched(watchlist.add_offender),
            _matched(watchlist.amend_offender),
        )
    if kind == "concern":
        from db import concerns

        return Room(concerns.listing, _bound_show("concern"), concerns.add, concerns.amend)
    from db import records

    if kind == "referral":
        from db import referrals

        return Room(_bound(records.listing, kind), _bound(records.show, kind), referrals.add, referrals.amend)
    if kind == "action":
        from db import actions

        return Room(
            _bound(records.listing, kind),
            _bound(records.show, kind),
            actions.add,
            _bound(records.amend, kind),
        )

    if kind == "vehicle":
        return Room(
            *(_bound(function, kind) for function in (records.listing, records.show)),
            *(_matched(_bound(function, kind)) for function in (records.add, records.amend)),
        )
    if kind == "engagement":
        return Room(
            _bound(records.listing, kind), _bound(records.show, kind), *map(_of_engagements, ("add", "amend"))
        )
    if kind == "person":  # a list needs nothing of what seals a name
        return Room(
            _bound(records.listing, kind), _bound(records.show, kind), _of_people("add"), _of_people("amend")
        )
    return Room(
        *(_bound(function, kind) for function in (records.listing, records.show, records.add, records.amend))
    )


def _bound(function: Callable[..., Any], kind: str) -> Callable[..., Any]:
    def call(store: Store, *args: Any, **more: Any) -> Any:
        return function(store, kind, *args, **more)

    return call


def _matched(function: Callable[..., Record]) -> Callable[..., Record]:
    """Return a function that saves a man or a vehicle, and says whom else on the watchlist he may be."""

    def call(store: Store, *args: Any, **more: Any) -> Record:
        from db import watchlist

        return watchlist.with_matches(store, function(store, *args, **more))

    return call


def _bound_show(kind: str) -> Callable[..., Record]:
    from db import records

    return _bound(records.show, kind)


def _of_people(name: str) -> Callable[..., Record]:
    def call(*args: Any, **more: Any) -> Record:
        from db import people

        done: Record = getattr(people, name)(*args, **more)
        return done

    return call


def _of_engagements(name: str) -> Callable[..., Record]:
    def call(*args: Any, **more: Any) -> Record:
        from db import engagements

        done: Record = getattr(engagements, name)(*args, **more)
        return done

    return call
