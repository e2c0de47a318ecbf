"""The watchlist: the men women warn of, what they look like and drive, and who a description may mean."""

from db.watchlist.live import Live, match_text
from db.watchlist.looking import Matches
from db.watchlist.matches import LIMIT, judge, match, match_each, match_record, read_one, with_matches
from db.watchlist.men import label
from db.watchlist.offenders import (
    add_offender,
    amend_offender,
    change_offender,
    list_offenders,
    put_offender,
    show_offender,
    split,
)
from db.watchlist.offered import Offered, offered
from db.watchlist.pending import waiting, work_off, work_some
from db.watchlist.vehicles import listed, put_vehicles, read

__all__ = [
    "LIMIT",
    "Live",
    "Matches",
    "Offered",
    "add_offender",
    "amend_offender",
    "change_offender",
    "judge",
    "label",
    "list_offenders",
    "listed",
    "match",
    "match_each",
    "match_record",
    "match_text",
    "offered",
    "put_offender",
    "put_vehicles",
    "read",
    "read_one",
    "show_offender",
    "split",
    "waiting",
    "with_matches",
    "work_off",
    "work_some",
]
