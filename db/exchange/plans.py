"""A plan as a file: what an import would do, row by row, bound to the bytes and the records it was made from.

Row numbers, verdicts and references; never a value. Carried out by it, an import does what was planned or
nothing. One JSON object a line: what it is, then a line each row, then what the source was.
"""

from __future__ import annotations

import json
import os
from typing import IO, TYPE_CHECKING, Any

from db.errors import Ambiguous, BeechError, Busy, Refused, Usage
from db.exchange import cursors
from db.exchange.landing import IMPORT_UNDO
from db.vault import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.exchange.landing import Verdict
    from db.exchange.reading import Source
    from db.vault.store import Store

_VERSION = 1
_MOVED = "the plan does not fit any more ({}): make a new one, look at it, apply that; nothing was written"


class Writer:
    """Writes a plan while it is made, beside its place; ``keep`` puts it there, ``drop`` takes it away."""

    def __init__(self, store: Store, kind: str, place: Path) -> None:
        """Begin the file.

        Raises:
            Refused: the folder may not be written to.
            Busy: there is no room, or the disk failed.
        """
        self._place = place
        self._beside = place.with_name(f".{place.name}.{os.urandom(6).hex()}.new")
        self._head: dict[str, Any] = {"plan": os.urandom(8).hex(), "version": _VERSION}
        self._head |= {"unit": store.unit.hex(), "kind": kind}
        try:
            files.create_exclusive(self._beside, b"", 0o600)
        except (Busy, Refused) as error:
            raise type(error)(str(error).replace(str(self._beside), str(place))) from None
        self._file: IO[str] = self._beside.open("w", encoding="utf-8")

    def begin(self, reader: Any) -> None:
        """Say what the plan is, and where each desk's chain stands."""
        self._line(self._head | {"heads": cursors.heads_of(reader)})

    def tell(self, verdict: Verdict) -> None:
        """Write a row's line."""
        self._line({"row": verdict.row, "verdict": verdict.verdict, "ref": verdict.ref})

    def end(self, source: str, counts: dict[str, int]) -> None:
        """Say what the source was, and how many rows have each verdict."""
        self._line({"source": source, "counts": counts})

    def _line(self, line: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(line) + "\n")
        except OSError:
            raise Busy(f"no room for {self._place}: no plan was kept, and nothing was written") from None

    def keep(self) -> None:
        """Put the finished plan in its place."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError:
            raise Busy(f"no room for {self._place}: no plan was kept") from None
        files.rename(self._beside, self._place)

    def drop(self) -> None:
        """Take away what was begun, where it was not kept."""
        self._file.close()
        self._beside.unlink(missing_ok=True)


class Check:
    """Holds an import against its plan while it is carried out."""

    def __init__(self, store: Store, kind: str, place: Path) -> None:
        """Open a plan.

        Raises:
            Usage: it cannot be read, or is no plan.
            Refused: it is of another unit or kind.
        """
        try:
            self._file = place.open(encoding="utf-8")
        except OSError as error:
            raise Usage(f"that plan cannot be read ({(error.strerror or 'error').lower()})") from None
        self._name = place.name
        self._lines = self._read()
        try:
            head = self._head(store, kind)
        except BeechError:
            self.close()
            raise
        self.id: str = head["plan"]
        self._heads = {int(desk, 16): seq for desk, seq in head["heads"].items()}
        self._kind = kind
        self._touched: set[bytes] = set()

    def _head(self, store: Store, kind: str) -> dict[str, Any]:
        head = next(self._lines, {})
        if not (isinstance(head.get("plan"), str) and head.get("version") == _VERSION and "heads" in head):
            raise Usage(f"{self._name}: is not a plan that 'beech import --plan-out' writes")
        if (head.get("unit"), head.get("kind")) != (store.unit.hex(), kind):
            raise Refused(f"{self._name}: is a plan for another unit or another kind")
        return head

    def _read(self) -> Iterator[dict[str, Any]]:
        try:
            for line in self._file:
                said = json.loads(line)
                yield said if isinstance(said, dict) else {}
        except (ValueError, RecursionError, OSError):
            raise Usage(f"{self._name}: is not a plan that 'beech import --plan-out' writes") from None

    def applied(self, store: Store) -> str | None:
        """Return the id of the import that carried this plan out and stands; None where none does."""
        with store.counts() as reader:
            return next((one for one in standing(reader, "plan", self.id)), None)

    def again(self, source: Source) -> dict[str, int]:
        """Return what becomes of the rows of a plan that was carried out before: all are the same now.

        Raises:
            Ambiguous: the source is not the one that was planned.
        """
        counts: dict[str, int] = {}
        said: dict[str, Any] = {}
        for said in self._lines:
            counts = said.get("counts", counts)
        source.read_through()
        if said.get("source") != source.digest():
            raise Ambiguous(_MOVED.format("the file is not the one that was planned"))
        return dict.fromkeys(counts, 0) | {"same": sum(counts.values())}

    def begin(self, reader: Any) -> None:
        """Learn which records changed since the plan was made."""
        self._touched = cursors.touched(reader, self._kind, self._heads)

    def tell(self, verdict: Verdict) -> None:
        """Hold a row against its line.

        Raises:
            Ambiguous: it would become something else than was planned, or its record changed since.
        """
        planned = next(self._lines, {})
        if (planned.get("row"), planned.get("verdict")) != (verdict.row, verdict.verdict):
            raise Ambiguous(_MOVED.format(f"row {verdict.row} would become something else"))
        if verdict.record in self._touched and verdict.verdict != "same":
            raise Ambiguous(_MOVED.format(f"the record of row {verdict.row} was changed since"))

    def end(self, source: str, _: dict[str, int]) -> None:
        """Hold the source against the one that was planned.

        Raises:
            Ambiguous: it is another.
        """
        if next(self._lines, {}).get("source") != source:
            raise Ambiguous(_MOVED.format("the file is not the one that was planned"))

    def close(self) -> None:
        """Close the plan."""
        self._file.close()


def standing(reader: Any, key: str, value: str) -> Iterator[str]:
    """Yield the ids of the imports whose closing entry says so and that were not taken back, newest first.

    Args:
        reader: anything with ``execute``.
        key: ``import``, ``plan`` or ``file``.
        value: hex.
    """
    undone = set(
        row[0]
        for row in reader.execute(
            "select json_extract(detail, '$.import') from entry where operation = 'alteration' "
            "and record is null and json_extract(detail, '$.event') = ?",
            (IMPORT_UNDO,),
        )
    )
    for (ident,) in reader.execute(
        "select json_extract(detail, '$.import') from entry where operation = 'collection' "
        "and record is null and json_extract(detail, '$.' || ?) = ? order by at desc",
        (key, value),
    ):
        if ident is not None and ident not in undone:
            yield str(ident)
