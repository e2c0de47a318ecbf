"""What is printed only where it is asked for: arrests and charges by offence, men by age and by sex.

Each part belongs to a figure that pages print anyway, so that a cut that has left is known of its period.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure import Cell, Page, Sum, of_people
from db.tallies.definitions import SUMS, Measure
from db.tallies.men import Men
from db.tallies.scope import OFFENDER_AS, STANDING_FOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.rules.disclosure import Key
    from db.tallies.scope import Scope

Parts = dict[str, Cell]

UNKNOWN = "not known"
_BANDS = ((0, 17, "under 18"), (18, 24, "18-24"), (25, 34, "25-34"), (35, 44, "35-44"), (45, 54, "45-54"))
_OVER = "55+"
_HIGH = 200


class Cut(NamedTuple):
    """A table: of which measure its rows are parts, what each row stands for, its name and definition."""

    of: str
    row: str
    table: Measure
    parts: Callable[[Scope], Parts]


def _by_offence(measure: str) -> Callable[[Scope], Parts]:
    return lambda scope: _offences(scope, SUMS[measure])


_OFFENCE = (
    "Actions for this unit, one for each man, date and kind, each once: under the offence that is entered "
    "for it, the first by its code where there are several."
)
_MEN = "The offenders dealt with, each once: adds up to them. Years of this do not add up."


def _cuts() -> dict[str, tuple[Cut, ...]]:
    arrests = Measure("arrests_by_offence", "Arrests by offence", _OFFENCE)
    charges = Measure("charges_by_offence", "Charges and summonses by offence", _OFFENCE)
    aged = f"{_MEN} Age on the year's last day; not known where none is held, or only a wider guess."
    dealt = "offenders_dealt_with"
    return {
        "offences": (
            Cut("arrests", "offence", arrests, _by_offence("arrests")),
            Cut("charges", "offence", charges, _by_offence("charges")),
        ),
        "ages": (Cut(dealt, "age", Measure(f"{dealt}_by_age", "Offenders dealt with by age", aged), _ages),),
        "sexes": (
            Cut(dealt, "sex", Measure(f"{dealt}_by_sex", "Offenders dealt with by sex", _MEN), _sexes),
        ),
    }


def key(cut: Cut, part: str) -> Key:
    """Return the name of a part's figure."""
    return (cut.of, f"by {cut.row}", part)


def cut_of(name: Key) -> str | None:
    """Return the cut that a figure's name is of; None for a figure that pages print anyway."""
    return next((cut for cut, made in CUTS.items() for one in made if name[:2] == key(one, "")[:2]), None)


def printed(page: Page, cut: str) -> dict[Key, Cell]:
    """Return what is printed of a cut: the figures themselves, then their parts."""
    whole = {(one.of,): page.printed[one.of,] for one in CUTS[cut]}
    names = {key(one, "")[:2] for one in CUTS[cut]}
    return whole | {name: cell for name, cell in page.differences.items() if name[:2] in names}


def sums(cells: Mapping[Key, Cell], cut: str) -> list[Sum]:
    """Return how a cut's figures hang together."""
    made = []
    for one in CUTS[cut]:
        parts = tuple(name for name in cells if name[:2] == key(one, "")[:2])
        if parts:
            made.append(Sum((one.of,), parts))
    return made


def added(page: Page, scope: Scope, cut: str) -> Page:
    """Return a page with a cut among what is printed only where it is asked for."""
    parts = {key(one, part): cell for one in CUTS[cut] for part, cell in one.parts(scope).items()}
    return page._replace(differences={**page.differences, **parts}, sums=[*page.sums, *sums(parts, cut)])


def _offences(scope: Scope, actions: tuple[str, ...]) -> Parts:
    behind: dict[str, dict[int, int]] = {}
    for offence, who in scope.rows(
        f"""
        with {OFFENDER_AS}
        select min(coalesce(a.offence, '~')), w.who
        from action as a cross join record as r on r.n = a.n and r.state = 'present'
        join offender_as as w on w.n = a.offender
        where a."on" between :first and :last and a.for_unit = 1
        and a.action in (select value from json_each(:actions)) group by w.who, a."on", a.action""",  # noqa: S608 - fixed text
        actions=json.dumps(actions),
    ):
        shares = behind.setdefault(UNKNOWN if offence == "~" else offence, {})
        shares[who] = shares.get(who, 0) + 1
    return {code: Cell(sum(behind[code].values()), behind[code]) for code in sorted(behind)}


def _ages(scope: Scope) -> Parts:
    year = scope.period.last.year  # by whose end every birthday has been
    return _told(
        scope, lambda born, least, most, _: _band(year - int(born[:4]) if born else None, least, most)
    )


def _sexes(scope: Scope) -> Parts:
    return _told(scope, lambda *told: told[3] or UNKNOWN)


_Said = Callable[[str | None, int | None, int | None, str | None], str]


def _told(scope: Scope, said: _Said) -> Parts:
    """Return the men dealt with by what is said of each: of merged records the first that says anything."""
    men = Men(scope).dealt_with
    under: dict[int, str] = dict.fromkeys(men, UNKNOWN)
    for who, *told in scope.rows(
        "select j.value, o.date_of_birth, o.approximate_age_from, o.approximate_age_to, "  # noqa: S608 - fixed text
        "nullif(o.sex, 'unknown') from json_each(:men) as j "
        f"join offender as o on o.n in {STANDING_FOR.format('j.value')} "
        "join record as m on m.n = o.n and m.state = 'present' order by j.value, o.n",
        men=json.dumps(men),
    ):
        if under[who] == UNKNOWN:
            under[who] = said(*told)
    rows = sorted(set(under.values()))
    return {row: of_people(who for who, its in under.items() if its == row) for row in rows}


def _band(age: int | None, least: int | None, most: int | None) -> str:
    """Return the band that holds all the ages he may have; not known where several do."""
    ends = (least, most) if age is None else (age, age)
    bands = (*_BANDS, (55, _HIGH, _OVER))
    return next((said for low, high, said in bands if _within(ends, low, high)), UNKNOWN)


def _within(ends: tuple[int | None, int | None], low: int, high: int) -> bool:
    return None not in ends and all(low <= (end or 0) <= high for end in ends)


CUTS = _cuts()
