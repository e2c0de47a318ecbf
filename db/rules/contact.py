"""A contact told in one plain sentence, read for what it holds: time, place, how, who, car or man, needs.

Reads only what is plain; what it does not know stays in the sentence, which is kept whole as the note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from db.errors import BeechError
from db.rules import periods, reported
from db.rules.mentions import read_mentions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_WORDS_OF_TIME = 4
_AT = re.compile(
    r"\b(?:at|about|around)\s+(\d{4}|\d{1,2}[:.]\d{2}|\d{1,2}\s?(?:am|pm)|noon)\b", re.IGNORECASE
)
_PERSON = re.compile(r"\bP-[0-9A-Za-z]{4,}\b")
_UNNAMED = re.compile(r"(?<!\S)\?(\d{0,2})(?![\w?])")
_HOW = {
    "flagged_down": r"\b(?:flag|wav)(?:ged|ed) (?:\w+ ){0,2}down\b|\bflagged (?:me|us)\b",
    "planned": r"\bplanned\b|\bby appointment\b|\bas arranged\b",
    "drop_in": r"\bdrop[- ]?in\b",
    "third_party": r"\bthird party\b|\bthrough a (?:friend|partner|worker)\b",
    "call": r"\b(?:rang|phoned|called) (?:me|us|in)\b|\bby (?:phone|telephone)\b|\bon the phone\b",
    "text": r"\btexted\b|\bby text\b|\bsent a text\b",
    "online": r"\bonline\b|\bby email\b",
    "patrol": r"\b(?:on|foot|mobile) patrol\b|^patrol\b",
}
_CONTACT = {
    "seen_only": r"\bseen only\b|\bonly seen\b|\bnot spoken to\b",
    "attempted": r"\battempted\b|\bno answer\b|\bnot there\b",
    "declined": r"\bdeclined\b|\bdid(?:n[o']t| not) want to (?:talk|speak|stop)\b",
    "nil_patrol": r"\bnil patrol\b|\bno ?(?:one|body) about\b",
}
_LATE = re.compile(r"(?<![\d/.:-])(?:[01]\d|2[0-3])[0-5]\d(?![\d/.:-])")  # a bare clock time, no year
_YEARS = range(1990, 2040)
_COUNTED = re.compile(
    r"\b(a|an|one|two|three|four|five|six|\d) (?:\w+ )?(?:women|woman|girls?|ladies|lady)\b", re.IGNORECASE
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_STREET = re.compile(
    r"\b((?:[A-Z][\w'’]*\s+){1,3}(?:Rd|Road|St|Street|Lane|Ave|Avenue|Terrace|Square|Park|Way|Court|Drive"
    r"|Place|Bridge|Row|Close)\b)"
)
_PLACE = re.compile(
    r"\b(?:[Oo]n|[Aa]t|[Ii]n|[Nn]ear|[Oo]utside|[Bb]y|[Bb]ehind|[Oo]pposite)\s+"
    r"((?:the\s+)?[A-Z][\w'’]*(?:\s+(?:[A-Z][\w'’]*|of))*)"
)
_SECTOR = re.compile(r"\b((?:sector|zone|beat)\s+\w+)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:wants?|wanted|needs?|needed|asked (?:for|about)|help with|would like|looking for)\s+([^;.:]+)",
    re.I,
)
_NEEDS = {
    "housing": r"hous(?:e|ing)|homeless|hostel|flat|somewhere to (?:stay|live)|bed for",
    "drugs": r"drugs?|methadone|script|heroin|crack|detox|substance",
    "alcohol": r"alcohol|drink(?:ing)?",
    "mental_health": r"mental health|counsell(?:ing|or)|anxi\w+|depress\w+",
    "physical_health": r"gp|doctor|nurse|hospital|dentist|wound|physical health",
    "sexual_health": r"sexual health|condoms?|sti|clinic|contracepti\w+",
    "violence": r"refuge|domestic abuse|isva|idva|violence",
    "debt": r"debts?|arrears|loan",
    "benefits": r"benefits?|universal credit|pip",
    "legal": r"legal|solicitor|court",
    "exit": r"exit(?:ing)?|out of (?:it|this)|to stop working",
    "food": r"food ?(?:bank|parcel)?|hungry|something to eat",
    "id_docs": r"birth certificate|id documents?|an id\b",
    "phone": r"a phone|phone credit|charger",
}
_CLAUSES = re.compile(r"[,;:]\s|\.\s|\s-\s")


def read_contact(text: str, now: datetime, sectors: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a sentence says of a contact, as ``log`` takes it; {} where it says nothing.

    What was done to her, in words that plainly say so, is a ``concern`` with its ``behaviours``.

    Args:
        text: as typed: "2130 flagged down on Linthorpe Rd, P-7KQ2: silver Astra NA12 ?? followed her".
        now: an aware datetime.
        sectors: the unit's own, which are known wherever they stand.
    """
    at, rest = _time(" ".join(text.split()), now)
    head = rest.partition(":")[0]
    people = list(dict.fromkeys(ref.upper() for ref in _PERSON.findall(rest)))
    unnamed = sum(int(number or 1) for number in _UNNAMED.findall(head))
    done = reported.read(rest)
    found = {
        "at": at,
        "initiated_by": _code(_HOW, head),
        "contact": _code(_CONTACT, head),
        "people": people,
        "people_unnamed": unnamed or _counted(head, bool(people)),
        "sector": _place(rest, head, sectors),
        "needs": _needs(rest),
        "mentions": _said_of_him(rest),
        "concern": {"behaviours": done} if done else None,
    }
    return {key: value for key, value in found.items() if value}


def _code(table: dict[str, str], head: str) -> str | None:
    return next((code for code, said in table.items() if re.search(said, head, re.IGNORECASE)), None)


def _counted(head: str, named: bool) -> int:
    """Return how many women a sentence speaks of without a name; one is she who is named, where one is."""
    hits = [hit[1].lower() for hit in _COUNTED.finditer(head)]
    count = sum(_COUNTS.get(said) or int(said) for said in hits)
    return 0 if named and count == 1 else count


def _place(rest: str, head: str, sectors: Sequence[str]) -> str | None:
    for sector in sorted(sectors, key=len, reverse=True):
        if re.search(rf"(?<![\w-]){re.escape(sector)}(?![\w-])", rest, re.IGNORECASE):
            return sector
    bare = _PERSON.sub(" ", head)
    hit = _SECTOR.search(rest) or _PLACE.search(bare) or _STREET.search(bare)
    return hit[1] if hit else None


def _time(text: str, now: datetime) -> tuple[str | None, str]:
    """Return the moment the sentence begins with, or names after "at", and the sentence without it."""
    words = text.split(" ")
    for count in range(min(_WORDS_OF_TIME, len(words)), 0, -1):
        said = " ".join(words[:count]).rstrip(",:;")
        at = _moment("now" if said.casefold() in ("just now", "right now") else said, now)
        if at:
            return at, " ".join(words[count:])
    if found := _AT.search(text):
        at = _moment(found[1], now)
        if at:
            return at, text[: found.start()] + text[found.end() :]
    for bare in _LATE.finditer(text.partition(":")[0]):
        if int(bare[0]) not in _YEARS and (at := _moment(bare[0], now)):
            return at, text[: bare.start()] + text[bare.end() :]
    return None, text


def _moment(text: str, now: datetime) -> str | None:
    try:
        at = periods.instant(text, now).at
    except BeechError:
        return None
    return None if periods.is_future(at, now) else periods.iso(at)


def _needs(text: str) -> list[str]:
    asked = " ".join(_ASKS.findall(text))
    return [need for need, words in _NEEDS.items() if re.search(rf"\b(?:{words})\b", asked, re.IGNORECASE)]


def _said_of_him(text: str) -> str | None:
    """Return the parts of the sentence that describe a man or a car, as they were typed."""
    parts = []
    for clause in _CLAUSES.split(_PERSON.sub("", text)):
        said = read_mentions(clause)
        if said.keys() - {"mo_text"}:
            parts.append(clause.strip(" ,:;."))
    return ", ".join(parts) or None
