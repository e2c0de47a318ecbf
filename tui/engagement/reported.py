"""What she reported: each concern's line asks who told it, when it happened, whether she was hurt, crime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from db.rules import vocabulary
from tui.engagement.fields import Field
from tui.engagement.sheet import OPENED

if TYPE_CHECKING:
    from textual.app import ComposeResult

_WORDS = {"who": "who ", "when": " when ", "hurt": " hurt ", "crime": " crime? "}
_EMPTY = {"when": "? not known", "hurt": "n", "crime": "l later"}


class ConcernLine(Horizontal):
    """One concern, opened by its letter."""

    def __init__(self, place: int, behaviours: tuple[str, ...], answers: dict[str, str], who: bool) -> None:
        super().__init__(classes="row concern")
        self.place = place
        self.behaviours = behaviours
        self._answers = answers
        self._who = who

    def compose(self) -> ComposeResult:
        """Lay out the questions; which of them told it only where there are several."""
        yield Static(self.heading(), classes="word", markup=False)
        for name in OPENED:
            word = Static(_WORDS[name], classes=f"small {name}", markup=False)
            field = Field(f"concern {name}", self._answers.get(name, ""), _EMPTY.get(name, ""), most=200)
            field.add_class(name)
            word.display = field.display = name != "who" or self._who
            yield word
            yield field

    def heading(self) -> str:
        """Return what it is about, in as few words as there is room for."""
        labels = vocabulary.codes("behaviour")
        first = labels.get(self.behaviours[0], self.behaviours[0])
        more = f"+{len(self.behaviours) - 1}" if len(self.behaviours) > 1 else ""
        return f" {first[: 14 - len(more)]}{more}: "

    def became(self, behaviours: tuple[str, ...], who: bool) -> None:
        """Take on other behaviours, or ask who told it now that there are several."""
        self.behaviours = behaviours
        self.query_one(".word", Static).update(self.heading())
        for widget in self.query(".who"):
            widget.display = who

    def answers(self) -> dict[str, str]:
        """Return what is typed in it."""
        return {field.said.removeprefix("concern "): field.value for field in self.query(Field)}
