"""A journal on its way from one desk to another: one file, sealed to the members, signed by who made it.

Tag, version, a header's length and canonical JSON (unit, genesis, exporter, a fresh file key sealed to every
active member), a secretstream header, chunks (length, ciphertext; the last is tagged final, all are bound to
the header), and the exporter's Ed25519 signature over the BLAKE2b of everything before it.
"""

from __future__ import annotations

import json
import os
import struct
from base64 import b64decode, b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Busy, Damaged, Locked, Newer, NotFound, Refused
from db.rules.canon import canonical, compact
from db.vault import files, keys, members, signing, union
from db.vault.faults import Faults
from db.vault.union_check import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from db.vault.keys import Opened
    from db.vault.store import Store
    from db.vault.union import Taken

TAG = b"beech journal\0"
VERSION = 1
_SIGNED = b"beech 1 journal file\0"
_BATCH = 500
_HEADER_MOST = 1 << 20
_CHUNK_MOST = 1 << 28
_LENGTH = struct.Struct(">I")


class Exported(NamedTuple):
    """What was written: how many entries, for how many members."""

    entries: int
    members: int


class _Opened(NamedTuple):
    header: dict[str, Any]
    parts: list[Part]


def export(store: Store, opened: Opened, path: Path) -> Exported:
    """Write every entry of the unit into a new file that any active member can open.

    Raises:
        Refused: this member is no supervisor, or the file exists.
        Busy: it cannot be written there.
    """
    if path.exists():
        raise Refused(f"{path} exists: name a new file")
    active = {p.key for p in members.fold_store(store).values() if p.state == "active"}
    with store.write() as tx:
        tx.chain.role("security", "journal_export")
        found = list(union.parts(store))
        data = _sealed(store, opened, sorted(active), found)
        tx.chain.event("journal_export", {"count": len(found)})
        try:
            files.create_exclusive(path, data)
        except OSError as error:
            said = (error.strerror or "error").lower()
            raise Busy(f"{path} cannot be written ({said}): nothing was exported") from None
    return Exported(len(found), len(active))


def take(store: Store, opened: Opened, path: Path) -> Taken:
    """Bring what another desk exported together with what is here; journalled with the counts.

    Raises:
        NotFound: there is no such file.
        Damaged: it is none, was altered, or is a stranger's.
        Locked: it was not sealed to this member.
        Refused: this member is no supervisor, or whoever made it has left.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"{path} is not there: name a file that 'beech journal export' made") from None
    except OSError as error:
        said = (error.strerror or "error").lower()
        raise Busy(f"{path} cannot be read ({said})") from None
    read = _read(raw, opened, path)
    if (read.header["unit"], read.header["genesis"]) != (store.unit.hex(), store.anchor.hex()):
        raise Damaged(f"{path} is of another unit (a stranger's?): nothing was taken")
    with store.write() as tx:
        tx.chain.role("security", "journal_import")
        taken = union.bring(store, tx, read.parts)
        _check_maker(store, read.header, path)
    return taken


# writing


def _sealed(store: Store, opened: Opened, active: list[str], found: list[Part]) -> bytes:
    from nacl.bindings import (
        crypto_secretstream_xchacha20poly1305_init_push,
        crypto_secretstream_xchacha20poly1305_push,
        crypto_secretstream_xchacha20poly1305_state,
        crypto_secretstream_xchacha20poly1305_TAG_FINAL,
        crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
    )

    key = os.urandom(32)
    header = canonical(
        {
            "program": keys.PROGRAM,
            "unit": store.unit.hex(),
            "genesis": store.anchor.hex(),
            "member": store.member.id,
            "key": signing.public_of(opened.seed),
            "sealed": {public: signing.seal_to(public, key) for public in active},
        }
    )
    begun = TAG + bytes([VERSION]) + _LENGTH.pack(len(header)) + header
    state = crypto_secretstream_xchacha20poly1305_state()
    out = [begun, crypto_secretstream_xchacha20poly1305_init_push(state, key)]
    bound = blake2b(begun, digest_size=32).digest()
    batches = [found[i : i + _BATCH] for i in range(0, len(found), _BATCH)] or [[]]
    for place, batch in enumerate(batches):
        last = place == len(batches) - 1
        tag = (
            crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        plain = compact([_flat(part) for part in batch]).encode()
        chunk = crypto_secretstream_xchacha20poly1305_push(state, plain, bound, tag)
        out += [_LENGTH.pack(len(chunk)), chunk]
    whole = b"".join(out)
    return whole + signing.sign(opened.seed, _digest(whole))


def _digest(whole: bytes) -> bytes:
    return _SIGNED + blake2b(whole, digest_size=32).digest()


def _flat(part: Part) -> list[Any]:
    values = (*part.row, part.salt, part.body, *(part.key or (None, None)))
    return [{"b": b64encode(v).decode()} if isinstance(v, bytes) else v for v in values]


# reading


def _read(raw: bytes, opened: Opened, path: Path) -> _Opened:
    """Open a file with one's own seed and check who signed it.

    Raises:
        Damaged, Newer, Locked: as for ``take``.
    """
    if not raw.startswith(TAG) or len(raw) < len(TAG) + 5 + 64:
        raise Damaged(f"{path} is no journal that beech exported: nothing was taken")
    if raw[len(TAG)] > VERSION:
        raise Newer(f"{path} was made by a newer beech than this one: install that version or later")
    read: _Opened | None = None
    faults = Faults()
    with faults.reading("file"):
        begin = len(TAG) + 5
        (length,) = _LENGTH.unpack(raw[begin - 4 : begin])
        header = json.loads(raw[begin : begin + min(length, _HEADER_MOST)])
        if not signing.signed_by(header["key"], _digest(raw[:-64]), raw[-64:]):
            raise Damaged("signature")
        sealed = header["sealed"].get(signing.public_of(opened.seed))
        if sealed is None:
            raise Locked(
                f"{path} was not sealed to this member: ask for one that was exported after you joined"
            )
        bound = blake2b(raw[: begin + length], digest_size=32).digest()
        rows = _unsealed(raw[begin + length : -64], signing.unseal(opened.seed, sealed), bound)
        read = _Opened(header, [_part(row) for row in rows])
    if read is None:
        raise Damaged(f"{path} was altered, or cut short: nothing was taken; ask for it again")
    return read


def _unsealed(raw: bytes, key: bytes, bound: bytes) -> Iterator[list[Any]]:
    from nacl.bindings import (
        crypto_secretstream_xchacha20poly1305_HEADERBYTES,
        crypto_secretstream_xchacha20poly1305_init_pull,
        crypto_secretstream_xchacha20poly1305_pull,
        crypto_secretstream_xchacha20poly1305_state,
        crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    )

    state = crypto_secretstream_xchacha20poly1305_state()
    place = crypto_secretstream_xchacha20poly1305_HEADERBYTES
    crypto_secretstream_xchacha20poly1305_init_pull(state, raw[:place], key)
    tag = None
    while tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL:
        (length,) = _LENGTH.unpack(raw[place : place + 4])
        chunk = raw[place + 4 : place + 4 + min(length, _CHUNK_MOST)]
        place += 4 + length
        try:
            plain, tag = crypto_secretstream_xchacha20poly1305_pull(state, chunk, bound)
        except RuntimeError:  # what the binding raises for a forged chunk
            raise Damaged("chunk") from None
        yield from json.loads(plain)
    if place != len(raw):
        raise Damaged("more than the end")


def _part(values: Iterable[Any]) -> Part:
    read = [b64decode(v["b"], validate=True) if isinstance(v, dict) else v for v in values]
    desk, seq, at, tx, *_ = read
    if not all(type(n) is int and 0 < n < 1 << 63 for n in (desk, seq, at, tx)) or len(read) != 19:
        raise ValueError("numbers")
    key = None if read[17] is None or read[18] is None else (read[17], read[18])
    return Part(tuple(read[:15]), read[15], read[16], key)


def _check_maker(store: Store, header: dict[str, Any], path: Path) -> None:
    """Ask that who signed the file is a member, now that the entries in it are known to be good."""
    people = members.fold_members(members.read_events(store))
    member = str(header["member"])
    if not people.held(member, str(header["key"])):
        raise Damaged(f"{path} is not signed by a member of this unit: nothing was taken")
    if people.now()[member].state == "removed":
        raise Refused(f"{path} was made by a member who has left: take the journal of somebody who is here")
