"""Words on their way out, without what the street calls anybody, a pseudonym, a reference or a number.

All women's names are taken out, not only those a record points at: an officer writes of others as well.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.rules import pasted

if TYPE_CHECKING:
    from collections.abc import Callable

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


def unstreeted(reader: Any) -> Scrub:
    """Return what takes out of a text the names of the street alone: where pseudonyms may stand."""
    names = pasted.named(street_names(reader))
    return lambda text: names.sub(pasted.SOMEBODY, text) if names is not None else text


def throughout(scrubs: Scrub, value: Any) -> Any:
    """Return a value with every text in it cleaned, lists and objects too; keys stay."""
    if isinstance(value, str):
        return scrubs(value)
    if isinstance(value, dict):
        return {key: throughout(scrubs, one) for key, one in value.items()}
    if isinstance(value, list):
        return [throughout(scrubs, one) for one in value]
    if isinstance(value, tuple):
        return tuple(throughout(scrubs, one) for one in value)
    return value
