"""How long ``beech summary --month`` takes, whole process, unlocked, in a unit with all ledgers.

Beside it ``sqlite-utils query`` on the same contacts in a plain file; both in turns, medians. A session needs
a Secret Service: ``.ci/with-keyring.sh python bench/summary.py``.
"""

import argparse
import json
import time
from pathlib import Path

import data
import tallies
from running import SQLITE_UTILS, apart, in_turns, session, told, took
from table import Row, no_slower

MONTH, SINCE, UNTIL = "2026-09", "2026-08-31T23:00:00+00:00", "2026-09-30T23:00:00+00:00"
QUERY = """
select contact, initiated_by, count(*) as engagements, count(distinct people) as people from engagement
where at >= :since and at < :until group by contact, initiated_by"""


def plain(folder: Path, count: int) -> str:
    """Make the peer's file of the same contacts."""
    made, sheet = str(folder / "plain.db"), folder / "rows.csv"
    rows = ([*row, her] for row, her in zip(data.rows(count, 130), data.met(count), strict=True))
    data.write(sheet, (*data.COLUMNS, "people"), rows)
    took([SQLITE_UTILS, "insert", made, "engagement", str(sheet), "--csv"])
    return made


def main() -> None:
    """Build, check that both count the same, then run them in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--made", type=Path, help="a folder that tallies.py left (with --keep), of that size")
    options = parser.parse_args()
    with apart(options.made) as folder:
        unit = (options.made or folder) / "unit"
        start = time.perf_counter()
        if not options.made:
            tallies.build(unit, options.engagements)
        peer = plain(folder, options.engagements)
        print(f"built in {time.perf_counter() - start:.0f} s")
        theirs = [SQLITE_UTILS, "query", peer, QUERY, "-p", "since", SINCE, "-p", "until", UNTIL]
        with session(unit) as beech:
            ours = [*beech, "summary", "--month", MONTH]
            values = {one["id"]: one["value"] for one in json.loads(told([*ours, "-f", "json"]))["measures"]}
            spoke = sum(row["engagements"] for row in json.loads(told(theirs)) if row["contact"] == "spoke")
            assert values["engagements"] == spoke
            mine, other = in_turns(options.rounds, lambda: took(ours), lambda: took(theirs))
    print(f"beech summary --month {mine:.0f} ms, sqlite-utils query {other:.0f} ms, medians")
    print(f"{mine / other:.2f} of the peer's time over {spoke:,} engagements of the month (target: 1.00)")
    no_slower(Row("summary --month", options.engagements, mine, "ms", other, "sqlite-utils query"))


if __name__ == "__main__":
    main()
