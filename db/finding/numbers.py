"""Telephone numbers of the men on the watchlist, whole or in part, however they were written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db.finding.hits import CLOSE, OPEN, Hit, excerpt
from db.rules import telephones
from db.rules.telephones import Agreement

if TYPE_CHECKING:
    from db.vault.store import Look

_FITS = (Agreement.SAME, Agreement.PATTERN, Agreement.START, Agreement.END, Agreement.PART)


def men(look: Look, asked: str) -> list[Hit]:
    """Return the men with a number that is this one, or of which this is a part."""
    rows = look.execute(
        "select x.n, r.ref, x.telephones from offender as x cross join record as r on r.n = x.n "
        "where r.state = 'present' and x.telephones is not null"
    ).fetchall()
    found: list[Hit] = []
    for n, ref, stored in rows:
        for typed in json.loads(stored):
            held = telephones.normalise(typed)
            if held and telephones.compare(asked, held).how in _FITS:
                found.append(Hit(n, "offender", ref, "telephones", excerpt(f"{OPEN}{typed}{CLOSE}")))
                break
    return found
