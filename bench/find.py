"""How long ``beech find`` takes, whole process, unlocked: a word of every frequency.

Beside it ``sqlite-utils search --limit 50``, newest first as ours, on the same rows in a plain file; both in
turns, medians. A session needs a Secret Service: ``.ci/with-keyring.sh python bench/find.py``.
"""

import argparse
import json
import time
from pathlib import Path

import data
from running import SQLITE_UTILS, apart, in_turns, session, told, took
from table import Row, no_slower

SEARCHES = {
    "a word in 1 of 3,333": "quillfeather",
    "a word in 1 of 100": "lantern",
    "a word in 1 of 5": "silver",
    "two words": "silver underpass",
    "no such word": "xylophone",
}


def plain(folder: Path, count: int) -> str:
    """Make the peer's file of the same contacts, searchable."""
    made, sheet = str(folder / "plain.db"), folder / "rows.csv"
    data.write_csv(sheet, count)
    took(
        [SQLITE_UTILS, "insert", made, "engagement", str(sheet), "--csv"],
        [SQLITE_UTILS, "enable-fts", made, "engagement", "narrative"],
    )
    return made


def main() -> None:
    """Build, check that both find the same number, then run them in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--made", type=Path, help="a folder that large.py left (with --keep), of that size")
    options = parser.parse_args()
    with apart(options.made) as folder:
        unit = (options.made or folder) / "unit"
        start = time.perf_counter()
        if not options.made:
            with data.found(unit) as store:
                data.fill(store, options.engagements)
        peer = plain(folder, options.engagements)
        print(f"built in {time.perf_counter() - start:.0f} s")
        with session(unit) as beech:
            for said, text in SEARCHES.items():
                ours = [*beech, "find", text, "-f", "json"]
                theirs = [SQLITE_UTILS, "search", peer, "engagement", text]
                theirs += ["--order", "rowid desc", "--limit", "50"]
                assert len(json.loads(told(ours))) == len(json.loads(told(theirs))), said
                mine, other = in_turns(options.rounds, lambda: took(ours), lambda: took(theirs))  # noqa: B023 - at once
                print(
                    f"{said:22} beech find {mine:4.0f} ms   sqlite-utils {other:4.0f} ms   {mine / other:.2f}"
                )
                by = "sqlite-utils search --limit 50"
                no_slower(Row(f"find, {said}", options.engagements, mine, "ms", other, by))
    print("medians of whole processes in turns; target: at most 1.00 of the peer's time")


if __name__ == "__main__":
    main()
