"""Orders against offenders (SHPO, SRO, CBO ...); a granted order writes its ``order_granted`` action.

There is no field for an order against a woman, and there will be none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import records
from db.records import Found
from db.vault import journal
from db.vault.projection import read_fields

if TYPE_CHECKING:
    from db.vault.store import Store
    from db.vault.writing import Write


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
