"""The safeguarding plan: what is still to be done for whom, by whom, by when. It never leaves the unit.

What is owed to a woman is told by its own reference alone, unless she is to be named within the police; of
one who wants no contact, or whose record is restricted, nothing is told.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from db import sharing
from db.releases import INSIDE
from db.rules import vocabulary
from db.rules.sharing import Extent, extent
from db.rules.sheets import Grid, Part

if TYPE_CHECKING:
    from db.vault.store import Look

HEADER = ("due", "what", "about", "owner", "state")

_FOLLOWUPS = """
select f.n, r.ref, f.what, f.about, a.ref, a.kind, f.owner, f.due_on from followup as f
join record as r on r.n = f.n and r.state = 'present' left join record as a on a.n = f.about
where f.done_on is null order by f.due_on, r.ref"""
_REFERRALS = """
select f.n, r.ref, f.service || '; ' || f.status, f.person, a.ref, a.kind, f.owner, f.chase_on
from referral as f cross join record as r on r.n = f.n and r.state = 'present'
join record as a on a.n = f.person
where f.status in ('offered', 'sent', 'accepted', 'waiting') and f.chase_on is not null
order by f.chase_on, r.ref"""

# The people behind a record that something is owed about, by its kind.
_PEOPLE = {
    "person": "select ?1",
    "engagement": "select target from link where source = ?1 and field = 'people'",
    "concern": "select person from concern where n = ?1 and person is not null",
    "referral": "select person from referral where n = ?1",
}


class Owed(NamedTuple):
    """One thing to do: what, about which record (number, reference, kind), who, by when."""

    n: int
    ref: str
    what: str
    about: int | None
    about_ref: str | None
    kind: str | None
    owner: str | None
    due_on: str


def plan(look: Look, today: date) -> Part:
    """Return what is open, the earliest first; the look is told whom it shows.

    Args:
        look: the disclosure under which it is read.
        today: says what is overdue.
    """
    rows, left = [], 0
    services = vocabulary.codes("service")
    referrals = [Owed(*row) for row in look.execute(_REFERRALS).fetchall()]
    for owed in (*(Owed(*row) for row in look.execute(_FOLLOWUPS).fetchall()), *referrals):
        people = _people(look, owed)
        if any(hidden for _, hidden in people):
            left += 1
            continue
        look.shown(1, [record.hex() for record, _ in people])
        told = _may_be_told(look, owed)
        due = date.fromisoformat(owed.due_on)
        rows.append(
            (
                due,
                _said(owed, services) if told else f"see {owed.ref}",
                (owed.about_ref or "") if told else "",
                owed.owner or "",
                "overdue" if due < today else "due",
            )
        )
    rows.sort(key=lambda row: (row[0], row[1]))
    said = (
        f"Left out: {left} about women who want no contact or whose records are restricted." if left else ""
    )
    grid = Grid("safeguarding_plan", "Open actions", HEADER, tuple(rows), _DEFINITION)
    return Part("E. Safeguarding plan", (said,) if said else (), grids=(grid,))


_DEFINITION = (
    "Follow-ups that are not done and referrals that are to be chased, whenever they are due. What is owed "
    "to a woman below sharing level 4, or is about nobody in particular, is told by its reference alone: the "
    "words are in beech."
)


def _said(owed: Owed, services: dict[str, str]) -> str:
    if owed.ref[0] != "R":
        return owed.what
    service, _, status = owed.what.rpartition("; ")
    return f"referral to {services.get(service, service)}, {status}"


def _people(look: Look, owed: Owed) -> list[tuple[bytes, bool]]:
    """Return the people something is owed about: id, and whether she may not be spoken of."""
    if owed.kind not in _PEOPLE:
        return []
    rows: list[tuple[bytes, Any]] = look.execute(
        f"with her (n) as ({_PEOPLE[owed.kind]}) "  # noqa: S608 - fixed text
        "select r.id, r.state <> 'present' or coalesce(p.status, '') = 'no_contact' from record as r "
        "left join person as p on p.n = r.n where r.n in (select n from her union select b.n from her "
        "join same_as as a on a.n = her.n join same_as as b on b.canonical = a.canonical)",
        (owed.about,),
    ).fetchall()
    return [(record, bool(hidden)) for record, hidden in rows]


def _may_be_told(look: Look, owed: Owed) -> bool:
    if owed.kind is None or owed.about is None:
        return False
    level = sharing.level_of(look, owed.kind, owed.about)
    return extent(owed.kind, level, INSIDE) is Extent.WHOLE
