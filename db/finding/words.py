"""Words, by the full-text tables: of each kind the newest records that hold them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import records
from db.finding.hits import CLOSE, OPEN, Hit, excerpt
from db.rules.records import KINDS
from db.vault.search import WORDS

if TYPE_CHECKING:
    from db.vault.store import Look

_CONTACT_SHOWN = (
    "not exists (select 1 from link as l where l.source = {0} and l.field = 'people' "
    "and l.target in (select value from json_each(:hidden)))"
)
_HER_OWN = "(x.person is null or x.person not in (select value from json_each(:hidden)))"
_CONTACT_STANDS = (
    "exists (select 1 from record as q where q.n = x.engagement and q.state in ('present', 'absent'))"
)
# kind -> what more has to hold for a row to be shown; x is the row
SHOWN = {
    "engagement": _CONTACT_SHOWN.format("x.n"),
    "concern": " and ".join((_CONTACT_SHOWN.format("x.engagement"), _CONTACT_STANDS, _HER_OWN)),
    "offender": "1",
    "vehicle": records.visible("vehicle"),
    "sighting": records.visible("sighting"),
}


def matching(look: Look, asked: str, hidden: str, most: int | None) -> list[Hit]:
    """Return the hits of a full-text query, of each kind the newest *most*.

    Args:
        look: through which it is read.
        asked: a query that ``searching`` made.
        hidden: the women who are left out, as a JSON list of numbers.
        most: how many of a kind; None means all.
    """
    found: list[Hit] = []
    for kind, (table, names) in WORDS.items():
        snippets = ", ".join(f"snippet({table}, {i}, :open, :close, '…', 16)" for i in range(len(names)))
        rows = look.execute(
            f"select w.rowid, r.ref, {snippets} from {table} as w join record as r on r.n = w.rowid "  # noqa: S608 - names from WORDS
            f"cross join {kind} as x on x.n = w.rowid "
            f"where {table} match :asked and r.state = 'present' and {SHOWN[kind]} "
            "order by w.rowid desc limit +:most",
            {
                "open": OPEN,
                "close": CLOSE,
                "asked": asked,
                "hidden": hidden,
                "most": -1 if most is None else most,
            },
        ).fetchall()
        found += [_hit(kind, names, row) for row in rows]
    return found


def _hit(kind: str, names: tuple[str, ...], row: tuple[int, str, *tuple[str | None, ...]]) -> Hit:
    """Return a hit with the field that holds most of the words."""
    n, ref, *parts = row
    marked = [(part or "").count(OPEN) for part in parts]
    place = marked.index(max(marked))
    return Hit(
        n, kind, ref, said(names[place]), excerpt(parts[place] or "", listed=_listed(kind, names[place]))
    )


def _listed(kind: str, name: str) -> bool:
    field = KINDS[kind].field(name)
    return field is not None and field.type in ("texts", "codes", "object")


def said(name: str) -> str:
    """Return a field's name as a record's shape has it."""
    return "vehicle" if name == "vehicle_seen" else name
