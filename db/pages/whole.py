"""A record as a screen opens it: itself, and what hangs on it, in one look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from db import records, watchlist
from db.errors import NotFound
from db.pages.keyset import name_women
from db.records import Filter, Record, Why
from db.vault import grouping

if TYPE_CHECKING:
    from db.vault.store import Look, Store

PART_MOST = 50

# By kind: title, the kind of what hangs on it, SQL over x with the record's numbers as a JSON array. What she
# said of a man stands with her; with him stands none of it, so that no screen of his names who told.
_PARTS = {
    "person": (
        (
            "Contacts",
            "engagement",
            "x.n in (select source from link where field = 'people' and target in ({}))",
        ),
        ("Concerns", "concern", "x.person in ({})"),
        ("Referrals", "referral", "x.person in ({})"),
        ("Follow-ups", "followup", "x.about in ({})"),
    ),
    "engagement": (
        (
            "With",
            "person",
            "x.n in (select target from link where field = 'people' and source in ({}))",
        ),
        ("Concerns", "concern", "x.engagement in ({})"),
        ("Follow-ups", "followup", "x.about in ({})"),
    ),
    "offender": (
        ("Vehicles", "vehicle", "x.offender in ({})"),
        (
            "Seen",
            "sighting",
            "(x.offender in ({0}) or x.vehicle in (select v.n from vehicle as v where v.offender in ({0})))",
        ),
        ("Done", "action", "x.offender in ({})"),
        ("Orders", "order", "x.offender in ({})"),
    ),
    "vehicle": (("Seen", "sighting", "x.vehicle in ({})"),),
    "concern": (("Follow-ups", "followup", "x.about in ({})"),),
}
_NUMBERS = "select value from json_each(?)"


class Part(NamedTuple):
    """What hangs on a record: a title, a kind, up to 50 of them, and whether there are more."""

    title: str
    kind: str
    rows: list[Record]
    more: bool


class Whole(NamedTuple):
    """A record with its parts."""

    kind: str
    state: str
    record: Record
    parts: tuple[Part, ...]


def whole(store: Store, kind: str, ref: str, why: Why = Why()) -> Whole:  # noqa: B008 - immutable
    """Return a record and what hangs on it and on those it is judged the same as; one consultation.

    Raises:
        NotFound: nothing of that kind answers to the reference, or it was erased.
        Usage: it is restricted, and no reason is given.
    """
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, (kind,))
        if found.state == "erased":
            raise NotFound(f"{found.ref} was erased: nothing of it is held")
        records.reason_where_restricted(found, why, reader)
    with store.consult(kind, found.id, reason=why.reason, note=why.note) as look:
        record = records.shape_of(look, kind, found.id)
        listed = json.dumps(grouping.together(look, found.n))
        opened = kind == "offender" and found.state == "restricted"
        parts = tuple(_part(look, part, listed, opened) for part in _PARTS.get(kind, ()))
        if kind == "engagement":
            name_women(look, [record])
        elif kind == "offender":
            cars = watchlist.listed(look, f"x.offender in ({_NUMBERS})", (listed,))
            record["vehicles"] = [car for those in cars.values() for car in those]
        people = records.people_shown(look, kind, [record])
        for part in parts:
            people.extend(records.people_shown(look, part.kind, part.rows))
        look.shown(1 + sum(len(part.rows) for part in parts), people)
    return Whole(kind, found.state, record, parts)


def _part(look: Look, part: tuple[str, str, str], listed: str, opened: bool) -> Part:
    title, kind, condition = part
    sql = condition.format(_NUMBERS)
    narrowed = Filter("part", sql, (listed,) * sql.count("?"))
    rows = records.select(look, kind, [narrowed], limit=PART_MOST + 1, opened=opened)
    if kind == "engagement":
        name_women(look, rows)
    return Part(title, kind, rows[:PART_MOST], len(rows) > PART_MOST)
