"""The unit, open. ``write`` and ``consult`` are the only doors, and both keep the journal themselves.

``counts`` is for numbers that show no person. A change and its entry commit together or not at all.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Busy, Locked
from db.rules.canon import canonical
from db.vault import files
from db.vault.chain import Chain
from db.vault.holding import Hold
from db.vault.look import Look
from db.vault.mishaps import spoken_errors
from db.vault.writing import Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from db.vault.cipher import Cipher

__all__ = ["LAGS", "Face", "Look", "Member", "Signer", "Store"]

LAGS = (
    "what was erased is gone from the records, and stands in unit.db-wal until the other programs that have "
    "this unit open are closed"
)


class Member(NamedTuple):
    """Who is working: id and name as the journal has them, roles beside that of every officer."""

    id: str
    name: str
    roles: tuple[str, ...]


class Signer(NamedTuple):
    """What signs this process's transactions: a session's key, or the member's own seed.

    ``session`` is the number of the unlock entry that certified the key, on ``desk``; None for a seed.
    """

    sign: Callable[[bytes], bytes]
    session: int | None
    desk: int | None
    not_after: int | None


class Face(NamedTuple):
    """Who is asking: interface (cli, tui, script) and command, as codes; what to do while another writes.

    ``lagging`` is called where the file is closed while its log, which another program reads, still holds
    what was erased.
    """

    interface: str
    command: str
    waiting: Callable[[], None] | None = None
    lagging: Callable[[], None] | None = None


class Store:
    """An open unit. Made by ``opening``; closed by ``close`` or as a context manager."""

    def __init__(
        self,
        folder: Path,
        cipher: Cipher,
        genesis: dict[str, Any],
        member: Member,
        signer: Signer,
    ) -> None:
        self.folder = folder
        self.cipher = cipher
        self.genesis = genesis
        self.unit = bytes.fromhex(genesis["unit"])
        self.id_key = bytes.fromhex(genesis["id_key"])
        self.member = member
        self.signer = signer
        self.face = Face("script", "none")
        self.clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000
        self.hold = Hold(None)
        self.anchor = b""  # the hash of genesis that the member's slot was made for
        self.generation = ""
        self.store_key = b""
        self.log_lags = False  # whether the write-ahead log still holds what this process erased

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; where it is not emptied yet, try to empty its log once more."""
        try:
            if self.log_lags:
                self._empty_log()
            if self.log_lags and self.face.lagging is not None:
                self.face.lagging()
            self.log_lags = False
        finally:
            self.cipher.close()
            self.hold.release()

    def now(self) -> int:
        """Return the wall clock in UTC epoch seconds."""
        return self.clock() // 1000

    @contextmanager
    def write(
        self, reason: str | None = None, note: str | None = None, detail: dict[str, Any] | None = None
    ) -> Iterator[Write]:
        """Change the unit: what is done inside lands with its entries, or nothing does.

        What is erased is gone from every index in the same transaction, and then from the log; where another
        program still reads that, ``log_lags`` says so until the log is emptied after a later write.

        Args:
            reason: a reason code, where one is asked for.
            note: the officer's words for it; kept in the payload.
            detail: more codes for the transaction's first entry.

        Raises:
            Busy: another program holds the file, or there is no room; nothing was changed.
            Locked: the session has ended, or is not for this file.
        """
        self._check_time()
        self.cipher.begin()
        try:
            with spoken_errors():
                writing = Write(self, self._context(reason, detail), note)
                yield writing
                writing.finish()
                if writing.erased:
                    self._scour()
            if writing.chain.empty:
                self.cipher.rollback()
            else:
                self.cipher.commit()
        except BaseException:
            self.cipher.rollback()
            raise
        if not writing.chain.empty:
            self._remember(writing.chain)
        if writing.erased or self.log_lags:
            self._empty_log()

    @contextmanager
    def consult(
        self,
        kind: str | None,
        record: bytes | None = None,
        *,
        reason: str | None = None,
        note: str | None = None,
        operation: str = "consultation",
    ) -> Iterator[Look]:
        """Look at personal data: the look's entry is durable before the rows are handed over.

        Args:
            kind: the kind looked at; None for several.
            record: the id where one record is opened.
            reason: a reason code.
            note: the officer's words; not kept where the record was erased, of which no payload may be.
            operation: ``disclosure`` where what is read leaves the unit.
        """
        self._check_time()
        self.cipher.begin()
        try:
            look = Look(self.cipher)
            with spoken_errors():
                yield look
            silent = record is not None and self._is_erased(record)
            chain = Chain(self, self._context(reason, None), None if silent else note)
            body = {} if silent else look.words | ({"shown": look.people} if look.people else {})
            about = {"count": look.count} | look.detail
            chain.append(operation, kind, record, detail=about, body=body or None)
            chain.finish()
            self.cipher.commit()
        except BaseException:
            self.cipher.rollback()
            raise
        self._remember(chain)

    @contextmanager
    def counts(self) -> Iterator[Cipher]:
        """Read what shows no person: counts, vocabulary, the journal's own list. Not journalled."""
        with self.cipher.trusted() as connection:
            connection.execute("begin")
        try:
            with spoken_errors():
                yield self.cipher
        finally:
            self.cipher.rollback()

    def _is_erased(self, record: bytes) -> bool:
        sql = "select 1 from record where id = ? and state = 'erased'"
        return self.cipher.execute(sql, (record,)).fetchone() is not None

    def _context(self, reason: str | None, detail: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = {"interface": self.face.interface, "command": self.face.command}
        if reason is not None:
            context["reason"] = reason
        return context | (detail or {})

    def _check_time(self) -> None:
        if self.signer.not_after is not None and self.now() > self.signer.not_after:
            raise Locked("the session has ended: 'beech unlock' starts a new one")

    # which desk this is

    def desk_for_writing(self) -> int:
        """Return this installation's desk id, or a new one where the state folder does not know this file.

        Raises:
            Locked: the session was opened on another copy of the file.
        """
        desk = self.known_desk()
        if self.signer.desk is not None and desk != self.signer.desk:
            raise Locked("unit.db is not the file this session was opened on: 'beech unlock' again")
        if desk is None:
            import secrets

            desk = secrets.randbits(47) + 1
        return desk

    def known_desk(self) -> int | None:
        """Return the desk id that the state folder keeps for this file, if the file's chain agrees."""
        return self._kept_desk() or self._kept_desk()  # another process may have been writing it just then

    def _kept_desk(self) -> int | None:
        last = self.last_written()
        if last is None:
            return None
        found = self.cipher.execute("select hash from entry where desk = ? and seq = ?", last[:2]).fetchone()
        return last[0] if found is not None and found[0].hex() == last[2] else None

    def last_written(self) -> tuple[int, int, str] | None:
        """Return desk, number and hash (hex) of the last entry that this desk knows it wrote to this file."""
        try:
            state = json.loads(self.state_path().read_bytes())
            desk, seq, hashed = state["desk"], state["seq"], state["hash"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        numbers = all(type(one) is int and 0 < one < 1 << 63 for one in (desk, seq))
        return (desk, seq, hashed) if numbers and isinstance(hashed, str) else None

    def forget_desk(self) -> None:
        """Let the next write begin a new desk: after a restore this file's past may go on elsewhere."""
        self.state_path().unlink(missing_ok=True)

    def state_path(self) -> Path:
        """Return where this desk keeps what ``last_written`` says of this file."""
        from hashlib import blake2b

        where = blake2b(self.unit + os.fsencode(self.folder.resolve()), digest_size=12).hexdigest()
        return files.state_folder() / f"desk-{where}.json"

    def _remember(self, chain: Chain) -> None:
        state = {"desk": chain.desk, "seq": chain.seq, "hash": chain.hash.hex()}
        files.jot(self.state_path(), canonical(state))

    def jump_is_known(self, at: int, behind: int) -> bool:
        """Tell whether the journal already says that the wall clock is so many ms behind the reading *at*."""
        found = self.cipher.execute(
            "select at, json_extract(detail, '$.behind_ms') from entry where operation = 'security' "
            "and json_extract(detail, '$.event') = 'clock_jump' order by at desc limit 1"
        ).fetchone()
        return found is not None and (at - found[0]) >> 16 < 1000 and found[1] >= behind

    def _scour(self) -> None:
        """Within an erasure's transaction: merge the indexes, write anew what is compared."""
        from db.vault import likeness, search

        with self.cipher.trusted() as connection:
            likeness.scour(connection)
            search.settle(connection)

    def _empty_log(self) -> None:
        """Bring the write-ahead log into the file and empty it; what was erased stands in it till then.

        The erasure has been committed: that somebody reads the log, or that there is no room, undoes nothing.
        """
        try:
            with self.cipher.trusted() as connection:
                (busy, *_) = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        except Busy:
            busy = True
        self.log_lags = bool(busy)
