"""Same man, or not him: whom the list ranks beside a man, then the two of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from db import judgements, pages
from db.records import Why
from db.rules.records import LETTERS
from tui import beside
from tui.asking import Reason
from tui.keys import ALIKE, JUDGING
from tui.lines import Lines, Told, said
from tui.subject import Over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.events import Resize
    from textual.widget import Widget

    from db.records import Record
    from tui.lines.sheet import Row

_SAID = {"same": "the same man", "different": "not him", "unsure": "not sure"}


class Alike(Over):
    """Whom a man may be, with what agrees and what does not."""

    NAME: ClassVar[str] = "alike"
    ABOUT: ClassVar[str] = "Who else on the watchlist this man may be. A lead, never a link."
    TWIN: ClassVar[str] = "beech match --record"
    KEYS: ClassVar = ALIKE
    HINTS: ClassVar[str] = "Enter side by side  j k move  Esc back"

    def __init__(self, ref: str, hits: list[Record]) -> None:
        super().__init__()
        self._ref = ref
        self._hits = hits

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Show them."""
        told = self.query_one(Told)
        told.focus()
        told.tell(self._lines())
        told.go_to(1)

    def _lines(self) -> Iterator[Row]:
        yield said(
            f"Who else {self._ref} may be" if self._hits else f"Nobody else is like {self._ref}.", strong=True
        )
        for hit in self._hits:
            mark = {"probable": "!!", "possible": "! "}.get(hit["band"], "  ")
            kind = LETTERS[hit["ref"][0]]
            yield said(f"  {mark} {hit['band']:<9} {hit['ref']}  {hit['label']}", kind, hit["ref"])
            for reason in hit["reasons"]:
                sign = "+" if reason["points"] > 0 else "-"
                why = f"       {sign} {reason['field'].replace('_', ' ')}: {reason['why']}"
                yield said(why, kind, hit["ref"])

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Look at the two side by side; a car that is nobody's yet is opened."""
        if event.row["kind"] == "vehicle":
            self.run_worker(self._car(event.row["ref"]), exclusive=True, group="open")
        elif event.row["ref"]:
            self.run_worker(self._beside(event.row["ref"]), exclusive=True, group="open")

    async def _car(self, ref: str) -> None:
        from tui.record import open_record

        await open_record(self, "vehicle", ref)

    async def _beside(self, other: str) -> None:
        both = await self.ask(pages.pair, self._ref, other)
        if both is not None:
            self.app.push_screen(Judging(*both))


class Judging(Over):
    """Two men side by side, and the three answers."""

    NAME: ClassVar[str] = "judging"
    KEYS: ClassVar = JUDGING
    ABOUT: ClassVar[str] = (
        "Two men side by side. A judgement can be taken back for ever; nothing is rewritten."
    )
    TWIN: ClassVar[str] = "beech watchlist judge"
    HINTS: ClassVar[str] = "s same man  d not him  q not sure  j k move  Esc back"
    BINDINGS: ClassVar = [("s", "judge('same')"), ("d", "judge('different')"), ("q", "judge('unsure')")]

    def __init__(self, one: Record, other: Record) -> None:
        super().__init__()
        self._one, self._other = one, other

    def body(self) -> Iterable[Widget]:
        """Return the lines."""
        yield Told()

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(Told).focus()

    def on_resize(self, event: Resize) -> None:
        """Lay the two out for the width there is."""
        self.query_one(Told).tell(beside.lines("offender", self._one, self._other, event.size.width - 3))

    def action_judge(self, verdict: str) -> None:
        """Keep a judgement, once a reason is given."""
        self.run_worker(self._judge(verdict), exclusive=True, group="change")

    async def _judge(self, verdict: str) -> None:
        one, other = self._one["ref"], self._other["ref"]
        reason = await self.app.push_screen_wait(Reason(f"{one} and {other}: {_SAID[verdict]}. Why?"))
        if reason is None:
            return
        judged = await self.ask(judgements.judge, one, other, verdict, Why(reason))
        if judged is not None:
            self.say(f"{one} and {other} are judged {_SAID[verdict]}; a later judgement replaces it.")
