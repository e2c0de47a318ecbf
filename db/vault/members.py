"""Who is a member, as the journal's signed entries have it: folded from genesis, never believed from a table.

Keys are sealed only to whom this names; the member table and members.json follow it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

from db.vault import journal, signing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.vault.store import Store

RECOVERY = "00" * 8  # the recovery code's id: it signs member entries, nothing else

Order = tuple[int, int, int]  # at, desk, seq


class Person(NamedTuple):
    """A member at one point of the journal: public key, roles beside officer, state."""

    key: str
    roles: tuple[str, ...]
    state: str
    name: str = ""


class Event(NamedTuple):
    """A security entry that tells of a member or a key."""

    order: Order
    actor: str
    session: int | None
    detail: dict[str, Any]
    name: str | None

    @property
    def what(self) -> str:
        """Return the event's code."""
        return str(self.detail.get("event", ""))


class Certificate(NamedTuple):
    """What an unlock entry allows: one key, for one member, on one desk, until a time (UTC seconds)."""

    member: str
    key: str
    not_after: int
    order: Order


class People:
    """The members over time, and the session keys they certified."""

    def __init__(self) -> None:
        self._orders: dict[str, list[Order]] = {}
        self._states: dict[str, list[Person]] = {}
        self.certificates: dict[tuple[int, int], Certificate] = {}
        self.refused: list[Event] = []
        self.accepted: dict[str, dict[int, int]] = {}  # by removed member, the last entry of each desk

    def is_late(self, actor: str, desk: int, seq: int) -> bool:
        """Tell whether an entry is a leaver's, past what the removal accepted, whatever its time says."""
        return actor in self.accepted and seq > self.accepted[actor].get(desk, 0)

    def now(self) -> dict[str, Person]:
        """Return the members as they are at the end, the recovery code among them."""
        return {ident: states[-1] for ident, states in self._states.items()}

    def before(self, ident: str, order: Order) -> Person | None:
        """Return a member as he was when the entry at *order* was written."""
        orders = self._orders.get(ident)
        if orders is None:
            return None
        place = bisect_left(orders, order)
        return self._states[ident][place - 1] if place else None

    def held(self, ident: str, key: str) -> bool:
        """Tell whether a public key is, or was, this member's."""
        return any(person.key == key for person in self._states.get(ident, ()))

    def put(self, ident: str, order: Order, person: Person) -> None:
        """Let a member be so from *order* on."""
        self._orders.setdefault(ident, []).append(order)
        self._states.setdefault(ident, []).append(person)


_BY_SUPERVISOR = {"member_add", "member_role", "member_reset", "member_remove"}
_BY_SELF = {"member_join": "joining", "member_key": "active"}
_BY_RECOVERY = {"member_recover", "recovery_new"}
MEMBER_EVENTS = {*_BY_SUPERVISOR, *_BY_SELF, *_BY_RECOVERY}


def fold_members(events: Iterable[Event]) -> People:
    """Fold the security entries, in order of (at, desk, seq); what nobody entitled signed changes nothing.

    Nor does what a leaver wrote past the entries that his removal accepts: so it is folded again without.
    """
    events = list(events)
    people = _fold_once(events)
    for _ in range(len(people.accepted)):
        known = people
        people = _fold_once([event for event in events if not known.is_late(event.actor, *event.order[1:])])
        if people.accepted == known.accepted:
            break
    return people


def _fold_once(events: Iterable[Event]) -> People:
    people = People()
    for event in events:
        if event.what == "genesis":
            _found(people, event)
        elif event.what == "unlock":
            desk, seq = event.order[1:]
            people.certificates[desk, seq] = Certificate(
                event.actor,
                str(event.detail.get("key", "")),
                int(event.detail.get("not_after", 0)),
                event.order,
            )
        elif event.what in MEMBER_EVENTS:
            if _entitled(people, event):
                _apply(people, event)
            else:
                people.refused.append(event)
    return people


def _found(people: People, event: Event) -> None:
    detail = event.detail
    if people.now():
        people.refused.append(event)
        return
    roles = tuple(detail["roles"])
    people.put(detail["member"], event.order, Person(detail["key"], roles, "active", event.name or ""))
    people.put(RECOVERY, event.order, Person(detail["recovery_key"], ("recovery",), "recovery"))


def _entitled(people: People, event: Event) -> bool:
    actor = people.now().get(event.actor)
    if actor is None:
        return False
    if event.what in _BY_RECOVERY:
        return event.actor == RECOVERY
    if event.what in _BY_SELF:
        return event.detail.get("member") == event.actor and actor.state == _BY_SELF[event.what]
    return actor.state == "active" and "supervisor" in actor.roles


def _apply(people: People, event: Event) -> None:
    detail, order = event.detail, event.order
    ident = RECOVERY if event.what == "recovery_new" else str(detail.get("member"))
    if event.what == "member_add":
        if ident in people.now():
            people.refused.append(event)
            return
        person = Person(detail["key"], tuple(detail["roles"]), "joining", event.name or "")
        people.put(ident, order, person)
        return
    person = people.now().get(ident, Person("", (), "removed"))
    if person.state == "removed":
        if event.what == "member_remove" and ident in people.accepted:
            _accept(people, ident, detail)  # by two supervisors, neither knowing of the other
        else:
            people.refused.append(event)
        return
    known: dict[str, dict[str, Any]] = {
        "member_join": {"key": detail.get("key"), "state": "active"},
        "member_key": {"key": detail.get("key")},
        "member_recover": {"key": detail.get("key"), "state": "active"},
        "recovery_new": {"key": detail.get("key")},
        "member_reset": {"key": detail.get("key"), "state": "joining"},
        "member_role": {"roles": tuple(detail.get("roles", ()))},
        "member_remove": {"roles": (), "state": "removed"},
    }
    if event.what == "member_remove":
        _accept(people, ident, detail)
    people.put(ident, order, person._replace(**known[event.what]))


def _accept(people: People, ident: str, detail: dict[str, Any]) -> None:
    """Note the last entries that a removal accepts."""
    heads = people.accepted.setdefault(ident, {})
    for desk, seq in detail.get("accepted", ()):
        heads[desk] = max(seq, heads.get(desk, 0))


def read_events(store: Store) -> list[Event]:
    """Return the unit's security entries in order; those whose detail cannot be read are left out."""
    rows = store.cipher.execute(
        "select e.at, e.desk, e.seq, e.actor, e.session, e.detail, p.body from entry as e "
        "left join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where e.operation = 'security' order by e.at, e.desk, e.seq"
    ).fetchall()
    events = []
    for at, desk, seq, actor, session, detail, body in rows:
        try:
            clear = json.loads(detail)
            payload = json.loads(body) if body is not None else {}
        except ValueError:
            continue
        events.append(Event((at, desk, seq), actor, session, clear, payload.get("name")))
    return events


def fold_store(store: Store) -> dict[str, Person]:
    """Return the members of the unit; a member entry that is not rightly signed is passed over."""
    events = read_events(store)
    people = fold_members(events)
    good = [e for e in events if e.what not in MEMBER_EVENTS or signed(store, people, e)]
    return people.now() if len(good) == len(events) else fold_members(good).now()


def signed(store: Store, people: People, event: Event) -> bool:
    """Tell whether the transaction of *event* is signed by its actor: hashes anew, then the signature."""
    at, desk, seq = event.order
    rows = store.cipher.execute(
        f"select {journal.COLUMNS}, hash, signature from entry where desk = ? and tx = "  # noqa: S608 - the journal's own columns
        "(select tx from entry where desk = ? and seq = ?) and seq >= ? order by seq",
        (desk, desk, seq, seq),
    ).fetchall()
    before = store.cipher.execute(
        "select hash from entry where desk = ? and seq = ?", (desk, seq - 1)
    ).fetchone()
    previous = before[0] if before else journal.START
    for row in rows:
        previous = journal.entry_hash(store.unit, previous, journal.Entry._make(row[:13]))
        if previous != row[13]:
            return False
    person = people.before(event.actor, event.order) if event.what != "genesis" else None
    if person is None or not rows or rows[-1][14] is None:
        return False
    key = person.key
    if event.session is not None:
        certificate = people.certificates.get((desk, event.session))
        if certificate is None or certificate.member != event.actor:
            return False
        key = certificate.key
    return signing.signed_by(key, previous, rows[-1][14])
