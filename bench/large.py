"""What a unit of a million engagements answers in one process: all tallies of a year, a search of its texts.

Beside it plain SQLite on the same rows unencrypted: one group-by of the year, one FTS5 query. The unit is
made through the real doors; how fast that goes is a row as well.
"""

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import data
from table import Row, at_least, at_most

from db import finding, tallies
from db.rules import periods

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


def plain(path: Path, count: int) -> sqlite3.Connection:
    """Make the peer's file."""
    made = sqlite3.connect(path)
    made.execute(f"create table engagement ({', '.join(data.COLUMNS)})")
    marks = ", ".join("?" * len(data.COLUMNS))
    made.executemany(f"insert into engagement values ({marks})", data.rows(count, 130))  # noqa: S608 - marks
    made.execute("create index engagement_at on engagement (at)")
    made.execute("create virtual table words using fts5 (narrative, content='engagement')")
    made.execute("insert into words (words) values ('rebuild')")
    made.commit()
    return made


def main() -> None:
    """Build both, ask both in turns, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    count = options.engagements
    with tempfile.TemporaryDirectory() as made:
        os.environ["XDG_STATE_HOME"] = str(Path(made) / "state")
        with data.found(Path(made) / "unit") as store:
            start = time.perf_counter()
            data.fill(store, count)
            rate = (count + count // 100) / (time.perf_counter() - start)
            peer = plain(Path(made) / "plain.db", count)
            year = periods.year("2024")
            tallied = p95(lambda: tallies.summary(store, year), 5)
            grouped = p95(lambda: peer.execute(GROUPED).fetchall(), 5)
            worst = []
            for word in WORDS:
                ours = p95(lambda word=word: finding.find(store, word), options.runs)  # type: ignore[misc]
                theirs = p95(lambda word=word: peer.execute(FOUND, (word,)).fetchall(), options.runs)  # type: ignore[misc]
                worst.append((ours, theirs))
                print(f"{word:20} beech find {ours:7.1f} ms   plain FTS5 {theirs:7.1f} ms")
    searched, plainly = max(worst)
    print(
        f"{count:,} engagements, made at {rate:,.0f} records a second; all tallies of a year {tallied:.0f} ms"
    )
    at_least(25_000, Row("records made through the real doors", count, rate, "a second"))
    at_most(500, Row("all tallies of a year", count, tallied, "ms", grouped, "SQLite, one group-by"))
    at_most(20, Row("search, p95 of the slowest query", count, searched, "ms", plainly, "SQLite FTS5"))


if __name__ == "__main__":
    main()
