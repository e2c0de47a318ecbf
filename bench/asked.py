"""How long ``beech match`` takes, whole process, unlocked: a name, a plate, and a look alone.

Beside it a whole process of Python that reads the names out of a plain file and ranks them by RapidFuzz.
A session needs a Secret Service: ``.ci/with-keyring.sh python bench/asked.py``. ``--made FOLDER`` asks the
list that ``matching`` left there, whose forms were written straight into the tables; its rows say so.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import data
from make_watchlist import watchlist
from running import apart, in_turns, session, took
from table import Row, at_most

from db.exchange import importing
from db.exchange.reading import Source

MOST = 150.0  # ms (matching.md)
SEED = 20261101
ASKED: dict[str, dict[str, object]] = {
    "a name": {"name": "Gary Robson", "age_text": "40-50"},
    "a half-seen plate": {"vehicles": [{"vrm": "N?01 K", "colour": "silver"}]},
    "a look alone": {"age_text": "late forties", "build": "stocky", "hair": "grey", "accent": "Geordie"},
}
RAPIDFUZZ = """
import sqlite3, sys
from rapidfuzz import process, fuzz
names = [name for (name,) in sqlite3.connect(sys.argv[1]).execute("select name from man")]
print(process.extract(sys.argv[2], names, scorer=fuzz.WRatio, limit=10))
"""


def built(folder: Path, count: int) -> None:
    """Make the unit with that many men on its watchlist, and the peer's file."""
    men = watchlist(count, SEED)
    rows = folder / "men.ndjson"
    with rows.open("w", encoding="utf-8") as lines:
        for man in men:
            lines.write(json.dumps({key: value for key, value in man.items() if key != "as_of"}) + "\n")
    with data.found(folder / "unit") as store:
        done = importing.run(store, "offender", Source(rows), apply=True)
        assert done.applied, done.problems[:3]
    plain(folder, (f"{m.get('given_name', '')} {m.get('surname', '')}" for m in men))


def names(unit: Path) -> Iterator[str]:
    """Yield the names of a list that was made before."""
    with data.opened(unit) as store, store.counts() as reader:
        for (form,) in reader.execute("select form from likeness"):
            yield from (" ".join(name) for name in json.loads(form).get("names", []))


def plain(folder: Path, said: Iterable[str]) -> None:
    """Make the peer's file, of names alone."""
    with closing(sqlite3.connect(folder / "plain.db")) as made, made:
        made.execute("create table man (name)")
        made.executemany("insert into man values (?)", ((name,) for name in said))


def main() -> None:
    """Build, unlock, ask in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--men", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--made", type=Path, help="a folder that matching.py left (with --keep), of one list")
    options = parser.parse_args()
    with apart(options.made) as folder:
        unit = (options.made or folder) / "unit"
        if options.made:
            plain(folder, names(unit))
        else:
            built(folder, options.men)
        with session(unit) as beech:
            asked = [*beech, "match", "--from-json", "-", "-f", "json"]
            brute = [sys.executable, "-c", RAPIDFUZZ, str(folder / "plain.db"), "Gary Robson"]
            given = [partial(took, asked, given=json.dumps(one)) for one in ASKED.values()]
            *ours, other = in_turns(options.rounds, *given, partial(took, brute))
    what = "whole process, list written straight in" if options.made else "whole process"
    for said, mine in zip(ASKED, ours, strict=True):
        print(f"match by {said:18} {mine:6.0f} ms   RapidFuzz {other:6.0f} ms   ({what})")
        row = Row(f"match by {said}, {what}", options.men, mine, "ms", other, "RapidFuzz WRatio, names")
        at_most(MOST, row)


if __name__ == "__main__":
    main()
