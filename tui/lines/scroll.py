"""The list itself: each line in view is one stretch of one style, so that a key costs few bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from db.rules.widths import fitted
from tui.lines.sheet import Pages, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.geometry import Region

    from db.pages import Key

    Fetch = Callable[[int, "Key | None"], None]


class Lines(ScrollView, can_focus=True):
    """A list of which only what is in view is drawn; rows that are not here yet are dots."""

    BINDINGS: ClassVar = [
        ("down,j", "move(1)"),
        ("up,k", "move(-1)"),
        ("pagedown", "page(1)"),
        ("pageup", "page(-1)"),
        ("home", "first"),
        ("end", "last"),
        ("enter", "open"),
    ]

    class Opened(Message):
        """A row was opened with Enter."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Moved(Message):
        """The cursor stands elsewhere, or what it stands on has come."""

    def __init__(self, draw: Callable[[Row, int], str], fetch: Fetch, *, id: str = "list") -> None:
        super().__init__(id=id)
        self._draw_row = draw
        self._fetch = fetch
        self.pages = Pages()
        self.cursor = 0
        self._ink = Style.null()

    # what is in it

    def renew(self) -> None:
        """Begin a new list, of which nothing is known yet."""
        self.pages = Pages()
        self.cursor = 0
        self.grow()
        self.scroll_to(y=0, animate=False, immediate=True, force=True)

    def grow(self) -> None:
        """The list is longer, or shorter, than it was."""
        # it has no scrollbars, so nothing has to be laid out anew
        self.set_reactive(Lines.virtual_size, Size(self.size.width, self.pages.count))
        self.cursor = max(0, min(self.cursor, self.pages.count - 1))
        self._into_view()
        self.refresh()

    def ask(self) -> None:
        """Ask for the pages in view that are not here."""
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        for number, key in self.pages.wanted(top, top + height - 1):
            self._fetch(number, key)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._into_view()
        self.ask()

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None where it is not here yet, or there is none."""
        return self.pages.row(self.cursor)

    # moving

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.go_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move by what is in view."""
        self.go_to(self.cursor + by * max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self.go_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.go_to(self.pages.count - 1)

    def action_open(self) -> None:
        """Open what is under the cursor."""
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    def go_to(self, place: int) -> None:
        """Put the cursor on a row; at the edge the window moves by half its height."""
        before = self.cursor
        self.cursor = max(0, min(place, self.pages.count - 1))
        if self.cursor == before:
            return
        if not self._into_view():
            self.refresh_line(before)
            self.refresh_line(self.cursor)
        self.ask()
        self.post_message(self.Moved())

    def _into_view(self) -> bool:
        """Move the window where the cursor has left it; tells whether it moved."""
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        if top <= self.cursor < top + height:
            return False
        half = height // 2
        start = self.cursor - half if self.cursor < top else self.cursor - height + 1 + half
        most = max(self.pages.count - height, 0)
        self.scroll_to(y=max(0, min(start, most)), animate=False, immediate=True, force=True)
        return True

    # drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in view; what they are written in is looked up once."""
        self._ink = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line in view."""
        place, width = self.scroll_offset.y + y, self.size.width
        if place >= self.pages.count:
            return Strip.blank(width, self._ink)
        row = self.pages.row(place)
        here = place == self.cursor
        mark = "> " if here else "  "
        text = mark + (self._draw_row(row, width - 2) if row is not None else "...")
        style = self._ink
        if row is not None and row.get("strong"):
            style += self.get_component_rich_style("lines--strong")
        if here and self.has_focus:
            style += self.get_component_rich_style("lines--cursor")
        return Strip([Segment(fitted(text, width, more="~"), style)], width)

    COMPONENT_CLASSES: ClassVar = {"lines--cursor", "lines--strong"}
