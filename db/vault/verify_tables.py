"""The tables around the records: the file's own shape, desks, members, erasures, keys, words, loose ends."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from db.errors import Busy
from db.rules.records import FOLDED
from db.vault import cipher as vault
from db.vault import (
    emptying,
    grouping,
    likeness,
    mishaps,
    monthly,
    naming,
    projection,
    quarantine,
    schema,
    search,
)
from db.vault.members import RECOVERY
from db.vault.versions import SCHEMA

if TYPE_CHECKING:
    from db.vault.cipher import Cipher
    from db.vault.faults import Faults
    from db.vault.members import Event, People
    from db.vault.verify_chain import Erased, Walk

# the full-text engine raises its own version with the first word that it forgets for good
_WORDS_SETTINGS = [[("secure-delete", 1), ("version", version)] for version in (4, 5)]
_WALKED = ("entry", "payload")  # the walk reads every row of them, in order of their keys
_LOOKS = 6  # more, at a page that was not as it was sealed: a checkpoint may have been writing it
_DATA_KEY = 32 + 48  # a 32-byte key in a sealed box


def shape(reader: Cipher, faults: Faults) -> None:
    """The file has the tables, checks, triggers and indexes that beech makes, and no other."""
    found = {row[:2]: row[2] for row in reader.execute("select type, name, sql from sqlite_schema")}
    expected = _expected()
    found = {key: sql for key, sql in found.items() if key not in schema.BY_MIGRATIONS}
    for key in sorted(found.keys() | expected.keys()):
        if found.get(key, "none") != expected.get(key, "none"):
            faults.add("schema-differs", key[1])
    with reader.trusted() as connection:
        (version,) = connection.execute("pragma user_version").fetchone()
    if version != SCHEMA:
        faults.add("schema-differs", "user_version")


@cache
def _expected() -> dict[tuple[str, str], str | None]:
    return vault.schema_of(schema.statements())


def pages(reader: Cipher, faults: Faults) -> None:
    """Every page is as it was sealed, and every table, index and check agrees with itself."""
    with reader.trusted() as connection:
        for (text,) in connection.execute("pragma cipher_integrity_check").fetchall()[:20]:
            faults.add("page-altered", str(text).rsplit(" ", 1)[-1])
        tables = connection.execute(
            "select name from sqlite_schema where type = 'table' and rootpage > 0 order by name"
        ).fetchall()
        for (table,) in tables:
            if table not in _WALKED:
                torn = connection.execute(f"pragma integrity_check({projection.quoted(table)})").fetchall()
                if torn != [("ok",)]:
                    faults.add("table-torn", table)


def still_altered(reader: Cipher) -> set[str]:
    """Return the pages that are not as they were sealed, looked at while nothing is under way.

    The check reads the file itself, where a page may be half written, or not written yet, while a
    checkpoint goes on. So the log is brought in first, and nobody writes meanwhile.
    """
    own = reader.beside()
    altered: set[str] | None = None
    try:
        for _ in range(_LOOKS):
            with own.trusted() as connection:
                connection.execute("pragma wal_checkpoint(full)")
            own.begin()
            with own.trusted() as connection:
                rows = connection.execute("pragma cipher_integrity_check").fetchall()
            own.rollback()
            seen = {str(text).rsplit(" ", 1)[-1] for (text,) in rows}
            altered = seen if altered is None else altered & seen
            if not altered:
                break
            time.sleep(0.1)
    finally:
        own.close()
    return altered or set()


def words(reader: Cipher, faults: Faults) -> None:
    """Each full-text table agrees with the rows it indexes, and still forgets what is erased."""
    try:
        differing = _words(reader)
    except Busy:  # somebody writes, and the check asks for the lock: it waits on a connection of its own
        own = reader.beside()
        try:
            own.begin()
            differing = _words(own)
        finally:
            own.rollback()
            own.close()
    for where in differing:
        faults.add("words-differ", where)


def _words(reader: Cipher) -> list[str]:
    differing = []
    with reader.trusted() as connection:
        for table in search.TABLES:
            settings = connection.execute(f"select k, v from {table}_config order by k").fetchall()  # noqa: S608 - a fixed table
            if settings not in _WORDS_SETTINGS:
                differing.append(f"{table}_config")
            if not _ways_in_agree(connection, table):
                differing.append(f"{table}_idx")
            try:
                connection.execute(f"insert into {table} ({table}, rank) values ('integrity-check', 1)")  # noqa: S608 - a fixed table
            except vault.DriverError as error:
                if mishaps.is_busy(error):
                    raise
                differing.append(table)
    return differing


def _ways_in_agree(connection: Any, table: str) -> bool:
    """Tell whether each page of an index on which a word begins has its way in, and each way in its page.

    The engine's own check follows the ways in that there are, and misses those that there are not. A page
    (fts5_index.c) is numbered segment << 37 | page; its bytes 2 and 3 say where its words end, and where
    that is its own end no word begins there.
    """
    pages = connection.execute(
        "select id >> 37, id & 0x7fffffff, "  # noqa: S608 - a fixed table
        "hex(substr(block, 3, 2)) <> printf('%04X', length(block)) "
        f"from {table}_data where id >= 1 << 37 and (id >> 31) & 63 = 0"
    ).fetchall()
    ways = set(connection.execute(f"select segid, pgno >> 1 from {table}_idx").fetchall())  # noqa: S608 - a fixed table
    begun = {page[:2] for page in pages if page[2]}
    return begun <= ways <= {page[:2] for page in pages}


def likenesses(reader: Cipher, faults: Faults) -> None:
    """What the matcher compares, and its keys and counts, are what the men's and vehicles' rows come to."""
    for table in likeness.differing(reader):
        faults.add("likeness-differs", table)


def sums(reader: Cipher, faults: Faults) -> None:
    """The sums by month are what the contacts come to."""
    for table in monthly.differing(reader):
        faults.add("sum-differs", table)


def heads(reader: Cipher, walk: Walk, faults: Faults) -> None:
    """The desk table says where each desk's chain ends."""
    stored = {row[0]: row[1:] for row in reader.execute("select desk, seq, hash, at from desk")}
    for desk in sorted(stored.keys() | walk.heads.keys()):
        if stored.get(desk) != walk.heads.get(desk):
            faults.at("head-differs", desk, (stored.get(desk) or (0,))[0])


def members(reader: Cipher, people: People, faults: Faults) -> None:
    """The member table is what the signed entries add up to."""
    stored = {
        row[0]: (row[1], row[2], tuple(json.loads(row[3])), row[4])
        for row in reader.execute("select id, name, key, roles, state from member")
    }
    folded = {
        ident: (person.name, person.key, person.roles, person.state)
        for ident, person in people.now().items()
        if ident != RECOVERY
    }
    for ident in sorted(stored.keys() | folded.keys()):
        if stored.get(ident) != folded.get(ident):
            faults.add("member-differs", ident)
    for event in people.refused:
        faults.at("member-not-entitled", *event.order[1:])


def aside(reader: Cipher, people: People, stored: frozenset[tuple[int, int]], faults: Faults) -> None:
    """What is in quarantine is what leavers wrote past the entries accepted of them, and nothing else."""
    named = {fault.where for fault in faults.found if fault.name == "actor-removed"}
    for desk, seq in sorted(stored ^ quarantine.find(reader, people.accepted)):
        if f"{desk:012x}/{seq}" not in named:
            faults.at("quarantine-differs", desk, seq)


def names(reader: Cipher, faults: Faults) -> None:
    """No two records of a kind are called alike, and the groups are what the judgements say."""
    for kind, ref in naming.shared(reader):
        faults.add("ref-shared", f"{kind} {ref}")
    if set(reader.execute("select n, canonical from same_as").fetchall()) != grouping.groups(reader):
        faults.add("group-differs", "same_as")


def erasures(reader: Cipher, faults: Faults) -> Erased:
    """Return the erased and redacted records; every row names an erasure entry of its record."""
    rows = reader.execute(
        "select x.record, x.desk, x.seq, e.operation, e.record, e.at, "
        "json_extract(e.detail, '$.event') is 'redact' from erased as x "
        "left join entry as e on e.desk = x.desk and e.seq = x.seq"
    ).fetchall()
    for record, _, _, operation, of, *_ in rows:
        if operation != "erasure" or of != record:
            faults.add("erasure-unmatched", record.hex())
    return {row[0]: (row[5], row[1], row[2]) if row[6] else None for row in rows}


def emptied(reader: Cipher, faults: Faults) -> frozenset[tuple[int, int]]:
    """Return the looks whose words are gone; every row is one that an erasure names, and restates."""
    rows = reader.execute(
        "select k.desk, k.seq, k.by_desk, k.by_seq, k.place, b.operation, b.record, b.detail, p.body, "
        "e.operation from emptied as k left join entry as b on b.desk = k.by_desk and b.seq = k.by_seq "
        "left join payload as p on p.desk = k.by_desk and p.seq = k.by_seq "
        "left join entry as e on e.desk = k.desk and e.seq = k.seq"
    ).fetchall()
    right: dict[tuple[int, int], list[tuple[int, int]]] = {}  # by entry, the looks that it may name
    for _, _, *by, _, operation, record, detail, body, _ in rows:
        if (by[0], by[1]) not in right:
            says = operation == "erasure" and record is None and body is not None
            named = emptying.looks_in(detail) if says and emptying.restates(detail, body) else []
            right[by[0], by[1]] = named
    for desk, seq, *by, place, _, _, _, _, of in rows:
        named = right[by[0], by[1]]
        is_look = of is None or of in emptying.LOOKS
        if not is_look or not 0 <= place < len(named) or named[place] != (desk, seq):
            faults.at("erasure-unmatched", desk, seq)
    return frozenset((row[0], row[1]) for row in rows)


def data_keys(reader: Cipher, events: list[Event], faults: Faults) -> None:
    """Every data key is of a sealed identity that stands, and sealed to a key the journal names."""
    known = {
        bytes.fromhex(str(event.detail.get("identity_key")))
        for event in events
        if event.what in ("genesis", "identity_new")
    }
    for desk, seq, key, size, kind, erased in reader.execute(
        "select k.desk, k.seq, k.identity_key, length(k.sealed), e.kind, x.record from data_key as k "
        "left join entry as e on e.desk = k.desk and e.seq = k.seq "
        "left join erased as x on x.record = e.record"
    ):
        if kind != "identity" or erased is not None or key not in known or size != _DATA_KEY:
            faults.at("data-key-differs", desk, seq)


def payloads(reader: Cipher, walk: Walk, faults: Faults) -> None:
    """No payload lacks its entry: there are no more of them than the walk has met."""
    (count,) = reader.execute("select count(*) from payload").fetchone()
    if count != walk.payloads:
        faults.add("payload-unannounced", str(count - walk.payloads))


def loose_ends(reader: Cipher, faults: Faults) -> None:
    """No link lacks its field, no identity its record, no absent record somebody who points at it."""
    (stray,) = reader.execute(
        "select count(*) from identity as x left join record as r on r.n = x.n where r.kind is not 'identity'"
    ).fetchone()
    if stray:
        faults.add("row-stray", "identity")
    linked = ", ".join(f"'{kind} {name}'" for kind in FOLDED for name in projection.link_fields(kind))
    (stray,) = reader.execute(
        "select count(*) from link as l left join record as r on r.n = l.source "  # noqa: S608 - names of the table of kinds
        f"where coalesce(r.kind, '') || ' ' || l.field not in ({linked}) or r.state = 'erased'"
    ).fetchone()
    if stray:
        faults.add("link-stray", str(stray))
    _absent(reader, faults)


def _absent(reader: Cipher, faults: Faults) -> None:
    """A record without entries stands only where another points at it, and says nothing."""
    pointing = ["select target from link", "select person from identity"]
    pointing += [
        f"select {projection.quoted(field.name)} from {projection.quoted(kind)}"  # noqa: S608 - names of the table of kinds
        for kind in FOLDED
        for field in FOLDED[kind].fields
        if field.type == "ref"
    ]
    kinds = ", ".join(f"'{kind}'" for kind in (*FOLDED, "identity"))
    rows: list[tuple[Any, ...]] = reader.execute(
        "select id, kind, ref, state, heads, n in "  # noqa: S608 - names of the table of kinds
        f"(select * from ({' union all '.join(pointing)}) where 1 is not null) from record "
        f"where kind is null or kind not in ({kinds})"
    ).fetchall()
    for record, kind, ref, state, seen, pointed_at in rows:
        if (kind, ref, state, seen) != (None, None, "absent", "[]") or not pointed_at:
            faults.add("row-stray", record.hex())
