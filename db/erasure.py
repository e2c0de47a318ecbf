"""Restricting a record, and emptying it for good: what is gone is gone from every table, index and log.

Any officer restricts; a supervisor lifts. Emptying takes two members, one of them a supervisor. The journal
keeps that it was done, by whom and why, and none of what was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import records
from db.errors import NotFound, Refused, Usage
from db.vault import agreement, fold, grouping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Found, Why
    from db.vault.store import Store
    from db.vault.writing import Write


class Erasing(NamedTuple):
    """How far an erasure is: the record's reference and state (restricted, erased), who asked, what went too.

    ``emptied`` are the contacts in which she alone was met: they stay, without a word. ``look_through`` those
    with others, whose words stay: somebody has to read whether they speak of her.

    ``asked_by`` are names in order of their asking; ``along`` the references of what was hers alone;
    ``same_as`` those of the records merged with it, which are restricted and are erased each by its own call.
    """

    ref: str
    state: str
    asked_by: tuple[str, ...]
    along: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    look_through: tuple[str, ...] = ()


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
    from engagement as e join record as r on r.n = e.n
    where {_MET} and (e.narrative is not null or e.mentions is not null or e.refs is not null) order by r.n"""  # noqa: S608 - fixed text
_WORDS = ("narrative", "mentions", "refs")  # of a contact: what she said, and what leads to her elsewhere
_ABOUT = "select n from followup where about = ?1"


def restrict(store: Store, kind: str, ref: str, why: Why) -> str:
    """Take a record out of lists, searches, matching, sheets and counts of people; returns its reference.

    It stays held, and ``show`` tells it to whom gives a reason. Any officer may. What is merged with it is
    restricted as well: her no is hers under every record that is of her.

    Raises:
        Usage: no reason was given.
        Refused: it is restricted already.
        NotFound: nothing answers to the reference, or it was erased.
    """
    _needs(why)
    with store.write(why.reason, why.note) as tx:
        found = _standing(store, tx, kind, ref)
        if found.state == "restricted":
            raise Refused(f"{found.ref} is restricted already")
        tx.amend(found.id, {}, state="restricted")
        _restrict_others(tx, found)
    return found.ref


def lift(store: Store, kind: str, ref: str, why: Why) -> str:
    """Put a restricted record back as it was before, and drop a request to erase it; returns its reference.

    What is merged with it and restricted is put back too, unless its erasure was asked for.

    Raises:
        Usage: no reason was given.
        Refused: it is not restricted, or this member is no supervisor.
        NotFound: nothing answers to the reference, or it was erased.
    """
    _needs(why)
    with store.write(why.reason, why.note) as tx:
        found = _standing(store, tx, kind, ref)
        if found.state != "restricted":
            raise Refused(f"{found.ref} is not restricted")
        _lift(tx, found)
        for one in _others(tx, found):
            if one.state == "restricted" and not agreement.asks(_steps(tx, one)):
                _lift(tx, one)
    return found.ref


def _lift(tx: Write, found: Found) -> None:
    before = "present"
    for step in _steps(tx, found):
        state = step.detail.get("state")
        before = state if state in ("present", "struck") else before
    tx.amend(found.id, {}, state=before, detail={"event": agreement.LIFT})


def _restrict_others(tx: Write, found: Found) -> None:
    for one in _others(tx, found):
        if one.state == "present":
            tx.amend(one.id, {}, state="restricted")


def _others(reader: Any, found: Found) -> list[Found]:
    """Return the records that are merged with one."""
    return [
        records.Found(*row)
        for n in grouping.together(reader, found.n)
        if n != found.n
        for row in reader.execute("select n, id, kind, state, ref from record where n = ?", (n,)).fetchall()
    ]


def is_asked(store: Store, kind: str, ref: str) -> bool:
    """Tell whether somebody asked for the record's erasure, so that the next call empties it."""
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, (kind,))
        (heads,) = reader.execute("select heads from record where n = ?", (found.n,)).fetchone()
        return found.state != "erased" and bool(agreement.asks(fold.lineage(reader, heads)))


def erase(store: Store, kind: str, ref: str, why: Why) -> Erasing:
    """Ask for a record's erasure, which restricts it at once; called by a second member, empty it for good.

    One of the two is a supervisor. In a unit with one active member his own second call empties it. With
    a person go her identity, concerns and referrals, and the follow-ups about them and about contacts in
    which she alone was met; her engagements stay as contacts that took place, pointing at a record with
    nothing behind it and, where she alone was met, without a word. With an offender go his
    vehicles, orders and sightings; actions stay. Of an engagement its concerns go. Payloads and data keys,
    rows, words in the indexes, and the write-ahead log are emptied; the words of *why* are not kept.

    Raises:
        Usage: no reason was given.
        Refused: it takes another member, or a supervisor among the two; or it was erased before.
        NotFound: nothing answers to the reference.
    """
    _needs(why)
    with store.write(why.reason, why.note) as tx:
        found = records.find(tx, store.id_key, ref, (kind,))
        if found.state == "erased":
            raise Refused(f"{found.ref} was erased before")
        standing = agreement.asks(_steps(tx, found))
        others = tuple(one.ref for one in _others(tx, found) if one.state != "erased")
        supervisor = "supervisor" in store.member.roles
        if not standing:
            event = agreement.ORDERED if supervisor else agreement.ASKED
            tx.amend(found.id, {}, state="restricted", detail={"event": event})
            _restrict_others(tx, found)
            return Erasing(found.ref, "restricted", (store.member.name,), same_as=others)
        names = dict(tx.execute("select id, name from member").fetchall())
        asked_by = tuple(dict.fromkeys(str(names.get(step.actor, step.actor)) for step in standing))
        (active,) = tx.execute("select count(*) from member where state = 'active'").fetchone()
        allowed = agreement.event_for(standing, store.member.id, supervisor=supervisor, alone=active == 1)
        if allowed is None:
            raise Refused(_takes(found.ref, standing, store.member.id))
        along = _alone(tx, found)
        tx.erase(found.id, {"event": allowed})
        for one in along:
            tx.erase(one.id, {"event": agreement.WITH, "with": found.id.hex()})
        emptied, shared = _wordless(tx, found)
    return Erasing(found.ref, "erased", asked_by, tuple(one.ref for one in along), others, emptied, shared)


def _wordless(tx: Write, found: Found) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Empty the words of the contacts in which she alone was met; returns these, and those with others."""
    if found.kind != "person":
        return (), ()
    emptied, shared = [], []
    for *row, others in tx.execute(_CONTACTS, (found.n,)).fetchall():
        contact = records.Found(*row)
        if others:
            shared.append(contact.ref)
        else:
            tx.redact(contact.id, _WORDS, {}, found.id.hex())
            emptied.append(contact.ref)
    return tuple(emptied), tuple(shared)


def _needs(why: Why) -> None:
    if why.reason is None:
        raise Usage("say why, with --reason CODE")


def _standing(store: Store, tx: Write, kind: str, ref: str) -> Found:
    found = records.find(tx, store.id_key, ref, (kind,))
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing of it is held")
    return found


def _steps(tx: Write, found: Found) -> list[fold.Step]:
    (heads,) = tx.execute("select heads from record where n = ?", (found.n,)).fetchone()
    return fold.lineage(tx, heads)


def _takes(ref: str, standing: Sequence[fold.Step], member: str) -> str:
    if any(step.actor != member for step in standing):
        return f"{ref} is restricted, its erasure asked for: one of the two who ask must be a supervisor"
    return (
        f"{ref} is restricted, and you asked for its erasure: a second member, one of you two a supervisor, "
        "gives the same command"
    )


def _alone(tx: Write, found: Found) -> list[Found]:
    """Return the records that go with one, those that hang on them included."""
    gone = {found.n: found}
    left = [found]
    while left:
        one = left.pop()
        sql = " union ".join(filter(None, (_ALONE.get(one.kind), _ABOUT)))
        rows = tx.execute(
            "select n, id, kind, state, ref from record where state not in ('absent', 'erased') "  # noqa: S608 - fixed text
            f"and n in ({sql}) order by n",
            (one.n,),
        ).fetchall()
        for row in rows:
            if row[0] not in gone:
                left.append(gone.setdefault(row[0], records.Found(*row)))
    return [one for one in gone.values() if one is not found]
