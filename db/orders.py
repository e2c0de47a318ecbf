"""Orders against offenders (SHPO, SRO, CBO ...); a granted order writes its ``order_granted`` action.

There is no field for an order against a woman, and there will be none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import records
from db.errors import NotFound, Refused
from db.records import Found, Why
from db.vault import journal
from db.vault.writing import read_fields

if TYPE_CHECKING:
    from db.vault.store import Store
    from db.vault.writing import Write

Record = dict[str, Any]


def add_order(store: Store, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Record an order and return its shape; with an ``external_ref`` known already, update that order.

    Raises:
        Refused, NotFound, Usage: as for ``records.add``.
    """
    with store.write(why.reason, why.note) as tx:
        fields = records.read_fields(store, "order", raw, records.resolver(store, tx))
        order = records.put(store, tx, "order", fields)
        write_action(store, tx, order)
        return records._shape_of(tx, "order", order)


def amend_order(store: Store, ref: str, raw: Record, why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Change an order and the date of its action with it; return its shape.

    Raises:
        Refused, NotFound, Usage: as for ``records.amend``.
    """
    with store.write(why.reason, why.note) as tx:
        found = records.find(tx, store.id_key, ref, ("order",))
        if found.state == "erased":
            raise NotFound(f"{found.ref} was erased: nothing can be added to it")
        records._reason_for_others(store, tx, found, why)
        fields = records.read_fields(store, "order", raw, records.resolver(store, tx))
        if "external_ref" in fields:
            raise Refused("external_ref: names the record; it cannot be changed")
        records.change(tx, found, fields)
        write_action(store, tx, found.id)
        return records._shape_of(tx, "order", found.id)


def strike_order(store: Store, ref: str, why: Why) -> str:
    """Strike out an order entered in error, and its action with it; returns its reference.

    Raises:
        Refused, NotFound, Usage: as for ``records.strike``.
    """
    with store.write(why.reason, why.note) as tx:
        found = records.find(tx, store.id_key, ref, ("order",))
        if found.state != "present":
            raise Refused(f"{found.ref} is {found.state} already")
        records._reason_for_others(store, tx, found, why)
        tx.amend(found.id, {}, state="struck")
        write_action(store, tx, found.id)
    return found.ref


def write_action(store: Store, tx: Write, order: bytes) -> None:
    """Bring an order's action in line with it, however it was entered.

    The action's id comes of the order's, so that no order has two; the same man and date counts once,
    and an action that somebody entered by hand is enough. An order that is struck out takes its own along.
    """
    n, state = tx.execute("select n, state from record where id = ?", (order,)).fetchone()
    fields = read_fields(tx, "order", n)
    external = f"order {order.hex()}"
    action = journal.derived_id(store.id_key, "action", external)
    row = tx.execute(
        "select n, id, kind, state, ref from record where id = ? and state <> 'absent'", (action,)
    ).fetchone()
    granted = fields.get("granted_on") if state == "present" else None
    if row is not None:
        _follow(tx, Found(*row), granted, fields["offender"])
    elif granted is not None and not _has_one(tx, fields["offender"], granted):
        records.new(
            store,
            tx,
            "action",
            {"offender": fields["offender"], "on": granted, "action": "order_granted"},
            external,
        )


def _follow(tx: Write, action: Found, granted: str | None, offender: str) -> None:
    if action.state == "present" and granted is None:
        tx.amend(action.id, {}, state="struck")
    elif granted is not None and action.state in ("present", "struck"):
        records.change(tx, action, {"on": granted, "offender": offender})
        if action.state == "struck":
            tx.amend(action.id, {}, state="present")


def _has_one(tx: Write, offender: str, granted: str) -> bool:
    row = tx.execute(
        "select 1 from action as x join record as r on r.n = x.n join record as o on o.n = x.offender "
        "where o.id = ? and x.\"on\" = ? and x.action = 'order_granted' and r.state = 'present'",
        (bytes.fromhex(offender), granted),
    ).fetchone()
    return row is not None
