"""What a field may point at, offered as it is typed: by codes and pseudonyms alone. Each offer is a look."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from db import engagements, records
from db.pages import words
from db.records import Filter
from db.rules import periods
from db.rules.records import KINDS, LETTERS, heard, span
from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from db.records import Record
    from db.vault.store import Store

OFFERED = 5


class Pointed(NamedTuple):
    """A record as it is offered: its reference, and what tells it from others."""

    ref: str
    said: str


def offer(store: Store, kinds: str, typed: str) -> list[Pointed]:
    """Return up to five records that a text may mean: by the beginning of a reference, or what it is called.

    Women answer to their names, men and cars to every word that their lists are filtered by; other records
    to their references alone.

    Args:
        store: the open unit.
        kinds: those that the field may point at, with blanks between them.
        typed: as far as it is typed; under two letters nothing is offered.
    """
    said = one_line(typed).strip()
    if len(said) < engagements.LEAST:
        return []
    spoken = heard(said)
    kind = LETTERS.get(spoken[:1], "") if spoken[1:2] == "-" else ""
    if kind in kinds.split() and kind in KINDS:
        begins = "x.n in (select n from record where id between ? and ? and ref like ?)"
        return _looked(store, kind, [Filter("ref", begins, (*span(spoken), f"{spoken}%"))], said)
    found = [one for name in _CALLED if name in kinds.split() for one in _called(store, name, said)]
    return found[:OFFERED]


def called(store: Store, refs: Sequence[str]) -> dict[str, str]:
    """Return what tells each of these records from others, as ``offer`` says it, of those that stand."""
    found: dict[str, str] = {}
    for kind in KINDS:
        those = [ref for ref in refs if ref.startswith(f"{KINDS[kind].letter}-")]
        if those:
            one = "id between ? and ? and ref = ?"
            listed = f"x.n in (select n from record where {' or '.join([one] * len(those))})"  # noqa: S608 - fixed text
            bound = [part for ref in those for part in (*span(ref), ref)]
            found |= dict(_looked(store, kind, [Filter("ref", listed, tuple(bound))], None))
    return found


_CALLED = ("person", "offender", "vehicle")


def _called(store: Store, kind: str, said: str) -> list[Pointed]:
    if kind == "person":
        return [Pointed(one.ref, one.pseudonym) for one in engagements.suggest(store, said)[:OFFERED]]
    return _looked(store, kind, words.narrowed(kind, said), said)


def _looked(store: Store, kind: str, filters: list[Filter], said: str | None) -> list[Pointed]:
    with store.consult(kind) as look:
        found = records.select_as_one(look, kind, filters, OFFERED if said is not None else None)
        look.detail["filters"] = sorted({one.name for one in filters})
        if said is not None:
            look.asked(search=said)
        look.shown(len(found), records.people_shown(look, kind, found))
    return [Pointed(one["ref"], _SAID[kind](one)) for one in found]


def _of(*names: str) -> Callable[[Record], str]:
    def said(record: Record) -> str:
        parts = (record[name] for name in names)
        told = (", ".join(map(str, part)) if isinstance(part, list) else str(part or "") for part in parts)
        return "  ".join(part for part in told if part).replace("_", " ")

    return said


def _man(record: Record) -> str:
    aliases = " ".join(f'"{alias}"' for alias in record["aliases"])
    return f"{aliases or record['identity_confidence']}  {record['category']}"


def _at(*names: str) -> Callable[[Record], str]:
    rest = _of(*names)

    def said(record: Record) -> str:
        at = int(datetime.fromisoformat(record["at"]).timestamp())
        return f"{periods.spoken(at)}  {rest(record)}".rstrip()

    return said


_SAID: dict[str, Callable[[Record], str]] = {
    "person": _of("pseudonym"),
    "engagement": _at("contact", "sector"),
    "concern": _of("behaviours", "sector"),
    "referral": _of("service", "status"),
    "followup": _of("due_on", "owner"),
    "offender": _man,
    "vehicle": _of("vrm", "colour", "make", "model"),
    "sighting": _at("sector"),
    "action": _of("on", "action"),
    "order": _of("type", "granted_on"),
    "call": _of("month", "source"),
}
