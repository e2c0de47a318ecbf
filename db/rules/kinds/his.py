"""The man on the watchlist, his vehicles, where they were seen, what was done about him; the calls."""

from __future__ import annotations

from db.rules.fields import Field, Kind

_LOOKS = (
    Field("approximate_age_from", "whole"),
    Field("approximate_age_to", "whole"),
    Field("age_text", "text"),
    Field("height_from_cm", "whole"),
    Field("height_to_cm", "whole"),
    Field("height_text", "text"),
    Field("build", "text"),
    Field("hair", "text"),
    Field("facial_hair", "text"),
    Field("ethnicity_appearance", "text"),
    Field("accent", "text"),
    Field("marks", "texts"),
    Field("mo", "codes", "behaviour"),
    Field("mo_text", "prose", free=True),
)

OFFENDER = Kind(
    "offender",
    "O",
    (
        Field("external_ref", "text"),
        Field("category", "text", default="reported"),
        Field("identity_confidence", "code", "identity_confidence", default="unknown"),
        Field("sex", "code", "sex"),
        Field("name", "text"),
        Field("given_name", "text"),
        Field("surname", "text"),
        Field("aliases", "texts"),
        Field("telephones", "texts"),
        Field("date_of_birth", "birth"),
        *_LOOKS,
        Field("sector", "text"),
        Field("warnings", "codes", "warning"),
        Field("grade", "grade"),
        Field("handling", "text", free=True),
        Field("status", "text"),
        Field("review_on", "date"),
        Field("retain_until", "date"),
    ),
)

VEHICLE = Kind(
    "vehicle",
    "V",
    (
        Field("external_ref", "text"),
        Field("offender", "ref", "offender"),
        Field("vrm", "plate"),
        Field("make", "text"),
        Field("model", "text"),
        Field("colour", "text"),
        Field("body", "text"),
        Field("marks", "texts"),
        Field("keeper_confirmed", "flag"),
        Field("check_on", "date"),
        Field("check_by", "text"),
        Field("check_ref", "text"),
        Field("check_result", "text", free=True),
    ),
)

SIGHTING = Kind(
    "sighting",
    "S",
    (
        Field("external_ref", "text"),
        Field("at", "instant", required=True),
        Field("offender", "ref", "offender"),
        Field("vehicle", "ref", "vehicle"),
        Field("sector", "text"),
        Field("grade", "grade"),
        Field("note", "prose", free=True),
    ),
)

ACTION = Kind(
    "action",
    "A",
    (
        Field("external_ref", "text"),
        Field("offender", "ref", "offender", required=True),
        Field("on", "date", required=True),
        Field("action", "code", "action", required=True),
        Field("for_unit", "flag", default=1),
        Field("offence", "code", "offence"),
        Field("offence_on", "date"),
        Field("outcome_code", "code", "outcome_code"),
        Field("crime_ref", "text"),
        Field("officer", "text"),
        Field("force_area", "text"),
        Field("result", "code", "action_result"),
        Field("refs", "tagged", "ref_kind"),
    ),
)

ORDER = Kind(
    "order",
    "N",
    (
        Field("external_ref", "text"),
        Field("offender", "ref", "offender", required=True),
        Field("type", "code", "order_type", required=True),
        Field("issuer", "text"),
        Field("granted_on", "date"),
        Field("expires_on", "date"),
        Field("conditions", "prose", free=True),
        Field("breaches", "texts"),
    ),
)

CALL = Kind(
    "call",
    "K",
    (
        Field("external_ref", "text"),
        Field("month", "month", required=True),
        Field("source", "code", "call_source", required=True),
        Field("category", "text", required=True),
        Field("sector", "text"),
        Field("count", "whole", required=True),
    ),
)

# Whether two records are of one man, woman or car, or a report tells of a man. Folded like the others, but
# entered by no form or import.
JUDGEMENT = Kind(
    "judgement",
    "J",
    (
        Field("one", "ref", "person offender vehicle concern engagement", required=True),
        Field("other", "ref", "person offender vehicle concern engagement", required=True),
        Field("verdict", "text", required=True),
        Field("reason", "text"),
    ),
)
