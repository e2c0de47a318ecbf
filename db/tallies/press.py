"""The press line of a period. It leaves the unit, so it is a disclosure, and a supervisor's to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Refused
from db.rules import periods
from db.rules.sentence import Counted, press_line
from db.tallies.men import Men
from db.tallies.scope import Scope
from db.tallies.women import People

if TYPE_CHECKING:
    from db.rules.periods import Period
    from db.vault.store import Store


def sentence(store: Store, period: Period) -> str:
    """Return the press line; journalled as a disclosure to the press, with the line as it was given.

    People who said no to statistics are left out.

    Raises:
        Refused: this member is no supervisor.
    """
    if "supervisor" not in store.member.roles:
        raise Refused(
            "only a supervisor may make a press line: ask one, or see 'beech status' for your roles"
        )
    with store.consult(None, operation="disclosure") as look:
        today = periods.local_day(store.now())
        scope = Scope(store.cipher, period, period.bounds(), None, today)
        people, men = People(scope), Men(scope)
        line = press_line(
            period.label,
            periods.short(today) if today <= period.last else None,
            Counted(people.allowing, frozenset(people.allowing_sexes)),
            Counted(len(men.dealt_with), frozenset(men.sexes())),
        )
        look.detail |= {"event": "press_line", "purpose": "statistics", "recipient": "press"}
        look.asked(line=line, since=period.first.isoformat(), until=period.last.isoformat())
    return line
