"""One entry of the journal: its bytes, its hash, the clock that orders it.

FORMAT.md gives the same bytes in words. Nothing here reads or writes the file.
"""

from __future__ import annotations

import os
import struct
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY_TAG = b"beech 1 entry\0"
PAYLOAD_TAG = b"beech 1 payload\0"
RECORD_TAG = b"beech 1 record\0"
UNIT_TAG = b"beech 1 identity\0"

COLUMNS = "desk, seq, at, tx, actor, role, session, operation, kind, record, base, detail, digest"
START = bytes(32)  # what stands before a desk's first entry


class Entry(NamedTuple):
    """One row of the journal, without hash and signature, in the order in which it is hashed.

    ``at`` is a hybrid logical clock: UTC milliseconds << 16, plus a counter. ``tx`` is the number of
    the first entry of its transaction on this desk, ``session`` that of the unlock entry which
    certified the signing key (None: the member's own seed signed). ``base`` and ``detail`` are
    canonical JSON as stored.
    """

    desk: int
    seq: int
    at: int
    tx: int
    actor: str
    role: str
    session: int | None
    operation: str
    kind: str | None
    record: bytes | None
    base: str
    detail: str
    digest: bytes | None


NUMBERS = struct.Struct(">qqqq").pack
_NUMBER = struct.Struct(">q").pack
_LENGTH = struct.Struct(">I").pack
NULL = b"\x00"
ID = b"\x01" + _LENGTH(16)
DIGEST = b"\x01" + _LENGTH(32)
_texts: dict[str | None, bytes] = {None: NULL}


def _text(value: str | None) -> bytes:
    known = _texts.get(value)
    if known is None:
        raw = (value or "").encode()
        known = b"\x01" + _LENGTH(len(raw)) + raw
        if len(_texts) < 4096:
            _texts[value] = known
    return known


def entry_hash(unit: bytes, previous: bytes, entry: Entry | tuple[Any, ...]) -> bytes:
    """Return the BLAKE2b-256 of the tag, the unit id, the desk's previous hash and every column.

    Each column is led by its presence and length, so that null is told from empty and no two
    entries share their bytes.
    """
    desk, seq, at, tx, actor, role, session, operation, kind, record, base, detail, digest = entry
    return blake2b(
        b"".join(
            (
                ENTRY_TAG,
                unit,
                previous,
                NUMBERS(desk, seq, at, tx),
                who_and_what(actor, role, session, operation, kind),
                NULL if record is None else ID + record,
                _text(base),
                _text(detail),
                NULL if digest is None else DIGEST + digest,
            )
        ),
        digest_size=32,
    ).digest()


def linker(
    unit: bytes, where: tuple[int, int], who: tuple[str, str, int | None, str, str | None]
) -> Callable[[bytes, tuple[int, int], bytes, str, bytes], bytes]:
    """Return ``entry_hash`` for the new records of one transaction and kind.

    Args:
        unit: the unit's id.
        where: desk and ``tx``.
        who: actor, role, session, operation, kind.

    Returns:
        A function of the previous hash, (seq, at), the record's id, the detail and the digest.
    """
    desk, tx = where
    begun, middle, seen = ENTRY_TAG + unit, who_and_what(*who) + ID, _text("[]")

    def linked(previous: bytes, when: tuple[int, int], record: bytes, detail: str, digest: bytes) -> bytes:
        numbers = NUMBERS(desk, *when, tx)
        parts = (begun, previous, numbers, middle, record, seen, _text(detail), DIGEST, digest)
        return blake2b(b"".join(parts), digest_size=32).digest()

    return linked


def who_and_what(actor: str, role: str, session: int | None, operation: str, kind: str | None) -> bytes:
    """Return the bytes of the columns between ``tx`` and ``record``."""
    certified = NULL if session is None else b"\x01" + _NUMBER(session)
    return b"".join((_text(actor), _text(role), certified, _text(operation), _text(kind)))


def text(value: str | None) -> bytes:
    """Return the bytes of one column of text; those of short lists of values are kept."""
    return _text(value)


def payload_digest(salt: bytes, body: bytes) -> bytes:
    """Return the salted BLAKE2b-256 under which a payload is bound to its entry."""
    return blake2b(PAYLOAD_TAG + salt + body, digest_size=32).digest()


def salts(count: int) -> list[bytes]:
    """Return *count* random 16-byte salts, asked of the system at once."""
    raw = os.urandom(16 * count)
    return [raw[i : i + 16] for i in range(0, len(raw), 16)]


def derived_id(id_key: bytes, kind: str, external_ref: str) -> bytes:
    """Return the id of a record that came from elsewhere: the same on every desk of the unit."""
    return deriver(id_key, kind)(external_ref)


def deriver(id_key: bytes, kind: str) -> Callable[[str], bytes]:
    """Return the function that derives a kind's ids from its external references."""
    begun = blake2b(RECORD_TAG + kind.encode() + b"\0", key=id_key, digest_size=16)

    def derived(external_ref: str) -> bytes:
        hashed = begun.copy()
        hashed.update(external_ref.encode())
        return hashed.digest()

    return derived


def tick(wall_ms: int, last: int) -> int:
    """Return the next clock reading: the wall's, or one past the last, whichever is later."""
    return max(wall_ms << 16, last + 1)


def wall_ms(at: int) -> int:
    """Return the UTC milliseconds of a clock reading."""
    return at >> 16
