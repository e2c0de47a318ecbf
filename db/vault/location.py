"""Where a unit must not lie: on a network, in a share of another machine, in a folder that is synced.

SQLite's write-ahead log loses data where two machines reach one file (sqlite.org/wal.html), and a synced
folder multiplies copies that nobody can erase. Asked once, when a unit is made.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath

from db.errors import Refused

_NETWORK = re.compile(
    "nfs[34]?|cifs|smb[23]?|smbfs|ncp|ncpfs|k?afs|coda|ceph|lustre|glusterfs|gpfs|gfs2?|ocfs2|orangefs|pvfs2"
    "|beegfs|moosefs|davfs|webdav|ftpfs"
)
_OF_A_HOST = re.compile("9p|virtiofs|vboxsf|vmhgfs|prl_fs|drvfs")
_FUSE = re.compile(r"fuse(\..*)?")  # sshfs, rclone and many more; these few lie on the machine's own disk
_LOCAL_FUSE = re.compile(
    r"fuse\.(ntfs|ntfs-3g|exfat|gocryptfs|cryfs|encfs|veracrypt|fuse-overlayfs|bindfs|mergerfs|squashfuse)"
)
_SYNCED = re.compile(
    r"onedrive( -.*)?|skydrive|dropbox( \(.*\))?|google ?drive.*|my drive|mobile documents|icloud ?drive"
    r"|cloudstorage|nextcloud\d*|owncloud\d*|syncthing|box|box sync|mega|megasync|pclouddrive|proton ?drive.*"
    r"|seafile|tresorit|resilio sync",
    re.IGNORECASE,
)
_SIGNS = (".stfolder", ".dropbox.cache", ".nextcloudsync.log", ".owncloudsync.log")


def refuse_network(path: Path, mountinfo: Path = Path("/proc/self/mountinfo")) -> None:
    """Refuse *path*, which need not exist yet, where a unit would lose or multiply its data.

    Args:
        path: of a unit folder; links in it are followed.
        mountinfo: the system's list of mounts, in Linux's form (proc_pid_mountinfo(5)).

    Raises:
        Refused: it is on a network, or synced.
    """
    place = path.expanduser().resolve()
    if kind := _network(place, mountinfo):
        raise Refused(
            f"{path} is on a network or another machine's disk ({kind}): name a folder on a local disk"
        )
    if name := _synced(place):
        raise Refused(f"{path} is inside {name}, which is copied elsewhere: name a folder that is not synced")


def _synced(place: Path) -> str | None:
    """Return the parent that some service keeps in step; what stands above the home says nothing."""
    home = Path.home().resolve()
    above = home if place.is_relative_to(home) else Path(place.anchor)
    for parent in (place, *place.parents):
        if parent == above:
            break
        if _SYNCED.fullmatch(parent.name):
            return str(parent)
    for parent in (place, *place.parents):
        if any((parent / sign).exists() for sign in _SIGNS):
            return str(parent)
    return None


def _network(place: Path, mountinfo: Path) -> str | None:
    if sys.platform == "win32":
        return _windows(place)
    if sys.platform == "darwin":
        import subprocess

        listed = subprocess.run(["/sbin/mount"], capture_output=True, check=False)
        return _darwin(place, os.fsdecode(listed.stdout))
    try:
        listing = os.fsdecode(mountinfo.read_bytes())
    except OSError:  # no such list on this system
        return None
    return _linux(place, listing)


def _linux(place: Path, listing: str) -> str | None:
    """Return the kind of network file system that *place* lies on, from the lines of a mountinfo."""
    mount, kind = Path("/"), ""
    for line in listing.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4]))
        if place.is_relative_to(point) and len(point.parts) >= len(mount.parts):
            mount, kind = point, after.split(" ", 1)[0]  # of two in one place, the later covers the earlier
    if _OF_A_HOST.fullmatch(kind) and mount == Path("/"):  # all the disk that a container has
        return None
    if _NETWORK.fullmatch(kind) or _OF_A_HOST.fullmatch(kind):
        return kind
    return kind if _FUSE.fullmatch(kind) and not _LOCAL_FUSE.fullmatch(kind) else None


def _darwin(place: Path, listing: str) -> str | None:
    """Return the kind of a volume that ``mount`` does not call local."""
    mount, options = Path("/"), ["", "local"]
    for line in listing.splitlines():
        if found := re.fullmatch(r".* on (/.*) \(([^()]*)\)", line):
            point = Path(found[1])
            if place.is_relative_to(point) and len(point.parts) >= len(mount.parts):
                mount, options = point, found[2].split(", ")
    return None if "local" in options else options[0]


def _windows(place: PurePath) -> str | None:
    if place.drive.startswith("\\\\") and not re.match(r"\\\\\?\\[A-Za-z]:", place.drive):
        return "a network share"
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(place.anchor) == 4:  # DRIVE_REMOTE
            return "a network drive"
    return None
