"""Whether a new page may join those that left: not where it gives away what they, or it, withhold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.rules.disclosure.cells import Cell
from db.rules.disclosure.history import Known, New, named
from db.rules.disclosure.suppress import Beside, Bounds, Guard
from db.rules.disclosure.worlds import FAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.rules.disclosure.history import Given
    from db.rules.disclosure.spans import Span
    from db.rules.disclosure.suppress import Page
    from db.rules.disclosure.worlds import Key

PUBLISHED = ("public", "headline")


class Held(NamedTuple):
    """What a new page would give away: figures that must be withheld of it as well.

    ``hopeless`` where withholding them does not do.
    """

    more: frozenset[Key]
    hopeless: bool


def hold(
    pages: Mapping[Span, Page], given: Sequence[Given], new: New, withheld: Mapping[Key, Bounds]
) -> Held:
    """Hold a new page against all that left, as each of its readers has it.

    Whoever got a partner's page is taken to have every page; who got a published one, at least those. Each is
    taken to know what has changed since a page left, and also to take all of it to hold still.

    Args:
        pages: the exact pages, as in ``Known``.
        given: what left, oldest first; what hangs together with the new page by time.
        new: what is to leave.
        withheld: what the new page withholds by itself.
    """
    readers = [list(given)]
    if new.profile.name in PUBLISHED:
        readers.append([one for one in given if one.profile.name in PUBLISHED])
    more: set[Key] = set()
    hopeless = False
    for read in readers:
        for trusting in (False, True):
            held = _held(pages, read, new, withheld, trusting=trusting)
            more |= held.more
            hopeless |= held.hopeless
    return Held(frozenset(more), hopeless)


def _held(
    pages: Mapping[Span, Page],
    given: Sequence[Given],
    new: New,
    withheld: Mapping[Key, Bounds],
    *,
    trusting: bool,
) -> Held:
    nothing = Held(frozenset(), False)
    if not given:
        return nothing
    known = Known(pages, given, new, trusting=trusting)
    if trusting and (new.revised or not known.stale):  # a correction says itself that something has changed
        return nothing
    guard = _guard(known.beside(), pages, new, withheld, known)
    hidden = len(guard.withheld)
    guard.hide()
    if guard.exposed is not None or len(guard.withheld) > hidden:
        before = Known(pages, given, New(new.span, new.profile, ()), trusting=trusting).beside()
        alone = Guard({}, new.profile.threshold, before, {})
        given_away, narrow = alone.every_exposed(loose=True), alone.every_exposed(loose=False)
        beside = known.beside()
        kept = {
            key: watch._replace(loose=key in narrow)
            for key, watch in beside.watched.items()
            if key not in given_away
        }
        guard = _guard(beside._replace(watched=kept), pages, new, withheld, known)
        guard.hide()
    names = {named(key, new.span): key for key in new.keys}
    more = {names[name] for name in guard.withheld} - withheld.keys()
    return Held(frozenset(more), guard.exposed is not None)


def _guard(
    beside: Beside,
    pages: Mapping[Span, Page],
    new: New,
    withheld: Mapping[Key, Bounds],
    known: Known,
) -> Guard:
    page = pages[new.span]
    keys = [key for key in new.keys if key not in known.known]
    printed = {named(key, new.span): page.cell(key) or Cell(0, {}) for key in keys}
    hidden = {named(key, new.span): withheld[key] for key in keys if key in withheld}
    hidden |= {named(key, new.span): Bounds(0, FAR) for key in known.changed if key not in withheld}
    return Guard(printed, new.profile.threshold, beside, hidden)
