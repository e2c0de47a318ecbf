"""The tallies as they may leave the unit: protected, whole periods only, without the people who said no.

women, owed, men  exact counts, each with who is behind it
page              the figures of one period, and how they hang together
shape             what is printed of them
spans             which periods leave
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Refused, Usage, Withheld
from db.rules import periods
from db.rules.disclosure import PARTNER, PROFILES, protect
from db.tallies.calls import Months
from db.tallies.leaving import spans
from db.tallies.leaving.page import page
from db.tallies.leaving.shape import Shown, told
from db.tallies.scope import Scope

if TYPE_CHECKING:
    from db.rules.disclosure import Page, Profile
    from db.rules.periods import Period
    from db.vault.store import Store

RECIPIENTS = {"partner": "partner", "public": "press", "headline": "press"}  # where none is named


class Wanted(NamedTuple):
    """What is to leave.

    ``profile`` is partner, public or headline; ``recipient`` by default the profile's own; ``compare``
    another period beside it; ``sector`` one of the unit's fixed groups of sectors.
    """

    period: Period
    profile: str
    recipient: str | None = None
    compare: Period | None = None
    sector: str | None = None


def leave(store: Store, wanted: Wanted) -> dict[str, Any]:
    """Return the tallies of a period as a profile prints them, in the shape of ``tallies.summary``.

    A period is a whole month, quarter or year that is over, or since the unit's start.

    Raises:
        Refused: this member is no supervisor; or the period is none that leaves.
        Withheld: nothing is left.
    """
    period, profile, recipient, compare, sector = wanted
    if "supervisor" not in store.member.roles:
        raise Refused(
            f"only a supervisor may make the {profile} profile: ask one, or see 'beech status' for your roles"
        )
    if profile not in PROFILES:
        raise Usage(f"A profile that leaves is one of {', '.join(PROFILES)}.")
    if sector is not None:
        raise Refused("no fixed groups of sectors are set for this unit: leave out --sector")
    how = PROFILES[profile]
    with store.counts() as reader:
        today = periods.local_day(store.now())
        scopes = [
            Scope(reader, one, one.bounds(), None, today) for one in (period, compare) if one is not None
        ]
        start = first_day(scopes[0])
        for one in scopes:
            spans.check(one.period, today, start)
        shown = [_shown(one, how) for one in scopes]
        caveats = Months(scopes[0]).caveats()
    if shown[0].says_nothing:
        raise Withheld(
            f"{period.label}: nothing is left in the {profile} profile after disclosure control; a longer "
            "period may do"
        )
    beside = shown[1] if compare is not None else None
    return {
        "period": _named(period),
        "compared_with": _named(compare) if compare else None,
        "sector": sector,
        "profile": profile,
        "recipient": recipient or RECIPIENTS[profile],
        **told(shown[0], beside),
        "notes": [*_notes(how, today), shown[0].released(), *caveats],
    }


def first_day(scope: Scope) -> date | None:
    """Return the unit's first day: that of the month of its first contact or action."""
    ((at,),) = scope.rows(
        "select min(e.at) from engagement as e join record as r on r.n = e.n and r.state = 'present'"
    )
    ((on,),) = scope.rows(
        "select min(a.\"on\") from action as a join record as r on r.n = a.n and r.state = 'present'"
    )
    days = [*([periods.local_day(at)] if at is not None else []), *([date.fromisoformat(on)] if on else [])]
    return min(days).replace(day=1) if days else None


def _shown(scope: Scope, profile: Profile) -> Shown:
    made = page(scope, lambda sector: "")
    return Shown(made, withheld(made, profile), profile, Months(scope).complete)


def withheld(made: Page, profile: Profile) -> set[tuple[str, ...]]:
    """Return what a profile withholds of a page: at least what the partner profile does.

    So whoever has several profiles of one page knows no more than from the partner's alone.
    """
    least = protect(made, PARTNER.threshold)
    return {*(least if profile is PARTNER else protect(made, profile.threshold, least))}


def _named(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat(), "label": period.label}


def _notes(profile: Profile, today: date) -> list[str]:
    return [
        f"Counted as at {periods.short(today)}, {profile.name} profile. {profile.note()}",
        "People who said no to statistics are in none of these figures.",
        "Contacts with people who gave no name are engagements and add nobody to the people engaged.",
    ]
