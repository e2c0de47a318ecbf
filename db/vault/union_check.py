"""Entries from another desk, judged before one is taken: chain, signers, roles, digests, what they stand on.

A desk at fault gives nothing; what others wrote on top of it waits with it. The rest is taken all the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Damaged
from db.rules.records import FOLDED
from db.vault import emptying, journal, members
from db.vault.faults import Fault, Faults
from db.vault.union_base import OnTop
from db.vault.verify_chain import CHANGES, said_faults
from db.vault.verify_signers import Signers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.vault.members import Event, People
    from db.vault.store import Store

Head = tuple[int, int]
_DATA_KEY = 80


class Part(NamedTuple):
    """One entry as it is stored, hash and signature at its end, and what hangs on it.

    ``key`` is the identity key and the data key sealed to it, of a sealed identity.
    """

    row: tuple[Any, ...]
    salt: bytes | None = None
    body: bytes | None = None
    key: tuple[bytes, bytes] | None = None

    @property
    def head(self) -> Head:
        """The entry's (desk, seq)."""
        return self.row[0], self.row[1]

    @property
    def entry(self) -> journal.Entry:
        """The entry without hash and signature."""
        return journal.Entry._make(self.row[:13])


class Judged(NamedTuple):
    """What may be taken, in order of desk and number, and what was found wrong with the rest."""

    new: list[Part]
    faults: list[Fault]


def judge(store: Store, parts: Iterable[Part]) -> Judged:
    """Judge entries that came from elsewhere.

    Raises:
        Damaged: they would undo the removal of a member.
    """
    faults: list[Fault] = []
    desks: dict[int, list[Part]] = {}
    for part in parts:
        desks.setdefault(part.row[0], []).append(part)
    new: dict[int, list[Part]] = {}
    for desk, of_desk in sorted(desks.items()):
        found = Faults()
        with found.reading(f"{desk:012x}"):
            new[desk] = _chained(store, desk, sorted(of_desk), found)
        if found.found:
            new.pop(desk, None)
            faults += found.found
    while True:
        wrong = _standing(store, new)
        if not wrong:
            return Judged([part for desk in sorted(new) for part in new[desk]], faults)
        for desk, found in wrong.items():
            del new[desk]
            faults += found.found


def _chained(store: Store, desk: int, parts: list[Part], faults: Faults) -> list[Part]:
    """Return what follows on this desk's entries here, each hash made anew."""
    head = store.cipher.execute("select seq, hash, at from desk where desk = ?", (desk,)).fetchone()
    number, previous, clock = head or (0, journal.START, 0)
    known = [part for part in parts if part.row[1] <= number]
    if known:
        row = store.cipher.execute(
            "select hash from entry where desk = ? and seq = ?", known[-1].head
        ).fetchone()
        if row is None or row[0] != known[-1].row[13]:
            faults.at("desk-forked", *known[-1].head)
            return []
    new = parts[len(known) :]
    for part in new:
        entry = part.entry
        if entry.seq != number + 1:
            faults.at("chain-gap", desk, entry.seq)
            return []
        if entry.at <= clock:
            faults.at("clock-backwards", desk, entry.seq)
        previous, number, clock = journal.entry_hash(store.unit, previous, entry), entry.seq, entry.at
        if previous != part.row[13]:
            faults.at("chain-broken", desk, entry.seq)
            return []
        for name in _content_faults(part):
            faults.at(name, desk, entry.seq)
    return new


def _content_faults(part: Part) -> list[str]:
    """Return what is wrong with one entry by itself: what it says, its kind, its payload."""
    entry = part.entry
    found = said_faults(entry.detail, entry.role, entry.operation, entry.session, entry.kind)
    changes = entry.operation in CHANGES and not _only_says(entry)
    if changes and (entry.record is None or entry.kind not in (*FOLDED, "identity")):
        found.append("kind-unknown")
    elif not (_reads(part) if changes else _restates(part)):
        found.append("payload-unreadable")
    if entry.operation == "security":
        event_of(part)
    if part.salt is None or part.body is None:
        return found
    if entry.digest is None:
        found.append("payload-unannounced")
    elif journal.payload_digest(part.salt, part.body) != entry.digest:
        found.append("payload-altered")
    return found


def _only_says(entry: journal.Entry) -> bool:
    """Tell whether an entry changes no record: an import's last, its undo's, one that empties looks."""
    if entry.record is not None:
        return False
    if entry.operation == "erasure":
        return bool(emptying.looks_in(entry.detail))
    return entry.operation in ("collection", "alteration") and "import" in json.loads(entry.detail)


def _restates(part: Part) -> bool:
    """Tell whether what empties looks says of each what is kept; other entries need not."""
    empties = part.entry.operation == "erasure" and part.body is not None
    return not empties or emptying.restates(part.entry.detail, part.body or b"")


def _reads(part: Part) -> bool:
    """Tell whether a change sets nothing but fields of its kind, and a first entry says how it is called."""
    entry = part.entry
    if entry.kind == "identity":
        return part.body is None or (part.key is not None and len(part.key[1]) == _DATA_KEY)
    if entry.operation == "collection" and "ref" not in json.loads(entry.detail):
        return False
    fields = json.loads(part.body).get("set") or {} if part.body is not None else {}
    return all(FOLDED[str(entry.kind)].field(name) is not None for name in fields)


def event_of(part: Part) -> Event:
    """Return a security entry as the member fold takes it."""
    entry = part.entry
    body = json.loads(part.body) if part.body is not None else {}
    order = (entry.at, entry.desk, entry.seq)
    return members.Event(order, entry.actor, entry.session, json.loads(entry.detail), body.get("name"))


def _standing(store: Store, new: dict[int, list[Part]]) -> dict[int, Faults]:
    """Return the desks whose new entries cannot stand: not rightly signed, or on what is not there."""
    mine = members.read_events(store)
    theirs = [event_of(part) for of in new.values() for part in of if part.row[7] == "security"]
    events = sorted([*mine, *theirs], key=lambda event: event.order)
    people = _folded(events)
    _keep_removed(_folded(mine), people)
    refused = {event.order[1:] for event in people.refused}
    on_top = OnTop(store, new, people)
    wrong = {}
    for desk, parts in new.items():
        faults = Faults()
        aside = {part.head for part in parts if people.is_late(part.row[4], *part.head)}
        signers = Signers(people, events, faults, aside)
        with faults.reading(f"{desk:012x}"):
            for part in parts:
                signers.meet(part.row)
                if part.head in refused:
                    faults.at("member-not-entitled", *part.head)
                on_top.check(part, faults)
            signers.end()
        if faults.found:
            wrong[desk] = faults
    return wrong


def _folded(events: list[Event]) -> People:
    with Faults().reading("member"):
        return members.fold_members(events)
    raise Damaged("an entry about a member cannot be read: nothing was taken")


def _keep_removed(before: People, after: People) -> None:
    now = after.now()
    if any(
        person.state == "removed" and now[ident].state != "removed" for ident, person in before.now().items()
    ):
        raise Damaged(
            "this journal would undo the removal of a member: nothing was taken; ask a supervisor of the "
            "other desk who signed it"
        )
