"""Today: what is new since the member was last on, what is overdue, who was not seen, what wants a hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from db import standing, today
from db.rules import periods
from tui import rows
from tui.keys import TODAY
from tui.lines import Lines, Told, said
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.widget import Widget

    from tui.lines.sheet import Row

EMPTY = "Nothing is in this unit yet. F2 logs the first contact."


class Today(Subject):
    """The start screen."""

    NAME: ClassVar[str] = "today"
    ABOUT: ClassVar[str] = "What is new, overdue, and whom nobody has seen. Enter opens what a line tells of."
    TWIN: ClassVar[str] = "beech status"
    KEYS: ClassVar = TODAY
    HINTS: ClassVar[str] = "F1 help  F2 new contact  ^P people, follow-ups and more  ^L lock  ^Q quit"
    BINDINGS: ClassVar = [("n", "app.form"), ("question_mark", "app.help"), ("escape", "stay")]

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Ask how things stand."""
        self.query_one(Told).focus()
        self.query_one(Told).tell([said("...")])
        self.run_worker(self._fill(), exclusive=True)

    async def _fill(self) -> None:
        found = await self.ask(today.of)
        if found is not None:
            self.query_one(Told).tell(_lines(found, self.beech.drafts.count))

    def action_stay(self) -> None:
        """Esc: there is nothing behind Today."""
        self.say("^L locks, ^Q quits.")

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Open what a line tells of."""
        self.run_worker(self._open(event.row), exclusive=True, group="open")

    async def _open(self, row: Row) -> None:
        from tui.record import open_record

        if row["ref"]:
            await open_record(self, row["kind"], row["ref"])
        elif row["kind"]:
            self.beech.go(row["kind"])


def _lines(found: today.Today, drafts: int) -> Iterator[Row]:
    yield said(f"{found.unit}: {found.member}", strong=True)
    for note in found.notes:
        yield said(f"!! {note}")
    yield from _copies(found)
    if drafts:
        yield said(f"{drafts} draft{'s' * (drafts != 1)} kept: F2 goes on with the newest.", strong=True)
    if found.empty:
        yield said("")
        yield said(EMPTY)
    else:
        yield from _news(found)
        yield from _overdue(found)
        yield from _offered(found)
        yield from _unseen(found)


def _copies(found: today.Today) -> Iterator[Row]:
    """Say, where it is so, that a broken disk would take everything."""
    if found.home_days >= standing.AWAY_LATE:
        yield said(f"!! No copy off this machine for {found.home_days} days: 'beech backup --to PLACE'.")


def _news(found: today.Today) -> Iterator[Row]:
    if found.since is None:
        yield said("This is your first time on.")
        return
    yield said(f"Since you were last on, {periods.spoken(found.since)}", strong=True)
    told = ", ".join(f"{number} {name}" for name, number in found.news.items() if number)
    yield said(f"  {told or 'nothing new'}")
    for one in found.handed:
        words = f"{one['ref']}  {rows.day(one['due_on'])}  {rows.said(one['what'])}"
        yield said(f"  given to you: {words}", "followup", one["ref"])


def _offered(found: today.Today) -> Iterator[Row]:
    """Tell whom what was imported may mean: a lead, until it is judged or linked."""
    if found.offered:
        yield said("On the watchlist, perhaps", strong=True)
    for one in found.offered:
        words = f"  {one.ref} may mean {one.man}, {rows.said(one.label)} ({one.band})"
        yield said(words, one.kind, one.ref)


def _overdue(found: today.Today) -> Iterator[Row]:
    lines = [*map(_due, found.due), *_counted(found), *map(_limit, found.limits), *map(_order, found.orders)]
    yield said("Overdue, or about to be" if lines else "Nothing is overdue.", strong=True)
    yield from lines


def _due(one: Row) -> Row:
    words = (rows.day(one["due_on"]), one["ref"], rows.said(one["owner"]), rows.said(one["what"]))
    return said(f"  {'  '.join(filter(None, words))}", "followup", one["ref"])


def _limit(row: Row) -> Row:
    offence, refs = row["offence"].replace("_", " "), ", ".join(row["refs"][:3])
    return said(f"  {row['days_left']} days left to charge {offence}: {refs}")


def _order(one: Row) -> Row:
    ends = f"{rows.said(one['type'])} on {one['offender']} ends {rows.day(one['expires_on'])}"
    return said(f"  {one['ref']}  {ends}", "offender", one["offender"])


def _counted(found: today.Today) -> Iterator[Row]:
    more = found.overdue["followups"] - len(found.due)
    if more > 0:
        yield said(f"  and {more} more follow-ups", "followups")
    if found.overdue["decisions"]:
        yield said(f"  {found.overdue['decisions']} crime-recording decisions are over their 24 hours")
    if found.overdue["referrals"]:
        yield said(f"  {found.overdue['referrals']} referrals to chase")
    for one in found.asking:
        to = rows.said(one.recipients)
        yield said(
            f"  {one.pseudonym:<20}  {one.ref}  ask again: the words have changed ({to})", "person", one.ref
        )
    if found.unsaid:
        yield said(f"  contacts that do not say how they came about: {found.unsaid}", "engagements")


def _unseen(found: today.Today) -> Iterator[Row]:
    if not found.unseen:
        return
    yield said(f"Not seen for {today.NOT_SEEN_DAYS} days", strong=True)
    for one in found.unseen:
        yield said(f"  {one.pseudonym:<20}  {one.ref}  last {rows.day(one.last_on)}", "person", one.ref)
    if found.unseen_more:
        yield said(f"  and {found.unseen_more} more", "people")
