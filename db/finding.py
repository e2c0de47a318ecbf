"""Full-text search over what was written: which record, which field, the words around.

A search is a consultation; what was searched for stands in its payload, never in the clear.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Usage
from db.records import Why
from db.rules import text as texts

if TYPE_CHECKING:
    from db.vault.store import Look, Store

Record = dict[str, Any]

LIMIT = 50
_WORDS_MOST = 20
_PART = re.compile(r'"([^"]*)"?|(\S+)')
_OPEN, _CLOSE = "\x01", "\x02"  # typed text holds no control characters, so these mark a hit for certain
_FIELDS = ("narrative", "mentions")


class Results(NamedTuple):
    """What was found, newest first, and whether there is more."""

    found: list[Record]
    more: bool


def find(store: Store, text: str, limit: int | None = LIMIT) -> list[Record]:
    """Return ``ref``, ``kind``, ``field`` and ``excerpt`` of each record that holds all the words.

    Raises:
        Usage: the text holds no word.
    """
    return search(store, text, limit).found


def search(store: Store, text: str, limit: int | None = LIMIT, why: Why = Why()) -> Results:  # noqa: B008 - immutable
    """Search the engagements' narratives and mentions, newest entry first.

    Several words must all be there; quotes keep a phrase together; the last word, and one that ends in
    ``*``, may go on. Records that are struck out, restricted or erased are not found.

    Raises:
        Usage: the text holds no word.
    """
    asked = query(text)
    with store.consult("engagement", reason=why.reason, note=why.note) as look:
        rows = look.execute(
            "select w.rowid, r.ref, "
            "snippet(engagement_words, 0, ?1, ?2, '…', 16), snippet(engagement_words, 1, ?1, ?2, '…', 16) "
            "from engagement_words as w join record as r on r.n = w.rowid "
            "where engagement_words match ?3 and r.state = 'present' order by w.rowid desc limit ?4",
            (_OPEN, _CLOSE, asked, -1 if limit is None else limit + 1),
        ).fetchall()
        shown = rows if limit is None else rows[:limit]
        look.asked(search=texts.one_line(text).strip())
        look.shown(len(shown), _people(look, [n for n, *_ in shown]))
    return Results([_found(ref, parts) for _, ref, *parts in shown], len(shown) < len(rows))


def _found(ref: str, parts: list[str | None]) -> Record:
    """Return a hit with the field that holds most of the words."""
    marked = [(part or "").count(_OPEN) for part in parts]
    place = marked.index(max(marked))
    excerpt = (parts[place] or "").replace(_OPEN, "").replace(_CLOSE, "")
    return {
        "ref": ref,
        "kind": "engagement",
        "field": _FIELDS[place],
        "excerpt": texts.one_line(excerpt).strip(),
    }


def _people(look: Look, numbers: list[int]) -> list[str]:
    """Return the ids of the women whose engagements these are."""
    rows = look.execute(
        "select distinct p.id from link as l join record as p on p.n = l.target "
        "where l.field = 'people' and l.source in (select value from json_each(?))",
        (json.dumps(numbers),),
    )
    return [row[0].hex() for row in rows]


def query(text: str) -> str:
    """Return the full-text query for what an officer typed; nothing in it is read as query language.

    Raises:
        Usage: there is no word in it, or more than twenty.
    """
    parts: list[str] = []
    last_is_word = False
    for phrase, word in _PART.findall(texts.clean(text)):
        said = (phrase or word).replace('"', " ")
        if not any(char.isalnum() for char in said):
            continue
        last_is_word = not phrase
        parts.append(f'"{said.rstrip("*")}"' + ("*" if word.endswith("*") else ""))
    if not parts:
        raise Usage("nothing to search for: give at least one word")
    if len(parts) > _WORDS_MOST:
        raise Usage(f"a search takes at most {_WORDS_MOST} words or phrases")
    if last_is_word and not parts[-1].endswith("*"):
        parts[-1] += "*"
    return " ".join(parts)


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
