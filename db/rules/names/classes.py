"""Classes of name forms: spellings, short forms and street forms of one name, from `nicknames.csv`.

A form may stand in several classes ("Ted" is Edward and Theodore); a class is named by its first form.
"""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from db.rules.names.letters import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VARIANTS_MOST = 60
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


def with_forms(names: Sequence[Sequence[str]], more: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return names with what each may also be by the forms that a unit adds; the names as said come first.

    Args:
        names: each as its folded parts.
        more: a name and its other forms; whoever is called one may be called any.
    """
    found = [list(name) for name in names]
    for group in ({fold(one) for one in (name, *forms)} for name, forms in more.items()):
        for name in [name for name in found if not group.isdisjoint(name)]:
            for other in sorted(group):
                variant = [other if part in group else part for part in name]
                if variant not in found and len(found) < _VARIANTS_MOST:
                    found.append(variant)
    return found


@cache
def _members() -> dict[str, tuple[str, ...]]:
    members: dict[str, list[str]] = {}
    for form, named in table().items():
        for name in named:
            members.setdefault(name, []).append(form)
    return {name: tuple(held) for name, held in members.items()}


def forms(name: str) -> tuple[str, ...]:
    """Return every form that stands in the class *name*."""
    return _members().get(name, ())


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
