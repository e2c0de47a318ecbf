"""Which records of a kind may leave, and how much of each: her sharing level, her no, what is restricted.

How far a record goes is asked of ``sharing``. A row about somebody who wants no contact, or whose record is
restricted, struck or erased, stays.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from db import records, sharing
from db.errors import Refused
from db.rules import sharing as rules
from db.rules.sharing import Extent
from db.vault import grouping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Filter, Record

_MET = "select l.target from link as l where l.source = {} and l.field = 'people'"
_OF_CONCERN = (
    "select c.person from concern as c where c.n = {0} and c.person is not null union all "
    "select l.target from concern as c join link as l on l.source = c.engagement and l.field = 'people' "
    "where c.n = {0} and c.person is null"
)
_OF_REFERRAL = "select f.person from referral as f where f.n = {}"

# whom or what a row is about: if that may not be told of, the row may not
_ABOUT = {
    "person": "select x.n",
    "engagement": _MET.format("x.n"),
    "concern": f"{_OF_CONCERN.format('x.n')} union all select x.engagement",
    "referral": "select x.person",
    "followup": " union all ".join(
        ("select x.about", *(one.format("x.about") for one in (_MET, _OF_CONCERN, _OF_REFERRAL)))
    ),
    "vehicle": "select x.offender",
    "sighting": "select x.offender union all select x.vehicle union all "
    "select v.offender from vehicle as v where v.n = x.vehicle and x.offender is null",
    "action": "select x.offender",
    "order": "select x.offender",
}
_BARRED = (
    "exists (select 1 from record as q left join person as w on w.n = q.n "
    "where (q.n in ({0}) or q.n in (select t.n from same_as as s join same_as as t "
    "on t.canonical = s.canonical where s.n in ({0}))) "
    "and (q.state = 'restricted' or q.state = 'struck' or q.state = 'erased' or w.status = 'no_contact'))"
)
_WOMEN = {
    "person": _ABOUT["person"],
    "engagement": _ABOUT["engagement"],
    "concern": _OF_CONCERN.format("x.n"),
    "referral": _ABOUT["referral"],
    "followup": f"select p.n from person as p where p.n in ({_ABOUT['followup']})",  # noqa: S608 - fixed text
}


class Leaving(NamedTuple):
    """One record on its way out: number, id, sharing level (None where it is not about her), its shape.

    ``women`` are the local numbers of those it is about.
    """

    n: int
    id: bytes
    level: int | None
    women: tuple[int, ...]
    shape: Record


class Judged(NamedTuple):
    """What may leave, and how many were left out or cut down, by why."""

    rows: list[Leaving]
    left: Counter[str]


def judge(
    reader: Any, kind: str, filters: Sequence[Filter], recipient: str, no: frozenset[int] = frozenset()
) -> Judged:
    """Return the records of a kind that stand, pass the filters and may leave, each cut to what may.

    In order of their references, which says nothing of when they were made. *no* are the local numbers of
    the women who said no to this purpose and recipient.
    """
    found = _select(reader, kind, filters)
    levels = sharing.levels(reader, kind, [one.n for _, one in found])
    unseen = _unseen(reader, kind, recipient)
    left: Counter[str] = Counter()
    rows: list[Leaving] = []
    whole = None if kind in rules.NEVER_LEAVES else Extent.WHOLE  # goes as it is, without a copy
    extents = {level: rules.extent(kind, level, recipient) for level in {0, *levels.values()}}
    for barred, one in found:
        level = levels.get(one.n, 0)
        extent = extents[level]
        shape = one.shape if extent is whole else rules.outgoing(kind, one.shape, extent)
        if barred:
            left["barred"] += 1
        elif not no.isdisjoint(one.women):
            left["refused"] += 1
        elif shape is None or (extent is Extent.FACTS and not _says_something(shape)):
            left["unit_only" if (level or 0) <= rules.UNIT_ONLY else "hers"] += 1
        else:
            left["facts"] += extent is Extent.FACTS
            if len(shape) < len(one.shape):
                shape = {
                    name: [] if type(value) is list else None for name, value in one.shape.items()
                } | shape
            rows.append(
                Leaving(one.n, one.id, level, one.women, _without(shape, unseen) if unseen else shape)
            )
    return Judged(rows, left)


def of_her(reader: Any, n: int | None) -> frozenset[int]:
    """Return the numbers of all the records that are of a woman; none where nobody is meant."""
    return frozenset() if n is None else frozenset(grouping.together(reader, n))


def of_subject(reader: Any, kind: str, rows: Sequence[Leaving], her: int | None) -> list[Leaving]:
    """Return of rows that go to the person herself what is of her alone; *her* is her number, where named.

    A contact with several women is of her as well: the others are not told of.

    Raises:
        Refused: nobody is named, or the rows are of several men.
    """
    first = dict(reader.execute("select n, canonical from same_as").fetchall())
    if kind not in rules.HERS:
        numbers = dict(reader.execute("select ref, n from record where kind = 'offender'").fetchall())
        named = (numbers.get(one.shape["ref" if kind == "offender" else "offender"]) for one in rows)
        if len({first.get(n, n) for n in named}) > 1:
            raise Refused(f"{rules.SUBJECT}: {_ALONE} --offender REF, or another filter")
        return list(rows)
    if her is None:
        raise Refused(f"{rules.SUBJECT}: {_ALONE} --person REF")
    group = of_her(reader, her)
    marks = ", ".join("?" * len(group))
    hers = {ref for (ref,) in reader.execute(f"select ref from record where n in ({marks})", list(group))}  # noqa: S608 - question marks
    kept = [
        one
        for one in rows
        if group.intersection(one.women) and (kind == "engagement" or group.issuperset(one.women))
    ]
    for one in kept:
        if one.shape.get("people"):
            one.shape["people"] = [ref for ref in one.shape["people"] if ref in hers]
    return kept


_ALONE = "what goes to a person is of that person alone: name one, with"


def spoken(reader: Any, kind: str, recipient: str, no: frozenset[int]) -> list[int]:
    """Return who may be spoken of in the words of a kind's rows, each by the number of her earliest record.

    She leaves herself, whole; in what is said of a man, and to whoever asks for her own, nobody is.
    """
    if kind not in rules.HERS or recipient == rules.SUBJECT:
        return []
    told = [one.n for one in judge(reader, "person", (), recipient, no).rows]
    first = dict(reader.execute("select n, canonical from same_as").fetchall())
    return list({first.get(n, n) for n in told})


def is_barred(reader: Any, kind: str, n: int) -> bool:
    """Tell whether a record is about somebody who is not told of: no contact, restricted, no longer there."""
    sql = f"select {_BARRED.format(_ABOUT[kind])} from {kind} as x where x.n = ?"  # noqa: S608 - fixed text
    return bool(reader.execute(sql, (n,)).fetchone()[0])


def women(reader: Any, kind: str, n: int) -> set[int]:
    """Return the local numbers of the women whom a record is about."""
    sql = f"select w.n from person as w, {kind} as x where x.n = ? and w.n in ({_WOMEN[kind]})"  # noqa: S608 - fixed text
    return {woman for (woman,) in reader.execute(sql, (n,))}


def _says_something(facts: Record) -> bool:
    """Tell whether a record cut down to facts still says anything of a man; where it was is not of him."""
    return any(value for name, value in facts.items() if name not in ("ref", "sector"))


def _select(reader: Any, kind: str, filters: Sequence[Filter]) -> list[tuple[int, Leaving]]:
    """Return each record with whether it is barred."""
    about, women = _ABOUT.get(kind), _WOMEN.get(kind)
    front = ", ".join(
        (
            _BARRED.format(about) if about else "0",
            f"(select group_concat(w.n) from person as w where w.n in ({women}))" if women else "null",  # noqa: S608 - fixed text
            "x.n, r.id",
        )
    )
    where = " and ".join(["r.state = 'present'", *(one.sql for one in filters)])
    bound = [value for one in filters for value in one.values]
    sql = f"{records.shape_sql(kind, front, listed=True)} where {where} order by r.ref, r.id"
    together = _together(reader, kind)
    made = []
    for row in reader.execute(sql, bound):
        barred, met, n, record = row[:4]
        shape = records.shape(kind, row[4:])
        if together is not None:
            shape["same_as"] = together.get(record, [])
        women_of = tuple(map(int, str(met).split(","))) if met is not None else ()
        made.append((barred, Leaving(n, record, None, women_of, shape)))
    return made


def _together(reader: Any, kind: str) -> dict[bytes, list[str]] | None:
    """Return of each record that others stand for as well their references; None for what is not merged."""
    if kind not in records.MERGED:
        return None
    found: dict[bytes, list[str]] = {}
    for record, ref in reader.execute(
        "select r.id, q.ref from same_as as s join same_as as t on t.canonical = s.canonical and t.n <> s.n "
        "join record as r on r.n = s.n join record as q on q.n = t.n "
        "where r.kind = ? and q.state = 'present' order by t.n",
        (kind,),
    ):
        found.setdefault(record, []).append(ref)
    return found


def _unseen(reader: Any, kind: str, recipient: str) -> frozenset[str]:
    """Return the references that no row of a kind may point at.

    Of a man or car that is restricted or no longer stands, and of a woman who is not herself shared so far.
    """
    rows = reader.execute(
        "select ref from record where (kind = 'offender' or kind = 'vehicle') and state <> 'present'"
    ).fetchall()
    unseen = {row[0] for row in rows} if kind == "concern" else set()
    if kind in ("engagement", "concern", "followup"):
        women = dict(reader.execute("select x.n, r.ref from person as x cross join record as r on r.n = x.n"))
        levels = sharing.levels(reader, "person", list(women))
        unseen |= {
            women[n]
            for n, level in levels.items()
            if rules.extent("person", level, recipient) is not Extent.WHOLE
        }
    return frozenset(unseen)


def _without(shape: Record, unseen: frozenset[str]) -> Record:
    """Return a record that does not point at what is not to be seen."""
    for name in ("offender", "vehicle", "person", "about"):
        if isinstance(shape.get(name), str) and shape[name] in unseen:
            shape[name] = None
    if shape.get("people"):
        shape["people"] = [ref for ref in shape["people"] if ref not in unseen]
    return shape
