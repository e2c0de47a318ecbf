"""What the tests of the tallies share: records in one line each, and the numbers that come of them."""

from typing import Any

from db import records, tallies
from db.rules import periods
from db.vault.store import Store

OCTOBER = periods.month("2026-10")
NOVEMBER = periods.month("2026-11")


def add(store: Store, kind: str, **fields: Any) -> str:
    ref: str = records.add(store, kind, fields)["ref"]
    return ref


def woman(store: Store, pseudonym: str, **fields: Any) -> str:
    return add(store, "person", pseudonym=pseudonym, **{"sex": "woman"} | fields)


def spoke(store: Store, at: str, *people: str, **fields: Any) -> str:
    return add(store, "engagement", at=at, people=list(people), **fields)


def man(store: Store, name: str, **fields: Any) -> str:
    return add(store, "offender", name=name, **{"sex": "man"} | fields)


def act(store: Store, offender: str, on: str, action: str, **fields: Any) -> str:
    return add(store, "action", offender=offender, on=on, action=action, **fields)


def put(store: Store, ref: str, state: str) -> None:
    """Restrict or erase a record."""
    with store.write() as tx:
        (record,) = tx.execute("select id from record where ref = ?", (ref,)).fetchone()
        if state == "erased":
            tx.erase(record)
        else:
            tx.amend(record, {}, state=state)


def values(store: Store, period: periods.Period = OCTOBER, **how: Any) -> dict[str, Any]:
    told = tallies.summary(store, period, **how)
    return {measure["id"]: measure["value"] for measure in told["measures"]}


def table(store: Store, name: str, period: periods.Period = OCTOBER, **how: Any) -> list[dict[str, Any]]:
    told = tallies.summary(store, period, **how)
    rows: list[dict[str, Any]] = next(t["rows"] for t in told["tables"] if t["id"] == name)
    return rows


def counted(store: Store, name: str, period: periods.Period = OCTOBER) -> dict[Any, int]:
    """A table's rows as code and count."""
    return {next(iter(row.values())): row["count"] for row in table(store, name, period)}


def notes(store: Store, period: periods.Period = OCTOBER, **how: Any) -> str:
    return "\n".join(tallies.summary(store, period, **how)["notes"])
