"""Long lists by pages: each page fetched by the key it follows, never by counting rows from the start.

A page is a look, journalled with the people it shows. Anchors and counts show nobody.
"""

from db.pages.alike import alike, pair
from db.pages.keyset import PAGE, Anchors, Key, Sheet, anchors, page, sheet
from db.pages.offering import Pointed, called, offer
from db.pages.seeking import Seen, Sought, seek
from db.pages.whole import Part, Whole, whole

__all__ = [
    "PAGE",
    "Anchors",
    "Key",
    "Part",
    "Pointed",
    "Seen",
    "Sheet",
    "Sought",
    "Whole",
    "alike",
    "anchors",
    "called",
    "offer",
    "page",
    "pair",
    "seek",
    "sheet",
    "whole",
]
