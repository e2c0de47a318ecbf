"""Where a record touches a duty: what is told at once to whoever enters it. Pure rules on what was said.

A prompt never stops a script; each is a code of the vocabulary ``hard_stop`` and a sentence (domain.md 5.1).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import limitation, text, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STAFF_SAID = (
    "What was said may mean police or partner staff. If he is: nothing about him is kept here; erase this "
    "report, and give it with --police-or-partner, which shows whom to go to."
)
_SEALED = (
    "a telephone number or a birth date is written there. Hers is sealed, with 'beech people seal', and "
    "stands in no note: take it out."
)
_NO_HOME = (
    "a house or a postcode is written there. Where she lives is never kept, and where it happened is told by "
    "the kind of place and the sector: take it out."
)
_NEVER_HELD = (
    "no such word of her is kept here: reports to police have led to immigration action against the women "
    "who made them. Take it out."
)
_OF_HIM = ("mentions", "description", "weapon")  # his number may stand there
_UNIDENTIFIED = ("14", "18")
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


_YOUNG = r"(?:1[0-7]|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
_ABOUT = r"(?:only |just |about |like )?"
_CARS = r"(?:car|van|estate|hatch\w*|saloon|pickup|plate|reg|astra|corsa|fiesta|focus|golf|polo|transit)"
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
        "sexual_offence",  # the offences of the Sexual Offences (Amendment) Act 1992 s.2(1)(da) and (db)
        offences=frozenset(
            ("soa1", "soa2", "soa3", "soa4", "soa52", "soa53", "soa53a", "soa62", "soa63", "soa66")
            + ("soa66a", "soa66b", "soa67", "msa2")
        ),
        behaviours=frozenset(("sexual_assault", "stealth")),
    ),
    _Signs(
        "under_18",
        words=rf"(?:she (?:is|was)|she'?s|i'?m|i am|girl of|aged?|turn(?:s|ed)|looks?|looked) {_ABOUT}"
        rf"{_YOUNG}"
        r"(?! (?:quid|pounds|minutes|mins|weeks|months|stone))"
        rf"|{_YOUNG}[ -]?(?:yo|y/o|y\.o|yrs?[ -]old|years?[ -]old)(?! (?:\w+ )?{_CARS})"
        r"|(?:she|girl) (?:is |was |looks )?under ?-?(?:age|18|eighteen)|school ?girl"
        r"|(?:she'?s|she is) (?:still )?(?:a minor|at school|in (?:year|yr) (?:[7-9]|1[01]))",
    ),
)
_STAFF = re.compile(
    r"\b(?:police ?(?:man|woman|officer|staff)|copper|(?:a|an|the|is|was|ex|off[- ]duty)[ -]cop|pcso"
    r"|detective|(?:he'?s|he is|works (?:for|in|with)) (?:in )?(?:the )?police|sergeant|constable"
    r"|special constable|off[- ]duty|in the job|drugs? worker|key ?worker|social worker|outreach worker"
    r"|support worker|housing officer|councillor|probation officer|prison officer|warrant card)\b",
    re.IGNORECASE,
)


def of(fields: Mapping[str, Any], needs: Iterable[str], texts: Iterable[str | None]) -> list[str]:
    """Return the codes of the prompts that a report speaks for, in their order.

    Args:
        fields: a concern's, in stored form; {} where there is none.
        needs: those of its engagement.
        texts: what she said and what was noted.
    """
    said = _folded(" ".join(filter(None, texts)))
    return [signs.code for signs in _SIGNS if _speaks(signs, fields, frozenset(needs), said)]


def _folded(text: str) -> str:
    return text.casefold().replace("\u2019", "'")


def _speaks(signs: _Signs, fields: Mapping[str, Any], needs: frozenset[str], said: str) -> bool:
    behaviours = frozenset(fields.get("behaviours") or ())
    if fields.get("offence_guess") in signs.offences or behaviours & signs.behaviours:
        return True
    if behaviours & _HARM and needs & signs.needs:
        return True
    return bool(signs.words) and re.search(rf"\b(?:{signs.words})\b", said) is not None


def is_young(text: str) -> bool:
    """Tell whether words speak of somebody under 18."""
    (signs,) = (one for one in _SIGNS if one.code == "under_18")
    return _speaks(signs, {}, frozenset(), _folded(text))


def of_words(words: Mapping[str, str], of_her: bool) -> list[Prompt]:
    """Return what is to be said of words that were just kept, by the name of their field.

    Args:
        words: what is held in each field in somebody's own words.
        of_her: whether the record is about a woman; of a man it is asked whether he is staff.
    """
    if not of_her:
        return [Prompt("police_or_partner", STAFF_SAID)] if names_staff(*words.values()) else []
    found = []
    sealed = [name for name, said in words.items() if name not in _OF_HIM and text.looks_personal(said)]
    if sealed:
        found.append(Prompt("sealed", f"{', '.join(sealed)}: {_SEALED}"))
    homes = [
        name
        for name, said in words.items()
        if name not in _OF_HIM and text.looks_home(said, place=name == "sector")
    ]
    if homes:
        found.append(Prompt("home", f"{', '.join(homes)}: {_NO_HOME}"))
    told = {name: text.sealed_words(said) for name, said in words.items()}
    if any(told.values()):
        rules = dict.fromkeys(rule.replace("_", " ") for touched in told.values() for rule in touched)
        where = ", ".join(name for name, touched in told.items() if touched)
        found.append(Prompt("never_held", f"{where}: {', '.join(rules)}: {_NEVER_HELD}"))
    if is_young(" ".join(words.values())):
        found.append(prompt("under_18"))
    return found


def of_action(made: Mapping[str, Any], named: bool) -> list[Prompt]:
    """Return what is to be said of something done to a man: duties, and what does not go together.

    Args:
        made: the action's shape.
        named: whether it is known who he is.

    Source: Home Office Crime Outcomes Framework; Magistrates' Courts Act 1980 s.127.
    """
    found = [prompt("disclosure_schedule")] if made["action"] in CHARGES else []
    charged, outcome = made["action"] in CHARGES, made.get("outcome_code")
    if outcome in _UNIDENTIFIED and named:
        found.append(
            Prompt("outcome", f"Outcome {outcome} is for a suspect who is not identified: he is named.")
        )
    if charged and outcome not in (None, "1", "1A"):
        found.append(Prompt("outcome", f"It is a charge, and outcome {outcome} is none: 1 or 1A is."))
    if made.get("offence") in limitation.SUMMARY_ONLY and made.get("offence_on"):
        last = limitation.last_day(date.fromisoformat(made["offence_on"]))
        done = date.fromisoformat(made["on"])
        if outcome == "17" and done <= last:
            found.append(
                Prompt("outcome", f"Outcome 17 is for a time limit that has passed: it runs to {last}.")
            )
        if charged and done > last:
            found.append(
                Prompt("limitation", f"The time to lay an information ended on {last}: was it laid by then?")
            )
    return found


def names_staff(*texts: str | None) -> bool:
    """Tell whether what she said of him may mean police or partner staff: then that is asked first."""
    return any(_STAFF.search(text) for text in texts if text)


def prompt(code: str, more: str = "") -> Prompt:
    """Return a prompt of the vocabulary, with what is known beside it."""
    return Prompt(code, f"{vocabulary.stop(code)}{f' {more}' if more else ''}")
