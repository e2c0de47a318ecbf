"""Restricting a record, and emptying it for good: what is gone is gone from every table, index and log.

Any officer restricts; a supervisor lifts. Emptying takes two members, one of them a supervisor. The journal
keeps that it was done, by whom and why, and none of what was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import along, judgements, records
from db.errors import NotFound, Refused, Usage
from db.rules import limits
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
            if one.state == "restricted" and not agreement.asks(along.steps(tx, one)):
                _lift(tx, one)
    return found.ref


def _lift(tx: Write, found: Found) -> None:
    before = "present"
    for step in along.steps(tx, found):
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
    """Tell whether somebody asked for the record's erasure, so that the next call empties something."""
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, (kind,))
        if found.state == "erased" and _late(reader, found)[2]:
            return True
        going = along.alone(reader, found) if found.state == "erased" else [found]
        return any(agreement.asks(along.steps(reader, one)) for one in going)


def erase(store: Store, kind: str, ref: str, why: Why) -> Erasing:
    """Ask for a record's erasure, which restricts it at once; called by a second member, empty it for good.

    One of the two is a supervisor. In a unit with one active member his own second call empties it. With
    a person go her identity, concerns and referrals, and the follow-ups about them and about contacts in
    which she alone was met; her engagements stay as contacts that took place, pointing at a record with
    nothing behind it and, where she alone was met, without a word. With an offender go his
    vehicles, orders and sightings; actions stay. Of an engagement its concerns go. What officers wrote when
    they judged any of these goes, the verdict stays. Payloads and data keys,
    rows, words in the indexes, and the write-ahead log are emptied; the words of *why* are not kept. Called
    for an erased record, it takes along in the same two steps what another desk wrote before it heard of it.

    Raises:
        Usage: no reason was given.
        Refused: it takes another member, or a supervisor among the two; or it was erased before.
        NotFound: nothing answers to the reference.
    """
    _needs(why)
    with store.write(why.reason, why.note) as tx:
        found = records.find(tx, store.id_key, ref, (kind,))
        if found.state == "erased":
            return _erase_late(store, tx, found)
        standing = agreement.asks(along.steps(tx, found))
        others = tuple(one.ref for one in _others(tx, found) if one.state != "erased")
        if not standing:
            _ask(store, tx, found)
            _restrict_others(tx, found)
            return Erasing(found.ref, "restricted", (store.member.name,), same_as=others)
        names = dict(tx.execute("select id, name from member").fetchall())
        asked_by = tuple(dict.fromkeys(str(names.get(step.actor, step.actor)) for step in standing))
        allowed = _allowed(store, tx, standing)
        if allowed is None:
            raise Refused(_takes(found.ref, standing, store.member.id))
        gone = along.alone(tx, found)
        tx.erase(found.id, {"event": allowed})
        for one in gone:
            tx.erase(one.id, {"event": agreement.WITH, "with": found.id.hex()})
        for one in (found, *gone):
            judgements.silence(tx, one, found)
        hers, shared = along.contacts(tx, found)
        for contact in hers:
            tx.redact(contact.id, along.WORDS, {}, found.id.hex())
    return Erasing(found.ref, "erased", asked_by, _refs(gone), others, _refs(hers), _refs(shared))


def _ask(store: Store, tx: Write, found: Found) -> None:
    """Restrict a record and write down that this member wants it erased."""
    event = agreement.ORDERED if "supervisor" in store.member.roles else agreement.ASKED
    tx.amend(found.id, {}, state="restricted", detail={"event": event})


def _allowed(store: Store, tx: Write, standing: Sequence[fold.Step]) -> str | None:
    """Return under which event this member may empty what was asked for so; None: it takes another."""
    (active,) = tx.execute("select count(*) from member where state = 'active'").fetchone()
    supervisor = "supervisor" in store.member.roles
    return agreement.event_for(standing, store.member.id, supervisor=supervisor, alone=active == 1)


def _refs(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(one.ref for one in found)


def left(store: Store) -> list[str]:
    """Return the references of erased records on which hangs what another desk wrote unknowing.

    What came so is held and counted; ``erase`` on the same reference takes it along.
    """
    with store.counts() as reader:
        rows = reader.execute("select n, id, kind, state, ref from record where state = 'erased' order by n")
        return [one.ref for one in (records.Found(*row) for row in rows) if any(_late(reader, one))]


def _late(reader: Any, found: Found) -> tuple[list[Found], list[Found], list[Found]]:
    """Return what hangs on an erased record: what goes with it, contacts, and what is judged in words."""
    judged = [one for one in along.went(reader, found) if judgements.worded(reader, one.n)]
    return along.alone(reader, found), along.contacts(reader, found)[0], judged


def _erase_late(store: Store, tx: Write, found: Found) -> Erasing:
    """Empty what another desk wrote before it heard of the erasure: asked for and agreed on its own.

    What officers wrote there when they judged goes at once: that it goes was agreed with the erasure.
    """
    late, contacts, judged = _late(tx, found)
    if not late and not contacts and not judged:
        raise Refused(f"{found.ref} was erased before")
    _silence(tx, judged, found)
    gone: list[Found] = []
    asked: list[Found] = []
    for one in late:
        standing = agreement.asks(along.steps(tx, one))
        allowed = _allowed(store, tx, standing)
        if allowed is not None:
            tx.erase(one.id, {"event": allowed})
            judgements.silence(tx, one, one)
            gone.append(one)
        elif not standing:
            _ask(store, tx, one)
            asked.append(one)
    if late and not gone and not asked:
        raise Refused(_takes(found.ref, along.steps(tx, late[0]), store.member.id))
    if len(gone) < len(late):
        return Erasing(found.ref, "restricted", (store.member.name,), _refs(gone))
    for contact in contacts:
        _empty(tx, contact)
    return Erasing(found.ref, "erased", (store.member.name,), _refs(gone), (), _refs(contacts))


def _silence(tx: Write, judged: Sequence[Found], found: Found) -> None:
    if judged:
        tx.chain.unsaid()  # a redaction is no place for words about what is erased
    for one in judged:
        judgements.silence(tx, one, found)


def _empty(tx: Write, contact: Found) -> None:
    """Keep of a contact that it took place, with how many."""
    (met,) = tx.execute(
        "select people_unnamed + (select count(*) from link where source = e.n and field = 'people') "
        "from engagement as e where n = ?",
        (contact.n,),
    ).fetchone()
    tx.redact(contact.id, limits.LEVEL_0, {"sharing_level": 0, "people_unnamed": met})


def _needs(why: Why) -> None:
    if why.reason is None:
        raise Usage("say why, with --reason CODE")


def _standing(store: Store, tx: Write, kind: str, ref: str) -> Found:
    found = records.find(tx, store.id_key, ref, (kind,))
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing of it is held")
    return found


def _takes(ref: str, standing: Sequence[fold.Step], member: str) -> str:
    if any(step.actor != member for step in standing):
        return f"{ref} is restricted, its erasure asked for: one of the two who ask must be a supervisor"
    return (
        f"{ref} is restricted, and you asked for its erasure: a second member, one of you two a supervisor, "
        "gives the same command"
    )
