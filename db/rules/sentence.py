"""The press line: two numbers, each the ten below, with the period and what was counted.

It never gives a count under 11 away, and says "women" and "men" only of people all recorded as such.
"""

from __future__ import annotations

from typing import NamedTuple


class Counted(NamedTuple):
    """The ten that so many different people are more than, None where that is not said; their sexes.

    ``sexes`` is what is recorded as their sex, each value once (None: nothing is).
    """

    more_than: int | None
    sexes: frozenset[str | None]


def floor(count: int) -> int:
    """Return the ten that *count* is more than: 40 from 41 to 50; nought up to 10."""
    return 10 * ((count - 1) // 10) if count > 0 else 0


def press_line(period: str, engaged: Counted, dealt_with: Counted, chosen: str | None = None) -> str:
    """Return the line as a newspaper had it.

    Args:
        period: the period with its first and last day, and as at which day.
        engaged: the people spoken to.
        dealt_with: those cautioned, arrested or charged.
        chosen: the actions in words where the unit counts others than those; they are said in their place.

    Source: of the wording, ITV News Tyne Tees, 4 April 2023.
    """
    women, men = _noun(engaged, "woman", "women"), _noun(dealt_with, "man", "men")
    how, least = " by cautions, arrests and charges", "caution, arrest, charge or summons"
    if chosen is not None:
        how, least = "", f"of these: {chosen}"
    return (
        f"{period}: officers have engaged with {_said(engaged, women)}, and {_said(dealt_with, men)} have "
        f"been dealt with{how} (each counted once in the period; {women} the unit spoke to, {men} with at "
        f"least one {least})."
    )


def _noun(counted: Counted, one: str, many: str) -> str:
    return many if counted.sexes == {one} and counted.more_than else "people"


def _said(counted: Counted, noun: str) -> str:
    if not counted.more_than:
        return "a number of people that is not given"
    return f"more than {counted.more_than} {noun}"
