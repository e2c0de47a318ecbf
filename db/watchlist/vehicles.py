"""A man's vehicles: records of their own, told inside his as a list; a new list replaces the old one.

What did not change is not touched, so that sightings keep pointing at the car that was seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.rules import limits, values
from db.vault import journal
from db.vault.projection import read_fields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]

KEYS = ("vrm", "make", "model", "colour", "body", "marks")


def read(raw: Any, now: datetime) -> list[Record]:
    """Return an offender's ``vehicles`` in stored form; a ``ref`` inside, as ``show`` prints it, is dropped.

    A spreadsheet's cell holds them as the JSON that a list prints into it.

    Raises:
        Refused: it is no list of objects, or a value breaks a rule.
        Usage: a key is not known.
    """
    if isinstance(raw, str) and raw.startswith("["):
        raw = _parsed(raw)
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise Refused("vehicles: must be a list of objects, in JSON or NDJSON")
    bare = [{k: v for k, v in one.items() if k != "ref"} for one in raw]
    made: list[Record] = values.read_description({"vehicles": bare}, now, "offender")["vehicles"]
    return [one for one in made if one]


def _parsed(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def put_vehicles(
    store: Store,
    tx: Write,
    offender: bytes,
    external_ref: str | None,
    vehicles: Sequence[Record],
) -> bool:
    """Make these vehicles, in stored form, all that the offender has; returns whether anything changed.

    A new one's id comes of ``external_ref#place``, or is random where he has none. What is the same
    keeps its record, or gets it back where it was struck; what stands in a place already is amended;
    what is in the list no more is struck.

    Raises:
        Refused: a vehicle has neither plate, make, model nor colour.
    """
    left, struck = _of(tx, offender, "present"), _of(tx, offender, "struck")
    claimed: set[bytes] = set()
    todo: list[tuple[int, Record]] = []
    for place, vehicle in enumerate(vehicles, 1):
        limits.check("vehicle", vehicle)
        same = _same(vehicle, left)
        if same is None:
            todo.append((place, vehicle))
        else:
            claimed.add(same)
    changed = bool(todo or left)
    for place, vehicle in todo:
        back = _same(vehicle, struck)
        if back is not None:
            tx.amend(back, {}, state="present")
            claimed.add(back)
            continue
        external = _free_place(store, external_ref, place, claimed)
        record = next(iter(left), None) if external is None else _derived(store, external)
        record = _place(tx, offender, record, (external, vehicle))
        claimed.add(record)
        left.pop(record, None)
    for record in left:
        tx.amend(record, {}, state="struck")
    return changed


def _same(vehicle: Record, among: dict[bytes, Record]) -> bytes | None:
    """Take the record out of *among* that says the very same of a vehicle, and return its id."""
    record = next((record for record, found in among.items() if found == vehicle), None)
    if record is not None:
        del among[record]
    return record


def _derived(store: Store, external: str) -> bytes:
    return journal.derived_id(store.id_key, "vehicle", external)


def _free_place(store: Store, external_ref: str | None, place: int, claimed: set[bytes]) -> str | None:
    if external_ref is None:
        return None
    while _derived(store, f"{external_ref}#{place}") in claimed:
        place += 1
    return f"{external_ref}#{place}"


def _of(tx: Write, offender: bytes, state: str) -> dict[bytes, Record]:
    """Return the vehicles of an offender in that state by id, each as the keys of a description."""
    rows = tx.execute(
        "select r.id, x.n from vehicle as x cross join record as r on r.n = x.n "
        "where x.offender = (select n from record where id = ?) and r.state = ? order by x.n",
        (offender, state),
    ).fetchall()
    return {record: _described(read_fields(tx, "vehicle", n)) for record, n in rows}


def _described(fields: Record) -> Record:
    return {key: fields[key] for key in KEYS if key in fields}


def _place(tx: Write, offender: bytes, record: bytes | None, what: tuple[str | None, Record]) -> bytes:
    """Amend the record that has this place, or make one; an erased one stays erased."""
    external, vehicle = what
    found = None
    if record is not None:
        found = tx.execute(
            "select n, state from record where id = ? and state <> 'absent'", (record,)
        ).fetchone()
    if record is None or found is None:
        fields = vehicle | {"offender": offender.hex()}
        return tx.create("vehicle", fields | ({"external_ref": external} if external else {}), external)
    n, state = found
    if state == "erased":
        return record
    before = read_fields(tx, "vehicle", n)
    after = {key: vehicle.get(key) for key in KEYS} | {"offender": offender.hex()}
    fields = {key: value for key, value in after.items() if before.get(key) != value}
    tx.amend(record, fields, state=None if state == "present" else "present")
    return record


def listed(reader: Any, where: str = "1", bound: Sequence[object] = ()) -> dict[int, list[Record]]:
    """Return the present vehicles by their offender's number: ``ref`` and the keys of a description.

    Args:
        reader: a look or a writing transaction.
        where: SQL over ``x``, a vehicle's row.
        bound: its values.
    """
    found: dict[int, list[Record]] = {}
    rows = reader.execute(
        "select x.offender, r.ref, x.vrm, x.make, x.model, x.colour, x.body, x.marks "  # noqa: S608 - *where* is ours
        "from vehicle as x cross join record as r on r.n = x.n "
        f"where x.offender is not null and r.state = 'present' and {where} order by x.offender, x.n",
        bound,
    )
    for offender, ref, *rest, marks in rows:
        one = {"ref": ref, **dict(zip(KEYS, rest, strict=False))}
        found.setdefault(offender, []).append(one | {"marks": json.loads(marks) if marks else []})
    return found
