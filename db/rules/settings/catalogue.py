"""Every setting there is: its name, its type, what stands where nothing was settled, its bounds, its source.

A setting that is not here does not exist. Need one? Add a row.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Setting(NamedTuple):
    """One setting.

    ``type`` is one of: whole, flag, text, path, texts (a list of lines), groups (a name -> lines),
    codes (a list of codes of the vocabulary ``of``), labels (codes that a unit adds to the vocabulary
    ``of``: code -> {label, valid_from}), words (a name -> a line), forms (a name -> forms of that name).
    ``floor`` and ``ceiling`` bound a whole number; where only one is given the other side is open.
    """

    name: str
    type: str
    default: Any
    says: str
    source: str
    floor: int | None = None
    ceiling: int | None = None
    of: str = ""


GROUP_LEAST = 3  # sectors in a group
_UNIT = "unit practice"
_OUTSIDE = {
    "professional standards": "through the force switchboard, not through your own line of command",
    "IOPC": "Independent Office for Police Conduct, policeconduct.gov.uk",
    "NUM": "National Ugly Mugs, nationaluglymugs.org, who can speak for her",
}

_PLAIN = (
    Setting("idle_lock_minutes", "whole", 10, "minutes after which the screens lock", _UNIT, 2, 30),
    Setting("sectors", "texts", [], "the unit's sectors, offered where a sector is typed", _UNIT),
    Setting(
        "sector_groups",
        "groups",
        {},
        "fixed groups of sectors, in which counts leave the unit",
        "domain.md 7: at least three sectors a group",
    ),
    Setting(
        "disclosure.partner_least",
        "whole",
        5,
        "the smallest count that a partner is shown",
        "domain.md 7: 1 to 4 withheld",
        5,
        100,
    ),
    Setting(
        "disclosure.public_least",
        "whole",
        8,
        "the smallest count that is published",
        "NHS Digital HES rule: 1 to 7 withheld",
        8,
        100,
    ),
    Setting(
        "disclosure.public_step",
        "whole",
        5,
        "what published counts are rounded to",
        "NHS Digital HES rule: to the nearest 5",
        5,
        100,
    ),
    Setting(
        "disclosure.headline_step",
        "whole",
        10,
        "what a headline is rounded down to",
        "domain.md 7: more than 40",
        10,
        100,
    ),
    Setting(
        "disclosure.percent_base",
        "whole",
        20,
        "the smallest base of a percentage",
        "domain.md 7: none below 20",
        20,
        1000,
    ),
    Setting(
        "alert.partial_plate",
        "flag",
        False,
        "whether a part of a plate may stand on a warning card",
        "domain.md 13: for the force to decide",
    ),
    Setting(
        "legal.appropriate_policy_document",
        "text",
        None,
        "reference of the appropriate policy document",
        "Data Protection Act 2018 s.42",
    ),
    Setting(
        "legal.schedule_8_condition",
        "text",
        None,
        "the schedule 8 condition relied on",
        "Data Protection Act 2018 s.35(5)",
    ),
    Setting(
        "repeat_information.reports",
        "whole",
        3,
        "reports from one woman at which the Dedicated Source Unit is to be asked",
        "RIPA 2000 s.26(8); CHIS code, status drift",
        1,
        10,
    ),
    Setting(
        "repeat_information.days",
        "whole",
        90,
        "days within which those reports are counted",
        "RIPA 2000 s.26(8); CHIS code, status drift",
        30,
        366,
    ),
    Setting(
        "outside_contacts",
        "words",
        _OUTSIDE,
        "who is shown where the alleged offender is police or partner staff",
        "NPCC ban on paying for sex; professional standards",
    ),
    Setting(
        "duty_inspector",
        "text",
        None,
        "how the duty inspector is reached, shown at a threat to life",
        "threat-to-life process",
    ),
    Setting("backup_place", "path", None, "the second place for backups, off this machine", _UNIT),
    Setting(
        "matching.ethnicity",
        "flag",
        True,
        "whether matching weighs how his ethnicity was seen",
        "unit policy; Equality Act 2010 s.149",
    ),
    Setting(
        "matching.name_forms",
        "forms",
        {},
        "more forms of a name: a short form, a street form, a spelling",
        _UNIT,
    ),
)

SETS = ("dealt_with", "dealt_with_wide", "disrupted", "positive_core", "positive_wide", "with_tic")
_OUTCOMES = {"positive_core", "positive_wide", "with_tic"}
_SETS = tuple(
    Setting(
        f"sets.{name}",
        "codes",
        None,
        f"what counts as {name.replace('_', ' ')}",
        "domain.md 1.1" if name in _OUTCOMES else "domain.md 1.2",
        of="outcome_code" if name in _OUTCOMES else "action",
    )
    for name in SETS
)

# Lists that a unit may add to; the others are the law's, the program's, or ordered.
_OPEN = (
    *("accent", "action", "action_result", "behaviour", "body", "build", "call_source", "category"),
    *("colour", "contact", "handling", "hate_motivation", "initiated_by", "make", "need", "offence"),
    *("order_type", "outcome_code", "place_type", "ref_kind", "risk_tool", "safe_contact", "warning"),
    "wording",
)
_BY_THEMSELVES = {"recipient": "recipients", "service": "services"}


def _labels(name: str, of: str) -> Setting:
    return Setting(name, "labels", {}, f"codes that the unit adds to {of}", _UNIT, of=of)


CATALOGUE: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        *_PLAIN,
        *_SETS,
        *(_labels(name, of) for of, name in _BY_THEMSELVES.items()),
        *(_labels(f"vocabulary.{of}", of) for of in _OPEN),
    )
}


def vocabulary_of(list_: str) -> str | None:
    """Return the name of the setting that adds codes to this vocabulary; None where none may be added."""
    return _BY_THEMSELVES.get(list_) or (f"vocabulary.{list_}" if list_ in _OPEN else None)


def default(name: str) -> Any:
    """Return what stands where nothing was settled."""
    setting = CATALOGUE[name]
    if setting.type != "codes":
        return setting.default
    from db.rules import vocabulary

    listed = vocabulary.codes(setting.of)
    chosen = vocabulary.sets()[name.partition(".")[2]].codes
    return [code for code in listed if code in chosen]


def kept(setting: Setting, stored: Any) -> Any:
    """Return a stored value as it holds: a number that breaks its bounds counts as never settled."""
    if setting.type == "whole":
        fine = type(stored) is int and (setting.floor or 0) <= stored <= (setting.ceiling or stored)
        return stored if fine else setting.default
    if setting.type == "flag":
        return stored if isinstance(stored, bool) else setting.default
    shape: type = {"text": str, "path": str, "texts": list, "codes": list}.get(setting.type, dict)
    return stored if isinstance(stored, shape) else setting.default
