"""Why a page may not leave, in one sentence, and the nearest that may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from db.errors import Refused
from db.tallies.definitions import MEASURES, TABLES
from db.tallies.leaving import spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.rules.disclosure import Key
    from db.rules.periods import Period
    from db.tallies.leaving.judging import Judge, Verdict, Wanted

_LABELS = {id: label for id, label, _ in (*MEASURES, *TABLES)} | {
    "offenders_released": "Offenders released without further action",
    "calls_before": "Calls of the year before",
    "calls_by_month_before": "Calls by month of the year before",
}
_MOST = 3


def check(judge: Judge, wanted: Wanted, period: Period, verdict: Verdict) -> None:
    """Let a page pass, or refuse it.

    Raises:
        Refused: it was printed otherwise before, or would give away what is withheld; it says what would do.
    """
    if verdict.changed and verdict.before is not None:
        before = verdict.before
        raise Refused(
            f"{period.label} left on {before.made_on} as {before.ref}, and {_said(verdict.changed)} has "
            f"changed since: what was printed is not rewritten. 'beech releases show {before.ref}' prints it "
            f"again; a correction is published once a year, from {_due(before.made_on)} on"
        )
    if not verdict.hopeless and (wanted.coarser or not verdict.more):
        return
    what = _said(verdict.more) if verdict.more else "a withheld figure"
    raise Refused(
        f"{period.label}: with what left before ({_near(judge, verdict)}) this would give away what is "
        f"withheld: {what}. {_instead(judge, wanted, period, verdict)}"
    )


def _said(keys: Iterable[Key]) -> str:
    labels = sorted({_LABELS.get(key[0], key[0]).lower() for key in keys})
    more = len(labels) - _MOST
    return ", ".join(labels[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _near(judge: Judge, verdict: Verdict) -> str:
    first, last = verdict.given.span
    refs = [one.ref for one in judge.kept if one.span[0] <= last and first <= one.span[1]]
    more = len(refs) - _MOST
    return ", ".join(refs[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _instead(judge: Judge, wanted: Wanted, period: Period, verdict: Verdict) -> str:
    """Return what would do: the same with less in it, a coarser profile, a longer period."""
    ways = []
    if not verdict.hopeless:
        ways.append("--coarser withholds that as well")
    if wanted.profile != "headline" and _passes(judge, wanted._replace(profile="headline"), period):
        ways.append("--profile headline")
    for longer in spans.around(period.first)[1:]:
        is_over = longer.last < judge.today
        if longer.last > period.last and is_over and _passes(judge, wanted, longer):
            ways.append(spans.said(longer))
            break
    return f"What would do: {'; '.join(ways)}" if ways else "Nothing coarser would do"


def _passes(judge: Judge, wanted: Wanted, period: Period) -> bool:
    verdict = judge.verdict(wanted._replace(coarser=False), period)
    nothing = not any(verdict.given.cells.values())
    return not (verdict.more or verdict.hopeless or verdict.changed or nothing)


def _due(made_on: str) -> str:
    return (date.fromisoformat(made_on) + timedelta(days=365)).isoformat()
