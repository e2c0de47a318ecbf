"""Search as one types: women by what they are called, and records by what was written in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from db import finding
from db.pages import offering
from db.records import hidden
from db.rules import searching
from db.rules.records import KINDS, LETTERS, heard, span
from db.rules.text import one_line

if TYPE_CHECKING:
    from db.finding import Record
    from db.vault.store import Look, Store

PEOPLE_MOST = 10
RECORDS_MOST = 30  # a window of them: one more word narrows what is found
_NAMED_MOST = 200  # women called so who are looked at, in the order in which they would be shown
_PLAIN = re.compile(r"[a-z0-9 '-]+")  # what the file can compare; other letters fold by Python's rules alone
_PERSON = (
    "select x.n, x.pseudonym, x.known_as from person as x where x.n not in "  # noqa: S608 - fixed text
    f"(select n from record where kind = 'person' and state <> 'present' union {hidden.WOMEN})"
)
_BEYOND = "length({0}) <> length(cast({0} as blob))"  # letters of more than a byte; a pattern is slower
_CALLED = (
    f"select * from ({_PERSON} and (x.pseudonym like +:like or x.known_as like '%\"' || :like) "  # noqa: S608 - fixed text
    "order by x.pseudonym limit +:most) union all "
    f"{_PERSON} and ({_BEYOND.format('x.pseudonym')} or {_BEYOND.format('x.known_as')})"
)


class Seen(NamedTuple):
    """A woman whom a text may mean: her reference, her pseudonym, which field said so, and its words."""

    ref: str
    pseudonym: str
    field: str
    words: str


class Sought(NamedTuple):
    """What a text finds: women, then records, newest first, and whether there are more."""

    people: list[Seen]
    records: list[Record]
    more: bool


def seek(store: Store, text: str) -> Sought:
    """Return what a text finds, as far as it is typed; journalled, its words in the payload.

    A letter or two find women alone: what was written is searched from the third letter of a word on.
    """
    typed = one_line(text).strip()
    if not typed:
        return Sought([], [], False)
    words, called = searching.begun(typed), _called(store, typed)
    results, people = finding.Results([], False), list[Seen]()
    if called or searching.has_word(words):
        with store.consult(None) as look:  # one look, one entry: each is made durable before it is shown
            women = list[str]()
            if searching.has_word(words):
                results, women = finding.within(look, words, RECORDS_MOST)
            people, ids = _people(look, called)
            look.asked(search=typed)
            look.shown(len(results.found) + len(people), [*ids, *women])
    return Sought(people, [*_by_reference(store, typed), *results.found], results.more)


def _by_reference(store: Store, typed: str) -> list[Record]:
    """Return the records that a reference, or its beginning, names; women are told apart from these."""
    spoken = heard(typed)
    kind = LETTERS.get(spoken[:1], "") if spoken[1:2] == "-" and len(spoken) >= 4 else ""
    if kind not in KINDS or kind == "person":
        return []
    found = offering.offer(store, kind, spoken)
    return [{"ref": one.ref, "kind": kind, "field": "ref", "excerpt": one.said} for one in found]


def _called(store: Store, typed: str) -> dict[int, tuple[str, str]]:
    """Return by number who is called so, and the field that says it; nothing is handed over yet."""
    folded = typed.casefold()
    spoken = heard(typed)
    like = f"{folded}%" if _PLAIN.fullmatch(folded) else None
    with store.counts() as reader:
        if like is None:
            rows = reader.execute(_PERSON)
        else:
            rows = reader.execute(_CALLED, {"like": like, "most": _NAMED_MOST})
        called = {n: hit for n, *names in rows if (hit := _hit(names, folded)) is not None}
        if spoken.startswith("P-") and len(spoken) >= 4:
            by_ref = "select n from record where id between ? and ? and kind = 'person' and ref like ?"
            for (n,) in reader.execute(by_ref, (*span(spoken), f"{spoken}%")):
                called.setdefault(n, ("ref", spoken))
    return called


def _people(look: Look, called: dict[int, tuple[str, str]]) -> tuple[list[Seen], list[str]]:
    """Return the first of those who are called so, and their ids."""
    if not called:
        return [], []
    found = look.execute(
        "select r.n, r.ref, x.pseudonym, r.id from person as x join record as r on r.n = x.n "  # noqa: S608 - fixed text
        f"where r.state = 'present' and x.n not in ({hidden.WOMEN}) "
        "and r.n in (select value from json_each(?)) order by x.pseudonym limit +?",
        (json.dumps(list(called)), PEOPLE_MOST),
    ).fetchall()
    return [Seen(ref, name, *called[n]) for n, ref, name, _ in found], [record.hex() for *_, record in found]


def _hit(names: list[str | None], folded: str) -> tuple[str, str] | None:
    pseudonym, known_as = names
    if (pseudonym or "").casefold().startswith(folded):
        return "pseudonym", pseudonym or ""
    for name in json.loads(known_as) if known_as else ():
        if name.casefold().startswith(folded):
            return "known as", name
    return None
