"""The words of looks that name an erased woman or man: they go along; who looked, when and at whom stays.

An erasure entry about no record names the looks by desk and number; its payload restates what is kept.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from db.vault.fold import Head

WITH_HER = "erase_looks"  # in one transaction with the erasure
LATE = "erase_looks_late"  # what a union or a restore brought later; a supervisor's
NAMED = ("person", "offender")  # the kinds that are looked for by a name
EVENTS = (WITH_HER, LATE)
KEPT = ("shown", "of", "rows", "gone", "heads", "since")  # ids and numbers: no word that anybody typed
MOST = 500  # looks named by one entry
_BEGINNING = 3  # letters from which on the beginning of a name, typed alone, stands for it

LOOKS = ("consultation", "disclosure")
_IS_LOOK = "(e.operation = 'consultation' or e.operation = 'disclosure')"

# what a look's entry, e, says: its payload, or what was restated of it
JOIN = (
    "left join payload as p on p.desk = e.desk and p.seq = e.seq "
    "left join emptied as k on k.desk = e.desk and k.seq = e.seq "
    "left join payload as q on q.desk = k.by_desk and q.seq = k.by_seq "
)
BODY = "coalesce(p.body, cast(json_extract(cast(q.body as text), '$.kept[' || k.place || ']') as blob))"


class Named(NamedTuple):
    """A look whose words go, and what is kept of its payload."""

    head: Head
    kept: dict[str, Any]


def names_of(reader: Any, record: bytes) -> set[str]:
    """Return what a woman or a man was ever called in this file, folded; and the reference."""
    rows = reader.execute(
        "select p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where e.record = ? and e.kind in (?, ?)",
        (record, *NAMED),
    ).fetchall()
    row = reader.execute("select ref from record where id = ?", (record,)).fetchone()
    said = {folded(str(row[0]))} if row and row[0] else set()
    return said.union(*(names_in(body) for (body,) in rows))


def names_in(body: bytes) -> set[str]:
    """Return what a payload of a woman's or a man's record calls them, folded; numbers as digits, too."""
    changed = json.loads(body).get("set") or {}
    called = [changed.get(field) for field in ("pseudonym", "name", "surname")]
    for field in ("known_as", "aliases", "telephones"):
        called.extend(changed.get(field) or ())
    called.append(" ".join(filter(None, (changed.get("given_name"), changed.get("surname")))))
    called.extend("".join(filter(str.isdigit, number)) for number in changed.get("telephones") or ())
    return {folded(name) for name in called if name} - {""}


def folded(text: str) -> str:
    """Return a text's words as search compares them: without case, accents and what stands between."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def find(reader: Any, called: Iterable[str]) -> list[Named]:
    """Return the looks whose words name one by any of these, folded; or, typed alone, by its beginning."""
    named = sorted(called)
    if not named:
        return []
    rows = reader.execute(
        "select e.desk, e.seq, p.body from entry as e "  # noqa: S608 - fixed text
        "join payload as p on p.desk = e.desk and p.seq = e.seq "
        f"where {_IS_LOOK} order by e.desk, e.seq"
    )
    found = []
    for desk, seq, body in rows:
        said = json.loads(body)
        if any(_names(text, named) for text in _words(said)):
            found.append(_named((desk, seq), said))
    return found


def at(reader: Any, heads: Iterable[Head]) -> list[Named]:
    """Return of these looks those whose payloads are in the file."""
    sql = (
        "select p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "  # noqa: S608 - fixed text
        f"where e.desk = ? and e.seq = ? and {_IS_LOOK}"
    )
    rows = [(head, reader.execute(sql, head).fetchone()) for head in sorted(heads)]
    return [_named(head, json.loads(row[0])) for head, row in rows if row is not None]


def _named(head: Head, said: Mapping[str, Any]) -> Named:
    return Named(head, {name: said[name] for name in KEPT if name in said})


def _words(said: Mapping[str, Any]) -> Iterator[str]:
    """Return every text of a payload but the ids and numbers in it."""
    left: list[Any] = [value for name, value in said.items() if name not in KEPT]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _names(text: str, called: Iterable[str]) -> bool:
    words = folded(text)
    begins = len(words) >= _BEGINNING
    return any(f" {name} " in f" {words} " or (begins and name.startswith(words)) for name in called)


# the table: which looks are emptied, by which entry


_INSERT = (
    "insert into emptied (desk, seq, by_desk, by_seq, place) "  # noqa: S608 - fixed text
    "select ?1, ?2, ?3, ?4, ?5 where not exists "
    f"(select 1 from entry as e where e.desk = ?1 and e.seq = ?2 and not {_IS_LOOK}) "
    "on conflict (desk, seq) do nothing"
)


def put(c: Any, by: Head, heads: Iterable[Head]) -> None:
    """Note that an entry empties these looks, and delete their payloads."""
    rows = [(*head, *by, place) for place, head in enumerate(heads)]
    c.executemany(_INSERT, rows)
    c.executemany(
        "delete from payload where (desk, seq) in (select desk, seq from emptied where desk = ? and seq = ?)",
        [row[:2] for row in rows],
    )


def refill(c: Any) -> None:
    """Write the table anew from the entries, each look under the earliest that empties it."""
    c.execute("delete from emptied")
    rows = c.execute(
        "select desk, seq, detail from entry where operation = 'erasure' and record is null "
        "and (desk, seq) not in (select desk, seq from quarantine) order by at, desk, seq"
    ).fetchall()
    for desk, seq, detail in rows:
        put(c, (desk, seq), looks_in(detail))


def looks_in(detail: str) -> list[Head]:
    """Return the looks that an entry's detail names; none where it is not of this kind."""
    said = json.loads(detail)
    return [(desk, seq) for desk, seq in said.get("looks", ())] if said.get("event") in EVENTS else []


def restates(detail: str, body: bytes) -> bool:
    """Tell whether a payload says of each look that its entry names what is kept, and no more."""
    kept = json.loads(body).get("kept")
    whole = isinstance(kept, list) and len(kept) == len(looks_in(detail))
    return whole and all(isinstance(one, dict) and one.keys() <= {*KEPT} for one in kept)


def aside(reader: Any) -> set[Head]:
    """Return the looks that an entry in quarantine names: it emptied them before it was set aside."""
    rows = reader.execute(
        "select e.detail from quarantine as q join entry as e on e.desk = q.desk and e.seq = q.seq "
        "where e.operation = 'erasure' and e.record is null"
    ).fetchall()
    return {head for (detail,) in rows for head in looks_in(detail)}


def by_woman(reader: Any) -> dict[bytes, list[Head]]:
    """Return the emptied looks by the id of the woman or man with whom their words went."""
    found: dict[bytes, list[Head]] = {}
    for desk, seq, detail in reader.execute(
        "select k.desk, k.seq, e.detail from emptied as k "
        "join entry as e on e.desk = k.by_desk and e.seq = k.by_seq order by k.desk, k.seq"
    ).fetchall():
        found.setdefault(bytes.fromhex(json.loads(detail)["with"]), []).append((desk, seq))
    return found
