"""How long ``journal verify`` takes: the chain with its digests alone, and in full; wall and processor time.

In full means signatures, roles, pages, tables, words, and every record against its fold. Entries imported in
bulk share one signature a file; of those signed one by one Ed25519 alone lets 24,000 a second through.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import data
from table import Row, at_least

from db.vault import members
from db.vault.faults import Faults
from db.vault.store import Store
from db.vault.verify import verify
from db.vault.verify_chain import Walk
from db.vault.verify_signers import Signers

CHAIN, BULK, SINGLE = 200_000, 80_000, 15_000  # entries a second that are aimed at


class Took(NamedTuple):
    """The median run of some, in seconds: on the wall, and of all processors in that run."""

    wall: float
    cpu: float


def cpu() -> float:
    """Return the seconds of processor time that this process and those it waited for have had."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def took(what: Callable[[], None], runs: int) -> Took:
    """Time some runs; returns the one of median time on the wall."""
    found = []
    for _ in range(runs):
        start, before = time.perf_counter(), cpu()
        what()
        found.append(Took(time.perf_counter() - start, cpu() - before))
    return sorted(found)[len(found) // 2]


def chain(store: Store) -> None:
    """Walk the chain: hashes, digests, what is said in the clear, and the signature of each transaction."""
    faults = Faults()
    with store.counts():
        events = members.read_events(store)
        signers = Signers(members.fold_members(events), events, faults)
        Walk(store.cipher, store.unit, signers, faults, {}).run({}, lambda _: None)
    assert not faults.found


def whole(store: Store) -> None:
    """Verify in full."""
    assert verify(store).ok


def write_singly(store: Store, count: int) -> None:
    """Log engagements, each in a transaction of its own; not flushed, which verify cannot tell."""
    with store.cipher.trusted() as connection:
        connection.execute("pragma synchronous = off")
    for number in range(count):
        with store.write() as tx:
            fields = {
                "at": 1_790_000_000 + number,
                "contact": "spoke",
                "people_unnamed": 1,
                "sharing_level": 1,
            }
            tx.create("engagement", {**fields, "narrative": "waited near the underpass again"})


def told(name: str, count: int, time_taken: Took, aim: int) -> None:
    """Print one figure beside what it is measured against."""
    rate = count / time_taken.wall
    at_least(aim, Row(f"verify {name}", count, rate, "a second"))
    print(
        f"{name:34} {time_taken.wall:6.2f} s  {time_taken.cpu:6.2f} s cpu  {rate:9,.0f} a second "
        f"(target {aim:,})"
    )


def in_bulk(store: Store, runs: int) -> None:
    """Verify a unit that was imported."""
    (count,) = store.cipher.execute("select count(*) from entry").fetchone()
    print(f"{count:,} entries imported in bulk, {sys.version.split()[0]}, {os.cpu_count()} processors")
    told("in bulk, chain and digests", count, took(lambda: chain(store), runs), CHAIN)
    told("in bulk, in full", count, took(lambda: whole(store), runs), BULK)


def singly(store: Store, runs: int, entries: int) -> None:
    """Write a unit entry by entry, and verify it."""
    write_singly(store, entries)
    (count,) = store.cipher.execute("select count(*) from entry").fetchone()
    print(f"{count:,} entries signed one by one")
    told("singly, chain and signatures", count, took(lambda: chain(store), runs), SINGLE)
    told("singly, in full", count, took(lambda: whole(store), runs), SINGLE)


def main() -> None:
    """Make two units, one imported in bulk and one written entry by entry, and verify them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--single", type=int, default=15_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--made", type=Path, help="verify the unit alone that large.py left in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        os.environ["XDG_STATE_HOME"] = str((options.made or Path(made)) / "state")
        if options.made:
            with data.opened(options.made / "unit") as store:
                in_bulk(store, options.runs)
            return
        with data.found(Path(made) / "bulk") as store:
            data.fill(store, options.rows)
            in_bulk(store, options.runs)
        with data.found(Path(made) / "single") as store:
            singly(store, options.runs, options.single)


if __name__ == "__main__":
    main()
