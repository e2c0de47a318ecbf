"""What verify found wrong: each fault by its name in FORMAT.md, and where. Never what a record holds."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from db.errors import Damaged
from db.vault import cipher

if TYPE_CHECKING:
    from collections.abc import Iterator

FAULTS_MOST = 1000

# what may come of reading what a stranger wrote, whatever its shape
_UNREADABLE = (
    *(Damaged, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(RecursionError, struct.error, cipher.DriverError),
)


class Fault(NamedTuple):
    """One thing that is wrong: its name, and where (a desk and number, a record's id, a table)."""

    name: str
    where: str


class Faults:
    """The faults so far; the first thousand are kept."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, name: str, where: str) -> None:
        """Note a fault."""
        if len(self.found) < FAULTS_MOST:
            self.found.append(Fault(name, where))

    def at(self, name: str, desk: int, seq: int) -> None:
        """Note a fault of an entry."""
        self.add(name, f"{desk:012x}/{seq}")

    @contextmanager
    def reading(self, where: str) -> Iterator[None]:
        """Note as ``unreadable`` what cannot be read at all; the other checks go on."""
        try:
            yield
        except _UNREADABLE:
            self.add("unreadable", where)
