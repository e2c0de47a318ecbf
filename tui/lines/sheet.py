"""The pages of one list in memory: which are here, which have to be fetched, after which key."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from db.pages import PAGE

if TYPE_CHECKING:
    from db.pages import Anchors, Key

Row = dict[str, Any]
PAGES_KEPT = 32


class Pages:
    """The last 32 pages that were looked at. A row that is not here yet is None."""

    def __init__(self, kept: int = PAGES_KEPT) -> None:
        self._kept = kept
        self._rows: OrderedDict[int, list[Row]] = OrderedDict()
        self._before: dict[int, Key | None] = {0: None}  # by page: the key that it follows
        self.count = 0
        self.counted = False
        self.asked: set[int] = set()

    def anchor(self, anchors: Anchors) -> None:
        """Take in how long the list is, and the key that each page follows."""
        self.count, self.counted = anchors.total, True
        self._before |= {number: key for number, key in enumerate(anchors.keys, 1)}

    def put(self, number: int, rows: list[tuple[Key, Row]]) -> None:
        """Take in a page; until the list is counted it is as long as what is known of it."""
        self.asked.discard(number)
        self._rows[number] = [row for _, row in rows]
        self._rows.move_to_end(number)
        while len(self._rows) > self._kept:
            self._rows.popitem(last=False)
        if len(rows) == PAGE:
            self._before.setdefault(number + 1, rows[-1][0])
        if not self.counted:
            self.count = max(self.count, number * PAGE + len(rows))

    def row(self, place: int) -> Row | None:
        """Return a row, or None where its page is not here."""
        number, within = divmod(place, PAGE)
        page = self._rows.get(number)
        if page is None:
            return None
        return page[within] if within < len(page) else None

    def wanted(self, first: int, last: int) -> list[tuple[int, Key | None]]:
        """Return the pages of these rows that are not here and can be asked for: (number, the key before)."""
        found = []
        for number in range(max(first, 0) // PAGE, max(last, 0) // PAGE + 1):
            if number in self._rows:
                self._rows.move_to_end(number)
            elif number in self._before and number not in self.asked and self._reaches(number):
                self.asked.add(number)
                found.append((number, self._before[number]))
        return found

    def _reaches(self, number: int) -> bool:
        return number == 0 or number * PAGE < self.count or not self.counted
