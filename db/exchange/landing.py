"""What becomes of each row of an import: created, updated, the same, in conflict or refused.

A row that comes again is told from what was imported before, so that both sides' changes are seen.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from db import pseudonyms, records
from db.errors import Ambiguous, NotFound, Refused, Usage
from db.exchange.reading import Sheet
from db.exchange.rows import Bad, Reader
from db.rules import limits, pasted
from db.vault import fold, projection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.exchange.reading import Row
    from db.exchange.rows import Read
    from db.records import Found, Record
    from db.vault.store import Store
    from db.vault.writing import Write

_ABSENT = object()
IMPORT_UNDO = "import_undo"  # the event of a whole import's undo


class Verdict(NamedTuple):
    """What becomes of one row: its number, the verdict, and for a problem the field and the rule.

    ``ref`` and ``record`` are those of the record that is there; a new one has an id where its key gives one.
    """

    row: int
    verdict: str
    why: str | None = None
    ref: str | None = None
    record: bytes | None = None


class Landing:
    """One import at work inside its transaction."""

    def __init__(self, store: Store, tx: Write, kind: str) -> None:
        self._store = store
        self._tx = tx
        self._kind = kind
        self._today = records.today(store)
        self._reader = Reader(store, tx, kind)
        # stands for what this batch made: its number is asked for if it comes again
        self._made = records.Found(-1, b"", kind, "present", "")
        self._known: dict[bytes, Found] = {}
        self._before: dict[int, Record] = {}
        self._has_nulls = True  # a sheet's rows leave out what they do not say
        self._marked = False  # an export of ours, which may have left somebody out of a list
        self._levels: dict[str, int | None] = {}
        self._called = pseudonyms.Called(tx) if kind == "person" else None

    @property
    def taken_out(self) -> int:
        """How many rows told of police or partner staff."""
        return self._reader.taken_out

    def take(self, batch: Sheet | list[Row]) -> Iterator[Verdict]:
        """Yield the verdicts of a batch of rows, doing what each says."""
        read = self._reader.read(batch)
        self._has_nulls = not isinstance(batch, Sheet)
        self._marked = batch.marked if isinstance(batch, Sheet) else any(row.marked for row in batch)
        self._look_up([one for one in read if not isinstance(one, Bad)])
        for one in read:
            if isinstance(one, Bad):
                yield Verdict(one.number, "refused", one.why)
                continue
            try:
                yield self._put(one)
            except (Refused, NotFound, Ambiguous) as error:
                yield Verdict(one.number, "refused", str(error))

    def _look_up(self, read: list[Read]) -> None:
        """Learn at once which of a batch's records the unit has, and what stands in them."""
        ids = [one.id for one in read if one.id is not None]
        found = self._tx.known(ids) if ids else {}
        self._known = {
            record: records.Found(n, record, self._kind, state, ref)
            for record, (n, state, ref) in found.items()
            if state != "absent"
        }
        standing = [place.n for place in self._known.values() if place.state != "erased"]
        self._before = projection.read_many(self._tx, self._kind, standing) if standing else {}
        if self._kind == "concern":
            engagements = {one.fields["engagement"] for one in read if one.fields.get("engagement")}
            self._levels = records.engagement_levels(self._tx, list(engagements))

    def _put(self, one: Read) -> Verdict:
        place = None if one.id is None else self._known.get(one.id)
        if place is None and one.ref is not None:
            place = self._named(one)
        if place is not None:
            changed = self._change(one, place)
            if changed.verdict == "update":
                self._refuse_restricted(place)
            return changed._replace(ref=place.ref or None, record=place.id or one.id)
        self._create(one)
        return Verdict(one.number, "create", record=one.id)

    def _named(self, one: Read) -> Found | None:
        """Return the record that a row names by its spoken reference.

        Raises:
            NotFound: it names none, and nothing else names one.
            Refused: it names one, and the importer's own key names none.
        """
        try:
            found = records.find(self._tx, self._store.id_key, one.ref or "", (self._kind,))
        except NotFound:
            if one.id is None:
                raise
            return None
        if one.id is not None:
            raise Refused(
                "external_ref: is new, but the ref is of a record that stands: leave one of them out"
            )
        return found

    def _create(self, one: Read) -> None:
        fields = one.fields
        if self._has_nulls:
            fields = {name: value for name, value in fields.items() if value is not None}
        vehicles = fields.pop("vehicles", None)
        limits.complete(self._kind, fields, self._today)
        limits.check(self._kind, fields, vehicles=bool(vehicles))
        records.check_related(self._tx, self._kind, fields, self._levels)
        self._refuse_pointing(fields, fields, {})
        record = one.id or os.urandom(16)
        self._refuse_taken(fields, record, f"row {one.number}")
        self._tx.create_as(self._kind, record, fields)
        if one.id is not None:
            self._known[record] = self._made
        records.after(self._store, self._tx, self._kind, record, fields, vehicles)

    def _refuse_restricted(self, place: Found) -> None:
        """Refuse the row, not the file, that changes a restricted record where no reason was given."""
        try:
            records.reason_where_restricted(place, records.Why(self._tx.reason))
        except Usage as error:
            raise Refused(str(error)) from None

    def _refuse_pointing(self, after: Record, changed: Record, before: Record) -> None:
        """Refuse a row that newly points at what was struck out, or at who was not met; as it was, it may.

        Raises:
            Refused: it is so.
        """
        if self._reader.told_of_struck:
            records.refuse_struck(self._tx, self._kind, changed, before)
        records.refuse_absent(self._tx, self._kind, after, changed)

    def _refuse_taken(self, fields: Record, record: bytes, said: str) -> None:
        """Refuse a pseudonym that another person in the unit, or another row, has.

        Raises:
            Refused: it is so.
        """
        if self._called is not None and "pseudonym" in fields:
            self._called.take(str(fields["pseudonym"]), record, said)

    def _change(self, one: Read, found: Found) -> Verdict:
        if found.state == "erased":
            return Verdict(one.number, "same")
        if found is self._made and one.id is not None:
            (n,) = self._tx.execute("select n from record where id = ?", (one.id,)).fetchone()
            found = found._replace(n=n, id=one.id)
        if found.state == "struck" and self._was_taken_back(found):
            return self._bring_back(one, found)
        before = self._before.pop(found.n, None)
        if before is None:
            before = projection.read_fields(self._tx, self._kind, found.n)
        said = _with_withheld(before, one.fields) if self._marked else one.fields
        fields = limits.cleared(self._kind, said, before) if self._has_nulls else dict(said)
        vehicles = fields.pop("vehicles", _ABSENT)
        fields |= self._with_unlisted(before, fields)
        differing = {name: value for name, value in fields.items() if before.get(name) != value}
        changed, clashes = self._sides(found, before, differing) if differing else ({}, [])
        if clashes:
            return Verdict(one.number, "conflict", f"{', '.join(clashes)}: changed here and in the file")
        moved = bool(changed) and not self._stays_redacted(found, before)
        if moved:
            limits.check_held(said, changed, before)
            self._set(found, before, changed)
        if vehicles is not _ABSENT:
            moved |= records.after(self._store, self._tx, self._kind, found.id, before, vehicles or [])
        return Verdict(one.number, "update" if moved else "same")

    def _with_unlisted(self, before: Record, fields: Record) -> Record:
        """Return who was met, with who stands there and is named in no list: a list takes her off nothing."""
        if self._kind != "engagement" or "people" not in fields:
            return {}
        stood, said = before.get("people") or [], fields["people"] or []
        left_out = [one for one in stood if one not in said]
        if not left_out:
            return {}
        rows = self._tx.execute(
            "select lower(hex(r.id)) from json_each(?) as j join record as r on r.id = unhex(j.value) "  # noqa: S608 - fixed text
            f"where r.n in ({records.WOMEN})",
            (json.dumps(left_out),),
        )
        kept = {*said, *(row[0] for row in rows)}
        people = [*(one for one in stood if one in kept), *(one for one in said if one not in stood)]
        return {"people": people or None}

    def _was_taken_back(self, found: Found) -> bool:
        """Tell whether a record is struck because its whole import was taken back, and by nobody since."""
        (heads,) = self._tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
        states = [step for step in fold.lineage(self._tx, heads) if "state" in step.detail]
        return bool(states) and self._first_of(states[-1]).get("event") == IMPORT_UNDO

    def _bring_back(self, one: Read, found: Found) -> Verdict:
        """Import again what an undo of its import struck out."""
        before = projection.read_fields(self._tx, self._kind, found.n)
        fields = limits.cleared(self._kind, one.fields, before)
        vehicles = fields.pop("vehicles", None)
        changed = {name: value for name, value in fields.items() if before.get(name) != value}
        after = {k: v for k, v in (before | changed).items() if v is not None}
        has_cars = bool(vehicles) or records.has_vehicles(self._tx, found)
        limits.check(self._kind, after, vehicles=has_cars, changed=changed)
        records.check_related(self._tx, self._kind, after, self._levels)
        self._refuse_pointing(after, changed, before)
        self._refuse_taken(changed, found.id, found.ref)
        self._tx.amend(found.id, changed, state="present")
        records.after(self._store, self._tx, self._kind, found.id, after, vehicles)
        return Verdict(one.number, "update")

    def _set(self, found: Found, before: Record, changed: Record) -> None:
        if records.lowers(self._kind, changed):
            records.change(self._tx, found, changed)
            return
        after = {k: v for k, v in (before | changed).items() if v is not None}
        has_cars = records.has_vehicles(self._tx, found)
        limits.check(self._kind, after, vehicles=has_cars, changed=changed)
        records.check_related(self._tx, self._kind, after, self._levels)
        self._refuse_pointing(after, changed, before)
        self._refuse_taken(changed, found.id, found.ref)
        self._tx.amend(found.id, changed)
        records.lead_on(self._store, self._tx, self._kind, found.id)

    def _stays_redacted(self, found: Found, before: Record) -> bool:
        """Tell whether the record was lowered to level 0 here: no file brings back what went from it."""
        if self._kind != "engagement" or before.get("sharing_level") != 0:
            return False
        row = self._tx.execute("select 1 from erased where record = ?", (found.id,)).fetchone()
        return row is not None

    def _sides(self, found: Found, before: Record, differing: Record) -> tuple[Record, list[str]]:
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
        """Tell whether an import made the change, or the undo of one: so the file's side last stood."""
        return "import" in self._first_of(step)

    def _first_of(self, step: fold.Step) -> dict[str, Any]:
        """Return the detail of the first entry of a step's transaction, which may be this one's."""
        row = self._tx.execute(
            "select detail from entry where desk = ? and seq = ?", (step.desk, step.tx)
        ).fetchone()
        said: dict[str, Any] = {"import": None} if row is None else json.loads(row[0])
        return said


def _with_withheld(before: Record, fields: Record) -> Record:
    """Return what an export says of a record: it takes nobody off a list; words with a name out are none."""
    said = {name: value for name, value in fields.items() if pasted.SOMEBODY not in str(value)}
    if "people" in said:
        stood = before.get("people") or []
        said["people"] = [*stood, *(one for one in said["people"] or [] if one not in stood)]
    return said
