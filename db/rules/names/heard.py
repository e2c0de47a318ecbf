"""Which parts of names a part may stand for: where to look among the parts there are, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.rules.names.classes import classes, forms, stems
from db.rules.names.forms import compare
from db.rules.names.sounds import skeleton, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 60
_FAR = 90.0


class Places(NamedTuple):
    """Where to look: parts as they are, beginnings of parts, and bones (see ``matching.bones``)."""

    parts: frozenset[str]
    beginnings: frozenset[str]
    bones: frozenset[str]


def places(part: str) -> Places:
    """Return where the parts that *part* may stand for are to be looked up."""
    shortened = stems(part)
    named = classes(part).union(*(classes(stem) for stem in shortened))
    parts = {part, *shortened, *(form for name in named for form in forms(name))}
    parts.update(part[:end] for end in range(3, len(part)))
    found = {f"e{form}" for name in classes(part) for form in forms(name)}
    found.update(f"e{part[:end]}" for end in range(3, len(part) + 1))
    if len(skeleton(part)) >= 2:
        found.add(f"s{skeleton(part)}")
    if len(part) >= 3:
        for whole in (part, spoken(part)):
            found.update(f"d{less}" for less in less_one(whole) if len(less) >= 2)
    beginnings = {stem for stem in (*shortened, part) if len(stem) >= 3}
    return Places(frozenset(parts), frozenset(beginnings), frozenset(found))


def less_one(word: str) -> list[str]:
    """Return the word and its one-delete neighbours: two that share one are at most two edits apart."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def heard(part: str, among: Iterable[str]) -> list[tuple[float, str]]:
    """Return those of *among* that *part* may stand for, each with its cost in bits, the likest first."""
    found = ((compare(part, other).cost, other) for other in among)
    return sorted(one for one in found if one[0] < _FAR)[:_MOST]
