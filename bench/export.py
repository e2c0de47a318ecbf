"""How long ``beech export engagements`` takes, levels, consent and journal included, to CSV and to XLSX.

Beside it ``sqlite-utils rows --csv`` of the same columns from a plain file, which asks nothing of anybody.
Whole processes, in turns; ours includes the passphrase's key stretching.
"""

import argparse
import csv
from pathlib import Path

import data
from running import BEECH, SQLITE_UTILS, apart, took
from table import Row, at_most, report

TO = ("--recipient", "partner", "--purpose", "statistics", "--reason", "audit", "--fields", "+narrative")


def shared(path: Path, count: int, size: int) -> None:
    """Write a spreadsheet of engagements that may all leave."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*data.COLUMNS, "sharing_level"))
        writer.writerows([*row, "4"] for row in data.rows(count, size))


def main() -> None:
    """Fill both, export from both in turns, and print the least of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--csv", action="store_true", help="CSV alone")
    options = parser.parse_args()
    with apart() as folder:
        unit, file, plain = folder / "unit", folder / "rows.csv", str(folder / "plain.db")
        data.found(unit).close()
        shared(file, options.rows, 130)
        beech = [*BEECH, "--unit", str(unit)]
        took([*beech, "import", "engagements", str(file), "--apply"])
        took([SQLITE_UTILS, "insert", plain, "engagement", str(file), "--csv"])
        export = [*beech, "export", "engagements", *TO, "--out"]
        commands = {
            "beech export, CSV": [*export, str(folder / "out.csv")],
            "sqlite-utils rows --csv": [SQLITE_UTILS, "rows", plain, "engagement", "--csv"],
        }
        if not options.csv:
            commands["beech export, XLSX"] = [*export, str(folder / "out.xlsx")]
        found = [[took(command) for command in commands.values()] for _ in range(options.rounds)]
    print(f"{options.rows:,} engagements, least of {options.rounds}")
    least = []
    for name, times in zip(commands, zip(*found, strict=True), strict=True):
        print(f"{name:28}{min(times).wall:7.2f} s{min(one.cpu for one in times):7.2f} s cpu")
        least.append(min(times).wall)
    ours, plain_csv, *sheet = least
    row = Row("export to CSV", options.rows, ours, "s", plain_csv, "sqlite-utils rows --csv")
    at_most(2 * plain_csv, row._replace(target="<= 2.00 of the peer"))
    for one in sheet:
        report(Row("export to XLSX", options.rows, one, "s"))


if __name__ == "__main__":
    main()
