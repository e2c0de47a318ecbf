"""Full-text search over what was written: which record, which field, the words around.

A search is a consultation; what was searched for stands in its payload, never in the clear. What is struck
out, restricted or erased is not found, nor a contact with a woman who is restricted or wants no contact.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Usage
from db.finding.hits import CLOSE, OPEN, Hit, hidden, settled
from db.records import Why
from db.rules import searching
from db.rules import text as texts
from db.rules.searching import query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.vault.store import Look, Store

__all__ = ["CLOSE", "LIMIT", "OPEN", "Results", "check_argument", "find", "query", "search"]

Record = dict[str, Any]

LIMIT = 50


class Results(NamedTuple):
    """What was found, newest first; whether there is more; the excerpts with their hits between marks."""

    found: list[Record]
    more: bool
    marked: Sequence[str] = ()


def find(store: Store, text: str, limit: int | None = LIMIT) -> list[Record]:
    """Return ``ref``, ``kind``, ``field`` and ``excerpt`` of each record that holds all the words.

    Raises:
        Usage: the text holds no word.
    """
    return search(store, text, limit).found


def search(store: Store, text: str, limit: int | None = LIMIT, why: Why = Why()) -> Results:  # noqa: B008 - immutable
    """Search contacts, concerns, the watchlist, vehicles and sightings, newest entry first.

    Several words must all be there; quotes keep a phrase together; the last word, and one that ends in
    ``*``, may go on. A plate is found however it is spaced, a partial one (``?``) by what fits it; so is a
    telephone number. Records that are merged are shown once.

    Raises:
        Usage: the text holds no word.
    """
    searching.query(text)
    with store.consult(None, reason=why.reason, note=why.note) as look:
        results, people = within(look, text, limit)
        look.asked(search=texts.one_line(text).strip())
        look.shown(len(results.found), people)
    return results


def within(look: Look, text: str, limit: int | None = LIMIT) -> tuple[Results, list[str]]:
    """Search as part of a look that says itself what it showed; returns the women's ids as well.

    Raises:
        Usage: the text holds no word.
    """
    asked = searching.query(text), searching.plate(text), searching.number(text)
    hits = _hits(look, asked, None if limit is None else limit + 1)
    shown = hits if limit is None else hits[:limit]
    found = [hit.record() for hit in shown], len(shown) < len(hits), [hit.marked for hit in shown]
    return Results(*found), _people(look, shown)


def _hits(look: Look, asked: tuple[str, str | None, str | None], most: int | None) -> list[Hit]:
    from db.finding import cars, numbers, words

    typed, plate, number = asked
    held_back = hidden(look)
    found: list[Hit] = []
    if plate is not None:
        found += cars.vehicles(look, plate)
        found += cars.texts(look, plate, held_back, most)
    if number is not None:
        found += numbers.men(look, number)
        found += words.matching(look, searching.number_query(number), held_back, most)
    if plate is None or searching.is_whole(plate):
        found += words.matching(look, typed, held_back, most)
    return settled(look, found)[:most]


def _people(look: Look, hits: Sequence[Hit]) -> list[str]:
    """Return the ids of the women whose contacts and concerns these are."""
    rows = look.execute(
        "with hit (n) as (select value from json_each(?)) select distinct p.id from "
        "(select l.target as n from hit join link as l on l.source = hit.n and l.field = 'people' "
        "union select c.person from hit join concern as c on c.n = hit.n) as w "
        "join record as p on p.n = w.n",
        (json.dumps([hit.n for hit in hits]),),
    )
    return [row[0].hex() for row in rows]


def check_argument(text: str) -> None:
    """Refuse search words that may not stand in a command line, which others on the machine can read.

    Raises:
        Usage: it holds something like a telephone number or a birth date.
    """
    if texts.looks_personal(text):
        raise Usage(
            "a telephone number or a birth date is not taken as an argument: it would stay in the shell's "
            "history; give it on the prompt (no TEXT), or on stdin with 'find -'"
        )
