"""What a search finds, whom it leaves out, and the order in which it is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.vault.store import Look

OPEN, CLOSE = "\x01", "\x02"  # typed text holds no control characters, so these mark a hit for certain
_LINES = str.maketrans("\n\t", "  ")
_LISTED = str.maketrans({"[": None, "]": None, '"': None})


class Hit(NamedTuple):
    """A record that was found: number, kind, reference, the field, its words with the hit between marks."""

    n: int
    kind: str
    ref: str
    field: str
    marked: str

    def record(self) -> dict[str, Any]:
        """Return it as it is printed, without marks."""
        excerpt = self.marked.replace(OPEN, "").replace(CLOSE, "")
        return {"ref": self.ref, "kind": self.kind, "field": self.field, "excerpt": excerpt}


def excerpt(marked: str, *, listed: bool = False) -> str:
    """Return a piece of text on one line, its marks kept; of a stored list the bare items."""
    if listed:
        for comma in ('","', f'"{CLOSE},"', f'",{OPEN}"'):
            marked = marked.replace(comma, comma.replace('"', "").replace(",", "; "))
        marked = marked.translate(_LISTED)
    return marked.translate(_LINES).strip()  # what is stored was cleaned when it came in


def hidden(look: Look) -> str:
    """Return, as a JSON list, the numbers of the women with whom no contact is found.

    They are restricted, or want no contact, under any record that is of them.
    """
    return json.dumps([n for (n,) in look.execute(records.hidden.WOMEN)])


def settled(look: Look, found: Iterable[Hit]) -> list[Hit]:
    """Return hits newest first, each record and each merged man once."""
    firsts = dict(
        look.execute(
            "select s.n, first_value(r.ref) over (partition by s.canonical order by s.n <> s.canonical, s.n) "
            "from same_as as s cross join record as r on r.n = s.n "  # the few that are merged come first
            "where r.state = 'present' and r.kind = 'offender'"
        ).fetchall()
    )
    told: dict[str, Hit] = {}
    for hit in sorted(found, key=lambda hit: -hit.n):
        ref = firsts.get(hit.n, hit.ref)
        told.setdefault(ref, hit._replace(ref=ref))
    return list(told.values())
