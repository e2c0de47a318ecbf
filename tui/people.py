"""The women the unit supports, under pseudonyms."""

from __future__ import annotations

from typing import ClassVar

from tui.lines import Listing


class People(Listing):
    """The list of them."""

    NAME: ClassVar[str] = "people"
    KIND: ClassVar[str] = "person"
    ABOUT: ClassVar[str] = "Whom the unit supports, under pseudonyms; names are sealed apart."
    TWIN: ClassVar[str] = "beech people list"
    EMPTY: ClassVar[str] = "Nobody yet. F2 logs a contact, and makes whoever is new."
