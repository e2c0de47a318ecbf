"""Whom an officer means: women offered as a name is typed, who resembles somebody new, what was last.

Each look is a consultation. The search text is never handed on as anybody's pseudonym.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from db import records
from db.errors import NotFound
from db.records import Why
from db.records.hidden import WOMEN
from db.rules import periods, shorthand
from db.rules.records import heard

if TYPE_CHECKING:
    from db.vault.store import Look, Store

LEAST = 2  # letters from which names are offered
MOST = 50
_ALIKE = 70
_LAST = 3

_PEOPLE = (  # the last: under which record of hers she counts
    "select r.ref, r.id, r.n, x.pseudonym, x.known_as, coalesce(s.canonical, r.n) from person as x "  # noqa: S608 - fixed text
    "join record as r on r.n = x.n left join same_as as s on s.n = r.n "
    f"where r.state = 'present' and r.n not in ({WOMEN}) order by coalesce(s.canonical, r.n) = r.n desc"
)
_HERS = "(select ?1 union select n from same_as where canonical = ?1)"
_CONTACT = (
    "select max(e.at) from link as l join engagement as e on e.n = l.source "  # noqa: S608 - fixed text
    "join record as r on r.n = e.n "
    f"where l.target in {_HERS} and l.field = 'people' and r.state = 'present'"
)


class Somebody(NamedTuple):
    """A woman as a form offers her: reference, pseudonym, street names, local day of the last contact."""

    ref: str
    pseudonym: str
    known_as: tuple[str, ...]
    last: str | None = None

    def answers_to(self, typed: str) -> bool:
        """Tell whether what was typed is her reference or begins one of her names."""
        said = typed.strip().casefold()
        spoken = heard(typed)
        by_ref = spoken[1:2] == "-" and self.ref.startswith(spoken)
        return bool(said) and (by_ref or any(one.startswith(said) for one in self.names()))

    def names(self) -> list[str]:
        """Return her pseudonym and street names in small letters."""
        return [name.casefold() for name in (self.pseudonym, *self.known_as)]


class Lately(NamedTuple):
    """What a form shows of a woman: her line of safety, her risk grade, her last dealings (day, words).

    ``again`` is how, sector and needs of her last contact, as they are typed.
    """

    ref: str
    pseudonym: str
    safety: str | None
    risk_grade: str | None
    dealings: tuple[tuple[str, str], ...]
    again: tuple[str, str, str]


class _Row(NamedTuple):
    ref: str
    record: bytes
    n: int
    pseudonym: str
    known_as: tuple[str, ...]


def suggest(store: Store, typed: str) -> list[Somebody]:
    """Return the women whose reference or names begin so, the one met last first; journalled.

    Whoever is called exactly so comes before all others. What is shorter than LEAST finds only her.
    """
    said = typed.strip()
    with store.consult("person") as look:
        hits = [row for row in _rows(look) if _begins(row, said)]
        found = _ordered([_somebody(look, row) for row in hits], said)[:MOST]
        _say(look, said, hits, found)
    return found


def alike(store: Store, typed: str) -> list[Somebody]:
    """Return the women somebody new of that name may be: whose names sound or look like it; journalled."""
    from rapidfuzz import fuzz, utils

    said = typed.strip()
    if len(said) < LEAST:
        return []
    with store.consult("person") as look:
        scored = []
        for row in _rows(look):
            best = max(fuzz.ratio(said, name, processor=utils.default_process) for name in _names(row))
            if best >= _ALIKE or _begins(row, said):
                scored.append((best, row))
        hits = [row for _, row in sorted(scored, key=lambda one: -one[0])][:_LAST]
        found = [_somebody(look, row) for row in hits]
        _say(look, said, hits, found)
    return found


def lately(store: Store, ref: str) -> Lately:
    """Return what a form shows of one woman: safety, risk, her last three dealings; journalled.

    Raises:
        NotFound: no woman answers to the reference, or she was erased.
        Usage: she is restricted.
    """
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("person",))
    if found.state == "erased":
        raise NotFound(f"{found.ref} was erased: nothing of it is held")
    records.reason_where_restricted(found, Why())
    with store.consult("person", found.id) as look:
        pseudonym, safety, grade = look.execute(
            "select pseudonym, safety, risk_grade from person where n = ?", (found.n,)
        ).fetchone()
        contacts = _contacts(look, found.n)
        told = [(_day(at), _told(contact, needs, concerns)) for at, contact, needs, concerns, *_ in contacts]
        dealings = sorted(told + _referred(look, found.n), reverse=True)[:_LAST]
        look.shown(1, [found.id.hex()])
    return Lately(found.ref, pseudonym, safety, grade, tuple(dealings), _again(contacts))


def _day(at: int) -> str:
    return periods.local_day(at).isoformat()


def _again(contacts: list[_Contact]) -> tuple[str, str, str]:
    if not contacts:
        return "", "", ""
    _, contact, needs, _, began, sector = contacts[0]
    letters = shorthand.needs_again(json.loads(needs) if needs else ())
    return shorthand.how_again(began, contact), sector or "", letters


_Contact = tuple[int, str, str | None, int, str | None, str | None]


def _contacts(look: Look, n: int) -> list[_Contact]:
    rows: list[_Contact] = look.execute(
        "select e.at, e.contact, e.needs, (select count(*) from concern as c "  # noqa: S608 - fixed text
        "join record as q on q.n = c.n "
        "where c.engagement = e.n and c.person = l.target and q.state = 'present'), "
        "e.initiated_by, e.sector from link as l join engagement as e on e.n = l.source "
        "join record as r on r.n = e.n "
        f"where l.target in {_HERS} and l.field = 'people' and r.state = 'present' "
        "order by e.at desc limit ?2",
        (n, _LAST),
    ).fetchall()
    return rows


def _told(contact: str, needs: str | None, concerns: int) -> str:
    words = [contact.replace("_", " ")]
    if concerns:
        words.append("concern" if concerns == 1 else f"{concerns} concerns")
    if needs:
        words.append("needs " + ", ".join(json.loads(needs)).replace("_", " "))
    return "; ".join(words)


def _referred(look: Look, n: int) -> list[tuple[str, str]]:
    rows = look.execute(
        "select coalesce(x.accepted_on, x.sent_on, x.offered_on), x.service, x.status "  # noqa: S608 - fixed text
        "from referral as x "
        f"join record as r on r.n = x.n where x.person in {_HERS} and r.state = 'present' "
        "order by 1 desc limit ?2",
        (n, _LAST),
    ).fetchall()
    return [(day, f"{service} referral {status}") for day, service, status in rows]


def _rows(look: Look) -> list[_Row]:
    """Return the women, each once: who was merged goes by her first record, and answers to all her names."""
    found: dict[int, _Row] = {}
    for ref, record, n, pseudonym, known_as, counts_as in look.execute(_PEOPLE).fetchall():
        names = tuple(json.loads(known_as)) if known_as else ()
        first = found.get(counts_as)
        found[counts_as] = (
            _Row(ref, record, n, pseudonym, names)
            if first is None
            else first._replace(known_as=(*first.known_as, pseudonym, *names))
        )
    return list(found.values())


def _names(row: _Row) -> tuple[str, ...]:
    return (row.pseudonym, *row.known_as)


def _begins(row: _Row, said: str) -> bool:
    her = Somebody(row.ref, row.pseudonym, row.known_as)
    return her.answers_to(said) if len(said) >= LEAST else said.casefold() in her.names()


def _somebody(look: Look, row: _Row) -> Somebody:
    (at,) = look.execute(_CONTACT, (row.n,)).fetchone()
    day = _day(at) if at is not None else None
    return Somebody(row.ref, row.pseudonym, row.known_as, day)


def _ordered(found: list[Somebody], said: str) -> list[Somebody]:
    """Order by who is called exactly so, then by the last contact, then by pseudonym."""
    found.sort(key=lambda one: one.pseudonym)
    found.sort(key=lambda one: one.last or "", reverse=True)
    found.sort(key=lambda one: said.casefold() not in one.names() and one.ref != heard(said))
    return found


def _say(look: Look, said: str, hits: list[_Row], found: list[Somebody]) -> None:
    shown = {one.ref for one in found}
    look.asked(search=said)
    look.shown(len(found), [row.record.hex() for row in hits if row.ref in shown])
