"""What an earlier export sent, so that the next sends what changed since, and what is to be taken back.

A release's entry keeps in its payload the ids of the rows it sent and took back, and the head of each desk's
chain at that moment. Its id is the cursor of the next.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

from db import filters
from db.errors import NotFound, Refused
from db.vault import emptying

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CURSOR = re.compile(r"[0-9a-f]{16}")
_ID = 16

_FIND = (
    f"select e.detail, {emptying.BODY} from entry as e {emptying.JOIN} "  # noqa: S608 - fixed text
    "where e.operation = 'disclosure' and json_extract(e.detail, '$.release') = ?"
)
_TOUCHED = (
    "select distinct e.record from entry as e where e.desk = ? and e.seq > ? and e.record is not null "
    "and (e.operation = 'collection' or e.operation = 'alteration' or e.operation = 'combination' "
    "or e.operation = 'erasure')"
)
# records whose shape, or how much of it may leave, follows another's
_HANGS = {
    "concern": (
        "select r.id from concern as x cross join record as r on r.n = x.n "
        "where x.engagement = (select n from record where id = ?)"
    ),
    "offender": (
        "select r.id from vehicle as x join record as r on r.n = x.offender "
        "where x.n = (select n from record where id = ?)"
    ),
}


# of the records that are *those*: what points at one, and so is told otherwise where she or he is
_POINTS = {
    "engagement": "select l.source from link as l where l.field = 'people' and l.target in those",
    "concern": (
        "select n from concern where person in those or offender in those or vehicle in those "
        "or engagement in those"
    ),
}
# a pair that was judged anew, and all who stand together with one: a group goes by the lowest of its levels
_THOSE = (
    "with touched (n) as (select n from record where id in (select unhex(value) from json_each(?))), "
    "judged (n) as (select n from touched union select j.one from judgement as j where j.n in touched "
    "union select j.other from judgement as j where j.n in touched), "
    "those (n) as (select n from judged union select b.n from same_as as a "
    "join same_as as b on b.canonical = a.canonical where a.n in judged) "
)
_BATCH = 5000


class Sent(NamedTuple):
    """What a recipient holds by a chain of releases, and each desk's last number as far as it knows all.

    It knows all up to the newest release that was not narrowed, or was narrowed as the one that is wanted.
    ``within`` is what releases narrowed so have brought, and no other since.
    """

    held: set[bytes]
    heads: dict[int, int]
    within: set[bytes]


def heads_of(reader: Any) -> dict[str, int]:
    """Return each desk's last number, as a payload keeps it."""
    return {f"{desk:012x}": seq for desk, seq in reader.execute("select desk, seq from desk")}


def packed(ids: Iterable[bytes]) -> str:
    """Return ids as a payload keeps them."""
    return b64encode(b"".join(ids)).decode()


def sent(reader: Any, cursor: str, kind: str, recipient: str, narrowed: Mapping[str, str]) -> Sent:
    """Return what was sent up to a release, with the releases that it was itself a continuation of.

    *narrowed* are the options of the release that is wanted, as its payload keeps them.

    Raises:
        NotFound: no release has that id.
        Refused: it was of another kind, or for somebody else.
    """
    known: dict[str, int] | None = None
    chain: list[dict[str, Any]] = []
    at: str | None = cursor
    while at is not None:
        row = reader.execute(_FIND, (at,)).fetchone()
        if row is None:
            raise NotFound("no export of this unit has that cursor: it is the release id in a marking")
        detail, body = json.loads(row[0]), json.loads(row[1])
        if body.get("of") != kind or detail.get("recipient") != recipient:
            raise Refused("that cursor is of another kind or recipient: each has cursors of its own")
        if known is None and _covers(detail, body, narrowed):
            known = body["heads"]
        chain.append(body)
        at = body.get("since")
    held: set[bytes] = set()
    within: set[bytes] = set()
    for body in reversed(chain):
        rows = set(_unpacked(body["rows"]))
        held |= rows
        held -= set(_unpacked(body["gone"]))
        if narrowed and body.get("narrowed") == dict(narrowed):
            within |= rows
        else:  # whoever asks for more, or for something else, means to hold that
            within = within - rows if body.get("narrowed") else set()
    return Sent(held, {int(desk, 16): seq for desk, seq in (known or {}).items()}, within)


def _covers(detail: dict[str, Any], body: dict[str, Any], narrowed: Mapping[str, str]) -> bool:
    """Tell whether a release told of all that one narrowed so would tell of."""
    by = {*detail.get("filters", ())} - {filters.NO_CONTACT}
    return not by or (bool(narrowed) and body.get("narrowed") == dict(narrowed))


def words_of(options: Mapping[str, Any]) -> dict[str, str]:
    """Return what a release was narrowed by, as a payload keeps it."""
    return {name: str(value) for name, value in options.items() if value}


def _unpacked(text: str) -> list[bytes]:
    raw = b64decode(text)
    return [raw[at : at + _ID] for at in range(0, len(raw), _ID)]


def touched(reader: Any, kind: str, heads: dict[int, int]) -> set[bytes]:
    """Return the ids of the records that changed since, those whose shape follows theirs included."""
    found: set[bytes] = set()
    for (desk,) in reader.execute("select desk from desk").fetchall():
        found.update(row[0] for row in reader.execute(_TOUCHED, (desk, heads.get(desk, 0))))
    hanging = _HANGS.get(kind)
    if hanging is not None:
        for record in list(found):
            found.update(row[0] for row in reader.execute(hanging, (record,)))
    return found


def told_anew(reader: Any, kind: str, heads: dict[int, int]) -> set[bytes]:
    """Return the ids of the records of a kind whose row may be another since, whatever made it so.

    What changed; what points at a woman, a man or a car that changed, for it may point there no longer; and
    who was merged or taken apart.
    """
    changed = sorted(touched(reader, kind, heads))
    points = _POINTS.get(kind, "select n from those")
    sql = f"{_THOSE} select r.id from record as r where r.n in ({points})"  # noqa: S608 - fixed text
    found = set(changed)
    for start in range(0, len(changed), _BATCH):
        some = json.dumps([record.hex() for record in changed[start : start + _BATCH]])
        found.update(row[0] for row in reader.execute(sql, (some,)))
    return found
