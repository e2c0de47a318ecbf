"""The men on the watchlist as records: a flat object each, with ``vehicles`` as a list at its end.

Who said it is never in his row; that link has a table of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import prompts, records
from db.errors import NotFound
from db.records import Filter, Found, Why
from db.rules import limits
from db.vault import journal
from db.vault.projection import read_fields
from db.watchlist import vehicles as cars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]


def add_offender(store: Store, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Put a man on the watchlist and return his shape; a ``ref`` or a known ``external_ref`` updates his.

    Args:
        store: the open unit.
        raw: an offender's keys, ``vehicles`` a list of objects.
        why: a reason, where one is given.

    Raises:
        Refused: nothing describes him, or a value breaks a rule.
        Usage: a key is not known.
    """
    if raw.get("ref") is not None:
        return amend_offender(store, records.one_ref("ref", raw["ref"]), raw, why)
    rest, described = split(store, prompts.taken_out(store, raw))
    with store.write(why.reason, why.note) as tx:
        fields = records.read_fields(store, "offender", rest, records.resolver(store, tx))
        offender = put_offender(store, tx, fields, described)
        return _shape(tx, offender)


def split(store: Store, raw: Record) -> tuple[Record, list[Record] | None]:
    """Return an offender's raw keys without ``vehicles``, and these in stored form: None where not named."""
    if "vehicles" not in raw:
        return raw, None
    rest = {key: value for key, value in raw.items() if key != "vehicles"}
    listed = raw["vehicles"]
    return rest, [] if listed is None else cars.read(listed, records.local_now(store))


def put_offender(store: Store, tx: Write, fields: Record, vehicles: list[Record] | None) -> bytes:
    """Make an offender or update the one his ``external_ref`` names, with his vehicles; returns his id.

    Args:
        store: the open unit.
        tx: the writing transaction.
        fields: in stored form, as ``records.read_fields`` gives them.
        vehicles: the whole list in stored form; None leaves it as it is.

    Raises:
        Refused: a rule forbids it, or he was struck out.
        NotFound: he was erased.
        Usage: he is restricted, and the transaction has no reason.
    """
    external = fields.get("external_ref")
    found = _known(store, tx, external)
    if found is None:
        return records.new(store, tx, "offender", fields | {"vehicles": vehicles}, external)
    records.reason_where_restricted(found, Why(tx.reason))
    records.refuse_gone(found, fields)
    change_offender(store, tx, found, fields, vehicles)
    return found.id


def change_offender(
    store: Store, tx: Write, found: Found, fields: Record, vehicles: list[Record] | None
) -> bool:
    """Set fields of an offender where they differ, and his whole list of vehicles; returns whether any did.

    Raises:
        Refused: nothing would describe him any more.
    """
    before = read_fields(tx, "offender", found.n)
    said = limits.cleared("offender", fields, before)
    changed = {name: value for name, value in said.items() if before.get(name) != value}
    after = {name: value for name, value in (before | changed).items() if value is not None}
    has_cars = records.has_vehicles(tx, found) if vehicles is None else bool(vehicles)
    limits.check("offender", after, vehicles=has_cars)
    if changed:
        tx.amend(found.id, changed)
    if vehicles is None:
        return bool(changed)
    return cars.put_vehicles(store, tx, found.id, before.get("external_ref"), vehicles) or bool(changed)


def _known(store: Store, tx: Write, external: str | None) -> Found | None:
    if external is None:
        return None
    row = tx.execute(
        "select n, id, kind, state, ref from record where id = ? and state <> 'absent'",
        (journal.derived_id(store.id_key, "offender", external),),
    ).fetchone()
    return None if row is None else Found(*row)


def amend_offender(store: Store, ref: str, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change what is held of a man, return his shape; None clears a field, a list of vehicles replaces his.

    Raises:
        Usage: another member entered him and no reason is given, or a key is not known.
        NotFound: nobody answers to the reference, or he was erased.
        Refused: a rule forbids it, or he was struck out.
    """
    rest, described = split(store, prompts.taken_out(store, raw))
    with store.write(why.reason, why.note) as tx:
        found = records.find(tx, store.id_key, ref, ("offender",))
        records.refuse_gone(found, rest)
        records.reason_for_others(store, tx, found, why)
        rest = records.without_names(tx, store.id_key, found, rest)
        fields = records.read_fields(store, "offender", rest, records.resolver(store, tx))
        before = records.disputed(tx, found)
        change_offender(store, tx, found, fields, described)
        records.settle(tx, found, fields, before)
        return _shape(tx, found.id)


def show_offender(store: Store, ref: str, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Return one man with his vehicles; the look itself is journalled.

    Raises:
        NotFound: nobody answers to the reference, or he was erased.
        Usage: he is restricted and no reason is given.
    """
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("offender",))
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing of it is held")
    records.reason_where_restricted(found, why)
    with store.consult("offender", found.id, reason=why.reason, note=why.note) as look:
        shown = _shape(look, found.id) | {"same_as": records.same_as(look, found.n)}
        look.shown(1)
    return shown


def list_offenders(
    store: Store,
    filters: Sequence[Filter] = (),
    *,
    limit: int | None = None,
    why: Why = Why(),  # noqa: B008 - immutable
) -> list[Record]:
    """Return the watchlist, each man with his vehicles; one consultation with the filters' names."""
    with store.consult("offender", reason=why.reason, note=why.note) as look:
        found = records.select_as_one(look, "offender", filters, limit)
        by_man = cars.listed(look)
        numbers = dict(look.execute("select ref, n from record where kind = 'offender'").fetchall())
        if filters:
            look.detail["filters"] = [one.name for one in filters]
        look.shown(len(found))
    return [_with_cars(man, by_man, numbers) for man in found]


def _with_cars(man: Record, by_man: dict[int, list[Record]], numbers: dict[str, int]) -> Record:
    """Return a man as listed with the vehicles of all that he stands for."""
    others = man.pop("same_as")
    cars_of = [car for ref in (man["ref"], *others) for car in by_man.get(numbers[ref], [])]
    return man | {"vehicles": cars_of, "same_as": others}


def _shape(reader: Any, offender: bytes) -> Record:
    shape = records.shape_of(reader, "offender", offender)
    (n,) = reader.execute("select n from record where id = ?", (offender,)).fetchone()
    return shape | {"vehicles": cars.listed(reader, "x.offender = ?", (n,)).get(n, [])}
