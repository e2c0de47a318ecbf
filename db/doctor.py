"""What stands well and what wants mending: on this machine, and in the unit. Nothing is written.

Each finding says what was looked at, how it stands and how to mend it; never what a record holds.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import BeechError
from db.vault import folders, journal, keys, location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.vault.store import Store

BEHIND_MOST = 5 * 60  # seconds that the clock may be behind the newest entry
BACKUP_OLD = 1  # days

_WINDOWS_TERMINAL = "Packages/Microsoft.WindowsTerminal*/LocalState/buffer_*.txt"
_SAVED = (
    ".tmux/resurrect/pane_contents.tar.gz",
    ".local/share/tmux/resurrect/pane_contents.tar.gz",
    "Library/Saved Application State/com.apple.Terminal.savedState/*",
    "Library/Saved Application State/com.googlecode.iterm2.savedState/*",
    f"AppData/Local/{_WINDOWS_TERMINAL}",
)


class Finding(NamedTuple):
    """What was looked at, whether it stands well, what was found, how to mend it (None where it is well)."""

    check: str
    ok: bool
    finding: str
    mend: str | None = None


class Inside(NamedTuple):
    """What was found in the unit, and whether any of it is damage."""

    findings: list[Finding]
    damaged: bool


LOCKED = Finding("unit", ok=False, finding="it is locked: nobody looked inside", mend="beech unlock")


def machine(folder: Path, root: Path = Path("/")) -> Iterator[Finding]:
    """Look at the machine and at the unit's files from outside; no key is needed.

    Args:
        folder: of the unit; there need not be one.
        root: below which the system's own files are read.
    """
    yield _versions()
    yield _files(folder)
    yield _keyring()
    yield _swap(root)
    yield _terminals(Path.home())
    yield _dumps()


def unit(store: Store, witness: tuple[int, int, str] | None = None) -> Inside:
    """Look into an open unit: journal (what came since the last check), pages, clock, backups, members, law.

    Args:
        store: the open unit.
        witness: an entry that was once the newest, as ``verify`` takes it.
    """
    from db import standing
    from db.tallies.leaving import apart

    health = standing.of(store)["health"]
    sound = _journal(store, witness, health["last_verified"])
    whole = _integrity(store)
    found = [sound, whole, _clock(store), _leftovers(store.folder)]
    found += [_backups(store, health["days_without_copy_elsewhere"]), _erasures(store), _level_0(store)]
    found += [*_members(health), _law(health)]
    found += [Finding("notice", ok=False, finding=said, mend=None) for said in standing.announced(store)]
    found += [Finding("releases", ok=not one.tells, finding=one.said, mend=None) for one in apart.met(store)]
    return Inside(found, not (sound.ok and whole.ok))


def _versions() -> Finding:
    from importlib import metadata

    parts = [f"beech {keys.PROGRAM}", f"Python {sys.version_info[0]}.{sys.version_info[1]}"]
    parts += [f"{name} {metadata.version(name)}" for name in ("sqlcipher3", "pynacl")]
    return Finding("versions", ok=True, finding=", ".join(parts))


def _files(folder: Path) -> Finding:
    """Look at modes, owners and links, and at whether the folder is on a network or synced."""
    try:
        folders.check_folder(folder)
        location.refuse_network(folder)
    except BeechError as error:
        said, _, mend = str(error).rpartition(": ")
        return Finding("files", ok=False, finding=said, mend=mend)
    return Finding("files", ok=True, finding=f"{folder} is on a local disk and closed to others")


def _keyring() -> Finding:
    from db.vault import keyrings

    ready = keyrings.ready()
    if ready is None:
        return Finding(
            "keyring",
            ok=False,
            finding="no keyring answers, or it is locked: a session has nowhere to lie",
            mend="unlock the system's keyring, or set BEECH_PASSPHRASE_FILE or BEECH_PASSPHRASE_COMMAND",
        )
    where = "" if ready.lasts else ", in memory alone"
    return Finding("keyring", ok=True, finding=f"a session is kept by {ready.name}{where}")


def _either(check: str, wrong: str | None, mend: str, well: str) -> Finding:
    """Return the finding that something is wrong, or that it is well."""
    return Finding(check, ok=True, finding=well) if wrong is None else Finding(check, False, wrong, mend)


def _swap(root: Path) -> Finding:
    """Look for swap that is neither encrypted nor in memory: what is on the screen may end on the disk."""
    if sys.platform != "linux":
        return Finding("swap", ok=True, finding="not looked at on this system")
    try:
        lines = (root / "proc/swaps").read_text("utf-8").splitlines()[1:]
    except OSError:
        return Finding("swap", ok=True, finding="this system does not say whether it swaps")
    bare = [name for name in (line.split()[0] for line in lines if line) if not _is_closed(root, name)]
    wrong = f"memory may be written unencrypted to {', '.join(bare)}" if bare else None
    mend = "encrypt the swap (crypttab(5)), or switch it off: swapoff -a, and its line in /etc/fstab"
    return _either("swap", wrong, mend, "none that lies open on a disk")


def _is_closed(root: Path, name: str) -> bool:
    device = Path(name).name
    if device.startswith("zram"):
        return True
    try:
        return (root / "sys/block" / device / "dm/uuid").read_text("ascii").startswith("CRYPT-")
    except (OSError, UnicodeDecodeError):
        return False


def _terminals(home: Path) -> Finding:
    """Look for what terminals have kept of the screen: in files, or in the memory of tmux and screen."""
    if saved := sorted({str(one.parent) for pattern in _SAVED for one in home.glob(pattern)}):
        said = f"a terminal keeps what it has shown in {', '.join(saved)}"
        mend = "switch off in the terminal that it restores its windows' text, and remove those files"
        return Finding("terminal", False, said, mend)
    for variable, name, mend in (
        ("TMUX", "tmux", "tmux clear-history when the shift ends"),
        ("STY", "screen", "close the window when the shift ends"),
    ):
        if os.environ.get(variable):
            return Finding("terminal", False, f"{name} remembers what was shown", mend)
    return Finding("terminal", ok=True, finding="no saved screens found")


def _dumps() -> Finding:
    if sys.platform == "win32":
        return Finding("dumps", ok=True, finding="not looked at on this system")
    import resource

    allowed = resource.getrlimit(resource.RLIMIT_CORE)[0] != 0
    wrong = "a crash would write memory to a file" if allowed else None
    return _either("dumps", wrong, "ulimit -c 0, before beech", "no core file is made of this process")


def _journal(store: Store, witness: tuple[int, int, str] | None, last: str | None) -> Finding:
    from db.vault.verify import verify

    report = verify(store, since_last=True, witness=witness)
    names = ", ".join(sorted({fault.name for fault in report.faults}))
    wrong = None if report.ok else f"{len(report.faults)} faults: {names}"
    mend = "keep this copy; 'beech journal verify' says where, 'beech restore' goes back to a backup"
    since = f"since the check of {last[:10]}" if last else "from the first on"
    return _either("journal", wrong, mend, f"{report.entries:,} entries {since}: nothing wrong")


def _clock(store: Store) -> Finding:
    with store.counts() as reader:
        (newest,) = reader.execute("select max(at) from entry").fetchone()
    behind = journal.wall_ms(newest) // 1000 - store.now()
    late = behind > BEHIND_MOST
    wrong = f"the clock is {behind // 60} minutes behind the journal's newest entry" if late else None
    return _either("clock", wrong, "set the clock: timedatectl set-ntp true", "not behind the newest entry")


def _integrity(store: Store) -> Finding:
    """Look at every page's seal: a disk that fails, or somebody who writes past beech, shows there."""
    from db.vault.verify_tables import still_altered

    altered = still_altered(store.cipher)
    wrong = f"{len(altered)} pages of unit.db are not as they were written" if altered else None
    mend = "keep this copy and the disk; 'beech restore' goes back to a backup"
    return _either("integrity", wrong, mend, "every page of unit.db is as it was written")


def _leftovers(folder: Path) -> Finding:
    """Look for what a restore, a drill or a backup left behind when it was killed."""
    left = [*folder.glob(".restore-*"), *folder.glob("backups/*.new")]
    wrong = f"left behind: {', '.join(sorted(map(str, left)))}" if left else None
    mend = "remove it, while no backup, restore or drill is running: rm -r"
    return _either("leftovers", wrong, mend, "nothing was left behind by a restore, drill or backup")


def _backups(store: Store, away: int) -> Finding:
    """Look at how old the newest copy is; *away*: for how many days none was put in a second place."""
    from db.standing import AWAY_LATE
    from db.vault import backup

    mend = "beech backup; 'beech backup --to PLACE' and backup_place in the settings for a second place"
    made = [found for one in backup.listed(store.folder) if (found := _made_at(one.name)) is not None]
    elsewhere = f"no copy off this machine for {away} days"
    if not made:
        also = f", and {elsewhere}" if away >= AWAY_LATE else ""
        return Finding("backups", False, f"there is none in the unit's folder{also}", mend)
    days = int((store.now() - max(made)) // 86400)
    said = f"{len(made)} in the unit's folder, the newest {days} days old; {elsewhere}"
    return _either("backups", said if days > BACKUP_OLD or away >= AWAY_LATE else None, mend, said)


def _made_at(name: str) -> float | None:
    """Return when a copy was made, UTC epoch seconds, by its name; None where a restore kept it."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{6}", name):
        return None
    return datetime.strptime(name[:18], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()


def _members(health: dict[str, Any]) -> Iterator[Finding]:
    liaisons = health["liaisons"]
    few = f"{liaisons or 'nobody'} can open identities" if liaisons < 2 else None
    mend = "give a second member that role: beech members role NAME --role liaison"
    yield _either("liaisons", few, mend, f"{liaisons} can open identities")
    both = (
        "the founder holds both roles, supervisor and liaison" if health["founder_holds_both_roles"] else None
    )
    yield _either("roles", both, "hand one of the two on: beech members role", "the two roles are apart")


def _erasures(store: Store) -> Finding:
    from db import erasure

    late = erasure.left(store)
    wrong = f"another desk wrote of what is erased before it heard of it: {', '.join(late)}" if late else None
    mend = f"take it along, as an erasure is asked for and agreed: erase {late[0]} again" if late else ""
    return _either("erasures", wrong, mend, "nothing is left of what was erased")


def _level_0(store: Store) -> Finding:
    from db.records import silent

    late, women = silent.left(store), silent.women(store)
    said, mends = [], []
    if late:
        said.append(
            f"another desk wrote of contacts before it heard that they are of level 0: {', '.join(late)}"
        )
        again = f"beech engagements amend {late[0]} --sharing-level 0 --reason correction"
        mends.append(f"lower it again, a concern about it erased first: {again}")
    if women:
        said.append(f"known_as or safety is kept of people of level 0: {', '.join(women)}")
        clear = f"beech people amend {women[0]} --clear known_as --clear safety --reason correction"
        mends.append(f"clear both, or raise the level as she wishes: {clear}")
    well = "of contacts at level 0 nothing is kept but that they took place, of people no words"
    return _either("levels", "; ".join(said) or None, "; ".join(mends), well)


def _law(health: dict[str, Any]) -> Finding:
    missing = [name.replace("_", " ") for name, said in health["legal_references"].items() if not said]
    wrong = f"not set: {', '.join(missing)}" if missing else None
    mend = "settle them with the data protection officer (DPA 2018, s.35 and s.42), then beech config apply"
    return _either("law", wrong, mend, "the legal references are set")
