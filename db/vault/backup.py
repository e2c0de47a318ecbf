"""Copies of the unit that are known to open, and the way back from one.

A copy is a folder of two files, unit.db and the members.json of its day, encrypted like the unit itself.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import BeechError, Busy, Damaged, NotFound, Older, Refused
from db.vault import cipher, files, holding, keys, opening, places, upgrade
from db.vault.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Face, Store


class Backup(NamedTuple):
    """One copy: its name (when it was made, UTC), its folder, its size in bytes."""

    name: str
    folder: Path
    size: int


class Checked(NamedTuple):
    """A copy that was opened and folded: its name, how many entries, the faults found in it."""

    name: str
    entries: int
    faults: tuple[str, ...]


class Restored(NamedTuple):
    """What a restore did.

    ``kept`` is where the unit that was there lies, ``erasures`` how many later ones were repeated,
    ``members`` who have a key again though they were removed after the copy was made.
    """

    kept: Path | None
    erasures: int
    members: tuple[str, ...]


class Erasure(NamedTuple):
    """An erasure of the unit that was there: its entry, and what that says in the clear."""

    head: tuple[int, int]
    detail: dict[str, Any]


def make(store: Store, place: Path | None = None) -> Backup:
    """Copy the open unit while others may go on writing, verify the copy, then give it its name.

    Args:
        store: the open unit; the copy's making is journalled as ``security``.
        place: a folder for it; the unit's own ``backups`` by default.

    Raises:
        Busy: no room, or the place does not answer; what was begun is removed.
        Damaged: the copy does not verify; it is removed.
    """
    into = place or store.folder / opening.BACKUPS
    if place is not None:
        places.must_answer(place)
    name = datetime.fromtimestamp(store.now(), UTC).strftime("%Y-%m-%dT%H%M%SZ-") + os.urandom(3).hex()
    with store.write() as tx:
        tx.chain.event("backup", {"head": tx.chain.seq + 1})
    begun = into / f"{name}.new"
    try:
        files.make_folder(into)
        files.make_folder(begun)
        _copy(store, begun)
        faults = _faults(store, begun)
        if faults:
            raise Damaged(f"the copy does not verify ({faults[0]}): run 'beech journal verify' on the unit")
        files.rename(begun, into / name)
    except OSError as error:
        raise Busy(
            f"{into} does not take the copy ({(error.strerror or 'error').lower()}): none was made"
        ) from None
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    if place is not None:
        with store.write() as tx:
            tx.chain.event(places.AWAY)
    return Backup(name, into / name, _size(into / name))


def _copy(store: Store, begun: Path) -> None:
    """Copy an open unit, page by page under its own key, and the members.json beside it."""
    path = begun / opening.DATABASE
    files.create_exclusive(path, b"")
    copy = cipher.connect(path, store.store_key, salt=bytes.fromhex(store.generation))
    try:
        with store.cipher.trusted() as source, copy.trusted() as target:
            source.backup(target)
            target.execute("pragma journal_mode = delete")
    finally:
        copy.close()
    files.create_exclusive(begun / opening.MEMBERS, (store.folder / opening.MEMBERS).read_bytes())


def _faults(store: Store, folder: Path) -> tuple[str, ...]:
    """Open a copy with the unit's own key and verify it; the copy is not written to."""
    with opening.beside(store, folder) as copy:
        return tuple(f"{fault.name} {fault.where}" for fault in verify(copy).faults)


def listed(folder: Path) -> list[Backup]:
    """Return the copies in a unit's own ``backups``, oldest first."""
    return found_in(folder / opening.BACKUPS)


def found_in(into: Path) -> list[Backup]:
    """Return the copies in any folder, oldest first."""
    if not into.is_dir():
        return []
    found = [path for path in into.iterdir() if (path / opening.DATABASE).is_file() and path.suffix != ".new"]
    return [Backup(path.name, path, _size(path)) for path in sorted(found)]


def named(folder: Path, name: str) -> Path:
    """Return the folder of a copy: a name in the unit's ``backups``, or a path.

    Raises:
        NotFound: there is no such copy.
    """
    for path in (folder / opening.BACKUPS / name, Path(name)):
        if (path / opening.DATABASE).is_file() and (path / opening.MEMBERS).is_file():
            return path
    raise NotFound("no backup of that name: 'beech backups list' names those there are, or give its folder")


def check(backup: Path, passphrase: str, member: str | None, face: Face) -> Checked:
    """Open a copy by a passphrase of its day and verify it.

    Raises:
        Locked: the passphrase does not open it.
        Damaged: it does not open at all.
    """
    with opened_copy(backup, (passphrase, member), face) as (store, _):
        report = verify(store)
    return Checked(backup.name, report.entries, tuple(f"{f.name} {f.where}" for f in report.faults))


@contextmanager
def opened_copy(
    backup: Path, secret: tuple[str, str | None], face: Face
) -> Iterator[tuple[Store, keys.Opened]]:
    """Open a copy; of one that an older beech made, a copy of it that was brought up to this one."""
    opened = opening.slot(backup, *secret)
    try:
        store = opening.with_opened(backup, opened, face)
    except Older:
        with TemporaryDirectory(prefix="beech-") as made:
            upgrade.ready(backup, Path(made) / "unit", opened, face)
            with opening.with_opened(Path(made) / "unit", opened, face) as store:
                yield store, opened
        return
    with store:
        yield store, opened


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest *keep* copies from the unit's own ``backups``; returns their names."""
    if keep < 1:
        raise Refused("keep at least one backup")
    gone = listed(folder)[:-keep]
    for backup in gone:
        shutil.rmtree(backup.folder)
    return [backup.name for backup in gone]


def restore(folder: Path, backup: Path, secret: tuple[str, str | None], face: Face) -> Restored:
    """Put a copy in the place of the unit, keep what was there, and repeat the erasures made since.

    Args:
        folder: the unit's; empty or missing on a bare machine.
        backup: the copy's folder.
        secret: the passphrase of its day, and the member's name.
        face: who asks.

    Raises:
        Locked, Damaged: the copy does not open, or does not verify; nothing was changed.
        Refused: the copy is of another unit, or the member is no supervisor.
    """
    with opened_copy(backup, secret, face) as (store, opened):
        report = verify(store)
        if report.faults:
            raise Damaged(f"{backup.name} does not verify ({report.faults[0].name}): choose another backup")
        if "supervisor" not in store.member.roles:
            raise Refused("only a supervisor may restore: ask one")
        erased, removed = _since(folder, opened, face)
        begun = begin(folder, store)
    hold = holding.Hold(None)
    try:
        hold = holding.alone(folder)
        kept = _keep(folder)
        files.rename(begun / opening.DATABASE, folder / opening.DATABASE)
        files.rename(begun / opening.MEMBERS, folder / opening.MEMBERS)
    finally:
        hold.release()
        shutil.rmtree(begun, ignore_errors=True)
    with opening.with_opened(folder, opened, face) as restored:
        back = _repeat(restored, erased)
        names = {row[0] for row in restored.cipher.execute("select id from member where state = 'active'")}
    return Restored(kept, back, tuple(sorted(names & removed)))


def begin(folder: Path, store: Store) -> Path:
    """Copy the backup beside its future place, on the same disk, so that the last step is a rename."""
    files.make_folder(folder)
    begun = folder / f".restore-{os.urandom(6).hex()}"
    files.make_folder(begun)
    _copy(store, begun)
    return begun


def _since(folder: Path, opened: keys.Opened, face: Face) -> tuple[dict[bytes, Erasure], set[str]]:
    """Return what the present unit, where one opens, has erased, and whom it has removed."""
    if not (folder / opening.MEMBERS).exists():
        return {}, set()
    if keys.load(folder / opening.MEMBERS).unit != opened.unit:
        raise Refused(f"{folder} holds another unit than the backup's: restore into an empty folder")
    try:
        slot = keys.load(folder / opening.MEMBERS).named(opened.slot.member)
        present = keys.Opened(slot, opened.seed, opened.unit, opened.genesis)
        with opening.with_opened(folder, present, face) as store:
            rows = store.cipher.execute(
                "select x.record, x.desk, x.seq, e.detail from erased as x "
                "join entry as e on e.desk = x.desk and e.seq = x.seq"
            ).fetchall()
            erased = {record: Erasure((desk, seq), json.loads(detail)) for record, desk, seq, detail in rows}
            removed = {
                row[0] for row in store.cipher.execute("select id from member where state = 'removed'")
            }
    except BeechError:
        return {}, set()  # what is damaged is why one restores
    return erased, removed


def _keep(folder: Path) -> Path | None:
    """Move the unit that was there into ``backups``, under a name that says so."""
    present = [folder / name for name in (opening.DATABASE, f"{opening.DATABASE}-wal", opening.MEMBERS)]
    present = [path for path in present if path.exists()]
    (folder / f"{opening.DATABASE}-shm").unlink(missing_ok=True)
    if not present:
        return None
    files.make_folder(folder / opening.BACKUPS)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    kept = folder / opening.BACKUPS / f"{stamp}-before-restore-{os.urandom(3).hex()}"
    files.make_folder(kept)
    for path in present:
        files.rename(path, kept / path.name)
    return kept


def _repeat(store: Store, erased: dict[bytes, Erasure]) -> int:
    """Begin a new desk, say that this is a restore, and erase again what had been erased since."""
    count = 0
    store.forget_desk()
    with store.write() as tx:
        tx.chain.event("restore")
        for record in sorted(erased):
            row = tx.execute(
                "select state from record where id = ? and state not in ('absent', 'erased')", (record,)
            ).fetchone()
            if row is None:
                continue
            one = erased[record]
            if one.detail.get("event") != "redact":
                tx.erase(record, {"event": "erase_again"})
                count += 1
            elif tx.execute("select 1 from erased where record = ?", (record,)).fetchone() is None:
                beside = one.detail.get("with")
                tx.redact(record, one.detail["fields"], {} if beside else {"sharing_level": 0}, beside)
                count += 1
    return count


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
