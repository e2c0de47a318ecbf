"""Building the demo: a unit founded as any other, and its invented rows taken in as any import takes them.

Everything goes through the unit's own doors, so the journal holds it and ``journal verify`` proves it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from db import people, records
from db.demo import dealings, men, place, support, women
from db.demo.plan import plan
from db.exchange import importing
from db.exchange.reading import Row, Source
from db.records import Why
from db.rules import periods
from db.rules.canon import canonical
from db.vault import founding, keys, opening
from db.vault.store import Face

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from db.demo.plan import Plan
    from db.vault.store import Store

UNIT, MEMBER = "Demo Unit (invented)", "Demo"

ROWS: tuple[tuple[str, Callable[[Plan], Iterable[dict[str, Any]]]], ...] = (
    ("person", women.people),
    ("engagement", women.engagements),
    ("offender", men.offenders),
    ("vehicle", men.vehicles),
    ("concern", women.concerns),
    ("referral", support.referrals),
    ("followup", support.followups),
    ("sighting", men.sightings),
    ("action", dealings.actions),
    ("call", dealings.calls),
)


class Ground(NamedTuple):
    """Where a demo stands, and on what clock (UTC milliseconds; the wall's by default)."""

    folder: Path
    units: tuple[Path, ...] = ()
    clock: Callable[[], int] | None = None


class _Invented(Source):
    """Rows that were never in a file, for the importer."""

    def __init__(self, rows: Iterable[dict[str, Any]], tick: Callable[[], None]) -> None:
        self.format, self.size = "ndjson", 0
        self._rows, self._tick, self._count = rows, tick, 0
        self._hash = blake2b(digest_size=16)

    @property
    def done(self) -> int:
        return self._count

    def digest(self) -> str:
        return self._hash.hexdigest()

    def rows(self) -> Iterator[Row]:
        for raw in self._rows:
            self._count += 1
            self._hash.update(canonical(raw))
            yield Row(self._count, raw)
            self._tick()

    def close(self) -> None:
        """Nothing is open."""


def build(
    ground: Ground, engagements: int, seed: int, tick: Callable[[int, int], None] = lambda *_: None
) -> tuple[Store, Plan]:
    """Make the demo's unit in its folder and fill it; returns it open by its founder's own seed.

    The same seed, size and local day give the same records and the same numbers; references and keys
    are drawn anew, as in any unit.

    Args:
        ground: where, and on what clock.
        engagements: how many contacts to invent.
        seed: of the chance that invents them.
        tick: told engagements taken in so far, and how many there will be.

    Raises:
        Refused: the folder is a unit's, or holds anything that no demo put there.
        Usage: the size is out of bounds.
    """
    import time

    clock = ground.clock or (lambda: time.time_ns() // 1_000_000)
    planned = plan(periods.local_day(clock() // 1000), engagements, seed)
    place.prepare(ground.folder, ground.units)
    try:
        founding.found(ground.folder, (UNIT, MEMBER), place.PASSPHRASE, cost=keys.MODERATE, clock=clock)
        place.mark(ground.folder)
    except BaseException:
        place.abandon(ground.folder)
        raise
    store, _ = opening.with_passphrase(ground.folder, place.PASSPHRASE, None, Face("cli", "demo"))
    store.clock = clock
    try:
        _fill(store, planned, tick)
    except BaseException:
        store.close()
        raise
    return store, planned


def _fill(store: Store, planned: Plan, tick: Callable[[int, int], None]) -> None:
    for kind, rows in ROWS:
        count = 0

        def counted(kind: str = kind) -> None:
            nonlocal count
            count += 1
            if kind == "engagement" and count % 500 == 0:
                tick(count, planned.engagements)

        outcome = importing.run(store, kind, _Invented(rows(planned), counted), apply=True)
        if outcome.problems:
            first = outcome.problems[0]
            raise AssertionError(f"the demo's {kind} {first.row} is refused: {first.why}")
    for order in dealings.orders(planned):
        records.add(store, "order", order)
    for woman, identity in women.identities(planned):
        people.seal_identity(store, woman, identity, Why())
