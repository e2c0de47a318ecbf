"""The bytes of the unit's file without its encryption: pages in use, free ones, and those in the log.

SQLCipher 4: AES-256-CBC, each page with its initialisation vector and HMAC in its last 80 bytes.
"""

from collections.abc import Iterator

import pytest

from db.vault.store import Store

SIZE, RESERVED, SALT = 4096, 80, 16
_LOG_HEADER, _FRAME_HEADER = 32, 24


def plain(key: bytes, page: bytes, *, first: bool = False) -> bytes:
    """Return one page decrypted, without what is reserved; the first page begins with the file's salt."""
    ciphers = pytest.importorskip("cryptography.hazmat.primitives.ciphers")
    begin, vector = (SALT if first else 0), page[SIZE - RESERVED : SIZE - RESERVED + 16]
    decryptor = ciphers.Cipher(ciphers.algorithms.AES(key), ciphers.modes.CBC(vector)).decryptor()
    return bytes(decryptor.update(page[begin : SIZE - RESERVED]) + decryptor.finalize())


def _pages(store: Store) -> Iterator[bytes]:
    raw = (store.folder / "unit.db").read_bytes()
    for place in range(0, len(raw), SIZE):
        page = raw[place : place + SIZE]
        if any(page[SIZE - RESERVED :]):
            yield plain(store.store_key, page, first=place == 0)
    log = store.folder / "unit.db-wal"
    frames = log.read_bytes()[_LOG_HEADER:] if log.exists() else b""
    for place in range(0, len(frames), _FRAME_HEADER + SIZE):
        number = int.from_bytes(frames[place : place + 4], "big")
        page = frames[place + _FRAME_HEADER : place + _FRAME_HEADER + SIZE]
        if len(page) == SIZE:
            yield plain(store.store_key, page, first=number == 1)


def raw_pages(store: Store) -> bytes:
    """Return every byte that the key uncovers in the file and its log, live or left over."""
    found = b"\n".join(_pages(store))
    assert b"CREATE TABLE" in found.upper(), "nothing was decrypted"
    return found
