"""Signatures and sealed boxes, libsodium's: Ed25519 from a 32-byte seed, X25519 from the same.

A sealed box proves nothing about its sender; a signature does.
"""

from __future__ import annotations

from db.errors import Damaged


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the Ed25519 signature of *message* by the key made from a 32-byte seed."""
    from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

    _, secret = crypto_sign_seed_keypair(seed)
    return crypto_sign(message, secret)[:64]


def public_of(seed: bytes) -> str:
    """Return the Ed25519 public key of a seed, in hex."""
    from nacl.bindings import crypto_sign_seed_keypair

    return crypto_sign_seed_keypair(seed)[0].hex()


def signed_by(public: str, message: bytes, signature: bytes) -> bool:
    """Tell whether *signature* over *message* is by the Ed25519 key *public* (hex)."""
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import BadSignatureError

    try:
        crypto_sign_open(signature + message, bytes.fromhex(public))
    except (BadSignatureError, ValueError):
        return False
    return True


def new_box() -> tuple[bytes, bytes]:
    """Return a new X25519 pair, public and private: the identity key pair."""
    from nacl.bindings import crypto_box_keypair

    return crypto_box_keypair()


def seal_to(public: str, secret: bytes) -> str:
    """Seal *secret* to a member's Ed25519 public key (as its X25519 twin); hex."""
    from nacl.bindings import crypto_box_seal, crypto_sign_ed25519_pk_to_curve25519

    return crypto_box_seal(secret, crypto_sign_ed25519_pk_to_curve25519(bytes.fromhex(public))).hex()


def unseal(seed: bytes, sealed: str) -> bytes:
    """Open what was sealed to the public key of *seed*.

    Raises:
        Damaged: it was not sealed to this member, or was altered.
    """
    from nacl.bindings import (
        crypto_box_seal_open,
        crypto_sign_ed25519_pk_to_curve25519,
        crypto_sign_ed25519_sk_to_curve25519,
        crypto_sign_seed_keypair,
    )
    from nacl.exceptions import CryptoError

    public, secret = crypto_sign_seed_keypair(seed)
    try:
        return crypto_box_seal_open(
            bytes.fromhex(sealed),
            crypto_sign_ed25519_pk_to_curve25519(public),
            crypto_sign_ed25519_sk_to_curve25519(secret),
        )
    except (CryptoError, ValueError):
        raise Damaged("a key in members.json was altered: restore members.json from a backup") from None
