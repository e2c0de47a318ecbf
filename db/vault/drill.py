"""A restore tried out: a copy is put into a private folder, opened, folded, compared, and taken away again.

Nothing of the unit is touched; that the drill was done is an entry.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Damaged, NotFound, Refused
from db.vault import backup, opening
from db.vault.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from db.vault.cipher import Cipher
    from db.vault.store import Store


class Drilled(NamedTuple):
    """What a drill found: entries in the copy, those made since, erasures that a restore would repeat.

    ``counts`` are, by kind, how many records stand now and in the copy.
    """

    name: str
    entries: int
    since: int
    erasures: int
    counts: dict[str, tuple[int, int]]


def drill(store: Store, copy: Path, secret: tuple[str, str | None]) -> Drilled:
    """Restore a copy into a temporary folder, verify all of it, count, compare, and clean up.

    Args:
        store: the open unit.
        copy: the copy's folder.
        secret: a passphrase of its day, and the member's name.

    Raises:
        Locked: the passphrase does not open it.
        Damaged: it does not open, verify, or lie in this unit's past.
        Refused: it is of another unit.
        Busy: no room for it.
    """
    with backup.opened_copy(copy, secret, store.face) as (found, opened):
        place = backup.begin(store.folder, found)
        try:
            with opening.with_opened(place, opened, store.face) as restored:
                told = _compared(store, restored, copy.name)
        finally:
            shutil.rmtree(place, ignore_errors=True)
    with store.write() as tx:
        tx.chain.event("drill", {"count": told.entries})
    return told


def _compared(store: Store, restored: Store, name: str) -> Drilled:
    if restored.unit != store.unit:
        raise Refused(f"{name} is a copy of another unit")
    report = verify(restored)
    if report.faults:
        raise Damaged(f"{name} does not verify ({report.faults[0].name}): make a new backup, and drill that")
    with store.counts() as now, restored.counts() as then:
        for desk, seq, hashed in then.execute("select desk, seq, hash from desk").fetchall():
            row = now.execute("select hash from entry where desk = ? and seq = ?", (desk, seq)).fetchone()
            if row is None or row[0] != hashed:
                raise Damaged(f"{name} holds what this unit's journal does not: 'beech journal verify'")
        (entries,) = now.execute("select count(*) from entry").fetchone()
        (gone,) = now.execute("select count(*) from erased").fetchone()
        (gone_then,) = then.execute("select count(*) from erased").fetchone()
        here, there = _standing(now), _standing(then)
    counts = {kind: (here.get(kind, 0), there.get(kind, 0)) for kind in sorted(here | there)}
    return Drilled(name, report.entries, entries - report.entries, gone - gone_then, counts)


def _standing(reader: Cipher) -> dict[str, int]:
    sql = "select kind, count(*) from record where state = 'present' and kind is not null group by kind"
    return dict(reader.execute(sql).fetchall())


def newest(folder: Path, place: Path | None) -> Path:
    """Return the newest copy: in the second place where one is named, else in the unit's own ``backups``.

    Raises:
        NotFound: there is none.
    """
    found = backup.found_in(place) if place is not None else backup.listed(folder)
    if not found:
        where = "that place" if place is not None else "the unit's folder"
        raise NotFound(f"there is no backup in {where}: 'beech backup' makes one")
    return found[-1].folder
