"""What every test stands on: a home of its own, and the Secret Service where one answers."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from db.vault import founding, keys, opening
from db.vault.store import Face, Store
from tests import ASKED

settings.register_profile("beech", deadline=None)
settings.load_profile("beech")

# A run that a shell put into the background ignores Ctrl-C, and every program started from it would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# The files that take longest, longest first, so that no process is left with one at the end.
LONGEST = (
    *("test_db_journal_mutations", "test_db_attacker", "test_faults_input", "test_tui_form"),
    *("test_torture_calls", "test_strace_leaks", "test_faults_surroundings", "test_db_union_property"),
    *("test_db_journal_property", "test_strace_day", "test_faults_files", "test_docs", "test_fuzz"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    place = {f"{name}.py": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs that tests start keep what Python compiles, so that it is compiled once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes what belongs to the person who runs it."""
    folder = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("BEECH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    return folder


_KEYRING_REQUIRED = os.environ.get("BEECH_REQUIRE_KEYRING") == "1"


@pytest.fixture(scope="session")
def secret_service() -> None:
    """A real Secret Service answers; else skip, or fail where the gate asked for one."""
    if _secret_service_answers():
        return
    if _KEYRING_REQUIRED:
        pytest.fail("BEECH_REQUIRE_KEYRING is set, and no Secret Service answers")
    pytest.skip(
        "no Secret Service answers here: `make test` starts one where gnome-keyring and dbus are installed"
    )


def _secret_service_answers() -> bool:
    if sys.platform != "linux":
        return False
    import secretstorage

    try:
        connection = secretstorage.dbus_init()
    except secretstorage.exceptions.SecretStorageException:
        return False
    try:
        return secretstorage.check_service_availability(connection)
    finally:
        connection.close()


PASSPHRASE = "invented lantern harbour seventeen"  # of the tests' units alone
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Unit(NamedTuple):
    """A fresh unit: its folder, the founder's passphrase and a 0600 file that holds it, the recovery code."""

    folder: Path
    passphrase: str
    secret: Path
    member: str
    recovery_code: str
    opened: keys.Opened


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.ms = int(at.timestamp() * 1000)

    def __call__(self) -> int:
        return self.ms

    def forward(self, seconds: float) -> None:
        """Move the clock; backwards with a negative number."""
        self.ms += int(seconds * 1000)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """One unit for the whole run, never written to: the tests work on copies of it."""
    return _found(tmp_path_factory.mktemp("founded") / "unit", keys.DEFAULT)


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """Another such unit, of as much key stretching as the program asks for."""
    return _found(tmp_path_factory.mktemp("asked") / "unit", ASKED)


def _found(folder: Path, cost: tuple[int, int]) -> Unit:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        made = founding.found(folder, ("Invented Unit", "Sam"), PASSPHRASE, cost=cost, clock=Clock())
        store, opened = opening.with_passphrase(folder, PASSPHRASE, None, Face("script", "test"))
        store.close()
    return Unit(folder, PASSPHRASE, folder, "Sam", made.recovery_code, opened)


@pytest.fixture
def unit(founded: Unit, tmp_path: Path) -> Unit:
    """A unit of the test's own, made by ``init`` at noon on 24 November 2026."""
    return _copied(founded, tmp_path)


@pytest.fixture
def strong(asked: Unit, tmp_path: Path) -> Unit:
    """A unit of the test's own for the program as it is, without the tests' leave to stretch keys little."""
    return _copied(asked, tmp_path / "strong")


def _copied(founded: Unit, place: Path) -> Unit:
    folder = place / "unit"
    shutil.copytree(founded.folder, folder)
    secret = place / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    return founded._replace(folder=folder, secret=secret)


@pytest.fixture
def clock() -> Clock:
    """The store's clock: noon on 24 November 2026 until it is moved."""
    return Clock()


@pytest.fixture
def store(unit: Unit, clock: Clock) -> Iterator[Store]:
    """The unit, open by its founder's own seed."""
    with opening.with_opened(unit.folder, unit.opened, Face("script", "test")) as store:
        store.clock = clock
        yield store
