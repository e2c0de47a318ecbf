"""Who on the watchlist a description may mean, ranked, with reasons. A hit is a lead, never a link.

One consultation a command, however many descriptions; what was asked for stands in its payload.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db import records, settings
from db.errors import Refused
from db.rules import periods, values
from db.vault import journal
from db.watchlist import vehicles as cars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Why
    from db.rules.matching import Hit, Normal
    from db.vault.store import Look, Store

Record = dict[str, Any]

LIMIT = 10
_ASKED_MOST = 500  # descriptions of one command kept in the journal's payload

_TEXTS = (
    *("name", "given_name", "surname", "date_of_birth", "approximate_age_from", "approximate_age_to"),
    *("age_text", "height_from_cm", "height_to_cm", "height_text", "build", "hair", "facial_hair"),
    *("ethnicity_appearance", "accent", "mo_text", "sector"),
)
_LISTS = ("aliases", "telephones", "marks", "mo")

_AGE = ("date_of_birth", "approximate_age_from", "approximate_age_to", "age_text")
# what the matcher compares -> what of a man it reads for that; the rest of him need not be read
_READ_FOR = {
    "names": ("name", "given_name", "surname", "aliases"),
    "phones": ("telephones",),
    "born": _AGE,
    "years": _AGE,
    "height": ("height_from_cm", "height_to_cm", "height_text"),
    "build": ("build",),
    "hair": ("hair",),
    "face": ("facial_hair", "hair"),
    "accent": ("accent",),
    "eth": ("ethnicity_appearance",),
    "marks": ("marks",),
    "ways": ("mo", "mo_text"),
    "sector": ("sector",),
    "cars": ("vehicles",),
}


class Matches(NamedTuple):
    """Hits best first as interface.md shapes them, how many more there are, a sentence where one is due."""

    hits: list[Record]
    more: int
    note: str | None


def match(store: Store, description: Record, limit: int = LIMIT, weak: bool = False) -> list[Record]:
    """Return the hits for one description, as typed or from JSON; none where it is too vague to rank.

    Raises:
        Refused: a value breaks a rule, or a field is one that is never held.
        Usage: a key is not known.
    """
    return match_each(store, [read_one(store, description)], limit, weak)[0].hits


def read_one(store: Store, raw: Record) -> Record:
    """Return a description in stored form, each value read; ``id`` is left out.

    Raises:
        Refused: a value breaks a rule, a range is upside down, or a field is one that is never held.
        Usage: a key is not known.
    """
    if isinstance(raw.get("vehicles"), list):
        raw = raw | {"vehicles": [_without_ref(one) for one in raw["vehicles"]]}
    read = values.read_description(raw, records.local_now(store), added=settings.added(store.cipher))
    for low, high in (("approximate_age_from", "approximate_age_to"), ("height_from_cm", "height_to_cm")):
        if low in read and high in read and read[low] > read[high]:
            raise Refused(f"{high}: is less than {low}")
    return read


def _without_ref(vehicle: Any) -> Any:
    return {k: v for k, v in vehicle.items() if k != "ref"} if isinstance(vehicle, dict) else vehicle


def match_each(
    store: Store,
    descriptions: Sequence[Record],
    limit: int = LIMIT,
    weak: bool = False,
    why: Why = records.Why(),  # noqa: B008 - immutable
) -> list[Matches]:
    """Rank the watchlist against each description in stored form; one consultation for all of them."""
    from db.rules import matching

    today = periods.local_day(store.now())
    with store.consult("offender", reason=why.reason, note=why.note) as look:
        asked = sorted({key for one in descriptions for key in one})
        if asked:
            look.detail["filters"] = asked
        look.asked(descriptions=list(descriptions[:_ASKED_MOST]))
        queries = [_query(one, today, settings.get(look, "matching.name_forms")) for one in descriptions]
        men = _Men(look, _needed(queries))
        around = matching.context(men.forms.values(), settings.get(look, "matching.ethnicity"))
        found: list[Matches] = []
        for query in queries:
            vague = matching.too_vague(query)
            if vague is not None:
                found.append(Matches([], 0, vague))
                continue
            ranking = matching.rank(query, men.forms.items(), around, limit, weak)
            hits = [_shape(hit, men.label(hit.ref)) for hit in ranking.hits]
            found.append(Matches(hits, ranking.more, ranking.note))
        look.shown(sum(len(one.hits) for one in found))
    return found


def _query(description: Record, today: date, forms: dict[str, list[str]]) -> Normal:
    """Return a description in the compared form, with the forms of its names that the unit has added."""
    from db.rules import matching, names

    query = matching.normalise(description, today)
    if forms and query["names"]:
        query["names"] = names.with_forms(query["names"], forms)
    return query


def _shape(hit: Hit, label: str) -> Record:
    return {
        "ref": hit.ref,
        "label": label,
        "score": hit.score,
        "band": str(hit.band),
        "reasons": [dict(reason) for reason in hit.shape()],
    }


def _needed(queries: Sequence[Normal]) -> set[str]:
    """Return the fields of a man that these descriptions are compared with."""
    return {
        field
        for query in queries
        for part, fields in _READ_FOR.items()
        if query.get(part)
        for field in fields
    }


class _Men:
    """The men that stand on the watchlist, each in the form that is compared, by reference.

    Only the *needed* fields are read into it.
    """

    def __init__(self, look: Look, needed: set[str]) -> None:
        from db.rules import matching

        self._men: dict[str, Record] = {}
        self.forms: dict[str, Normal] = {}
        by_man = cars.listed(look)
        columns = ", ".join(f"x.{name}" for name in (*_TEXTS, *_LISTS))
        rows = look.execute(
            f"select r.n, r.ref, e.at, {columns} from offender as x "  # noqa: S608 - names from the lists above
            "join record as r on r.n = x.n left join entry as e "
            "on e.desk = json_extract(r.heads, '$[0][0]') and e.seq = json_extract(r.heads, '$[0][1]') "
            "where r.state = 'present' order by r.n"
        )
        for n, ref, at, *told in rows.fetchall():
            man: Record = dict(zip(_TEXTS, told, strict=False))
            man |= {
                name: json.loads(value)
                for name, value in zip(_LISTS, told[len(_TEXTS) :], strict=True)
                if value
            }
            man["vehicles"] = by_man.get(n, [])
            self._men[ref] = man
            asked_of = {field: man[field] for field in needed if field in man}
            self.forms[ref] = matching.normalise(asked_of, _day(at))

    def label(self, ref: str) -> str:
        return label(self._men[ref])


def _day(at: int | None) -> date:
    """Return the day of a journal entry: an age that was told then has grown since."""
    return datetime.fromtimestamp(journal.wall_ms(at or 0) // 1000, UTC).date()


def label(man: Record) -> str:
    """Return a man in a few words: his name and what they call him, or his car, or that he is not named."""
    name = man.get("name") or " ".join(filter(None, (man.get("given_name"), man.get("surname"))))
    aliases = ", ".join(f'"{alias}"' for alias in (man.get("aliases") or [])[:2])
    if name:
        return f"{name} ({aliases})" if aliases else str(name)
    if aliases:
        return aliases
    for car in man.get("vehicles") or []:
        words = " ".join(filter(None, (car.get(key) for key in ("colour", "make", "model", "vrm"))))
        if words:
            return f"not named; {words}"
    return "not named"
