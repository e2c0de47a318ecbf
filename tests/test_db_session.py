"""Sessions, in a real Secret Service where one answers, and passphrases that no person types."""

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from db.errors import Locked, Refused, Usage
from db.vault import files, folders, keyrings, passphrase, secretservice, session
from db.vault.session import Session

NOW = 1_780_000_000
UNIT = "9f" * 16
PLACE = keyrings.PLACES[0]


@pytest.fixture
def kept() -> Session:
    return Session(
        unit=UNIT,
        member="0a1b2c3d4e5f6071",
        desk=7,
        entry=41,
        not_after=NOW + 8 * 3600,
        store_key=bytes(range(32)),
        generation="a5" * 16,
        signing_seed=bytes(range(100, 132)),
        genesis="c3" * 32,
        boot=session.boot_id(),
        roles=("officer", "liaison"),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folders.make_folder(tmp_path / "unit")
    return tmp_path / "unit"


def run(script: str, **environment: str) -> str:
    """Run a script in a process of its own; return what it prints."""
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.stderr
    return ran.stdout


# A session in the real Secret Service


@pytest.mark.usefixtures("secret_service")
def test_a_session_is_found_as_it_was_kept(kept: Session, folder: Path) -> None:
    session.keep(kept, folder, NOW)
    assert session.find(UNIT, folder, NOW + 60) == kept
    assert session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
def test_a_session_lies_in_the_collection_that_is_never_on_a_disk(kept: Session, folder: Path) -> None:
    import secretstorage

    assert session.keep(kept, folder, NOW) == "secret-service-session"
    bus = secretstorage.dbus_init()
    try:
        wanted = {"service": session.SERVICE, "username": f"{UNIT}-{files.mark(folder)}"}
        (item,) = secretstorage.search_items(bus, wanted)
        assert item.item_path.startswith(secretservice.SESSION_COLLECTION)
    finally:
        bus.close()
    assert session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
def test_a_second_session_takes_the_place_of_the_first(kept: Session, folder: Path) -> None:
    session.keep(kept, folder, NOW)
    later = replace(kept, entry=55, signing_seed=bytes(32))
    session.keep(later, folder, NOW + 10)
    assert session.find(UNIT, folder, NOW + 20) == later
    assert session.end(UNIT, folder)
    assert session.find(UNIT, folder, NOW + 20) is None


@pytest.mark.usefixtures("secret_service")
def test_locking_ends_the_session_and_says_whether_there_was_one(kept: Session, folder: Path) -> None:
    session.keep(kept, folder, NOW)
    assert session.end(UNIT, folder)
    assert session.find(UNIT, folder, NOW) is None
    assert not session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
def test_a_copy_of_the_unit_folder_does_not_share_the_session(kept: Session, folder: Path) -> None:
    session.keep(kept, folder, NOW)
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    assert session.find(UNIT, copy, NOW) is None
    folder.with_name("link").symlink_to(folder)
    assert session.find(UNIT, folder.with_name("link"), NOW) == kept
    assert session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
@pytest.mark.parametrize(
    ("seconds", "why"), [(8 * 3600, "the shift is over"), (-3600, "the clock was set back by an hour")]
)
def test_a_session_that_is_over_is_removed(kept: Session, folder: Path, seconds: int, why: str) -> None:
    session.keep(kept, folder, NOW)
    assert session.find(UNIT, folder, NOW + seconds) is None, why
    assert session.find(UNIT, folder, NOW) is None


@pytest.mark.usefixtures("secret_service")
def test_a_session_of_another_boot_is_removed(kept: Session, folder: Path) -> None:
    session.keep(replace(kept, boot="before the power cut"), folder, NOW)
    assert session.find(UNIT, folder, NOW) is None
    assert not session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"v":2}', f'{{"v":1,"at":0,"unit":"{UNIT}"}}'])
def test_what_is_no_session_is_removed_and_not_believed(folder: Path, text: str) -> None:
    name = f"{UNIT}-{files.mark(folder)}"
    assert keyrings.put([PLACE], session.SERVICE, name, text) == PLACE
    assert session.find(UNIT, folder, NOW) is None
    assert keyrings.get([PLACE], session.SERVICE, name) is None


@pytest.mark.usefixtures("secret_service")
def test_the_desk_remembers_which_keyring_worked_and_no_secret(kept: Session, folder: Path) -> None:
    session.keep(kept, folder, NOW)
    (memory,) = files.state_folder().iterdir()
    assert memory.read_text() == "secret-service-session"
    memory.write_text("os.system")
    assert session.find(UNIT, folder, NOW) == kept
    assert session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
def test_finding_a_session_loads_no_keyring_library(kept: Session, folder: Path) -> None:
    session.keep(kept, folder, NOW)
    said = run(f"""
        import sys
        from pathlib import Path
        from db.vault import session
        print(session.find({UNIT!r}, Path({str(folder)!r}), {NOW}).entry)
        print(sorted({{"keyring", "secretstorage", "cryptography", "importlib_metadata"}} & set(sys.modules)))
    """)
    assert said == "41\n[]\n"
    assert session.end(UNIT, folder)


@pytest.mark.usefixtures("secret_service")
def test_where_the_service_answers_oddly_the_library_is_asked(kept: Session, folder: Path) -> None:
    import secretstorage

    session.keep(kept, folder, NOW)
    name = f"{UNIT}-{files.mark(folder)}"
    bus = secretstorage.dbus_init()
    try:
        collection = secretstorage.Collection(bus, secretservice.SESSION_COLLECTION)
        attributes = {"service": session.SERVICE, "username": name}
        (first,) = collection.search_items(attributes)
        second = collection.create_item("again", attributes | {"application": "other"}, first.get_secret())
        with pytest.raises(secretservice.Odd):
            secretservice.read(secretservice.SESSION_COLLECTION, session.SERVICE, name)
        assert session.find(UNIT, folder, NOW) == kept
        second.delete()
    finally:
        bus.close()
    assert session.end(UNIT, folder)


def test_a_session_in_a_traceback_shows_no_key(kept: Session) -> None:
    assert "store_key" not in repr(kept)
    assert "signing_seed" not in repr(kept)


def test_a_session_fits_in_the_credential_locker_of_windows(kept: Session) -> None:
    most = replace(kept, roles=("officer", "supervisor", "liaison"), boot=UNIT, desk=2**31, entry=2**31)
    assert len(session._packed(most, NOW).encode("utf-16-le")) <= 2560


# A witness that outlives the login


@pytest.mark.usefixtures("secret_service")
def test_the_journals_newest_hash_is_kept_where_it_outlives_the_login(folder: Path) -> None:
    assert secretservice.is_open(secretservice.DEFAULT_COLLECTION)
    assert session.find_witness(UNIT, folder) is None
    session.keep_witness(UNIT, folder, "7 41 c3c3")
    session.keep_witness(UNIT, folder, "7 42 d4d4")
    assert session.find_witness(UNIT, folder) == "7 42 d4d4"
    assert keyrings.drop(keyrings.for_witnesses(), session.WITNESS_SERVICE, f"{UNIT}-{files.mark(folder)}")


@pytest.mark.usefixtures("secret_service")
def test_a_locked_keyring_takes_a_session_and_no_witness_and_opens_no_prompt(
    kept: Session, folder: Path, home: Path
) -> None:
    script = f"""
        import time
        from pathlib import Path
        from db.vault import secretservice, session
        folder, kept = Path({str(folder)!r}), session.{kept!r}
        print(secretservice.is_open(secretservice.DEFAULT_COLLECTION))
        print(session.keep(kept, folder, {NOW}))
        print(session.find({UNIT!r}, folder, {NOW}) == kept)
        session.keep_witness({UNIT!r}, folder, "7 41 c3c3")
        print(session.find_witness({UNIT!r}, folder))
    """
    # repr leaves the keys out, so that they are put back by hand
    script = script.replace(", generation=", f", store_key={kept.store_key!r}, generation=")
    script = script.replace(", genesis=", f", signing_seed={kept.signing_seed!r}, genesis=")
    (home / "run").mkdir(mode=0o700)
    started = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; exec "$@"'
    ran = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", started, "sh", sys.executable, "-c", textwrap.dedent(script)],
        env=os.environ | {"XDG_RUNTIME_DIR": str(home / "run")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == "False\nsecret-service-session\nTrue\nNone\n"


# No keyring, and keyrings that do not behave


def test_without_a_session_bus_there_is_no_session(
    kept: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(Locked, match="BEECH_PASSPHRASE_FILE"):
        session.keep(kept, folder, NOW)
    assert session.find(UNIT, folder, NOW) is None
    assert not session.end(UNIT, folder)
    session.keep_witness(UNIT, folder, "7 41 c3c3")
    assert session.find_witness(UNIT, folder) is None


@pytest.mark.parametrize("address", ["", "disabled:", "tcp:host=203.0.113.1,port=1", "unix:path=/none", "?"])
def test_a_bus_that_cannot_be_reached_is_no_bus(
    folder: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert session.find(UNIT, folder, NOW) is None


@contextmanager
def bus_that(answers: bytes, tmp_path: Path) -> Iterator[str]:
    """A bus that lets everyone in with *answers*, if anything, and then says nothing; gives its address."""
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            talks = []
            with suppress(OSError):
                while True:
                    talks.append(server.accept()[0])
                    talks[-1].recv(1024)
                    talks[-1].sendall(answers)
            for talk in talks:
                talk.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"unix:path={path}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="the bus is Linux's")
@pytest.mark.parametrize("answers", [b"", b"OK 0123456789abcdef0123456789abcdef\r\n"])
def test_a_bus_that_says_nothing_is_waited_for_two_seconds_and_no_more(
    kept: Session, folder: Path, answers: bytes
) -> None:
    script = f"""
        import sys, time
        from pathlib import Path
        from db.errors import Locked
        from db.vault import session
        folder, start = Path({str(folder)!r}), time.monotonic()
        print(session.find({UNIT!r}, folder, {NOW}), time.monotonic() - start < 2.5)
        start = time.monotonic()
        kept = session.Session({UNIT!r}, "m", 1, 1, {NOW + 60}, b"", "g", b"", "h", "b", ())
        try:
            session.keep(kept, folder, {NOW})
        except Locked:
            print("locked", time.monotonic() - start < 2.5)
    """
    with bus_that(answers, folder.parent) as address:
        assert run(script, DBUS_SESSION_BUS_ADDRESS=address) == "None True\nlocked True\n"


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root can be another user")
def test_a_bus_of_another_user_is_told_nothing() -> None:
    name = f"beech-test-{os.getpid()}"
    other_user = f"""
        import os, socket
        os.setuid(65534)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("\\0{name}")
            server.listen()
            print("listens", flush=True)
            with server.accept()[0] as talk:
                heard = b""
                while not heard.endswith(b"\\r\\n"):
                    heard += talk.recv(100)
                talk.sendall(b"OK 0123456789abcdef0123456789abcdef\\r\\n")
                print(heard + talk.recv(100) + talk.recv(100), flush=True)
    """
    asked = """
        from db.vault import secretservice
        try:
            secretservice.read(secretservice.SESSION_COLLECTION, "beech", "x")
        except PermissionError as error:
            print(error)
    """
    told = [sys.executable, "-c", textwrap.dedent(other_user)]
    with subprocess.Popen(told, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "listens\n"
        said = run(asked, DBUS_SESSION_BUS_ADDRESS=f"unix:abstract={name}")
        assert said == "the session bus is another user's\n"
        assert other.stdout.readline().endswith("\\r\\nBEGIN\\r\\n'\n")


# Settings that a stranger may have left


@pytest.fixture
def traps(tmp_path: Path, home: Path) -> dict[str, str]:
    """Every way in which keyring can be told to load or do something else; the trap leaves a mark."""
    trap = "import pathlib, keyring.backend\npathlib.Path(__file__).with_name('sprung').touch()\n"
    trap += "from keyring.backends.null import Keyring\n"
    (tmp_path / "evil.py").write_text(trap)
    plugin = tmp_path / "evil-1.0.dist-info"
    plugin.mkdir()
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (plugin / "entry_points.txt").write_text("[keyring.backends]\nevil = evil\n")
    configuration = home / "config" / "python_keyring"
    configuration.mkdir(parents=True)
    (configuration / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={tmp_path}\n"
    )
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHON_KEYRING_BACKEND": "evil.Keyring",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": secretservice.DEFAULT_COLLECTION,
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
        "KEYRING_PROPERTY_APPID": "evil",
    }


@pytest.mark.parametrize("left", ["PYTHON_KEYRING_BACKEND", "keyringrc.cfg", "plug-in"])
def test_the_traps_of_the_next_test_would_catch_a_plain_use_of_keyring(
    tmp_path: Path, home: Path, traps: dict[str, str], left: str
) -> None:
    if left != "PYTHON_KEYRING_BACKEND":
        del traps["PYTHON_KEYRING_BACKEND"]
    if left != "keyringrc.cfg":
        (home / "config" / "python_keyring" / "keyringrc.cfg").unlink()
    if left != "plug-in":
        shutil.rmtree(tmp_path / "evil-1.0.dist-info")
    run("import keyring; keyring.get_keyring()", **traps)
    assert (tmp_path / "sprung").exists()


@pytest.mark.usefixtures("secret_service")
def test_no_variable_file_or_plug_in_names_what_keyring_loads_or_where_it_writes(
    tmp_path: Path, folder: Path, traps: dict[str, str]
) -> None:
    script = f"""
        from pathlib import Path
        from db.vault import session
        folder = Path({str(folder)!r})
        kept = session.Session(
            {UNIT!r}, "m", 1, 41, {NOW + 60}, b"k", "g", b"s", "h", session.boot_id(), ()
        )
        print(session.keep(kept, folder, {NOW}))
        session.keep_witness({UNIT!r}, folder, "7 41 c3c3")
        print(session.find({UNIT!r}, folder, {NOW}) == kept, session.find_witness({UNIT!r}, folder))
    """
    assert run(script, **traps) == "secret-service-session\nTrue 7 41 c3c3\n"
    assert not (tmp_path / "sprung").exists()
    found = session.find(UNIT, folder, NOW)
    assert found is not None
    assert found.entry == 41
    assert session.end(UNIT, folder)
    name = f"{UNIT}-{files.mark(folder)}"
    assert keyrings.drop(keyrings.for_witnesses(), session.WITNESS_SERVICE, name)


def test_the_fail_backend_means_no_keyring(
    kept: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(Locked, match="PYTHON_KEYRING_BACKEND names none"):
        session.keep(kept, folder, NOW)
    assert session.find(UNIT, folder, NOW) is None
    assert keyrings.for_witnesses() == ()


@pytest.mark.skipif(sys.platform != "linux", reason="the list of Linux")
@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("keyring.backends.SecretService.Keyring", ["secret-service-session", "secret-service-default"]),
        ("keyring.backends.kwallet.DBusKeyring", ["kwallet"]),
        ("keyring.backends.macOS.Keyring", []),
        ("keyring.backends.null.Keyring", ["secret-service-session", "secret-service-default", "kwallet"]),
        ("evil.Keyring", ["secret-service-session", "secret-service-default", "kwallet"]),
        ("", ["secret-service-session", "secret-service-default", "kwallet"]),
    ],
)
def test_a_variable_chooses_from_the_list_in_code_or_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, named: str, expected: list[str]
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)
    assert [place.name for place in keyrings.for_sessions()] == expected


def test_every_keyring_of_the_list_is_one_that_the_library_has() -> None:
    import keyring.core

    for place in keyrings.PLACES:
        assert keyring.core._load_keyring_class(place.path).__name__ == place.backend


# Passphrases that no person types


def secret_file(path: Path, data: bytes = b"six invented words\n", mode: int = 0o600) -> Path:
    path.write_bytes(data)
    path.chmod(mode)
    return path


def given(folder: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> str | None:
    for name, value in variables.items():
        monkeypatch.setenv(f"BEECH_PASSPHRASE_{name}", value)
    return session.passphrase_from_environment(folder)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"words", "words"),
        (b"words\n", "words"),
        (b"words\n\n", "words\n"),
        (b" w\xc3\xb6rds \r\n", " w\xf6rds "),
    ],
)
def test_a_passphrase_file_is_taken_as_it_stands_but_for_one_newline(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, expected: str
) -> None:
    assert given(folder, monkeypatch, FILE=str(secret_file(tmp_path / "p", data))) == expected


def test_where_neither_variable_is_set_no_passphrase_is_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given(folder, monkeypatch) is None
    assert given(folder, monkeypatch, FILE="", COMMAND="") is None


@pytest.mark.parametrize("bits", [0o644, 0o640, 0o660, 0o700, 0o4600])
def test_a_passphrase_file_of_another_mode_is_refused_with_the_command_that_mends_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    path = secret_file(tmp_path / "p", mode=bits)
    with pytest.raises(Refused) as refused:
        given(folder, monkeypatch, FILE=str(path))
    subprocess.run(str(refused.value).partition(": ")[2], shell=True, check=True)  # noqa: S602
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert given(folder, monkeypatch) == "six invented words"


def test_a_passphrase_file_that_only_its_owner_reads_is_accepted(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = secret_file(tmp_path / "p", mode=0o400)
    assert given(folder, monkeypatch, FILE=str(path)) == "six invented words"


def test_a_passphrase_file_in_the_unit_folder_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="keep the passphrase apart"):
        given(folder, monkeypatch, FILE=str(secret_file(folder / "p")))


def test_a_passphrase_file_that_is_a_link_a_folder_or_a_pipe_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(secret_file(tmp_path / "p"))
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("link", "pipe", "unit/.."):
        with pytest.raises(Refused):
            given(folder, monkeypatch, FILE=str(tmp_path / name))


@pytest.mark.parametrize(
    ("data", "says"), [(b"", "empty"), (b"\n", "empty"), (b"x" * 1025, "more than 1024"), (b"\xff", "UTF-8")]
)
def test_a_passphrase_file_with_nothing_too_much_or_no_text_is_unusable(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, says: str
) -> None:
    with pytest.raises(Usage, match=says):
        given(folder, monkeypatch, FILE=str(secret_file(tmp_path / "p", data)))


def test_a_passphrase_file_that_is_missing_is_said_to_be(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Usage, match="cannot be read"):
        given(folder, monkeypatch, FILE=str(tmp_path / "none"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_passphrase_file_of_another_user_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(secret_file(tmp_path / "p"), 4242, -1)
    with pytest.raises(Refused, match="belongs to another user"):
        given(folder, monkeypatch, FILE=str(tmp_path / "p"))


def test_a_program_gives_its_first_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = given(folder, monkeypatch, COMMAND=r"printf 'six  invented words\r\nuser: officer\n'")
    assert said == "six  invented words"


def test_a_file_goes_before_a_program(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = secret_file(tmp_path / "p")
    assert given(folder, monkeypatch, FILE=str(path), COMMAND="false") == "six invented words"


def test_a_program_runs_without_a_shell(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = given(folder, monkeypatch, COMMAND=f"echo $HOME; touch {tmp_path / 'made'}")
    assert said == f"$HOME; touch {tmp_path / 'made'}"
    assert not (tmp_path / "made").exists()


def test_a_program_sees_no_variable_of_beech_and_no_keyboard(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = "import os, sys; print([n for n in os.environ if n.startswith('BEECH_')], repr(sys.stdin.read()))"
    monkeypatch.setenv("BEECH_UNIT", "/somewhere")
    assert given(folder, monkeypatch, COMMAND=f'"{sys.executable}" -c "{shown}"') == "[] ''"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("sh -c 'echo hush; echo hush >&2; exit 3'", "failed with status 3"),
        ("true", "printed nothing"),
        (r"printf '\nhush'", "printed nothing"),
        (r"printf '\377'", "UTF-8"),
        ("/no/such/program hush", "could not be run"),
    ],
)
def test_a_program_that_fails_leaves_the_unit_locked_and_its_words_unsaid(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str, says: str
) -> None:
    with pytest.raises(Locked, match=says) as locked:
        given(folder, monkeypatch, COMMAND=command)
    assert "hush" not in str(locked.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("command", ["echo 'open", "  "])
def test_a_command_that_cannot_be_split_is_unusable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with pytest.raises(Usage):
        given(folder, monkeypatch, COMMAND=command)


def test_a_program_that_does_not_end_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "PATIENCE", 0.2)
    start = time.monotonic()
    with pytest.raises(Locked, match="took longer"):
        given(folder, monkeypatch, COMMAND="sleep 20")
    assert time.monotonic() - start < 5


def test_a_kept_session_holds_nothing_but_what_design_names(kept: Session) -> None:
    held = json.loads(session._packed(kept, NOW))
    assert set(held) == set(Session.__slots__) | {"v", "at"}
    assert not {name for name in held if "identity" in name or name == "seed"}
