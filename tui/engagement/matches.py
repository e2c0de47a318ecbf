"""Whom on the watchlist she may mean, as she is heard: what agrees, what disagrees, never who reported.

Nothing is linked by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from textual.message import Message
from textual.widget import Widget

from db.rules import periods
from tui.shown import Shown

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

Record = dict[str, Any]

_SAME = re.compile(r"\b(\d+)-\1\b")  # a range of one number

FOOT = "Enter opens  l link  x not him  F7 back"
_BANDS = {"probable": "!! PROBABLE", "possible": "!  POSSIBLE"}
_FIELDS = {
    "vrm": "plate",
    "telephones": "telephone",
    "date_of_birth": "born",
    "age_text": "age",
    "facial_hair": "face",
    "ethnicity_appearance": "looks",
    "mo_text": "does",
}


def reason(one: Record) -> str:
    """Return one reason in a line: + agrees, ~ nearly, - disagrees."""
    word = _FIELDS.get(one["field"], one["field"].replace("_", " "))
    asked, found = str(one["asked"]), _SAME.sub(r"\1", str(one["found"]))
    if one["points"] < 0:
        return f"- {word} {found}, asked {asked}"
    if asked.casefold() == found.casefold():
        return f"+ {word} {found}"
    sign = "~" if one["why"].startswith("sound") else "+"
    return f"{sign} {word} {asked} = {found}"


def lines(hit: Record, most: int = 4) -> list[str]:
    """Return a hit as the panel shows it: band, reference, label, then its strongest reasons."""
    strongest = sorted(hit["reasons"], key=lambda one: -abs(one["points"]))[:most]
    head = f"{_BANDS.get(hit['band'], hit['band'])}  {hit['ref']}  {hit['label']}"
    said = [reason(one) for one in sorted(strongest, key=lambda one: -one["points"])]
    return [head, *(f"   {one}" for one in (*said, *_seen(hit)))]


def _seen(hit: Record) -> list[str]:
    """Return where and on which day he was seen last, where he was."""
    if "seen" not in hit:
        return []
    sector, day = hit["seen"]["sector"], periods.short(periods.local_day(hit["seen"]["at"]))
    where = f"Sector {sector}, " if sector and sector.isdigit() else f"{sector}, " if sector else ""
    return [f"seen {where}{day}"]


def summary(count: int) -> str:
    """Return the line that a small terminal shows in the panel's place."""
    return f"!! {count} possible match{'es' * (count != 1)}, F7" if count else ""


class Matches(Widget, can_focus=True):
    """The hits, one of them under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "Up"),
        ("down,j", "move(1)", "Down"),
        ("enter", "act('open')", "Open"),
        ("l", "act('link')", "Link"),
        ("x", "act('aside')", "Not him"),
    ]

    class Acted(Message):
        """A key was pressed on a hit: ``open``, ``link`` or ``aside``."""

        def __init__(self, what: str, ref: str) -> None:
            super().__init__()
            self.what = what
            self.ref = ref

    def __init__(self) -> None:
        super().__init__(id="matches")
        self.hits: list[Record] = []
        self.linked: list[str] = []
        self.place = 0

    def compose(self) -> ComposeResult:
        """Lay out the text and the keys under it."""
        yield Shown(id="hits")
        yield Shown(id="matches-foot")

    def show(self, hits: list[Record], linked: list[str]) -> None:
        """Show these hits; the cursor stays on the man it was on."""
        on = self.hits[self.place]["ref"] if self.place < len(self.hits) else None
        self.hits, self.linked = hits, linked
        self.place = next((n for n, hit in enumerate(hits) if hit["ref"] == on), 0)
        self._draw()

    def on_focus(self) -> None:
        """Show the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Take the cursor away."""
        self._draw()

    def action_move(self, step: int) -> None:
        """Go to the next hit, or the one before."""
        if self.hits:
            self.place = (self.place + step) % len(self.hits)
            self._draw()

    def action_act(self, what: str) -> None:
        """Say what is to be done with the hit under the cursor."""
        if self.hits:
            self.post_message(self.Acted(what, self.hits[self.place]["ref"]))

    def _draw(self) -> None:
        shown: list[str] = []
        for place, hit in enumerate(self.hits):
            head, *why = lines(hit)
            mark = ">" if self.has_focus and place == self.place else " "
            shown += [f"{mark}{head}{'  LINKED' if hit['ref'] in self.linked else ''}", *why, ""]
        self.query_one("#hits", Shown).say("\n".join(shown))
        foot = f"{FOOT}\nNothing is linked by itself" if self.hits else "Nobody on the watchlist, so far"
        self.query_one("#matches-foot", Shown).say(foot)
