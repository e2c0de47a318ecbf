"""Whom the contact was with: women offered as their names are typed, and somebody new with a pseudonym."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from db.rules import periods
from tui.choosing import NOBODY, Choices
from tui.engagement.fields import Field

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from db.engagements import Somebody


def day(iso: str) -> str:
    """Return a day as ``19 Nov``, with its year where it is not the last twelve months'."""
    from datetime import date

    return periods.short(date.fromisoformat(iso)).rsplit(" ", 1)[0]


def told(one: Somebody) -> str:
    """Return a woman in one line, as she is offered."""
    names = " ".join(f'"{name}"' for name in one.known_as[:2])
    last = f"last {day(one.last)}" if one.last else "no contact yet"
    return f"{one.ref}  {one.pseudonym:<12}{names:<12}{last}"


class Offers(Choices["Somebody"]):
    """Who may be meant by the fragment that is being typed, the cursor on the first of them."""

    def __init__(self) -> None:
        super().__init__(told, "+ someone new          ?1 no name given", id="offers")

    def offer(self, fragment: str, found: list[Somebody]) -> None:
        """Show whom a fragment may mean, and that she may be new."""
        place = self.place
        if fragment != self.fragment or [one.ref for one in found] != [one.ref for one in self.found]:
            place = 0 if found and found[0].answers_to(fragment) else NOBODY
        self.put(fragment, found, place)


class NewOffers(NamedTuple):
    """What is shown beside somebody new: pseudonyms that are free, and who resembles her."""

    free: list[str]
    alike: list[Somebody]


class NewWoman(Vertical):
    """Somebody new: her pseudonym (offered, or hers if she chooses one), what she is called, her age."""

    def __init__(self, fragment: str, answers: dict[str, str], offers: NewOffers) -> None:
        super().__init__(classes="new")
        self.fragment = fragment
        self._answers = answers
        self._offers = offers

    def compose(self) -> ComposeResult:
        """Lay out the three answers, and the pseudonyms that are free."""
        yield Horizontal(
            Static(f"+ {self.fragment.lstrip('+ ')}"[:9], classes="word", markup=False),
            *self._asked("name ", "pseudonym"),
            *self._asked(" called ", "called"),
            *self._asked(" age ", "age"),
            classes="row",
        )
        if self._offers.free:
            yield Static(f"          free names: {', '.join(self._offers.free)}; or hers", markup=False)
        for one in self._offers.alike:
            yield Static(f"          like her: {told(one)}", classes="alike", markup=False)
        if self._offers.alike:
            yield Static("          if it is she, put that reference into Person", markup=False)

    def _asked(self, word: str, name: str) -> tuple[Static, Field]:
        field = Field(f"new {name}", self._answers.get(name, ""), most=100)
        return Static(word, classes="small", markup=False), field

    def answers(self) -> dict[str, str]:
        """Return what is typed of her."""
        return {field.said.removeprefix("new "): field.value for field in self.query(Field)}
