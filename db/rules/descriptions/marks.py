"""Marks and ways of doing, in whatever words, as small sets of concepts.

A mark is a set such as {type.tattoo, site.hand, side.left, thing.spider}; words the list does not know
stay as ``w.word``, so that rarity still speaks for them.
"""

import re

from db.rules.descriptions.lexicon import nearby, scan

_PIECES = re.compile(
    r"[;\n]+|,\s+|\.\s+|\s+\band\b\s+(?=(?:an?|his|has|the|missing|scar|tattoo|gold|broken|limp)\b)"
)
_MOST = 24


def _one(text: str) -> list[str]:
    found, rest = scan("marks", text)
    concepts = [f"{f.kind}.{f.code}" for f in found]
    if "type.teeth" in concepts and "type.missing" in concepts:
        concepts.append("thing.gap")
    return list(dict.fromkeys([*concepts, *(f"w.{word}" for word in rest)]))[:_MOST]


def read_marks(texts: list[str]) -> list[list[str]]:
    """Return one list of concepts a mark; a text may hold several, parted by commas."""
    pieces = [piece for text in texts for piece in _PIECES.split(text[:4000]) if piece.strip()]
    read = [_one(piece) for piece in pieces[:_MOST]]
    return [concepts for concepts in read if concepts]


def read_ways(codes: list[str], text: str) -> list[str]:
    """Return the concepts of how he goes about it: given codes, and what the words of *text* come to."""
    found, rest = scan("mo", text[:12000])
    said = [f"mo.{code}" for code in codes]
    said += [f"{f.kind}.{f.code}" for f in found if not (f.denied and f.kind == "mo")]
    return list(dict.fromkeys([*said, *(f"w.{word}" for word in rest)]))[: 2 * _MOST]


def near(name: str, concept: str) -> frozenset[str]:
    """Return the concepts of word list *name* (marks or mo) that lie near this one."""
    return nearby(name, concept)
