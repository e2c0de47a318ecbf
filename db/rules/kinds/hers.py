"""Whom the unit supports, when it met her, what she said was done to her, what was done about it."""

from __future__ import annotations

from db.rules.fields import Field, Kind

PERSON = Kind(
    "person",
    "P",
    (
        Field("pseudonym", "text", required=True),
        Field("known_as", "texts", free=True),
        Field("sex", "code", "sex", default="unknown"),
        Field("age_band", "code", "age_band", default="unknown"),
        Field("safe_contact", "code", "safe_contact"),
        Field("safety", "text", free=True),
        Field("sharing_level", "whole", "sharing_level", default=1),
        Field("status", "code", "person_status", default="active"),
        Field("risk_tool", "code", "risk_tool"),
        Field("risk_grade", "code", "risk_grade"),
        Field("risk_by", "text"),
        Field("risk_on", "date"),
        Field("risk_review_on", "date"),
        Field("statistics_consent", "flag"),
        Field("retain_until", "date"),
    ),
)

ENGAGEMENT = Kind(
    "engagement",
    "E",
    (
        Field("external_ref", "text"),
        Field("at", "instant", required=True),
        Field("contact", "code", "contact", default="spoke"),
        Field("initiated_by", "code", "initiated_by"),
        Field("sector", "text"),
        Field("place_type", "code", "place_type"),
        Field("officers", "texts"),
        Field("partner", "text"),
        Field("people", "refs", "person"),
        Field("people_unnamed", "whole", default=0),
        Field("refs", "tagged", "ref_kind"),
        Field("needs", "codes", "need"),
        Field("offers", "codes", "offer"),
        Field("mentions", "prose", free=True),
        Field("sharing_level", "whole", "sharing_level", default=1),
        Field("wording_version", "code", "wording"),
        Field("narrative", "prose", free=True),
        Field("next_on", "date"),
    ),
)

CONCERN = Kind(
    "concern",
    "C",
    (
        Field("external_ref", "text"),
        Field("engagement", "ref", "engagement", required=True),
        Field("person", "ref", "person"),
        Field("happened_from", "when"),
        Field("happened_to", "when"),
        Field("sector", "text"),
        Field("behaviours", "codes", "behaviour"),
        Field("offence_guess", "code", "offence"),
        Field("injury", "text", free=True),
        Field("weapon", "text", free=True),
        Field("targeted_because_of_sex_work", "flag"),
        Field("hate_motivation", "codes", "hate_motivation"),
        Field("sharing_level", "whole", "sharing_level", default=1),
        Field("ncrs_decision", "code", "ncrs_decision"),
        Field("ncrs_rationale", "prose", free=True),
        Field("ncrs_by", "text"),
        Field("ncrs_at", "instant"),
        Field("incident_ref", "text"),
        Field("crime_ref", "text"),
        Field("refs", "tagged", "ref_kind"),
        Field("told_result_on", "date"),
        Field("offender", "ref", "offender"),
        Field("description", "object", free=True),
        Field("vehicle", "ref", "vehicle"),
        Field("vehicle_seen", "object", free=True),
    ),
)

# Her yes or no to one purpose and one recipient. Never changed: the last one said is the one that holds.
CONSENT = Kind(
    "consent",
    "G",
    (
        Field("person", "ref", "person", required=True),
        Field("purpose", "code", "purpose", required=True),
        Field("recipient", "text", required=True),
        Field("given", "flag", required=True),
        Field("wording_version", "code", "wording"),
        Field("at", "instant", required=True),
    ),
)

REFERRAL = Kind(
    "referral",
    "R",
    (
        Field("external_ref", "text"),
        Field("person", "ref", "person", required=True),
        Field("engagement", "ref", "engagement"),
        Field("service", "text", required=True),
        Field("owner", "text"),
        Field("consent", "ref", "consent"),
        Field("override_reason", "prose", free=True),
        Field("status", "code", "referral_status", default="offered"),
        Field("offered_on", "date"),
        Field("sent_on", "date"),
        Field("accepted_on", "date"),
        Field("chase_on", "date"),
        Field("result", "text", free=True),
    ),
)

FOLLOWUP = Kind(
    "followup",
    "F",
    (
        Field("external_ref", "text"),
        Field("what", "text", required=True, free=True),
        Field("about", "ref", "person engagement concern referral offender vehicle action order"),
        Field("owner", "text"),
        Field("due_on", "date", required=True),
        Field("done_on", "date"),
        Field("result", "text", free=True),
    ),
)
