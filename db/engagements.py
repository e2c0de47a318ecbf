"""Recording a contact: one engagement with the women in it, new ones made in the same transaction.

What she said of a man or a car is matched against the watchlist once the engagement is safe.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db import pseudonyms, records, watchlist
from db.errors import NotFound, Refused
from db.records import Why
from db.rules import limits, periods, values, vocabulary
from db.rules.mentions import read_mentions
from db.rules.records import KINDS, heard
from db.vault import journal

if TYPE_CHECKING:
    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]

_NEAREST = 3


def log(store: Store, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Record one engagement and return its shape with ``matches``: who on the watchlist she may mean.

    Args:
        store: the open unit.
        raw: one engagement as import takes it; ``people`` may hold references, import keys, and
            ``{"pseudonym": ..., "age_band": ...}`` for somebody new. An ``external_ref`` known already
            updates that engagement.
        why: a reason, where one is given.

    Raises:
        Refused: a rule forbids it (sharing level, hard stop, a field that is never held): nothing is saved.
        NotFound: a text in ``people`` is neither a reference nor a key; the nearest pseudonyms are named.
        Usage: a key is not known.
    """
    with store.write(why.reason, why.note) as tx:
        rest = {key: value for key, value in raw.items() if key != "people"}
        fields = records.read_fields(store, "engagement", rest, records.resolver(store, tx))
        if "people" in raw:
            fields["people"] = _people(store, tx, raw["people"], fields.get("external_ref"))
        engagement = records.put(store, tx, "engagement", fields)
        made = records._shape_of(tx, "engagement", engagement)
    return made | {"matches": look_for(store, made["mentions"])}


def look_for(store: Store, mentions: str | None) -> list[Record]:
    """Return who on the watchlist a text may mean; nothing is asked of the list where it describes nobody."""
    said = read_mentions(mentions or "")
    if not said:
        return []
    return watchlist.match_each(store, [watchlist.read_one(store, said)])[0].hits


def _people(store: Store, tx: Write, raw: Any, external_ref: str | None) -> list[str] | None:
    if raw is None:
        return None
    ids: list[str] = []
    for one in values.items("people", raw):
        if isinstance(one, dict):
            ids.append(_somebody_new(store, tx, one, external_ref).hex())
        else:
            ids.append(_known(store, tx, records.one_ref("people", one)))
    return list(dict.fromkeys(ids)) or None


def _known(store: Store, tx: Write, text: str) -> str:
    try:
        return records.resolver(store, tx)(text, ("person",))
    except NotFound:
        raise NotFound(_nearest(tx, text)) from None


def _somebody_new(store: Store, tx: Write, raw: Record, external_ref: str | None) -> bytes:
    """Make a person, or return the one whom this engagement brought before under the same pseudonym.

    Raises:
        Refused: she is under 18, or somebody else bears the pseudonym.
    """
    fields = records.read_fields(store, "person", raw, records.resolver(store, tx))
    if fields.get("external_ref") is not None:
        return records.put(store, tx, "person", fields)
    pseudonym = fields.get("pseudonym")
    if pseudonym is not None:
        ref = pseudonyms.taken(tx, pseudonym)
        if ref is not None:
            brought = _brought_before(store, tx, ref, external_ref)
            if brought is None:
                raise Refused(f"people: {ref} has that pseudonym; give her reference, or another pseudonym")
            return brought
    return records.new(store, tx, "person", fields)


def _brought_before(store: Store, tx: Write, ref: str, external_ref: str | None) -> bytes | None:
    if external_ref is None:
        return None
    row = tx.execute(
        "select p.id from link as l join record as e on e.n = l.source join record as p on p.n = l.target "
        "where e.id = ? and l.field = 'people' and p.ref = ?",
        (journal.derived_id(store.id_key, "engagement", external_ref), ref),
    ).fetchone()
    return None if row is None else bytes(row[0])


def _nearest(reader: Any, text: str) -> str:
    """Return what to say of a text that names nobody: the nearest, by pseudonym alone."""
    from rapidfuzz import fuzz, process, utils

    named = reader.execute(
        "select r.ref, x.pseudonym from person as x join record as r on r.n = x.n where r.state = 'present'"
    ).fetchall()
    asked = text.strip()
    near = process.extract(
        asked,
        {ref: f"{ref} {pseudonym}" for ref, pseudonym in named},
        scorer=fuzz.partial_ratio,
        processor=utils.default_process,
        limit=_NEAREST,
        score_cutoff=60,
    )
    hint = f"; the nearest: {', '.join(shown for shown, _, _ in near)}" if near else ""
    return f"people: nobody has that reference or key, and nobody is made of a text{hint}"


# --- what the questions of a face need to know


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
        rows = look.execute(
            "select r.ref, r.id, x.pseudonym, x.known_as from person as x join record as r on r.n = x.n "
            "where r.state = 'present' order by x.pseudonym, x.n"
        ).fetchall()
        called = [
            (Known(ref, pseudonym, json.loads(known_as) if known_as else []), record)
            for ref, record, pseudonym, known_as in rows
        ]
        spoken = heard(text)
        exact = [one for one in called if one[0].ref == spoken or typed in _names(one[0])]
        found = exact or [one for one in called if typed and any(n.startswith(typed) for n in _names(one[0]))]
        look.asked(search=text.strip())
        look.shown(len(found), [record.hex() for _, record in found])
        nearest = "" if found else _nearest(look, text)
    if not found:
        raise NotFound(nearest)
    return [known for known, _ in found]


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
    value = values.reader(kept)(text, records.local_now(store))
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
