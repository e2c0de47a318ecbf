"""The matcher's peer Splink, run in a virtual environment of its own; it is no dependency of beech.

``folder(PATH)`` is such an environment, made there by pip where it is not yet; it is kept. What a peer
prints last is JSON.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WANTED = ("splink",)


def folder(place: Path | None) -> Path | None:
    """Return the environment, made where it is missing; a peer that cannot be installed is left out."""
    if place is not None and not python(place).exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        for package in WANTED:
            done = subprocess.run([str(python(place)), "-m", "pip", "-q", "install", package], check=False)
            if done.returncode:
                print(f"{package} could not be installed: not compared")
    return place


def python(place: Path) -> Path:
    """Return the interpreter of an environment."""
    return place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def run(place: Path | None, script: str, *given: str) -> Any:
    """Return what a script prints last in that environment, as JSON; None where it cannot run."""
    name = script.removeprefix("peer_").removesuffix(".py")
    if place is None:
        print(f"{name}: not compared, --peers FOLDER says where it is installed, or is to be")
        return None
    done = subprocess.run(
        [str(python(place)), str(HERE / script), *given], check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(f"{name}: not compared, {(done.stderr.strip().splitlines() or ['it failed'])[-1][:100]}")
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def splink(place: Path | None, febrl: Path) -> Any:
    """Return what Splink's linkage of FEBRL4 came to, in ``febrl.Linked``'s shape; None without it."""
    from febrl import Linked
    from scores import best_f1, f1_above

    found = run(place, "peer_splink.py", str(febrl))
    if found is None:
        return None
    scores = [(score, bool(true)) for score, true in found["scores"]]
    missed = found["trues"] - sum(true for _, true in scores)
    own = f1_above(scores, 0.0, found["trues"])
    return Linked(own, best_f1(scores, missed)[0], found["first"], found["seconds"])
