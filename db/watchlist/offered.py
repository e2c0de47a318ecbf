"""Whom the queue's records may mean, as it was worked off: offered until somebody has judged or linked.

Only references and bands are kept, with the look that found them; what is hidden by her no is not told.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import records
from db.errors import Ambiguous, NotFound
from db.records import hidden
from db.watchlist import men
from db.watchlist.pending import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.records import Found
    from db.vault.store import Store

DAYS = 14  # for so long after it was found
_KINDS = ("offender", "vehicle", "concern", "engagement")
_READ = 200  # looks of the queue at most


class Offered(NamedTuple):
    """A record, its kind, whom it may mean, his label and the band."""

    ref: str
    kind: str
    man: str
    label: str
    band: str


def offered(store: Store, reader: Any, most: int) -> list[Offered]:
    """Return what the queue has found lately and nobody has judged, newest first."""
    told: dict[tuple[int, int], Offered] = {}
    for ref, other, band in _found(reader, (store.clock() - DAYS * 24 * 3600 * 1000) << 16):
        if len(told) >= most:
            break
        try:
            one, man = (records.find(reader, store.id_key, text, _KINDS) for text in (ref, other))
        except (NotFound, Ambiguous):
            continue
        if (one.n, man.n) not in told and _is_open(reader, one, man):
            label = men.labels(reader, [man.n]).get(man.n, "")
            told[one.n, man.n] = Offered(one.ref, one.kind, man.ref, label, band)
    return list(told.values())


def _found(reader: Any, after: int) -> Iterator[list[str]]:
    rows = reader.execute(
        "select p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq - 1 "
        "where e.operation = 'security' and e.at > ? and json_extract(e.detail, '$.event') = ? "
        "order by e.at desc limit ?",
        (after, EVENT, _READ),
    ).fetchall()
    for (body,) in rows:
        yield from json.loads(body).get("offered", ())


def _is_open(reader: Any, one: Found, man: Found) -> bool:
    """Tell whether both stand, and nothing was judged of them, nor he linked to what tells of him."""
    if one.state != "present" or man.state != "present":
        return False
    row = reader.execute(
        "select 1 from judgement as j cross join record as r on r.n = j.n where r.state = 'present' "  # noqa: S608 - fixed text
        "and ((j.one = ?1 and j.other = ?2) or (j.one = ?2 and j.other = ?1)) "
        "union all select 1 from same_as as a join same_as as b on b.canonical = a.canonical "
        "where a.n = ?1 and b.n = ?2 "
        "union all select 1 from concern as c where (c.n = ?1 or c.engagement = ?1) "
        "and ?2 in (c.offender, c.vehicle) "
        f"union all select 1 from concern as x where x.n = ?1 and not ({records.visible('concern')}) "
        f"union all select 1 where ?1 in ({hidden.CONTACTS})",
        (one.n, man.n),
    ).fetchone()
    return row is None
