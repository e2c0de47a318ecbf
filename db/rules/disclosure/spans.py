"""Periods of whole days, as the register keeps them: how they lie in each other and cut each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[str, str]  # first and last day, YYYY-MM-DD


def pieces(spans: Iterable[Span]) -> list[Span]:
    """Return the pieces into which periods cut each other, in order; gaps are none."""
    listed = list(spans)
    cuts = sorted({first for first, _ in listed} | {_after(last) for _, last in listed})
    found = [(first, _before(end)) for first, end in zip(cuts, cuts[1:], strict=False)]
    return [piece for piece in found if any(within(piece, span) for span in listed)]


def overlapping(new: Span, spans: Iterable[Span]) -> set[Span]:
    """Return the periods that hang together with this one: that overlap it, or one that does, and so on."""
    left, found = set(spans), {new}
    while near := {one for one in left if any(one[0] <= two[1] and two[0] <= one[1] for two in found)}:
        found |= near
        left -= near
    return found


def within(one: Span, other: Span) -> bool:
    """Tell whether one period lies in another."""
    return other[0] <= one[0] and one[1] <= other[1]


def fill(parts: list[Span], span: Span) -> bool:
    """Tell whether periods in order make up another without a gap."""
    meets = all(_after(one[1]) == two[0] for one, two in zip(parts, parts[1:], strict=False))
    return meets and (parts[0][0], parts[-1][1]) == span


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
