"""Writes tests/data/watchlist.jsonl: 620 invented men, near-twins among them. One seed, one file.

Nobody is real: names are drawn from lists and joined at random, plates and numbers from ranges set aside.
"""

import argparse
import json
import random
import tomllib
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_name("watchlist_words.toml").read_text(encoding="utf-8"))
ORIGINS = WORDS["origins"]


def plate(rng: random.Random) -> str:
    """Return an invented plate; current ones carry ids 00, 01 or 50, which are not issued before 2050."""
    letters = "ABCDEFGHJKLMNOPRSTUVWXY"
    ending = "".join(rng.choice(letters) for _ in range(3))
    kind = rng.random()
    if kind < 0.9:
        region = "N" if rng.random() < 0.6 else rng.choice("SYLMPBV")
        return f"{region}{rng.choice(letters)}{rng.choice(['00', '01', '50'])} {ending}"
    if kind < 0.96:
        return f"Q{rng.randint(1, 999)} {ending}"
    return f"{ending[:2]}{rng.choice('IZ')} {rng.randint(1000, 9999)}"


def telephone(rng: random.Random) -> str:
    """Return a number from Ofcom's drama ranges, written one of the ways people write them."""
    digits = f"{rng.randint(0, 999):03d}"
    return rng.choice(
        [f"07700 900{digits}", f"07700900{digits}", f"+44 7700 900{digits}", f"01632 960{digits}"]
    )


def _body(rng: random.Random, man: dict[str, object], origin: str) -> None:
    age = int(rng.triangular(19, 72, 42))
    wide = rng.choice([2, 4, 5])
    man["approximate_age_from"], man["approximate_age_to"] = max(18, age - wide), age + wide
    tall = round(rng.gauss(177, 8))
    man["height_from_cm"], man["height_to_cm"] = tall - 3, tall + 3
    for key, value, chance in (
        ("build", rng.choice(WORDS["builds"]), 0.85),
        ("hair", rng.choice(WORDS["hair"]), 0.8),
        ("facial_hair", rng.choice(WORDS["face"]), 0.6),
        ("accent", rng.choice(ORIGINS[origin]["accents"]), 0.75),
        ("ethnicity_appearance", ORIGINS[origin]["appearance"], 0.8),
        ("sector", rng.choice(WORDS["sectors"]), 0.5),
    ):
        if rng.random() < chance:
            man[key] = value


def _ways(rng: random.Random, man: dict[str, object]) -> None:
    marks = rng.sample(WORDS["marks"], rng.choice([0, 1, 1, 1, 2, 2, 3]))
    if marks:
        man["marks"] = marks
    ways = rng.sample(WORDS["mo"], rng.choice([0, 0, 1, 1, 2, 3]))
    if ways:
        man["mo_text"] = "; ".join(ways)
        codes = sorted({code for text, code in WORDS["codes"].items() for way in ways if text in way})
        if codes and rng.random() < 0.6:
            man["mo"] = codes


def _car(rng: random.Random) -> dict[str, str]:
    *make, model, body = rng.choice(WORDS["cars"]).split()
    car = {"make": " ".join(make), "model": model, "body": body, "colour": rng.choice(WORDS["colours"])}
    if rng.random() < 0.85:
        car["vrm"] = plate(rng)
    for key in ("model", "body", "colour"):
        if rng.random() < 0.12:
            del car[key]
    return car


def person(rng: random.Random, ref: str) -> dict[str, object]:
    """Return one invented man with what a unit would know of him, often little."""
    origin = rng.choices(list(ORIGINS), [one["share"] for one in ORIGINS.values()])[0]
    man: dict[str, object] = {
        "external_ref": ref,
        "as_of": f"20{rng.choice([23, 24, 25, 26])}-0{rng.randint(1, 9)}-15",
    }
    first, last = rng.choice(ORIGINS[origin]["given"]), rng.choice(ORIGINS[origin]["surnames"])
    known = rng.random()
    if known < 0.62:
        man["given_name"], man["surname"] = first, last
        if rng.random() < 0.3 and first in WORDS["street"]:
            man["aliases"] = [WORDS["street"][first]]
    elif known < 0.8:
        man["aliases"] = [
            WORDS["street"].get(first, first) if rng.random() < 0.6 else rng.choice(WORDS["nicknames"])
        ]
    _body(rng, man, origin)
    _ways(rng, man)
    if rng.random() < 0.45:
        man["telephones"] = [telephone(rng)]
    if known < 0.62 and rng.random() < 0.5:
        middle = (int(str(man["approximate_age_from"])) + int(str(man["approximate_age_to"]))) // 2
        man["date_of_birth"] = (
            f"{int(str(man['as_of'])[:4]) - middle}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        )
    if rng.random() < 0.6:
        man["vehicles"] = [_car(rng) for _ in range(rng.choice([1, 1, 1, 2]))]
    return man


def twin(rng: random.Random, man: dict[str, object], ref: str) -> dict[str, object]:
    """Return someone easily taken for *man*: a brother, a namesake, a plate one character off."""
    other = person(rng, ref)
    for key in ("surname", "given_name", "accent", "ethnicity_appearance", "sector", "build"):
        if key in man:
            other[key] = man[key]
    kind = rng.choice(["brother", "namesake", "plate"])
    if kind == "brother" and "given_name" in man:
        other["given_name"] = rng.choice(ORIGINS["british"]["given"])
        other.pop("aliases", None)
    cars = man.get("vehicles")
    if kind == "plate" and isinstance(cars, list) and "vrm" in cars[0]:
        old = cars[0]["vrm"]
        other["vehicles"] = [{**cars[0], "vrm": old[:-1] + rng.choice("ADHKPTX")}]
    return other


def watchlist(size: int, seed: int) -> list[dict[str, object]]:
    """Return *size* invented men, one in twelve a near-twin of an earlier one."""
    rng = random.Random(seed)
    men: list[dict[str, object]] = []
    for number in range(size):
        ref = f"W{number + 1:04d}"
        near = number > 50 and number % 12 == 0
        men.append(twin(rng, rng.choice(men), ref) if near else person(rng, ref))
    return men


def main() -> None:
    """Write the list as one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=620)
    parser.add_argument("--seed", type=int, default=20261101)
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--out", type=Path, default=root / "tests" / "data" / "watchlist.jsonl")
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(man, ensure_ascii=False) for man in watchlist(given.size, given.seed))
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
