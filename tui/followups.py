"""What is due and not done."""

from __future__ import annotations

from typing import ClassVar

from tui.lines import Listing


class Followups(Listing):
    """The list of them."""

    NAME: ClassVar[str] = "followups"
    KIND: ClassVar[str] = "followup"
    ABOUT: ClassVar[str] = "What is due and not done."
    TWIN: ClassVar[str] = "beech followups list --due 30d"
    EMPTY: ClassVar[str] = "Nothing is due."
