"""What is due and not done."""

from __future__ import annotations

from typing import ClassVar

from tui.lines import Listing


class Followups(Listing):
    """The list of them."""

    NAME: ClassVar[str] = "followups"
    KIND: ClassVar[str] = "followup"
    EMPTY: ClassVar[str] = "Nothing is due."
