"""How plates half seen are found among a million, in an encrypted unit: recall at 1 and 5, processor time.

    python bench/plates.py [--men 1000000] [--each 150]

Plates are invented, current format, one in four begins with N, each with a make and a colour.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator

import lists
from scores import MOST, p95
from table import Row, at_least, at_most

from db.rules import matching
from db.rules.matching.normal import Vehicle
from db.vault.store import Store
from db.watchlist import candidates, men

LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
MAKES = (
    "ford",
    "vauxhall",
    "vw",
    "bmw",
    "audi",
    "nissan",
    "toyota",
    "peugeot",
    "renault",
    "kia",
    "skoda",
    "fiat",
)
COLOURS = ("silver", "black", "white", "grey", "blue", "red", "green", "gold")
LOOK_ALIKE = str.maketrans("OIBSZ01852", "01852OIBSZ")
NO_WORDS: dict[str, str] = {}


def plate(draw: random.Random) -> str:
    """Return an invented plate."""
    region = "N" if draw.random() < 0.25 else draw.choice(LETTERS)
    age = f"{draw.choice((0, 1, 2, 5, 6, 7))}{draw.randrange(10)}"
    return region + draw.choice(LETTERS) + age + "".join(draw.choices(LETTERS, k=3))


def car(vrm: str, make: str = "", colour: str = "") -> matching.Normal:
    """Return the form of a man of whom nothing is known but a car."""
    made, coloured = [make] * bool(make), [colour] * bool(colour)
    one: Vehicle = {
        "vrm": vrm, "makes": made, "models": [], "bodies": [], "colours": coloured, "said": NO_WORDS,
    }  # fmt: skip
    return {"form": 1, "cars": [one], "said": {}}


def everybody(count: int) -> Iterator[tuple[str, matching.Normal]]:
    """Yield invented cars, the same each time."""
    draw = random.Random(5)
    for number in range(count):
        yield f"V-{number}", car(plate(draw), draw.choice(MAKES), draw.choice(COLOURS))


def one_out(vrm: str, draw: random.Random) -> str:
    """Return a plate with one character wrong."""
    at = draw.randrange(7)
    other = draw.choice([c for c in ("0123456789" if vrm[at].isdigit() else LETTERS) if c != vrm[at]])
    return vrm[:at] + other + vrm[at + 1 :]


def swapped(vrm: str, draw: random.Random) -> str:
    """Return a plate with two neighbours that differ in each other's place."""
    at = draw.choice([i for i in range(6) if vrm[i] != vrm[i + 1]])
    return vrm[:at] + vrm[at + 1] + vrm[at] + vrm[at + 2 :]


def unknown(vrm: str, draw: random.Random, count: int) -> str:
    """Return a plate of which so many characters were not seen."""
    gone = draw.sample(range(7), count)
    return "".join("?" if at in gone else c for at, c in enumerate(vrm))


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "full plate": lambda vrm, _: vrm,
    "look-alikes": lambda vrm, _: vrm.translate(LOOK_ALIKE),
    "one missing": lambda vrm, draw: (lambda at: vrm[:at] + vrm[at + 1 :])(draw.randrange(7)),
    "one too many": lambda vrm, draw: (lambda at: vrm[:at] + draw.choice(LETTERS) + vrm[at:])(
        draw.randrange(8)
    ),
    "one wrong": one_out,
    "two swapped": swapped,
    "one ?": lambda vrm, draw: unknown(vrm, draw, 1),
    "two ?": lambda vrm, draw: unknown(vrm, draw, 2),
    "last five": lambda vrm, _: vrm[2:],
    "last five, look-alikes": lambda vrm, _: vrm[2:].translate(LOOK_ALIKE),
    "first five": lambda vrm, _: vrm[:5],
    "four, one unknown": lambda vrm, _: f"{vrm[0]}?{vrm[2:5]}",
    "has two of them": lambda vrm, draw: "~" + "".join(draw.sample(sorted(set(vrm)), 2)),
    "last three": lambda vrm, _: vrm[4:],
}


# the least recall at 5, and where it stands in a row: 1 by the plate alone, 5 with make and colour
AIMED = {
    "last five": (0.97, 1),
    "four, one unknown": (0.97, 5),
    "one wrong": (0.99, 1),
    "two swapped": (0.99, 1),
}


def measure(store: Store, count: int, each: int) -> None:
    """Print recall and time for every kind, on the plate alone and with make and colour.

    The cars are those of ``everybody``, in this order, under V-0, V-1 ...; others may stand among them.
    """
    truth = [form["cars"][0] for _, form in everybody(count)]
    draw = random.Random(9)
    print(f"\n{count} cars{'':<22} plate: @1    @5    p95 ms    with make and colour: @1    @5    p95 ms")
    slowest = 0.0
    with store.counts() as reader:
        for kind, change in KINDS.items():
            row: list[float] = []
            for beside in (False, True):
                asked = [(n, _asked(truth[n], change, draw, beside)) for n in draw.sample(range(count), each)]
                row += _measured(reader, asked)
            _told(kind, count, row)
            slowest = max(slowest, row[3], row[7])
    of_slowest = Row("match of a plate, slowest kind, p95 by the clock", count, slowest, "ms")
    at_most(MOST[count > 100_000][1], of_slowest)


def _asked(
    one: Vehicle, change: Callable[[str, random.Random], str], draw: random.Random, beside: bool
) -> matching.Normal:
    return car(change(one["vrm"], draw), *((one["makes"][0], one["colours"][0]) if beside else ()))


def _measured(reader: object, asked: list[tuple[int, matching.Normal]]) -> list[float]:
    """Return recall at 1 and 5, and the milliseconds that 95 of 100 do not pass, processor and clock."""
    first = five = 0
    took, wall = [], []
    for number, form in asked:
        begun, start = time.perf_counter(), time.process_time()
        counts = candidates.Counts(reader)
        known = matching.Context(counts.get(""), counts)
        found = men.standing(reader, candidates.find(reader, form, counts))
        hits = matching.rank(form, ((man.ref, man.form) for man in found), known, 10, True).hits
        took.append(time.process_time() - start)
        wall.append(time.perf_counter() - begun)
        refs = [hit.ref for hit in hits]
        first += refs[:1] == [f"V-{number}"]
        five += f"V-{number}" in refs[:5]
    return [first / len(asked), five / len(asked), p95(took), p95(wall)]


def _told(kind: str, count: int, row: list[float]) -> None:
    at_most(
        MOST[count > 100_000][0],
        Row(f"match of a plate, {kind}, p95 of processor", count, max(row[2], row[6]), "ms"),
    )
    if kind in AIMED:
        least, place = AIMED[kind]
        at_least(least, Row(f"plates, {kind}, recall at 5", count, row[place], ""))
    print(
        f"{kind:<30}  {row[0]:9.2f}  {row[1]:.2f}  {row[2]:8.1f}  {row[4]:24.2f}  {row[5]:.2f}  {row[6]:8.1f}"
    )


def main() -> None:
    """Build the list and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--men", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=150)
    given = parser.parse_args()
    with lists.unit() as store:
        start = time.perf_counter()
        lists.of_forms(store, everybody(given.men))
        size = (store.folder / "unit.db").stat().st_size / 1e6
        print(f"built in {time.perf_counter() - start:.0f} s, {size:.0f} MB")
        measure(store, given.men, given.each)


if __name__ == "__main__":
    main()
