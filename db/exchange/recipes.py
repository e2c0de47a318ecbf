"""Exports that are kept under a name and made again at a supervisor's unlock or lock, once a day.

So no passphrase lies on a disk for a timer. A recipe that fails is told, and stops neither unlock nor lock.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from db import filters, records
from db.errors import BeechError, Busy, NotFound, Refused, Usage, Withheld
from db.exchange import exporting, handing
from db.records import Why
from db.rules import vocabulary
from db.vault import fold, journal, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.exchange.handing import Form
    from db.vault.store import Store

MOMENTS = ("unlock", "lock")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_COLUMNS = (
    *("name", "of", "recipient", "purpose", "reason", "place", "moment", "marking", "bom", "fields"),
    *("filters", "last_on", "last_release"),
)
_WHOLE = frozenset(_COLUMNS)  # what a saving in the place of an earlier one sets
_SELECT = (
    'select x.name, x."of", x.recipient, x.purpose, x.reason, x.place, x.moment, x.marking, x.bom, x.fields, '
    "x.filters, x.last_on, x.last_release from recipe as x cross join record as r on r.n = x.n "
    "where r.state = 'present' order by x.name"
)


class Recipe(NamedTuple):
    """An export to be made again: what leaves, why, where its file goes, how it is written, when."""

    name: str
    order: exporting.Order
    reason: str
    place: Path
    form: Form
    moment: str
    last_on: str | None = None
    last_release: str | None = None


def save(store: Store, recipe: Recipe) -> None:
    """Keep a recipe, in the place of one of the same name; a supervisor's alone, and journalled.

    Raises:
        Refused: this member is no supervisor, or the export itself would be refused.
        Usage: the name, the place or a filter is not what it should be.
    """
    _check(store, recipe)
    order, form = recipe.order, recipe.form
    fields: dict[str, Any] = {
        "name": recipe.name,
        "of": order.kind,
        "recipient": order.recipient,
        "purpose": order.purpose,
        "reason": recipe.reason,
        "place": str(recipe.place.absolute()),
        "moment": recipe.moment,
        "marking": form.marking,
        "bom": int(form.bom),
        "fields": list(order.fields) or None,
        "filters": {name: str(value) for name, value in order.options.items() if value is not None} or None,
        "last_on": None,
        "last_release": None,
    }
    record = _id(store, recipe.name)
    with store.write(recipe.reason) as tx:
        row = tx.execute("select state from record where id = ?", (record,)).fetchone()
        if row is None or row[0] == "absent":
            tx.create_as(
                "recipe", record, {name: value for name, value in fields.items() if value is not None}
            )
        else:
            tx.amend(record, fields, state="present")


def _check(store: Store, recipe: Recipe) -> None:
    if "supervisor" not in store.member.roles:
        raise Refused("only a supervisor may keep an export: ask one")
    if not _NAME.fullmatch(recipe.name):
        raise Usage("a recipe's name is of a to z, 0 to 9 and hyphens, at most 40")
    if not recipe.place.absolute().parent.is_dir():
        raise Usage(f"--out: there is no folder {recipe.place.parent}")
    vocabulary.check("reason", recipe.reason)
    exporting.check(store, recipe.order)
    filters.build(store, recipe.order.kind, recipe.order.options)


def remove(store: Store, name: str) -> None:
    """Take a recipe away; a supervisor's alone, and journalled.

    Raises:
        NotFound: there is none of that name.
        Refused: this member is no supervisor.
    """
    if "supervisor" not in store.member.roles:
        raise Refused("only a supervisor may take away a kept export: ask one")
    if name not in {one.name for one in kept(store)}:
        raise NotFound("no kept export has that name: 'beech export recipes' lists them")
    with store.write() as tx:
        tx.amend(_id(store, name), {}, state="struck")


def kept(store: Store) -> list[Recipe]:
    """Return the recipes by name. They show no person; a filter's reference is told as it was typed."""
    with store.counts() as reader:
        rows = reader.execute(_SELECT).fetchall()
    return [_read(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _read(row: dict[str, Any]) -> Recipe:
    place = Path(row["place"])
    options = json.loads(row["filters"] or "{}")
    fields = tuple(json.loads(row["fields"] or "[]"))
    order = exporting.Order(row["of"], row["recipient"], row["purpose"], fields, options)
    form = handing.form_of(place, None, row["marking"], bool(row["bom"]))
    rest = (row["reason"], place, form, row["moment"], row["last_on"], row["last_release"])
    return Recipe(row["name"], order, *rest)


def run_due(store: Store, moment: str) -> Iterator[str]:
    """Make the exports that are due at this moment, each once a local day; yields what to say of each.

    Nothing for who is no supervisor. What goes wrong with one is said, and the next is tried.
    """
    if "supervisor" not in store.member.roles:
        return
    for recipe in kept(store):
        if recipe.moment != moment or recipe.last_on == records.today(store):
            continue
        try:
            made = run(store, recipe)
        except Withheld:  # this is read at the lock, by whoever stands there: it counts nobody
            yield f"the export {recipe.name} was not made: nothing of it may leave"
        except BeechError as error:
            yield f"the export {recipe.name} was not made: {error}"
        else:
            yield f"the export {recipe.name} is written to {recipe.place}: {len(made.rows)} rows"


def run(store: Store, recipe: Recipe) -> exporting.Export:
    """Make one kept export, and remember that it was made.

    Raises:
        Refused: somebody changed it who is no supervisor; and whatever ``exporting.run`` raises.
    """
    record = _id(store, recipe.name)
    with store.counts() as reader:
        _by_supervisors(reader, record)
    wrong = places.wrong_with(recipe.place.parent)
    if wrong is not None:
        raise Busy(f"{recipe.place.parent} does not take it ({wrong})")
    about = {"recipient": recipe.order.recipient, "purpose": recipe.order.purpose, "recipe": recipe.name}
    made = exporting.run(
        store,
        recipe.order,
        Why(recipe.reason),
        lambda export: handing.to_file(export, recipe.form, recipe.place, about),
    )
    with store.write(recipe.reason) as tx:
        tx.amend(record, {"last_on": records.today(store), "last_release": made.release})
    return made


def _by_supervisors(reader: Any, record: bytes) -> None:
    """Refuse a recipe that anybody but a supervisor of today had a hand in: it would export in his name.

    What was set before it was last saved counts no more: a saving sets every field.
    """
    (heads,) = reader.execute("select heads from record where id = ?", (record,)).fetchone()
    rows = reader.execute("select id, roles from member where state = 'active'").fetchall()
    entitled = {member for member, roles in rows if "supervisor" in json.loads(roles)}
    hands: set[str] = set()
    for step in fold.lineage(reader, heads):
        whole = (step.set or {}).keys() >= _WHOLE and step.actor in entitled
        hands = {step.actor} if whole else hands | {step.actor}
    if not hands <= entitled:
        raise Refused("not every member who kept or changed it is a supervisor now: save it again")


def _id(store: Store, name: str) -> bytes:
    return journal.derived_id(store.id_key, "recipe", name)
