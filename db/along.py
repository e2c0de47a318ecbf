"""What goes with a record that is emptied: what is its alone, and the words of contacts with her alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import records
from db.vault import fold

if TYPE_CHECKING:
    from db.records import Found
    from db.vault.cipher import Cipher
    from db.vault.writing import Write

# a contact, e, in which nobody was met but ?1, or but others whose records are erased
_MET = "e.n in (select source from link where field = 'people' and target = ?1)"
_OTHERS = (
    "(e.people_unnamed > 0 or exists (select 1 from link as o join record as q on q.n = o.target "
    "where o.source = e.n and o.field = 'people' and o.target <> ?1 and q.state <> 'erased'))"
)
_SHE_ALONE = f"{_MET} and not {_OTHERS}"

# What is one's alone goes with one. Kept: engagements and actions, which are counted; their link to an
# erased record leads to nothing. A concern that names nobody, or what is due about a contact, is hers where
# she alone was met.
_ALONE = {
    "person": f"""
        select n from identity where person = ?1 union select n from referral where person = ?1
        union select n from concern where person = ?1 union select n from consent where person = ?1
        union select c.n from concern as c join engagement as e on e.n = c.engagement
        where c.person is null and {_SHE_ALONE}
        union select f.n from followup as f join engagement as e on e.n = f.about where {_SHE_ALONE}""",  # noqa: S608 - fixed text
    "engagement": "select n from concern where engagement = ?1",
    "offender": """
        select n from vehicle where offender = ?1 union select n from "order" where offender = ?1
        union select n from sighting where offender = ?1
        union select s.n from sighting as s join vehicle as v on v.n = s.vehicle
        where v.offender = ?1 and s.offender is null""",
    "vehicle": "select n from sighting where vehicle = ?1 and offender is null",
}
# her contacts, and whether anybody else was met in them
_CONTACTS = f"""
    select r.n, r.id, r.kind, r.state, r.ref, {_OTHERS}
    from engagement as e cross join record as r on r.n = e.n
    where {_MET} and (e.narrative is not null or e.mentions is not null or e.refs is not null) order by r.n"""  # noqa: S608 - fixed text
WORDS = ("narrative", "mentions", "refs")  # of a contact: what she said, and what leads to her elsewhere
_ABOUT = "select n from followup where about = ?1"


def alone(reader: Cipher | Write, found: Found) -> list[Found]:
    """Return the records that go with one, those that hang on them included."""
    gone = {found.n: found}
    left = [found]
    while left:
        one = left.pop()
        sql = " union ".join(filter(None, (_ALONE.get(one.kind), _ABOUT)))
        rows = reader.execute(
            "select n, id, kind, state, ref from record where state not in ('absent', 'erased') "  # noqa: S608 - fixed text
            f"and n in ({sql}) order by n",
            (one.n,),
        ).fetchall()
        for row in rows:
            if row[0] not in gone:
                left.append(gone.setdefault(row[0], records.Found(*row)))
    return [one for one in gone.values() if one is not found]


def went(reader: Cipher | Write, found: Found) -> list[Found]:
    """Return an erased record and those that went with it; nothing for one that went with another."""
    said = "select json_extract(e.detail, '$.with') from erased as x join entry as e on e.desk = x.desk "
    row = reader.execute(f"{said} and e.seq = x.seq where x.record = ?", (found.id,)).fetchone()
    if row is None or row[0] is not None:
        return []
    rows = reader.execute(
        "select r.n, r.id, r.kind, r.state, r.ref from erased as x join record as r on r.id = x.record "
        "join entry as e on e.desk = x.desk and e.seq = x.seq "
        "where r.state = 'erased' and json_extract(e.detail, '$.with') = ? order by r.n",
        (found.id.hex(),),
    ).fetchall()
    return [found, *(records.Found(*one) for one in rows)]


def contacts(reader: Cipher | Write, found: Found) -> tuple[list[Found], list[Found]]:
    """Return her contacts that hold words: those in which she alone was met, and those with others."""
    if found.kind != "person":
        return [], []
    hers: list[Found] = []
    shared: list[Found] = []
    for *row, others in reader.execute(_CONTACTS, (found.n,)).fetchall():
        (shared if others else hers).append(records.Found(*row))
    return hers, shared


def steps(reader: Cipher | Write, found: Found) -> list[fold.Step]:
    """Return a record's changes, the oldest first."""
    (heads,) = reader.execute("select heads from record where n = ?", (found.n,)).fetchone()
    return fold.lineage(reader, heads)
