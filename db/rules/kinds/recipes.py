"""An export that is kept, to be made again at a supervisor's unlock or lock."""

from __future__ import annotations

from db.rules.fields import Field, Kind

# Entered by no form and no import: a supervisor's ``export save`` alone makes one.
RECIPE = Kind(
    "recipe",
    "X",
    (
        Field("name", "text", required=True),
        Field("of", "text", required=True),
        Field("recipient", "text", required=True),
        Field("purpose", "text", required=True),
        Field("reason", "text", required=True),
        Field("place", "text", required=True),
        Field("moment", "text", required=True),
        Field("marking", "text", required=True),
        Field("bom", "flag"),
        Field("fields", "texts"),
        Field("filters", "object"),
        Field("last_on", "date"),
        Field("last_release", "text"),
    ),
)
