"""What a member finds on sitting down: what is new since last time, what is overdue, who was not seen.

One look, journalled with the women it shows. Lists are shown as they are: nothing here makes a task.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from db import consent, records, settings, standing, tallies
from db.records import Filter, Record, hidden
from db.rules import periods
from db.vault import journal

if TYPE_CHECKING:
    from db.vault.store import Look, Store
    from db.watchlist import Offered

NOT_SEEN_DAYS = 30
AHEAD_DAYS = 30
MOST = 20
_MARKS = (60, 30, 14)  # days before a limitation date at which it is told


class Unseen(NamedTuple):
    """A woman who was not seen for a while: her reference, her pseudonym, the local day she was last seen."""

    ref: str
    pseudonym: str
    last_on: str


class Asking(NamedTuple):
    """A woman to be asked again: her reference, her pseudonym, to whom her yes was given in older words."""

    ref: str
    pseudonym: str
    recipients: list[str]


class Today(NamedTuple):
    """What the start screen tells.

    ``since`` is when the member was last on (UTC epoch seconds; None at the first time), ``news`` counts what
    came since by its name, ``handed`` are follow-ups given to the member since. ``home_days`` counts the
    days without a copy off this machine. ``offered`` is whom the queue's records may mean, not yet judged.
    """

    unit: str
    member: str
    empty: bool
    since: int | None
    news: dict[str, int]
    handed: list[Record]
    overdue: dict[str, int]
    due: list[Record]
    limits: list[dict[str, Any]]
    orders: list[Record]
    unsaid: int
    asking: list[Asking]
    unseen: list[Unseen]
    unseen_more: int
    home_days: int
    notes: list[str]
    offered: list[Offered]


def of(store: Store) -> Today:
    """Return what a member finds today."""
    stands = standing.of(store)
    from db import watchlist  # loads the matcher

    day = date.fromisoformat(records.today(store))
    limits = _limits(store)
    with store.counts() as reader:  # numbers that show nobody: a look would keep every other writer waiting
        since = _last_on(store, reader)
        fresh = entered_since(reader, since) if since is not None else {}
        unsaid, late = _unsaid(reader), _late(store, reader)
    with store.consult(None) as look:
        handed = _handed(store, look, fresh.get("followup", []))
        due = records.select(
            look,
            "followup",
            [Filter("due", "x.done_on is null and x.due_on < ?", (day.isoformat(),))],
            limit=MOST,
        )
        unseen = _unseen(look, late[:MOST])
        offered = watchlist.offered(store, look, MOST)
        asking = _asking(look, day)
        shown = len(handed) + len(due) + len(unseen) + len(offered) + len(asking)
        look.shown(shown, _ids(look, [*handed, *due], [*unseen, *asking]))
        return Today(
            unit=stands["unit"] or "",
            member=stands["member"],
            empty=not stands["counts"]["engagements"],
            since=since,
            news={name: len(fresh.get(kind, ())) for kind, name in _NEWS.items()},
            handed=handed,
            overdue=stands["overdue"],
            due=due,
            limits=limits,
            orders=_orders(look, day),
            unsaid=unsaid,
            asking=asking,
            unseen=unseen,
            unseen_more=max(len(late) - MOST, 0),
            home_days=stands["health"]["days_without_copy_elsewhere"],
            notes=standing.announced(store),
            offered=offered,
        )


_NEWS = {"engagement": "contacts", "vehicle": "cars", "offender": "men", "action": "things done"}


def _last_on(store: Store, look: Any) -> int | None:
    """Return when this member was last on: at the end of the session before this one, or at its beginning."""
    rows = look.execute(
        "select at, json_extract(detail, '$.event') from entry where operation = 'security' and actor = ? "
        "order by at desc limit 200",
        (store.member.id,),
    ).fetchall()
    begun = next((i for i, (_, event) in enumerate(rows) if event == "unlock"), None)
    if begun is None:
        return None
    before = next((at for at, event in rows[begun + 1 :] if event in ("unlock", "lock")), None)
    return None if before is None else journal.wall_ms(before) // 1000


def entered_since(look: Any, since: int) -> dict[str, list[bytes]]:
    """Return the ids of what was entered since (UTC epoch seconds), by kind; found by each desk's numbers."""
    after = (since * 1000) << 16
    found: dict[str, list[bytes]] = {}
    for (desk,) in look.execute("select desk from desk").fetchall():
        first = _first_after(look, desk, after)
        for kind, record in look.execute(
            "select kind, record from entry where desk = ? and seq >= ? and operation = 'collection' "
            "and record is not null",
            (desk, first),
        ):
            found.setdefault(kind, []).append(record)
    return found


def _first_after(look: Any, desk: int, after: int) -> int:
    """Return the number of a desk's first entry after a moment, by halving: times rise with numbers."""
    (high,) = look.execute("select seq from desk where desk = ?", (desk,)).fetchone()
    low, high = 1, high + 1
    while low < high:
        middle = (low + high) // 2
        (at,) = look.execute("select at from entry where desk = ? and seq = ?", (desk, middle)).fetchone()
        low, high = (low, middle) if at > after else (middle + 1, high)
    return low


def _handed(store: Store, look: Look, fresh: list[bytes]) -> list[Record]:
    """Return the new follow-ups whose owner this member is."""
    listed = json.dumps([record.hex() for record in fresh[-MOST:]])
    new = Filter(
        "new", "x.n in (select n from record where id in (select unhex(value) from json_each(?)))", (listed,)
    )
    mine = store.member.name.casefold()
    return [one for one in records.select(look, "followup", [new]) if (one["owner"] or "").casefold() == mine]


def _limits(store: Store) -> list[dict[str, Any]]:
    """Return the limitation dates of the next 60 days, each with the mark that it has passed."""
    found = []
    for row in tallies.limits_ahead(store):
        if 0 <= row["days_left"] <= _MARKS[0]:
            found.append(row | {"within": min(mark for mark in _MARKS if row["days_left"] <= mark)})
    return found[:MOST]


def _orders(look: Look, day: date) -> list[Record]:
    until = (day + timedelta(days=AHEAD_DAYS)).isoformat()
    expires = Filter("expires", "x.expires_on between ? and ?", (day.isoformat(), until))
    return records.select(look, "order", [expires], limit=MOST)


def _unsaid(look: Any) -> int:
    """Count the contacts of which nobody has said how they came about."""
    (count,) = look.execute(
        "select count(*) from engagement as x where x.initiated_by is null and x.contact = 'spoke' "
        "and x.n not in (select n from record where kind = 'engagement' and state <> 'present')"
    ).fetchone()
    return int(count)


def _late(store: Store, reader: Any) -> list[tuple[int, int]]:
    """Return the local numbers of women not seen for a while, and when they last were; the latest first.

    The contacts are walked back from the newest until each of them has been met.
    """
    before = store.now() - NOT_SEEN_DAYS * 24 * 3600
    waiting = {n for (n,) in reader.execute(_WHO_WAITS)}
    canonical = dict(reader.execute("select n, canonical from same_as").fetchall())
    late: list[tuple[int, int]] = []
    met = reader.execute(_MET)
    for at, who in met:
        if not waiting:
            break
        her = canonical.get(who, who)
        if her in waiting:
            waiting.remove(her)
            if at < before:
                late.append((her, at))
    met.close()
    return late


_WHO_WAITS = (
    "select x.n from person as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
    "where r.state = 'present' and x.status = 'active' "
    "and x.n not in (select n from same_as where n <> canonical) "
    f"and x.n not in ({hidden.WOMEN}) "
    "and (exists (select 1 from link where target = x.n and field = 'people') "
    "or x.n in (select canonical from same_as))"
)
_MET = (
    "select e.at, l.target from engagement as e "
    "cross join link as l on l.source = e.n and l.field = 'people' "
    "where e.contact in ('spoke', 'seen_only', 'declined') "
    "and e.n not in (select n from record where kind = 'engagement' and state <> 'present') "
    "order by e.at desc, e.n desc"
)


def _unseen(look: Look, late: list[tuple[int, int]]) -> list[Unseen]:
    """Return who these women are."""
    found = []
    for n, last in late:
        ref, name = look.execute(
            "select r.ref, x.pseudonym from person as x cross join record as r on r.n = x.n where x.n = ?",
            (n,),
        ).fetchone()
        found.append(Unseen(ref, name, periods.local_day(last).isoformat()))
    return found


def _asking(look: Look, day: date) -> list[Asking]:
    """Return whose yes was given in words that are no longer read, the first so many."""
    found: list[Asking] = []
    for n, recipients in consent.outdated(look, settings.wording(look, day.isoformat()).code).items():
        row = look.execute(
            "select r.ref, x.pseudonym from person as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
            f"where x.n = ? and r.state = 'present' and x.status = 'active' and x.n not in ({hidden.WOMEN})",
            (n,),
        ).fetchone()
        if row is not None and len(found) < MOST:
            ref, name = row
            found.append(Asking(ref, name, list(dict.fromkeys(recipients))))
    return found


def _ids(look: Look, due: list[Record], shown: list[Unseen | Asking]) -> list[str]:
    women = records.people_shown(look, "person", [{"ref": one.ref} for one in shown])
    return list(dict.fromkeys([*records.people_shown(look, "followup", due), *women]))
