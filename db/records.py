"""What every kind of record can do: be added, listed, shown, amended, struck, undone, told the history of.

A room calls these for its own kind and adds what only its subject knows.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Ambiguous, NotFound, Refused, Usage
from db.rules import limits, periods, values
from db.rules.records import KINDS, LETTERS, heard, span
from db.rules.text import one_line
from db.vault import fold, journal, projection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from db.vault.store import Look, Store
    from db.vault.writing import Write

Record = dict[str, Any]


class Why(NamedTuple):
    """Why something is done: a reason code and the officer's words."""

    reason: str | None = None
    note: str | None = None


class Found(NamedTuple):
    """A record's place: local number, id, kind, state, spoken reference."""

    n: int
    id: bytes
    kind: str
    state: str
    ref: str


class Filter(NamedTuple):
    """One condition of a list: its name as the journal keeps it, its SQL over ``x``, its values."""

    name: str
    sql: str
    values: tuple[object, ...]


def local_now(store: Store) -> datetime:
    """Return the store's clock as an aware UTC time."""
    return datetime.fromtimestamp(store.now(), UTC)


# references


def find(reader: Any, id_key: bytes, text: str, kinds: Sequence[str]) -> Found:
    """Return the record that a reference names: spoken, or the importer's own key.

    Raises:
        NotFound: nothing answers to it; the nearest references are named.
        Ambiguous: several do; the longer forms are named.
    """
    typed = one_line(text).strip()
    spoken_ref = heard(typed)
    kind = LETTERS.get(spoken_ref[:1])
    if spoken_ref[1:2] == "-" and kind in kinds:
        rows = reader.execute(
            "select n, id, kind, state, ref from record "
            "where id between ? and ? and ref = ? and kind = ? and state <> 'absent'",
            (*span(spoken_ref), spoken_ref, kind),
        ).fetchall()
        if len(rows) > 1:
            raise Ambiguous(f"{spoken_ref} names several records: use more of its letters")
        if rows:
            return Found(*rows[0])
    for kind in kinds:
        row = reader.execute(
            "select n, id, kind, state, ref from record where id = ? and state <> 'absent'",
            (journal.derived_id(id_key, kind, typed),),
        ).fetchone()
        if row is not None:
            return Found(*row)
    raise NotFound(_nearest(reader, spoken_ref, kinds))


def _nearest(reader: Any, spoken_ref: str, kinds: Sequence[str]) -> str:
    near: list[str] = []
    if LETTERS.get(spoken_ref[:1]) in kinds and spoken_ref[1:2] == "-":
        near = [
            row[0]
            for row in reader.execute(
                "select ref from record where id between ? and ? and kind = ? and state = 'present' "
                "order by id limit 5",
                (*span(spoken_ref[:4]), LETTERS[spoken_ref[:1]]),
            )
        ]
    hint = f"; near it: {', '.join(near)}" if near else ""
    return f"no {' or '.join(kinds)} has that reference{hint}"


# shapes


@cache
def _shape_sql(kind: str) -> str:
    """Return the select of a kind's shape: ref first, references spoken, lists as JSON."""
    parts = ["r.ref"]
    for field in KINDS[kind].fields:
        if field.type == "ref":
            parts.append(f"(select ref from record where n = x.{projection.quoted(field.name)})")  # noqa: S608 - a kind's column
        elif field.type == "refs":
            parts.append(
                "(select json_group_array(t.ref) from (select q.ref from link as l join record as q "  # noqa: S608 - names of the table of kinds
                f"on q.n = l.target where l.source = x.n and l.field = '{field.name}' order by l.place) as t)"
            )
        else:
            parts.append(f"x.{projection.quoted(field.name)}")
    return (
        f"select {', '.join(parts)} from {projection.quoted(kind)} as x "  # noqa: S608 - names of the table of kinds
        "join record as r on r.n = x.n"
    )


@cache
def _shapers(kind: str) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    made: dict[str, Callable[[Any], Any]] = {
        "flag": bool,
        "instant": periods.iso,
        "when": values.local_when,
        **dict.fromkeys(("texts", "codes", "tagged", "refs"), _list),
        "object": json.loads,
    }
    return (("ref", None), *((f.name, made.get(f.type)) for f in KINDS[kind].fields))


def shape(kind: str, row: Sequence[Any]) -> Record:
    """Return a row of the kind's shape as a flat object: lists are lists, what is absent is None."""
    made = {
        name: make(value) if make is not None and (value is not None or make is _list) else value
        for (name, make), value in zip(_shapers(kind), row, strict=True)
    }
    if kind == "concern":
        seen = made.pop("vehicle_seen")
        made["vehicle"] = made["vehicle"] or seen
    return made


def _list(stored: str | None) -> list[Any]:
    return json.loads(stored) if stored else []


_ORDER = {
    "engagement": "x.at desc, x.n desc",
    "sighting": "x.at desc, x.n desc",
    "action": 'x."on" desc, x.n desc',
    "followup": "x.due_on, x.n",
    "call": "x.month desc, x.n",
    "person": "x.pseudonym, x.n",
}


def select(
    reader: Any, kind: str, filters: Iterable[Filter] = (), *, limit: int | None = None
) -> list[Record]:
    """Return the shapes of the records that stand and pass the filters, in the kind's own order."""
    where = ["r.state = 'present'"]
    bound: list[object] = []
    for one in filters:
        where.append(one.sql)
        bound.extend(one.values)
    sql = f"{_shape_sql(kind)} where {' and '.join(where)} order by {_ORDER.get(kind, 'x.n')}"
    if limit is not None:
        sql += " limit ?"
        bound.append(limit)
    return [shape(kind, row) for row in reader.execute(sql, bound)]


# the doors, for one kind


def listing(
    store: Store,
    kind: str,
    filters: Sequence[Filter] = (),
    *,
    limit: int | None = None,
    why: Why = Why(),  # noqa: B008 - an empty tuple, immutable
) -> list[Record]:
    """Return a list of a kind; journalled as one consultation with the filters' names and the count."""
    with store.consult(kind, reason=why.reason, note=why.note) as look:
        found = select(look, kind, filters, limit=limit)
        if filters:
            look.detail["filters"] = [one.name for one in filters]
        look.shown(len(found), people_shown(look, kind, found))
    return found


def people_shown(look: Look, kind: str, found: Sequence[Record]) -> list[str]:
    """Return the ids of the people that these shapes show: themselves, or whom they name."""
    refs: list[str] = []
    for record in found:
        if len(refs) >= 500:
            break
        if kind == "person":
            refs.append(record["ref"])
        else:
            refs.extend(record.get("people") or ())
            if record.get("person"):
                refs.append(record["person"])
    ids: list[str] = []
    for ref in dict.fromkeys(refs):
        sql = "select id from record where id between ? and ? and ref = ?"
        ids.extend(row[0].hex() for row in look.execute(sql, (*span(ref), ref)))
    return ids


def show(store: Store, kind: str, ref: str, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Return one record; the look itself is journalled.

    Raises:
        NotFound: nothing of that kind answers to the reference, or it was erased.
    """
    with store.counts() as reader:
        found = find(reader, store.id_key, ref, (kind,))
    with store.consult(kind, found.id, reason=why.reason, note=why.note) as look:
        row = look.execute(f"{_shape_sql(kind)} where x.n = ?", (found.n,)).fetchone()
        if row is None:
            raise NotFound(f"{found.ref} was erased: nothing of it is held")
        if found.state == "restricted" and why.reason is None:
            raise Refused(f"{found.ref} is restricted: say why with --reason")
        record = shape(kind, row)
        look.shown(1, people_shown(look, kind, [record]))
    return record


def read_fields(
    store: Store, kind: str, raw: dict[str, Any], resolve: Callable[[str, Sequence[str]], str]
) -> Record:
    """Read a raw object of a kind into stored form; null stays None, absent stays absent.

    Args:
        store: for its clock.
        kind: the kind's word.
        raw: keys of the kind's fields, values as typed, from a cell or from JSON.
        resolve: turns a reference and the kinds it may be of into an id in hex.

    Raises:
        Refused: a value breaks a rule, or the field is one that is never held.
        Usage: a key is not known.
    """
    now = local_now(store)
    fields: Record = {}
    for key, value in arrange(kind, raw).items():
        field = KINDS[kind].field(key)
        if key == "external_ref" and kind == "person":
            fields[key] = one_ref(key, value)
            continue
        if field is None:
            values.refuse_unknown(key, kind)
        elif value is None:
            fields[key] = None
        elif field.type == "ref":
            fields[key] = resolve(one_ref(key, value), field.of.split())
        elif field.type == "refs":
            listed = values.items(key, value)
            fields[key] = (
                list(dict.fromkeys(resolve(one_ref(key, v), field.of.split()) for v in listed)) or None
            )
        else:
            fields[key] = values.reader(field)(value, now)
    return fields


def one_ref(key: str, value: Any) -> str:
    """Return a reference as text."""
    typed = one_line(value).strip() if isinstance(value, str) else ""
    if not typed:
        raise Refused(f"{key}: must be a reference")
    return typed


def new(store: Store, tx: Write, kind: str, fields: Record, external_ref: str | None = None) -> bytes:
    """Complete, check and make a record inside a writing transaction; returns its id."""
    fields = {name: value for name, value in fields.items() if value is not None}
    vehicles = fields.pop("vehicles", None)
    limits.complete(kind, fields, today(store))
    limits.check(kind, fields, vehicles=bool(vehicles))
    check_related(tx, kind, fields)
    record = tx.create(kind, fields, external_ref)
    after(store, tx, kind, record, fields, vehicles)
    return record


def arrange(kind: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Return a raw record with a concern's described vehicle under the name that is stored."""
    if kind == "concern" and isinstance(raw.get("vehicle"), dict):
        return {**raw, "vehicle": None, "vehicle_seen": raw["vehicle"]}
    return raw


def check_related(
    reader: Any, kind: str, fields: Record, levels: Mapping[str, int | None] | None = None
) -> None:
    """Refuse what another record's sharing level forbids; *levels* are those of engagements known already.

    Raises:
        Refused: a concern on a contact of which, at level 0, nothing is kept.
    """
    if kind != "concern":
        return
    engagement = fields["engagement"]
    if levels is None or engagement not in levels:
        levels = engagement_levels(reader, [engagement])
    if levels[engagement] == 0:
        raise Refused("engagement: is of sharing level 0, at which no concern is kept")


def engagement_levels(reader: Any, engagements: Sequence[str]) -> dict[str, int | None]:
    """Return the sharing levels of engagements by their ids in hex; None where one is not held."""
    marks = ", ".join("?" * len(engagements))
    rows = reader.execute(
        "select r.id, x.sharing_level from record as r join engagement as x on x.n = r.n "  # noqa: S608 - question marks
        f"where r.id in ({marks})",
        [bytes.fromhex(engagement) for engagement in engagements],
    ).fetchall()
    return dict.fromkeys(engagements) | {record.hex(): level for record, level in rows}


def after(  # noqa: PLR0913 - all that a record leads to
    store: Store, tx: Write, kind: str, record: bytes, fields: Record, vehicles: list[Record] | None
) -> bool:
    """Do what follows from a record; returns whether anything changed.

    An offender's vehicles become his; a granted order writes its action.
    """
    if kind == "order":
        from db import orders

        orders.write_action(store, tx, record)
    if kind != "offender" or vehicles is None:
        return False
    from db import watchlist

    return watchlist.put_vehicles(store, tx, record, fields.get("external_ref"), vehicles)


def has_vehicles(reader: Any, found: Found) -> bool:
    """Tell whether an offender has a vehicle that stands."""
    row = reader.execute(
        "select 1 from vehicle as v join record as r on r.n = v.n "
        "where v.offender = ? and r.state = 'present' limit 1",
        (found.n,),
    ).fetchone()
    return row is not None


def today(store: Store) -> str:
    """Return the local date, YYYY-MM-DD."""
    return periods.local_day(store.now()).isoformat()


def resolver(store: Store, reader: Any) -> Callable[[str, Sequence[str]], str]:
    """Return the function that turns a reference into an id in hex, by this reader."""

    def resolve(text: str, kinds: Sequence[str]) -> str:
        found = find(reader, store.id_key, text, kinds)
        if found.state == "erased":
            raise NotFound(f"{found.ref} was erased: nothing can point at it")
        return found.id.hex()

    return resolve


def add(store: Store, kind: str, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Make one record and return its shape; with an ``external_ref`` known already, update that record.

    Raises:
        Refused: a rule forbids it.
        NotFound: a reference in it names nothing.
        Usage: a field is not known.
    """
    with store.write(why.reason, why.note) as tx:
        fields = read_fields(store, kind, raw, resolver(store, tx))
        record = put(store, tx, kind, fields)
        return _shape_of(tx, kind, record)


def put(store: Store, tx: Write, kind: str, fields: Record) -> bytes:
    """Make a record, or update the one its ``external_ref`` names; returns its id."""
    external = external_of(kind, fields)
    if external is not None:
        record = journal.derived_id(store.id_key, kind, external)
        row = tx.execute(
            "select n, state from record where id = ? and state <> 'absent'", (record,)
        ).fetchone()
        if row is not None:
            change(tx, Found(row[0], record, kind, row[1], ""), fields)
            return record
    if kind == "person":
        fields.pop("external_ref", None)
    return new(store, tx, kind, fields, external)


def external_of(kind: str, fields: Record) -> str | None:
    """Return the importer's own key of a record; a call count's is made of what it counts."""
    if kind == "call":
        parts = [str(fields.get(name) or "") for name in ("month", "source", "category", "sector")]
        return "\x1f".join(parts)
    external: str | None = fields.get("external_ref")
    return external


def change(tx: Write, found: Found, fields: Record) -> bool:
    """Set fields of a record where they differ; returns whether anything did."""
    from db.vault.projection import read_fields as stored_fields

    before = stored_fields(tx, found.kind, found.n)
    changed = {k: v for k, v in fields.items() if before.get(k) != v}
    if not changed:
        return False
    after_it = {k: v for k, v in (before | changed).items() if v is not None}
    limits.check(found.kind, after_it, vehicles=found.kind == "offender" and has_vehicles(tx, found))
    check_related(tx, found.kind, after_it)
    tx.amend(found.id, changed)
    return True


def _shape_of(reader: Any, kind: str, record: bytes) -> Record:
    row = reader.execute(f"{_shape_sql(kind)} where r.id = ?", (record,)).fetchone()
    return shape(kind, row)


def amend(store: Store, kind: str, ref: str, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change fields of a record (None clears one) and return its shape.

    Raises:
        Usage: another member entered it and no reason is given.
        Refused, NotFound: as for ``add``.
    """
    with store.write(why.reason, why.note) as tx:
        found = find(tx, store.id_key, ref, (kind,))
        if found.state == "erased":
            raise NotFound(f"{found.ref} was erased: nothing can be added to it")
        _reason_for_others(store, tx, found, why)
        fields = read_fields(store, kind, raw, resolver(store, tx))
        if "external_ref" in fields:
            raise Refused("external_ref: names the record; it cannot be changed")
        change(tx, found, fields)
        return _shape_of(tx, kind, found.id)


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
        _reason_for_others(store, tx, found, why)
        tx.amend(found.id, {}, state="struck")
    return found.ref


def _reason_for_others(store: Store, tx: Write, found: Found, why: Why) -> None:
    if why.reason is not None:
        return
    (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
    steps = fold.lineage(tx, heads)
    if steps and steps[0].actor != store.member.id:
        raise Usage(f"{found.ref} was entered by another member: say why with --reason CODE")


def undo(store: Store, kind: str, ref: str, why: Why = Why()) -> str:  # noqa: B008 - immutable
    """Take back a record's last change that still stands, by a compensating entry; returns its reference.

    A creation is taken back by striking it out, a strike by restoring it.

    Raises:
        Refused: nothing is left to undo.
    """
    with store.write(why.reason, why.note) as tx:
        found = find(tx, store.id_key, ref, (kind,))
        if found.state == "erased":
            raise Refused(f"{found.ref} was erased: that cannot be undone")
        _reason_for_others(store, tx, found, why)
        (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
        steps = fold.lineage(tx, heads)
        undone = {tuple(pair) for step in steps for pair in step.detail.get("undo", ())}
        left = [s for s in steps if s.head not in undone and "undo" not in s.detail]
        if not left:
            raise Refused(f"{found.ref} has no change left to undo")
        last = left[-1]
        fields, state = _reverse(steps, last)
        if state is None and not fields:
            state = "struck"
        tx.amend(found.id, fields, state=state, detail={"undo": [list(last.head)]})
    return found.ref


def _reverse(steps: Sequence[fold.Step], last: fold.Step) -> tuple[Record, str | None]:
    """Return the fields and the state that put back what stood before *last*."""
    if last.operation == "collection":
        return {}, "struck"
    before = fold.fold(steps[: steps.index(last)])
    fields = {name: before.fields.get(name) for name in last.set or {}}
    return fields, before.state if "state" in last.detail else None


def history(store: Store, kind: str, ref: str, why: Why = Why()) -> list[Record]:  # noqa: B008 - immutable
    """Return a record's changes, oldest first: when (local), who, what, which fields, why; a consultation."""
    with store.counts() as reader:
        found = find(reader, store.id_key, ref, (kind,))
    with store.consult(kind, found.id, reason=why.reason, note=why.note) as look:
        (heads,) = look.execute("select heads from record where n = ?", (found.n,)).fetchone()
        names = dict(look.execute("select id, name from member").fetchall())
        steps = fold.lineage(look, heads)
        told = [_told(look, step, names) for step in steps]
        look.shown(len(told), [found.id.hex()] if kind == "person" else [])
    return told


def _told(look: Look, step: fold.Step, names: dict[str, str]) -> Record:
    (first,) = look.execute(
        "select detail from entry where desk = ? and seq = ?", (step.desk, step.tx)
    ).fetchone()
    context = json.loads(first)
    what = "undo" if "undo" in step.detail else step.detail.get("state", step.operation)
    return {
        "entry": f"{step.desk:012x}/{step.seq}",
        "at": periods.iso(journal.wall_ms(step.at) // 1000),
        "member": names.get(step.actor, step.actor),
        "what": what,
        "fields": sorted(step.set or {}),
        "values": step.set,
        "reason": context.get("reason"),
        "note": step.note,
        "command": context.get("command"),
    }
