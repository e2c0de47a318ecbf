"""The second half of verify: every row against what the record's entries add up to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.rules.records import KINDS, spoken
from db.vault import fold, projection, search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Store
    from db.vault.verify import Walk


def compare(store: Store, walk: Walk) -> int:
    """Compare every record's row and links with the fold of its entries; returns how many were."""
    execute = store.cipher.execute
    numbers = _Numbers(execute)
    compared = 0
    for kind in KINDS:
        compared += _kind(execute, kind, walk, numbers)
    _identities(execute, walk)
    _complex(execute, walk)
    _counts(execute, walk)
    for table, _ in search.WORDS.values():
        with store.cipher.trusted() as connection:
            _words(connection, table, walk)
    return compared


class _Numbers:
    """Local numbers by id in hex, asked once."""

    def __init__(self, execute: Any) -> None:
        self._execute = execute
        self._known: dict[str, int] = {}

    def __call__(self, record: str) -> int:
        known = self._known.get(record)
        if known is None:
            row = self._execute("select n from record where id = ?", (bytes.fromhex(record),)).fetchone()
            known = row[0] if row else -1
            if len(self._known) < 200_000:
                self._known[record] = known
        return known


def _kind(execute: Any, kind: str, walk: Walk, numbers: _Numbers) -> int:
    """Stream a kind's records beside their rows; those with one entry are compared at once."""
    names = ", ".join(f"x.{projection.quoted(c)}" for c in ("n", *projection.columns(kind)))
    rows = execute(
        "select r.n, r.id, r.state, r.heads, r.ref, e.operation, e.record, e.detail, p.body, "  # noqa: S608 - names of the table of kinds
        f"{names} from record as r "
        f"left join {projection.quoted(kind)} as x on x.n = r.n "
        "left join entry as e on e.desk = json_extract(r.heads, '$[0][0]') "
        "and e.seq = json_extract(r.heads, '$[0][1]') "
        "left join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where r.kind = ? order by r.n",
        (kind,),
    )
    links = _links(execute, kind)
    letter = KINDS[kind].letter
    linked = projection.link_fields(kind)
    count = 0
    for n, record, state, heads, ref, operation, of, detail, body, *stored in rows:
        count += 1
        mine = next(links, (n, {}))[1] if linked else {}
        if record in walk.changed:
            folded, detail = _folded(execute, heads, record)
            good_heads = json.loads(heads) == [list(h) for h in folded.heads]
        elif operation == "collection" and of == record and body is not None:
            folded = fold.Folded(json.loads(body)["set"], "present", ())
            good_heads = heads.count("[") == 2
        else:
            walk.fault("row-without-entry", record.hex())
            continue
        expected_links = {name: [numbers(t) for t in folded.fields.get(name) or ()] for name in linked}
        expected = None
        if folded.state != "erased":
            fields = {k: v for k, v in folded.fields.items() if v is not None}
            expected = projection.row(kind, n, fields, numbers)
        same_row = (stored[0] is None) if expected is None else list(stored) == expected
        same_links = {k: v for k, v in expected_links.items() if v} == mine
        same_ref = ref == spoken(letter, record, json.loads(detail).get("ref", 0))
        if not (same_row and same_links and same_ref and good_heads and state == folded.state):
            walk.fault("row-differs", record.hex())
    return count


def _folded(execute: Any, heads: str, record: bytes) -> tuple[fold.Folded, str]:
    """Fold a record from all its entries, and give back the creation's detail."""
    reader = _Reader(execute)
    steps = [s for s in fold.lineage(reader, heads) if s.record == record]
    created = next((s.detail for s in steps if "ref" in s.detail), {})
    return fold.fold(steps), json.dumps(created)


class _Reader:
    def __init__(self, execute: Any) -> None:
        self.execute = execute


def _links(execute: Any, kind: str) -> Iterator[tuple[int, dict[str, list[int]]]]:
    """Yield (n, links by field) for every record of the kind, in order of n, with or without links."""
    if not projection.link_fields(kind):
        return
    current, held = None, {}
    for n, field, target in execute(
        "select r.n, l.field, l.target from record as r left join link as l on l.source = r.n "
        "where r.kind = ? order by r.n, l.field, l.place",
        (kind,),
    ):
        if n != current:
            if current is not None:
                yield current, held
            current, held = n, {}
        if field is not None:
            held.setdefault(field, []).append(target)
    if current is not None:
        yield current, held


def _identities(execute: Any, walk: Walk) -> None:
    """Every sealed identity that stands has its row and its data key, and no other has."""
    rows = execute(
        "select r.id, r.state, r.heads, x.desk, x.seq, k.desk, p.desk, q.id, e.detail from record as r "
        "left join identity as x on x.n = r.n left join record as q on q.n = x.person "
        "left join data_key as k on k.desk = x.desk and k.seq = x.seq "
        "left join payload as p on p.desk = x.desk and p.seq = x.seq "
        "left join entry as e on e.desk = x.desk and e.seq = x.seq where r.kind = 'identity'"
    )
    for record, state, heads, desk, seq, key, payload, person, detail in rows:
        if state == "erased":
            good = desk is None and record in walk.erased
        else:
            good = key is not None and payload is not None and json.loads(heads) == [[desk, seq]]
            good = good and json.loads(detail).get("person") == person.hex()
        if not good:
            walk.fault("identity-differs", record.hex())
    spare = execute(
        "select count(*) from data_key as k where not exists "
        "(select 1 from entry as e where e.desk = k.desk and e.seq = k.seq and e.kind = 'identity')"
    ).fetchone()[0]
    if spare:
        walk.fault("data-key-spare", str(spare))


def _complex(execute: Any, walk: Walk) -> None:
    """Every changed record's entries are all reached from its heads: none was cut off."""
    reader = _Reader(execute)
    for record, changes in walk.changed.items():
        row = execute("select heads from record where id = ?", (record,)).fetchone()
        if row is None:
            walk.fault("row-missing", record.hex())
            continue
        steps = [s for s in fold.lineage(reader, row[0]) if s.record == record]
        if sum(s.operation != "collection" for s in steps) != changes:
            walk.fault("heads-differ", record.hex())


def _counts(execute: Any, walk: Walk) -> None:
    """No creation lacks its record, no row stands without one, no payload without its entry."""
    lost = execute(
        "select count(*) from entry as e where e.record is not null and e.operation = 'collection' and "
        "not exists (select 1 from record as r where r.id = e.record and r.state <> 'absent')"
    ).fetchone()[0]
    if lost:
        walk.fault("row-missing", str(lost))
    for kind in (*KINDS, "identity"):
        table = projection.quoted(kind)
        stray = execute(
            f"select count(*) from {table} as x left join record as r on r.n = x.n "  # noqa: S608 - a kind's name
            "where r.n is null or r.kind is not ?",
            (kind,),
        ).fetchone()[0]
        if stray:
            walk.fault("row-stray", kind)
    stray = execute(
        "select count(*) from payload as p where not exists "
        "(select 1 from entry as e where e.desk = p.desk and e.seq = p.seq)"
    ).fetchone()[0]
    if stray:
        walk.fault("payload-unannounced", str(stray))
    loose = execute(
        "select count(*) from link as l left join record as r on r.n = l.source "
        "where r.n is null or r.state = 'erased' or r.kind is null"
    ).fetchone()[0]
    if loose:
        walk.fault("link-stray", str(loose))


def _words(connection: Any, table: str, walk: Walk) -> None:
    """Ask the full-text table whether it agrees with the rows it indexes."""
    from db.errors import Damaged
    from db.vault.cipher import spoken_errors

    try:
        with spoken_errors():
            connection.execute(f"insert into {table} ({table}, rank) values ('integrity-check', 1)")  # noqa: S608 - a fixed table
    except Damaged:
        walk.fault("words-differ", table)
