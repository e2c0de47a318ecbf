"""What a record of each kind is made of: names, types, defaults. A field that is not here does not exist.

The one table that import, forms, journal payloads, projections and exports are all read from. An
instant is UTC epoch seconds, a date YYYY-MM-DD, a reference the record's id in hex.
"""

from __future__ import annotations

from db.rules.fields import Field, Kind
from db.rules.kinds.hers import CONCERN, CONSENT, ENGAGEMENT, FOLLOWUP, PERSON, REFERRAL
from db.rules.kinds.his import ACTION, CALL, JUDGEMENT, OFFENDER, ORDER, SIGHTING, VEHICLE
from db.rules.kinds.recipes import RECIPE
from db.rules.kinds.unit import RELEASE, SETTING
from db.rules.references import heard, span, spoken

__all__ = ["FOLDED", "KINDS", "LETTERS", "Field", "Kind", "heard", "span", "spoken"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        PERSON,
        ENGAGEMENT,
        CONCERN,
        REFERRAL,
        FOLLOWUP,
        OFFENDER,
        VEHICLE,
        SIGHTING,
        ACTION,
        ORDER,
        CALL,
    )
}

FOLDED: dict[str, Kind] = KINDS | {kind.name: kind for kind in (JUDGEMENT, SETTING, RECIPE, CONSENT, RELEASE)}

LETTERS: dict[str, str] = {kind.letter: kind.name for kind in KINDS.values()} | {
    "G": "consent",
    "I": "identity",
    "L": "release",
    "M": "member",
}
