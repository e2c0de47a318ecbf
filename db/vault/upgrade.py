"""A unit that an older beech made, brought up to this one: beside its place, checked, then renamed.

The journal is taken as it is; what it adds up to is made anew. What was there is kept under backups.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Damaged
from db.vault import cipher, files, folders, holding, opening, rebuild, schema
from db.vault.verify import verify
from db.vault.versions import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from db.vault.keys import Opened
    from db.vault.store import Face, Store


class Upgraded(NamedTuple):
    """What was done: the folder of the copy that was made first, and how many entries were checked."""

    kept: Path
    entries: int


def bring_up(folder: Path, opened: Opened, face: Face) -> Upgraded:
    """Copy the unit into ``backups``, bring a second copy up, check it in full, put it in the unit's place.

    A kill at any step leaves a unit that opens, of one version or the other.

    Args:
        folder: the unit's; no other process may have it open.
        opened: a member's open slot.
        face: who asks.

    Raises:
        Busy: somebody else has the unit open, or there is no room; nothing was changed.
        Damaged: the unit does not verify; nothing was changed.
    """
    hold = holding.alone(folder)
    begun = folder / opening.BACKUPS / f"{_stamp()}-before-upgrade-{os.urandom(3).hex()}.new"
    path = folder / f"{opening.DATABASE}.new"
    try:
        folders.make_folder(begun.parent)
        folders.make_folder(begun)
        _copy(folder / opening.DATABASE, begun / opening.DATABASE, opened)
        files.create_exclusive(begun / opening.MEMBERS, (folder / opening.MEMBERS).read_bytes())
        path.unlink(missing_ok=True)
        _copy(begun / opening.DATABASE, path, opened)
        entries = renew(folder, path.name, opened, face)
        kept = begun.with_suffix("")
        files.rename(begun, kept)
        for suffix in ("-wal", "-shm"):  # emptied into the file when it was copied
            (folder / (opening.DATABASE + suffix)).unlink(missing_ok=True)
        files.rename(path, folder / opening.DATABASE)
        with opening.with_opened(folder, opened, face, held=True) as store, store.write() as tx:
            tx.chain.event("upgrade", {"schema": SCHEMA})
    finally:
        path.unlink(missing_ok=True)
        shutil.rmtree(begun, ignore_errors=True)
        hold.release()
    return Upgraded(kept, entries)


def ready(folder: Path, into: Path, opened: Opened, face: Face) -> None:
    """Copy a unit into a new folder and bring the copy up; the unit itself is not written to.

    Raises:
        Damaged: the copy does not verify.
    """
    folders.make_folder(into)
    _copy(folder / opening.DATABASE, into / opening.DATABASE, opened)
    files.create_exclusive(into / opening.MEMBERS, (folder / opening.MEMBERS).read_bytes())
    renew(into, opening.DATABASE, opened, face)


def renew(folder: Path, name: str, opened: Opened, face: Face) -> int:
    """Bring up a copy that nobody else uses, and check it; returns how many entries it holds.

    Raises:
        Damaged: it does not verify.
    """
    key = opened.store_key(cipher.generation(folder / name))
    copy = cipher.connect(folder / name, key, older=True)
    try:
        with copy.trusted() as connection:
            schema.migrate(connection)
    finally:
        copy.close()
    with opening.copy(folder, opened, face, name) as store:
        rebuild.rebuild(store)
        report = verify(store)
        settle(store)
    if report.faults:
        raise Damaged(
            f"the unit does not verify ({report.faults[0].name}): it stays as it was; look at "
            "'beech journal verify' with the beech that made it, then restore a backup"
        )
    return report.entries


def _copy(source: Path, target: Path, opened: Opened) -> None:
    """Copy a file page by page under its own key, its log brought in first."""
    generation = cipher.generation(source)
    key = opened.store_key(generation)
    files.create_exclusive(target, b"")
    one = cipher.connect(source, key, older=True)
    try:
        other = cipher.connect(target, key, salt=bytes.fromhex(generation))
        try:
            with one.trusted() as old, other.trusted() as new:
                old.execute("pragma wal_checkpoint(truncate)")
                old.backup(new)
                new.execute("pragma journal_mode = delete")
        finally:
            other.close()
    finally:
        one.close()


def settle(store: Store) -> None:
    """Bring the log of a file that nobody else uses into it, so that the one file is all of it."""
    with store.cipher.trusted() as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.execute("pragma journal_mode = delete")


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
