"""What the tests of imports stand on: a desk that imports what a test writes down."""

import json
from pathlib import Path
from typing import Any

from db import records
from db.exchange import importing
from db.exchange.importing import Outcome, Verdict, Watch
from db.exchange.reading import Source
from db.records import Why
from db.vault.store import Store

CSV = "external_ref,at,contact,sector,needs,narrative\n"
ONE = "X1,2026-11-01T10:00,spoke,3,housing;food,she said hello\n"
TWO = "X2,2026-11-02T10:00,declined,4,,\n"


class Desk:
    """A store and a folder: imports what a test writes down."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.verdicts: list[Verdict] = []

    def take(
        self,
        kind: str,
        content: str | bytes,
        *,
        name: str = "rows.csv",
        apply: bool = True,
        why: Why = Why(),  # noqa: B008 - immutable
    ) -> Outcome:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.verdicts = []
        source = Source(path)
        try:
            watch = Watch(self.verdicts.append)
            return importing.run(self.store, kind, source, apply=apply, why=why, watch=watch)
        finally:
            source.close()

    def lines(
        self,
        kind: str,
        *rows: dict[str, Any],
        apply: bool = True,
        why: Why = Why(),  # noqa: B008 - immutable
    ) -> Outcome:
        content = "".join(json.dumps(row) + "\n" for row in rows)
        return self.take(kind, content, name="rows.ndjson", apply=apply, why=why)

    def engagements(self) -> dict[str, dict[str, Any]]:
        return {row["external_ref"]: row for row in records.listing(self.store, "engagement")}

    def entries(self) -> int:
        with self.store.counts() as reader:
            return int(reader.execute("select count(*) from entry").fetchone()[0])


def changed(outcome: Outcome) -> dict[str, int]:
    return {verdict: count for verdict, count in outcome.counts.items() if count}
