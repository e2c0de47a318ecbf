"""All tallies of a year, and of three, in a unit of a million engagements over the six that records are held.

Beside them one group-by by plain SQLite on the same rows. The unit holds all that a tally reads: women,
concerns, referrals, follow-ups, men, actions, calls. With ``--keep FOLDER`` it is built there once, and used
again; one that ``large`` left there is given what it lacks.
"""

import argparse
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import data
from table import Row, at_most, report

from db import tallies
from db.rules import periods
from db.rules.periods import Period

PERIODS = (
    ("a year", periods.year("2024"), partial(at_most, 500)),
    ("three years", periods.between(date(2022, 1, 1), date(2024, 12, 31)), report),
)
MEN = 2000
BEHAVIOURS = ("follows", "robs", "assaults", "threatens")
GUESSED = ("soa51a", "robbery", "s39", "soa3", "stalk2a", "theft", "harass2", "s47")  # half of them summary
PROVEN = ("soa51a", "soa51a", "robbery", "s47")
ACTIONS = ("arrest", "charge", "caution_conditional", "course_attended", "stop_and_speak", "intel_only")


class Ledgers:
    """What hangs on the engagements of ``data.fill``; the same seed gives the same."""

    def __init__(self, count: int) -> None:
        self.count, self.women = count, data.women_of(count)
        self._draw = random.Random(1)

    def sheets(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[list[str]]]]:
        """Yield kind, header and rows of each ledger, in the order in which one points at another."""
        yield "offender", ("external_ref", "name", "sex", "identity_confidence"), self._men()
        told = ("engagement", "person", "behaviours", "sharing_level", "offender", "offence_guess")
        yield "concern", (*told, "happened_from"), self._concerns()
        yield "action", ("offender", "on", "action", "offence", "offence_on"), self._actions()
        yield "referral", ("person", "service", "offered_on", "status"), self._referrals()
        yield "followup", ("what", "about", "due_on", "done_on"), self._followups()
        yield "call", ("month", "source", "category", "count"), self._calls()

    def _every(self, share: int) -> Iterator[tuple[int, str]]:
        """Yield the number and the day of every so many engagements."""
        for number in range(0, self.count, share):
            yield number, data.at(number, self.count).date().isoformat()

    def _her(self) -> str:
        return f"W{self._draw.randrange(self.women)}"

    def _men(self) -> Iterator[list[str]]:
        return ([f"O{number}", f"Gary Example {number}", "man", "named"] for number in range(MEN))

    def _concerns(self) -> Iterator[list[str]]:
        met = islice(data.met(self.count), 0, None, 12)
        for (number, day), her in zip(self._every(12), met, strict=True):
            level, kind = str(self._draw.randrange(1, 6)), self._draw.choice(BEHAVIOURS)
            him = f"O{self._draw.randrange(MEN)}"
            yield [f"X{number}", her, kind, level, him, self._draw.choice(GUESSED), day]

    def _actions(self) -> Iterator[list[str]]:
        for _, day in self._every(20):
            kind, offence = self._draw.choice(ACTIONS), self._draw.choice(PROVEN)
            yield [f"O{self._draw.randrange(MEN)}", day, kind, offence, day]

    def _referrals(self) -> Iterator[list[str]]:
        for _, day in self._every(50):
            yield [self._her(), "housing", day, self._draw.choice(("offered", "accepted", "sent"))]

    def _followups(self) -> Iterator[list[str]]:
        for number, day in self._every(25):
            yield ["ask how she is", self._her(), day, day if number % 2 else ""]

    def _calls(self) -> Iterator[list[str]]:
        months = (f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(82))
        return ([month, "storm", "asb", "40"] for month in months)


def build(unit: Path, count: int) -> None:
    """Make the unit by importing everything; what is there already is kept."""
    there = unit.exists()
    with data.opened(unit) if there else data.found(unit) as store, tempfile.TemporaryDirectory() as made:
        if not there:
            data.fill(store, count)
        if store.cipher.execute("select 1 from record where kind = 'concern' limit 1").fetchone():
            return
        for kind, header, rows in Ledgers(count).sheets():
            data.take(store, kind, data.write(Path(made) / "rows.csv", header, rows))


def plain(path: Path, count: int) -> sqlite3.Connection:
    """Make the peer's file: the engagements, unencrypted, with an index on their time."""
    made = sqlite3.connect(path)
    made.execute(f"create table engagement ({', '.join(data.COLUMNS)})")
    marks = ", ".join("?" * len(data.COLUMNS))
    made.executemany(f"insert into engagement values ({marks})", data.rows(count, 130))  # noqa: S608 - marks
    made.execute("create index engagement_at on engagement (at)")
    made.commit()
    return made


def grouped(peer: sqlite3.Connection, period: Period) -> list[Any]:
    """Count the peer's engagements of a period by kind, by who began them, and by sector."""
    days = period.first.isoformat(), (period.last + timedelta(days=1)).isoformat()
    return peer.execute(
        "select contact, initiated_by, sector, count(*) from engagement "
        "where at >= ? and at < ? group by contact, initiated_by, sector",
        days,
    ).fetchall()


def median(what: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the milliseconds that half of the runs take, by the clock and of the processor."""
    taken = []
    for _ in range(runs):
        start, cpu = time.perf_counter(), time.process_time()
        what()
        taken.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)))
    by_clock, of_cpu = zip(*taken, strict=True)
    return statistics.median(by_clock), statistics.median(of_cpu)


def main() -> None:
    """Build what is not there, then count in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    count = options.engagements
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        build(folder / "unit", count)
        peer = plain(Path(made) / "plain.db", count)
        with data.opened(folder / "unit") as store:
            for name, period, judge in PERIODS:
                told = tallies.summary(store, period)
                ours, of_cpu = median(partial(tallies.summary, store, period), options.runs)
                theirs, _ = median(partial(grouped, peer, period), options.runs)
                values = {one["id"]: one["value"] for one in told["measures"]}
                print(
                    f"{name}: {values['engagements']:,} engagements with {values['people_engaged']:,} women, "
                    f"{values['concerns']:,} concerns, {values['referrals_offered']:,} referrals, "
                    f"{values['followups_due']:,} follow-ups and {values['offenders_identified']:,} men: "
                    f"{ours:.0f} ms, {of_cpu:.0f} ms of it processor; one group-by by SQLite {theirs:.0f} ms"
                )
                what = f"all tallies of {name}, all ledgers"
                judge(Row(what, count, ours, "ms", theirs, "SQLite, one group-by"))


if __name__ == "__main__":
    main()
