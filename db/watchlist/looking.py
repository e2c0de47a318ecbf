"""One look at the watchlist: candidates out of the file, each weighed; what was judged of them is heeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import settings
from db.rules import matching, names
from db.vault import grouping, likeness
from db.watchlist import candidates, judged, men, series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from db.rules.matching import Hit, Normal
    from db.watchlist.judged import Verdict
    from db.watchlist.men import Man

Record = dict[str, Any]

_REPORTS_MOST = 50


class Matches(NamedTuple):
    """Hits best first as interface.md shapes them, how many more there are, a sentence where one is due.

    ``series`` says how many reports tell of somebody like this, beside those linked to a hit; never whose.
    """

    hits: list[Record]
    more: int
    note: str | None
    series: str | None = None


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
        return self._rank(matching.normalise(described, self._today), (limit, weak), None)

    def match_said(self, n: int, described: Record, limit: int, weak: bool = False) -> Matches:
        """Do so with what a record says that is not weighed itself; what was judged of it is heeded."""
        return self._rank(matching.normalise(described, self._today), (limit, weak), n)

    def match_record(self, n: int, limit: int, weak: bool = False) -> Matches:
        """Rank the watchlist against a record that is weighed itself, without it and those it stands with."""
        group = grouping.together(self._reader, n)
        found = men.standing(self._reader, group)
        if not found:
            return Matches([], 0, None)
        return self._rank(men.quoted(self._reader, found[:1])[found[0].n], (limit, weak), n)

    def _rank(self, query: Normal, shown: tuple[int, bool], n: int | None) -> Matches:
        if self._forms and query.get("names"):
            query["names"] = names.with_forms(query["names"], self._forms)
        vague = matching.too_vague(query)
        if vague is not None:
            return Matches([], 0, self._fitting(query) or vague)
        mine = set() if n is None else set(grouping.together(self._reader, n))
        verdicts = {} if n is None else judged.verdicts(self._reader, n)
        found = men.standing(self._reader, candidates.find(self._reader, query, self._counts))
        found = [man for man in found if mine.isdisjoint(man.numbers)]
        reports = [man for man in found if man.kind == men.REPORT]
        fresh: dict[int, set[str]] = {}
        weighed = {
            man.ref: man
            for man in found
            if man.kind != men.REPORT and not self._is_kept_apart(n, man, verdicts, fresh)
        }
        forms = ((ref, man.form) for ref, man in weighed.items())
        limit, weak = shown
        ranking = matching.rank(query, forms, self._context, limit + len(fresh), weak)
        hits = []
        linked = self._linked([weighed[hit.ref] for hit in ranking.hits])
        for hit, told in zip(ranking.hits, self._shapes(query, ranking.hits, weighed, linked), strict=True):
            man = weighed[hit.ref]
            if n is None or self._heed(told, n, man, (verdicts, fresh)):
                hits.append(told)
        theirs = set().union(*(linked[weighed[hit["ref"]].n] for hit in hits[:limit]))
        told_of = self._series(query, [man for man in reports if man.n not in theirs])
        more = ranking.more + max(0, len(hits) - limit)
        return Matches(hits[:limit], more, self._note(query, ranking.note), told_of)

    def _is_kept_apart(
        self, n: int | None, man: Man, verdicts: dict[int, Verdict], fresh: dict[int, set[str]]
    ) -> bool:
        """Tell whether he was judged another, and nothing strong is new; what is new goes into *fresh*."""
        if n is None:
            return False
        apart = [verdicts[m] for m in man.numbers if m in verdicts and verdicts[m].verdict == "different"]
        if not apart:
            return False
        new = judged.new_since(self._reader, (n, *man.numbers), max(one.at for one in apart))
        fresh[man.n] = new
        return not new

    def _heed(
        self, told: Record, n: int, man: Man, known: tuple[dict[int, Verdict], dict[int, set[str]]]
    ) -> bool:
        """Say on a hit what was judged of the pair; tells whether it is to be shown."""
        verdicts, fresh = known
        if man.n in fresh:
            new = [r["field"] for r in told["reasons"] if r["points"] >= judged.STRONG]
            told["new"] = sorted(fresh[man.n].intersection(new))
            told["judged"] = "different"
            if not told["new"]:
                return False
        elif any(m in verdicts and verdicts[m].verdict == "unsure" for m in man.numbers):
            told["judged"] = "unsure"
        conflicts = judged.conflicts(self._reader, n, man.numbers)
        if conflicts:
            told["conflicts"] = conflicts
        return True

    def _note(self, query: Normal, note: str | None) -> str | None:
        return None if note is None else self._fitting(query) or note

    def _fitting(self, query: Normal) -> str | None:
        """Return how many plates have what is told of one; None where none is told, or nobody has it."""
        told = any(car["vrm"] for car in query.get("cars", []))
        fitting = candidates.fitting(self._reader, query) if told else 0
        if not fitting:
            return None
        more = " or more" if fitting >= candidates.COUNTED else ""
        fit = "plate fits" if fitting == 1 else "plates fit"
        return f"{fitting}{more} {fit}; add the make or colour."

    def _series(self, query: Normal, reports: list[Man]) -> str | None:
        """Return what other reports tell of somebody like this, in numbers alone."""
        there = {man.ref: man for man in reports}
        forms = ((ref, man.form) for ref, man in there.items())
        alike = matching.rank(query, forms, self._context, _REPORTS_MOST).hits
        told = [there[hit.ref] for hit in alike]
        return series.told(self._reader, [man.n for man in told], [man.form for man in told])

    def _linked(self, found: list[Man]) -> dict[int, set[int]]:
        """Return the reports linked to each of these men."""
        each = series.linked_each(self._reader, [n for man in found for n in man.numbers]) if found else {}
        return {man.n: set().union(*(each.get(n, ()) for n in man.numbers)) for man in found}

    def _shapes(
        self, query: Normal, hits: Sequence[Hit], there: dict[str, Man], linked: dict[int, set[int]]
    ) -> Iterator[Record]:
        """Yield hits as interface.md shapes them; their reasons quote what is said of each man."""
        if not hits:
            return
        found = [there[hit.ref] for hit in hits]
        quoted = men.quoted(self._reader, found)
        labels = men.labels(self._reader, [man.n for man in found])
        for hit, man in zip(hits, found, strict=True):
            scored = matching.score(query, quoted[man.n], self._context)
            told = series.told(self._reader, sorted(linked[man.n]))
            yield {
                "ref": hit.ref,
                "label": labels[man.n],
                "score": hit.score,
                "band": str(hit.band),
                "reasons": [dict(reason) for reason in scored.shape()],
                "weights": matching.VERSION,
            } | ({} if told is None else {"series": told})
