"""Opening a unit: by passphrase for what needs the member's own seed, by session else."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from db.errors import Locked, NotFound, Older, Usage
from db.vault import cipher, files, folders, holding, keys, signing
from db.vault.genesis import read_genesis
from db.vault.members import RECOVERY
from db.vault.mishaps import spoken_errors
from db.vault.store import Face, Member, Signer, Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from db.vault.session import Session

SHIFT_HOURS = 8
DATABASE, MEMBERS, BACKUPS = folders.DATABASE, folders.MEMBERS, folders.BACKUPS
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_CODE_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def recovery_code() -> str:
    """Return 130 random bits as 26 digits in groups; no I, L, O or U to misread."""
    digits = "".join(_CODE_DIGITS[b & 31] for b in os.urandom(26))
    return "-".join(digits[i : i + 5] for i in range(0, 26, 5))


def with_passphrase(
    folder: Path,
    passphrase: str,
    member: str | None,
    face: Face,
    older: Callable[[keys.Opened], None] | None = None,
) -> tuple[Store, keys.Opened]:
    """Open a unit by a member's passphrase; the second result holds the seed, for what needs it.

    Args:
        folder: the unit's.
        passphrase: the member's own.
        member: the member's name, where it is not clear.
        face: who asks.
        older: called with the open slot where an older beech made the file; it brings it up, or raises.

    Raises:
        Locked: the passphrase is wrong.
        Damaged: the file is, or it is a stranger's.
        Usage: it was made by a newer beech, or which member is meant is not clear.
    """
    opened = slot(folder, passphrase, member)
    try:
        return with_opened(folder, opened, face), opened
    except Older:
        if older is None:
            raise
    older(opened)
    return with_opened(folder, opened, face), opened


def stands(folder: Path) -> bool:
    """Tell whether a unit, or a part of one, is in a folder."""
    return any((folder / name).exists() for name in (MEMBERS, DATABASE, holding.PENDING))


def slot(folder: Path, passphrase: str, member: str | None) -> keys.Opened:
    """Open a member's slot, without the unit itself.

    Raises:
        Locked: the passphrase is wrong.
        Damaged: members.json or the head of unit.db is.
        Usage: which member is meant is not clear.
    """
    folders.check_folder(folder)
    members = keys.load(folder / MEMBERS)
    opened = keys.open_slot(members, which_member(members, folder, member), passphrase)
    if cipher.generation(folder / DATABASE) not in opened.slot.store_keys:
        # a rotation may have replaced both files meanwhile: look once more before it is called damage
        again = keys.load(folder / MEMBERS).named(opened.slot.member)
        return keys.Opened(again, opened.seed, opened.unit, opened.genesis)
    return opened


def with_opened(folder: Path, opened: keys.Opened, face: Face, *, held: bool = False) -> Store:
    """Open a unit by a slot that is open already; the member's own seed signs.

    Args:
        folder: the unit's.
        opened: the slot.
        face: who asks.
        held: the caller holds the unit's files alone, so that no lock is taken here.

    Raises:
        Damaged: the file is, or it is a stranger's.
    """
    hold = holding.Hold(None) if held else holding.share(folder)
    try:
        generation = cipher.generation(folder / DATABASE)
        key = opened.store_key(generation)
        signer = Signer(opened.sign, None, None, None)
        store = _open(folder, (key, generation, opened.genesis), opened.slot.member, signer, face)
    except BaseException:
        hold.release()
        raise
    store.hold = hold
    return store


def beside(store: Store, folder: Path, name: str = DATABASE, key: bytes | None = None) -> Store:
    """Open a copy of an open unit, under the same key or another, to look at it; nothing is written to it."""
    anchor = (key or store.store_key, store.generation, store.anchor)
    return _open(folder, anchor, store.member.id, store.signer, store.face, name)


def copy(folder: Path, opened: keys.Opened, face: Face, name: str) -> Store:
    """Open a copy that lies in the unit's folder under another name, by a slot; nobody else uses it."""
    generation = cipher.generation(folder / name)
    anchor = (opened.store_key(generation), generation, opened.genesis)
    return _open(folder, anchor, opened.slot.member, Signer(opened.sign, None, None, None), face, name)


def with_session(folder: Path, session: Session, face: Face) -> Store:
    """Open a unit by an unlocked session: everything but names, members and rotation.

    Raises:
        Locked: the file's key was rotated since, or the member removed or reset.
        Damaged: the file is, or it is a stranger's.
    """
    folders.check_folder(folder)
    hold = holding.share(folder)
    try:
        generation = cipher.generation(folder / DATABASE)
        if generation != session.generation:
            raise Locked("the unit's key has changed since this session began: 'beech unlock' again")
        seed = session.signing_seed
        signer = Signer(lambda m: signing.sign(seed, m), session.entry, session.desk, session.not_after)
        anchor = (session.store_key, generation, bytes.fromhex(session.genesis))
        store = _open(folder, anchor, session.member, signer, face)
    except BaseException:
        hold.release()
        raise
    store.hold = hold
    return store


def _open(  # noqa: PLR0913 - the one place where all of it meets
    folder: Path,
    anchor: tuple[bytes, str, bytes],
    member: str,
    signer: Signer,
    face: Face,
    name: str = DATABASE,
) -> Store:
    key, generation, expected = anchor
    opened = cipher.connect(folder / name, key, waiting=face.waiting)
    try:
        with spoken_errors():
            genesis = read_genesis(opened, expected)
            who = _who(opened, member, by_session=signer.session is not None)
        store = Store(folder, opened, genesis, who, signer)
        store.face, store.generation, store.store_key, store.anchor = face, generation, key, expected
    except BaseException:
        opened.close()
        raise
    return store


def _who(opened: cipher.Cipher, member: str, *, by_session: bool) -> Member:
    if member == RECOVERY:
        return Member(RECOVERY, "recovery code", ("recovery",))
    row = opened.execute("select id, name, roles, state from member where id = ?", (member,)).fetchone()
    if row is None or row[3] == "removed":
        raise Locked("this member was removed from the unit: ask a supervisor")
    if by_session and row[3] == "joining":
        raise Locked("this member's way in was reset since: 'beech members join' with the new code")
    return Member(row[0], row[1], tuple(json.loads(row[2])))


def plain_code(code: str) -> str:
    """Return a typed recovery or joining code as it was made: no blanks or hyphens, nothing misread."""
    return "".join(code.split()).replace("-", "").upper().translate(_MISREAD)


def which_member(members: keys.Members, folder: Path, name: str | None) -> keys.Slot:
    """Return whose slot is meant: the named, else the desk's last, else the only one.

    Raises:
        NotFound: nobody of that name has a key.
        Usage: there are several, and none was named.
    """
    if name is not None:
        return members.named(name)
    mine = [slot for slot in members.slots if slot.kind == "member"]
    if len(mine) == 1:
        return mine[0]
    last = files.last_member(folder)
    for slot in mine:
        if slot.member == last:
            return slot
    raise Usage("which member? name one with --member or BEECH_MEMBER")


def begin_session(store: Store, opened: keys.Opened, hours: float = SHIFT_HOURS) -> Session:
    """Certify a fresh session key by an entry that the seed signs; returns what the keyring may keep.

    The session holds the store key and the session's own signing key; never the seed, never a name's key.
    """
    from db.vault.session import Session, boot_id

    session_seed = os.urandom(32)
    not_after = store.now() + int(hours * 3600)
    with store.write() as tx:
        desk, entry = tx.chain.event(
            "unlock", {"key": signing.public_of(session_seed), "not_after": not_after}
        )
    files.keep_last_member(store.folder, store.member.id)
    return Session(
        unit=opened.unit,
        member=store.member.id,
        desk=desk,
        entry=entry,
        not_after=not_after,
        store_key=store.store_key,
        generation=store.generation,
        signing_seed=session_seed,
        genesis=opened.genesis.hex(),
        boot=boot_id(),
        roles=store.member.roles,
    )


def unit_of(folder: Path) -> str:
    """Return the id, in hex, of the unit in a folder, from members.json.

    Raises:
        NotFound: there is none.
    """
    if not folder.exists():
        raise NotFound(f"no unit in {folder}: 'beech init' makes one, --unit names another")
    return keys.load(folder / MEMBERS).unit
