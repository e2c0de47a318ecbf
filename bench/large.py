"""What a unit of a million engagements answers in one process: all tallies of a year, a search of its texts.

Beside it plain SQLite on the same rows unencrypted, and raw SQLCipher as the limit: one group-by of the year,
one FTS5 query. The unit is made through the real doors; how fast that goes is a row as well. It has contacts
and women alone: tallies are judged by ``tallies``, on a unit with all ledgers.
"""

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import data
from table import Row, at_least, at_most, report

from db import finding, tallies
from db.rules import periods
from db.vault.store import Store

WORDS = ("silver", "underpass", "housing thursday", '"silver car"', "wai*", "xylophone")
GROUPED = (
    "select contact, initiated_by, sector, count(*) from engagement "
    "where at >= '2024-01-01' and at < '2025-01-01' group by contact, initiated_by, sector"
)
FOUND = "select rowid, narrative from words where words match ? order by rowid desc limit 50"


def p95(what: Callable[[], object], runs: int) -> float:
    """Return the milliseconds that 95 of 100 runs do not pass."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        what()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


def filled(made: Any, count: int) -> Any:
    """Fill a peer's file with the same rows, indexed and searchable."""
    made.execute(f"create table engagement ({', '.join(data.COLUMNS)})")
    marks = ", ".join("?" * len(data.COLUMNS))
    made.executemany(f"insert into engagement values ({marks})", data.rows(count, 130))  # noqa: S608 - marks
    made.execute("create index engagement_at on engagement (at)")
    made.execute("create virtual table words using fts5 (narrative, content='engagement')")
    made.execute("insert into words (words) values ('rebuild')")
    made.commit()
    return made


def asked(store: Store, peers: Sequence[Any], count: int, runs: int) -> None:
    """Tally and search in all of them, and report."""
    year = periods.year("2024")
    tallied = p95(lambda: tallies.summary(store, year), 5)
    grouped = [p95(lambda peer=peer: peer.execute(GROUPED).fetchall(), 5) for peer in peers]  # type: ignore[misc]
    print(
        f"tallies of contacts alone {tallied:.0f} ms; one group-by {grouped[0]:.0f} ms, {grouped[1]:.0f} ms"
    )
    worst = []
    for word in WORDS:
        found = [p95(lambda word=word: finding.find(store, word), runs)]  # type: ignore[misc]
        for peer in peers:
            found.append(p95(lambda peer=peer, word=word: peer.execute(FOUND, (word,)).fetchall(), runs))  # type: ignore[misc]
        worst.append(found)
        print(f"{word:20} find {found[0]:7.1f} ms   FTS5 {found[1]:7.1f} ms   SQLCipher {found[2]:7.1f} ms")
    searched, plainly, raw = max(worst)
    row = Row("tallies of a year, contacts alone", count, tallied, "ms", grouped[0], "SQLite, one group-by")
    report(row)
    report(row._replace(what=f"{row.what}, beside the limit", peer=grouped[1], by="SQLCipher alone"))
    row = Row("search, p95 of the slowest query", count, searched, "ms", plainly, "SQLite FTS5")
    at_most(20, row)
    report(row._replace(what=f"{row.what}, beside the limit", peer=raw, by="SQLCipher alone"))


def main() -> None:
    """Build all three, ask them in turns, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="make the unit in this folder, and leave it there")
    options = parser.parse_args()
    count = options.engagements
    with tempfile.TemporaryDirectory() as made:
        folder, kept = Path(made), options.keep or Path(made)
        os.environ["XDG_STATE_HOME"] = str(kept / "state")
        with data.found(kept / "unit") as store:
            start, cpu = time.perf_counter(), time.process_time()
            data.fill(store, count)
            records = count + count // 100
            rate, of_cpu = records / (time.perf_counter() - start), records / (time.process_time() - cpu)
            print(f"{count:,} engagements, {rate:,.0f} records a second, {of_cpu:,.0f} of processor")
            start = time.perf_counter()
            limit = filled(data.raw_sqlcipher(folder / "limit.db"), count)
            raw = count / (time.perf_counter() - start)
            plain = filled(sqlite3.connect(folder / "plain.db"), count)
            at_least(
                25_000,
                Row("records made through the real doors", count, rate, "a second", raw, "SQLCipher alone"),
            )
            asked(store, (plain, limit), count, options.runs)
            plain.close()
            limit.close()


if __name__ == "__main__":
    main()
