"""The sheet of a multi-agency meeting: women by pseudonym, what is known, what each agency is asked to do.

Only who lets it be shared with every agency there is on it; who wants no contact or is restricted is not.
Each ask is kept as a follow-up, and each agency's sight of each woman is an entry of its own.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from db import consent, records, settings, sharing, unnamed
from db.briefs import handing
from db.errors import Refused, Withheld
from db.records import Filter
from db.rules import periods, vocabulary
from db.rules.sharing import Extent, extent
from db.rules.sheets import Grid, Part, Sheet
from db.tallies.scope import plural

if TYPE_CHECKING:
    from datetime import date

    from db.briefs.agenda import Agenda, Ask, Item
    from db.briefs.handing import Handing
    from db.vault.store import Store
    from db.vault.writing import Write

EVENT = "brief_meeting"
_RECENT_DAYS = 90
_HERS = "in (select ?1 union select n from same_as where canonical = ?1)"
_CONTACTS = f"""
select e.n, e.at, e.needs from engagement as e cross join record as r on r.n = e.n and r.state = 'present'
join link as l on l.source = e.n and l.field = 'people'
where l.target {_HERS} and e.contact = 'spoke' and e.at >= ?2 order by e.at desc"""  # noqa: S608 - fixed text
_OPEN = f"""
select p.risk_grade in ('high', 'medium')
  or exists (select 1 from referral as f cross join record as r on r.n = f.n and r.state = 'present'
    where f.person {_HERS} and f.status in ('offered', 'sent', 'accepted', 'waiting'))
  or exists (select 1 from followup as f cross join record as r on r.n = f.n and r.state = 'present'
    where f.about {_HERS} and f.done_on is null)
from person as p where p.n = ?1"""  # noqa: S608 - fixed text
_CONCERNS = f"""
select c.n from concern as c cross join record as r on r.n = c.n and r.state = 'present'
join engagement as e on e.n = c.engagement where c.person {_HERS} and e.at >= ?2"""  # noqa: S608 - fixed text
_KEPT = """
select 1 from followup as f cross join record as r on r.n = f.n and r.state = 'present'
where f.what = ? and f.about = ? and f.owner = ? and f.due_on = ?"""
_COUNTS = f"""
select
  (select count(*) from referral as f cross join record as r on r.n = f.n and r.state = 'present'
    where f.person {_HERS} and f.status in ('offered', 'sent', 'accepted', 'waiting')),
  (select count(*) from followup as f cross join record as r on r.n = f.n and r.state = 'present'
    where f.about {_HERS} and f.done_on is null)"""  # noqa: S608 - fixed text


class Woman(NamedTuple):
    """One woman on the sheet: her record, and what the agenda says of her."""

    n: int
    id: bytes
    ref: str
    why: str
    asks: tuple[Ask, ...]


def meeting(store: Store, agenda: Agenda, handed: Handing) -> Sheet:
    """Return the sheet of a meeting, its asks kept as follow-ups; journalled for each woman and agency.

    Raises:
        Refused: this member is no supervisor; a woman named in the agenda may not be spoken of there.
        NotFound: a reference names nothing.
        Withheld: nobody may be spoken of.
    """
    handing.check(store, handed)
    with store.write() as tx:
        women = _eligible(store, tx, handed) if agenda.items is None else []
        for item in agenda.items or ():
            women.append(_named(store, tx, item, handed))
        if len({woman.n for woman in women}) < len(women):
            raise Refused("people: one of them stands twice, under two of her records")
        if not women:
            raise Withheld(
                "nobody with anything open lets it be shared with these agencies: nothing is left to speak of"
            )
        for woman in women:
            for agency in handed.recipients:
                detail = {"event": EVENT, "purpose": handed.purpose, "recipient": agency, "count": 1}
                tx.chain.append("disclosure", "person", woman.id, detail=detail)
            _keep(store, tx, woman)
        made = _sheet(store, tx, agenda.on, women, handed)
        sheet, _ = handing.register(store, tx, made, handed, handing.Entry(EVENT, len(women)))
    return sheet


def may_be_spoken_of(tx: Any, n: int, handed: Handing) -> str | None:
    """Return why a woman may not be spoken of to all of these, or None where she may.

    What holds for one of the records that are of her, of which *n* is the earliest, holds for all.
    """
    for state, status, counts in tx.execute(
        "select r.state, p.status, p.statistics_consent from record as r left join person as p on p.n = r.n "  # noqa: S608 - fixed text
        f"where r.n {_HERS}",
        (n,),
    ).fetchall():
        if state != "present":
            return f"is {state}"
        if status == "no_contact":
            return "wants no contact"
        if handed.purpose == consent.STATISTICS and counts == 0:
            return "said no to statistics"
    level = sharing.person_level(tx, n)
    said = {one.recipient: one.given for one in consent.standing(tx, n) if one.purpose == handed.purpose}
    for recipient in handed.recipients:
        if extent("person", level, recipient) is not Extent.WHOLE:
            return f"does not let it be shared with {recipient}"
        if said.get(recipient, said.get(consent.ANY_AGENCY)) is False:
            return f"said no to {recipient}"
    return None


def _named(store: Store, tx: Write, item: Item, handed: Handing) -> Woman:
    """Return a woman by any of the records that are of her: what is told and kept is under the earliest."""
    found = records.find(tx, store.id_key, item.person, ("person",))
    n, record, ref = tx.execute(
        "select n, id, ref from record where n = coalesce((select canonical from same_as where n = ?1), ?1)",
        (found.n,),
    ).fetchone()
    why_not = may_be_spoken_of(tx, n, handed)
    if why_not is not None:
        raise Refused(f"{found.ref} {why_not}: she is not spoken of there; nothing was written")
    return Woman(n, record, ref, item.why, item.asks)


def _eligible(store: Store, tx: Write, handed: Handing) -> list[Woman]:
    """Return the women with anything open who may be spoken of, a merged group once."""
    since = _recent(store)
    found = []
    for n, record, ref in tx.execute(
        "select r.n, r.id, r.ref from record as r where r.kind = 'person' and r.state = 'present' "
        "and not exists (select 1 from same_as as s where s.n = r.n and s.canonical <> r.n) order by r.n"
    ).fetchall():
        if may_be_spoken_of(tx, n, handed) is None:
            (is_open,) = tx.execute(_OPEN, (n,)).fetchone()
            if is_open or any(_goes(tx, "concern", c, handed) for (c,) in tx.execute(_CONCERNS, (n, since))):
                found.append(Woman(n, record, ref, "", ()))
    return found


def _goes(tx: Write, kind: str, n: int, handed: Handing) -> bool:
    """Tell whether a record may go whole to every agency: else it brings nobody onto the sheet."""
    level = sharing.level_of(tx, kind, n)
    return all(extent(kind, level, to) is Extent.WHOLE for to in handed.recipients)


def _recent(store: Store) -> int:
    return periods.midnight(periods.local_day(store.now()) - timedelta(days=_RECENT_DAYS))


def _keep(store: Store, tx: Write, woman: Woman) -> None:
    """Keep each ask as a follow-up about her, once: a sheet that is printed again asks nothing anew."""
    for ask in woman.asks:
        raw = {
            "what": f"{ask.agency}: {ask.ask}",
            "about": woman.ref,
            "owner": ask.owner,
            "due_on": ask.due_on,
        }
        kept = (raw["what"], woman.n, raw["owner"], raw["due_on"])
        if tx.execute(_KEPT, kept).fetchone() is not None:
            continue
        fields = records.read_fields(store, "followup", raw, records.resolver(store, tx))
        records.new(store, tx, "followup", fields)


def _sheet(store: Store, tx: Write, on: date, women: list[Woman], handed: Handing) -> Sheet:
    document, condition = (
        settings.get(tx, f"legal.{name}") or "not set"
        for name in ("appropriate_policy_document", "schedule_8_condition")
    )
    agencies = ", ".join(handed.recipients)
    scrubs = unnamed.unspoken(tx, [woman.n for woman in women])
    return Sheet(
        f"Multi-agency meeting, {periods.short(on)}",
        (
            ("agencies", agencies),
            ("purpose", handed.purpose),
            ("as at", periods.local_day(store.now())),
            ("legal basis", f"appropriate policy document: {document}; schedule 8 condition: {condition}"),
        ),
        (
            Part("Present", (" ".join(f"{one}: ______________________" for one in handed.recipients),)),
            *(_part(store, tx, woman, handed, scrubs) for woman in women),
        ),
        (
            "Confidential: what is said here is for the safety of the women spoken of. It is not passed on "
            "and not used against them. They are spoken of under a pseudonym: do not look for the name.",
            "Minutes go back into beech as follow-ups.",
        ),
    )


def _part(store: Store, tx: Write, woman: Woman, handed: Handing, scrubs: unnamed.Scrub) -> Part:
    (her,) = records.select(tx, "person", [Filter("n", "x.n = ?", (woman.n,))])
    contacts = _contacts(store, tx, woman.n, handed)
    why = scrubs(woman.why) or _reason(tx, her, woman.n)
    grade = her["risk_grade"] or "not graded"
    said = [
        f"Risk: {grade}"
        + (f", by {her['risk_tool']}" if her["risk_tool"] else "")
        + (f", {her['risk_on']}" if her["risk_on"] else ""),
        f"Reason for discussion: {why or '______________________'}",
        f"Last contact: {contacts[0] or 'none of the last 90 days that may be told'}",
        f"Needs: {', '.join(contacts[1]) or 'none told'}",
    ]
    referrals = tuple(
        (_service(tx, one["service"]), one["status"], one["sent_on"] or one["offered_on"])
        for one in records.select(tx, "referral", [Filter("person", f"x.person {_HERS}", (woman.n,))])
    )
    asks = tuple((one.agency, scrubs(one.ask), one.owner, one.due_on) for one in woman.asks)
    blank = tuple((one, "", "", "") for one in handed.recipients if one not in {ask[0] for ask in asks})
    return Part(
        f"{her['pseudonym']}, {woman.ref}",
        tuple(said),
        grids=(
            Grid(f"referrals-{woman.ref}", "Referrals", ("service", "state", "since"), referrals),
            Grid(
                f"asks-{woman.ref}", "Asked of each agency", ("agency", "ask", "owner", "due"), asks + blank
            ),
        ),
    )


def _reason(tx: Write, her: dict[str, Any], n: int) -> str:
    """Return why she is on the sheet where no agenda says so: her risk, and what is open, as counts."""
    ((referrals, followups),) = tx.execute(_COUNTS, (n,)).fetchall()
    said = [
        f"risk {her['risk_grade']}" if her["risk_grade"] in ("high", "medium") else "",
        plural(referrals, "referral") + " open" if referrals else "",
        plural(followups, "follow-up") + " open" if followups else "",
    ]
    return ", ".join(filter(None, said))


def _contacts(store: Store, tx: Write, n: int, handed: Handing) -> tuple[str | None, list[str]]:
    """Return the day of the last contact and the needs of the last months, of contacts that go so far."""
    last, needs = None, dict[str, None]()
    labels = vocabulary.codes("need")
    for contact, at, stored in tx.execute(_CONTACTS, (n, _recent(store))).fetchall():
        if not _goes(tx, "engagement", contact, handed):
            continue
        last = last or periods.short(periods.local_day(at))
        needs |= dict.fromkeys(labels.get(code, code) for code in json.loads(stored or "[]"))
    return last, list(needs)


def _service(tx: Write, code: str) -> str:
    return settings.codes(tx, "service").get(code, code)
