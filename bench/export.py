"""How long ``beech export engagements`` takes, levels, consent and journal included, to CSV and to XLSX.

Beside it ``sqlite-utils rows --csv`` of the same columns from a plain file, which asks nothing of anybody.
Whole processes, in turns; ours includes the passphrase's key stretching.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import data
from table import Row, no_slower, report

TO = ("--recipient", "partner", "--purpose", "statistics", "--reason", "audit", "--fields", "+narrative")


def took(command: list[str]) -> float:
    """Run a whole process and return its seconds on the wall."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data.ROOT)
    return time.perf_counter() - start


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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        secret = folder / "passphrase"
        secret.touch(0o600)
        secret.write_text(data.PASSPHRASE, encoding="utf-8")
        os.environ.update(XDG_STATE_HOME=str(folder / "state"), BEECH_PASSPHRASE_FILE=str(secret))
        unit, file, plain = folder / "unit", folder / "rows.csv", folder / "plain.db"
        data.found(unit).close()
        shared(file, options.rows, 130)
        beech = [sys.executable, "-m", "commands", "--unit", str(unit)]
        took([*beech, "import", "engagements", str(file), "--apply"])
        peer = str(Path(sys.executable).with_name("sqlite-utils"))
        took([peer, "insert", str(plain), "engagement", str(file), "--csv"])
        csv_ = [*beech, "export", "engagements", *TO, "--out", str(folder / "out.csv")]
        xlsx = [*beech, "export", "engagements", *TO, "--out", str(folder / "out.xlsx")]
        theirs = [peer, "rows", str(plain), "engagement", "--csv"]
        found = [[took(command) for command in (csv_, theirs, xlsx)] for _ in range(options.rounds)]
        print(f"{options.rows:,} engagements, least of {options.rounds}")
        for name, times in zip(
            ("beech export, CSV", "sqlite-utils rows --csv", "beech export, XLSX"),
            zip(*found, strict=True),
            strict=True,
        ):
            print(f"{name:28}{min(times):7.2f} s")
        ours, plain_csv, sheet = (min(times) for times in zip(*found, strict=True))
        no_slower(Row("export to CSV", options.rows, ours, "s", plain_csv, "sqlite-utils rows --csv"))
        report(Row("export to XLSX", options.rows, sheet, "s"))


if __name__ == "__main__":
    main()
