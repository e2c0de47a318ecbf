"""Desks of one unit for the tests: copies of its folder, each with a clock of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db.vault import opening, union
from db.vault.snapshot import snapshot
from db.vault.store import Face, Store
from db.vault.union import Taken
from db.vault.union_check import Part
from tests.conftest import Clock, Unit


class At:
    """A copy of the unit at one desk, open."""

    def __init__(self, folder: Path, unit: Unit) -> None:
        shutil.copytree(unit.folder, folder)
        self.folder = folder
        self.unit = unit
        self.clock = Clock()
        self.store = self.opened()

    def opened(self) -> Store:
        """Open the copy by its founder's seed."""
        store = opening.with_opened(self.folder, self.unit.opened, Face("script", "test"))
        store.clock = self.clock
        return store

    def parts(self) -> list[Part]:
        """Return everything that this desk knows."""
        with self.store.counts():
            return list(union.parts(self.store))

    def bring(self, parts: list[Part]) -> Taken:
        """Take in what another desk knows."""
        with self.store.write() as tx:
            return union.bring(self.store, tx, parts)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every projection, told by ids; without the desks, whose heads each import moves."""
        found = snapshot(self.store)
        del found["desk"]
        return found

    def close(self) -> None:
        """Close the copy."""
        self.store.close()


@contextmanager
def two_of(unit: Unit, folder: Path) -> Iterator[tuple[At, At]]:
    """Copy a unit to two desks."""
    desks = At(folder / "a", unit), At(folder / "b", unit)
    yield desks
    for desk in desks:
        desk.close()


def exchange(*desks: At) -> list[Taken]:
    """Bring every desk's entries to every other."""
    known = [desk.parts() for desk in desks]
    return [
        desk.bring(parts)
        for place, desk in enumerate(desks)
        for other, parts in enumerate(known)
        if other != place
    ]
