"""How long ``beech find`` takes on 100,000 engagements, whole process, unlocked: a word of every frequency.

Beside it ``sqlite-utils search --limit 50`` on the same rows in a plain file; both in turns, medians. A
session needs a Secret Service: ``.ci/with-keyring.sh python bench/find.py``.
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
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from table import Row, no_slower  # noqa: E402 - the path first

from db.exchange import importing  # noqa: E402 - the path first
from db.exchange.reading import Source  # noqa: E402
from db.vault import founding, keys, opening  # noqa: E402
from db.vault.store import Face  # noqa: E402

PASSPHRASE = "invented lantern harbour seventeen"  # noqa: S105 - of a unit that lives for one run
FIRST = datetime(2023, 1, 20, tzinfo=UTC)
SYLLABLES = [first + second for first in "bcdfghklmnprstvw" for second in "aeiou"]
MARKED = {"rare": "quillfeather", "some": "underpass", "common": "silver"}
SHARES = {"rare": 0.0003, "some": 0.01, "common": 0.3}
SEARCHES = {
    "a rare word": "quillfeather",
    "a word in 1 %": "underpass",
    "a word in 30 %": "silver",
    "two words": "silver underpass",
    "no such word": "xylophone",
}


def engagements(path: Path, count: int) -> None:
    """Write invented contacts as a spreadsheet holds them; the same seed gives the same."""
    draw = random.Random(1)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randrange(2, 5))) for _ in range(5000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["external_ref", "at", "contact", "sector", "narrative", "mentions"])
        for number in range(count):
            said = draw.choices(words, weights, k=draw.randrange(5, 40))
            said += [MARKED[name] for name, share in SHARES.items() if draw.random() < share]
            draw.shuffle(said)
            at = (FIRST + timedelta(minutes=19 * number)).isoformat(timespec="seconds")
            mentions = " ".join(said[:3]) if draw.random() < 0.2 else ""
            writer.writerow([f"X{number}", at, "spoke", f"sector {number % 9}", " ".join(said), mentions])


def build(unit: Path, path: Path) -> None:
    """Make the unit and import the contacts."""
    founding.found(unit, ("Bench", "Sam"), PASSPHRASE, cost=keys.MODERATE)
    store, _ = opening.with_passphrase(unit, PASSPHRASE, None, Face("script", "bench"))
    with store:
        done = importing.run(store, "engagement", Source(path), apply=True)
        assert done.applied, done.problems[:3]


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Run a whole process; returns its milliseconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    return 1000 * (time.perf_counter() - start), done.stdout.decode()


def main() -> None:
    """Build, check that both find the same number, then run them in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=11)
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
        source, plain = folder / "engagements.csv", str(folder / "plain.db")
        engagements(source, options.engagements)
        build(folder / "unit", source)
        subprocess.run([peer, "insert", plain, "engagement", str(source), "--csv"], check=True)
        subprocess.run([peer, "enable-fts", plain, "engagement", "narrative", "mentions"], check=True)
        print(f"built in {time.perf_counter() - start:.0f} s")
        here = dict(os.environ)
        here.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled, as the peer is
        timed([*beech, "unlock"], here | {"BEECH_PASSPHRASE_FILE": str(secret)})
        for said, text in SEARCHES.items():
            ours = [*beech, "find", text, "-f", "json"]
            theirs = [peer, "search", plain, "engagement", text, "--limit", "50"]
            assert len(json.loads(timed(ours, here)[1])) == len(json.loads(timed(theirs, here)[1])), said
            times: list[tuple[float, float]] = [
                (timed(ours, here)[0], timed(theirs, here)[0]) for _ in range(options.rounds)
            ]
            mine, other = (statistics.median(column) for column in zip(*times, strict=True))
            print(
                f"{said:16} beech find {mine:4.0f} ms   sqlite-utils search {other:4.0f} ms   "
                f"{mine / other:.2f}"
            )
            no_slower(
                Row(f"find, {said}", options.engagements, mine, "ms", other, "sqlite-utils search --limit 50")
            )
        timed([*beech, "lock"], here)
    print("medians of whole processes in turns; target: at most 1.00 of the peer's time")


if __name__ == "__main__":
    main()
