"""How long one save of an engagement takes: journalled, signed, indexed and durable (synchronous=FULL).

Beside it one ``sqlite_utils`` insert of the same row into a plain file of as many rows, as durable, not
journalled; and, as the limit, one insert into SQLCipher alone. ``--large`` adds a unit of 1,000,000
engagements, which takes minutes to build.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import data
from sqlite_utils import Database
from table import Row, at_most, report

from db import records
from db.vault.store import Store

MOST = 10.0  # ms, p95


def timed(save: Callable[[int], object], count: int) -> list[float]:
    """Save *count* times; returns the milliseconds of each, in order of size."""
    taken = []
    for number in range(count):
        start = time.perf_counter()
        save(number)
        taken.append(1000 * (time.perf_counter() - start))
    return sorted(taken)


def row(number: int) -> dict[str, object]:
    """Return one engagement as a form hands it on."""
    return {
        "at": "2026-11-01T21:30:00Z",
        "initiated_by": "flagged_down",
        "sector": f"sector {number % 9}",
        "officers": ["Sam", "Jo"],
        "needs": ["housing"],
        "people": [f"W{number % 100}"],
        "narrative": "she said a man in a silver car followed her along the road, wants housing help",
    }


def plain(path: Path, count: int) -> Database:
    """Make the peer's file, of as many rows."""
    made = Database(path)
    table = made["engagement"]
    names = [*data.COLUMNS, "people"]
    rows = (dict(zip(names, [*one, "W1"], strict=True)) for one in data.rows(count, 130))
    table.insert_all(rows, batch_size=1000)  # type: ignore[union-attr]
    table.enable_fts(["narrative"], create_triggers=True)  # type: ignore[union-attr]
    made.execute("pragma synchronous = full")
    return made


def limit(path: Path, count: int, saves: int) -> list[float]:
    """Save into raw SQLCipher of as many rows; returns the milliseconds of each, in order of size."""
    with closing(data.raw_sqlcipher(path)) as raw:
        raw.execute(f"create table engagement ({', '.join(data.COLUMNS)})")
        insert = f"insert into engagement values ({', '.join('?' * len(data.COLUMNS))})"  # noqa: S608 - marks
        raw.executemany(insert, data.rows(count, 130))
        raw.commit()
        more = list(data.rows(saves, 130, seed=2))

        def save(number: int) -> None:
            raw.execute(insert, more[number])
            raw.commit()

        return timed(save, saves)


def measure(store: Store, folder: Path, options: argparse.Namespace, count: int) -> None:
    """Save into ours and into the peers' files, made in *folder*, and print the table."""
    peer = plain(folder / "plain.db", count)
    ours = timed(lambda number: records.add(store, "engagement", row(number)), options.saves)

    def insert(number: int) -> None:
        flat = {name: str(value) for name, value in row(number).items()}
        peer["engagement"].insert(flat | {"external_ref": f"Y{number}", "contact": "spoke"})  # type: ignore[union-attr]

    theirs = timed(insert, options.saves)
    least = limit(folder / "limit.db", count, options.saves)
    print(f"\none save among {count:,} engagements, {options.saves} times")
    print(f"{'':24}{'p50':>10}{'p95':>10}{'worst':>10}")
    for name, found in (("beech", ours), ("sqlite_utils insert", theirs), ("SQLCipher alone", least)):
        p95 = statistics.quantiles(found, n=20)[-1]
        print(f"{name:24}{statistics.median(found):7.2f} ms{p95:7.2f} ms{found[-1]:7.2f} ms")
    mine, other, raw = (statistics.quantiles(found, n=20)[-1] for found in (ours, theirs, least))
    saved = Row("one durable save, p95", count, mine, "ms", other, "sqlite_utils insert")
    at_most(MOST, saved)
    report(saved._replace(what=f"{saved.what}, beside the limit", peer=raw, by="SQLCipher alone"))
    print(f"p95 under {MOST:.0f} ms: {statistics.quantiles(ours, n=20)[-1] < MOST}")


def main() -> None:
    """Measure a usual unit and, if asked, a large one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", help="units of so many engagements instead")
    parser.add_argument("--saves", type=int, default=300)
    parser.add_argument("--made", type=Path, help="a folder that large.py left (with --keep), of one size")
    options = parser.parse_args()
    for count in options.sizes or ((100_000, 1_000_000) if options.large else (100_000,)):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            os.environ["XDG_STATE_HOME"] = str((options.made or folder) / "state")
            with data.opened(options.made / "unit") if options.made else data.found(folder / "unit") as store:
                start = time.perf_counter()
                if not options.made:
                    data.fill(store, count)
                print(f"built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
                measure(store, folder, options, count)


if __name__ == "__main__":
    main()
