"""One look at the watchlist: candidates out of the file, each weighed, those judged one man told once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db import settings
from db.rules import matching, names
from db.vault import likeness
from db.watchlist import candidates
from db.watchlist import vehicles as cars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from db.rules.matching import Hit, Normal

Record = dict[str, Any]


class Matches(NamedTuple):
    """Hits best first as interface.md shapes them, how many more there are, a sentence where one is due."""

    hits: list[Record]
    more: int
    note: str | None


class _Man(NamedTuple):
    """Who is weighed: number and reference of the record that stands for him, all his numbers, his form."""

    n: int
    ref: str
    numbers: tuple[int, ...]
    form: Normal


class Looking:
    """The watchlist as one transaction sees it; what was asked of the file once is remembered."""

    def __init__(self, reader: Any, today: date) -> None:
        self._reader = reader
        self._today = today
        self._counts = candidates.Counts(reader)
        size = self._counts.get(likeness.EVERYBODY)
        self._forms = settings.get(reader, "matching.name_forms")
        self._context = matching.Context(size, self._counts, settings.get(reader, "matching.ethnicity"))

    def match(self, described: Record, limit: int, weak: bool = False) -> Matches:
        """Rank the watchlist against a description in stored form."""
        query = matching.normalise(described, self._today)
        if self._forms and query["names"]:
            query["names"] = names.with_forms(query["names"], self._forms)
        vague = matching.too_vague(query)
        if vague is not None:
            return Matches([], 0, vague)
        return self.rank(query, limit, weak)

    def rank(
        self, query: Normal, limit: int, weak: bool = False, without: frozenset[int] = frozenset()
    ) -> Matches:
        """Rank the watchlist against a form; *without* are numbers of records that are not to be hits."""
        found = candidates.find(self._reader, query, self._counts)
        men = {man.ref: man for man in self._men(found) if without.isdisjoint(man.numbers)}
        forms = ((ref, man.form) for ref, man in men.items())
        ranking = matching.rank(query, forms, self._context, limit, weak)
        hits = [self._shape(query, hit, men[hit.ref]) for hit in ranking.hits]
        note = ranking.note
        if note is not None:
            fitting = candidates.fitting(self._reader, query)
            note = f"{fitting} plates fit; add the make or colour." if fitting else note
        return Matches(hits, ranking.more, note)

    def _men(self, numbers: Sequence[int]) -> list[_Man]:
        """Return those who stand, in the order given; several records of one man are one, told together."""
        marks = ", ".join("?" * len(numbers))
        rows = self._reader.execute(
            "select x.n, r.ref, coalesce(s.canonical, x.n), s.n is not null, x.form from likeness as x "  # noqa: S608 - question marks
            "join record as r on r.n = x.n left join same_as as s on s.n = x.n "
            f"where x.n in ({marks}) and r.state = 'present'",
            list(numbers),
        ).fetchall()
        stored = {n: rest for n, *rest in rows}
        men: dict[int, _Man] = {}
        for n in numbers:
            if n not in stored or stored[n][1] in men:
                continue
            ref, canonical, merged, form = stored[n]
            men[canonical] = self._merged(canonical) if merged else _Man(n, str(ref), (n,), _form(form))
        return list(men.values())

    def _merged(self, canonical: int) -> _Man:
        rows = self._reader.execute(
            "select s.n, r.ref, x.form from same_as as s join likeness as x on x.n = s.n "
            "join record as r on r.n = s.n where s.canonical = ? and r.state = 'present' "
            "order by s.n <> s.canonical, s.n",
            (canonical,),
        ).fetchall()
        forms = [_form(form) for *_, form in rows]
        n, ref, _ = rows[0]
        return _Man(n, ref, tuple(number for number, *_ in rows), matching.pooled(forms))

    def _shape(self, query: Normal, hit: Hit, man: _Man) -> Record:
        """Return a hit as interface.md shapes it; its reasons quote what is said of him."""
        marks = ", ".join("?" * len(man.numbers))
        rows = self._reader.execute(
            f"select said from likeness where n in ({marks}) order by n",  # noqa: S608 - question marks
            man.numbers,
        )
        said = matching.quoted([json.loads(said) for (said,) in rows])
        scored = matching.score(query, {**man.form, "said": said}, self._context)
        return {
            "ref": hit.ref,
            "label": self._label(man.n),
            "score": hit.score,
            "band": str(hit.band),
            "reasons": [dict(reason) for reason in scored.shape()],
            "weights": matching.VERSION,
        }

    def _label(self, n: int) -> str:
        row = self._reader.execute(
            "select name, given_name, surname, aliases from offender where n = ?", (n,)
        ).fetchone()
        if row is None:
            (car,) = self._reader.execute(
                "select vrm, make, model, colour from vehicle where n = ?", (n,)
            ).fetchall()
            told = dict(zip(("vrm", "make", "model", "colour"), car, strict=True))
            return f"{_car(told)}; nobody's yet"
        man: Record = dict(zip(("name", "given_name", "surname"), row, strict=False))
        man["aliases"] = json.loads(row[3]) if row[3] else []
        man["vehicles"] = cars.listed(self._reader, "x.offender = ?", (n,)).get(n, [])
        return label(man)


def _form(stored: str) -> Normal:
    """Return a stored form without the words that reasons quote: those are read for whom is shown."""
    form: Normal = json.loads(stored)
    form["said"] = {}
    return form


def _car(car: Record) -> str:
    return " ".join(filter(None, (car.get(key) for key in ("colour", "make", "model", "vrm"))))


def label(man: Record) -> str:
    """Return a man in a few words: his name and what they call him, or his car, or that he is not named."""
    name = man.get("name") or " ".join(filter(None, (man.get("given_name"), man.get("surname"))))
    aliases = ", ".join(f'"{alias}"' for alias in (man.get("aliases") or [])[:2])
    if name:
        return f"{name} ({aliases})" if aliases else str(name)
    if aliases:
        return aliases
    words = next((words for words in map(_car, man.get("vehicles") or []) if words), None)
    return f"not named; {words}" if words else "not named"
