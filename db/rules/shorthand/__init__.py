"""What an officer types into a form in a hurry: digits, letters and half words, read for what they mean.

letters  how it began, what she reported, what she needs, what was decided: one letter or digit each
lines    one contact on one line, as a shift is written up
"""

from db.rules.shorthand.letters import (
    BEHAVIOURS,
    CONTACTS,
    HOW,
    NEEDS,
    Decision,
    How,
    Needs,
    how_again,
    needs_again,
    read_behaviours,
    read_decision,
    read_happened,
    read_how,
    read_hurt,
    read_needs,
    read_return,
    read_wording,
)
from db.rules.shorthand.lines import NOBODY, Line, night_of, on_shift, read_line, split_people, unnamed

__all__ = [
    "BEHAVIOURS",
    "CONTACTS",
    "HOW",
    "NEEDS",
    "NOBODY",
    "Decision",
    "How",
    "Line",
    "Needs",
    "night_of",
    "on_shift",
    "how_again",
    "needs_again",
    "read_behaviours",
    "read_decision",
    "read_happened",
    "read_how",
    "read_hurt",
    "read_line",
    "read_needs",
    "read_return",
    "read_wording",
    "split_people",
    "unnamed",
]
