"""The press line of a period: a draft until a supervisor approves its release.

Its two numbers are those of the headline profile, so that it can say no more than what may leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import releases, settings
from db.rules import periods
from db.rules.sentence import Counted, press_line
from db.tallies import leaving
from db.tallies.men import Men
from db.tallies.people import People
from db.tallies.scope import Scope

if TYPE_CHECKING:
    from db.rules.periods import Period
    from db.vault.store import Store

PROFILE, RECIPIENT = "headline", "press"
MEASURES = ("people_engaged", "offenders_dealt_with")


def sentence(store: Store, period: Period) -> str:
    """Return the press line; its figures are registered, and the line journalled as it was given.

    People who said no to statistics are left out.

    Raises:
        Refused: this member is no supervisor; or the period is none that leaves.
        Withheld: nothing may be said.
    """
    told = leaving.leave(store, leaving.Wanted(period, PROFILE, RECIPIENT, only=MEASURES))
    values = {one["id"]: one["value"] for one in told["measures"]}
    with store.counts() as reader:
        today = periods.local_day(store.now())
        scope = Scope(reader, period, period.bounds(), None, today)
        women, men = People(scope).allowing_sexes, Men(scope).sexes()
        is_chosen = settings.chosen(reader, "dealt_with") is not None
        chosen = settings.code_set(reader, "dealt_with").label if is_chosen else None
        kept = next(one for one in releases.kept(reader) if one.ref == told["release"])
    line = press_line(
        f"{period.label} ({periods.short(period.first)} to {periods.short(period.last)}, "
        f"as at {periods.short(today)})",
        Counted(values["people_engaged"], frozenset(women)),
        Counted(values["offenders_dealt_with"], frozenset(men)),
        chosen,
    )
    if kept.approved_on is None:
        line = f"DRAFT, not to be said before 'beech releases approve {kept.ref}': {line}"
    with store.consult("release", kept.id, operation="disclosure") as look:
        look.detail |= {"event": "press_line", "purpose": "statistics", "recipient": RECIPIENT}
        look.asked(line=line)
    return line
