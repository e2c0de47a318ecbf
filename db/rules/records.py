"""What a record of each kind is made of: names, types, defaults. A field that is not here does not exist.

The one table that import, forms, journal payloads, projections and exports are all read from. An
instant is UTC epoch seconds, a date YYYY-MM-DD, a reference the record's id in hex.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One field of a kind.

    ``type`` is one of: text, prose (several lines), texts (a list), code, codes (a list), tagged
    (a list of ``code:text``), whole (a number from 0), flag, instant, date, when (a date or an
    instant), birth (YYYY, YYYY-MM or YYYY-MM-DD), month, plate, grade, object (JSON), ref, refs
    (a list, kept in the link table).
    ``of`` names the vocabulary of a code or the kinds a reference may point at.
    ``free`` marks words somebody typed, which leave the unit only when asked for by name.
    """

    name: str
    type: str
    of: str = ""
    required: bool = False
    default: str | int | None = None
    free: bool = False


class Kind(NamedTuple):
    """A kind of record: its word, the letter of its spoken reference, its fields in order."""

    name: str
    letter: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Return the field of that name, or None."""
        return _BY_NAME[self.name].get(name)


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
        Field("wording_version", "text"),
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

REFERRAL = Kind(
    "referral",
    "R",
    (
        Field("external_ref", "text"),
        Field("person", "ref", "person", required=True),
        Field("service", "text", required=True),
        Field("owner", "text"),
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

# Whether two records are of one man, woman or car. Folded like the others, but entered by no form or import.
JUDGEMENT = Kind(
    "judgement",
    "J",
    (
        Field("one", "ref", "person offender vehicle", required=True),
        Field("other", "ref", "person offender vehicle", required=True),
        Field("verdict", "text", required=True),
        Field("reason", "text"),
    ),
)

FOLDED: dict[str, Kind] = KINDS | {JUDGEMENT.name: JUDGEMENT}

_BY_NAME = {kind.name: {field.name: field for field in kind.fields} for kind in FOLDED.values()}

LETTERS: dict[str, str] = {kind.letter: kind.name for kind in KINDS.values()} | {
    "I": "identity",
    "M": "member",
}

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


_PAIRS = [a + b for a in _CROCKFORD for b in _CROCKFORD]


def spoken(letter: str, record: bytes, length: int) -> str:
    """Return the spoken reference: a letter and the first *length* Crockford base-32 digits of the id."""
    pairs, bits = _PAIRS, int.from_bytes(record[:5], "big")
    digits = pairs[bits >> 30] + pairs[bits >> 20 & 1023]
    if length > 4:
        digits += pairs[bits >> 10 & 1023] + pairs[bits & 1023]
    if length > 8:
        rest = int.from_bytes(record[5:], "big") << 2
        digits += "".join(_CROCKFORD[rest >> 85 - 5 * i & 31] for i in range(18))
    return f"{letter}-{digits[:length]}"


def heard(text: str) -> str:
    """Return a typed reference in its canonical spelling: upper case, I and L read as 1, O as 0."""
    letter, _, digits = text.strip().upper().partition("-")
    return f"{letter}-{digits.translate(_MISHEARD)}"


def span(ref: str) -> tuple[bytes, bytes]:
    """Return the lowest and the highest id that a spoken reference, or its beginning, may stand for."""
    digits = ref.partition("-")[2][:26]
    if not all(digit in _CROCKFORD for digit in digits):
        return b"\xff", b""  # no id stands between these
    value = int(digits.translate(_BASE_32) or "0", 32)
    low = value << 130 - 5 * len(digits)
    high = low + (1 << 130 - 5 * len(digits)) - 1
    return (low >> 2).to_bytes(16, "big"), (high >> 2).to_bytes(16, "big")


_BASE_32 = str.maketrans(_CROCKFORD, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_MISHEARD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
