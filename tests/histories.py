"""Random histories of a unit in plain values, counted by plain loops, and what leaves of them over the years.

The rules that decide what leaves are the program's own; the records and the counting are not its.
"""

import random
from collections import Counter
from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import NamedTuple

from db.releases import Kept
from db.rules import periods
from db.rules.disclosure import PROFILES, Cell, Key, Page, Profile, Span, passes
from db.rules.periods import Period
from db.tallies.leaving.judging import Judge, Wanted, span_of
from db.tallies.leaving.page import assembled

MONTHS = [periods.month(f"2024-{month:02d}") for month in range(1, 7)]
QUARTERS = [periods.quarter("2024-Q1"), periods.quarter("2024-Q2")]
ROWS = ("charge", "caution", "community_resolution", "course", "order", "arrest", "other")
LEVELS = tuple(str(level) for level in range(1, 6))


class Contact(NamedTuple):
    """One engagement: its month (0 to 5), who is named on it, where, how; and what was reported at it."""

    month: int
    women: frozenset[int]
    area: str
    flagged: bool
    level: int | None  # of the concern told at it
    behaviour: str | None
    decided: int  # 0 not, 1 within a day, 2 later


class Act(NamedTuple):
    """An action: its month, on whom, what."""

    month: int
    man: int
    action: str


class History:
    """What is held, and how it changes."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - seeded, and nothing secret
        draw = self.draw
        self.refusing: set[int] = set()
        women, busy = draw.randrange(6, 30), draw.randrange(4, 26)
        self.quiet = draw.choice([0.0, 0.3])  # of the months hardly anything happens in
        self.contacts = [
            self.contact(month, women)
            for month in range(6)
            for _ in range(draw.randrange(0, 5) if draw.random() < self.quiet else draw.randrange(busy + 1))
        ]
        about = draw.choice(["contacts", "concerns", "men"])  # one ledger at a time: small systems
        if about != "concerns":
            self.contacts = [one._replace(level=None, behaviour=None) for one in self.contacts]
        if about == "men":
            self.contacts = []
        if about != "men" and draw.random() < 0.4:  # one woman met again and again
            self.contacts += [
                self.contact(draw.randrange(6), women)._replace(women=frozenset({0}))
                for _ in range(draw.randrange(4, 16))
            ]
        self.acts = [
            Act(draw.randrange(6), draw.randrange(draw.choice([3, 20])), draw.choice(["arrest", "charge"]))
            for _ in range(draw.randrange(0, 40) if about == "men" else 0)
        ]
        self.about = about
        self.women = women

    def contact(self, month: int, women: int) -> Contact:
        draw = self.draw
        told = draw.random() < 0.4 and getattr(self, "about", "concerns") == "concerns"
        return Contact(
            month,
            frozenset(draw.randrange(women) for _ in range(draw.choice([1, 1, 1, 2]))),
            draw.choice(["North", "North", "South"]),
            draw.random() < 0.5,
            draw.randrange(1, 6) if told else None,
            draw.choice(["follows", "robs"]) if told else None,
            draw.randrange(3),
        )

    def held(self) -> "History":
        """Return it as it is now, whatever changes."""
        now = copy(self)
        now.contacts, now.refusing = [*self.contacts], {*self.refusing}
        return now

    def change(self) -> None:
        """Somebody says no to statistics, a contact is erased, or one is entered late."""
        what = self.draw.randrange(3)
        if what == 0:
            self.refusing.add(self.draw.randrange(self.women))
        elif what == 1 and self.contacts:
            self.contacts.pop(self.draw.randrange(len(self.contacts)))
        else:
            self.contacts.append(self.contact(self.draw.randrange(6), self.women))

    # the counting

    def page(self, first: int, last: int) -> Page:
        """Return the exact page of the months from one to another, both included."""
        kept = [one for one in self.contacts if not one.women or one.women - self.refusing]
        now = [one for one in kept if first <= one.month <= last]
        before = {her for one in kept if one.month < first for her in one.women}
        women = {her for one in now for her in one.women} - self.refusing
        made: dict[Key, Cell] = {
            ("people_engaged",): _heads(women),
            ("people_engaged_new",): _heads(women - before),
            ("engagements",): self._cell(now),
            ("engagements_flagged_down",): self._cell(one for one in now if one.flagged),
            ("contacts_other",): Cell(0, {}),
        }
        for area in sorted({one.area for one in now}):
            made["engagements_by_sector", area] = self._cell(one for one in now if one.area == area)
        told = [one for one in now if one.level is not None]
        made |= {
            ("concerns",): self._cell(told),
            ("concerns_undecided",): self._cell(one for one in told if one.decided == 0),
            ("concerns_decided_24h",): self._cell(one for one in told if one.decided == 1),
        }
        for level in LEVELS:
            made["concerns_by_sharing_level", level] = self._cell(
                one for one in told if str(one.level) == level
            )
        for behaviour in sorted({str(one.behaviour) for one in told}):
            made["concerns_by_behaviour", behaviour] = self._cell(
                one for one in told if one.behaviour == behaviour
            )
        for area in sorted({one.area for one in told}):
            made["concerns", "in", area] = self._cell(one for one in told if one.area == area)
        return assembled(made | self._nothing_due() | self._men(first, last))

    def _cell(self, contacts: Iterable[Contact]) -> Cell:
        listed = list(contacts)
        return Cell(len(listed), Counter(her for one in listed for her in one.women - self.refusing))

    def _nothing_due(self) -> dict[Key, Cell]:
        names = ("referrals_offered", "referrals_accepted")
        due = ("followups_due", "followups_done", "followups_overdue")
        made: dict[Key, Cell] = {(name,): Cell(0, {}) for name in (*names, *due)}
        return made | {("calls",): Cell(0)}

    def _men(self, first: int, last: int) -> dict[Key, Cell]:
        now = [one for one in self.acts if first <= one.month <= last]
        before = {one.man for one in self.acts if one.month < first}
        dealt = {one.man for one in now}
        charged = {one.man for one in now if one.action == "charge"}
        made: dict[Key, Cell] = {
            ("offenders_identified",): _heads(dealt),
            ("offenders_dealt_with",): _heads(dealt),
            ("offenders_dealt_with_wide",): _heads(dealt),
            ("offenders_dealt_with_new",): _heads(dealt - before),
            ("offenders_released",): _heads(()),
        }
        for row in ROWS:
            of = {"charge": charged, "arrest": dealt - charged}.get(row, set())
            made["offenders_by_highest_action", row] = _heads(of)
        for measure, action in (("arrests", "arrest"), ("charges", "charge")):
            behind = Counter(one.man for one in now if one.action == action)
            made[measure,] = Cell(behind.total(), behind)
            if behind:
                made["actions_by_kind", action] = Cell(behind.total(), behind)
        for name in ("cautions", "courses", "orders_granted"):
            made[name,] = Cell(0, {})
        return made


def _heads(people: Iterable[int]) -> Cell:
    found = Counter(dict.fromkeys(people, 1))
    return Cell(len(found), found)


class Printed(NamedTuple):
    """A page as somebody has it."""

    span: Span
    profile: Profile
    cells: dict[Key, int | None]


class Memory(Judge):
    """The judge, over a history in memory in the place of a file."""

    def __init__(self, history: History, kept: list[Kept], today: date) -> None:
        self.history, self.kept, self.today = history, kept, today
        self.counted: dict[Span, Page] = {}

    def profile(self, name: str) -> Profile:
        return PROFILES[name]

    def page(self, span: Span) -> Page:
        if span not in self.counted:
            self.counted[span] = self.history.page(int(span[0][5:7]) - 1, int(span[1][5:7]) - 1)
        return self.counted[span]


class Years:
    """A history, what of it was asked for, and what left."""

    def __init__(self, seed: int, judge: type[Memory] = Memory, *, changes: bool = True) -> None:
        self.history = History(seed)
        self.kept: list[Kept] = []
        self.printed: list[Printed] = []
        self.exact: list[Page] = []
        self.then: list[History] = []  # what was held as each page left
        draw = self.history.draw
        asked: list[Period] = [*MONTHS, *QUARTERS, *self.since()]
        if draw.random() < 0.3:  # every month, then what they add up to, for partners
            self.everything(judge, asked)
            return
        draw.shuffle(asked)
        for period in asked[: draw.randrange(3, 9)]:
            for profile in draw.sample(["partner", "public", "headline"], draw.choice([1, 1, 2])):
                if changes and draw.random() < 0.3:
                    self.history.change()
                sector = draw.choice(["North", "South"]) if draw.random() < 0.2 else None
                wanted = Wanted(period, profile, sector=sector, coarser=draw.random() < 0.6)
                self.ask(judge, wanted)

    def everything(self, judge: type[Memory], asked: list[Period]) -> None:
        """Ask for every period in turn, in one profile."""
        profile = self.history.draw.choice(["partner", "public"])
        for period in asked:
            self.ask(judge, Wanted(period, profile, coarser=True))

    def since(self) -> list[Period]:
        return [periods.between(MONTHS[0].first, MONTHS[last].last) for last in (1, 3)]

    def later(self, judge: type[Memory] = Memory) -> None:
        """Let a year pass, much be entered and erased, and ask for corrections of what left."""
        for _ in range(self.history.draw.randrange(1, 60)):
            self.history.change()
        for one in list(self.kept):
            period = periods.between(*(date.fromisoformat(day) for day in one.span))
            wanted = Wanted(period, one.profile.name, sector=one.sector, coarser=True)
            self.ask(judge, wanted, date(2025, 9, 1))

    def now(self, rows: Iterable[Key], gone: int) -> list[Printed]:
        """Return what was printed, with *gone* in the place of what would be printed otherwise now.

        *rows* are those of tables: a whole page without one of them said nought.
        """
        made = []
        for one in self.printed:
            keys = dict.fromkeys((*one.cells, *(rows if ("engagements",) in one.cells else ())))
            said = {key: one.cells.get(key, 0) for key in keys}
            made.append(
                one._replace(cells={k: v if self._holds(one, k, v) else gone for k, v in said.items()})
            )
        return made

    def _holds(self, one: Printed, key: Key, said: int | None) -> bool:
        number = self.number(key, one.span)
        return number > 0 if said is None else one.profile.printed(number) == said

    def number(self, key: Key, span: Span) -> int:
        """Return what a figure is now."""
        page = self.history.page(int(span[0][5:7]) - 1, int(span[1][5:7]) - 1)
        return (page.cell(key) or Cell(0)).number

    def was_secret(self, key: Key, months: tuple[int, int], ends: tuple[int, int], threshold: int) -> bool:
        """Whether a figure had such a value as some page left, and could not have been printed then."""
        cells = (then.page(*months).cell(key) or Cell(0) for then in self.then)
        return any(ends[0] <= cell.number <= ends[1] and not passes(cell, threshold) for cell in cells)

    def ask(self, judge: type[Memory], wanted: Wanted, today: date = date(2024, 8, 1)) -> None:
        """Ask for a page, and keep it if it leaves."""
        judging = judge(self.history, self.kept, today)
        verdict = judging.verdict(wanted, wanted.period)
        refused = verdict.changed or verdict.hopeless or (verdict.more and not wanted.coarser)
        if refused or (None in verdict.given.cells.values() and not any(verdict.given.cells.values())):
            return
        given = verdict.given
        ref = f"L-{len(self.kept)}"
        kept = ("summary", "x", wanted.sector, given.span, str(today), (given,), None, None, None)
        self.kept.append(Kept(b"", ref, *kept, given.profile))
        self.printed.append(Printed(given.span, given.profile, dict(given.cells)))
        self.exact.append(judging.page(span_of(wanted.period)))
        self.then.append(self.history.held())
