"""What a list can be narrowed by, for each kind: the option's word, and the condition it stands for.

The journal keeps the words of the options and never their values.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db import records, settings
from db.errors import Refused, Usage
from db.records import Filter, hidden
from db.rules import periods, values, vocabulary
from db.rules.records import KINDS
from db.vault import grouping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.vault.store import Store

DECIDE_SECONDS = 24 * 3600  # a crime-recording decision: National Crime Recording Standard

_INSTANTS = {"engagement": "x.at", "sighting": "x.at"}
_DATES = {
    "referral": "x.offered_on",
    "followup": "x.due_on",
    "action": 'x."on"',
    "order": "x.granted_on",
}
_OF_HER = "x.n in (select l.target from link as l join engagement as e on e.n = l.source join record as q "
_SEEN = _OF_HER + "on q.n = e.n where l.field = 'people' and q.state = 'present' and {})"
_TOLD = "x.engagement in (select e.n from engagement as e where {})"
_BY_OFFICER = "exists (select 1 from json_each(e.officers) where value = ? collate nocase)"

_TEXTS = {
    "sector": {
        **dict.fromkeys(
            ("engagement", "concern", "offender", "sighting", "call"), "x.sector = ? collate nocase"
        ),
        "person": _SEEN.format("e.sector = ? collate nocase"),
    },
    "officer": {
        "engagement": "exists (select 1 from json_each(x.officers) where value = ? collate nocase)",
        "concern": _TOLD.format(_BY_OFFICER),
        "person": _SEEN.format(_BY_OFFICER),
        "action": "x.officer = ? collate nocase",
        "referral": "x.owner = ? collate nocase",
        "followup": "x.owner = ? collate nocase",
    },
    "status": dict.fromkeys(("person", "referral", "offender"), "x.status = ?"),
    "action": {"action": "x.action = ?"},
}
_THOSE = "(select value from json_each(?))"  # all that stand for the one who is named
# what a kind has to do with a concern: the kind's column, and the concern's that it equals
_ABOUT = {
    "concern": ("x.n", "n"),
    "engagement": ("x.n", "engagement"),
    "person": ("x.n", "person"),
    "offender": ("x.n", "offender"),
    "vehicle": ("x.n", "vehicle"),
    "action": ("x.offender", "offender"),
    "followup": ("x.about", "n"),
}
_REPORTED = (
    "{} in (select c.{} from concern as c cross join record as q on q.n = c.n "  # noqa: S608 - fixed text
    f"where q.state = 'present' and {hidden.visible('concern', 'c')} "
    "and exists (select 1 from json_each(c.behaviours) where value = ?))"
)
_REFS = {
    "person": (
        "person",
        {
            "engagement": f"x.n in (select source from link where target in {_THOSE} and field = 'people')",  # noqa: S608 - fixed text
            "concern": f"x.person in {_THOSE}",
            "referral": f"x.person in {_THOSE}",
            "followup": f"x.about in {_THOSE}",
            "person": f"x.n in {_THOSE}",
        },
    ),
    "concern": (
        "concern",
        {of: f"{at} = (select {to} from concern where n = ?)" for of, (at, to) in _ABOUT.items()},  # noqa: S608 - fixed text
    ),
    "offender": (
        "offender",
        dict.fromkeys(("concern", "vehicle", "sighting", "action", "order"), f"x.offender in {_THOSE}"),
    ),
}
_NCRS = {
    "open": "x.ncrs_decision is null",
    "late": "x.ncrs_decision is null and x.engagement in (select n from engagement where at < ?)",
    "decided": "x.ncrs_decision is not null",
}
NO_CONTACT = "no_contact"  # the filter that every list of women has
_NO_CONTACT = Filter(NO_CONTACT, f"x.n not in ({hidden.WOMEN})", ())


def names(kind: str) -> tuple[str, ...]:
    """Return the words by which a kind's list can be narrowed."""
    has_days = kind in _INSTANTS or kind in _DATES or kind in ("concern", "person", "call")
    found = ["since", "until"] if has_days else []
    found += [name for name, by_kind in _TEXTS.items() if kind in by_kind]
    found += [name for name, (_, by_kind) in _REFS.items() if kind in by_kind]
    extra = {"followup": ["due"], "concern": ["ncrs"]}
    return (*found, *extra.get(kind, []))


def build(store: Store, kind: str, options: Mapping[str, Any]) -> list[Filter]:
    """Return the conditions that some options stand for; an option of None asks nothing.

    ``since`` and ``until`` are whole local days, both included; a time narrows them. A woman who wants
    no contact is in no list, unless her status is asked for.

    Args:
        store: for its clock, and to find what a reference names.
        kind: the kind that is listed.
        options: words of ``names`` and what was typed.

    Raises:
        Usage: the kind's list cannot be narrowed so.
        Refused, NotFound, Ambiguous: a day cannot be read, a reference names nothing, or several.
    """
    given = {name: value for name, value in options.items() if value is not None}
    unknown = [name for name in given if name not in names(kind)]
    if unknown:
        raise Usage(f"a list of this kind is not narrowed by {', '.join(unknown)}")
    found = _days(store, kind, given.pop("since", None), given.pop("until", None))
    if kind == "person" and str(given.get("status", "")).strip().lower() != "no_contact":
        found.append(_NO_CONTACT)
    for name, value in given.items():
        found.append(_one(store, kind, name, str(value)))
    return found


def _one(store: Store, kind: str, name: str, value: str) -> Filter:
    if name in _TEXTS:
        return Filter(name, _TEXTS[name][kind], (_code(store, kind, name, value),))
    if name == "concern" and _is_behaviour(store, value):
        return Filter(name, _REPORTED.format(*_ABOUT[kind]), (value.strip(),))
    if name in _REFS:
        of, by_kind = _REFS[name]
        with store.counts() as reader:
            target = records.find(reader, store.id_key, value, (of,))
            those = grouping.together(reader, target.n)
        return Filter(name, by_kind[kind], (target.n if of == "concern" else json.dumps(those),))
    if name == "due":
        last = periods.day(value, records.local_now(store)).isoformat()
        return Filter(name, "x.done_on is null and x.due_on <= ?", (last,))
    if value not in _NCRS:
        raise Refused(f"ncrs: takes {', '.join(_NCRS)}")
    return Filter(name, _NCRS[value], (store.now() - DECIDE_SECONDS,) if value == "late" else ())


def _is_behaviour(store: Store, value: str) -> bool:
    said = value.strip()
    return said in vocabulary.codes("behaviour") or ("behaviour", said) in settings.added(store.cipher)


def _code(store: Store, kind: str, name: str, value: str) -> str:
    """Return a text as it is compared; a code that does not exist is refused."""
    field = KINDS[kind].field(name)
    if field is None or field.type != "code":
        return value.strip()
    read = values.reader(field, settings.added(store.cipher))
    return str(read(value, records.local_now(store)))


def _days(store: Store, kind: str, since: str | None, until: str | None) -> list[Filter]:
    start, end = periods.span(since, until, records.local_now(store))
    found = []
    if kind == "person" and start is not None and end is not None:  # one contact within, not two around
        return [Filter("since_until", _SEEN.format("e.at >= ? and e.at < ?"), (start, end))]
    for name, at, compare in (("since", start, ">="), ("until", end, "<")):
        if at is not None:
            found.append(_bound(kind, name, at, compare))
    return found


def _bound(kind: str, name: str, at: int, compare: str) -> Filter:
    """Return one end of a period: *at* is UTC epoch seconds, the end excluded."""
    if kind in _INSTANTS:
        return Filter(name, f"{_INSTANTS[kind]} {compare} ?", (at,))
    if kind in ("concern", "person"):
        return Filter(name, (_TOLD if kind == "concern" else _SEEN).format(f"e.at {compare} ?"), (at,))
    if name == "since":
        day, compare = periods.local_day(at), ">="
    else:
        day, compare = periods.local_day(at - 1), "<="
    if kind == "call":
        return Filter(name, f"x.month {compare} ?", (day.isoformat()[:7],))
    return Filter(name, f"{_DATES[kind]} {compare} ?", (day.isoformat(),))
