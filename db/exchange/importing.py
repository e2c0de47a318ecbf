"""Import: every row is created, updated, the same, in conflict or refused; all land or none does.

The plan is the same work in a transaction that is rolled back, so what it says is what would happen.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from db import records
from db.errors import Ambiguous, BeechError, NotFound, Refused, Usage
from db.rules import limits, values
from db.rules.records import KINDS
from db.vault import fold, journal
from db.vault.projection import read_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from db.exchange.reading import Row, Source
    from db.records import Record, Why
    from db.vault.store import Store
    from db.vault.writing import Write

BATCH = 1000
VERDICTS = ("create", "update", "same", "conflict", "refused")
_PROBLEMS_MOST = 200

class Verdict(NamedTuple):
    """What becomes of one row: its number, the verdict, and for a problem the field and the rule."""

    row: int
    verdict: str
    why: str | None = None


class Watch(NamedTuple):
    """Who is told of an import as it goes: each row's verdict, and the bytes read now and then."""

    tell: Callable[[Verdict], None] = lambda _: None
    tick: Callable[[int], None] = lambda _: None


class Outcome(NamedTuple):
    """An import's result. ``problems`` are the first 200 rows that were refused or in conflict."""

    id: str
    counts: dict[str, int]
    problems: tuple[Verdict, ...]
    applied: bool


class _Back(Exception):  # noqa: N818 - no error: it takes the transaction back
    """Nothing is to be kept."""


def run(
    store: Store,
    kind: str,
    source: Source,
    *,
    apply: bool,
    why: Why = records.Why(),  # noqa: B008 - immutable
    watch: Watch = Watch(),  # noqa: B008 - immutable
) -> Outcome:
    """Plan an import, or carry it out where every row allows it.

    Args:
        store: the open unit.
        kind: the kind's word.
        source: the file.
        apply: carry it out; without it, nothing is written.
        why: reason and note for the journal.
        watch: told of it as it goes.

    Raises:
        Usage: the file cannot be read, or has an unknown column; nothing is written.
    """
    ident = os.urandom(8).hex()
    counts = dict.fromkeys(VERDICTS, 0)
    problems: list[Verdict] = []
    try:
        with store.write(why.reason, why.note, {"import": ident}) as tx:
            job = _Job(store, tx, kind)
            for batch in _batches(source):
                for verdict in job.take(batch):
                    counts[verdict.verdict] += 1
                    watch.tell(verdict)
                    if verdict.why is not None and len(problems) < _PROBLEMS_MOST:
                        problems.append(verdict)
                watch.tick(source.done)
            changed = counts["create"] + counts["update"]
            if not apply or problems or not changed:
                raise _Back
            detail = {"import": ident, "file": source.digest(), "rows": sum(counts.values())}
            tx.execute("select 1")
            tx.chain.append("collection", kind, None, detail=detail)
    except _Back:
        return Outcome(ident, counts, tuple(problems), applied=apply and not problems)
    return Outcome(ident, counts, (), applied=True)


def _batches(source: Source) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in source.rows():
        batch.append(row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Read(NamedTuple):
    number: int
    id: bytes | None
    ref: str | None
    fields: Record


class _Job:
    """One import at work inside its transaction."""

    def __init__(self, store: Store, tx: Write, kind: str) -> None:
        self._store = store
        self._tx = tx
        self._kind = kind
        self._now = records.local_now(store)
        self._today = records.today(store)
        self._readers: dict[str, Callable[[Any], Any] | None] = {}
        self._refs: dict[tuple[str, str], str] = {}
        self._levels: dict[str, int] = {}
        self._resolve = records.resolver(store, tx)

    def take(self, batch: Sequence[Row]) -> Iterator[Verdict]:
        """Yield the verdicts of a batch of rows, doing what each says."""
        read: list[_Read | Verdict] = []
        for row in batch:
            try:
                read.append(self._read(row))
            except Usage as error:
                raise Usage(f"row {row.number}: {error}") from None
            except BeechError as error:
                read.append(Verdict(row.number, "refused", str(error)))
        known = self._known([r.id for r in read if isinstance(r, _Read) and r.id is not None])
        for one in read:
            if isinstance(one, Verdict):
                yield one
                continue
            try:
                verdict = self._put(one, known)
            except (Refused, NotFound, Ambiguous) as error:
                verdict = Verdict(one.number, "refused", str(error))
            yield verdict

    # reading a row

    def _read(self, row: Row) -> _Read:
        raw = records.arrange(self._kind, row.raw)
        fields: Record = {}
        readers = self._readers
        for key, value in raw.items():
            reader = readers.get(key)
            if reader is None:
                reader = self._learn(key)
            fields[key] = None if value is None else reader(value)
        ref = fields.pop("ref", None)
        external = records.external_of(self._kind, fields)
        if self._kind == "person":
            fields.pop("external_ref", None)
        if external is None:
            return _Read(row.number, None, ref, fields)
        return _Read(row.number, journal.derived_id(self._store.id_key, self._kind, external), ref, fields)

    def _learn(self, key: str) -> Callable[[Any], Any]:
        """Return the reader of a column, made once."""
        field = KINDS[self._kind].field(key)
        made: Callable[[Any], Any]
        if field is None and key in ("ref", "external_ref"):
            made = _key
        elif field is None and key == "vehicles" and self._kind == "offender":
            made = self._vehicles
        elif field is None:
            values.refuse_unknown(key, self._kind)
            raise AssertionError("refused above")
        elif field.type == "ref":
            made = self._ref(key, tuple(field.of.split()))
        elif field.type == "refs":
            made = self._ref_list(key, tuple(field.of.split()))
        else:
            made = self._value(values.reader(field))
        self._readers[key] = made
        return made

    def _value(self, read: Callable[..., Any]) -> Callable[[Any], Any]:
        """Read a column's values, each different one only once while it has few."""
        now, seen = self._now, {}

        def remembered(raw: Any) -> Any:
            if type(raw) is not str:
                return read(raw, now)
            try:
                return seen[raw]
            except KeyError:
                value = read(raw, now)
                if len(seen) < 2000:
                    seen[raw] = value
                return value

        return remembered

    def _vehicles(self, raw: Any) -> Any:
        described = values.read_description({"vehicles": raw}, self._now)
        return described.get("vehicles")

    def _ref(self, key: str, kinds: tuple[str, ...]) -> Callable[[Any], str]:
        cache = self._refs

        def read(raw: Any) -> str:
            typed = records.one_ref(key, raw)
            known = cache.get((key, typed))
            if known is None:
                try:
                    known = self._resolve(typed, kinds)
                except NotFound as error:
                    raise Refused(f"{key}: {error}") from None
                if len(cache) < 200_000:
                    cache[key, typed] = known
            return known

        return read

    def _ref_list(self, key: str, kinds: tuple[str, ...]) -> Callable[[Any], list[str] | None]:
        one = self._ref(key, kinds)

        def read(raw: Any) -> list[str] | None:
            return list(dict.fromkeys(one(item) for item in values.items(key, raw))) or None

        return read

    # what becomes of it

    def _known(self, ids: list[bytes]) -> dict[bytes, tuple[int, str, str]]:
        found = self._tx.known(ids) if ids else {}
        return {record: place for record, place in found.items() if place[1] != "absent"}

    def _put(self, one: _Read, known: dict[bytes, tuple[int, str, str]]) -> Verdict:
        if one.id is None and one.ref is not None:
            found = records.find(self._tx, self._store.id_key, one.ref, (self._kind,))
            return self._change(one, found)
        place = known.get(one.id) if one.id is not None else None
        if place is not None and one.id is not None:
            return self._change(one, records.Found(place[0], one.id, self._kind, place[1], ""))
        self._create(one)
        if one.id is not None:
            known[one.id] = (-1, "present", "")  # made in this batch: its number is asked for when it comes again
        return Verdict(one.number, "create")

    def _create(self, one: _Read) -> None:
        fields = {name: value for name, value in one.fields.items() if value is not None}
        vehicles = fields.pop("vehicles", None)
        limits.complete(self._kind, fields, self._today)
        limits.check(self._kind, fields, vehicles=bool(vehicles))
        records.check_related(self._tx, self._kind, fields)
        record = self._tx.create_as(self._kind, one.id or os.urandom(16), fields)
        records.after(self._store, self._tx, self._kind, record, fields, vehicles)

    def _change(self, one: _Read, found: records.Found) -> Verdict:
        if found.n < 0:
            row = self._tx.execute("select n, state from record where id = ?", (found.id,)).fetchone()
            found = records.Found(row[0], found.id, self._kind, row[1], "")
        if found.state == "erased":
            return Verdict(one.number, "same")
        before = read_many(self._tx, self._kind, [found.n])[found.n]
        fields = dict(one.fields)
        vehicles = fields.pop("vehicles", _ABSENT)
        differing = {name: value for name, value in fields.items() if before.get(name) != value}
        changed = clashes = None
        if differing:
            changed, clashes = self._sides(found, before, differing)
        if clashes:
            return Verdict(one.number, "conflict", f"{', '.join(clashes)}: changed here and in the file")
        moved = False
        if changed:
            after = {k: v for k, v in (before | changed).items() if v is not None}
            limits.check(self._kind, after, vehicles=records.has_vehicles(self._tx, found))
            records.check_related(self._tx, self._kind, after)
            self._tx.amend(found.id, changed)
            moved = True
        if vehicles is not _ABSENT:
            moved |= records.after(self._store, self._tx, self._kind, found.id, before, vehicles or [])
        return Verdict(one.number, "update" if moved else "same")

    def _sides(self, found: records.Found, before: Record, differing: Record) -> tuple[Record, list[str]]:
        """Tell what the file changed since it was last imported, and what was changed here as well."""
        (heads,) = self._tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
        steps = fold.lineage(self._tx, heads)
        imported = fold.fold([step for step in steps if self._was_import(step)]).fields
        if not imported:
            return differing, []
        changed = {name: value for name, value in differing.items() if imported.get(name) != value}
        clashes = [name for name in changed if before.get(name) != imported.get(name)]
        return changed, sorted(clashes)

    def _was_import(self, step: fold.Step) -> bool:
        row = self._tx.execute(
            "select detail from entry where desk = ? and seq = ?", (step.desk, step.tx)
        ).fetchone()
        return row is None or "import" in json.loads(row[0])


_ABSENT = object()


def _key(raw: Any) -> str:
    if not isinstance(raw, str | int) or isinstance(raw, bool) or not str(raw).strip():
        raise Refused("external_ref: must be text")
    return str(raw).strip()
