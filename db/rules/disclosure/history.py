"""What a reader knows who has kept every page that left: each figure of each period, and how they add up.

A new page is held against all that overlap it in time, whoever got them: months against their quarter, what
is new against what is counted since the start, one area against the whole, now against then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure.cells import HEADLINE, Cell, passes
from db.rules.disclosure.spans import fill, pieces, within
from db.rules.disclosure.suppress import Beside, Bounds, Watch, bounds
from db.rules.disclosure.worlds import FAR, Key, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from db.rules.disclosure.cells import Profile
    from db.rules.disclosure.spans import Span
    from db.rules.disclosure.suppress import Page

ADDED_UP = {
    *("people_engaged_new", "engagements", "engagements_flagged_down", "contacts_other", "concerns"),
    *("concerns_undecided", "concerns_decided_24h", "concerns_by_sharing_level", "concerns_by_behaviour"),
    *("engagements_by_sector", "referrals_offered", "referrals_accepted", "followups_due", "followups_done"),
    *("followups_overdue", "offenders_dealt_with_new", "arrests", "cautions", "charges", "courses"),
    *("orders_granted", "actions_by_kind"),
}
# A month's calls are the same figure on every page that has them, so these hang together by their months.
_OF_MONTHS = {"calls", "calls_before", "calls_by_month", "calls_by_month_before"}
# Never fewer in a longer period than in a part of it, nor more than in its parts together.
_COUNTED_ONCE = {
    *("people_engaged", "offenders_identified", "offenders_dealt_with", "offenders_dealt_with_wide"),
    "outcomes_by_code",
}


# Whom the unit knew before: nobody, in a period that begins at its start, and everybody knows that.
_NONE_AT_FIRST = {("people_engaged", "rest"), ("offenders_dealt_with", "before")}


class Given(NamedTuple):
    """A page that left: its period, its profile, its figures as they were printed (None: withheld)."""

    span: Span
    profile: Profile
    cells: Mapping[Key, int | None]


class New(NamedTuple):
    """A page that is to leave: its period, its profile, the figures that it would print."""

    span: Span
    profile: Profile
    keys: Collection[Key]
    revised: Collection[Key] = ()  # those that are printed anew as a correction


class Known:
    """All that is known of some periods to one reader.

    Args:
        pages: the exact page, as it is counted now, of every period that left or is to leave, and of the
            pieces into which those periods cut each other.
        given: what left, in the order in which it did.
        new: what is to leave.
        trusting: he takes all that was printed to hold still, also what has changed since.
    """

    def __init__(
        self, pages: Mapping[Span, Page], given: Sequence[Given], new: New, *, trusting: bool = False
    ) -> None:
        self._pages, self._new, self._trusting = pages, new, trusting
        self._threshold = new.profile.threshold
        rows = _rows([*(one.cells for one in given), new.keys])
        given = [Given(span, how, _with_noughts(cells, rows, how)) for span, how, cells in given]
        self._mine = {named(key, new.span): key for key in (*new.keys, *_absent(new.keys, rows))}
        self._claims: dict[Key, list[tuple[Profile, int | None]]] = {}
        self._spans: dict[Key, list[Span]] = {}
        for span, profile, cells in given:
            for key, printed in cells.items():
                self._claims.setdefault(named(key, span), []).append((profile, printed))
                self._spans.setdefault(key, []).append(span)
        for key in self._mine.values():
            self._spans.setdefault(key, []).append(new.span)
        self._pieces = pieces(pages)
        self._unknown: dict[Key, Unknown] = {}
        self._watched: dict[Key, Watch] = {}
        self._lines: list[dict[Key, int]] = []
        self._within: dict[Key, Bounds] = {}
        self.changed: set[Key] = set()  # figures of the new page that were printed otherwise before
        self.known: set[Key] = set()  # those that the reader has already
        self.stale = False  # whether a figure was printed otherwise than it would be now
        left = [one.span for one in given]
        for span in dict.fromkeys([*left, new.span] if new.keys else left):  # of no other is anything said
            self._page(span)
        for key, spans in self._spans.items():
            if key[0] not in _OF_MONTHS:
                self._in_time(key, list(dict.fromkeys(spans)))

    def beside(self) -> Beside:
        """Return it as what is known beside the new figures."""
        return Beside(self._unknown, self._watched, self._lines, self._within)

    # one page

    def _page(self, span: Span) -> None:
        page = self._pages[span]
        gone = [key for key, spans in self._spans.items() if span in spans and page.cell(key) is None]
        for key in (*page.printed, *page.differences, *gone):
            name, cell = named(key, span), self._cell(key, span)
            if name in self._claims:
                self._claimed(name, cell)
            if name in self._mine and self._new.profile.name == HEADLINE.name:
                self._interval(name, cell.number, self._new.profile)
            if name not in self._claims and name not in self._mine:
                self._enter(name, cell)
        for one in page.sums:
            line = {named(one.total, span): -1}
            line |= {named(part, span): 1 for part in one.parts}
            if len(line) > 1:
                self._lines.append(line)

    def _enter(self, name: Key, cell: Cell) -> None:
        """Enter a figure that was never printed."""
        if cell.number == 0 and name[:2] in _NONE_AT_FIRST:
            return
        least, most = bounds(cell, self._threshold) if cell.number else (0, FAR)
        self._unknown[name] = Unknown(cell.number, least, most)
        if not passes(cell, self._threshold):
            self._watched[name] = Watch()

    def _claimed(self, name: Key, cell: Cell) -> None:
        """Enter a figure that left: as it was printed, or withheld; what it is now may be another."""
        is_new = name in self._mine
        printed = [(how, said) for how, said in self._claims[name] if said is not None]
        exact = [(how, said) for how, said in printed if how.name != HEADLINE.name]
        if is_new and self._mine[name] in self._new.revised:
            return
        if exact and self._trusting:
            self._said_and_trusted(name, cell, *([one for one in exact if one[0].step == 1] or exact)[-1])
        elif exact:
            self._said(name, cell, *exact[-1])
        elif printed:
            self._said_more_than(name, cell, *printed[-1])
        elif not is_new:
            self._withheld(name, cell, self._claims[name][-1][0])

    def _said(self, name: Key, cell: Cell, profile: Profile, then: int) -> None:
        same = profile.printed(cell.number) == then
        if name in self._mine:
            (self.known if same else self.changed).add(self._mine[name])
        elif not same:
            self._unknown[name] = Unknown(cell.number, 0, FAR)
            self._watched[name] = Watch(2 * self._threshold, then)

    def _said_and_trusted(self, name: Key, cell: Cell, profile: Profile, then: int) -> None:
        """Enter it as it was printed, a rounded one as all that it may have been."""
        same, around = profile.printed(cell.number) == then, (profile.step - 1) // 2
        ends = Bounds(then - around, then + around)
        if name not in self._mine:
            self._trust(name, cell.number, *ends, stale=not same)
        elif same and profile.step > self._new.profile.step:
            self._within[name] = ends
        else:
            (self.known if same else self.changed).add(self._mine[name])

    def _said_more_than(self, name: Key, cell: Cell, profile: Profile, then: int) -> None:
        """Enter a figure of headlines alone: as they said, unless the new page says another."""
        same = profile.printed(cell.number) == then
        if name in self._mine:
            if same:
                self._within[name] = Bounds(then + 1, then + profile.step)
            else:
                self.changed.add(self._mine[name])
        elif same:
            self._interval(name, cell.number, profile)
        elif self._trusting:
            self._trust(name, cell.number, then + 1, then + profile.step, stale=True)
        else:
            self._unknown[name] = Unknown(cell.number, 0, FAR)

    def _trust(self, name: Key, number: int, least: int, most: int, *, stale: bool) -> None:
        """Enter a figure as it was; one that has changed must still be that in some world."""
        if least < most or stale:
            self._unknown[name] = Unknown(number, least, most, stale)
        if stale:
            self.stale = True
            self._watched[name] = Watch(then=min(max(number, least), most), enough=1)

    def _withheld(self, name: Key, cell: Cell, profile: Profile) -> None:
        threshold = profile.threshold
        if cell.number == 0 and profile.name != HEADLINE.name:  # all that was counted is gone
            self._unknown[name] = Unknown(0, 0, FAR)
            self._watched[name] = Watch(2 * threshold, 1)
            return
        least, most = bounds(cell, threshold)
        if profile.name == HEADLINE.name:
            least, most = 0, max(profile.step, most)
        self._unknown[name] = Unknown(cell.number, 1 if passes(cell, threshold) else least, most)
        self._watched[name] = Watch()

    def _interval(self, name: Key, number: int, profile: Profile) -> None:
        said = profile.printed(number)
        if said is not None:
            self._unknown[name] = Unknown(number, said + 1, said + profile.step)

    # one figure in several periods

    def _in_time(self, key: Key, spans: list[Span]) -> None:
        if len(spans) < 2:
            return
        if key[0] in ADDED_UP:
            self._added_up(key, spans)
        else:
            self._counted_once(key, spans)

    def _added_up(self, key: Key, spans: list[Span]) -> None:
        cut = [piece for piece in self._pieces if any(within(piece, span) for span in spans)]
        for piece in cut:
            if piece not in spans and named(key, piece) not in self._unknown:
                cell = self._cell(key, piece)
                self._unknown[named(key, piece)] = Unknown(cell.number, 0, FAR)
                if not passes(cell, self._threshold):
                    self._watched[named(key, piece)] = Watch()
        for span in spans:
            parts = [piece for piece in cut if within(piece, span)]
            if parts != [span]:
                self._rest(key, span, parts)

    def _counted_once(self, key: Key, spans: list[Span]) -> None:
        for span in spans:
            inner = [one for one in spans if one != span and within(one, span)]
            outer = [one for one in inner if not any(one != two and within(one, two) for two in inner)]
            for one in outer:
                self._rest(key, span, [one])
            if len(outer) > 1 and pieces(outer) == sorted(outer) and fill(sorted(outer), span):
                self._rest(key, span, outer)

    def _rest(self, key: Key, span: Span, parts: list[Span]) -> None:
        """Enter that a figure is that of the period's parts, and what is left beside them, if anything is."""
        left = self._cell(key, span).number - sum(self._cell(key, part).number for part in parts)
        line = {named(key, span): -1, **{named(key, part): 1 for part in parts}}
        if left or key[0] not in ADDED_UP:
            rest = (*key, f"{span[0]}/{span[1]} less {len(parts)} from {parts[0][0]}/{parts[0][1]}")
            once, one = key[0] in _COUNTED_ONCE, len(parts) == 1
            least, most = (0, FAR) if once and one else (-FAR, 0) if once else (-FAR, FAR)
            self._unknown[rest] = Unknown(left, least, most)
            if 0 < abs(left) < self._threshold:
                self._watched[rest] = Watch()
            line[rest] = 1
        self._lines.append(line)

    def _cell(self, key: Key, span: Span) -> Cell:
        return self._pages[span].cell(key) or Cell(0, {})


def _rows(pages: Iterable[Collection[Key]]) -> set[Key]:
    """Return the rows of tables that stand on any page; a page that has none of them says nought."""
    return {key for page in pages for key in page if len(key) == 2 and key[0] not in _OF_MONTHS}


def _absent(page: Collection[Key], rows: set[Key]) -> list[Key]:
    return sorted(rows - set(page)) if ("engagements",) in page else []


def _with_noughts(cells: Mapping[Key, int | None], rows: set[Key], how: Profile) -> dict[Key, int | None]:
    return {**cells, **dict.fromkeys(_absent(cells, rows), how.printed(0))}


def named(key: Key, span: Span) -> Key:
    """Return the name of a period's figure."""
    if key[0] in ("calls_by_month", "calls_by_month_before"):
        return ("calls_by_month", key[1])
    return (*key, f"{span[0]}/{span[1]}")
