"""How long ``beech match`` takes, whole process, unlocked: a name, a plate, and a look alone.

Beside it a whole process of Python that reads the names out of a plain file and ranks them by RapidFuzz.
A session needs a Secret Service: ``.ci/with-keyring.sh python bench/asked.py``.
"""

import argparse
import json
import os
import sqlite3
import statistics
import sys
from pathlib import Path

import data
from make_watchlist import watchlist
from running import BEECH, apart, took
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
    """Make the unit with that many men on its watchlist, and a plain file of their names."""
    men = watchlist(count, SEED)
    rows = folder / "men.ndjson"
    with rows.open("w", encoding="utf-8") as lines:
        for man in men:
            lines.write(json.dumps({key: value for key, value in man.items() if key != "as_of"}) + "\n")
    with data.found(folder / "unit") as store:
        done = importing.run(store, "offender", Source(rows), apply=True)
        assert done.applied, done.problems[:3]
    plain = sqlite3.connect(folder / "plain.db")
    with plain:
        plain.execute("create table man (name)")
        plain.executemany(
            "insert into man values (?)",
            [(f"{m.get('given_name', '')} {m.get('surname', '')}",) for m in men],
        )
    plain.close()


def main() -> None:
    """Build, unlock, ask in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--men", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with apart() as folder:
        built(folder, options.men)
        beech = [*BEECH, "--unit", str(folder / "unit")]
        took([*beech, "unlock"])
        del os.environ["BEECH_PASSPHRASE_FILE"]  # a session from here on
        brute = [sys.executable, "-c", RAPIDFUZZ, str(folder / "plain.db"), "Gary Robson"]
        other = 1000 * statistics.median(took(brute).wall for _ in range(options.rounds))
        for said, description in ASKED.items():
            given = json.dumps(description)
            command = [*beech, "match", "--from-json", "-", "-f", "json"]
            times = [1000 * took(command, given=given).wall for _ in range(options.rounds)]
            ours = statistics.median(times)
            print(
                f"match by {said:18} {ours:6.0f} ms, least {min(times):6.0f} ms   RapidFuzz {other:6.0f} ms"
            )
            at_most(
                MOST,
                Row(
                    f"match by {said}, whole process",
                    options.men,
                    ours,
                    "ms",
                    other,
                    "RapidFuzz WRatio, names",
                ),
            )
        took([*beech, "lock"])


if __name__ == "__main__":
    main()
