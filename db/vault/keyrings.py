"""The operating system's keyrings, from a list in this file and from nowhere else.

No configuration file, plug-in or variable names what is loaded: PYTHON_KEYRING_BACKEND chooses from the list,
KEYRING_PROPERTY_* is not heard, and ``keyring.get_keyring``, which would obey all of them, is never called.
Nothing here prompts or waits longer than two seconds, but for the prompts of macOS and Windows themselves.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from db.vault import secretservice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from keyring.backend import KeyringBackend

PATIENCE = 2.0  # seconds
NO_KEYRING = "keyring.backends.fail.Keyring"
_T = TypeVar("_T")


class Place(NamedTuple):
    """One keyring, or one part of it: ``name`` is what the desk remembers, ``lasts`` outlives the login."""

    name: str
    module: str
    backend: str
    setting: tuple[str, str | None] | None
    systems: str
    holds_sessions: bool
    lasts: bool

    @property
    def path(self) -> str:
        """The name by which PYTHON_KEYRING_BACKEND knows it."""
        return f"{self.module}.{self.backend}"

    @property
    def collection(self) -> str | None:
        """Which collection of the Secret Service it is, if it is one."""
        return self.setting[1] if self.setting and self.setting[0] == "preferred_collection" else None


def _secret_service(name: str, collection: str, lasts: bool) -> Place:
    setting = ("preferred_collection", collection)
    return Place(name, "keyring.backends.SecretService", "Keyring", setting, "unix", True, lasts)


def _windows(name: str, persist: str, lasts: bool) -> Place:
    setting = ("persist", persist)
    return Place(name, "keyring.backends.Windows", "WinVaultKeyring", setting, "win32", not lasts, lasts)


PLACES = (
    _secret_service("secret-service-session", secretservice.SESSION_COLLECTION, lasts=False),
    _secret_service("secret-service-default", secretservice.DEFAULT_COLLECTION, lasts=True),
    Place("kwallet", "keyring.backends.kwallet", "DBusKeyring", None, "unix", True, True),
    Place("macos", "keyring.backends.macOS", "Keyring", ("keychain", None), "darwin", True, True),
    _windows("windows-session", "session", lasts=False),
    _windows("windows", "local machine", lasts=True),
)


def for_sessions() -> tuple[Place, ...]:
    """Return where a session may be kept on this system, memory before disk."""
    return tuple(place for place in _allowed() if place.holds_sessions)


def for_witnesses() -> tuple[Place, ...]:
    """Return what outlives a login on this system."""
    return tuple(place for place in _allowed() if place.lasts)


def ready() -> Place | None:
    """Return the first place that would keep a session unasked; None where there is none."""
    with suppress(TimeoutError):
        return next((place for place in for_sessions() if _answer(place, _is_ready)), None)
    return None


def is_forbidden() -> bool:
    """Tell whether the user wants no keyring at all."""
    return os.environ.get("PYTHON_KEYRING_BACKEND") == NO_KEYRING


def _allowed() -> list[Place]:
    if is_forbidden():
        return []
    system = sys.platform if sys.platform in ("darwin", "win32") else "unix"
    here = [place for place in PLACES if place.systems == system]
    chosen = os.environ.get("PYTHON_KEYRING_BACKEND")
    if chosen in {place.path for place in PLACES}:
        return [place for place in here if place.path == chosen]
    return here


def put(places: Iterable[Place], service: str, username: str, text: str) -> Place | None:
    """Store *text* in the first place that takes it and gives it back; None if there is none."""

    def write(place: Place) -> bool:
        _ring(place).set_password(service, username, text)
        return _read(place, service, username) == text

    with suppress(TimeoutError):
        for place in places:
            if _answer(place, _is_ready):
                import_module(place.module)  # from a cold disk this may take longer than a keyring may
                if _answer(place, write):
                    return place
    return None


def get(places: Iterable[Place], service: str, username: str) -> tuple[Place, str] | None:
    """Return what is stored, and where; None where there is nothing, or nothing answers."""
    with suppress(TimeoutError):
        for place in places:
            text = _answer(place, lambda place: _read(place, service, username))
            if text is not None:
                return place, text
    return None


def drop(places: Iterable[Place], service: str, username: str) -> bool:
    """Remove what is stored; True if there was something, and it is gone."""

    def remove(place: Place) -> bool:
        _ring(place).delete_password(service, username)
        return _read(place, service, username) is None

    found = get(places, service, username)
    if found is None:
        return False
    import_module(found[0].module)
    with suppress(TimeoutError):
        return bool(_answer(found[0], remove))
    return False


def _read(place: Place, service: str, username: str) -> str | None:
    if place.collection is None:
        return _ring(place).get_password(service, username) if _is_ready(place) else None
    try:
        return secretservice.read(place.collection, service, username)
    except secretservice.Odd:
        return _ring(place).get_password(service, username) if _is_ready(place) else None


def _is_ready(place: Place) -> bool:
    """Tell whether the keyring can be used without a prompt: the library itself would open one."""
    if place.collection is not None:
        return secretservice.is_open(place.collection)
    if place.name == "kwallet":
        import_module("dbus")  # which keyring needs for KWallet, and does not bring
        return secretservice.is_wallet_open()
    return True


def _ring(place: Place) -> KeyringBackend:
    """Make the backend, deaf to KEYRING_PROPERTY_*, which its constructor would set as attributes."""
    backend = getattr(import_module(place.module), place.backend)
    deaf = type("Deaf", (backend,), {"set_properties_from_env": lambda _self: None})
    ring: KeyringBackend = deaf()
    if place.setting:
        setattr(ring, *place.setting)
    return ring


def _answer(place: Place, task: Callable[[Place], _T]) -> _T | None:
    """Return what *task* returns; None where the keyring fails.

    A thread that waits for ever is left behind; it does not keep the process alive.

    Raises:
        TimeoutError: the keyring lets the user wait, and so would the next one on the same bus.
    """
    answers: list[_T | None] = []

    def work() -> None:
        try:
            answers.append(task(place))
        except TimeoutError:
            return
        except _failures():
            answers.append(None)

    if place.systems == "unix":
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(PATIENCE)
    else:
        work()
    if not answers:
        raise TimeoutError
    return answers[0]


def _failures() -> tuple[type[Exception], ...]:
    """Return what a keyring raises when it does not answer, or not as it should.

    The libraries' own errors share no root; only those of the libraries that are loaded can have come.
    """
    known: list[type[Exception]] = [OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError]
    known += [ImportError, NameError, AssertionError]
    for module, name in (
        ("keyring.errors", "KeyringError"),
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney.wrappers", "DBusErrorResponse"),
        ("dbus.exceptions", "DBusException"),
        ("win32ctypes.pywin32.pywintypes", "error"),
    ):
        if module in sys.modules:
            known.append(getattr(sys.modules[module], name))
    return tuple(known)
