"""The way back from a copy: it is put in the unit's place, and what was erased since is erased again."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import BeechError, Damaged, Locked, NotFound, Refused
from db.vault import backup, emptying, files, folders, holding, keys, opening, swapping, upgrade
from db.vault.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from db.vault.store import Face, Store


class Restored(NamedTuple):
    """What a restore did.

    ``kept`` is where the unit that was there lies, ``erasures`` how many later ones were repeated,
    ``members`` who have a key again though they were removed after the copy was made. ``unread`` says that
    the unit that was there did not open, so that nobody knows what was erased since.
    """

    kept: Path | None
    erasures: int
    members: tuple[str, ...]
    unread: bool = False


class Erasure(NamedTuple):
    """An erasure of the unit that was there: its entry, and what that says in the clear."""

    head: tuple[int, int]
    detail: dict[str, Any]


def restore(folder: Path, copy: Path, secret: tuple[str, str | None], face: Face) -> Restored:
    """Put a copy in the place of the unit, keep what was there, and repeat the erasures made since.

    Args:
        folder: the unit's; empty or missing on a bare machine.
        copy: its folder.
        secret: the passphrase of its day, and the member's name.
        face: who asks.

    Raises:
        Locked, Damaged: the copy does not open, or does not verify; nothing was changed. Damaged also where
            the disk failed in the midst; then the next opening goes on.
        Refused: the copy is of another unit; the member is no supervisor, or was removed since.
        Busy: somebody else has the unit open, or the disk is full or failed; nothing was changed.
    """
    with backup.opened_copy(copy, secret, face) as (store, opened):
        report = verify(store)
        if report.faults:
            raise Damaged(f"{copy.name} does not verify ({report.faults[0].name}): choose another backup")
        if "supervisor" not in store.member.roles:
            raise Refused("only a supervisor may restore: ask one")
        return _replace(folder, store, opened, face)


def _replace(folder: Path, store: Store, opened: keys.Opened, face: Face) -> Restored:
    """Put an open copy in the unit's place; nobody writes from when it is asked what was erased since.

    The copy is all that it is to be, the erasures repeated in it, before anything is put anywhere.
    """
    folders.make_folder(folder)
    hold = holding.alone(folder)
    try:
        since = _since(folder, opened, face)
        begun = backup.begin(folder, store)
        try:
            with opening.with_opened(begun, opened, face, held=True) as restored:
                back = _repeat(restored, since)
                names = {
                    row[0] for row in restored.cipher.execute("select id from member where state = 'active'")
                }
                upgrade.settle(restored)
            kept = swapping.keep(folder, begun, datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ"))
            _hand_on(restored, folder, lambda: swapping.put(folder, begun))
        finally:
            shutil.rmtree(begun, ignore_errors=True)
    finally:
        hold.release()
    return Restored(kept, back, tuple(sorted(names & since.removed)), since.unread)


def _hand_on(restored: Store, folder: Path, put: Callable[[], None]) -> None:
    """Let the desk that the copy has begun be the one of the unit's folder once the copy is *put* there.

    Until then the folder's next write begins a desk of its own, whichever of the two it holds.
    """
    known = restored.state_path()
    restored.folder = folder
    with files.said_plainly(restored.state_path()):
        restored.state_path().unlink(missing_ok=True)
    try:
        put()
        with suppress(OSError):
            known.replace(restored.state_path())
    finally:
        with suppress(OSError):
            known.unlink(missing_ok=True)


class Since(NamedTuple):
    """What the unit that is there erased, whom it removed; ``unread`` where it does not open.

    ``emptied`` are the looks whose words went, by the woman with whom they went.
    """

    erased: dict[bytes, Erasure]
    removed: set[str]
    unread: bool = False
    emptied: dict[bytes, list[tuple[int, int]]] = {}


def _since(folder: Path, opened: keys.Opened, face: Face) -> Since:
    """Return what the present unit has erased, and whom it has removed.

    Raises:
        Refused: it is another unit, or the member who asks is no supervisor of it any more.
    """
    if not (folder / opening.MEMBERS).exists():
        return Since({}, set())
    if keys.load(folder / opening.MEMBERS).unit != opened.unit:
        raise Refused(f"{folder} holds another unit than the backup's: restore into an empty folder")
    try:
        slot = keys.load(folder / opening.MEMBERS).named(opened.slot.member)
        present = keys.Opened(slot, opened.seed, opened.unit, opened.genesis)
        with opening.with_opened(folder, present, face, held=True) as store:
            rows = store.cipher.execute(
                "select x.record, x.desk, x.seq, e.detail from erased as x "
                "join entry as e on e.desk = x.desk and e.seq = x.seq"
            ).fetchall()
            erased = {record: Erasure((desk, seq), json.loads(detail)) for record, desk, seq, detail in rows}
            gone = store.cipher.execute("select id from member where state = 'removed'").fetchall()
            emptied = emptying.by_woman(store.cipher)
            roles = store.member.roles
    except (NotFound, Locked):
        raise Refused("this member was removed from the unit since: a supervisor of today restores") from None
    except BeechError:
        return Since({}, set(), unread=True)  # what is damaged is why one restores
    if "supervisor" not in roles:
        raise Refused("only a supervisor may restore, and of today: ask one")
    return Since(erased, {row[0] for row in gone}, emptied=emptied)


def _repeat(store: Store, since: Since) -> int:
    """Begin a new desk, say that this is a restore, and erase again what had been erased since."""
    count = 0
    store.forget_desk()
    with store.write() as tx:
        tx.chain.event("restore")
        for record in sorted(since.erased):
            row = tx.execute(
                "select state from record where id = ? and state not in ('absent', 'erased')", (record,)
            ).fetchone()
            if row is None:
                continue
            one = since.erased[record]
            if one.detail.get("event") != "redact":
                tx.erase(record, {"event": "erase_again"})
                count += 1
            elif tx.execute("select 1 from erased where record = ?", (record,)).fetchone() is None:
                beside = one.detail.get("with")
                tx.redact(record, one.detail["fields"], {} if beside else {"sharing_level": 0}, beside)
                count += 1
        for record, heads in sorted(since.emptied.items()):
            tx.quieten(record, emptying.at(tx, heads), emptying.LATE)
    return count
