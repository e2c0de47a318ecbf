"""The men on the watchlist."""

from __future__ import annotations

from typing import ClassVar

from tui.lines import Listing


class Watchlist(Listing):
    """The list of them."""

    NAME: ClassVar[str] = "watchlist"
    KIND: ClassVar[str] = "offender"
    ABOUT: ClassVar[str] = "Men women warn of. Which woman told it stands on none of these screens."
    TWIN: ClassVar[str] = "beech watchlist list"
    EMPTY: ClassVar[str] = "Nobody is on the watchlist. 'beech watchlist add' enters the first."
