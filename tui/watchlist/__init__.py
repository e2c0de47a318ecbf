"""The men on the watchlist: a list, a record with his cars and where they were seen, two side by side."""

from tui.watchlist.men import Watchlist

__all__ = ["Watchlist"]
