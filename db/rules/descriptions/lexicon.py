"""Finds the phrases of a word list in a text, longest first, and says which words it did not know.

A phrase is tried as it stands and then by its stems; the lists are the CSV files beside this one.
"""

import csv
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from db.rules.descriptions.speech import idle, key, stem, words

_HERE = Path(__file__).parent
_NOT = frozenset(["not", "no", "without", "never", "nor", "non"])
_LONGEST = 6


class Found(NamedTuple):
    """A phrase found: its kind, its code, whether it was denied ("no beard"), and which word began it."""

    kind: str
    code: str
    denied: bool
    at: int


Phrases = dict[tuple[str, ...], tuple[tuple[str, str], ...]]


class Lexicon(NamedTuple):
    """A word list by phrase as written and by stems, and what lies near each code."""

    phrases: Phrases
    stemmed: Phrases
    near: dict[str, tuple[str, ...]]


def _add(
    phrases: dict[tuple[str, ...], list[tuple[str, str]]], key: tuple[str, ...], entry: tuple[str, str]
) -> None:
    entries = phrases.setdefault(key, [])
    if entry not in entries:
        entries.append(entry)


@cache
def lexicon(name: str) -> Lexicon:
    """Return the word list *name*: ``words``, ``marks``, ``mo`` or ``cars``; phrases are plain lower case."""
    phrases: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    stemmed: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    near: dict[str, tuple[str, ...]] = {}
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            kind, code = row["kind"], row["code"]
            near[f"{kind}.{code}"] = tuple(f"{kind}.{n}" for n in (row["near"] or "").split("|") if n)
            for phrase in (code.replace("_", " "), *row["phrases"].split("|")):
                said = phrase.split()
                phrase_key = key(said, name == "words")
                if len(phrase_key) == 1 and len(said) > 1 and len(said[0]) > 1:
                    continue  # what is left of it says too little alone
                _add(phrases, phrase_key, (kind, code))
                _add(stemmed, tuple(stem(word) for word in phrase_key), (kind, code))
    fixed: list[Phrases] = [
        {key: tuple(entry) for key, entry in table.items()} for table in (phrases, stemmed)
    ]
    return Lexicon(fixed[0], fixed[1], near)


def _at(
    known: Lexicon, said: tuple[str, ...], stems: tuple[str, ...], place: int
) -> tuple[int, tuple[tuple[str, str], ...]]:
    for length in range(min(_LONGEST, len(said) - place), 0, -1):
        end = place + length
        found = known.phrases.get(said[place:end]) or known.stemmed.get(stems[place:end])
        if found:
            return length, found
    return 0, ()


def _inside(
    known: Lexicon, phrase: tuple[str, ...], entries: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Return the place on the body that a phrase of another kind names too: "half an ear" is also an ear."""
    if len(phrase) == 1 or any(kind == "site" for kind, _ in entries):
        return ()
    single = (entry for word in phrase for entry in known.phrases.get((word,), ()))
    return tuple(entry for entry in single if entry[0] in ("site", "side"))


@lru_cache(maxsize=16384)
def scan(name: str, text: str) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """Return the phrases of word list *name* in *text*, and the stems of the words it does not know."""
    if not text:
        return (), ()
    known, said = lexicon(name), key(words(text), name == "words")
    stems = tuple(stem(word) for word in said)
    found: list[Found] = []
    rest: list[str] = []
    place = 0
    while place < len(said):
        length, entries = _at(known, said, stems, place)
        if not length:
            if not idle(said[place]):
                rest.append(stems[place])
            place += 1
            continue
        denied = place > 0 and said[place - 1] in _NOT
        entries += _inside(known, said[place : place + length], entries)
        found.extend(Found(kind, code, denied, place) for kind, code in entries)
        place += length
    return tuple(found), tuple(rest)


@cache
def nearby(name: str, code: str) -> frozenset[str]:
    """Return the codes that stand near *code* in word list *name*, whichever of the two lines says so."""
    near = lexicon(name).near
    return frozenset(near.get(code, ())) | {other for other, codes in near.items() if code in codes}
