"""Who is unlocked, until when: a session in the operating system's keyring.

It holds the store key and a signing key of its own; never a member's seed, never the identity key. It ends by
the wall clock, with the boot of the machine, and where the unit folder is another.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path

from db.errors import Locked
from db.vault import files, keyrings
from db.vault.passphrase import from_environment as passphrase_from_environment

__all__ = [
    "Session",
    "boot_id",
    "end",
    "find",
    "find_witness",
    "keep",
    "keep_witness",
    "passphrase_from_environment",
]

SERVICE = "beech"
WITNESS_SERVICE = "beech witness"
SET_BACK_MOST = 60  # seconds that a clock may go back while a session lasts
_VERSION = 1
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Session:
    """What a command needs to read and write while the unit is unlocked.

    ``unit``, ``generation`` and ``genesis`` are hex; ``entry`` is the number of the unlock entry on ``desk``;
    ``not_after`` is in UTC epoch seconds; ``boot`` is what ``boot_id`` said.
    """

    unit: str
    member: str
    desk: int
    entry: int
    not_after: int
    store_key: bytes = field(repr=False)
    generation: str
    signing_seed: bytes = field(repr=False)
    genesis: str
    boot: str
    roles: tuple[str, ...]


def keep(session: Session, folder: Path, now: int) -> str:
    """Put a session into the first keyring that takes it; returns that keyring's name.

    Args:
        session: to keep until its ``not_after``.
        folder: of the unit; a copy of it elsewhere does not share the session.
        now: UTC epoch seconds.

    Raises:
        Locked: no keyring answers without a prompt.
    """
    name, before = _name(session.unit, folder), _remembered()
    place = keyrings.put(keyrings.for_sessions(), SERVICE, name, _packed(session, now))
    if place is not None:
        if before is not None and before != place:
            keyrings.drop([before], SERVICE, name)
        files.note(_memory(), place.name.encode())
        return place.name
    why = "PYTHON_KEYRING_BACKEND names none" if keyrings.is_forbidden() else "none answers, or it is locked"
    raise Locked(
        f"a session needs the system's keyring ({why}): unlock that first, or give the passphrase to each "
        "command with BEECH_PASSPHRASE_FILE or BEECH_PASSPHRASE_COMMAND"
    )


def find(unit: str, folder: Path, now: int) -> Session | None:
    """Return the session of this unit in this folder; removes one that is over.

    None too where the keyring does not answer within two seconds or would have to prompt.
    """
    kept = keyrings.get(_known(), SERVICE, _name(unit, folder))
    if kept is None:
        return None
    found = _unpacked(kept[1])
    if found is not None and _lasts(*found, unit, now):
        return found[0]
    keyrings.drop([kept[0]], SERVICE, _name(unit, folder))
    return None


def end(unit: str, folder: Path) -> bool:
    """Remove the session; False where there was none."""
    return keyrings.drop(_known(), SERVICE, _name(unit, folder))


def keep_witness(unit: str, folder: Path, text: str) -> None:
    """Keep the journal's newest hash where it outlives the login, if a keyring takes it unasked."""
    keyrings.put(keyrings.for_witnesses(), WITNESS_SERVICE, _name(unit, folder), text)


def find_witness(unit: str, folder: Path) -> str | None:
    """Return what ``keep_witness`` kept last; None where nothing is, or no keyring says so unasked."""
    kept = keyrings.get(keyrings.for_witnesses(), WITNESS_SERVICE, _name(unit, folder))
    return None if kept is None else kept[1]


def boot_id() -> str:
    """Return what names this run of the machine; empty where the system does not say."""
    if sys.platform == "win32":
        import winreg

        path = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                return str(winreg.QueryValueEx(key, "BootId")[0])
        except OSError:
            return ""
    if sys.platform == "darwin":  # not kern.boottime, which moves when the clock is set
        import subprocess

        asked = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed words
        return said.stdout.strip()
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def _lasts(session: Session, since: int, unit: str, now: int) -> bool:
    """Tell whether a session that began at *since* still holds; a clock before that has been set back."""
    in_time = since - SET_BACK_MOST <= now < session.not_after
    return in_time and session.unit == unit and session.boot == boot_id()


def _name(unit: str, folder: Path) -> str:
    return f"{unit}-{files.mark(folder)}"


def _memory() -> Path:
    return files.state_folder() / "keyring"


def _remembered() -> keyrings.Place | None:
    """Return the keyring that took the last session, if the list in code still has it."""
    try:
        name = _memory().read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return next((place for place in keyrings.for_sessions() if place.name == name), None)


def _known() -> tuple[keyrings.Place, ...]:
    place = _remembered()
    return keyrings.for_sessions() if place is None else (place,)


def _packed(session: Session, now: int) -> str:
    """Return a session as one line; the Credential Locker takes 1,280 characters."""
    packed: dict[str, object] = {"v": _VERSION, "at": now}
    for each in fields(Session):
        value = getattr(session, each.name)
        packed[each.name] = value.hex() if isinstance(value, bytes) else value
    return json.dumps(packed, separators=(",", ":"))


def _unpacked(text: str) -> tuple[Session, int] | None:
    """Return a session and when it began; None where the line is none of ours."""
    try:
        packed = json.loads(text)
        if packed["v"] != _VERSION:
            return None
        session = Session(
            unit=str(packed["unit"]),
            member=str(packed["member"]),
            desk=int(packed["desk"]),
            entry=int(packed["entry"]),
            not_after=int(packed["not_after"]),
            store_key=bytes.fromhex(packed["store_key"]),
            generation=str(packed["generation"]),
            signing_seed=bytes.fromhex(packed["signing_seed"]),
            genesis=str(packed["genesis"]),
            boot=str(packed["boot"]),
            roles=tuple(str(role) for role in packed["roles"]),
        )
        return session, int(packed["at"])
    except (ValueError, TypeError, LookupError):
        return None
