"""Words on their way out, without what the street calls anybody, a pseudonym, a reference or a number.

All women's names are taken out, not only those a record points at: an officer writes of others as well.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.rules import pasted
from db.rules.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from db.records import Record

    Scrub = Callable[[str], str]


def street_names(reader: Any) -> list[str]:
    """Return what the unit and the street call any woman."""
    rows = reader.execute("select known_as from person where known_as is not null").fetchall()
    return [name for (stored,) in rows for name in json.loads(stored)]


def all_names(reader: Any) -> list[str]:
    """Return those and every pseudonym."""
    pseudonyms = [name for (name,) in reader.execute("select pseudonym from person").fetchall()]
    return [*pseudonyms, *street_names(reader)]


def scrub(reader: Any) -> Scrub:
    """Return what takes all of it out of a text."""
    names = pasted.named(all_names(reader))
    return lambda text: pasted.scrubbed(text, names)


def unspoken(reader: Any, spoken: Sequence[int]) -> Scrub:
    """Return what takes out of a text the names of the street, and every woman but those *spoken* of.

    Args:
        reader: reads the records.
        spoken: numbers, each the earliest record of one woman.
    """
    rows = reader.execute(
        "select r.ref, p.pseudonym from person as p cross join record as r on r.n = p.n "
        "left join same_as as s on s.n = p.n "
        "where coalesce(s.canonical, p.n) not in (select value from json_each(?))",
        (json.dumps(list(spoken)),),
    ).fetchall()
    names = pasted.named([*street_names(reader), *(name for row in rows for name in row)])
    return lambda text: names.sub(pasted.SOMEBODY, text) if names is not None else text


# words about a man or a car: a single one is a look or a make, more may be somebody's sentence
_SEEN = (
    *("age_text", "height_text", "build", "hair", "facial_hair", "ethnicity_appearance", "accent", "marks"),
    *("make", "model", "colour", "body", "vehicles", "vehicle", "description"),
)
_SAID = (
    "sector",
    "refs",
    "incident_ref",
    "crime_ref",
    "partner",
    "conditions",
    "breaches",
)  # no free text, and typed by hand all the same


def described(scrubs: Scrub, record: Record) -> Record:
    """Return a man or a car with what is said of his and its looks cleaned; what he is called stays."""
    return {key: _seen(scrubs, value) if key in _SEEN else value for key, value in record.items()}


def _seen(scrubs: Scrub, value: Any) -> Any:
    if isinstance(value, str):
        return scrubs(value) if " " in value else value
    if isinstance(value, dict):
        return {key: one if key == "vrm" else _seen(scrubs, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_seen(scrubs, one) for one in value]
    return value


def clean(scrubs: Scrub, kind: str, rows: list[Record], keys: Sequence[str]) -> None:
    """Clean, in rows of a kind with these keys, every text that somebody wrote in words of their own."""
    for key in keys:
        cleaned = _cleaned(kind, key)
        if cleaned is not None:
            for row in rows:
                if row[key]:
                    row[key] = cleaned(scrubs, row[key])


def _cleaned(kind: str, key: str) -> Callable[[Scrub, Any], Any] | None:
    """Return how a key's value is cleaned; None where it stands as it is."""
    if key in _SEEN:
        return _seen
    field = KINDS[kind].field(key)
    return _whole if key in _SAID or (field is not None and field.free) else None


def _whole(scrubs: Scrub, value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(scrubs, one) for one in value]
    return scrubs(value) if isinstance(value, str) else value
