"""Lines that are all known at once: a record, a page of Today, help. Some open what they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.pages import PAGE
from tui.lines.scroll import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.lines.sheet import Row


def said(text: str, kind: str = "", ref: str = "", *, strong: bool = False) -> Row:
    """Return one line; with a kind and a reference Enter opens that record."""
    return {"text": text, "kind": kind, "ref": ref, "strong": strong}


class Told(Lines):
    """A list whose rows are given, not fetched."""

    def __init__(self, *, id: str = "told") -> None:
        super().__init__(lambda row, width: str(row["text"]), lambda number, key: None, id=id)

    def tell(self, lines: Iterable[Row]) -> None:
        """Show these lines; the cursor stays where it was, as far as there is a line."""
        rows = list(lines)
        pages = self.pages = type(self.pages)(kept=len(rows) // PAGE + 1)
        for number in range(len(rows) // PAGE + 1):
            pages.put(number, [((), row) for row in rows[number * PAGE : (number + 1) * PAGE]])
        pages.count, pages.counted = len(rows), True
        self.grow()
