"""What the questions need: whom a name means, whether an answer stands, what a sentence says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db import pseudonyms, records, settings
from db.engagements.saving import nearest
from db.errors import NotFound, Refused
from db.records import hidden
from db.rules import limits, periods, values, vocabulary
from db.rules.records import KINDS, heard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.vault.store import Look, Store

Record = dict[str, Any]

_PEOPLE = (  # the last: under which record of hers she counts
    "select r.ref, r.id, x.pseudonym, x.known_as, coalesce(s.canonical, r.n), s.canonical is r.n, "  # noqa: S608 - fixed text
    f"r.n in ({hidden.WOMEN}) "
    "from person as x cross join record as r on r.n = x.n left join same_as as s on s.n = r.n "
    "where r.state = 'present' order by x.pseudonym, x.n"
)


class Stopped(Refused):
    """A hard stop: nothing is asked any further and nothing is saved."""


class Known(NamedTuple):
    """A woman the unit knows: her reference, her pseudonym, what the street calls her."""

    ref: str
    pseudonym: str
    known_as: list[str]


def who(store: Store, text: str) -> list[Known]:
    """Return whom an officer may mean by a reference, a pseudonym or a name of the street, or its beginning.

    A look at people: journalled with what was typed in its payload. One who is called exactly so comes alone.

    Raises:
        NotFound: nobody is called so; the nearest pseudonyms are named.
    """
    typed = text.strip().casefold()
    with store.consult("person") as look:
        called = _everybody(look)
        spoken = heard(text)
        exact = [
            one
            for one in called
            if one.known.ref == spoken or (not one.hidden and typed in _names(one.known))
        ]
        begun = [
            one
            for one in called
            if typed and not one.hidden and any(n.startswith(typed) for n in _names(one.known))
        ]
        found = _once(exact or begun)
        look.asked(search=text.strip())
        look.shown(len(found), [one.record.hex() for one in found])
        hint = "" if found else nearest(look, text)
    if not found:
        raise NotFound(hint)
    return [one.known for one in found]


class _Called(NamedTuple):
    known: Known
    record: bytes
    group: int
    first: bool
    hidden: bool  # her no: she is offered to nobody who does not have her reference


def _everybody(look: Look) -> list[_Called]:
    return [
        _Called(
            Known(ref, pseudonym, json.loads(known_as) if known_as else []), record, group, bool(first), no
        )
        for ref, record, pseudonym, known_as, group, first, no in look.execute(_PEOPLE).fetchall()
    ]


def _once(found: Iterable[_Called]) -> list[_Called]:
    """Return each woman once: of merged records the one she goes by, where it is among them."""
    told: dict[int, _Called] = {}
    for one in found:
        if one.first or one.group not in told:
            told[one.group] = one
    return list(told.values())


def _names(known: Known) -> list[str]:
    return [name.casefold() for name in (known.pseudonym, *known.known_as)]


def read_answer(store: Store, raw: Record, field: str, text: str) -> Any:
    """Return one typed answer as ``log`` takes it, checked with what was answered before; None where empty.

    Args:
        store: for its clock.
        raw: the engagement as far as it has been answered.
        field: which field.
        text: as typed.

    Raises:
        Refused, Usage, Ambiguous: a rule stands against it.
    """
    if not text.strip():
        return None
    kept = next(one for one in KINDS["engagement"].fields if one.name == field)
    value = values.reader(kept, settings.added(store.cipher))(text, records.local_now(store))
    so_far: Record = {"at": 0, **raw, field: value}
    limits.complete("engagement", so_far, records.today(store))
    limits.check("engagement", so_far)
    return periods.iso(value) if kept.type == "instant" else value


def age_band(text: str) -> str:
    """Return the band of an age in years; what is no number comes back as it is, for the rule to judge."""
    typed = text.strip()
    if not re.fullmatch(r"[0-9]{1,3}", typed):
        return typed
    years = int(typed)
    bands = ((18, "under_18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"))
    return next((band for below, band in bands if years < below), "55+")


def read_new_person(store: Store, raw: Record) -> Record:
    """Return somebody new as typed, once every rule about her has been asked.

    Raises:
        Stopped: she is under 18; the hard stop's own words.
        Refused: another rule stands against it.
    """
    with store.counts() as reader:
        try:
            fields = records.read_fields(store, "person", raw, records.resolver(store, reader))
        except Refused as error:
            if str(error) == vocabulary.stop("under_18"):
                raise Stopped(str(error)) from None
            raise
        ref = pseudonyms.taken(reader, str(raw.get("pseudonym", "")))
    if ref is not None:
        raise Refused(f"{ref} has that pseudonym; choose another, or give her reference")
    limits.complete("person", fields, records.today(store))
    limits.check("person", fields)
    return raw


def read_sentence(store: Store, text: str) -> Record:
    """Return what one plain sentence says of a contact, as ``log`` takes it; {} where it says nothing.

    The sentence itself is kept whole as the note. Whom it calls by a pseudonym or a name of the street is
    looked up, which is a look at people; a name that two share is left for the officer to say, and so is that
    of one who wants no contact.
    """
    from db.rules.contact import read_contact

    with store.counts() as reader:
        sectors = settings.get(reader, "sectors")
    found = read_contact(text, records.local_now(store), sectors)
    called = _called(store, text)
    if called:
        found["people"] = list(dict.fromkeys([*found.get("people", ()), *called]))
    return found | {"narrative": text.strip()} if found else {}


def _called(store: Store, text: str) -> list[str]:
    folded = text.casefold()
    with store.consult("person") as look:
        by_name: dict[str, list[_Called]] = {}
        for one in _everybody(look):
            for name in _names(one.known):
                by_name.setdefault(name, []).append(one)
        found = [
            those[0]
            for name, those in ((name, _once(those)) for name, those in by_name.items())
            if len(those) == 1
            and not those[0].hidden
            and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", folded)
        ]
        look.asked(search=text.strip())
        look.shown(len(found), [one.record.hex() for one in found])
    return [one.known.ref for one in _once(found)]
