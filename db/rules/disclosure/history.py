"""What a reader knows who has kept every page that left: each figure of each period, and how they add up.

A new page is held against all that overlap it in time, whoever got them: months against their quarter, what
is new against what is counted since the start, one area against the whole, now against then.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure.cells import HEADLINE, Cell, passes
from db.rules.disclosure.suppress import Beside, Watch, bounds
from db.rules.disclosure.worlds import FAR, Key, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from db.rules.disclosure.cells import Profile
    from db.rules.disclosure.suppress import Page

Span = tuple[str, str]  # first and last day, YYYY-MM-DD

ADDED_UP = {
    *("people_engaged_new", "engagements", "engagements_flagged_down", "contacts_other", "concerns"),
    *("concerns_undecided", "concerns_decided_24h", "concerns_by_sharing_level", "concerns_by_behaviour"),
    *("engagements_by_sector", "referrals_offered", "referrals_accepted", "followups_due", "followups_done"),
    *("followups_overdue", "offenders_dealt_with_new", "arrests", "cautions", "charges", "courses"),
    *("orders_granted", "actions_by_kind", "calls", "calls_before"),
}
# Never fewer in a longer period than in a part of it, nor more than in its parts together.
_COUNTED_ONCE = {
    *("people_engaged", "offenders_identified", "offenders_dealt_with", "offenders_dealt_with_wide"),
    "outcomes_by_code",
}


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


class Known:
    """All that is known of some periods to one reader.

    Args:
        pages: the exact page, as it is counted now, of every period that left or is to leave, and of the
            pieces into which those periods cut each other.
        given: what left, in the order in which it did.
        new: what is to leave.
    """

    def __init__(self, pages: Mapping[Span, Page], given: Sequence[Given], new: New) -> None:
        self._pages, self._new = pages, new
        self._threshold = new.profile.threshold
        self._claims: dict[Key, dict[Span, list[Given]]] = {}
        for one in given:
            for key in one.cells:
                self._claims.setdefault(key, {}).setdefault(one.span, []).append(one)
        self._unknown: dict[Key, Unknown] = {}
        self._watched: dict[Key, Watch] = {}
        self._lines: list[dict[Key, int]] = []
        self.changed: set[Key] = set()  # figures of the new page that were printed otherwise before
        for span in dict.fromkeys([*(one.span for one in given), new.span]):
            self._page(span)
        for key in dict.fromkeys((*self._claims, *new.keys)):
            self._in_time(key)

    def beside(self) -> Beside:
        """Return it as what is known beside the new figures."""
        return Beside(self._unknown, self._watched, self._lines)

    # one page

    def _page(self, span: Span) -> None:
        page = self._pages[span]
        for key in dict.fromkeys((*page.printed, *page.differences, *self._claims)):
            cell, claims = self._cell(key, span), self._claims.get(key, {}).get(span, [])
            is_new = span == self._new.span and key in self._new.keys
            if claims:
                self._claimed(named(key, span), key, cell, claims)
            if is_new and self._new.profile.name == HEADLINE.name:
                self._interval(named(key, span), cell.number, self._new.profile)
            if not claims and not is_new and cell.number:
                self._enter(named(key, span), cell)
        self._lines += [{named(key, span): sign for key, sign in one.line().items()} for one in page.sums]

    def _enter(self, name: Key, cell: Cell) -> None:
        """Enter a figure that was never printed."""
        self._unknown[name] = Unknown(cell.number, *bounds(cell, self._threshold))
        if not passes(cell, self._threshold):
            self._watched[name] = Watch()

    def _claimed(self, name: Key, key: Key, cell: Cell, claims: list[Given]) -> None:
        """Enter a figure that left: as it was printed, or withheld; what it is now may be another."""
        is_new = name == named(key, self._new.span) and key in self._new.keys
        printed = [one for one in claims if one.cells[key] is not None]
        exact = [one for one in printed if one.profile.name != HEADLINE.name]
        if exact:
            then = exact[-1].cells[key]
            if exact[-1].profile.printed(cell.number) != then and is_new:
                self.changed.add(key)
            elif exact[-1].profile.printed(cell.number) != then:
                self._unknown[name] = Unknown(cell.number, 0, FAR)
                self._watched[name] = Watch(2 * self._threshold, then)
        elif printed:
            self._interval(name, cell.number, printed[-1].profile)
        elif not is_new:
            self._withheld(name, cell, claims[-1].profile.threshold)

    def _withheld(self, name: Key, cell: Cell, threshold: int) -> None:
        if cell.number == 0:  # all that was counted is gone
            self._unknown[name] = Unknown(0, 0, FAR)
            self._watched[name] = Watch(2 * threshold, 1)
            return
        least, most = bounds(cell, threshold)
        self._unknown[name] = Unknown(cell.number, 1 if passes(cell, threshold) else least, most)
        self._watched[name] = Watch()

    def _interval(self, name: Key, number: int, profile: Profile) -> None:
        said = profile.printed(number)
        if said is not None:
            self._unknown[name] = Unknown(number, said + 1, said + profile.step)

    # one figure in several periods

    def _in_time(self, key: Key) -> None:
        spans = list(self._claims.get(key, {}))
        if key in self._new.keys and self._new.span not in spans:
            spans.append(self._new.span)
        if len(spans) < 2:
            return
        if key[0] in ADDED_UP and key[1:2] != ("in",):
            self._added_up(key, spans)
        else:
            self._counted_once(key, spans)

    def _added_up(self, key: Key, spans: list[Span]) -> None:
        cut = pieces(spans)
        for piece in cut:
            if piece not in spans and named(key, piece) not in self._unknown:
                cell = self._cell(key, piece)
                self._unknown[named(key, piece)] = Unknown(cell.number, 0, FAR)
                if not passes(cell, self._threshold):
                    self._watched[named(key, piece)] = Watch()
        for span in spans:
            parts = [piece for piece in cut if _within(piece, span)]
            if parts != [span]:
                self._rest(key, span, parts)

    def _counted_once(self, key: Key, spans: list[Span]) -> None:
        for span in spans:
            inner = [one for one in spans if one != span and _within(one, span)]
            outer = [one for one in inner if not any(one != two and _within(one, two) for two in inner)]
            for one in outer:
                self._rest(key, span, [one])
            if len(outer) > 1 and pieces(outer) == sorted(outer) and _fill(sorted(outer), span):
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


def named(key: Key, span: Span) -> Key:
    """Return the name of a period's figure."""
    return (*key, f"{span[0]}/{span[1]}")


def pieces(spans: Iterable[Span]) -> list[Span]:
    """Return the pieces into which periods cut each other, in order; gaps are none."""
    listed = list(spans)
    cuts = sorted({first for first, _ in listed} | {_after(last) for _, last in listed})
    found = [(first, _before(end)) for first, end in zip(cuts, cuts[1:], strict=False)]
    return [piece for piece in found if any(_within(piece, span) for span in listed)]


def overlapping(new: Span, spans: Iterable[Span]) -> set[Span]:
    """Return the periods that hang together with this one: that overlap it, or one that does, and so on."""
    left, found = set(spans), {new}
    while near := {one for one in left if any(one[0] <= two[1] and two[0] <= one[1] for two in found)}:
        found |= near
        left -= near
    return found


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _fill(parts: list[Span], span: Span) -> bool:
    """Tell whether periods in order make up another without a gap."""
    meets = all(_after(one[1]) == two[0] for one, two in zip(parts, parts[1:], strict=False))
    return meets and (parts[0][0], parts[-1][1]) == span


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
