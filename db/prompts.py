"""What is said at once to whoever enters a report: duties with a clock, signs of danger, repeat information.

And the one stop of which nothing is kept: where the alleged offender is police or partner staff.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db import settings
from db.errors import Refused
from db.filters import DECIDE_SECONDS
from db.rules import periods, prompts, vocabulary
from db.rules.prompts import Prompt, names_staff
from db.rules.records import span

if TYPE_CHECKING:
    from db.vault.store import Store

__all__ = [
    "STAFF",
    "Prompt",
    "TakenOut",
    "for_action",
    "for_engagement",
    "names_staff",
    "take_out",
    "taken_out",
]

STAFF = "police_or_partner"  # said of a report, never a field of one
_IN_WORDS = {
    "person": ("known_as", "safety"),
    "engagement": ("mentions", "narrative", "partner", "sector"),
    "concern": ("injury", "weapon", "description", "ncrs_rationale"),
    "referral": ("result", "override_reason"),
    "followup": ("what", "result"),
    "offender": ("mo_text", "marks", "name", "aliases"),
}

_RAPE = "soa1"
_NO_INCIDENT = (
    "A rape that is reported is recorded as a crime, or as N100 until then (Home Office Counting Rules), not "
    "as an incident only: her wish not to proceed goes to the outcome. Ask the force crime registrar."
)
_TOO_EARLY = (
    "The decision is dated before the contact at which she told: set ncrs_at, or the contact's time, right."
)
_NO_N100 = "N100 is for a rape that is reported and not yet recorded, and this is entered as something else."

# Contacts of one woman in which she told of a man or a car, or reported something.
_TOLD = (
    "select count(*) from engagement as e cross join record as r on r.n = e.n where r.state = 'present' "
    "and e.at > :since and (e.mentions is not null and e.n in "
    "(select source from link where field = 'people' and target in ({hers})) "
    "or e.n in (select c.engagement from concern as c cross join record as q on q.n = c.n "
    "where q.state = 'present' and c.person in ({hers})))"
)
_HERS = (
    "select :her union select b.n from same_as as a join same_as as b on b.canonical = a.canonical "
    "where a.n = :her"
)


class TakenOut(Refused):
    """A report was taken out of the unit: nothing of it was kept, and it is said whom to go to."""


def take_out(store: Store, reports: int = 1) -> TakenOut:
    """Journal that reports were taken out of the unit, by whom and when, and nothing else of them.

    Returns:
        What to raise: the stop's own words with the outside contacts.
    """
    with store.write() as tx:
        tx.chain.event("taken_out", {"count": reports})
    contacts = settings.get(store.cipher, "outside_contacts")
    said = "; ".join(f"{name}: {how}" for name, how in contacts.items())
    return TakenOut(f"{vocabulary.stop(STAFF)} Nothing was saved. {said}.")


def taken_out(store: Store, raw: dict[str, Any]) -> dict[str, Any]:
    """Return a raw report without the word that he is police or partner staff, where he is not.

    Raises:
        TakenOut: he is; one entry says that a report was taken out, by whom and when.
        Refused: it is neither yes nor no.
    """
    if STAFF not in raw:
        return raw
    if is_staff(raw[STAFF]):
        raise take_out(store)
    return {key: value for key, value in raw.items() if key != STAFF}


def is_staff(raw: Any) -> bool:
    """Read yes or no.

    Raises:
        Refused: it is neither.
    """
    said = str(raw).strip().lower() if raw is not None else ""
    if said in ("true", "yes", "y", "1"):
        return True
    if said in ("false", "no", "n", "0", ""):
        return False
    raise Refused(f"{STAFF}: must be yes or no")


def for_engagement(store: Store, n: int, concern: int | None = None) -> list[Prompt]:
    """Return what is to be said of an engagement just entered, or of a concern told in it.

    Codes and counts are made of it; nothing is shown, so it is no look.
    """
    with store.counts() as reader:
        at, needs, mentions, narrative, version = reader.execute(
            "select at, needs, mentions, narrative, wording_version from engagement where n = ?", (n,)
        ).fetchone()
        fields = _concern(reader, concern)
        of_him = (fields.get("description") or {}).get("mo_text")
        texts = (mentions, narrative, fields.get("injury"), fields.get("weapon"), of_him)
        found = [
            prompts.prompt(code, _more(reader, code))
            for code in prompts.of(fields, json.loads(needs or "[]"), texts)
        ]
        if names_staff(mentions, narrative, of_him):
            found.insert(0, Prompt(STAFF, prompts.STAFF_SAID))
        if concern is not None:
            found += _of_concern(store, reader, fields, at, version)
        told = mentions is not None or concern is not None
        return found + (_repeat(store, reader, n, fields.get("person")) if told else [])


def _concern(reader: Any, concern: int | None) -> dict[str, Any]:
    if concern is None:
        return {}
    names = (
        "person",
        "behaviours",
        "offence_guess",
        "injury",
        "weapon",
        "description",
        "ncrs_decision",
        "ncrs_at",
    )
    row = reader.execute(f"select {', '.join(names)} from concern where n = ?", (concern,)).fetchone()  # noqa: S608 - fixed names
    fields = dict(zip(names, row, strict=True))
    for name in ("behaviours", "description"):
        fields[name] = json.loads(fields[name]) if fields[name] else None
    return fields


def _more(reader: Any, code: str) -> str:
    if code != "threat_to_life":
        return ""
    how = settings.get(reader, "duty_inspector")
    return f"Duty inspector: {how}." if how else ""


def _of_concern(
    store: Store, reader: Any, fields: dict[str, Any], at: int, version: str | None
) -> list[Prompt]:
    found = []
    decided, guess = fields["ncrs_decision"], fields["offence_guess"]
    if decided == "incident_only" and guess == _RAPE:
        found.append(Prompt("crime_told", _NO_INCIDENT))
    if decided == "n100" and guess not in (None, _RAPE):
        found.append(Prompt("crime_told", _NO_N100))
    if decided is not None and fields["ncrs_at"] is not None and fields["ncrs_at"] < at:
        found.append(Prompt("crime_told", _TOO_EARLY))
    if fields["ncrs_decision"] is None:
        due = at + DECIDE_SECONDS
        left = "it was due" if due < store.now() else "due"
        found.append(prompts.prompt("crime_told", f"Here {left} {periods.spoken(due)}."))
    if version is None:
        words = settings.wording(reader, periods.local_day(store.now()).isoformat())
        found.append(Prompt("wording", f"The words were not read to her: {words.label}"))
    return found


def _repeat(store: Store, reader: Any, engagement: int, person: int | None) -> list[Prompt]:
    """Say that a woman has told often: a drift towards a source (RIPA 2000 s.26(8))."""
    least = settings.get(reader, "repeat_information.reports")
    days = settings.get(reader, "repeat_information.days")
    met = reader.execute(
        "select l.target from link as l join record as r on r.n = l.target "
        "where l.source = ? and l.field = 'people' and r.state = 'present'",
        (engagement,),
    ).fetchall()
    people = {n for (n,) in met} | ({person} if person is not None else set())
    sql = _TOLD.format(hers=_HERS)
    for her in sorted(people):
        bound = {"her": her, "since": store.now() - days * 86400}
        (told,) = reader.execute(sql, bound).fetchone()
        if told >= least:
            (ref,) = reader.execute("select ref from record where n = ?", (her,)).fetchone()
            return [prompts.prompt("repeat_information", f"{ref}: {told} times in {days} days.")]
    return []


def worded(kind: str, made: dict[str, Any]) -> dict[str, Any]:
    """Return a record that was just kept, with what is to be said of its words in ``prompts``.

    Such words warn and stop nothing (domain.md section 5); a sentence names the field, never the words.

    Args:
        kind: the kind's word.
        made: its shape, with the ``prompts`` that it has already.
    """
    words = {name: _said(made[name]) for name in _IN_WORDS.get(kind, ()) if made.get(name)}
    told = list(made.get("prompts") or ())
    known = {one["code"] for one in told}
    more = [
        one._asdict()
        for one in prompts.of_words(words, kind != "offender")
        if words and one.code not in known
    ]
    return made | {"prompts": [*told, *more]} if more else made


def _said(value: Any) -> str:
    """Return what a field holds as one text."""
    if isinstance(value, dict):
        return " ".join(map(_said, value.values()))
    return " ".join(map(_said, value)) if isinstance(value, list) else str(value)


def for_consent(store: Store, made: dict[str, Any]) -> list[Prompt]:
    """Return what is to be said of her yes or her no, as ``db.consent`` tells of it."""
    if made["given"] and made["wording_version"] is None:
        with store.counts() as reader:
            words = settings.wording(reader, periods.local_day(store.now()).isoformat())
        return [Prompt("wording", f"The words were not read to her ({words.code}): {words.label}")]
    if not made["given"] and made["purpose"] == "statistics":
        return [
            Prompt(
                "statistics",
                "Nothing of hers leaves for them to count. To be in no figure of the unit's that leaves: "
                f"'beech people amend {made['person']} --statistics-consent no'.",
            )
        ]
    return []


def for_action(store: Store, made: dict[str, Any]) -> list[Prompt]:
    """Return what is to be said of what was done to a man, by the action's shape."""
    with store.counts() as reader:
        (confidence,) = reader.execute(
            "select o.identity_confidence from offender as o join record as r on r.n = o.n "
            "where r.id between ? and ? and r.ref = ?",
            (*span(made["offender"]), made["offender"]),
        ).fetchone()
    return prompts.of_action(made, confidence == "named")
