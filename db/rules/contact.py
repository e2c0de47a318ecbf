"""A contact told in one plain sentence, read for what it holds: time, place, how, who, car or man, needs.

Reads only what is plain; what it does not know stays in the sentence, which is kept whole as the note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from db.errors import BeechError
from db.rules import periods
from db.rules.mentions import read_mentions

if TYPE_CHECKING:
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


def read_contact(text: str, now: datetime) -> dict[str, Any]:
    """Return what a sentence says of a contact, as an engagement's keys; {} where it says nothing.

    Args:
        text: as typed: "2130 flagged down on Linthorpe Rd, P-7KQ2: silver Astra NA12 ?? followed her".
        now: an aware datetime.
    """
    at, rest = _time(" ".join(text.split()), now)
    found: dict[str, Any] = {"at": at} if at else {}
    head = rest.partition(":")[0]
    for field, words in (("initiated_by", _HOW), ("contact", _CONTACT)):
        code = next((code for code, said in words.items() if re.search(said, head, re.IGNORECASE)), None)
        if code:
            found[field] = code
    people = [ref.upper() for ref in _PERSON.findall(rest)]
    if people:
        found["people"] = list(dict.fromkeys(people))
    if unnamed := sum(int(number or 1) for number in _UNNAMED.findall(head)):
        found["people_unnamed"] = unnamed
    if place := _SECTOR.search(rest) or _PLACE.search(_PERSON.sub(" ", head)):
        found["sector"] = place[1]
    if needs := _needs(rest):
        found["needs"] = needs
    if said := _said_of_him(rest):
        found["mentions"] = said
    return found


def _time(text: str, now: datetime) -> tuple[str | None, str]:
    """Return the moment the sentence begins with, or names after "at", and the sentence without it."""
    words = text.split(" ")
    for count in range(min(_WORDS_OF_TIME, len(words)), 0, -1):
        at = _moment(" ".join(words[:count]).rstrip(",:;"), now)
        if at:
            return at, " ".join(words[count:])
    if found := _AT.search(text):
        at = _moment(found[1], now)
        if at:
            return at, text[: found.start()] + text[found.end() :]
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
