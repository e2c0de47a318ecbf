"""Reading the Secret Service itself, over jeepney, on the path of every command: 8 ms instead of 90.

It fetches the item that keyring stored, and never unlocks, prompts or starts anything. The secret crosses the
user's own session bus in plain, a Unix socket whose other end is checked to be the same user's; keyring's own
encryption of that transfer guards against nothing more, for whoever may listen there may also ask.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jeepney.io.blocking import DBusConnection

SESSION_COLLECTION = "/org/freedesktop/secrets/collection/session"  # in the daemon's memory, never on a disk
DEFAULT_COLLECTION = "/org/freedesktop/secrets/aliases/default"
_PATH = "/org/freedesktop/secrets"
_NAME = "org.freedesktop.secrets"
_KWALLETS = (("org.kde.kwalletd5", "/modules/kwalletd5"), ("org.kde.kwalletd", "/modules/kwalletd"))


class Odd(Exception):
    """The service answers, but not as expected: the keyring library may know better."""


class _Call(NamedTuple):
    """A method of an object on the bus, and what it is given."""

    path: str
    interface: str
    method: str
    signature: str = ""
    body: tuple[object, ...] = ()
    name: str = _NAME


@contextmanager
def _bus() -> Iterator[DBusConnection]:
    """Connect to the session bus.

    Raises:
        OSError, LookupError, ValueError, RuntimeError: there is none, or it is not this user's.
    """
    from jeepney.bus import get_bus
    from jeepney.io.blocking import DBusConnection, prep_socket

    talk = prep_socket(get_bus("SESSION"))
    try:
        if sys.platform == "linux":
            peer = talk.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)  # three ints: pid, uid, gid
            if int.from_bytes(peer[4:8], sys.byteorder) != os.geteuid():
                raise PermissionError("the session bus is another user's")
        bus = DBusConnection(talk)
        try:
            yield bus
        finally:
            bus.close()
    finally:
        talk.close()


def _ask(bus: DBusConnection, call: _Call, *, start: bool = False) -> tuple[object, ...] | None:
    """Return what the method returns; None where the answer is an error."""
    from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call

    address = DBusAddress(call.path, call.name, call.interface)
    message = new_method_call(address, call.method, call.signature or None, call.body)
    if not start:
        message.header.flags |= MessageFlag.no_auto_start
    reply = bus.send_and_get_reply(message)
    return tuple(reply.body) if reply.header.message_type is MessageType.method_return else None


def is_open(collection: str) -> bool:
    """Tell whether a collection is there and unlocked; starts the service where the desktop would."""
    call = _Call(
        collection,
        "org.freedesktop.DBus.Properties",
        "Get",
        "ss",
        ("org.freedesktop.Secret.Collection", "Locked"),
    )
    with _bus() as bus:
        return _ask(bus, call, start=True) == (("b", False),)


def is_wallet_open() -> bool:
    """Tell whether KWallet runs, and its wallet is open."""
    with _bus() as bus:
        for name, path in _KWALLETS:
            wallet = _ask(bus, _Call(path, "org.kde.KWallet", "networkWallet", name=name))
            if wallet is not None:
                return _ask(bus, _Call(path, "org.kde.KWallet", "isOpen", "s", wallet, name)) == (True,)
    return False


def read(collection: str, service: str, username: str) -> str | None:
    """Return the secret that keyring stored under these attributes; None where there is none.

    Raises:
        Odd: the service does not speak plainly, keeps several of that name, or does not give the secret.
        OSError, LookupError, ValueError, RuntimeError: nothing answers.
    """
    attributes = {"service": service, "username": username}
    with _bus() as bus:
        search = _Call(collection, "org.freedesktop.Secret.Collection", "SearchItems", "a{ss}", (attributes,))
        match _ask(bus, search):
            case None | ([],):
                return None
            case ([str(item)],):
                pass
            case _:
                raise Odd
        opening = _Call(_PATH, "org.freedesktop.Secret.Service", "OpenSession", "sv", ("plain", ("s", "")))
        match _ask(bus, opening):
            case (_, str(session)):
                pass
            case _:
                raise Odd
        match _ask(bus, _Call(item, "org.freedesktop.Secret.Item", "GetSecret", "o", (session,))):
            case ((_, _, bytes(secret), _),):
                return secret.decode()
    raise Odd
