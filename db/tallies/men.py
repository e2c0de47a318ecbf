"""The men's ledger: who was identified, what was done, how far it went. Actions are not outcomes of crimes.

A man who was erased or is restricted is not counted; what was done still is. One a man, date and kind.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from db import settings
from db.tallies.definitions import DEALT_WITH, HIGHEST, IDENTIFIED, SUMS, WIDE
from db.tallies.scope import CONTACT, IN_SECTOR, NOT_STRUCK, OFFENDER_AS, PRESENT, STANDING_FOR, Part, plural
from db.tallies.women import by_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.tallies.scope import Scope

_HIS = f"""join record as m on m.n in {STANDING_FOR.format("j.value")} and m.state <> 'struck'
            join action as a on a.offender = m.n"""


class Act(NamedTuple):
    """One action for this unit: on whom, whether he counts, when, what; an outcome, and of which crime."""

    who: int
    counts: int
    on: str
    action: str
    result: str | None
    outcome: str | None
    crime: str


class Men:
    """The actions of a scope for this unit, and the men they were taken on."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        rows = scope.rows(
            f"""
            select coalesce(s.canonical, a.offender), {PRESENT.format("a.offender")},
              a."on", a.action, a.result, a.outcome_code,
              iif(a.outcome_code is null, '', coalesce('crime ' || a.crime_ref,
                concat_ws(' ', coalesce(s.canonical, a.offender), a.offence, coalesce(a.offence_on, a."on"))))
            from action as a left join same_as as s on s.n = a.offender
            where a."on" between :first and :last and a.for_unit = 1 and {PRESENT.format("a.n")}
            and {NOT_STRUCK.format("a.offender")}"""  # noqa: S608 - fixed text
        )
        self.acts = list(map(Act._make, rows))
        self.kinds: dict[int, set[str]] = {}
        for act in self.acts:
            if act.counts:
                self.kinds.setdefault(act.who, set()).add(act.action)
        self._actions = settings.chosen(scope.reader, "dealt_with") or DEALT_WITH
        self._further = frozenset(self._actions) - {"arrest"}
        self.dealt_with = self._with(self._actions)
        self.wide = self._with(settings.chosen(scope.reader, "dealt_with_wide") or WIDE)

    def _with(self, actions: Iterable[str]) -> list[int]:
        wanted = set(actions)
        return [who for who, kinds in self.kinds.items() if not wanted.isdisjoint(kinds)]

    def times(self) -> dict[str, int]:
        """Return how often each kind of action was taken: once a man and date."""
        counts: dict[str, int] = {}
        for _, _, action in {(act.who, act.on, act.action) for act in self.acts}:
            counts[action] = counts.get(action, 0) + 1
        return counts

    def new(self) -> list[int]:
        """Return those dealt with who never were before the period."""
        before = self._scope.rows(
            f"""
            select j.value from json_each(:men) as j where exists (
              select 1 from record as m cross join action as a on a.offender = m.n and a."on" < :first
              and a.for_unit = 1 and a.action in (select value from json_each(:actions))
              and {PRESENT.format("a.n")}
              where m.n in {STANDING_FOR.format("j.value")} and m.state <> 'struck')""",  # noqa: S608 - fixed text
            men=json.dumps(self.dealt_with),
            actions=json.dumps(self._actions),
        )
        known = {row[0] for row in before}
        return [who for who in self.dealt_with if who not in known]

    def released(self) -> list[int]:
        """Return those who were arrested and released with no further action to date.

        Every arrest of the period came to nothing, and no caution, charge or summons followed to this day.
        """
        only = [who for who in self.dealt_with if self._further.isdisjoint(self.kinds[who])]
        since: dict[int, list[tuple[str, str, str | None]]] = {who: [] for who in only}
        for who, *act in self._scope.rows(
            f"""
            select j.value, a."on", a.action, a.result from json_each(:men) as j {_HIS}
            join record as r on r.n = a.n and r.state = 'present' where a."on" >= :first""",  # noqa: S608 - fixed text
            men=json.dumps(only),
        ):
            since[who].append((act[0], act[1], act[2]))
        last = self._scope.period.last.isoformat()
        return [who for who, acts in since.items() if _came_to_nothing(acts, last, self._further)]

    def sexes(self) -> set[str | None]:
        """Return what is recorded as the sex of those dealt with."""
        rows = self._scope.rows(
            "select distinct o.sex from json_each(:men) as j "  # noqa: S608 - fixed text
            f"join offender as o on o.n in {STANDING_FOR.format('j.value')} "
            "join record as m on m.n = o.n and m.state = 'present'",
            men=json.dumps(self.dealt_with),
        )
        return {row[0] for row in rows}


def _came_to_nothing(acts: list[tuple[str, str, str | None]], last: str, further: frozenset[str]) -> bool:
    """Tell whether all arrests up to *last* ended in no further action, and none of *further* followed."""
    if any(action in further for _, action, _ in acts):
        return False
    closed = [on for on, action, _ in acts if action == "nfa"]
    arrests = [(on, result) for on, action, result in acts if action == "arrest" and on <= last]
    return all(
        result == "nfa" or (result is None and any(end >= on for end in closed)) for on, result in arrests
    )


def identified(scope: Scope, left_out: Iterable[int] = (), known: Iterable[str] = IDENTIFIED) -> list[int]:
    """Return the men with a concern (but those *left_out*), a sighting or an action.

    In a sector, the first two. *known* are the degrees to which it must be known who he is.
    """
    return [
        row[0]
        for row in scope.rows(
            f"""
            with {OFFENDER_AS}, met (n) as (
              select distinct c.offender from concern as c cross join {CONTACT} = c.engagement
              where c.engagement between :low and :high and e.at >= :since and e.at < :until
              and {PRESENT.format("e.n")} and {PRESENT.format("c.n")} and c.offender is not null
              and c.n not in (select value from json_each(:left_out))
              and {IN_SECTOR.format("coalesce(c.sector, e.sector)")}
              union
              select f.n from (
                select s.offender as n, s.at, s.sector, s.n as sighting from sighting as s
                union all
                select v.offender, s.at, s.sector, s.n from sighting as s
                join vehicle as v on v.n = s.vehicle join record as q on q.n = v.n and q.state = 'present'
              ) as f join record as r on r.n = f.sighting and r.state = 'present'
              where f.at >= :since and f.at < :until and f.n is not null and {IN_SECTOR.format("f.sector")}
              union
              select distinct a.offender from action as a
              where a."on" between :first and :last and :sector is null and {PRESENT.format("a.n")})
            select distinct w.who from met join offender_as as w on w.n = met.n and w.counts
            join offender as o on o.n in {STANDING_FOR.format("w.who")}
            join record as m on m.n = o.n and m.state = 'present'
            where o.identity_confidence in (select value from json_each(:known))""",  # noqa: S608 - fixed text
            known=json.dumps(list(known)),
            left_out=json.dumps(list(left_out)),
        )
    ]


def dealt_with(scope: Scope) -> Part:
    """Return what was done about the men; actions are not kept by sector."""
    if scope.sector is not None:
        return Part({"offenders_identified": len(identified(scope))}, {}, [])
    men = Men(scope)
    times = men.times()
    values: dict[str, float | None] = {
        "offenders_identified": len(identified(scope)),
        "offenders_dealt_with": len(men.dealt_with),
        "offenders_dealt_with_wide": len(men.wide),
        "offenders_dealt_with_new": len(men.new()),
    }
    for measure, actions in SUMS.items():
        values[measure] = sum(times.get(action, 0) for action in actions)
    outcomes: dict[str, set[str]] = {}
    for act in men.acts:
        if act.outcome is not None:
            outcomes.setdefault(act.outcome, set()).add(act.crime)
    return Part(
        values,
        {
            "offenders_by_highest_action": [
                {"highest_action": name, "count": len(under)} for name, under in highest(men).items()
            ],
            "actions_by_kind": [{"action": code, "count": count} for code, count in by_count(times)],
            "outcomes_by_code": [
                {"outcome_code": code, "count": len(crimes)}
                for code, crimes in sorted(outcomes.items(), key=lambda item: outcome_order(item[0]))
            ],
        },
        [
            f"Of the {plural(len(men.dealt_with), 'offender')} dealt with, {len(men.released())} arrested "
            "and released with no further action to date."
        ],
    )


def highest(men: Men) -> dict[str, list[int]]:
    """Return the men of the wide set, each once, under the gravest that was done."""
    left = {who: men.kinds[who] for who in men.wide}
    rows: dict[str, list[int]] = {}
    for name, actions in HIGHEST:
        rows[name] = [who for who, kinds in left.items() if not kinds.isdisjoint(actions)]
        for who in rows[name]:
            del left[who]
    rows["other"] += left  # whom the unit's own set counts under no action named here
    return rows


def outcome_order(code: str) -> tuple[int, str]:
    """Return what the outcome codes are sorted by: 1, 1A, 2 ... 22."""
    return len(code.rstrip("A")), code
