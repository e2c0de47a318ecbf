"""Where a record touches a duty: what is told at once to whoever enters it. Pure rules on what was said.

A prompt never stops a script; each is a code of the vocabulary ``hard_stop`` and a sentence (domain.md 5.1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CHARGES = ("charge", "summons_postal_requisition")


class Prompt(NamedTuple):
    """What is to be done, and why it is said: a code and one sentence."""

    code: str
    says: str


class _Signs(NamedTuple):
    """What speaks for a prompt: offences, behaviours, needs together with harm, words."""

    code: str
    offences: frozenset[str] = frozenset()
    behaviours: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    words: str = ""


_HARM = frozenset(
    ("assaults", "sexual_assault", "robs", "strangles", "restrains", "rough", "lock_in_car", "threatens")
)
_SIGNS = (
    _Signs(
        "threat_to_life",
        offences=frozenset(("ttk",)),
        behaviours=frozenset(("weapon_gun", "gun_claim")),
        words=r"kill(?:ing|ed|s)? (?:me|her|you|them)|threat\w* to kill|going to kill|gonna kill"
        r"|shoot (?:me|her|you)|end up dead|petrol|acid|burn (?:me|her) alive",
    ),
    _Signs(
        "trafficking",
        offences=frozenset(("msa1", "msa2", "soa52", "soa53", "soa53a")),
        words=r"debt bond\w*|(?:owes?|owed) (?:him|them) money|not allowed (?:out|to leave)|can'?t leave"
        r"|locked in (?:the |a )?(?:house|flat|room)|brought (?:me|her) (?:here|over)"
        r"|takes? (?:all )?(?:of )?(?:my|her|their) (?:money|earnings)"
        r"|(?:took|has|keeps?) (?:my|her) passport"
        r"|makes? (?:me|her) work|forced (?:me |her )?to work|moved (?:me|her) (?:round|around|from)|pimp\w*",
    ),
    _Signs(
        "care_and_support",
        needs=frozenset(("mental_health", "physical_health")),
        words=r"learning (?:difficult\w*|disab\w*)|dementia|self[- ]neglect\w*|suicid\w*|not eating"
        r"|can'?t (?:look after|protect) herself|(?:does not|doesn'?t) understand what",
    ),
    _Signs(
        "sexual_offence",
        offences=frozenset(("soa1", "soa2", "soa3", "soa4", "soa62", "soa63", "soa66", "soa67")),
        behaviours=frozenset(("sexual_assault", "stealth")),
    ),
    _Signs(
        "under_18",
        words=r"(?:she'?s|she is|she was|i'?m|i am|girl of|aged?) (?:only |just )?1[0-7]"
        r"(?! (?:quid|pounds|minutes|mins|weeks|months|stone))"
        r"|(?:she|girl) (?:is |was |looks )?under ?-?age",
    ),
)
_STAFF = re.compile(
    r"\b(?:police ?(?:man|officer)|copper|pcso|detective|sergeant|constable|special constable"
    r"|off[- ]duty|in the job|social worker|outreach worker|support worker|housing officer|councillor"
    r"|probation officer|prison officer|warrant card)\b",
    re.IGNORECASE,
)


def of(fields: Mapping[str, Any], needs: Iterable[str], texts: Iterable[str | None]) -> list[str]:
    """Return the codes of the prompts that a report speaks for, in their order.

    Args:
        fields: a concern's, in stored form; {} where there is none.
        needs: those of its engagement.
        texts: what she said and what was noted.
    """
    said = " ".join(filter(None, texts)).casefold().replace("\u2019", "'")
    return [signs.code for signs in _SIGNS if _speaks(signs, fields, frozenset(needs), said)]


def _speaks(signs: _Signs, fields: Mapping[str, Any], needs: frozenset[str], said: str) -> bool:
    behaviours = frozenset(fields.get("behaviours") or ())
    if fields.get("offence_guess") in signs.offences or behaviours & signs.behaviours:
        return True
    if behaviours & _HARM and needs & signs.needs:
        return True
    return bool(signs.words) and re.search(rf"\b(?:{signs.words})\b", said) is not None


def names_staff(*texts: str | None) -> bool:
    """Tell whether what she said of him may mean police or partner staff: then that is asked first."""
    return any(_STAFF.search(text) for text in texts if text)


def prompt(code: str, more: str = "") -> Prompt:
    """Return a prompt of the vocabulary, with what is known beside it."""
    return Prompt(code, f"{vocabulary.stop(code)}{f' {more}' if more else ''}")
