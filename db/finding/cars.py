"""Plates, as far as they were seen: on vehicles, and in what was written, however they were spaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.finding.hits import CLOSE, OPEN, Hit, excerpt
from db.finding.words import SHOWN, matching, said
from db.rules import plates, searching
from db.vault.search import SAID, WORDS

if TYPE_CHECKING:
    import re

    from db.vault.store import Look

_READ_MOST = 5000  # texts looked through for a partial plate
_AROUND = 60
_WRITTEN = ("engagement", "concern", "sighting")


def vehicles(look: Look, asked: str) -> list[Hit]:
    """Return the vehicles whose plate fits a pattern; look-alikes (O and 0, I and 1) count as fitting."""
    rows = look.execute(
        "select x.n, r.ref, x.vrm, x.colour, x.make, x.model from vehicle as x "  # noqa: S608 - fixed text
        "join record as r on r.n = x.n "
        f"where r.state = 'present' and x.vrm is not null and {SHOWN['vehicle']}"
    ).fetchall()
    return [
        Hit(n, "vehicle", ref, "vrm", excerpt(" ".join([f"{OPEN}{vrm}{CLOSE}", *filter(None, looks)])))
        for n, ref, vrm, *looks in rows
        if plates.fits(asked, plates.pattern(vrm))
    ]


def texts(look: Look, asked: str, hidden: str, most: int | None) -> list[Hit]:
    """Return where a plate stands in what was written: a whole one by the index, a partial one by reading."""
    query = searching.plate_query(asked)
    if query is None or searching.is_whole(asked):
        return matching(look, query, hidden, most) if query else []
    seen = searching.plate_seen(asked)
    found: list[Hit] = []
    for kind in _WRITTEN:
        table, names = WORDS[kind]
        source = SAID.get(kind, kind)
        columns = ", ".join(f"s.{name}" for name in names)
        rows = look.execute(
            f"select x.n, r.ref, {columns} from {table} as w join record as r on r.n = w.rowid "  # noqa: S608 - names from WORDS
            f"cross join {kind} as x on x.n = w.rowid cross join {source} as s on s.n = w.rowid "
            f"where {table} match :asked and r.state = 'present' and {SHOWN[kind]} "
            "order by w.rowid desc limit :most",
            {"asked": query, "hidden": hidden, "most": _READ_MOST},
        )
        for n, ref, *parts in rows:
            for name, part in zip(names, parts, strict=True):
                if part and (hit := seen.search(part)):
                    found.append(Hit(n, kind, ref, said(name), _around(part, hit)))
                    break
    return found


def _around(part: str, hit: re.Match[str]) -> str:
    start, end = hit.span()
    before, after = part[max(0, start - _AROUND) : start], part[end : end + _AROUND]
    return excerpt(
        f"{'…' if start > _AROUND else ''}{before}{OPEN}{part[start:end]}{CLOSE}{after}"
        f"{'…' if end + _AROUND < len(part) else ''}"
    )
