"""The parade sheet: cars and men of the last days, for the officers of a shift.

No woman is in it, by name, reference or day, and nothing says where a fact came from: what a woman keeps in
the unit brings nobody into it, and what she lets be shared brings him in without a day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db import records, today, unnamed, watchlist
from db.briefs import handing, words
from db.errors import Refused
from db.records import Filter
from db.records.hidden import MEN
from db.rules import periods, vocabulary
from db.rules.sharing import PRESS, SUBJECT
from db.rules.sheets import Grid, Part, Sheet
from db.tallies.scope import OFFENDER_AS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.briefs.handing import Handing
    from db.vault.store import Store
    from db.vault.writing import Write

EVENT = "brief_parade"
DAYS, DAYS_MOST = 7, 31
_MEN_MOST, _CARS_MOST = 7, 4  # what finds room on one page

_OF_SOMEBODY = re.compile(r"['\u2019]s\b")
_SEEN = (
    "sighting as s cross join record as r on r.n = s.n and r.state = 'present' "
    f"and {records.visible('sighting', 's')} and {words.TRUSTED.format('s')}"
)
_IN_HIS = "vehicle as v on v.n = s.vehicle join record as q on q.n = v.n and q.state = 'present'"
_MEN = f"""
with {OFFENDER_AS}, met (n) as (
  select s.offender from {_SEEN} where s.at >= ?1
  union
  select v.offender from {_SEEN} join {_IN_HIS} where s.at >= ?1
  union
  select c.offender from engagement as e cross join record as q on q.n = e.n and q.state = 'present'
  join concern as c on c.engagement = e.n join record as r on r.n = c.n and r.state = 'present'
  where e.at >= ?3 and min(c.sharing_level, e.sharing_level) >= 2 and {records.visible("concern", "c")}
  union
  select r.n from record as r where r.kind = 'offender' and r.id in (select unhex(value) from json_each(?2))
  union
  select v.offender from vehicle as v join record as r on r.n = v.n and r.state = 'present'
  where r.id in (select unhex(value) from json_each(?2)))
select distinct w.who from met join offender_as as w on w.n = met.n and w.counts
where w.who not in ({MEN})"""  # noqa: S608 - fixed text
_CARS = f"""
select v.n from vehicle as v join record as r on r.n = v.n and r.state = 'present'
where v.offender is null and (r.id in (select unhex(value) from json_each(?2)) or exists (
  select 1 from {_SEEN} where s.vehicle = v.n and s.at >= ?1))"""  # noqa: S608 - fixed text
_LAST = f"""
select s.at, s.sector from {_SEEN}
where s.offender in (select ?1 union select n from same_as where canonical = ?1)
or s.vehicle in (select v.n from vehicle as v cross join record as q on q.n = v.n and q.state = 'present'
  where v.offender in (select ?1 union select n from same_as where canonical = ?1))
order by s.at desc limit 1"""  # noqa: S608 - fixed text
_CAR_LAST = f"""
select s.at, s.sector from {_SEEN} where s.vehicle = ?1 order by s.at desc limit 1"""  # noqa: S608 - fixed text


def parade(store: Store, days: int, handed: Handing) -> Sheet:
    """Return the sheet of the last days; journalled as a disclosure of the men and cars on it.

    Raises:
        Refused: this member is no supervisor; an unknown recipient or purpose, the press, a subject; too many
            days.
    """
    handing.check(store, handed)
    if not {PRESS, SUBJECT}.isdisjoint(handed.recipients):
        raise Refused(
            "a parade sheet names men who are suspected: it is for neither the press nor one of them"
        )
    if not 1 <= days <= DAYS_MOST:
        raise Refused(f"days: a parade sheet is of 1 to {DAYS_MOST} days")
    day = periods.local_day(store.now())
    first = day - timedelta(days=days - 1)
    since = periods.midnight(first)
    with store.write() as tx:
        bound = (since, _new(tx, since))
        met = tx.execute(_MEN, (*bound, _week(day, since))).fetchall()
        scrubs = unnamed.scrub(tx)
        men = [_unnamed(scrubs, man) for (n,) in met for man in _man(tx, n)]
        cars = [_unnamed(scrubs, _car(tx, n)) for (n,) in tx.execute(_CARS, bound).fetchall()]
        men, cars = _latest(men), _latest(cars)
        made = _sheet((first, day), men, cars, handed)
        shown = [one["ref"] for one in (*men[:_MEN_MOST], *cars[:_CARS_MOST])]
        entry = handing.Entry(EVENT, len(shown), {"refs": shown})
        sheet, _ = handing.register(store, tx, made, handed, entry)
    return sheet


def _week(day: date, since: int) -> int:
    """Return since when a report brings a man in: never less than a week, that no day can be told from it."""
    return min(since, periods.midnight(day - timedelta(days=6)))


def _new(tx: Write, since: int) -> str:
    """Return the ids of the men and cars that were entered since, as a JSON list of hex."""
    import json

    fresh = today.entered_since(tx, since)
    return json.dumps([one.hex() for kind in ("offender", "vehicle") for one in fresh.get(kind, ())])


def _man(tx: Write, n: int) -> list[dict[str, Any]]:
    """Return a man as all his records tell of him; nobody where none of them is to be trusted."""
    these = "in (select ?1 union select n from same_as where canonical = ?1)"
    found = records.select(tx, "offender", [Filter("n", f"x.n {these}", (n,))])
    trusted = [one for one in found if words.is_trusted(one)]
    if not trusted:
        return []
    man, his = words.as_one(trusted), f"x.offender {these}"
    man["vehicles"] = records.select(tx, "vehicle", [Filter("offender", his, (n,))])
    man["orders"] = records.select(tx, "order", [Filter("offender", his, (n,))])
    return [man | {"last": tx.execute(_LAST, (n,)).fetchone()}]


def _car(tx: Write, n: int) -> dict[str, Any]:
    (car,) = records.select(tx, "vehicle", [Filter("n", "x.n = ?", (n,))])
    return car | {"last": tx.execute(_CAR_LAST, (n,)).fetchone()}


def _unnamed(scrubs: unnamed.Scrub, one: dict[str, Any]) -> dict[str, Any]:
    """Return a man or a car without a woman's name in his looks, in where it was and in what he is called.

    A name of his own stays as it is; "Kasia's regular" is none.
    """
    last = one["last"]
    told = last and (last[0], last[1] and scrubs(last[1]))
    aliases = [scrubs(alias) if " " in alias else alias for alias in one.get("aliases") or ()]
    name = one.get("name")
    called = scrubs(name) if name and _OF_SOMEBODY.search(name) else name
    return unnamed.described(scrubs, one) | {"last": told, "aliases": aliases, "name": called}


def _latest(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last seen first; those without a sighting come after them, by reference."""
    return sorted(found, key=lambda one: (-(one["last"][0] if one["last"] else 0), one["ref"]))


def _sheet(
    span: tuple[date, date], men: list[dict[str, Any]], cars: list[dict[str, Any]], handed: Handing
) -> Sheet:
    first, day = span
    said = f"{periods.short(first)} to {periods.short(day)}"
    left = [
        f"{len(found) - most} more {what} of these days: see the watchlist."
        for what, found, most in (("men", men, _MEN_MOST), ("cars", cars, _CARS_MOST))
        if len(found) > most
    ]
    return Sheet(
        f"Parade: cars and men, {said}",
        (("for", handed.said), ("purpose", handed.purpose), ("as at", day)),
        (
            Part(
                "Seen or new in these days",
                grids=(
                    Grid(
                        "men",
                        "Men",
                        ("who", "look", "car", "last seen", "take care", "what he does"),
                        tuple(_man_row(man, day) for man in men[:_MEN_MOST]),
                    ),
                    Grid(
                        "cars",
                        "Cars that belong to nobody yet",
                        ("car", "last seen", "reference"),
                        tuple(
                            (words.car(car, car["vrm"]) or "not described", _seen(car["last"]), car["ref"])
                            for car in cars[:_CARS_MOST]
                        ),
                    ),
                ),
            ),
        ),
        (
            *left,
            "A sighting is a lead, not an identity: act on your own grounds, never on this sheet alone.",
        ),
    )


def _man_row(man: dict[str, Any], day: date) -> tuple[object, ...]:
    care = [words.warnings(man)]
    if man["is_conditional"]:
        care.append("handling conditions apply")
    types = vocabulary.codes("order_type")
    for order in man["orders"]:
        if order["expires_on"] is None or order["expires_on"] >= day.isoformat():
            care.append(types.get(order["type"], order["type"]))
    return (
        f"{watchlist.label({**man, 'vehicles': []})}; {man['ref']}",
        words.look(man),
        words.cars(man["vehicles"]),
        _seen(man["last"]),
        "; ".join(filter(None, care)),
        words.does(man),
    )


def _seen(last: tuple[int, str | None] | None) -> str:
    if last is None:
        return ""
    at, sector = last
    return ", ".join(filter(None, (periods.short(periods.local_day(at)), sector)))
