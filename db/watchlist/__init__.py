"""The watchlist: the men women warn of, what they look like and drive, and who a description may mean."""

from db.watchlist.looking import Matches, label
from db.watchlist.matches import LIMIT, match, match_each, read_one
from db.watchlist.offenders import (
    add_offender,
    amend_offender,
    change_offender,
    list_offenders,
    put_offender,
    show_offender,
    split,
)
from db.watchlist.vehicles import listed, put_vehicles, read

__all__ = [
    "LIMIT",
    "Matches",
    "add_offender",
    "amend_offender",
    "change_offender",
    "label",
    "list_offenders",
    "listed",
    "match",
    "match_each",
    "put_offender",
    "put_vehicles",
    "read",
    "read_one",
    "show_offender",
    "split",
]
