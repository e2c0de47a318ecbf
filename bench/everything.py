"""Runs every benchmark of this folder and prints one table: ours, the peer's, the ratio, the target.

Sizes are 10,000, 100,000 and 1,000,000, so that a row's cost can be followed as it grows; ``--quick`` leaves
the last one out. What needs a session runs beside a Secret Service of its own. ``--only save verify`` runs
some.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import table

HERE = Path(__file__).parent
KEYRING = HERE.parent / ".ci" / "with-keyring.sh"
SMALL, USUAL, LARGE = 10_000, 100_000, 1_000_000
ABSENT = {"jrnl": "jrnl (encrypted)", "keepassxc-cli": "KeePassXC's CLI"}
SESSION = ("summary", "find")


def plan(quick: bool) -> list[tuple[str, list[str]]]:
    """Return the scripts and what each is given, in the order in which they run."""
    sizes = [SMALL, USUAL] if quick else [SMALL, USUAL, LARGE]
    usual = [size for size in sizes if size <= USUAL]
    runs = [("summary", ["--engagements", str(size)]) for size in usual]
    runs += [("find", ["--engagements", str(size), "--rounds", "7"]) for size in usual]
    runs += [("import_csv", ["--rows", str(size)]) for size in ([*usual] if quick else [*usual, 2 * USUAL])]
    runs += [("export", ["--rows", str(size)]) for size in usual]
    runs += [("save", ["--sizes", *map(str, sizes)])]
    runs += [("large", ["--engagements", str(size)]) for size in sizes]
    runs += [("verify", ["--rows", str(size)]) for size in ([USUAL] if quick else [USUAL, 2 * USUAL])]
    runs += [("import_memory", ["--rows", str(USUAL if quick else 4 * USUAL)]), ("keystrokes", [])]
    runs += [("matching", []), ("matching", ["--set", "held"])]
    runs += [("plates", ["--men", str(size)]) for size in sizes[1:]]
    runs += [("screens", ["--engagements", str(size)]) for size in sizes[1:]]
    return runs


def run(script: str, given: list[str]) -> bool:
    """Run one script to its end, its own print on stderr; tells whether it ended well."""
    command = [sys.executable, str(HERE / f"{script}.py"), *given]
    if script in SESSION:
        command = [str(KEYRING), *command]
    start = time.perf_counter()
    print(f"--- {script} {' '.join(given)}", file=sys.stderr, flush=True)
    done = subprocess.run(command, check=False, stdout=sys.stderr, cwd=HERE.parent)
    print(f"--- {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """Run all of them; exit 1 where a script failed. A target that is missed is told, and no failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 and 100,000 alone")
    parser.add_argument("--only", nargs="+", metavar="SCRIPT", help="these scripts alone")
    options = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as made:
        found = Path(made) / "rows.jsonl"
        os.environ[table.PLACE] = str(found)
        for script, given in plan(options.quick):
            if options.only and script not in options.only:
                continue
            if not run(script, given):
                failed.append(" ".join((script, *given)))
        rows = table.read(found)
    print(table.machine())
    print(table.shown(rows))
    for program, said in ABSENT.items():
        if shutil.which(program) is None:
            print(f"absent here, not compared: {said}")
    missed = [row for row in rows if row.met is False]
    print(f"{len(missed)} of {sum(row.met is not None for row in rows)} targets are missed")
    for one in failed:
        print(f"did not end well: {one}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
