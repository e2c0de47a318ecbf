"""How much memory an import takes at its height, whatever the size of its file: one four times the other.

``python bench/import_memory.py --rows 2000000 --bytes 513`` is a file of 1 GB.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import data
from running import apart
from table import Row, report

_MEASURED = (
    "import resource, sys; from commands.__main__ import run; code = run(sys.argv[1:]); "
    "print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)


def height(unit: Path, file: Path) -> int:
    """Return the most memory that an import into a unit took, in MB."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "--unit", str(unit), "import", "engagements", str(file), "--apply"],
        capture_output=True,
        text=True,
        check=True,
        cwd=data.ROOT,
    )
    code, kilobytes = done.stdout.split()
    assert code == "0", done.stderr
    return int(kilobytes) // 1024


def main() -> None:
    """Measure a file and one of a quarter of its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--bytes", type=int, default=513)
    options = parser.parse_args()
    with apart() as folder:
        for rows in (options.rows // 4, options.rows):
            file, unit = folder / "rows.csv", folder / f"unit-{rows}"
            size = data.write_csv(file, rows, options.bytes)
            data.found(unit).close()
            most = height(unit, file)
            print(f"{rows:>9,} rows, {size / 1e6:7,.0f} MB: {most:4} MB at its height")
            report(Row("memory of an import at its height", rows, most, "MB"))


if __name__ == "__main__":
    main()
