"""What every test stands on: a home of its own, and the Secret Service where one answers."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("beech", deadline=None)
settings.load_profile("beech")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes what belongs to the person who runs it."""
    folder = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("BEECH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
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
