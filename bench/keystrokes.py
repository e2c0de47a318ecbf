"""Five contacts, key by key: how many keys the form takes beside a spreadsheet, and how long by the model.

Each is replayed in the real screens over a real encrypted unit, and what was saved is looked up. The text of
the note and of car/man counts in no column of keys, in all of seconds. The spreadsheet is open at the row, a
column each; a cell is its text and Tab, a row ends with Enter; "twelve women" has its header filled down.

Seconds are the keystroke-level model's: K 0.28 s a key, M 1.35 s before each thing one has to think of.
Source: Card, Moran and Newell, 1980 (K of an average typist who does not type for a living).
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import os

from table import Row, at_most, report

from db.vault import founding, keys, opening
from db.vault.store import Face
from tests.conftest import PASSPHRASE, Clock, Unit
from tests.formed import furnished, saved
from tests.replayed import CONTACTS, Contact, replay
from tests.seats import Seat

K, M = 0.28, 1.35
MOST, USUAL = 20.0, 2  # seconds that each of the first two may take (screens.md)


def spreadsheet(contact: Contact) -> tuple[int, int, int]:
    """Return keys, letters of note and car/man, and thoughts in a spreadsheet."""
    pressed = words = thoughts = 0
    for row in contact.rows:
        for cell in row:
            text = cell.removeprefix("*")
            pressed += 1  # Tab, or Enter at the end of the row
            thoughts += bool(text)
            if cell.startswith("*"):
                words += len(text)
            else:
                pressed += len(text)
    return pressed, words, thoughts


def found(folder: Path) -> Unit:
    """Make a unit with the women and men of the tests."""
    clock = Clock()
    made = founding.found(folder, ("Invented Unit", "Sam"), PASSPHRASE, cost=keys.MODERATE, clock=clock)
    store, opened = opening.with_passphrase(folder, PASSPHRASE, None, Face("script", "bench"))
    with store:
        store.clock = clock
        furnished(store)
    return Unit(folder, PASSPHRASE, folder, "Sam", made.recovery_code, opened)


def play(unit: Unit, folder: Path, contact: Contact) -> None:
    """Replay one contact on a copy of the unit and look up what it saved."""
    shutil.copytree(unit.folder, folder)
    here = unit._replace(folder=folder)
    clock = Clock()
    clock.forward(11.6 * 3600)

    async def script(seat: Seat) -> None:
        await seat.unlock()
        await replay(seat, contact)

    Seat(here, clock).run(script, (80, 24))
    kept = {kind: saved(here, kind) for kind in ("engagement", "concern")}
    assert contact.check(kept), contact.name


def main() -> int:
    """Replay all five; exit 1 where one takes more keys than its target."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    missed = 0
    print(f"{'contact':<56}{'keys':>6}{'target':>8}{'sheet':>7}{'seconds':>9}{'sheet':>7}")
    with tempfile.TemporaryDirectory() as name:
        for variable in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{variable}_HOME"] = f"{name}/{variable.lower()}"
        unit = found(Path(name) / "unit")
        for place, contact in enumerate(CONTACTS):
            play(unit, Path(name) / f"copy{place}", contact)
            pressed, words, thoughts = spreadsheet(contact)
            here = K * (contact.keys + contact.words) + M * contact.thoughts
            there = K * (pressed + words) + M * thoughts
            print(
                f"{contact.name:<56}{contact.keys:>6}{contact.target:>8}{pressed:>7}{here:>9.1f}{there:>7.1f}"
            )
            at_most(contact.target, Row(f"keys: {contact.name}", 0, contact.keys, "keys", pressed, "sheet"))
            row = Row(f"by the model: {contact.name}", 0, here, "s", there, "sheet")
            if place < USUAL:
                at_most(MOST, row)
            else:
                report(row)
            missed += contact.keys > contact.target
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
