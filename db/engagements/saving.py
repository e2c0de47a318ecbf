"""Recording a contact: one engagement with the women in it, new ones made in the same transaction.

What she said of a man or a car is matched against the watchlist once the engagement is safe.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import prompts, pseudonyms, records, watchlist
from db.errors import NotFound, Refused
from db.records import Why
from db.rules import values
from db.vault import journal

if TYPE_CHECKING:
    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]


def log(store: Store, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Record one engagement; returns its shape with ``prompts`` and ``matches``: whom she may mean.

    Args:
        store: the open unit.
        raw: one engagement as import takes it; ``people`` may hold references, import keys, and
            ``{"pseudonym": ..., "age_band": ...}`` for somebody new. A ``ref``, or an ``external_ref``
            known already, updates that engagement. ``concern``, an object, is what she reported: it is made
            with it, of the same sharing level, and of the one woman who is named, where there is one.
        why: a reason, where one is given.

    Raises:
        TakenOut: the alleged offender is police or partner staff: nothing is kept.
        Refused: a rule forbids it (sharing level, hard stop, a field that is never held): nothing is saved.
        NotFound: a text in ``people`` is neither a reference nor a key; the nearest pseudonyms are named.
        Usage: a key is not known.
    """
    raw = prompts.taken_out(store, raw)
    told = raw.get("concern")
    with store.write(why.reason, why.note) as tx:
        engagement, _ = put_engagement(store, tx, {k: v for k, v in raw.items() if k != "concern"})
        made = records.shape_of(tx, "engagement", engagement)
        (n,) = tx.execute("select n from record where id = ?", (engagement,)).fetchone()
        concern = None if told is None else _concern(store, tx, made, told)
        of_concern = None if concern is None else tx.number(concern.hex())
        made |= {} if concern is None else {"concern": tx.ref(concern)}
    said = [one._asdict() for one in prompts.for_engagement(store, n, of_concern)]
    return made | {"prompts": said, "matches": look_for(store, made["mentions"])}


def _concern(store: Store, tx: Write, contact: Record, told: Any) -> bytes:
    """Make the concern that was told with a contact; returns its id.

    Raises:
        Refused: it is no object, or a rule forbids it.
    """
    if not isinstance(told, dict):
        raise Refused("concern: must be an object")
    alone = contact["people"] if not contact["people_unnamed"] else []
    given: Record = {"sharing_level": contact["sharing_level"], "sector": contact["sector"]}
    if len(alone) == 1:
        given["person"] = alone[0]
    raw = given | told | {"engagement": contact["ref"]}
    fields = records.read_fields(store, "concern", raw, records.resolver(store, tx))
    if contact["external_ref"]:  # the same import key again changes the same concern
        fields.setdefault("external_ref", f"{contact['external_ref']}#concern")
    return records.put(store, tx, "concern", fields)


class People(NamedTuple):
    """Who was made with an engagement: their ids in order, and each by the canonical JSON she came as."""

    new: tuple[bytes, ...]
    by_raw: dict[str, bytes]


def put_engagement(store: Store, tx: Write, raw: Record) -> tuple[bytes, People]:
    """Make or update one engagement in a transaction, as ``log`` takes it; returns its id and who is new."""
    rest = {key: value for key, value in raw.items() if key != "people"}
    found = None
    if rest.get("ref") is not None:
        found = records.find(tx, store.id_key, records.one_ref("ref", rest["ref"]), ("engagement",))
        records.refuse_amending(store, tx, found, raw, Why(tx.reason))
        rest = records.without_names(tx, store.id_key, found, rest)
    fields = records.read_fields(store, "engagement", rest, records.resolver(store, tx))
    made: dict[str, bytes] = {}
    if "people" in raw:
        fields["people"] = _people(store, tx, raw["people"], fields.get("external_ref"), made)
    if found is not None:
        records.set_again(store, tx, found, fields)
        return found.id, People(tuple(made.values()), made)
    return records.put(store, tx, "engagement", fields), People(tuple(made.values()), made)


def add(store: Store, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Make an engagement as ``records.add`` does; ``matches`` says whom she may mean, where she told."""
    return _looked(store, raw, records.add(store, "engagement", raw, why))


def amend(store: Store, ref: str, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change one as ``records.amend`` does; where what she said of a man changes, it is matched again."""
    return _looked(store, raw, records.amend(store, "engagement", ref, raw, why))


def _looked(store: Store, raw: Record, made: Record) -> Record:
    return made | {"matches": look_for(store, made["mentions"])} if "mentions" in raw else made


def look_for(store: Store, mentions: str | None) -> list[Record]:
    """Return who on the watchlist a text may mean; nothing is asked of the list where it describes nobody."""
    if not mentions:
        return []
    from db.rules.mentions import read_mentions

    said = read_mentions(mentions)
    if not said:
        return []
    return watchlist.match_each(store, [watchlist.read_one(store, said)])[0].hits


def _people(
    store: Store, tx: Write, raw: Any, external_ref: str | None, made: dict[str, bytes]
) -> list[str] | None:
    if raw is None:
        return None
    ids: list[str] = []
    for one in values.items("people", raw):
        if isinstance(one, dict):
            person = _somebody_new(store, tx, one, external_ref)
            made[json.dumps(one, sort_keys=True)] = person
            ids.append(person.hex())
        else:
            ids.append(_known(store, tx, records.one_ref("people", one)))
    return list(dict.fromkeys(ids)) or None


def _known(store: Store, tx: Write, text: str) -> str:
    try:
        return records.resolver(store, tx)(text, ("person",))
    except NotFound:
        raise NotFound(nearest(tx, text)) from None


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


def nearest(reader: Any, text: str) -> str:
    """Return what to say of a text that names nobody: the nearest, by pseudonym alone."""
    near = records.near_people(reader, text.strip())
    hint = f"; the nearest: {', '.join(near)}" if near else ""
    return f"people: nobody has that reference or key, and nobody is made of a text{hint}"
