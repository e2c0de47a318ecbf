"""Who signed: each transaction by one member, with his seed or a session key that his seed certified.

Members and their roles are those of the moment, folded from the security entries.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from db.vault import journal, signing

if TYPE_CHECKING:
    from collections.abc import Collection

    from db.vault.faults import Faults
    from db.vault.members import Certificate, Event, Order, People, Person

GRACE_MS = 5 * 60 * 1000  # what a wall clock may be behind before the journal says so by a clock_jump
CARRIED_MS = 1000  # a clock that stands while the wall catches up moves less than this

Row = tuple[Any, ...]


class Signers:
    """Checks the transactions of one desk after the other.

    Args:
        people: the members over time.
        events: the security entries in order.
        faults: where faults go.
        aside: what is in quarantine; it must be signed, and that is all.
    """

    def __init__(
        self, people: People, events: list[Event], faults: Faults, aside: Collection[tuple[int, int]] = ()
    ) -> None:
        self._people = people
        self._aside = aside
        self._faults = faults
        self._unlocks = {event.order[1:]: event for event in events if event.what == "unlock"}
        jumps = [event for event in events if event.what == "clock_jump"]
        self._jumps = [(event.order[0], int(event.detail.get("behind_ms", 0))) for event in jumps]
        self._first: Row | None = None  # of the open transaction
        self._roles: set[str] = set()
        self._works = False  # whether the transaction does more than security
        self.transactions = 0

    def begin(self) -> None:
        """Begin a desk."""
        self._first = None

    def end(self) -> None:
        """End a desk: its last transaction must have been signed."""
        if self._first is not None:
            self._faults.at("unsigned", *self._first[:2])

    def meet(self, row: Row) -> None:
        """Take the desk's next entry, as it is stored; what is just like the one before may be left out."""
        first = self._first
        if first is None:
            self._first = first = row
            self._roles, self._works = set(), False
        if row[3] != first[1] or row[4] != first[4] or row[6] != first[6]:
            self._faults.at("transaction-mixed", *row[:2])
        self._roles.add(row[5])
        self._works = self._works or row[7] != "security"
        if row[14] is not None:
            self._close(first, row)
            self._first = None

    def _close(self, first: Row, last: Row) -> None:
        """Check the transaction that ends here: its member, his roles, his key, his signature."""
        self.transactions += 1
        order: Order = (first[2], first[0], first[1])
        person = self._member(first, last, order)
        if person is None:
            self._faults.at("actor-unknown", *last[:2])
            return
        if last[:2] in self._aside:
            self._works, self._roles = False, set()
        held = {"recovery"} if person.state == "recovery" else {"officer", *person.roles}
        if not self._roles <= held or (self._works and person.state in ("joining", "recovery")):
            self._faults.at("role-not-held", *last[:2])
        key = person.key if first[6] is None else self._certified(first, last)
        if key is not None and not signing.signed_by(key, last[13], last[14]):
            self._faults.at("signature-wrong", *last[:2])

    def _member(self, first: Row, last: Row, order: Order) -> Person | None:
        """Return who the actor was; genesis makes its own. A removed one only up to what was accepted."""
        actor = first[4]
        person = self._people.before(actor, order)
        if person is None and first[1] == 1:
            person = self._people.before(actor, (last[2] + 1, 0, 0))
        if person is not None and person.state == "removed":
            accepted = self._people.accepted.get(actor, {}).get(last[0], 0)
            if last[1] > accepted and last[:2] not in self._aside:
                self._faults.at("actor-removed", *last[:2])
        return person

    def _certified(self, first: Row, last: Row) -> str | None:
        """Return the session key that an unlock entry of this desk certified for the actor."""
        certificate = self._people.certificates.get((last[0], first[6]))
        unlock = self._unlocks.get((last[0], first[6]))
        if certificate is None or certificate.member != first[4] or first[6] >= first[1]:
            self._faults.at("certificate-missing", *last[:2])
            return None
        if unlock is None or unlock.session is not None:
            self._faults.at("certificate-missing", *last[:2])
        if not self._within(certificate, first[2]):
            self._faults.at("certificate-expired", *last[:2])
        return certificate.key

    def _within(self, certificate: Certificate, at: int) -> bool:
        """Tell whether a clock reading is not past a certificate.

        A clock that was ahead stands until the wall has caught up; the journal says by how much.
        """
        wall, last = journal.wall_ms(at), certificate.not_after * 1000 + GRACE_MS
        if wall <= last:
            return True
        place = bisect_right(self._jumps, (at, 1 << 62))
        for jumped, behind in reversed(self._jumps[:place]):  # of whichever desk
            if wall - journal.wall_ms(jumped) > CARRIED_MS:
                return False
            if wall - behind <= last:
                return True
        return False
