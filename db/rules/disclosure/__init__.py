"""Disclosure control: no published count may point at a person. Plain rules on numbers alone.

cells      what is counted, who is behind it, how each profile prints it
worlds     in how many ways it can have been, given all that is printed
suppress   what is withheld of one page
spans      how periods lie in each other
history    what a reader knows who has kept every page that left
register   whether a new page may join them
"""

from db.rules.disclosure.cells import (
    HEADLINE,
    LEAST_BASE,
    PARTNER,
    PROFILES,
    PUBLIC,
    Cell,
    Profile,
    of_people,
    passes,
)
from db.rules.disclosure.history import Given, New, named
from db.rules.disclosure.register import PUBLISHED, Held, hold
from db.rules.disclosure.spans import Span, overlapping, pieces
from db.rules.disclosure.suppress import Bounds, Page, Sum, protect, unprinted
from db.rules.disclosure.worlds import Key

__all__ = [
    "Bounds",
    "Cell",
    "Given",
    "HEADLINE",
    "Held",
    "Key",
    "LEAST_BASE",
    "New",
    "PARTNER",
    "PROFILES",
    "PUBLIC",
    "PUBLISHED",
    "Page",
    "Profile",
    "Span",
    "Sum",
    "hold",
    "named",
    "of_people",
    "overlapping",
    "passes",
    "pieces",
    "protect",
    "unprinted",
]
