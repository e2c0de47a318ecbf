"""Lists of any length: lines drawn over pages that are fetched by key, and kept while they are near."""

from tui.lines.listing import Listing
from tui.lines.scroll import Lines
from tui.lines.told import Told, said

__all__ = ["Lines", "Listing", "Told", "said"]
