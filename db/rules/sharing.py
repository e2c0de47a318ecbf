"""How far what she said may go: her level decides, whoever asks. Pure rules; the levels are read in db.

0 listen only, 1 unit only, 2 facts about the man, 3 through a partner, 4 named within police, 5 to court
(domain.md section 5). Names go at 4 and 5 alone, and there only by who can open them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT_ONLY = 1  # up to here nothing leaves, and nothing is shown as the source of a hit
NAMED = 4  # from here on a name may go along
_NEVER = 6  # no level is so high
PRESS = "press"  # whatever it gets is published: figures, and a card that was approved, never a record

# from which level on a recipient may have the record whole, under her pseudonym; less is facts about him
SUBJECT = "subject"  # somebody who asks for what is held of her or him, and gets nothing of anybody else
_WHOLE_FROM = {"partner": 3, "num": 3, "cps": 5, "court": 5, PRESS: _NEVER}
_OTHERWISE = 4

HERS = ("person", "engagement", "concern", "referral", "followup")
FACTS = {
    "concern": ("ref", "sector", "behaviours", "offence_guess", "offender", "vehicle", "description"),
}
_HER_WORDS = ("mo_text",)
# what no export, report or sheet holds at any level: what the street calls her, whom not to ring
NEVER_LEAVES = {"person": ("known_as", "safety")}


class Extent(StrEnum):
    """How much of a record may go."""

    NOTHING = "nothing"
    FACTS = "facts"
    WHOLE = "whole"


def extent(kind: str, level: int | None, recipient: str) -> Extent:
    """Return how much of a record may go to a recipient.

    Args:
        kind: the kind's word.
        level: the one that holds for the record, as ``db.sharing`` reads it; None where it is not hers.
        recipient: a code of the vocabulary, or one that the unit adds.
    """
    if kind not in HERS or level is None:
        return Extent.WHOLE
    if level <= UNIT_ONLY:
        return Extent.NOTHING
    if level >= _WHOLE_FROM.get(recipient, _OTHERWISE):
        return Extent.WHOLE
    return Extent.FACTS if kind in FACTS else Extent.NOTHING


def refused_recipient(recipient: str) -> str | None:
    """Return the sentence that refuses a recipient of records of any kind, hers or his, or None."""
    if recipient != PRESS:
        return None
    return (
        "press: no record goes to the press, whose it ever is: figures do, with 'beech summary --profile "
        "public' or 'beech brief foi'"
    )


def outgoing(kind: str, shape: Mapping[str, Any], how_far: Extent) -> dict[str, Any] | None:
    """Return a record's shape as far as it may go, keys in their order; None where nothing may.

    Of facts about the man go what he did and what he and his car look like: no person, no time, none of
    her words, no reference of the force's that leads to her.
    """
    if how_far is Extent.NOTHING:
        return None
    withheld = NEVER_LEAVES.get(kind, ())
    if how_far is Extent.WHOLE:
        whole = dict(shape)
        for key in withheld:
            whole.pop(key, None)
        return whole
    facts = {key: shape[key] for key in FACTS[kind] if key in shape}
    if facts.get("description"):
        facts["description"] = {k: v for k, v in facts["description"].items() if k not in _HER_WORDS}
    return facts


def shows_source(level: int) -> bool:
    """Tell whether a record of that level may be shown as the source of a hit."""
    return level > UNIT_ONLY


def names_leave(level: int) -> bool:
    """Tell whether a name may go along at that level of hers."""
    return level >= NAMED
