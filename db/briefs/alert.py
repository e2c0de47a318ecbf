"""The warning card for women and outreach: his look, his car, what he does, about where, which week.

Never a name, a reference, a street or a day; a part of a plate only where the unit's settings allow it.
What a woman keeps in the unit is in none of it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from db import records, settings, unnamed
from db.briefs import handing, words
from db.errors import Refused
from db.records import Filter
from db.records.hidden import MEN
from db.rules import periods
from db.rules.sheets import Part, Sheet

if TYPE_CHECKING:
    from db.briefs.handing import Handing
    from db.records import Found
    from db.vault.store import Store
    from db.vault.writing import Write

EVENT = "brief_alert"
DRAFT = "DRAFT: not to be handed out until a supervisor approves it"
PLATE = "alert.partial_plate"
_ANYWHERE = "the area"
_LATEST = f"""
select at, sector from (
  select s.at, s.sector from sighting as s cross join record as r on r.n = s.n and r.state = 'present'
  where {words.TRUSTED.format("s")}
  and (s.offender in (select value from json_each(?1)) or s.vehicle in (select value from json_each(?2)))
  union all
  select e.at, coalesce(c.sector, e.sector) from concern as c
  join record as r on r.n = c.n and r.state = 'present'
  join engagement as e on e.n = c.engagement join record as q on q.n = e.n and q.state = 'present'
  where min(c.sharing_level, e.sharing_level) >= 2 and {records.visible("concern", "c")}
  and (c.offender in (select value from json_each(?1)) or c.vehicle in (select value from json_each(?2)))
) order by at desc limit 1"""  # noqa: S608 - fixed text


def alert(store: Store, ref: str, handed: Handing) -> Sheet:
    """Return the card of a man or a car, a draft until its release is approved; a disclosure of that record.

    What is approved is what it says: where the record has changed since, it is a draft anew.

    Raises:
        Refused: this member is no supervisor; the record does not stand, or holds nothing to know him by.
        NotFound: the reference names no man and no car.
    """
    handing.check(store, handed)
    with store.write() as tx:
        found = records.find(tx, store.id_key, ref, ("offender", "vehicle"))
        if found.state != "present":
            raise Refused(f"{found.ref} is {found.state}: no card is made of it")
        men, cars = _about(tx, found)
        trusted = [man for man in men if words.is_trusted(man)]
        if men and not trusted:
            raise Refused(f"{found.ref} is graded as suspected false: no card is made of it")
        scrubs = unnamed.scrub(tx)
        man = unnamed.described(scrubs, words.as_one(trusted)) if trusted else {}
        seen = [unnamed.described(scrubs, car) for car in cars]
        made = _sheet(man, _cars(tx, seen), _where(tx, men, cars), handed)
        for recipient in handed.recipients:
            detail = {"event": EVENT, "purpose": handed.purpose, "recipient": recipient, "count": 1}
            tx.chain.append("disclosure", found.kind, found.id, detail=detail)
        sheet, approved = handing.register(store, tx, made, handed, handing.Entry(EVENT, 1))
    return sheet if approved else sheet._replace(warning=DRAFT)


def _about(tx: Write, found: Found) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the records of the man and his cars, or the car and those of its man where it has one."""
    named = "coalesce((select offender from vehicle where n = ?1), ?1)"
    who, is_hidden = tx.execute(
        f"select coalesce((select canonical from same_as where n = {named}), {named}), {named} in ({MEN})",  # noqa: S608 - fixed text
        (found.n,),
    ).fetchone()
    if is_hidden:
        raise Refused(f"{found.ref} is of somebody who is restricted: no card is made of it")
    these = "in (select ?1 union select n from same_as where canonical = ?1)"
    men = records.select(tx, "offender", [Filter("n", f"x.n {these}", (who,))])
    if found.kind == "offender":
        return men, records.select(tx, "vehicle", [Filter("offender", f"x.offender {these}", (who,))])
    cars = records.select(tx, "vehicle", [Filter("n", "x.n = ?", (found.n,))])
    if not cars or (cars[0]["offender"] and not men):
        raise Refused(
            f"{found.ref} is of somebody who is restricted or does not stand: no card is made of it"
        )
    return men, cars


def _cars(tx: Write, cars: list[dict[str, Any]]) -> list[str]:
    plates = settings.get(tx, PLATE)
    said = (words.car(one, words.part_of(one["vrm"]) if plates else None) for one in cars)
    return [one for one in said if one]


def _sheet(man: dict[str, Any], cars: list[str], where: str, handed: Handing) -> Sheet:
    known = [
        Part(title, tuple(said))
        for title, said in (
            ("What he looks like", [words.look(man)] if words.look(man) else []),
            ("His car", cars),
            ("What he does", [words.does(man)] if words.does(man) else []),
        )
        if said
    ]
    if not known:
        raise Refused("nothing is held that he or the car could be known by: no card is made")
    return Sheet(
        "Warning",
        (("for", handed.said), ("where and when", where)),
        (
            *known,
            Part(
                "If you meet him",
                (
                    "Do not go with him. In danger ring 999. You can tell the unit, an outreach worker or "
                    "National Ugly Mugs, without your name.",
                ),
            ),
        ),
        ("This card names nobody, and nobody who spoke to us can be told from it. Do not look for him.",),
    )


def _where(tx: Write, men: list[dict[str, Any]], cars: list[dict[str, Any]]) -> str:
    """Return the group of sectors and the week in which he was last met; never the sector or the day."""
    numbers = [
        json.dumps(
            [tx.execute("select n from record where ref = ?", (one["ref"],)).fetchone()[0] for one in some]
        )
        for some in (men, cars)
    ]
    row = tx.execute(_LATEST, numbers).fetchone()
    if row is None:
        return _ANYWHERE
    at, sector = row
    day = periods.local_day(at)
    groups: dict[str, list[str]] = settings.get(tx, "sector_groups")
    area = next(
        (
            name
            for name, some in groups.items()
            if (sector or "").casefold() in {one.casefold() for one in some}
        ),
        _ANYWHERE,
    )
    return f"{area}, week of {periods.short(day - timedelta(days=day.weekday()))}"
