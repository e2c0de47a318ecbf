"""What belongs to the unit as a whole: what it has settled, and the register of what left it."""

from __future__ import annotations

from db.rules.fields import Field, Kind

# Entered by no form and no import: a supervisor's `config apply` alone makes and changes them.
SETTING = Kind(
    "setting",
    "T",
    (
        Field("name", "text", required=True),
        Field("value", "object"),
    ),
)

# One page of numbers that left. Made where it is rendered, on the screen or in a file; never changed after
# but by who approves it. ``pages`` are its figures for comparison: of each period the key and the printed
# value, None where it was withheld. ``made_from`` are the journal's heads that it was counted from.
RELEASE = Kind(
    "release",
    "L",
    (
        Field("what", "text", required=True),
        Field("profile", "text", required=True),
        Field("recipient", "text", required=True),
        Field("sector", "text"),
        Field("first", "date", required=True),
        Field("last", "date", required=True),
        Field("least", "whole", required=True),
        Field("step", "whole", required=True),
        Field("made_on", "date", required=True),
        Field("pages", "object", required=True),
        Field("printed", "object", required=True),
        Field("made_from", "object", required=True),
        Field("revises", "ref", "release"),
        Field("approved_on", "date"),
        Field("approved_by", "text"),
    ),
)
