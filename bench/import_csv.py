"""How long ``beech import engagements FILE --apply`` takes: encrypted, journalled, indexed, searchable.

Beside it ``sqlite-utils insert --csv`` and ``enable-fts`` of the same file into a plain one. Whole processes,
in turns; ours includes the passphrase's key stretching. Then the file again, where every row is the same.
"""

import argparse
import shutil
from pathlib import Path

import data
from running import BEECH, SQLITE_UTILS, Took, apart, took
from table import Row, at_most, no_slower

SIZES = {130: 10.0, 500: 5.0}  # bytes a row, and how many times the CSV the unit may be


class Bench:
    """One file and two programs."""

    def __init__(self, folder: Path, rows: int, size: int) -> None:
        self.folder = folder
        self.file = folder / f"engagements-{size}.csv"
        self.bytes = data.write_csv(self.file, rows, size)
        unit = str(folder / "unit")
        self.ours = [*BEECH, "--unit", unit, "import", "engagements", str(self.file), "--apply"]
        self.plain = folder / "plain.db"

    def beech(self) -> Took:
        """Import into a fresh unit."""
        shutil.rmtree(self.folder / "unit", ignore_errors=True)
        shutil.copytree(self.folder / "empty", self.folder / "unit")
        return took(self.ours)

    def sqlite_utils(self) -> Took:
        """Insert into a fresh plain file."""
        self.plain.unlink(missing_ok=True)
        plain = str(self.plain)
        return took(
            [SQLITE_UTILS, "insert", plain, "engagement", str(self.file), "--csv"],
            [SQLITE_UTILS, "enable-fts", plain, "engagement", "narrative"],
        )


def measure(folder: Path, rows: int, rounds: int, width: int) -> None:
    """Run both in turns on one file and print the table."""
    bench, most = Bench(folder, rows, width), SIZES[width]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(bench.beech())
        theirs.append(bench.sqlite_utils())
    again = took(bench.ours)
    times = bench.folder.joinpath("unit", "unit.db").stat().st_size / bench.bytes
    plain = bench.plain.stat().st_size / bench.bytes
    print(f"\n{rows:,} engagements, {bench.bytes / rows:.0f} bytes a row, least of {rounds}")
    print(f"{'':34}{'wall':>9}{'cpu':>9}{'file':>12}")
    for name, found, ratio in (
        ("beech import", ours, f"{times:.1f}x CSV"),
        ("sqlite-utils insert, enable-fts", theirs, f"{plain:.1f}x CSV"),
        ("beech import, all rows the same", [again], ""),
    ):
        wall, cpu = min(one.wall for one in found), min(one.cpu for one in found)
        print(f"{name:34}{wall:7.2f} s{cpu:7.2f} s{ratio:>12}")
    mine, other = min(one.wall for one in ours), min(one.wall for one in theirs)
    no_slower(Row(f"import of CSV, {width} bytes a row", rows, mine, "s", other, "insert --csv, enable-fts"))
    at_most(most, Row(f"file against its CSV, {width} bytes a row", rows, times, "x", plain, "plain SQLite"))
    share = min(one.wall for one in ours) / min(one.wall for one in theirs)
    print(
        f"{share:.2f} of the peer's wall time (target: at most 1.00); file under {most:.0f}x: {times < most}"
    )


def main() -> None:
    """Measure each size of row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bytes", type=int, nargs="+", choices=list(SIZES), default=list(SIZES))
    options = parser.parse_args()
    with apart() as folder:
        data.found(folder / "empty").close()
        for width in options.bytes:
            measure(folder, options.rows, options.rounds, width)


if __name__ == "__main__":
    main()
