"""Hostile surroundings: modules, keyrings, homes, passphrase sources, streams that close. Nothing gets in."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.attacks import (
    ROOT,
    around,
    assert_refused,
    beech,
    by_passphrase,
    ended,
    program,
    start,
)
from tests.conftest import PASSPHRASE, Unit

# --- modules of the same name


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script as an installer writes it, in a virtual environment that finds this tree."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    there = [entry for entry in sys.path if entry.endswith("site-packages")]
    (site / "beech.pth").write_text("\n".join([str(ROOT), *there]) + "\n")
    path = folder / "bin" / "beech"
    path.write_text(
        f"#!{folder / 'bin' / 'python'}\nimport sys\nfrom commands.__main__ import main\n"
        "if __name__ == '__main__':\n    sys.exit(main())\n"
    )
    path.chmod(0o700)
    return path


FAKES = (
    *("click", "sqlcipher3", "nacl", "json", "typing", "__future__", "keyring", "hashlib", "sqlite3"),
    *("ctypes", "struct", "traceback", "db", "tui", "rich", "csv", "re", "pathlib", "contextlib", "resource"),
)


@pytest.mark.parametrize("way", ["PYTHONPATH", "current folder"])
def test_a_fake_module_in_the_way_is_never_loaded(
    script: Path, strong: Unit, tmp_path: Path, way: str
) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.mkdir()
    for name in FAKES:
        (trap / f"{name}.py").write_text(f"open({str(sprung)!r}, 'a').write({name + ' '!r})\n")
    env = around(strong.folder, {"BEECH_PASSPHRASE_FILE": str(strong.secret), "PYTHONPATH": ""})
    env |= {"PYTHONPATH": str(trap)} if way == "PYTHONPATH" else {}
    said = b'{"at": "2026-11-21T23:40"}'
    for words in (("log", "--from-json", "-"), ("engagements", "list", "-f", "csv"), ("find", "--help")):
        ran = ended(start([str(script), *words], env, trap), said)
        assert ran.code == 0, ran
    assert not sprung.exists(), sprung.read_text()


def test_what_python_itself_loads_is_the_trap_that_the_last_test_sets(tmp_path: Path) -> None:
    """The same folder on the path of a program that does not clean it: the trap works."""
    (tmp_path / "json.py").write_text("print('sprung')\n")
    done = subprocess.run(
        [sys.executable, "-c", "import json"], env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=True,
        capture_output=True,
    )  # fmt: skip
    assert done.stdout == b"sprung\n"


# --- keyrings of a stranger's choosing


def test_no_configuration_of_keyring_names_what_is_loaded(script: Path, strong: Unit, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "evil.py").write_text(
        f"open({str(sprung)!r}, 'w')\nfrom keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n    priority = 99\n"
    )
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={trap}\n")
    env = around(
        strong.folder,
        {"BEECH_PASSPHRASE_FILE": str(strong.secret), "XDG_CONFIG_HOME": str(tmp_path / "config")},
    )
    env |= {"PYTHON_KEYRING_BACKEND": "evil.Keyring", "PYTHONPATH": str(trap)}
    env |= {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "KEYRING_PROPERTY_FILE_PATH": str(sprung)}
    for words in (("status",), ("unlock",), ("lock",), ("journal", "verify")):
        ran = ended(start([str(script), *words], env))
        assert ran.code == (3 if words == ("unlock",) else 0), ran
        assert "Traceback" not in ran.err
    assert not sprung.exists()


def test_without_keyring_file_or_terminal_the_one_sentence_says_what_to_do(unit: Unit) -> None:
    env = around(unit.folder, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
    ran = program("engagements", "list", env=env)
    assert_refused(ran, 3, "beech unlock", "BEECH_PASSPHRASE_FILE", "BEECH_PASSPHRASE_COMMAND")
    assert len(ran.err.splitlines()) == 1


# --- homes and folders


@pytest.mark.parametrize(
    "env",
    [
        {"HOME": "", "XDG_STATE_HOME": "", "XDG_DATA_HOME": ""},
        {"HOME": "relative/home", "XDG_STATE_HOME": "relative", "XDG_DATA_HOME": "../.."},
        {"HOME": "/dev/null", "XDG_STATE_HOME": "/dev/null", "XDG_DATA_HOME": "/dev/null"},
        {"HOME": "/nonexistent", "XDG_STATE_HOME": "/proc/nothing", "XDG_CONFIG_HOME": "/proc/1"},
        {"HOME": "/nonexistent/\x1b[31m", "XDG_STATE_HOME": "/nonexistent/\n\x1b]0;"},
        {
            "XDG_RUNTIME_DIR": "/nonexistent",
            "TMPDIR": "/nonexistent",
            "TZ": "../../etc/passwd",
            "TERM": "\x1b",
        },
        {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "LANG": "tlh_QO.KLINGON", "COLUMNS": "-7", "LINES": "x"},
        {"BEECH_DEBUG": "1", "BEECH_MEMBER": "", "BEECH_REASON": "", "TEXTUAL": "debug", "NO_COLOR": "1"},
    ],
)
def test_no_value_of_the_surroundings_is_more_than_a_value(unit: Unit, env: dict[str, str]) -> None:
    said = '{"at": "2026-11-21T23:40", "narrative": "nadżerka \\u2603"}'
    saved = beech(unit, "log", "--from-json", "-", "-f", "json", stdin=said, env=env)
    assert saved.code == 0, saved
    ran = beech(unit, "engagements", "list", "-f", "json", env=env)
    assert (ran.code, ran.json[0]["narrative"]) == (0, "nadżerka ☃"), ran
    assert "\x1b" not in ran.out + ran.err


def test_a_state_folder_that_lies_is_not_believed(unit: Unit, home: Path) -> None:
    assert beech(unit, "log", "--from-json", "-", stdin='{"at": "2026-11-21T23:40"}').code == 0
    (state,) = (home / "state").rglob("desk-*.json")
    whole = json.loads(state.read_text())
    lies: list[object] = [
        *(None, [], 7, "x", {}, whole | {"desk": "1"}, whole | {"desk": -1}, whole | {"desk": 1 << 80}),
        *(whole | {"desk": [1]}, whole | {"seq": True}, whole | {"hash": 7}, whole | {"hash": "zz"}),
        *(whole | {"seq": whole["seq"] + 1}, whole | {"desk": whole["desk"] ^ 1}),
    ]
    for lie in lies:
        state.write_text(json.dumps(lie))
        assert beech(unit, "log", "--from-json", "-", stdin='{"at": "2026-11-21T23:40"}').code == 0
    state.write_bytes(b"\xff\x00[[[[")
    assert beech(unit, "log", "--from-json", "-", stdin='{"at": "2026-11-21T23:40"}').code == 0
    ran = beech(unit, "journal", "verify")
    assert ran.code == 0, ran


def test_a_unit_whose_folders_name_is_no_text_works(unit: Unit) -> None:
    for name in (b"caf\xe9", "naïve 100% ?#&'\" unit".encode(), b"new\nline", b"-rf"):
        folder = Path(os.fsdecode(os.fsencode(unit.folder.parent) + b"/" + name))
        unit.folder.rename(folder)
        unit = unit._replace(folder=folder)
        ran = by_passphrase(unit, "log", "--from-json", "-", stdin=b'{"at": "2026-11-21T23:40"}')
        assert ran.code == 0, ran
        assert by_passphrase(unit, "status", "-f", "json").code == 0
        assert beech(unit, "status", "--out", str(folder.parent / "status.json")).code == 0


def test_a_unit_on_a_network_or_in_a_synced_folder_is_refused_by_init(unit: Unit, home: Path) -> None:
    for folder in (home / "Dropbox" / "unit", home / "OneDrive - Northgate" / "unit"):
        ran = by_passphrase(
            unit, "--unit", str(folder), "--no-input", "init", "--name", "U", "--member", "Sam"
        )
        assert_refused(ran, 5, "synced")
        assert not folder.exists()


# --- where a passphrase comes from


def test_a_passphrase_file_is_the_users_own_closed_regular_and_outside_the_unit(
    unit: Unit, tmp_path: Path
) -> None:
    cases: list[tuple[Path, int, str]] = []

    def case(name: str, code: int, word: str, folder: Path = tmp_path) -> Path:
        cases.append((folder / name, code, word))
        return folder / name

    case("missing", 2, "cannot be read")
    case("open", 5, "chmod 0600").write_text(PASSPHRASE)
    case("empty", 2, "empty").touch(0o600)
    case("newline", 2, "empty").write_text("\n")
    case("folder", 5, "no regular file").mkdir(mode=0o700)
    case("link", 5, "link").symlink_to(unit.secret)
    case("long", 2, "more than").write_bytes(b"x" * 5000)
    case("no text", 2, "UTF-8").write_bytes(b"\xff\xfe\xfd")
    case("inside", 5, "unit folder", unit.folder).write_text(PASSPHRASE)
    os.mkfifo(case("pipe", 5, "no regular file"), 0o600)
    for name in ("newline", "long", "no text"):
        (tmp_path / name).chmod(0o600)
    (unit.folder / "inside").chmod(0o600)
    for path, code, word in cases:
        ran = by_passphrase(unit, "people", "list", env={"BEECH_PASSPHRASE_FILE": str(path)})
        assert_refused(ran, code, word)
        assert PASSPHRASE not in ran.err
    (unit.folder / "inside").unlink()


def test_a_passphrase_command_that_does_not_answer_leaves_the_unit_locked(unit: Unit) -> None:
    script = unit.secret.with_name("answer")
    script.write_text("#!/bin/sh\necho CANARY-PASSPHRASE >&2\nsleep 0\nexit 3\n")
    script.chmod(0o700)
    hanging = "from db.vault import passphrase; passphrase.PATIENCE = 0.3; frame.opened = None"
    for said, code, word in (
        (str(script), 3, "status 3"),
        ("/nonexistent/program", 3, "could not be run"),
        ("true", 3, "printed nothing"),
        ("sleep 30", 3, "took longer"),
        ("echo CANARY-PASSPHRASE", 3, "does not open"),
        ("'", 2, "quote"),
        (" ", 2, "no program"),
    ):
        ran = beech(unit, "people", "list", env={"BEECH_PASSPHRASE_COMMAND": said}, patch=hanging)
        assert_refused(ran, code, word)
        assert "CANARY" not in ran.err


def test_a_passphrase_is_taken_from_no_argument_and_no_variable(unit: Unit) -> None:
    env = around(unit.folder, {"BEECH_PASSPHRASE": PASSPHRASE, "PASSPHRASE": PASSPHRASE})
    assert program("people", "list", env=env).code == 3
    for words in (
        *(
            ("unlock", PASSPHRASE),
            ("unlock", f"--passphrase={PASSPHRASE}"),
            ("unlock", f"--passphrase{PASSPHRASE}"),
        ),
        *(
            ("unlock", "--password", PASSPHRASE),
            ("--passphrase", PASSPHRASE, "status"),
            ("unlock", f"-p{PASSPHRASE}"),
        ),
        *(("members", "passphrase", PASSPHRASE), ("init", "--passphrase", PASSPHRASE), (PASSPHRASE,)),
    ):
        ran = program(*words, env=env)
        assert ran.code == 2, ran
        for word in PASSPHRASE.split():
            assert word not in ran.out + ran.err
