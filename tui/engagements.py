"""Contacts, the newest first."""

from __future__ import annotations

from typing import ClassVar

from tui.lines import Listing


class Engagements(Listing):
    """The list of them."""

    NAME: ClassVar[str] = "engagements"
    KIND: ClassVar[str] = "engagement"
    ABOUT: ClassVar[str] = "Contacts, the newest first."
    TWIN: ClassVar[str] = "beech engagements list"
    EMPTY: ClassVar[str] = "No contact yet. F2 logs the first."
