"""Invented engagements, as a spreadsheet and as a whole unit, for the other benchmarks and by themselves.

The same seed gives the same rows. ``python bench/data.py csv FILE --rows N --bytes 500`` writes a sheet,
``python bench/data.py unit FOLDER --rows N`` a unit of N engagements, taken in as any import is.
"""

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from db.exchange import importing  # noqa: E402 - the path first
from db.exchange.reading import Source  # noqa: E402
from db.vault import founding, keys, opening  # noqa: E402
from db.vault.store import Face, Store  # noqa: E402

PASSPHRASE = "invented lantern harbour seventeen"  # noqa: S105 - of a unit that lives for one run
COLUMNS = ("external_ref", "at", "contact", "initiated_by", "sector", "officers", "needs", "narrative")
FIRST, LASTS = datetime(2020, 11, 1, tzinfo=UTC), timedelta(days=6 * 365)  # records are held six years
PIECE = 200_000  # rows of one import
_BESIDE = 70  # bytes of a row beside its narrative
_STORY = (
    "she said a man in a silver car followed her along the road and shouted wants housing help offered lift "
    "home nurse on thursday will think about it no concerns tonight cold quiet spoke for ten minutes waited "
    "near the underpass again asked about a bed phone was taken friend is worried seen twice talk later"
)
_WORDS = _STORY.split()
SELDOM = {"quillfeather": 3_333, "lantern": 100}  # one row of so many begins with the word


def rows(count: int, size: int, seed: int = 1) -> Iterator[list[str]]:
    """Yield engagements of about *size* bytes each, spread evenly over six years."""
    draw = random.Random(seed)
    words = max(1, round((size - _BESIDE) / 5.3))
    for number in range(count):
        begins = [word for word, every in SELDOM.items() if number % every == every // 3][:1]
        yield [
            f"X{number}",
            at(number, count).isoformat(timespec="seconds"),
            "spoke" if draw.random() < 0.9 else "declined",
            draw.choice(("flagged_down", "patrol", "planned")),
            f"sector {draw.randrange(9)}",
            draw.choice(("Sam;Jo", "Sam", "Alex;Jo")),
            draw.choice(("housing", "drugs;food", "food", "")),
            " ".join([*begins, *draw.choices(_WORDS, k=words)[len(begins) :]]),
        ]


def at(number: int, count: int) -> datetime:
    """Return when the engagement of that number is, among so many."""
    return FIRST + LASTS * ((number + 1) / count)


def write_csv(path: Path, count: int, size: int = 130, seed: int = 1) -> int:
    """Write a spreadsheet of engagements; returns its bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, size, seed))
    return path.stat().st_size


def found(unit: Path) -> Store:
    """Make a unit and open it by its founder's seed."""
    founding.found(unit, ("Bench", "Sam"), PASSPHRASE, cost=keys.MODERATE)
    return opening.with_passphrase(unit, PASSPHRASE, None, Face("script", "bench"))[0]


def opened(unit: Path) -> Store:
    """Open a unit that was made before by its founder's passphrase."""
    return opening.with_passphrase(unit, PASSPHRASE, None, Face("script", "bench"))[0]


def raw_sqlcipher(path: Path) -> Any:
    """Open a file of SQLCipher alone under a raw key, journalling and indexing nothing: the limit."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path))
    connection.execute(f"pragma key = \"x'{'5e' * 32}'\"")
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    return connection


def fill(store: Store, count: int, size: int = 130, seed: int = 1) -> None:
    """Import a woman for every hundredth engagement, and *count* engagements that name them."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "rows.csv"
        take(store, "person", write(path, ("external_ref", "pseudonym", "sex"), _women(women_of(count))))
        made_rows = ([*row, her] for row, her in zip(rows(count, size, seed), met(count, seed), strict=True))
        for begun in range(0, count, PIECE):
            piece = (next(made_rows) for _ in range(min(PIECE, count - begun)))
            take(store, "engagement", write(path, (*COLUMNS, "people"), piece))


def women_of(count: int) -> int:
    """Return how many women so many engagements are with."""
    return max(1, count // 100)


def met(count: int, seed: int = 1) -> Iterator[str]:
    """Yield for each engagement the woman who was met; nothing where nobody is named."""
    draw, women = random.Random(seed), women_of(count)
    for _ in range(count):
        yield f"W{draw.randrange(women)}" if draw.random() < 0.7 else ""


def _women(count: int) -> Iterator[list[str]]:
    return ([f"W{number}", f"Willow-{number}", "woman"] for number in range(count))


def write(path: Path, columns: tuple[str, ...], made: Iterator[list[str]]) -> Path:
    """Write a sheet of rows under their columns; returns its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(made)
    return path


def take(store: Store, kind: str, path: Path) -> None:
    """Import a sheet, all of it."""
    source = Source(path)
    try:
        done = importing.run(store, kind, source, apply=True)
    finally:
        source.close()
    assert done.applied, done.problems[:3]


def main() -> None:
    """Write what the command line asks for, and say how fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("csv", "unit"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--bytes", type=int, default=130)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.perf_counter()
    if options.what == "csv":
        size = write_csv(options.path, options.rows, options.bytes, options.seed)
        print(f"{options.rows:,} rows of {size / options.rows:.0f} bytes")
        return
    os.environ.setdefault("XDG_STATE_HOME", str(options.path.resolve().parent / "state"))
    with found(options.path) as store:
        fill(store, options.rows, options.bytes, options.seed)
    seconds = time.perf_counter() - start
    records = options.rows + max(1, options.rows // 100)
    print(f"{records:,} records in {seconds:.1f} s: {records / seconds:,.0f} a second (target: 25,000)")


if __name__ == "__main__":
    main()
