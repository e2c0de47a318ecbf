"""Records made and changed: added, amended, struck out. Nothing is ever overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.errors import Changed, NotFound, Refused, Usage
from db.records import silent
from db.records.pointing import refuse_absent, refuse_struck
from db.records.reading import check_related, external_of, one_ref, read_fields
from db.records.references import find, reason_where_restricted, resolver, without_names
from db.records.shapes import shape_of
from db.records.words import Found, Record, Why, today
from db.rules import limits
from db.vault import fold, journal

if TYPE_CHECKING:
    from db.vault.store import Store
    from db.vault.writing import Write


_HER_NO = {"status": "no_contact"}


def new(store: Store, tx: Write, kind: str, fields: Record, external_ref: str | None = None) -> bytes:
    """Complete, check and make a record inside a writing transaction; returns its id."""
    fields = {name: value for name, value in fields.items() if value is not None}
    vehicles = fields.pop("vehicles", None)
    limits.complete(kind, fields, today(store))
    limits.check(kind, fields, vehicles=bool(vehicles))
    check_related(tx, kind, fields)
    refuse_struck(tx, kind, fields)
    refuse_absent(tx, kind, fields)
    record = tx.create(kind, fields, external_ref)
    after(store, tx, kind, record, fields, vehicles)
    return record


def after(  # noqa: PLR0913 - all that a record leads to
    store: Store, tx: Write, kind: str, record: bytes, fields: Record, vehicles: list[Record] | None
) -> bool:
    """Do what follows from a record; returns whether anything changed.

    An offender's vehicles become his; a granted order writes its action.
    """
    lead_on(store, tx, kind, record)
    if kind != "offender" or vehicles is None:
        return False
    from db import watchlist

    return watchlist.put_vehicles(store, tx, record, fields.get("external_ref"), vehicles)


def lead_on(store: Store, tx: Write, kind: str, record: bytes) -> None:
    """Bring in line what hangs on a record that was made, changed, struck or restored: an order's action."""
    if kind == "order":
        from db import orders

        orders.write_action(store, tx, record)


def has_vehicles(reader: Any, found: Found) -> bool:
    """Tell whether an offender has a vehicle that stands."""
    row = reader.execute(
        "select 1 from vehicle as v cross join record as r on r.n = v.n "
        "where v.offender = ? and r.state = 'present' limit 1",
        (found.n,),
    ).fetchone()
    return row is not None


def put(store: Store, tx: Write, kind: str, fields: Record) -> bytes:
    """Make a record, or update the one its ``external_ref`` names; returns its id.

    Raises:
        Refused: a rule forbids it, or the one named was struck out.
        NotFound: the one named was erased.
        Usage: the one named is restricted, and the transaction has no reason.
    """
    external = external_of(kind, fields)
    if external is not None:
        record = journal.derived_id(store.id_key, kind, external)
        row = tx.execute(
            "select n, state, ref from record where id = ? and state <> 'absent'", (record,)
        ).fetchone()
        if row is not None:
            found = Found(row[0], record, kind, row[1], row[2])
            reason_where_restricted(found, Why(tx.reason))
            refuse_gone(found, fields)
            change(tx, found, fields)
            lead_on(store, tx, kind, record)
            return record
    if kind == "person":
        fields.pop("external_ref", None)
    return new(store, tx, kind, fields, external)


def refuse_gone(found: Found, fields: Record) -> None:
    """Refuse to change what was erased, or struck out; lowering that to level 0 takes more of it away.

    Raises:
        NotFound, Refused: it is so.
    """
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing can be added to it")
    if found.state == "struck" and not lowers(found.kind, fields):
        raise Refused(f"{found.ref} was struck out: 'undo' brings it back, then it can be changed")


def disputed(tx: Write, found: Found) -> Record:
    """Return the fields of a record on which two desks disagree, each with the value it has for now."""
    (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
    steps = [step for step in fold.lineage(tx, heads) if step.record == found.id]
    if not any(len(step.base) > 1 for step in steps) and len(fold.heads(steps)) < 2:
        return {}
    now = fold.fold(steps).fields
    return {conflict.field: now.get(conflict.field) for conflict in fold.conflicts(steps) if conflict.field}


def settle(tx: Write, found: Found, fields: Record, before: Record) -> None:
    """Set again what was *disputed* and is chosen as it stood: a choice for what is there is one too."""
    again = {name: value for name, value in before.items() if name in fields and fields[name] == value}
    if again:
        tx.amend(found.id, again)


def change(tx: Write, found: Found, fields: Record) -> bool:
    """Set fields of a record where they differ; returns whether anything did."""
    from db.vault.projection import read_fields as stored_fields

    before = stored_fields(tx, found.kind, found.n)
    said = limits.cleared(found.kind, fields, before)
    changed = {k: v for k, v in said.items() if before.get(k) != v}
    limits.check_held(fields, changed, before)
    again = before.get("sharing_level") == 0 and lowers(found.kind, fields) and silent.lingers(tx, found.n)
    if not changed and not again:
        return False
    if again or lowers(found.kind, changed):
        _lower(tx, found, before, changed)
        return True
    after_it = {k: v for k, v in (before | changed).items() if v is not None}
    has_cars = found.kind == "offender" and has_vehicles(tx, found)
    limits.check(found.kind, after_it, vehicles=has_cars, changed=changed)
    check_related(tx, found.kind, after_it)
    refuse_struck(tx, found.kind, changed, before)
    refuse_absent(tx, found.kind, after_it, changed)
    tx.amend(found.id, changed)
    return True


def lowers(kind: str, changed: Record) -> bool:
    """Tell whether a change lowers an engagement's sharing level to nought, at which little is kept."""
    return kind == "engagement" and changed.get("sharing_level") == 0


def _lower(tx: Write, found: Found, before: Record, changed: Record) -> None:
    """Keep of an engagement that it took place: what may not stay at level 0 goes from the journal as well.

    Raises:
        Refused: a concern hangs on it, or the change itself brings what may not stay.
    """
    from db import judgements

    row = tx.execute(
        "select r.ref from concern as c cross join record as r on r.n = c.n "
        "where c.engagement = ? and r.state <> 'erased' limit 1",
        (found.n,),
    ).fetchone()
    if row is not None:
        raise Refused(
            f"sharing_level: {row[0]} hangs on it; 'concerns erase {row[0]}' first, then 0 keeps it"
        )
    if before.get("people") and "people_unnamed" not in changed:
        changed["people_unnamed"] = before["people_unnamed"] + len(before["people"])
    after_it = {k: v for k, v in before.items() if k not in limits.LEVEL_0} | changed
    limits.check(found.kind, {k: v for k, v in after_it.items() if v is not None})
    tx.redact(found.id, limits.LEVEL_0, changed)
    judgements.silence(tx, found, found)
    for name, record in tx.execute(
        "select 'engagement', r.id from referral as x cross join record as r on r.n = x.n "
        "where x.engagement = ?1 "
        "union all select 'about', r.id from followup as x cross join record as r on r.n = x.n "
        "where x.about = ?1",
        (found.n,),
    ).fetchall():
        tx.amend(record, {name: None})  # it goes on, and says no more who was met there


def add(store: Store, kind: str, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Make one record and return its shape; a ``ref`` or a known ``external_ref`` updates that one.

    Raises:
        Refused: a rule forbids it.
        NotFound: a reference in it names nothing.
        Usage: a field is not known.
    """
    if raw.get("ref") is not None:
        return amend(store, kind, one_ref("ref", raw["ref"]), raw, why)
    with store.write(why.reason, why.note) as tx:
        fields = read_fields(store, kind, raw, resolver(store, tx))
        record = put(store, tx, kind, fields)
        return shape_of(tx, kind, record)


def amend(store: Store, kind: str, ref: str, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change fields of a record (None clears one) and return its shape.

    Raises:
        Usage: another member entered it and no reason is given.
        Changed: somebody changed it since ``why.seen``.
        Refused, NotFound: as for ``add``.
    """
    with store.write(why.reason, why.note) as tx:
        found = find(tx, store.id_key, ref, (kind,))
        _refuse_unseen(tx, found, why)
        refuse_amending(store, tx, found, raw, why)
        rest = without_names(tx, store.id_key, found, raw)
        set_again(store, tx, found, read_fields(store, kind, rest, resolver(store, tx)))
        return shape_of(tx, kind, found.id)


def refuse_amending(store: Store, tx: Write, found: Found, raw: dict[str, Any], why: Why) -> None:
    """Refuse to change what was erased, or without a reason what another member entered.

    Raises:
        NotFound, Usage: it is so.
    """
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing can be added to it")
    if found.kind != "person" or raw != _HER_NO:  # which takes one step, whoever entered her
        reason_for_others(store, tx, found, why)


def set_again(store: Store, tx: Write, found: Found, fields: Record) -> None:
    """Set fields of a record, those that two desks dispute even where the choice is what stands.

    Raises:
        Refused: it was struck out, or a rule forbids the change.
    """
    refuse_gone(found, fields)
    before = disputed(tx, found)
    change(tx, found, fields)
    settle(tx, found, fields, before)
    lead_on(store, tx, found.kind, found.id)


def _refuse_unseen(tx: Write, found: Found, why: Why) -> None:
    if why.seen is None:
        return
    (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
    if heads != why.seen:
        raise Changed(f"{found.ref} was changed since you opened it: nothing was overwritten")


def heads(store: Store, kind: str, ref: str) -> str:
    """Return the heads of a record, for ``Why.seen``: entries' numbers, which show nobody."""
    with store.counts() as reader:
        found = find(reader, store.id_key, ref, (kind,))
        (now,) = reader.execute("select heads from record where n = ?", (found.n,)).fetchone()
    return str(now)


def strike(store: Store, kind: str, ref: str, why: Why) -> str:
    """Strike out a record that was entered in error; returns its reference. ``undo`` takes it back.

    Raises:
        Refused: it is struck out already.
        Usage: another member entered it and no reason is given.
    """
    with store.write(why.reason, why.note) as tx:
        found = find(tx, store.id_key, ref, (kind,))
        if found.state != "present":
            raise Refused(f"{found.ref} is {found.state} already")
        reason_for_others(store, tx, found, why)
        tx.amend(found.id, {}, state="struck")
        lead_on(store, tx, kind, found.id)
    return found.ref


def reason_for_others(store: Store, tx: Write, found: Found, why: Why) -> None:
    """Ask for a reason where another member entered the record.

    Raises:
        Usage: none is given.
    """
    reason_where_restricted(found, why, tx)
    if why.reason is not None:
        return
    (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
    steps = fold.lineage(tx, heads)
    if steps and steps[0].actor != store.member.id:
        raise Usage(f"{found.ref} was entered by another member: say why with --reason CODE")
