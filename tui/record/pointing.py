"""A field that points at records: what it may mean is offered as one types, by codes and pseudonyms alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from db import pages
from db.rules.records import LETTERS, heard
from tui import rows
from tui.choosing import Choices
from tui.desk import SEARCH
from tui.fields import Line
from tui.shown import Shown

if TYPE_CHECKING:
    from typing import Any

    from textual.app import ComposeResult
    from textual.widgets import Input

    from db.pages import Pointed
    from db.rules.fields import Field
    from tui.subject import Subject

TYPES = ("ref", "refs")


def written(value: Any) -> str:
    """Return references as they are typed; what is only described has none."""
    return ", ".join(value) if isinstance(value, list) else "" if isinstance(value, dict) else value or ""


def parts(text: str) -> list[str]:
    """Return the references, or what is typed for them, one by one."""
    return [part for one in re.split("[,;]", text) if (part := one.strip())]


class Pointing(Vertical):
    """A label, a line of references, whom they mean; under it what is offered for the last of them."""

    BINDINGS: ClassVar = [("up", "move(-1)"), ("down", "move(1)")]

    def __init__(self, field: Field, shown: str, value: Any) -> None:
        super().__init__(classes="row")
        self.field = field
        self._shown = shown
        self._described = f"as described: {rows.said(value)}" if isinstance(value, dict) else ""
        self._called: dict[str, str] = {}
        self._turn = 0  # the number of the newest question: the answer to an older one is dropped

    def compose(self) -> ComposeResult:
        """Lay them out."""
        label = Static(f"{self.field.name.replace('_', ' ')} ", classes="wide-label", markup=False)
        yield Horizontal(label, Line(self._shown, id=f"amend-{self.field.name}"), classes="pointed")
        yield Shown(classes="stands")
        yield Choices[pages.Pointed](_told)

    async def on_mount(self) -> None:
        """Say whom the references mean."""
        self._choices.clear()
        if refs := parts(self._shown):
            self._called = await self._screen.ask_in(SEARCH, pages.called, refs) or {}
        self._draw()

    @property
    def _line(self) -> Line:
        return self.query_one(Line)

    @property
    def _choices(self) -> Choices[Pointed]:
        return cast("Choices[Pointed]", self.query_one(Choices))

    @property
    def _screen(self) -> Subject:
        return cast("Subject", self.screen)

    @property
    def text(self) -> str:
        """What is typed, each part alike spaced."""
        return ", ".join(parts(self._line.value))

    def put(self, value: Any) -> None:
        """Show other references."""
        self._line.value = written(value)

    # what is offered

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what the last part may mean."""
        event.stop()
        self._turn += 1
        if self._line.has_focus:
            self.run_worker(self._offer(self._turn))
        self._draw()

    async def _offer(self, turn: int) -> None:
        *others, last = parts(self._line.value) or [""]
        if not self._is_open(last) or self._line.value.rstrip().endswith((",", ";")):
            self._choices.clear()
            return
        found = await self._found(last)
        if turn != self._turn or not self.is_attached:
            return
        left = [one for one in found if one.ref not in others]
        if left and self._line.has_focus:
            self._choices.put(last, left, 0)
        else:
            self._choices.clear()

    async def _found(self, part: str) -> list[Pointed]:
        found = await self._screen.ask_in(SEARCH, pages.offer, self.field.of, part) or []
        self._called |= {one.ref: one.said for one in found}
        return found

    def _is_open(self, part: str) -> bool:
        return bool(part) and heard(part) not in self._called

    def _draw(self) -> None:
        said = [self._called[ref] for part in parts(self._line.value) if (ref := heard(part)) in self._called]
        shown = self.query_one(".stands", Shown)
        shown.say("; ".join(said) or (self._described if not self._line.value.strip() else ""))

    def on_descendant_blur(self) -> None:
        """Offer nothing where nobody types."""
        self._choices.clear()

    # what is chosen

    def action_move(self, step: int) -> None:
        """Move in what is offered, or from field to field."""
        if self._choices.display:
            self._choices.move(step)
        elif step > 0:
            self.screen.focus_next("Line, TextArea")
        else:
            self.screen.focus_previous("Line, TextArea")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what the cursor is on; where nothing is offered, Enter goes on."""
        *others, last = parts(self._line.value) or [""]
        picked = self._choices.picked
        if picked is None or self._choices.fragment != last:
            return
        event.stop()
        self._take(others, picked)

    def _take(self, others: list[str], picked: Pointed) -> None:
        self._called[picked.ref] = picked.said
        self._line.value = ", ".join([*others, picked.ref])
        self._line.cursor_position = len(self._line.value)
        self._choices.clear()

    async def settle(self) -> str:
        """Put a reference for each name that only one answers to; returns what to say where several do."""
        settled = []
        for part in parts(self._line.value):
            found = [] if self._is_reference(part) else await self._found(part)
            if len(found) > 1:
                self._line.focus()
                return f"{self.field.name}: several are called so; pick with the arrows and Enter"
            settled.append(found[0].ref if found else part)
        self._line.value = ", ".join(dict.fromkeys(settled))
        return ""

    def _is_reference(self, part: str) -> bool:
        spoken = heard(part)
        return spoken[1:2] == "-" and LETTERS.get(spoken[:1]) in self.field.of.split()


def _told(one: Pointed) -> str:
    return f"{one.ref}  {one.said}"
