"""How long ``beech summary --month`` takes on 100,000 engagements, whole process, unlocked.

Beside it ``sqlite-utils query`` on the same rows in a plain file; both in turns, medians. A session needs a
Secret Service: ``.ci/with-keyring.sh python bench/summary.py``.
"""

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from table import Row, no_slower  # noqa: E402 - the path first

from db import records  # noqa: E402 - the path first
from db.exchange import importing  # noqa: E402
from db.exchange.reading import Source  # noqa: E402
from db.vault import founding, keys, opening  # noqa: E402
from db.vault.store import Face, Store  # noqa: E402

PASSPHRASE = "invented lantern harbour seventeen"  # noqa: S105 - of a unit that lives for one run
FIRST, DAYS = datetime(2023, 1, 20, tzinfo=UTC), 1380
MONTH, SINCE, UNTIL = "2026-09", "2026-08-31T23:00:00+00:00", "2026-09-30T23:00:00+00:00"
QUERY = """
select contact, initiated_by, count(*) as engagements, count(distinct people) as people from engagement
where at >= :since and at < :until group by contact, initiated_by"""
WORDS = (
    "she said a man in a silver car followed her along the road and shouted wants housing help offered lift "
    "home nurse on thursday will think about it no concerns tonight cold quiet spoke for ten minutes"
)
ACTIONS = ("arrest", "charge", "caution_conditional", "course_attended", "stop_and_speak", "intel_only")


class World:
    """Invented engagements and what hangs on them; the same seed gives the same."""

    def __init__(self, store: Store, count: int, folder: Path) -> None:
        self.draw = random.Random(1)
        self.folder = folder
        self.moments = [FIRST + timedelta(days=DAYS) * (n / count) for n in range(count)]
        people = ({"pseudonym": f"Willow-{n}", "sex": "woman"} for n in range(count // 100))
        self.women = [str(records.add(store, "person", one)["ref"]) for one in people]

    def days(self, share: float) -> Iterator[str]:
        """Return the days of a share of the engagements."""
        for at in self.moments:
            if self.draw.random() < share:
                yield at.date().isoformat()

    def engagements(self) -> Path:
        """Write the engagements as a spreadsheet holds them."""
        path = self.folder / "engagements.csv"
        words = WORDS.split()
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ["external_ref", "at", "contact", "initiated_by", "sector", "officers", "people", "narrative"]
            )
            for number, at in enumerate(self.moments):
                writer.writerow(
                    [
                        f"X{number}",
                        at.isoformat(timespec="seconds"),
                        self.draw.choice(["spoke", "spoke", "spoke", "spoke", "declined"]),
                        self.draw.choice(["flagged_down", "patrol", "planned"]),
                        f"sector {self.draw.randrange(9)}",
                        "Sam;Jo",
                        self.draw.choice(self.women),
                        " ".join(self.draw.choices(words, k=self.draw.randrange(5, 60))),
                    ]
                )
        return path

    def offenders(self) -> Path:
        """Write the men."""
        rows = ({"external_ref": f"O{n}", "name": f"Gary Example {n}", "sex": "man"} for n in range(2000))
        return self._lines("offenders", rows)

    def concerns(self) -> Path:
        """Write a concern for every twelfth contact."""
        rows = (
            {
                "engagement": f"X{n}",
                "behaviours": ["follows"],
                "offender": f"O{n % 2000}",
                "offence_guess": "soa51a",
                "happened_from": at.date().isoformat(),
            }
            for n, at in enumerate(self.moments)
            if n % 12 == 0
        )
        return self._lines("concerns", rows)

    def actions(self) -> Path:
        """Write what was done about the men."""
        rows = (
            {
                "offender": f"O{self.draw.randrange(2000)}",
                "on": day,
                "action": self.draw.choice(ACTIONS),
                "offence": "soa51a",
                "offence_on": day,
            }
            for day in self.days(0.05)
        )
        return self._lines("actions", rows)

    def calls(self) -> Path:
        """Write the force's monthly counts."""
        months = (f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(46))
        rows = ({"month": m, "source": "storm", "category": "asb", "count": 40} for m in months)
        return self._lines("calls", rows)

    def _lines(self, name: str, rows: Iterator[dict[str, Any]]) -> Path:
        path = self.folder / f"{name}.ndjson"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path


def build(unit: Path, folder: Path, count: int) -> Path:
    """Make the unit and import everything; returns the CSV of engagements."""
    founding.found(unit, ("Bench", "Sam"), PASSPHRASE, cost=keys.MODERATE)
    store, _ = opening.with_passphrase(unit, PASSPHRASE, None, Face("script", "bench"))
    with store:
        world = World(store, count, folder)
        engagements = world.engagements()
        for kind, path in (
            ("engagement", engagements),
            ("offender", world.offenders()),
            ("concern", world.concerns()),
            ("action", world.actions()),
            ("call", world.calls()),
        ):
            done = importing.run(store, kind, Source(path), apply=True)
            assert done.applied, (kind, done.problems[:3])
    return engagements


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Run a whole process; returns its milliseconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return 1000 * (time.perf_counter() - start), done.stdout


def main() -> None:
    """Build, check that both count the same, then run them in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    program = Path(sys.executable).with_name("beech")
    beech = [str(program)] if program.exists() else [sys.executable, "-m", "commands"]
    peer = str(Path(sys.executable).with_name("sqlite-utils"))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        secret = folder / "passphrase"
        secret.touch(0o600)
        secret.write_text(PASSPHRASE, encoding="utf-8")
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        os.environ["BEECH_UNIT"] = str(folder / "unit")
        start = time.perf_counter()
        engagements = build(folder / "unit", folder, options.engagements)
        plain = str(folder / "plain.db")
        subprocess.run([peer, "insert", plain, "engagement", str(engagements), "--csv"], check=True)
        print(f"built in {time.perf_counter() - start:.0f} s")
        here = dict(os.environ)
        here.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled, as the peer is
        timed([*beech, "unlock"], here | {"BEECH_PASSPHRASE_FILE": str(secret)})
        ours, theirs = (
            [*beech, "summary", "--month", MONTH],
            [peer, "query", plain, QUERY, "-p", "since", SINCE, "-p", "until", UNTIL],
        )
        told = json.loads(timed([*ours, "-f", "json"], here)[1])
        rows = json.loads(timed(theirs, here)[1])
        spoke = sum(row["engagements"] for row in rows if row["contact"] == "spoke")
        assert told["measures"][2]["value"] == spoke
        times: dict[str, list[float]] = {"beech summary --month": [], "sqlite-utils query": []}
        for _ in range(options.rounds):
            times["beech summary --month"].append(timed(ours, here)[0])
            times["sqlite-utils query"].append(timed(theirs, here)[0])
        timed([*beech, "lock"], here)
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(f"{name:24} median {medians[name]:6.0f} ms   least {min(found):6.0f} ms")
    mine, other = medians["beech summary --month"], medians["sqlite-utils query"]
    no_slower(Row("summary --month", options.engagements, mine, "ms", other, "sqlite-utils query"))
    ratio = medians["beech summary --month"] / medians["sqlite-utils query"]
    print(f"{ratio:.2f} of the peer's time over {spoke:,} engagements of the month (target: at most 1.00)")


if __name__ == "__main__":
    main()
