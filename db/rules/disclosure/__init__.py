"""Disclosure control: no published count may point at a person. Plain rules on numbers alone.

cells      what is counted, who is behind it, how each profile prints it
worlds     in how many ways it can have been, given all that is printed
suppress   what is withheld of one page
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
from db.rules.disclosure.suppress import Page, Sum, protect
from db.rules.disclosure.worlds import Key

__all__ = [
    "HEADLINE",
    "LEAST_BASE",
    "PARTNER",
    "PROFILES",
    "PUBLIC",
    "Cell",
    "Key",
    "Page",
    "Profile",
    "Sum",
    "of_people",
    "passes",
    "protect",
]
