"""Her no, at once: who wants no contact, or is restricted, is in no list, and nor is what is hers alone.

One condition for every list, search and count of what is due; her no under one record holds for all of hers.
So it is with a man who is restricted, and what is his.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from db.records.words import Record

# an index holds the few records that are not present, and is taken where that is said: a look at each woman's
# record, or at every record, takes as long as all else in a search
_ASIDE = "select q.n from record as q where q.kind = '{}' and q.state <> 'present' and q.state = 'restricted'"
_NO = f"select p.n from person as p where p.status = 'no_contact' union {_ASIDE.format('person')}"  # noqa: S608 - fixed text
# few rows, and read once a query: the table of women is small beside that of their contacts
WOMEN = (
    f"select n from ({_NO}) union select b.n from same_as as a join same_as as b "  # noqa: S608 - fixed text
    f"on b.canonical = a.canonical where a.n in ({_NO})"
)
# contacts in which nobody was met but her
_ALONE = (
    "select l.source from link as l join engagement as h on h.n = l.source "  # noqa: S608 - fixed text
    f"where l.field = 'people' and h.people_unnamed = 0 and l.target in ({WOMEN}) and not exists "
    "(select 1 from link as o where o.source = l.source and o.field = 'people' "
    f"and o.target not in ({WOMEN}))"
)
_CONCERNS = (
    f"select c.n from concern as c where c.person in ({WOMEN}) "  # noqa: S608 - fixed text
    f"or (c.person is null and c.engagement in ({_ALONE}))"
)
_REFERRALS = f"select f.n from referral as f where f.person in ({WOMEN})"  # noqa: S608 - fixed text
_RESTRICTED = _ASIDE.format("offender")
MEN = (
    f"select n from ({_RESTRICTED}) union select b.n from same_as as a join same_as as b "  # noqa: S608 - fixed text
    f"on b.canonical = a.canonical where a.n in ({_RESTRICTED})"
)
_VEHICLES = f"select v.n from vehicle as v where v.offender in ({MEN})"  # noqa: S608 - fixed text
_HIS = {
    "vehicle": _VEHICLES,
    "sighting": f"select s.n from sighting as s where s.offender in ({MEN}) "  # noqa: S608 - fixed text
    f"or (s.offender is null and s.vehicle in ({_VEHICLES}))",
    "action": f"select a.n from action as a where a.offender in ({MEN})",  # noqa: S608 - fixed text
    "order": f'select o.n from "order" as o where o.offender in ({MEN})',  # noqa: S608 - fixed text
}
_HIDDEN = _HIS | {
    "concern": _CONCERNS,
    "referral": _REFERRALS,
    "followup": f"select d.n from followup as d where d.about in ({WOMEN} union {_CONCERNS} "  # noqa: S608 - fixed text
    f"union {_REFERRALS} union {_ALONE} union {MEN} union {' union '.join(_HIS.values())})",
}


CONTACTS = f"select l.source from link as l where l.field = 'people' and l.target in ({WOMEN})"  # noqa: S608 - fixed text
"""The numbers of the contacts in which one of them was met."""

# whose a record is, by its number: while she or he is restricted it opens with a reason alone
_MET = "select l.target from link as l where l.source = {} and l.field = 'people'"
_TOLD = (
    "select c.person from concern as c where c.n = {0} union all select l.target from concern as c "
    "join link as l on l.source = c.engagement and l.field = 'people' where c.n = {0} and c.person is null"
)
_SENT = "select f.person from referral as f where f.n = {}"
_ABOUT = "(select d.about from followup as d where d.n = ?1)"
_WHOSE = {
    "engagement": _MET.format("?1"),
    "concern": _TOLD.format("?1"),
    "referral": _SENT.format("?1"),
    "followup": " union all ".join(
        (f"select {_ABOUT}", *(one.format(_ABOUT) for one in (_MET, _TOLD, _SENT)))
    ),
    "vehicle": "select v.offender from vehicle as v where v.n = ?1",
    "sighting": "select coalesce(s.offender, (select v.offender from vehicle as v where v.n = s.vehicle)) "
    "from sighting as s where s.n = ?1",
    "action": "select a.offender from action as a where a.n = ?1",
    "order": 'select o.offender from "order" as o where o.n = ?1',
}


def is_closed(reader: Any, kind: str, n: int) -> bool:
    """Tell whether a record is of somebody who is restricted, under any record that is of her or him."""
    if kind not in _WHOSE:
        return False
    sql = (
        f"with whose (n) as ({_WHOSE[kind]}) select 1 from record as r where r.state = 'restricted' "  # noqa: S608 - fixed text
        "and r.n in (select n from whose union select b.n from same_as as a join same_as as b "
        "on b.canonical = a.canonical where a.n in (select n from whose)) limit 1"
    )
    return reader.execute(sql, (n,)).fetchone() is not None


def visible(kind: str, alias: str = "x") -> str:
    """Return the condition, over *alias*, that a record of a kind is not hidden; "1" where none ever is."""
    return f"{alias}.n not in ({_HIDDEN[kind]})" if kind in _HIDDEN else "1"


def without_her(reader: Any, kind: str, found: list[Record]) -> list[Record]:
    """Return contacts that do not point at a woman who is hidden, nor say what was written of her.

    The contact itself took place and stays.
    """
    if kind != "engagement" or not any(one["people"] for one in found):
        return found
    rows = reader.execute(f"select ref from record where n in ({WOMEN})").fetchall()  # noqa: S608 - fixed text
    hidden = {ref for (ref,) in rows}
    if not hidden:
        return found
    return [one if hidden.isdisjoint(one["people"]) else _silent(one, hidden) for one in found]


def _silent(contact: Record, hidden: set[str]) -> Record:
    left = [ref for ref in contact["people"] if ref not in hidden]
    return contact | {"people": left, "narrative": None, "mentions": None, "refs": []}
