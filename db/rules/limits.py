"""What a record of each kind must have, may not have, and gets where nothing was said. Pure rules.

The sharing level is enforced here: level 0 keeps that a contact happened, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.rules import text, vocabulary
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_DESCRIBES = (
    *("name", "given_name", "surname", "aliases", "telephones", "date_of_birth", "vehicles"),
    *("approximate_age_from", "approximate_age_to", "age_text", "height_from_cm", "height_to_cm"),
    *("height_text", "build", "hair", "facial_hair", "ethnicity_appearance", "accent", "marks"),
    *("mo", "mo_text"),
)
_NAMES = ("name", "given_name", "surname")
_DEFAULTS = {
    kind.name: [(f.name, f.default) for f in kind.fields if f.default is not None] for kind in KINDS.values()
}
_REQUIRED = {kind.name: [f.name for f in kind.fields if f.required] for kind in KINDS.values()}
_HELD = {"status": "no_contact", "sharing_level": 0}  # what protects her is lifted by a word, never by a null
OF_HER_AT_0 = ("known_as", "safety")  # of a person at level 0: what would tell of her more than that she is
_COUNTED_MOST = 60  # characters of a category of calls: more is a story
LEVEL_0 = ("narrative", "mentions", "people", "refs")  # what leads to her elsewhere is of her, too


def complete(kind: str, fields: dict[str, Any], today: str) -> None:
    """Fill in a new record's defaults; *today* is the local date, for a referral's offer."""
    for name, value in _DEFAULTS[kind]:
        if name not in fields:
            fields[name] = value
    if kind == "offender" and fields["identity_confidence"] == "unknown":
        fields["identity_confidence"] = _confidence(fields)
    if kind == "referral" and fields.get("offered_on") is None:
        fields["offered_on"] = today


def _confidence(fields: Mapping[str, Any]) -> str:
    return "named" if any(map(fields.get, _NAMES)) else "unknown"


def cleared(kind: str, fields: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change where what it clears has its default again, as a new record that says null of it has.

    The day of a referral's offer stays: its default was the day on which it was entered.
    """
    said = dict(fields)
    for name, value in _DEFAULTS[kind]:
        if name in said and said[name] is None:
            said[name] = value if name != "identity_confidence" else _confidence({**before, **fields})
    if kind == "referral" and said.get("offered_on", "") is None:
        del said["offered_on"]
    return said


def check_held(fields: Mapping[str, Any], changed: Collection[str], before: Mapping[str, Any]) -> None:
    """Refuse to lift her no, or level 0, by clearing the field.

    Raises:
        Refused: it names the field.
    """
    for name, held in _HELD.items():
        if name in changed and name in fields and fields[name] is None and before.get(name) == held:
            raise Refused(f"{name}: is {held}, which clearing does not lift: say what it is to be")


def check(
    kind: str, fields: Mapping[str, Any], *, vehicles: bool = False, changed: Collection[str] | None = None
) -> None:
    """Refuse a record that a rule forbids, whole: as it would stand after the change.

    Args:
        kind: the kind's word.
        fields: the record's fields in stored form.
        vehicles: whether an offender comes with vehicles of his own.
        changed: which of the fields a change sets; None: all are new.

    Raises:
        Refused: it names the field and the rule.
    """
    for name in _REQUIRED[kind]:
        if fields.get(name) is None:
            raise Refused(f"{name}: {'an' if kind[0] in 'aeio' else 'a'} {kind} needs it")
    rule = _RULES.get(kind)
    if rule is not None:
        rule(fields if not vehicles else {**fields, "vehicles": True})
    if kind == "person":
        check_silent(fields, fields if changed is None else changed)


def check_silent(fields: Mapping[str, Any], changed: Collection[str]) -> None:
    """Refuse what a change brings of a person who is, or becomes, of sharing level 0; what stood may stand.

    Raises:
        Refused: it names the field.
    """
    if fields["sharing_level"] == 0 and not {"sharing_level", *OF_HER_AT_0}.isdisjoint(changed):
        kept = [name for name in OF_HER_AT_0 if fields.get(name)]
        if kept:
            cleared = " ".join(f"--clear {name}" for name in kept)
            how = f": 'people amend REF --sharing-level 0 {cleared}' does both at once"
            raise Refused(
                f"{kept[0]}: sharing level 0 keeps no such words of her; leave it out, or clear it"
                f"{how if set(kept).isdisjoint(changed) else ''}"
            )


def _engagement(fields: Mapping[str, Any]) -> None:
    if fields["sharing_level"] == 0:
        for name in LEVEL_0:
            if fields.get(name):
                raise Refused(f"{name}: sharing level 0 keeps only that a contact happened; leave it out")


def _concern(fields: Mapping[str, Any]) -> None:
    if fields["sharing_level"] == 0:
        raise Refused("sharing_level: at level 0 nothing she reported is kept; log the contact alone")
    if fields.get("ncrs_decision") == "incident_only" and not fields.get("ncrs_rationale"):
        raise Refused("ncrs_rationale: no crime is recorded: say why (National Crime Recording Standard)")
    if fields.get("happened_to") and not fields.get("happened_from"):
        raise Refused("happened_to: needs happened_from")
    if fields.get("happened_to") and fields["happened_to"][:10] < fields["happened_from"][:10]:
        raise Refused("happened_to: lies before happened_from")


def _offender(fields: Mapping[str, Any]) -> None:
    if not any(fields.get(name) for name in _DESCRIBES):
        raise Refused("name: an offender needs a name, alias, vehicle, telephone, age or any description")
    for low, high in (
        ("approximate_age_from", "approximate_age_to"),
        ("height_from_cm", "height_to_cm"),
    ):
        if fields.get(low) is not None and fields.get(high) is not None and fields[low] > fields[high]:
            raise Refused(f"{high}: is less than {low}")


def _vehicle(fields: Mapping[str, Any]) -> None:
    if not any(fields.get(name) for name in ("vrm", "make", "model", "colour")):
        raise Refused("vrm: a vehicle needs a plate, or a make, model or colour")


def _sighting(fields: Mapping[str, Any]) -> None:
    if fields.get("offender") is None and fields.get("vehicle") is None:
        raise Refused("offender: a sighting needs an offender or a vehicle")


def _person(fields: Mapping[str, Any]) -> None:
    if not str(fields["pseudonym"]).strip():
        raise Refused("pseudonym: a person needs one")


def _handed_to(fields: Mapping[str, Any]) -> None:
    for name in ("service", "owner"):
        if fields.get(name) and (refused := vocabulary.forbidden_recipient(fields[name])):
            raise Refused(f"{name}: {refused}")


def _action(fields: Mapping[str, Any]) -> None:
    if fields.get("offence_on") and fields["offence_on"] > fields["on"]:
        raise Refused("offence_on: lies after the action")


def _call(fields: Mapping[str, Any]) -> None:
    for name in ("category", "sector"):
        said = str(fields.get(name) or "")
        if len(said) > _COUNTED_MOST or text.looks_personal(said):
            raise Refused(
                f"{name}: what calls are about, in at most {_COUNTED_MOST} characters: no caller and nothing "
                "of what was said is kept of a call"
            )


def _order(fields: Mapping[str, Any]) -> None:
    if fields.get("granted_on") and (fields.get("expires_on") or fields["granted_on"]) < fields["granted_on"]:
        raise Refused("expires_on: lies before granted_on")


_RULES = {
    "person": _person,
    "engagement": _engagement,
    "concern": _concern,
    "offender": _offender,
    "vehicle": _vehicle,
    "sighting": _sighting,
    "referral": _handed_to,
    "followup": _handed_to,
    "action": _action,
    "order": _order,
    "call": _call,
}
