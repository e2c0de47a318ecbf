"""Members' key slots: passphrase -> seed -> the unit's keys sealed to that member.

Argon2id, X25519 sealed boxes, Ed25519 and XChaCha20-Poly1305, all libsodium's; nothing is invented.
members.json is a projection for opening the file, never the authority on who is a member.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from db.errors import Damaged, Locked, Newer, NotFound
from db.rules.canon import canonical
from db.vault import files, holding
from db.vault.signing import public_of, seal_to, sign, unseal

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "beech members"
VERSION = 1
PROGRAM = "0.1.0"

MODERATE = (3, 256 * 1024 * 1024)  # libsodium's MODERATE: passes, bytes; the least that a file may ask for
STRONGEST = (10, 1024 * 1024 * 1024)  # more than this from a file is an attack on memory, not a parameter
DEFAULT = MODERATE

_SEALED_SEED = 32 + 16 + 32


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in: a member's passphrase, the recovery code, or a newcomer's one-time code."""

    kind: str
    member: str
    name: str
    public: str
    cost: tuple[int, int]
    salt: str
    sealed: str
    store_keys: dict[str, str] = field(default_factory=dict)
    identity_keys: dict[str, str] = field(default_factory=dict)

    def header(self, unit: str) -> bytes:
        """Return what the sealed seed is bound to, so that no slot can pass for another."""
        passes, size = self.cost
        return canonical(
            {
                "format": FORMAT,
                "version": VERSION,
                "unit": unit,
                "kind": self.kind,
                "member": self.member,
                "name": self.name,
                "public": self.public,
                "argon2id": {"passes": passes, "bytes": size, "salt": self.salt},
            }
        )


@dataclass(frozen=True, slots=True)
class Members:
    """members.json: the unit's id and its slots."""

    unit: str
    slots: tuple[Slot, ...]

    def named(self, name: str) -> Slot:
        """Return the slot of a member, by name or id.

        Raises:
            NotFound: nobody of that name has a way in.
        """
        for slot in self.slots:
            if slot.kind != "recovery" and name.casefold() in (slot.name.casefold(), slot.member):
                return slot
        raise NotFound("no member of that name has a key to this unit: see 'beech status'")

    def put(self, slot: Slot) -> Members:
        """Return the same with *slot* in place of the one of that member and kind of use."""
        kept = tuple(s for s in self.slots if s.member != slot.member)
        return replace(self, slots=(*kept, slot))


@dataclass(frozen=True, slots=True)
class Opened:
    """What a passphrase opens. It lives as long as one command; it is never kept."""

    slot: Slot
    seed: bytes
    unit: str
    genesis: bytes

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of *message* by the member's own seed."""
        return sign(self.seed, message)

    def store_key(self, generation: str) -> bytes:
        """Return the store key of the file whose salt is *generation*.

        Raises:
            Damaged: this slot holds no key for that file.
        """
        sealed = self.slot.store_keys.get(generation)
        if sealed is None:
            raise Damaged(
                "members.json holds no key for this unit.db: one of the two was replaced; "
                "restore both from one backup"
            )
        return unseal(self.seed, sealed)

    def identity_key(self, public: str) -> bytes:
        """Return the private identity key whose public half is *public*.

        Raises:
            Locked: this member is no liaison: the key was never sealed to them.
        """
        sealed = self.slot.identity_keys.get(public)
        if sealed is None:
            raise Locked("only a liaison holds the key to the names, and this member is not one")
        return unseal(self.seed, sealed)

    def all_keys(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Return every key of this slot: the store's by generation, the identities' by public key."""
        stores = {name: unseal(self.seed, sealed) for name, sealed in self.slot.store_keys.items()}
        return stores, {name: unseal(self.seed, sealed) for name, sealed in self.slot.identity_keys.items()}


def _stretch(passphrase: str, salt: bytes, cost: tuple[int, int]) -> bytes:
    from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

    passes, size = cost
    return crypto_pwhash_alg(32, passphrase.encode(), salt, passes, size, crypto_pwhash_ALG_ARGON2ID13)


def make_slot(
    passphrase: str,
    who: tuple[str, str, str],
    anchor: tuple[bytes, str, bytes],
    cost: tuple[int, int] = DEFAULT,
) -> Slot:
    """Return a new slot that *passphrase* opens, holding no keys of the unit yet.

    Args:
        passphrase: as typed.
        who: kind of slot, member id, member name.
        anchor: the member's 32-byte seed, the unit id in hex, the hash of genesis.
        cost: Argon2id passes and bytes; tests use MODERATE, the least that is obeyed.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

    (kind, member, name), (seed, unit, genesis) = who, anchor
    salt = os.urandom(16)
    bare = Slot(kind, member, name, public_of(seed), cost, salt.hex(), "")
    nonce = os.urandom(24)
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        seed + bytes.fromhex(unit) + genesis, bare.header(unit), nonce, _stretch(passphrase, salt, cost)
    )
    return replace(bare, sealed=(nonce + sealed).hex())


def open_slot(members: Members, slot: Slot, passphrase: str) -> Opened:
    """Open a slot.

    Raises:
        Locked: the passphrase is wrong (or the slot was altered: nobody can tell the two apart).
        Damaged: the slot asks for Argon2id parameters that no beech wrote.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
    from nacl.exceptions import CryptoError

    within = all(
        low <= asked <= high for low, asked, high in zip(MODERATE, slot.cost, STRONGEST, strict=True)
    )
    if not within:
        raise Damaged("members.json asks for key-stretching outside the safe range: restore it from a backup")
    blob = bytes.fromhex(slot.sealed)
    try:
        plain = crypto_aead_xchacha20poly1305_ietf_decrypt(
            blob[24:],
            slot.header(members.unit),
            blob[:24],
            _stretch(passphrase, bytes.fromhex(slot.salt), slot.cost),
        )
    except (CryptoError, ValueError):
        raise Locked(
            "that passphrase does not open this unit: check the member name, and try again"
        ) from None
    if len(plain) != _SEALED_SEED:
        raise Damaged("a slot of members.json has the wrong size: restore it from a backup")
    seed, unit, genesis = plain[:32], plain[32:48], plain[48:]
    if unit.hex() != members.unit or public_of(seed) != slot.public:
        raise Damaged("members.json and its slots are of different units: restore it from a backup")
    return Opened(slot, seed, unit.hex(), genesis)


def give(slot: Slot, stores: dict[str, bytes], identities: dict[str, bytes]) -> Slot:
    """Return *slot* with the unit's keys sealed to its member.

    Args:
        slot: whose.
        stores: store keys by generation (the file's salt in hex).
        identities: private identity keys by their public half in hex; empty for who is no liaison.
    """
    return replace(
        slot,
        store_keys={g: seal_to(slot.public, k) for g, k in stores.items()},
        identity_keys={p: seal_to(slot.public, k) for p, k in identities.items()},
    )


def load(path: Path) -> Members:
    """Read members.json; a restore that was cut short is finished first.

    Raises:
        NotFound: there is none.
        Newer: a newer beech wrote it.
        Damaged: it is not what beech writes.
        Busy: the restore cannot be finished.
    """
    try:
        holding.settle(path.parent)
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"no unit in {path.parent}: 'beech init' makes one, --unit names another") from None
    except OSError:
        raise Damaged(f"{path} cannot be read: restore members.json from a backup") from None
    try:
        body = json.loads(raw)
        if body["format"] != FORMAT:
            raise ValueError
        if body["version"] > VERSION:
            made = str(body.get("program", "a newer version"))[:20]
            raise Newer(f"{path} was made by beech {made}, this is {PROGRAM}: install that version or later")
        if not body["slots"]:  # a unit is somebody's from its first entry on
            raise ValueError
        return Members(_hex(body["unit"], 16), tuple(_slot(s) for s in body["slots"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise Damaged(f"{path} is damaged: restore members.json from a backup") from None


def save(path: Path, members: Members) -> None:
    """Replace members.json atomically: written, synced, renamed, the folder synced."""
    body = {
        "format": FORMAT,
        "version": VERSION,
        "program": PROGRAM,
        "unit": members.unit,
        "slots": [
            {
                "kind": s.kind,
                "member": s.member,
                "name": s.name,
                "public": s.public,
                "argon2id": {"passes": s.cost[0], "bytes": s.cost[1], "salt": s.salt},
                "sealed": s.sealed,
                "store_keys": s.store_keys,
                "identity_keys": s.identity_keys,
            }
            for s in members.slots
        ],
    }
    files.replace(path, json.dumps(body, indent=1, ensure_ascii=False).encode())


def _hex(text: object, size: int) -> str:
    if not isinstance(text, str) or len(bytes.fromhex(text)) != size:
        raise ValueError
    return text.lower()


def _sealed(table: Any) -> dict[str, str]:
    return {str(bytes.fromhex(k).hex()): str(bytes.fromhex(v).hex()) for k, v in table.items()}


def _slot(raw: Any) -> Slot:
    cost = raw["argon2id"]
    if raw["kind"] not in ("member", "recovery", "joining"):
        raise ValueError
    return Slot(
        raw["kind"],
        _hex(raw["member"], 8),
        str(raw["name"]),
        _hex(raw["public"], 32),
        (int(cost["passes"]), int(cost["bytes"])),
        _hex(cost["salt"], 16),
        str(bytes.fromhex(raw["sealed"]).hex()),
        _sealed(raw["store_keys"]),
        _sealed(raw["identity_keys"]),
    )
