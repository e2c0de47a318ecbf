"""The register of what left: pages are entered by ``entering``, and looked at through ``asked``."""

from db.releases.asked import approve, give, listing, show
from db.releases.entering import (
    CUT,
    INSIDE,
    SHEET,
    Entered,
    Kept,
    Leaf,
    Paper,
    check_recipient,
    disclose,
    enter,
    figures,
    kept,
    register,
    same,
)
from db.rules.sharing import PRESS

__all__ = [
    "CUT",
    "INSIDE",
    "PRESS",
    "SHEET",
    "Entered",
    "Kept",
    "Leaf",
    "Paper",
    "approve",
    "check_recipient",
    "disclose",
    "enter",
    "figures",
    "give",
    "kept",
    "listing",
    "register",
    "same",
    "show",
]
