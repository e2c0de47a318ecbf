"""The tallies as they may leave the unit: protected, whole periods only, without the people who said no.

women, owed, men  exact counts, each with who is behind it
page              the figures of one period, and how they hang together
areas, spans      where and when: fixed groups of sectors; whole months, quarters, years, since the start
cuts              what is printed only where it is asked for: by offence, age or sex
judging           what may be printed of a period, given all that left before
shape             the printed page
apart             what two desks released before they knew of each other
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from db import releases, settings
from db.errors import Refused, Usage, Withheld
from db.rules import periods
from db.rules.disclosure import PROFILES
from db.tallies.calls import Months
from db.tallies.definitions import measures
from db.tallies.leaving import refusing, spans
from db.tallies.leaving.judging import Judge, Verdict, Wanted, span_of
from db.tallies.leaving.shape import Shown, told, told_cut
from db.tallies.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.rules.disclosure import Profile
    from db.rules.periods import Period
    from db.vault.store import Store
    from db.vault.writing import Write

__all__ = ["RECIPIENTS", "Wanted", "leave", "leave_together"]

RECIPIENTS = {"partner": "partner", "public": "press", "headline": "press"}  # where none is named


def leave(store: Store, wanted: Wanted) -> dict[str, Any]:
    """Return the tallies of a period as a profile prints them, in the shape of ``tallies.summary``.

    What is returned has left: it is entered in the register, on the screen as in a file, and journalled as a
    disclosure; ``release`` is its reference.

    Raises:
        Refused: this member is no supervisor; the period or the sector is none that leaves; or earlier
            releases and this one together would give away what is withheld. It says what would do.
        Withheld: nothing is left.
    """
    _check(store, wanted)
    with store.write() as tx:
        return _leave(store, tx, wanted)


def leave_together(store: Store, wanted: Sequence[Wanted]) -> list[dict[str, Any] | None]:
    """Return several pages that leave on one sheet, None for one of which nothing is left: all, or none.

    Raises:
        Refused: one of them may not leave; then none of them is entered in the register.
    """
    for one in wanted:
        _check(store, one)
    made: list[dict[str, Any] | None] = []
    with store.write() as tx:
        for one in wanted:
            try:
                made.append(_leave(store, tx, one))
            except Withheld:
                made.append(None)
    return made


def _check(store: Store, wanted: Wanted) -> None:
    if wanted.profile not in PROFILES:
        raise Usage(f"A profile that leaves is one of {', '.join(PROFILES)}.")
    if "supervisor" not in store.member.roles:
        raise Refused(
            f"only a supervisor may make the {wanted.profile} profile: ask one, or see 'beech status' for "
            "your roles"
        )


def _leave(store: Store, tx: Write, wanted: Wanted) -> dict[str, Any]:
    reader = store.cipher
    recipient = wanted.recipient or RECIPIENTS[wanted.profile]
    releases.check_recipient(reader, wanted.profile, recipient)
    today = periods.local_day(store.now())
    judge = Judge(reader, today)
    if wanted.sector is not None:
        wanted = wanted._replace(sector=judge.areas.named(wanted.sector))
    asked = [wanted.period] if wanted.compare is None else [wanted.compare, wanted.period]
    start = first_day(Scope(reader, wanted.period, wanted.period.bounds(), None, today))
    for period in asked:
        spans.check(period, today, start)
    verdicts: list[Verdict] = []
    for period in asked:
        verdict = judge.verdict(wanted, period, tuple(one.given for one in verdicts))
        refusing.check(judge, wanted, period, verdict)
        verdicts.append(verdict)
    verdicts.reverse()
    shown = [_shown(reader, verdict, wanted, today) for verdict in verdicts]
    if shown[0].says_nothing:
        raise Withheld(
            f"{wanted.period.label}: nothing is left in the {wanted.profile} profile after disclosure "
            "control; a longer period may do"
        )
    profile, beside = verdicts[0].given.profile, shown[1] if wanted.compare is not None else None
    page = {
        "period": _named(wanted.period),
        "compared_with": _named(wanted.compare) if wanted.compare else None,
        "sector": wanted.sector,
        "profile": wanted.profile,
        "recipient": recipient,
        "as_at": today.isoformat(),
        **told(shown[0], beside, measures(reader)),
        **({"tables": told_cut(shown[0], wanted.cut)} if wanted.cut else {}),
        "notes": [
            *_notes(profile, verdicts[0], today),
            *shown[0].notes(),
            *Months(Scope(reader, wanted.period, wanted.period.bounds(), None, today)).caveats(),
        ],
    }
    before = verdicts[0].before
    paper = releases.Paper(
        wanted.what,
        recipient,
        wanted.sector,
        tuple(verdict.given for verdict in verdicts),
        page,
        before.id if before is not None and verdicts[0].revises else None,
    )
    return page | {"release": releases.register(store, tx, paper)}


def first_day(scope: Scope) -> date | None:
    """Return the unit's first day: that of the month of its first contact or action."""
    ((at,),) = scope.rows(
        "select min(e.at) from engagement as e cross join record as r on r.n = e.n and r.state = 'present'"
    )
    ((on,),) = scope.rows(
        "select min(a.\"on\") from action as a cross join record as r on r.n = a.n and r.state = 'present'"
    )
    days = [*([periods.local_day(at)] if at is not None else []), *([date.fromisoformat(on)] if on else [])]
    return min(days).replace(day=1) if days else None


def _shown(reader: Any, verdict: Verdict, wanted: Wanted, today: date) -> Shown:
    span, profile, cells = verdict.given
    period = next(one for one in (wanted.period, wanted.compare) if one is not None and span_of(one) == span)
    months = Months(Scope(reader, period, period.bounds(), None, today))
    base: int = settings.get(reader, "disclosure.percent_base")
    held = sum(months.counts.get(month, 0) for month in months.before)
    gives = months.complete and held >= base and profile.name != "headline" and wanted.sector is None
    return Shown(cells, profile, base if gives else None, wanted.sector)


def _named(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat(), "label": period.label}


def _notes(profile: Profile, verdict: Verdict, today: date) -> list[str]:
    notes = [
        f"Counted as at {periods.short(today)}, {profile.name} profile. {profile.note()}",
        "People who said no to statistics are in none of these figures.",
        "Contacts with people who gave no name are engagements and add nobody to the people engaged.",
    ]
    if verdict.before is not None and verdict.revises:
        notes.append(f"A correction of {verdict.before.ref}; corrections are published once a year.")
    if verdict.more:
        notes.append("Some figures are withheld because earlier ones could be worked out from them.")
    return notes
