"""What the unit settles for itself: one record a setting, journalled like any other and read by name."""

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
