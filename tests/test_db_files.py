"""The file-system rules of a unit folder, on a real file system."""

import errno
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import platformdirs
import pytest

from db.errors import Busy, Damaged, NotFound, Refused
from db.vault import files, folders, location

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes are not looked at on Windows")
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@contextmanager
def umask(bits: int) -> Iterator[None]:
    before = os.umask(bits)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    folder = tmp_path / "the unit"
    folders.make_folder(folder)
    files.create_exclusive(folder / "unit.db", b"")
    files.create_exclusive(folder / "members.json", b"{}")
    folders.make_folder(folder / "backups")
    files.create_exclusive(folder / "backups" / "one.db", b"")
    return folder


@pytest.mark.parametrize("bits", [0o000, 0o022, 0o077, 0o277])
def test_a_file_and_its_folder_are_the_users_alone_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    with umask(bits):
        folders.make_folder(tmp_path / "unit")
        files.create_exclusive(tmp_path / "unit" / "a", b"whole")
        files.replace(tmp_path / "unit" / "b", b"whole")
    assert mode(tmp_path / "unit") == 0o700
    assert mode(tmp_path / "unit" / "a") == mode(tmp_path / "unit" / "b") == 0o600
    assert (tmp_path / "unit" / "a").read_bytes() == b"whole"


def test_a_file_that_exists_is_not_made_again(tmp_path: Path) -> None:
    files.create_exclusive(tmp_path / "a", b"first")
    with pytest.raises(Refused, match="exists already"):
        files.create_exclusive(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"


def test_a_file_is_not_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(Refused):
        files.create_exclusive(tmp_path / "link", b"secret")
    assert not (tmp_path / "target").exists()


def test_replacing_a_link_replaces_the_link_and_not_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    files.replace(tmp_path / "link", b"ours")
    assert (tmp_path / "target").read_bytes() == b"theirs"
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "link").read_bytes() == b"ours"


def test_replacing_leaves_the_new_file_and_nothing_beside_it(tmp_path: Path) -> None:
    files.create_exclusive(tmp_path / "a", b"old")
    files.replace(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_folder_that_another_process_takes_away_meanwhile_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "unit"
    folders.make_folder(folder / ".restored")
    folder.chmod(0o700)
    look = Path.iterdir

    def gone(path: Path) -> Iterator[Path]:
        if path.name == ".restored":
            path.rmdir()
        return look(path)

    monkeypatch.setattr(Path, "iterdir", gone)
    folders.check_folder(folder)
    assert list(folder.iterdir()) == []


@pytest.fixture(params=[errno.EIO, errno.EROFS], ids=["EIO", "EROFS"])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the disk does not take what is flushed."""

    def fails(descriptor: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(os, "fsync", fails)


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(
    "make",
    [
        lambda path: files.create_exclusive(path, b"new"),
        lambda path: files.replace(path, b"new"),
        lambda path: folders.make_folder(path),
        lambda path: files.rename(path.with_name("ready"), path),
    ],
    ids=["create", "replace", "folder", "rename"],
)
def test_a_disk_that_fails_is_busy_and_what_was_begun_is_not_there(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / "ready").write_bytes(b"ready")
    with pytest.raises(Busy, match="nothing was changed; look at the disk"):
        make(tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["ready"]


def test_a_disk_that_fails_when_a_file_has_taken_anothers_place_is_not_said_to_have_changed_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for name in ("a", "b", "ready"):
        files.create_exclusive(tmp_path / name, name.encode())
    monkeypatch.setattr(files, "flush_folder", fails)
    with pytest.raises(Damaged, match=r"is in its place, but .*input/output error") as replaced:
        files.replace(tmp_path / "a", b"new")
    with pytest.raises(Damaged, match=r"is in its place, but .*input/output error") as renamed:
        files.rename(tmp_path / "ready", tmp_path / "b")
    assert "nothing was changed" not in f"{replaced.value} {renamed.value}"
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "b").read_bytes() == b"ready"


def test_where_a_disk_knows_no_second_names_a_file_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows_none(path: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    files.create_exclusive(tmp_path / "a", b"words")
    monkeypatch.setattr(Path, "hardlink_to", knows_none)
    files.name_twice(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"words"


def test_a_full_disk_is_busy_and_changes_nothing(tmp_path: Path) -> None:
    files.create_exclusive(tmp_path / "a", b"old")
    with room_for(100), pytest.raises(Busy, match="no room on the disk"):
        files.replace(tmp_path / "a", bytes(10_000))
    with room_for(100), pytest.raises(Busy, match="nothing was changed"):
        files.create_exclusive(tmp_path / "b", bytes(10_000))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_killed_writer_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "members.json"
    whole = [b"a" * 300_000, b"b" * 300_000]
    files.create_exclusive(path, whole[0])
    script = (
        "import sys; from pathlib import Path; from db.vault import files\n"
        "path = Path(sys.argv[1]); print(flush=True)\n"
        "while True:\n    files.replace(path, b'b' * 300_000); files.replace(path, b'a' * 300_000)\n"
    )
    for wait in range(8):
        with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.003 * wait)
            writer.send_signal(signal.SIGKILL)
        assert path.read_bytes() in whole
    folders.check_folder(tmp_path)


def test_the_files_of_a_shared_unit_are_open_to_its_group_and_keep_it(tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    folders.make_folder(folder, group=os.getegid())
    files.create_exclusive(folder / "members.json", b"{}")
    files.replace(folder / "members.json", b"{}")
    assert mode(folder) == 0o2770
    assert mode(folder / "members.json") == 0o660
    assert (folder / "members.json").stat().st_gid == os.getegid()
    folders.check_folder(folder)


@only_root
def test_replacing_a_file_of_a_shared_unit_keeps_the_files_group(tmp_path: Path) -> None:
    folder = tmp_path / "unit"
    folders.make_folder(folder, group=os.getegid())
    files.create_exclusive(folder / "members.json", b"{}")
    os.chown(folder / "members.json", -1, 4242)
    files.replace(folder / "members.json", b"[]")
    assert (folder / "members.json").stat().st_gid == 4242


def test_a_unit_folder_as_beech_makes_it_passes(unit: Path) -> None:
    folders.check_folder(unit)


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("", 0o755),
        ("", 0o750),
        ("", 0o2700),
        ("", 0o1700),
        ("", 0o2775),
        ("unit.db", 0o644),
        ("unit.db", 0o400),
        ("members.json", 0o640),
        ("backups", 0o755),
        ("backups/one.db", 0o604),
    ],
)
def test_a_wider_mode_is_refused_with_the_command_that_mends_it(unit: Path, name: str, bits: int) -> None:
    (unit / name).chmod(bits)
    seen = set()
    while True:
        try:
            folders.check_folder(unit)
            break
        except Refused as refused:
            command = str(refused).partition(": ")[2]
            assert command not in seen
            seen.add(command)
            assert command.startswith("chmod ")
            subprocess.run(command, shell=True, check=True)  # noqa: S602 -- what the officer would paste
    assert seen


def test_what_a_file_manager_leaves_in_a_closed_folder_is_nobodys_business(unit: Path) -> None:
    (unit / ".DS_Store").write_bytes(b"")
    (unit / ".DS_Store").chmod(0o644)
    folders.check_folder(unit)


@only_root
def test_a_unit_of_another_user_is_refused(unit: Path) -> None:
    os.chown(unit / "unit.db", 4242, -1)
    with pytest.raises(Refused, match="another user"):
        folders.check_folder(unit)


def test_a_link_in_the_place_of_a_file_is_refused(unit: Path, tmp_path: Path) -> None:
    (unit / "members.json").rename(tmp_path / "elsewhere")
    (unit / "members.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match=r"members\.json is a link"):
        folders.check_folder(unit)


def test_a_link_to_a_unit_folder_is_refused_and_the_folder_named(unit: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(unit)
    with pytest.raises(Refused, match=str(unit)):
        folders.check_folder(tmp_path / "link")


def test_a_folder_that_is_not_there_is_no_unit(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no unit in"):
        folders.check_folder(tmp_path / "none")


def test_a_file_is_no_unit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused, match="not a folder"):
        folders.check_folder(tmp_path / "file")


MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - {root} /dev/vda rw
30 27 0:40 / {place} rw,relatime shared:5 - {kind} server:/share rw
"""


def mounts(tmp_path: Path, place: str, kind: str, root: str = "ext4") -> Path:
    listing = tmp_path / "mountinfo"
    listing.write_text(MOUNTS.format(place=place.replace(" ", r"\040"), kind=kind, root=root))
    return listing


@pytest.mark.parametrize(
    "kind",
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse",
        "davfs",
        "afs",
        "ceph",
        "9p",
        "vboxsf",
    ],
)
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    listing = mounts(tmp_path, "/mnt/team share", kind)
    with pytest.raises(Refused, match=kind):
        location.refuse_network(Path("/mnt/team share/new/unit"), listing)
    location.refuse_network(Path("/mnt/team shared"), listing)


def accepted(place: Path, *listing: Path) -> bool:
    """Tell whether a unit may be made there."""
    try:
        location.refuse_network(place, *listing)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("kind", ["ext4", "overlay", "btrfs", "tmpfs", "fuseblk", "fuse.gocryptfs", "zfs"])
def test_a_local_file_system_is_accepted(tmp_path: Path, kind: str) -> None:
    assert accepted(Path("/mnt/disk/unit"), mounts(tmp_path, "/mnt/disk", kind))


@pytest.mark.parametrize("kind", ["9p", "virtiofs", "overlay"])
def test_the_root_of_a_container_is_its_own_disk(tmp_path: Path, kind: str) -> None:
    assert accepted(Path("/srv/unit"), mounts(tmp_path, "/mnt", "ext4", root=kind))


def test_of_two_mounts_in_one_place_the_later_counts(tmp_path: Path) -> None:
    listing = mounts(tmp_path, "/mnt/a", "autofs")
    listing.write_text(listing.read_text() + "31 30 0:41 / /mnt/a rw - nfs4 server:/a rw\n")
    with pytest.raises(Refused, match="nfs4"):
        location.refuse_network(Path("/mnt/a/unit"), listing)


def test_a_link_to_a_network_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "share")
    with pytest.raises(Refused, match="nfs"):
        location.refuse_network(tmp_path / "link" / "unit", mounts(tmp_path, str(tmp_path / "share"), "nfs"))


def test_the_disk_this_test_runs_on_is_local(tmp_path: Path) -> None:
    assert accepted(tmp_path / "unit")


def test_a_volume_that_macos_does_not_call_local_is_refused() -> None:
    listing = (
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n"
        "//officer@server/team on /Volumes/team (one) (smbfs, nodev, nosuid, mounted by officer)\n"
    )
    assert location._darwin(Path("/Volumes/team (one)/unit"), listing) == "smbfs"
    assert location._darwin(Path("/Users/officer/unit"), listing) is None


def test_a_network_share_of_windows_is_refused() -> None:
    assert location._windows(PureWindowsPath(r"\\server\share\unit")) == "a network share"
    assert location._windows(PureWindowsPath(r"\\?\UNC\server\share\unit")) == "a network share"
    assert location._windows(PureWindowsPath(r"C:\Users\officer\unit")) is None


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive",
        "OneDrive - Example Constabulary",
        "Dropbox",
        "Dropbox (Personal)",
        "Google Drive",
        "GoogleDrive-officer@example.org",
        "Mobile Documents",
        "Nextcloud",
        "Syncthing",
        "Box",
        "MEGA",
    ],
)
def test_a_synced_folder_is_refused(home: Path, name: str) -> None:
    with pytest.raises(Refused, match="copied elsewhere"):
        location.refuse_network(home / name / "work" / "unit")


@pytest.mark.parametrize("sign", [".stfolder", ".dropbox.cache", ".nextcloudsync.log"])
def test_a_folder_with_the_mark_of_a_sync_program_is_refused(home: Path, sign: str) -> None:
    (home / "Team" / sign).mkdir(parents=True)
    with pytest.raises(Refused, match="Team, which is copied elsewhere"):
        location.refuse_network(home / "Team" / "unit")


def test_an_officer_called_box_may_have_a_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "Box"))
    assert accepted(tmp_path / "Box" / "unit")
    assert accepted(tmp_path / "Box" / "boxes" / "unit")


def test_no_core_file_and_no_debugger_sees_the_process_afterwards() -> None:
    script = (
        "import ctypes, resource; from db.vault import files; files.no_dumps()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == "(0, 0) 0\n"


@pytest.mark.parametrize("data", [None, "", "/somewhere/data", "relative", "/with/slash/"])
@pytest.mark.parametrize("home_is", ["/home/officer", "/home/officer/", "", None])
def test_the_folders_are_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, data: str | None, home_is: str | None
) -> None:
    for name, value in (("XDG_DATA_HOME", data), ("XDG_STATE_HOME", data), ("HOME", home_is)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert files.default_folder() == platformdirs.user_data_path("beech", appauthor=False)
    if sys.platform == "linux":
        assert files.state_folder() == platformdirs.user_state_path("beech", appauthor=False)


def test_what_the_desk_remembers_lies_outside_the_unit_folder() -> None:
    assert not files.state_folder().is_relative_to(files.default_folder())


def test_the_desk_remembers_who_unlocked_each_folder_last(unit: Path, tmp_path: Path) -> None:
    assert files.last_member(unit) is None
    files.keep_last_member(unit, "0011aabb")
    assert files.last_member(unit) == "0011aabb"
    assert files.last_member(tmp_path) is None
    assert {mode(path) for path in files.state_folder().iterdir()} == {0o600}
    assert mode(files.state_folder()) == 0o700


def test_a_desk_that_cannot_remember_works_all_the_same(home: Path, unit: Path) -> None:
    files.state_folder().parent.mkdir(parents=True, exist_ok=True)
    files.state_folder().write_bytes(b"in the way")
    files.keep_last_member(unit, "0011aabb")
    assert files.last_member(unit) is None


def test_what_a_desk_jots_down_stays_in_one_place_and_is_never_an_error(tmp_path: Path) -> None:
    path = tmp_path / "state" / "desk.json"
    files.jot(path, b'{"seq":10}')
    inode = path.stat().st_ino
    files.jot(path, b'{"seq":9}')
    assert (json.loads(path.read_bytes()), path.stat().st_ino) == ({"seq": 9}, inode)
    (tmp_path / "elsewhere").write_text("kept")
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "elsewhere")
    files.jot(link, b"{}")
    files.jot(tmp_path / "elsewhere" / "under.json", b"{}")
    assert (tmp_path / "elsewhere").read_text() == "kept"
