"""The women's ledger as it may leave: each count with the people behind it, without those who said no.

A person who said no to statistics is in no figure here, nor is what is known of her alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure import Cell, of_people
from db.tallies.people import has_spoken_before
from db.tallies.scope import HIDDEN_AS, PERSON_AS
from db.tallies.women import DAY, ENGAGEMENTS, LEFT_OUT, TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.tallies.scope import Scope

Counts = dict[tuple[str, ...], Cell]
Area = Callable[[str | None], str] | None  # the fixed group of a sector; None where the unit has none

# Whom a number stands for: her who is counted, or who said no though she is not; else nobody.
_HERS = (
    "coalesce((select w.who from person_as as w where w.n = {0}), "
    "iif({0} in (select value from json_each(:refusing)), {0}, null))"
)


def contacts(scope: Scope, area: Area) -> Counts:
    """Return the people engaged, the contacts, and the engagements of each area of the unit."""
    spoke, flagged, other = Cell(0, {}), Cell(0, {}), Cell(0, {})
    areas: dict[str, Cell] = {}
    for sector, is_spoke, is_flagged, cell in _contacts(scope):
        if not is_spoke:
            other += cell
            continue
        spoke += cell
        if area is not None:
            areas[area(sector)] = areas.get(area(sector), Cell(0, {})) + cell
        if is_flagged:
            flagged += cell
    engaged = list(spoke.people or ())
    before = has_spoken_before(scope, engaged)
    made: Counts = {
        ("people_engaged",): of_people(engaged),
        ("people_engaged_new",): of_people(who for who in engaged if who not in before),
        ("engagements",): spoke,
        ("engagements_flagged_down",): flagged,
        ("contacts_other",): other,
    }
    return made | {("engagements_by_sector", name): cell for name, cell in areas.items()}


def _contacts(scope: Scope) -> Iterable[tuple[str | None, int, int, Cell]]:
    how = "e.contact = 'spoke', e.contact = 'spoke' and e.initiated_by is 'flagged_down'"
    people: dict[tuple[object, ...], dict[int, int]] = {}
    beside: dict[tuple[object, ...], dict[int, int]] = {}
    for *where, is_counted, who, count in scope.rows(
        f"""
        with {PERSON_AS}, {HIDDEN_AS},
        behind (n, who, counted) as not materialized (
          select n, who, 1 from person_as union all select n, who, 0 from hidden_as)
        select e.sector, {how}, w.counted, w.who, count(distinct e.n)
        from (select e.n, e.sector, e.contact, e.initiated_by {ENGAGEMENTS}) as e
        join link as l on l.source = e.n and l.field = 'people' join behind as w on w.n = l.target
        where w.who not in (select value from json_each(:refusing)) group by 1, 2, 3, 4, 5"""  # noqa: S608 - fixed text
    ):
        (people if is_counted else beside).setdefault(tuple(where), {})[who] = count
    for *where, count in scope.rows(
        f"""
        with {PERSON_AS}
        select e.sector, {how}, count(*) {ENGAGEMENTS} and not {LEFT_OUT} group by 1, 2, 3"""
    ):
        sector, spoke, flagged = where
        behind = (people.get(tuple(where), {}), beside.get(tuple(where), {}))
        yield sector, spoke, flagged, Cell(count, *behind)


class _Concern(NamedTuple):
    """A concern: who told it, by the contact where it is not said, and what is counted of it.

    ``person`` is who is counted, or said no; ``teller`` the record that is said, whether she counts or not.
    """

    n: int
    engagement: int
    person: int | None
    teller: int | None
    offender: int | None
    level: int
    behaviours: str | None
    decided: int | None
    after: int | None
    sector: str | None


def concerns(scope: Scope, area: Area) -> Counts:
    """Return the concerns, each with the women who told them and the men they are about."""
    kinds: dict[tuple[str, ...], list[tuple[_Concern, list[int]]]] = {
        ("concerns",): [],
        ("concerns_undecided",): [],
        ("concerns_decided_24h",): [],
        **{("concerns_by_sharing_level", str(level)): [] for level in range(1, 6)},
    }
    for concern, told in _told(scope):
        if told is not None:
            for key in _kinds(concern, area):
                kinds.setdefault(key, []).append((concern, told))
    return {key: _cell(pairs) for key, pairs in kinds.items()}


def _kinds(concern: _Concern, area: Area) -> list[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = [("concerns",), ("concerns_by_sharing_level", str(concern.level))]
    if area is not None:
        keys.append(("concerns", "in", area(concern.sector)))
    if not concern.decided:
        keys.append(("concerns_undecided",))
    elif concern.after is not None and concern.after <= DAY:
        keys.append(("concerns_decided_24h",))
    codes = sorted(set(json.loads(concern.behaviours or "[]")))
    return keys + [("concerns_by_behaviour", code) for code in codes]


def _cell(pairs: list[tuple[_Concern, list[int]]]) -> Cell:
    women: dict[int, int] = {}
    beside: dict[int, int] = {}  # the man, or a woman who is restricted
    for concern, told in pairs:
        for who in told:
            women[who] = women.get(who, 0) + 1
        for other in (concern.offender, concern.teller if concern.person is None else None):
            if other is not None:
                beside[other] = beside.get(other, 0) + 1
    return Cell(len(pairs), women, beside)


def refused_concerns(scope: Scope) -> list[int]:
    """Return the concerns of the scope that are left out, by number."""
    return [concern.n for concern, told in _told(scope) if told is None]


def _told(scope: Scope) -> list[tuple[_Concern, list[int] | None]]:
    """Return the concerns, each with those who told it; None where only who said no did."""
    rows = scope.rows(
        TOLD.format(
            f"select c.n, e.n, {_HERS.format('c.person')}, c.person, "  # noqa: S608 - fixed text
            "(select w.who from offender_as as w where w.n = c.offender), c.sharing_level, c.behaviours, "
            "c.ncrs_decision is not null, c.ncrs_at - e.at, coalesce(c.sector, e.sector)"
        )
    )
    found = [_Concern(*row) for row in rows]
    named: dict[int, list[int]] = {}
    for engagement, who in scope.rows(
        f"with {PERSON_AS} select distinct l.source, {_HERS.format('l.target')} "  # noqa: S608 - fixed text
        "from json_each(:contacts) as j join link as l on l.source = j.value and l.field = 'people'",
        contacts=json.dumps(sorted({one.engagement for one in found if one.teller is None})),
    ):
        if who is not None:
            named.setdefault(engagement, []).append(who)
    made: list[tuple[_Concern, list[int] | None]] = []
    for one in found:
        people = [] if one.person is None else [one.person]
        if one.teller is None:
            people = named.get(one.engagement, [])
        allowing = [who for who in people if who not in scope.refusing]
        made.append((one, allowing if allowing or not people else None))
    return made
