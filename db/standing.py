"""How the unit stands, in numbers that show no person: counts, what is overdue, what wants mending."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db import conflicts, records, settings
from db.filters import DECIDE_SECONDS
from db.rules import periods
from db.rules.records import KINDS
from db.vault import identity_keys, journal, places, projection
from db.vault.store import LAGS

if TYPE_CHECKING:
    from db.vault.keys import Opened
    from db.vault.store import Store

_LEGAL = {
    "appropriate_policy_document": "the appropriate policy document",
    "schedule_8_condition": "the schedule 8 condition",
}
AWAY_LATE = 7  # days without a copy off this machine from which it is said
_ANNOUNCED_MS = 30 * 24 * 3600 * 1000

PLURALS = {
    "person": "people",
    "engagement": "engagements",
    "concern": "concerns",
    "referral": "referrals",
    "followup": "followups",
    "offender": "offenders",
    "vehicle": "vehicles",
    "sighting": "sightings",
    "action": "actions",
    "order": "orders",
    "call": "calls",
}


def settle(store: Store, opened: Opened) -> list[str]:
    """Do at an unlock what waited for a liaison: hand on or change the key to the names; say what it was."""
    if not opened.slot.identity_keys:
        return []
    done = []
    if identity_keys.is_due(store):
        identity_keys.rotate(store, opened)
        done.append("the key to the names was due and is changed")
    if identity_keys.hand_on_all(store, opened):
        done.append("the key to the names was handed on to a liaison who lacked it")
    return done


def announced(store: Store) -> list[str]:
    """Return what every member should hear: the recovery code's use, a key or a log that has to wait."""
    said = [LAGS] if store.log_lags else []
    for at, detail in store.cipher.execute(
        "select at, detail from entry where operation = 'security' and detail like '%\"member_recover\"%' "
        "and at > ? order by at",
        ((store.clock() - _ANNOUNCED_MS) << 16,),
    ):
        row = store.cipher.execute(
            "select name from member where id = ?", (json.loads(detail)["member"],)
        ).fetchone()
        day = periods.local_day(journal.wall_ms(at) // 1000)
        said.append(f"the recovery code was used on {periods.short(day)} for {row[0] if row else 'a member'}")
    if identity_keys.is_due(store):
        said.append("a liaison has left: the next liaison who unlocks changes the key to the names")
    return said


def of(store: Store) -> dict[str, Any]:
    """Return unit (its name), member, roles, overdue, counts, conflicts and health.

    Never a secret, never a person.
    """
    with store.counts() as reader:
        return {
            "unit": _name(reader),
            "member": store.member.name,
            "roles": ["officer", *sorted(store.member.roles)],
            "overdue": _overdue(reader, records.today(store), store.now()),
            "counts": {PLURALS[kind]: _present(reader, kind) for kind in KINDS},
            "conflicts": conflicts.count(reader),
            "health": _health(store, reader),
        }


def _present(reader: Any, kind: str) -> int:
    """Return how many records of a kind stand: its rows, but for the few that are struck or restricted."""
    (count,) = reader.execute(
        f"select (select count(*) from {projection.quoted(kind)}) - (select count(*) from record "  # noqa: S608 - a kind's name
        "where kind = ? and state <> 'present' and state <> 'erased')",
        (kind,),
    ).fetchone()
    return int(count)


def _name(reader: Any) -> str | None:
    row = reader.execute(
        "select p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
        "where e.operation = 'security' and e.seq = 1 and e.detail like '%\"genesis\"%'"
    ).fetchone()
    name: str | None = json.loads(row[0]).get("unit") if row else None
    return name


def _overdue(reader: Any, today: str, now: int) -> dict[str, int]:
    (followups,) = reader.execute(
        "select count(*) from followup as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
        f"where r.state = 'present' and x.done_on is null and x.due_on < ? and {records.visible('followup')}",
        (today,),
    ).fetchone()
    (referrals,) = reader.execute(
        "select count(*) from referral as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
        "where r.state = 'present' and x.chase_on < ? and x.status in ('offered', 'sent', 'waiting') "
        f"and {records.visible('referral')}",
        (today,),
    ).fetchone()
    (decisions,) = reader.execute(
        "select count(*) from concern as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
        "join engagement as e on e.n = x.engagement "
        "where r.state = 'present' and x.ncrs_decision is null and e.at < ? "
        f"and {records.visible('concern')}",
        (now - DECIDE_SECONDS,),
    ).fetchone()
    return {"followups": followups, "referrals": referrals, "decisions": decisions}


def _health(store: Store, reader: Any) -> dict[str, Any]:
    verified = reader.execute(
        "select at from entry where operation = 'security' and detail like '%\"event\":\"verify\"%' "
        "order by at desc limit 1"
    ).fetchone()
    active = reader.execute("select id, roles from member where state = 'active'").fetchall()
    liaisons = sum("liaison" in json.loads(roles) for _, roles in active)
    founder: list[str] = next(
        (json.loads(roles) for id_, roles in active if id_ == store.genesis["member"]), []
    )
    both = {"supervisor", "liaison"} <= set(founder)
    last = periods.iso(journal.wall_ms(verified[0]) // 1000) if verified else None
    legal = {name: settings.get(reader, f"legal.{name}") for name in _LEGAL}
    away = places.days_at_home(store, reader)
    return {
        "last_verified": last,
        "liaisons": liaisons,
        "founder_holds_both_roles": both,
        "legal_references": legal,
        "days_without_copy_elsewhere": away,
        "notes": [*announced(store), *_away(away), *_notes(last, liaisons, both, legal)],
    }


def _away(days: int) -> list[str]:
    if days < AWAY_LATE:
        return []
    return [f"no copy off this machine for {days} days: beech backup --to PLACE, or set backup_place"]


def _notes(last: str | None, liaisons: int, both: bool, legal: dict[str, str | None]) -> list[str]:
    notes = []
    if last is None:
        notes.append("the journal was never verified: beech journal verify")
    if liaisons == 1:
        notes.append("one person alone can open identities: a second liaison would keep them reachable")
    elif liaisons == 0:
        notes.append("nobody can open identities: no member is a liaison")
    if both:
        notes.append("the founder still holds both roles, supervisor and liaison: hand one on")
    missing = [said for name, said in _LEGAL.items() if legal[name] is None]
    if missing:
        notes.append(
            f"the legal references are not set: {' and '.join(missing)} "
            "(Data Protection Act 2018, sections 35 and 42): beech config apply"
        )
    return notes
