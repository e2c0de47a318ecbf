"""The unit's fixed groups of sectors: the only places that counts leave by.

A map drawn anew uncovers what another one covered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import settings
from db.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

ELSEWHERE = "elsewhere"


class Areas:
    """The groups as the unit has settled them."""

    def __init__(self, reader: Any) -> None:
        groups: dict[str, list[str]] = settings.get(reader, "sector_groups") or {}
        self.names = list(groups)
        self._of = {_folded(sector): name for name, sectors in groups.items() for sector in sectors}

    def of(self, sector: str | None) -> str:
        """Return the group that a sector belongs to."""
        return self._of.get(_folded(sector or ""), ELSEWHERE)

    @property
    def place(self) -> Callable[[str | None], str] | None:
        """Return what gives a sector's group; None where the unit has no groups."""
        return self.of if self.names else None

    def named(self, typed: str) -> str:
        """Return a group by its name as typed.

        Raises:
            Refused: there is no such group; it names the one that holds the sector, or all of them.
        """
        found = next((name for name in self.names if _folded(name) == _folded(typed)), None)
        if found is not None:
            return found
        if not self.names:
            raise Refused(
                "no fixed groups of sectors are settled, and a single sector never leaves: leave out "
                "--sector, or settle sector_groups with 'beech config apply'"
            )
        near = self._of.get(_folded(typed))
        do = f"--sector '{near}' holds it" if near else f"they are {', '.join(self.names)}"
        raise Refused(f"only the unit's fixed groups of sectors leave: {do}")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
