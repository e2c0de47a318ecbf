"""The women the unit supports, under pseudonyms; their names apart, under a key of their own.

Whoever lacks that key does all the rest of the work and learns no name.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from db import pseudonyms, records
from db.errors import Locked, NotFound, Refused, Usage
from db.rules import values, vocabulary
from db.rules.records import Field
from db.vault import identity, identity_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.records import Record, Why
    from db.vault.keys import Opened
    from db.vault.store import Look, Store

IDENTITY = (
    Field("given_name", "text"),
    Field("surname", "text"),
    Field("date_of_birth", "birth"),
    Field("telephones", "texts"),
    Field("safe_contact_words", "prose"),
    Field("notes", "prose"),
)
_FIELDS = {field.name: field for field in IDENTITY}


def add(store: Store, raw: dict[str, Any], why: Why) -> Record:
    """Make a person and return her shape; a pseudonym is hers alone.

    Raises:
        Refused: another person bears the pseudonym, or a rule of ``records.add`` stands against it.
    """
    _refuse_taken(store, raw, raw.get("ref") or raw.get("external_ref"))
    return records.add(store, "person", raw, why)


def amend(store: Store, ref: str, raw: dict[str, Any], why: Why) -> Record:
    """Change fields of a person, as ``records.amend`` does; a pseudonym is hers alone.

    Raises:
        Refused: another person bears the pseudonym, or a rule of ``records.amend`` stands against it.
    """
    _refuse_taken(store, raw, ref)
    return records.amend(store, "person", ref, raw, why)


def _refuse_taken(store: Store, raw: dict[str, Any], her: Any) -> None:
    pseudonym = raw.get("pseudonym")
    if isinstance(pseudonym, bool) or not isinstance(pseudonym, str | int | float):
        return
    with store.counts() as reader:
        bearer = pseudonyms.taken(reader, str(pseudonym))
        if bearer is None or (isinstance(her, str) and bearer == _ref_of(store, reader, her)):
            return
    raise Refused(pseudonyms.refusal(bearer))


def _ref_of(store: Store, reader: Any, named: str) -> str | None:
    """Return the reference of the person whom a reference or an import's key names; None where none is."""
    try:
        return records.find(reader, store.id_key, named, ("person",)).ref
    except NotFound:
        return None


def check_identity(store: Store, name: str, typed: str) -> None:
    """Check one typed field of an identity by itself; her age is judged when she is sealed.

    Raises:
        Refused: it cannot be read.
    """
    values.reader(_FIELDS[name])(typed, records.local_now(store))


def seal_identity(store: Store, ref: str, raw: dict[str, Any], why: Why) -> str:
    """Seal a person's identity, in place of the version before; returns her reference. Any member may.

    Args:
        store: the open unit.
        ref: whose.
        raw: given_name, surname, date_of_birth, telephones, safe_contact_words, notes; none is required.
        why: free.

    Raises:
        Refused: by her date of birth she is under 18: the hard stop.
        Usage: a field is not one of these.
    """
    fields = _read(store, raw)
    public = identity_keys.current(store)
    with store.write(why.reason, why.note) as tx:
        person = records.find(tx, store.id_key, ref, ("person",))
        if person.state == "erased":
            raise NotFound(f"{person.ref} was erased: nothing can be added to it")
        found = tx.execute(
            "select r.id from identity as i cross join record as r on r.n = i.n where i.person = ?",
            (person.n,),
        ).fetchone()

        def bound(desk: int, seq: int) -> identity.Sealed:
            return identity.seal(fields, identity.Place(store.unit, person.id, desk, seq), public)

        tx.seal_identity(person.id, found[0] if found else os.urandom(16), bound)
    return person.ref


def _read(store: Store, raw: dict[str, Any]) -> Record:
    now = records.local_now(store)
    known = _FIELDS
    fields: Record = {}
    for key, value in raw.items():
        if key not in known:
            reason = vocabulary.forbidden(key)
            if reason is not None:
                raise Refused(reason)
            raise Usage(f"unknown field of an identity: it takes {', '.join(known)}")
        if value is not None and (read := values.reader(known[key])(value, now)) is not None:
            fields[key] = read
    if not fields:
        raise Usage(f"an identity with nothing in it: it takes {', '.join(known)}")
    born = fields.get("date_of_birth")
    if born is not None and _under_18(born, records.today(store)):
        raise Refused(vocabulary.stop("under_18"))
    return fields


def _under_18(born: str, today: str) -> bool:
    """Tell whether somebody may be under 18: a bare year or month is taken at its latest day."""
    latest = {4: f"{born}-12-31", 7: f"{born}-31"}.get(len(born), born)
    return f"{int(latest[:4]) + 18}{latest[4:]}" > today


_SEALED = (
    "select i.person, r.id, p.body, k.identity_key, k.sealed, i.desk, i.seq from identity as i "
    "join record as r on r.n = i.person join payload as p on p.desk = i.desk and p.seq = i.seq "
    "join data_key as k on k.desk = i.desk and k.seq = i.seq"
)


def _opened(store: Store, opened: Opened, row: tuple[Any, ...]) -> Record:
    """Return the fields of a row of _SEALED; Locked where this member is no liaison."""
    _, person, body, key, box, desk, seq = row
    sealed = identity.Sealed(body, key, box)
    private = opened.identity_key(sealed.identity_key.hex())
    return identity.unseal(sealed, identity.Place(store.unit, person, desk, seq), private)


def reveal(store: Store, opened: Opened, ref: str, why: Why) -> Record:
    """Open a person's sealed identity for a liaison who has just typed the passphrase; journalled first.

    Raises:
        Usage: no reason was given.
        Locked: this member is no liaison.
        NotFound: no identity is held for that person.
    """
    if why.reason is None:
        raise Usage("say why a name is needed, with --reason CODE")
    with store.counts() as reader:
        person = records.find(reader, store.id_key, ref, ("person",))
    with store.consult("person", person.id, reason=why.reason, note=why.note) as look:
        look.detail["event"] = "reveal"
        look.shown(1, [person.id.hex()])
        row = look.execute(f"{_SEALED} where i.person = ?", (person.n,)).fetchone()
        if row is None:
            raise NotFound(f"no identity is held for {person.ref}")
        fields = _opened(store, opened, row)
    return {"ref": person.ref} | {field.name: fields.get(field.name) for field in IDENTITY}


def reveal_names(store: Store, opened: Opened, least: int, why: Why) -> dict[int, Record]:
    """Open the identities of those whose own sharing level is at least that, by their local numbers.

    For an export; journalled first, as ``reveal`` is.

    Raises:
        Usage: no reason was given.
        Locked: this member is no liaison.
    """
    if why.reason is None:
        raise Usage("say why names are needed, with --reason CODE")
    if not opened.slot.identity_keys:
        raise Locked("only a liaison opens names: ask one, or leave --names out")
    with store.consult("person", reason=why.reason, note=why.note) as look:
        look.detail["event"] = "reveal"
        rows = look.execute(
            f"{_SEALED} join person as w on w.n = i.person where r.state = 'present' "
            "and w.status <> 'no_contact' and w.sharing_level >= ?",
            (least,),
        ).fetchall()
        found = {row[0]: _opened(store, opened, row) for row in rows}
        look.shown(len(rows), [row[1].hex() for row in rows])
    return found


def opened_all(look: Look, store: Store, opened: Opened) -> Iterator[tuple[int, bytes, Record]]:
    """Open every identity of a woman who stands or is restricted: her number, her id, the fields."""
    rows = look.execute(f"{_SEALED} where r.state in ('present', 'restricted') order by i.person").fetchall()
    for row in rows:
        yield row[0], row[1], _opened(store, opened, row)


def detach(store: Store, ref: str, why: Why) -> str:
    """Destroy a person's identity and keep the pseudonym; returns her reference. Cannot be undone.

    Raises:
        Usage: no reason was given.
        NotFound: no identity is held for that person.
        Refused: only a liaison or a supervisor may.
    """
    if why.reason is None:
        raise Usage("say why the identity is destroyed, with --reason CODE")
    with store.write(why.reason, why.note) as tx:
        person = records.find(tx, store.id_key, ref, ("person",))
        rows = tx.execute(
            "select r.id from identity as i cross join record as r on r.n = i.n where i.person = ?",
            (person.n,),
        ).fetchall()
        if not rows:
            raise NotFound(f"no identity is held for {person.ref}")
        for (record,) in rows:
            tx.erase(record, {"event": "detach"})
    return person.ref
