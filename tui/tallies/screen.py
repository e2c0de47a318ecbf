"""The tallies' screen. It counts in a worker, and shows what is there meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from db import tallies
from db.rules import periods
from tui import keys
from tui.desk import LIST
from tui.lines import Told, said
from tui.shown import Shown
from tui.subject import Subject
from tui.tallies.periods import after, before, holding
from tui.tallies.words import MONTHS, lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Resize
    from textual.widget import Widget

    from db.rules.periods import Period
    from db.vault.store import Store

INTERNAL = "internal"
PROFILES = (INTERNAL, "partner", "public", "headline")


class Tallies(Subject):
    """What the unit counts, in one period."""

    NAME: ClassVar[str] = "tallies"
    KEYS: ClassVar = keys.TALLIES
    ABOUT: ClassVar[str] = (
        "What the unit counts. The definition of the measure under the cursor stands below."
    )
    TWIN: ClassVar[str] = "beech summary"
    HINTS: ClassVar[str] = "[ ] period  m q y month quarter year  t table  p profile  Esc back  ? help"
    BINDINGS: ClassVar = [
        ("left_square_bracket", "turn(-1)"),
        ("right_square_bracket", "turn(1)"),
        ("m", "size('month')"),
        ("q", "size('quarter')"),
        ("y", "size('year')"),
        ("t", "table"),
        ("p", "profile"),
        ("n", "app.form"),
        ("question_mark", "app.help"),
        ("escape", "app.go('today')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._long = "month"
        self._period: Period | None = None
        self._profile = INTERNAL
        self._tables = False
        self._told: dict[str, Any] | None = None
        self._months: list[dict[str, Any]] = []

    def body(self) -> Iterable[Widget]:
        """Return the lines, and under them a definition."""
        yield Told()
        yield Shown(id="preview")

    def on_mount(self) -> None:
        """Count this month."""
        self._period = holding(periods.local_day(self.desk.now()), self._long)
        told = self.query_one(Told)
        told.focus()
        told.tell([said("...")])
        self._count()

    def _count(self) -> None:
        self.run_worker(self._fill(), exclusive=True, group="count")

    async def _fill(self) -> None:
        if self._period is None:
            return
        told = await self.ask_in(LIST, _summary, self._period, self._profile)
        if told is None:
            return
        self._told, self._months = told, []
        self.say("")
        self._show()
        if self._profile == INTERNAL:
            self._months = await self.ask_in(LIST, _months, self._period) or []
            self._show()

    def _show(self) -> None:
        if self._told is not None:
            how = (self.app.size.width - 3, self.beech.looks.ascii, self._tables)
            told = self.query_one(Told)
            told.tell(lines(self._told, self._months, how))
            if told.cursor == 0:
                told.go_to(1)
            self.on_lines_moved()

    def on_resize(self, event: Resize) -> None:
        """Draw for the new width."""
        self._show()

    def on_lines_moved(self) -> None:
        """Show the definition of what the cursor stands on."""
        row = self.query_one(Told).row or {}
        self.query_one("#preview", Shown).say(row.get("definition", ""))

    def action_turn(self, by: int) -> None:
        """Show the period before, or after."""
        if self._period is not None:
            self._period = (after if by > 0 else before)(self._period, self._long)
            self._count()

    def action_size(self, size: str) -> None:
        """Show the month, quarter or year that holds the first day of what is shown."""
        if self._period is not None:
            self._long = size
            self._period = holding(self._period.first, size)
            self._count()

    def action_table(self) -> None:
        """Turn charts into tables and back."""
        self._tables = not self._tables
        self._show()
        self.say("Below the measures stand tables; t draws them." if self._tables else "Below stand charts.")

    def action_profile(self) -> None:
        """Show the same as it would leave: partner, public, headline; then as it is."""
        self._profile = PROFILES[(PROFILES.index(self._profile) + 1) % len(PROFILES)]
        self._count()


def _summary(store: Store, period: Period, profile: str) -> dict[str, Any]:
    if profile == INTERNAL:
        return tallies.summary(store, period, compare="previous")
    from db.tallies import leaving

    return leaving.leave(store, leaving.Wanted(period, profile))


def _months(store: Store, period: Period) -> list[dict[str, Any]]:
    months = [holding(period.last, "month")]
    while len(months) < MONTHS:
        months.insert(0, before(months[0], "month"))
    return [tallies.summary(store, month) for month in months]
