"""Whom to weigh: found by keys in the encrypted file, within a budget of entries read, best 80 first.

A key that few have is read whole; keys that many have are read only where several meet. So how long it takes
is bounded whatever is asked and however long the list has grown.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

from db.rules import matching, names
from db.vault import likeness
from db.vault.likeness import TABLE
from db.watchlist.met import MOST, Met, Sought

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.rules.matching import Group, Normal

_BUDGET = 6_000  # entries read of keys by themselves
_ALONE = 1_500  # a key that more have than this is not read by itself
_MEETING = 400  # entries read where several keys meet
_MEETINGS = 7
_SURE = 6.0  # bits over what tells one of all apart: who is met so needs no meetings
_WIDE = 300  # parts of names that one beginning may lead to
_FEWEST, _FEWEST_PLATES = 20, 40  # who are weighed anyhow; more of half-seen plates, whose runs overlap
_WORDS = 400  # names in one question
COUNTED = 1_000  # plates that fit are counted so far


class Counts:
    """How many men each term is said of, asked of the file once each."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._known: dict[str, int] = {}

    def get(self, term: str, default: int = 0) -> int:
        """Return the count of a term; a part of a name is counted under its key."""
        word = matching.name_key(term[2:]) if term.startswith("n.") else term
        known = self._known.get(word)
        if known is None:
            row = self._reader.execute("select men from term where word = ?", (word,)).fetchone()
            known = self._known[word] = row[0] if row else 0
        return known or default

    def know(self, word: str, men: int) -> None:
        """Keep a count that was read beside something else."""
        self._known[word] = men

    def learn(self, words: Iterable[str]) -> None:
        """Ask for many at once."""
        left = sorted({word for word in words if word not in self._known})
        for at in range(0, len(left), _WORDS):
            some = left[at : at + _WORDS]
            marks = ", ".join("?" * len(some))
            found = dict(
                self._reader.execute(f"select word, men from term where word in ({marks})", some).fetchall()  # noqa: S608 - question marks
            )
            self._known |= {word: found.get(word, 0) for word in some}


def find(reader: Any, query: Normal, counts: Counts) -> list[int]:
    """Return the numbers of whom to weigh against a description, likeliest first."""
    size = counts.get(likeness.EVERYBODY)
    if not size:
        return []
    sought = _sought(reader, query, counts, size)
    met = Met(reader, sought)
    spent = 0
    for place, group in sorted(enumerate(sought), key=lambda one: one[1].men):
        if group.men > _ALONE or spent > _BUDGET:
            break
        spent += group.men
        met.read((place,), _ALONE)
    sure = met.most() >= math.log2(size) + _SURE
    if not sure:
        for meeting in _meetings(sought, size):
            met.read(meeting, _MEETING)
    if not met.by:
        for place, _ in sorted(enumerate(sought), key=lambda one: one[1].men)[:2]:
            met.read((place,), _MEETING)
    plated = any(group.about.startswith("plate") for group in sought)
    return met.best(_FEWEST_PLATES if plated and not sure else _FEWEST)


def fitting(reader: Any, query: Normal) -> int:
    """Return how many have every run, or each, of the characters told of a plate; COUNTED at most."""
    words = {
        word
        for group in matching.groups(query)
        if group.about.startswith("plate") and group.cost in (0.0, 4.0)
        for word in group.words
    }
    if not words:
        return 0
    asked = " AND ".join(_quoted(word) for word in sorted(words))
    return int(
        reader.execute(
            f"select count(*) from (select 1 from {TABLE} where {TABLE} match ? limit ?)",  # noqa: S608 - a fixed table
            (asked, COUNTED),
        ).fetchone()[0]
    )


def _marks(words: Sequence[str]) -> str:
    return ", ".join("?" * len(words))


def _quoted(word: str) -> str:
    return f'"{word[:-1]}" *' if word.endswith("*") else f'"{word}"'


def _sought(reader: Any, query: Normal, counts: Counts, size: int) -> list[Sought]:
    groups = matching.groups(query)
    counts.learn(word for group in groups for word in group.words if not word.endswith("*"))
    found = []
    for group in (*_named(reader, query, counts), *groups):
        words = tuple(word for word in group.words if word.endswith("*") or counts.get(word))
        men = sum(_beginning(reader, word) if word.endswith("*") else counts.get(word) for word in words)
        if men:
            bits = max(0.1, math.log2((size + 1) / men) - group.cost)
            asked = f"({' OR '.join(map(_quoted, words))})"
            found.append(Sought(group.about, words, men, bits, asked))
    return found


def _beginning(reader: Any, word: str) -> int:
    low = word[:-1]
    row = reader.execute(
        "select sum(men) from term where word >= ? and word < ?", (low, low + "{")
    ).fetchone()
    return int(row[0] or 0)


def _meetings(sought: Sequence[Sought], size: int) -> list[tuple[int, ...]]:
    """Return which groups to read together: as few as leave few enough, the most telling first."""
    common = [place for place, group in enumerate(sought) if group.men > MOST]
    common = sorted(common, key=lambda place: sought[place].men)[:9]
    enough = math.log2(max(2.0, size / _MEETING))
    rarity = {place: math.log2((size + 1) / sought[place].men) for place in common}
    found: list[tuple[float, tuple[int, ...]]] = []
    kept: list[frozenset[int]] = []
    for length in (2, 3, 4, 5):
        for some in combinations(common, length):
            if len(kept) >= 4 * _MEETINGS:
                break
            if len({sought[place].about for place in some}) < length:
                continue
            if any(held <= set(some) for held in kept):
                continue
            bits = sum(rarity[place] for place in some)
            if bits >= enough or (length == 5 and len(common) == 5):
                kept.append(frozenset(some))
                found.append((sum(sought[place].bits for place in some), some))
    if not found and len(common) > 1:
        found = [(0.0, tuple(_one_a_fact(sought, common)))]
    return [some for _, some in sorted(found, reverse=True)[:_MEETINGS]]


def _one_a_fact(sought: Sequence[Sought], places: Iterable[int]) -> list[int]:
    facts: dict[str, int] = {}
    for place in places:
        facts.setdefault(sought[place].about, place)
    return list(facts.values())


def _named(reader: Any, query: Normal, counts: Counts) -> list[Group]:
    """Return the groups of each part of the names asked for: the same, then what it may be heard as."""
    parts = dict.fromkeys(part for name in query.get("names", []) for part in name if len(part) > 1)
    joined = dict.fromkeys(
        one + other for name in query.get("names", []) for one, other in zip(name, name[1:], strict=False)
    )
    found: list[Group] = []
    for part in list(parts)[:12]:
        found += _heard(reader, part, counts, f"name {part}")
    for part in list(joined)[:6]:
        if counts.get(matching.name_key(part)):
            found.append(matching.Group(f"name {part}", (matching.name_key(part),), 1.0))
    return found


def _heard(reader: Any, part: str, counts: Counts, about: str) -> list[Group]:
    plain = matching.name_key(part)[2:]
    places = names.places(plain)
    words = sorted(matching.name_key(one) for one in places.parts)[:_WORDS]
    bones = sorted(places.bones)[:_WORDS]
    starts = [matching.name_key(one) for one in sorted(places.beginnings)]
    there = {}
    for word, men in reader.execute(
        f"select word, men from term where word in ({_marks(words)}) union all "  # noqa: S608 - question marks
        "select t.word, t.men from alike as a cross join term as t on t.word = 'nt' || a.part "
        f"where a.bones in ({_marks(bones)})"
        + " union all select * from (select word, men from term where word >= ? and word < ? limit ?)"
        * len(starts),
        [*words, *bones, *(bound for low in starts for bound in (low, low + "{", _WIDE))],
    ):
        counts.know(word, men)
        there[word[2:]] = men
    return _by_cost(names.heard(plain, there), about)


def _by_cost(heard: list[tuple[float, str]], about: str) -> list[Group]:
    """Put parts of like cost into one group."""
    groups: dict[int, list[tuple[float, str]]] = {}
    for cost, part in heard:
        groups.setdefault(math.ceil(cost), []).append((cost, matching.name_key(part)))
    return [
        matching.Group(about, tuple(word for _, word in held), min(cost for cost, _ in held))
        for held in groups.values()
    ]
