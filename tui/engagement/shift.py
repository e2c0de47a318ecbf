"""What a shift keeps from one contact to the next, until the lock: the sector, and how the last one began."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Shift:
    """Empty at the first contact; flagged down is never handed on, since it is the headline figure."""

    sector: str = ""
    how: str = ""
    crew: str = ""
    partner: str = ""
    day: str = ""

    def after(self, sector: str, how: str) -> None:
        """Take over from a contact that was saved; a letter that says nobody was spoken to stays behind."""
        digit = how.strip()[:1]
        self.sector = sector.strip()
        self.how = digit if digit.isdigit() and digit != "1" else ""
