"""The form's letters: each answers one question. What nobody said stays unsaid; nothing is guessed.

A letter never changes its meaning between releases: fingers learn it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Refused
from db.rules import periods, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# the digit is the place: 1 flagged down, which is the headline figure, comes first
HOW = ("flagged_down", "planned", "patrol", "drop_in", "call", "third_party", "text", "online")
CONTACTS = {"s": "seen_only", "a": "attempted", "d": "declined", "n": "nil_patrol"}
NEEDS = {
    "h": "housing",
    "d": "drugs",
    "a": "alcohol",
    "m": "mental_health",
    "p": "physical_health",
    "s": "sexual_health",
    "v": "violence",
    "o": "debt",
    "b": "benefits",
    "l": "legal",
    "x": "exit",
    "f": "food",
    "i": "id_docs",
    "t": "phone",
}
BEHAVIOURS = {
    "f": "follows",
    "v": "assaults",
    "p": "refuse_pay",
    "t": "threatens",
    "s": "sexual_assault",
    "r": "robs",
    "b": "takes_back_money",
    "c": "no_condom",
    "o": "stealth",
    "g": "rough",
    "k": "strangles",
    "h": "restrains",
    "w": "weapon",
    "l": "lock_in_car",
    "d": "drives_off_area",
    "y": "rural",
    "m": "second_man",
    "i": "films",
    "u": "drugs_drink",
    "j": "stalks",
    "e": "online_first",
    "n": "uses_name",
    "q": "police_impersonation",
    "a": "targets_dependent",
    "z": "repeat",
}
_DECISIONS = {"c": "crimed", "n": "n100", "i": "incident_only", "r": "referred_fcr"}
_LATER = ("", "l", "later", "?")
_NOT_KNOWN = ("?", "nk", "not known", "unknown", "does not know", "doesn't know")
_WORD = 3  # letters from which a token is tried as the beginning of a word


class How(NamedTuple):
    """How a contact began (None: not said), and what kind it was."""

    initiated_by: str | None
    contact: str


class Needs(NamedTuple):
    """What she needs, and what she was offered with her answer (``housing:declined``)."""

    needs: tuple[str, ...]
    offers: tuple[str, ...]


class Decision(NamedTuple):
    """A crime-recording decision (None: not yet), its crime reference, its reason in words."""

    code: str | None = None
    crime_ref: str | None = None
    rationale: str | None = None


def read_how(text: str) -> How:
    """Read a digit, a letter that says nobody was spoken to, or both: ``3``, ``3s``, ``n``, ``patrol``.

    Raises:
        Refused: it is neither.
    """
    typed = text.strip().casefold()
    found = re.fullmatch(r"([1-8]?)\s*([sadn]?)", typed)
    if found:
        began = HOW[int(found[1]) - 1] if found[1] else None
        return How(began, CONTACTS.get(found[2], "spoke"))
    word, _, letter = typed.rpartition(" ")
    if letter not in CONTACTS or not word:
        word, letter = typed, ""
    code = _begun("initiated_by", word)
    if code is None:
        digits = ", ".join(f"{n} {one.replace('_', ' ')}" for n, one in enumerate(HOW, 1))
        raise Refused(f"How: {digits}; then s seen only, a attempted, d declined, n nil patrol")
    return How(code, CONTACTS.get(letter, "spoke"))


def how_again(initiated_by: str | None, contact: str) -> str:
    """Return how a contact began as it is typed; never flagged down, which is said anew each time."""
    digit = str(HOW.index(initiated_by) + 1) if initiated_by in HOW[1:] else ""
    return digit + next((letter for letter, code in CONTACTS.items() if code == contact), "")


def needs_again(needs: Iterable[str]) -> str:
    """Return needs as they are typed."""
    return "".join(letter for letter, need in NEEDS.items() if need in set(needs))


def read_needs(text: str) -> Needs:
    """Read letters: ``h`` she needs housing, ``H`` it was offered and she said no, ``h+`` she said yes.

    Letters may run together (``hd``); a word or its beginning stands alone (``housing``, ``id``).

    Raises:
        Refused: something in it is no need.
    """
    needs: list[str] = []
    offers: list[str] = []
    for token in re.split(r"[\s,;]+", text.strip()):
        bare = token.rstrip("+")
        yes = len(bare) < len(token)
        code = _begun("need", bare) if len(bare) >= _WORD or bare.casefold() == "id" else None
        for one in [bare] if code else bare:
            need = code or NEEDS.get(one.casefold())
            if need is None:
                raise Refused(
                    f"Needs: letters {''.join(NEEDS)} (see F1), or words; a capital is offered, said no"
                )
            last = code is not None or one == bare[-1]
            if one[0].isupper():
                offers.append(f"{need}:declined")
            else:
                needs.append(need)
                if yes and last:
                    offers.append(f"{need}:accepted")
    return Needs(tuple(dict.fromkeys(needs)), tuple(dict.fromkeys(offers)))


def read_behaviours(text: str) -> tuple[tuple[str, ...], ...]:
    """Read what she reported: letters that run together are one event, a comma or a blank begins another.

    ``fv`` is one concern, followed and assaulted; ``f, p`` are two. A word or its beginning stands for
    itself where it has three letters or more and begins only one.

    Raises:
        Refused: something in it is no behaviour.
    """
    events = []
    for token in re.split(r"[\s,;]+", text.strip()):
        if not token:
            continue
        code = _begun("behaviour", token) if len(token) >= _WORD else None
        codes = [code] if code else [BEHAVIOURS.get(one) for one in token.casefold()]
        if None in codes:
            raise Refused(f"Concerns: letters {''.join(BEHAVIOURS)} (see F1), or words such as weapon_knife")
        events.append(tuple(dict.fromkeys(one for one in codes if one)))
    return tuple(events)


def read_happened(text: str, now: datetime) -> dict[str, str]:
    """Read when something happened, as a concern's own keys; {} where she does not know.

    Args:
        text: a day, a time, one ``to`` another, or ``?`` for "not known".
        now: an aware datetime.

    Raises:
        Refused: it cannot be read, or it says nothing: there is no default.
    """
    typed = text.strip()
    if not typed:
        raise Refused("When did it happen? A day, a time (tonight 2050), or ? for not known")
    if typed.casefold() in _NOT_KNOWN:
        return {}
    first, _, last = typed.partition(" to ")
    found = {"happened_from": first}
    if last:
        found["happened_to"] = last
    for said in found.values():
        when = periods.when(said, now)
        if isinstance(when, periods.Instant) and periods.is_future(when.at, now):
            raise Refused("When did it happen? That time is still to come")
    return found


def read_hurt(text: str) -> str | None:
    """Read whether she was hurt: n, y, or what it was; None where nothing was said."""
    typed = text.strip()
    return {"n": "no", "y": "yes", "": None, "?": None}.get(typed.casefold(), typed)


def read_decision(text: str) -> Decision:
    """Read the crime-recording decision: l later, c crimed and its reference, n N100, i incident, r referred.

    Raises:
        Refused: it is none of these, or an incident alone has no reason.
    """
    word, _, rest = text.strip().partition(" ")
    if word.casefold() in _LATER and not rest:
        return Decision()
    code = _DECISIONS.get(word.casefold()) or _begun("ncrs_decision", word)
    if code is None:
        raise Refused(
            "Crime? l later, c crimed (and its reference), n N100, i incident only and why, r referred"
        )
    said = rest.strip() or None
    if code == "incident_only" and said is None:
        raise Refused("Crime? An incident alone needs its reason: i and why")
    return Decision(code, said, None) if code == "crimed" else Decision(code, None, said)


def read_wording(text: str) -> bool:
    """Tell whether the words were read to her: y or n; nothing said is no.

    Raises:
        Refused: it is neither.
    """
    typed = text.strip().casefold()
    if typed not in ("", "y", "yes", "n", "no"):
        raise Refused("Words read to her? y or n")
    return typed.startswith("y")


def read_return(text: str, now: datetime) -> tuple[str, str | None] | None:
    """Read when to go back, and to do what: ``7d``, ``fri housing form``; None where nothing was said.

    Returns:
        The local date, YYYY-MM-DD, and the words.

    Raises:
        Refused: it does not begin with a day, or the day is past.
    """
    words = text.split()
    if not words:
        return None
    for count in range(min(4, len(words)), 0, -1):
        try:
            day = periods.day(" ".join(words[:count]), now)
        except Refused:
            continue
        if day < periods.local_day(int(now.timestamp())):
            raise Refused("Go back: that day is past")
        return day.isoformat(), " ".join(words[count:]) or None
    raise Refused("Go back: begin with a day, as 7d, fri or 21/11")


def _begun(name: str, typed: str) -> str | None:
    """Return the one code of a list that a word is, or begins."""
    word = re.sub(r"[\s-]+", "_", typed.strip().casefold())
    codes = vocabulary.codes(name)
    if not word or word in codes:
        return word or None
    begun = [code for code in codes if code.startswith(word)]
    return begun[0] if len(begun) == 1 else None
