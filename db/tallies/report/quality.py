"""How good the records are: what is missing, doubled or overdue. For the unit itself, never released."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import periods
from db.rules.sheets import Figure, Part
from db.tallies.people import doubles

if TYPE_CHECKING:
    from db.rules.periods import Period

_DECIDE_SECONDS = 24 * 3600  # National Crime Recording Standard
_LAPSED_SECONDS = (
    365 * 24 * 3600
)  # a woman's record is reviewed so long after she was met last (DPA 2018 s.39)
_VERIFIED = (
    "select at >> 16 from entry where operation = 'security' and json_extract(detail, '$.event') = 'verify' "
    "order by at desc limit 1"
)
_NAMES = (
    "select coalesce(s.canonical, x.n), x.pseudonym, x.known_as from person as x "
    "join record as r on r.n = x.n and r.state = 'present' left join same_as as s on s.n = x.n "
    "order by 1, x.n"
)


class Check(NamedTuple):
    """One count: what it is called, what it counts in words, and where it is read from."""

    id: str
    label: str
    definition: str
    rows: str


_SPOKE = """engagement as e cross join record as r on r.n = e.n and r.state = 'present'
where e.contact = 'spoke' and e.at >= :since and e.at < :until and """
_TOLD = """concern as c cross join record as r on r.n = c.n and r.state = 'present'
join engagement as e on e.n = c.engagement where """
_LAST_MET = """join engagement as e on e.n = l.source join record as q on q.n = e.n and q.state = 'present'
where e.contact in ('spoke', 'seen_only', 'declined')
  and l.field = 'people' and l.target in (select x.n union select b.n from same_as as a
  join same_as as b on b.canonical = a.canonical where a.n = x.n)"""
_MAN = "offender as x cross join record as r on r.n = x.n and r.state = 'present' where "
_SHE = "person as x cross join record as r on r.n = x.n and r.state = 'present' where "

CHECKS = (
    Check(
        "contacts_beginning_unsaid",
        "Engagements that do not say how they began",
        "Engagements of the period in which nobody entered who began it: never counted as flagged down.",
        f"{_SPOKE} e.initiated_by is null",
    ),
    Check(
        "contacts_sector_unsaid",
        "Engagements without a sector",
        "Engagements of the period without a sector.",
        f"{_SPOKE} e.sector is null",
    ),
    Check(
        "concerns_undated",
        "Concerns without a date",
        "Concerns of the period that do not say when it happened.",
        f"{_TOLD} c.happened_from is null and e.at >= :since and e.at < :until",
    ),
    Check(
        "concerns_late",
        "Concerns undecided for over 24 hours",
        "Concerns of any time without a crime-recording decision, more than 24 hours after the contact.",
        f"{_TOLD} c.ncrs_decision is null and e.at < :late",
    ),
    Check(
        "offenders_ungraded",
        "Offenders without a grade",
        "Men on the watchlist, of any time, whose information is not graded.",
        f"{_MAN} x.grade is null",
    ),
    Check(
        "reviews_overdue",
        "Offenders whose review is overdue",
        "Men on the watchlist whose review date, or the date until which they may be kept, is past.",
        f"{_MAN} min(coalesce(x.review_on, '9'), coalesce(x.retain_until, '9')) < :today",
    ),
    Check(
        "retention_overdue",
        "People whose retention is overdue",
        "People the unit supports whose date until which they may be kept is past.",
        f"{_SHE} x.retain_until < :today",
    ),
    Check(
        "retention_review_due",
        "People not met for twelve months",
        "People the unit supports who were met last over twelve months ago, and of whom no date is set until "
        "which they may be kept: whether their name is still needed is to be reviewed (beech people detach).",
        f"{_SHE} x.retain_until is null and x.n not in (select n from same_as where n <> canonical) "  # noqa: S608 - fixed text
        f"and (select max(e.at) from link as l {_LAST_MET}) < :lapsed",
    ),
)


def quality(reader: Any, period: Period, now: int) -> Part:
    """Return the counts as known at *now* (UTC epoch seconds), and when the journal was last verified."""
    since, until = period.bounds()
    bound = {
        "since": since,
        "until": until,
        "late": now - _DECIDE_SECONDS,
        "lapsed": now - _LAPSED_SECONDS,
        "today": periods.local_day(now).isoformat(),
    }
    figures = [
        Figure(
            one.id,
            one.label,
            reader.execute(f"select count(*) from {one.rows}", bound).fetchone()[0],  # noqa: S608 - fixed text
            None,
            one.definition,
        )
        for one in CHECKS
    ]
    names: dict[int, list[str]] = {}
    for who, pseudonym, known in reader.execute(_NAMES):
        names.setdefault(who, []).extend((pseudonym, *json.loads(known or "[]")))
    figures.append(
        Figure(
            "people_likely_doubled",
            "People who are likely held twice",
            doubles(names.values()),
            None,
            "People, of any time, who share a pseudonym or a street name with one before them.",
        )
    )
    row = reader.execute(_VERIFIED).fetchone()
    said = periods.short(periods.local_day(row[0] // 1000)) if row else None
    verified = f"on {said}, without faults" if said else "never: beech journal verify"
    return Part("F. Data quality", (f"Journal last verified {verified}.",), tuple(figures))
