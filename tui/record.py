"""A record, over its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.subject import Subject


async def open_record(screen: Subject, kind: str, ref: str) -> None:
    """Open it."""
    screen.say(f"{kind} {ref}")
