"""The press line: two numbers floored to the ten below, with the period and what was counted.

It never gives a count under 11 away, and says "women" and "men" only of people all recorded as such.
"""

from __future__ import annotations

from typing import NamedTuple


class Counted(NamedTuple):
    """How many different people, and what is recorded as their sex, each value once (None: nothing is)."""

    people: int
    sexes: frozenset[str | None]


def floor(count: int) -> int:
    """Return the ten that *count* is more than: 40 from 41 to 50; nought up to 10."""
    return 10 * ((count - 1) // 10) if count > 0 else 0


def press_line(period: str, as_at: str | None, engaged: Counted, dealt_with: Counted) -> str:
    """Return the line as a newspaper had it.

    Args:
        period: the period's name.
        as_at: today, where the period is not over yet.
        engaged: the people spoken to.
        dealt_with: those cautioned, arrested or charged.

    Source: of the wording, ITV News Tyne Tees, 4 April 2023.
    """
    women, men = _noun(engaged, "woman", "women"), _noun(dealt_with, "man", "men")
    met = _said(engaged.people, women)
    done = _said(dealt_with.people, men)
    return (
        f"{period}{f', as at {as_at}' if as_at else ''}: officers have engaged with {met}, and {done} "
        f"{'has' if dealt_with.people == 0 else 'have'} been dealt with by cautions, arrests and charges "
        f"(each counted once in the period; {women} the unit spoke to, {men} with at least one caution, "
        "arrest, charge or summons)."
    )


def _noun(counted: Counted, one: str, many: str) -> str:
    return many if counted.sexes == {one} else "people"


def _said(count: int, noun: str) -> str:
    if count == 0:
        return "no one"
    return f"more than {floor(count)} {noun}" if count > 10 else f"up to 10 {noun}"
