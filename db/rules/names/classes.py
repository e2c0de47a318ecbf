"""Classes of name forms: spellings, short forms and street forms of one name, from `nicknames.csv`.

A form may stand in several classes ("Ted" is Edward and Theodore); a class is named by its first form.
"""

import csv
from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("nicknames.csv")


@cache
def table() -> dict[str, dict[str, bool]]:
    """Return form -> {class: whether the form is a spelling, not a short form, of it}."""
    forms: dict[str, dict[str, bool]] = {}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        for row in rows:
            name = row["name"]
            for form in (name, *row["spellings"].split()):
                forms.setdefault(form, {})[name] = True
            for form in row["short"].split():
                forms.setdefault(form, {}).setdefault(name, False)
    return forms


@lru_cache(maxsize=65536)
def classes(part: str) -> frozenset[str]:
    """Return the classes a part belongs to; empty for a name the file does not know."""
    return frozenset(table().get(part, ()))


@lru_cache(maxsize=65536)
def stems(part: str) -> frozenset[str]:
    """Return what is left of a street form without its ending: "gibbo" -> gib, "smithy" -> smith."""
    found = set()
    for ending in ("ers", "zza", "zzer", "sy", "ey", "ie", "er", "za", "zo", "o", "y", "a", "s", "i"):
        stem = part.removesuffix(ending)
        if stem != part and len(stem) >= 3:
            found.add(stem)
            if len(stem) >= 4 and stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return frozenset(found)
