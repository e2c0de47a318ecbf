"""The tallies of a period: measures with their definitions, charts or a table, by profile."""

from tui.tallies.screen import Tallies

__all__ = ["Tallies"]
