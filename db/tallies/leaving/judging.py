"""Which figures of a period may leave, given all that left before; and what would do where they may not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from db import releases, settings
from db.rules import periods
from db.rules.disclosure import (
    PARTNER,
    Cell,
    Given,
    New,
    Page,
    Profile,
    hold,
    overlapping,
    pieces,
    protect,
    unprinted,
)
from db.tallies.leaving.areas import Areas
from db.tallies.leaving.cuts import added, cut_of, sums
from db.tallies.leaving.cuts import printed as printed_of
from db.tallies.leaving.page import in_area, page
from db.tallies.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.releases import Kept
    from db.rules.disclosure import Bounds, Held, Key, Span
    from db.rules.periods import Period

_YEAR = 365  # days after which a correction may be published


class Wanted(NamedTuple):
    """What is to leave.

    ``profile`` is partner, public or headline; ``recipient`` by default the profile's own; ``compare``
    another period beside it; ``sector`` one of the unit's fixed groups of sectors; with ``coarser`` what
    would uncover an earlier figure is withheld, not refused; ``only`` names the measures that are printed,
    where it is not the whole page; ``cut`` one of ``cuts.CUTS`` in its place.
    """

    period: Period
    profile: str
    recipient: str | None = None
    compare: Period | None = None
    sector: str | None = None
    coarser: bool = False
    only: tuple[str, ...] = ()
    cut: str | None = None

    @property
    def what(self) -> str:
        """What the register calls it."""
        return f"{releases.CUT}{self.cut}" if self.cut else "press_line" if self.only else "summary"


class Verdict(NamedTuple):
    """The figures of one period as they may be printed.

    ``more`` would have to be withheld for the sake of earlier releases; ``hopeless``: that does not do
    either; ``changed`` were printed otherwise in ``before``, a release of the same; ``revises`` it.
    """

    given: Given
    more: frozenset[Key] = frozenset()
    hopeless: bool = False
    changed: frozenset[Key] = frozenset()
    before: Kept | None = None
    revises: bool = False


class Judge:
    """What left, and the exact pages of the periods that hang together, each counted once."""

    def __init__(self, reader: Any, today: date) -> None:
        self._reader, self.today = reader, today
        self._pages: dict[Span, Page] = {}
        self._profiles: dict[str, Profile] = {}
        self.areas = Areas(reader)
        self.kept = releases.kept(reader)

    def profile(self, name: str) -> Profile:
        """Return a profile as the unit has settled it."""
        least = {"partner": "partner_least"}.get(name, "public_least")
        step = {"public": "public_step", "headline": "headline_step"}.get(name)
        threshold: int = settings.get(self._reader, f"disclosure.{least}")
        return Profile(name, threshold, settings.get(self._reader, f"disclosure.{step}") if step else 1)

    def page(self, span: Span) -> Page:
        """Return the exact page of a period."""
        if span not in self._pages:
            self._pages[span] = page(self._scope(span), self.areas.place)
        return self._pages[span]

    def whole(self, span: Span, cut: str | None = None) -> Page:
        """Return the exact page of a period with every cut of it that left, and *cut*."""
        made = self.page(span)
        left = (one.cut for one in self.kept if span in [given.span for given in one.pages])
        for one in sorted({*left, cut} - {None}, key=str):
            made = added(made, self._scope(span), str(one))
        return made

    def _scope(self, span: Span) -> Scope:
        period = periods.between(date.fromisoformat(span[0]), date.fromisoformat(span[1]))
        return Scope(self._reader, period, period.bounds(), None, self.today)

    def verdict(self, wanted: Wanted, period: Period, beside: tuple[Given, ...] = ()) -> Verdict:
        """Judge one period of what is wanted; *beside* leaves with it."""
        profile, span = self.profile(wanted.profile), span_of(period)
        exact = self.page(span) if wanted.cut is None else self.whole(span, wanted.cut)
        printed = _printed(exact, wanted)
        hidden = self._withheld(printed, exact, wanted)
        cells = {key: None if key in hidden else profile.printed(one.number) for key, one in printed.items()}
        before = self._before(wanted, span)
        revised: frozenset[Key] = frozenset()
        if before is not None:
            then = releases.figures(before, span)
            is_due = self._is_due(before)
            changed = _changed(cells, then)
            if changed and not is_due:
                return Verdict(Given(span, profile, cells), changed=changed, before=before)
            cells, revised = _revision(cells, then, profile)
            if not (revised and is_due):
                return Verdict(Given(span, profile, then), before=before)
        given = Given(span, profile, cells)
        held = self._hold(given, hidden, beside, revised)
        if wanted.coarser:
            cells = {key: None if key in held.more else said for key, said in cells.items()}
            given = Given(span, profile, cells)
        return Verdict(given, held.more, held.hopeless, before=before, revises=before is not None)

    def tells(self, one: Kept) -> bool:
        """Tell whether a release, were it to leave now, would uncover something with all the others."""
        every, self.kept = self.kept, [other for other in self.kept if other.ref != one.ref]
        try:
            held = [self._hold(given, {}, (), frozenset()) for given in one.pages]
        finally:
            self.kept = every
        return any(each.more or each.hopeless for each in held)

    def _withheld(self, printed: Mapping[Key, Cell], exact: Page, wanted: Wanted) -> dict[Key, Bounds]:
        """Return what is withheld by itself: at least what the partner profile does."""
        lines = sums(printed, wanted.cut) if wanted.cut else ()
        whole = exact if printed is exact.printed else Page(printed, {}, lines)
        profile = self.profile(wanted.profile)
        least = protect(whole, self.profile(PARTNER.name).threshold)
        if profile.name == PARTNER.name:
            return least
        return protect(whole, profile.threshold, least)

    def _before(self, wanted: Wanted, span: Span) -> Kept | None:
        """Return the last release of the same figures in the same profile, whoever got it."""
        same = (wanted.what, wanted.profile, wanted.sector)
        of = (one for one in reversed(self.kept) if (one.what, one.profile.name, one.sector) == same)
        return next((one for one in of if releases.figures(one, span)), None)

    def _is_due(self, before: Kept) -> bool:
        return (self.today - date.fromisoformat(before.made_on)).days >= _YEAR

    def _hold(
        self,
        given: Given,
        hidden: Mapping[Key, Bounds],
        beside: tuple[Given, ...],
        revised: frozenset[Key],
    ) -> Held:
        every = [*(page for one in self.kept for page in one.pages), *beside]
        spans = overlapping(given.span, [one.span for one in every])
        near = [one for one in every if one.span in spans]
        cut = next(filter(None, map(cut_of, given.cells)), None)
        pages = {span: self.whole(span) for span in {*spans, *pieces(spans)}}
        pages[given.span] = self.whole(given.span, cut)
        page, profile = pages[given.span], given.profile
        withheld = {
            key: hidden.get(key) or unprinted(page.cell(key), profile)
            for key, said in given.cells.items()
            if said is None
        }
        new = New(given.span, profile, tuple(given.cells), revised)
        return hold(pages, near, new, withheld)


def _printed(exact: Page, wanted: Wanted) -> Mapping[Key, Cell]:
    """Return what is wanted of a page."""
    if wanted.cut is not None:
        return printed_of(exact, wanted.cut)
    if wanted.only:
        return {(name,): exact.printed[name,] for name in wanted.only}
    return exact.printed if wanted.sector is None else in_area(exact, wanted.sector)


def span_of(period: Period) -> Span:
    """Return a period's first and last day as the register keeps them."""
    return period.first.isoformat(), period.last.isoformat()


def _changed(cells: Mapping[Key, int | None], then: Mapping[Key, int | None]) -> frozenset[Key]:
    """Return the figures that were printed otherwise; a row that was not there was nought."""
    return frozenset(
        key
        for key in {*cells, *then}
        if cells.get(key, 0) != then.get(key, 0)
        and cells.get(key, 0) is not None
        and then.get(key, 0) is not None
    )


def _revision(
    cells: Mapping[Key, int | None], then: Mapping[Key, int | None], profile: Profile
) -> tuple[dict[Key, int | None], frozenset[Key]]:
    """Return a page as it is corrected, and what is: an exact figure only by as much as may be told."""
    made: dict[Key, int | None] = {}
    for key in dict.fromkeys((*then, *cells)):
        before, now = then.get(key, 0), cells.get(key, 0)
        small = before is not None and now is not None and abs(now - before) < profile.threshold
        keeps = before is not None and (now is None or (small and profile.step == 1))
        made[key] = before if keeps else now
    return made, frozenset(key for key, said in made.items() if said != then.get(key, 0))
