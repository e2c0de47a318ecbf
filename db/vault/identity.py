"""A woman's sealed identity: each version under a data key of its own, that key sealed to the liaisons.

Anyone may seal a name; only who holds the private identity key, and types a passphrase, opens one.
"""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from db.errors import Damaged
from db.rules.canon import canonical
from db.vault import journal

_PAD = 256


class Sealed(NamedTuple):
    """One version as it is kept: nonce and ciphertext; which identity key; the data key sealed to it."""

    payload: bytes
    identity_key: bytes
    data_key: bytes


class Place(NamedTuple):
    """What a sealed identity is bound to, so that none can be moved to another woman or another unit."""

    unit: bytes
    person: bytes
    desk: int
    seq: int

    def bytes(self) -> bytes:
        """Return the associated data of the encryption."""
        return b"".join(
            (
                journal.UNIT_TAG,
                self.unit,
                self.person,
                self.desk.to_bytes(8, "big"),
                self.seq.to_bytes(8, "big"),
            )
        )


def seal(fields: dict[str, Any], place: Place, identity_key: bytes) -> Sealed:
    """Seal an identity's fields; the length of what is kept tells only its size in steps of 256 bytes."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt, crypto_box_seal

    plain = canonical(fields) + b"\x80"
    plain += bytes(-len(plain) % _PAD)
    data_key, nonce = os.urandom(32), os.urandom(24)
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(plain, place.bytes(), nonce, data_key)
    return Sealed(nonce + sealed, identity_key, crypto_box_seal(data_key, identity_key))


def unseal(sealed: Sealed, place: Place, private: bytes) -> dict[str, Any]:
    """Open one version with the private identity key.

    Raises:
        Damaged: it was altered, or moved from where it was sealed.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_box_seal_open
    from nacl.exceptions import CryptoError

    try:
        data_key = crypto_box_seal_open(sealed.data_key, sealed.identity_key, private)
        plain = crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed.payload[24:], place.bytes(), sealed.payload[:24], data_key
        )
    except CryptoError:
        raise Damaged(
            "a sealed identity was altered or moved: run 'beech journal verify', then restore a backup"
        ) from None
    fields: dict[str, Any] = json.loads(plain[: plain.rindex(b"\x80")])
    return fields
