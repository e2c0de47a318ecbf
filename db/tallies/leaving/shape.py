"""A protected page in the shape that ``summary -f json`` prints; what is withheld is None and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules.disclosure import HEADLINE, LEAST_BASE
from db.tallies.calls import change, year_before
from db.tallies.definitions import MEASURES, TABLES

if TYPE_CHECKING:
    from db.rules.disclosure import Key, Page, Profile

_FIRST = {
    "concerns_by_behaviour": "behaviour",
    "engagements_by_sector": "sector",
    "offenders_by_highest_action": "highest_action",
    "actions_by_kind": "action",
    "outcomes_by_code": "outcome_code",
    "concerns_by_sharing_level": "sharing_level",
    "calls_by_month": "month",
}
NEVER = ("limitation_dates",)  # it names records


class Shown:
    """The figures of a page as a profile prints them."""

    def __init__(self, page: Page, withheld: set[Key], profile: Profile, complete: bool) -> None:
        self.page, self.withheld, self.profile = page, withheld, profile
        self._complete = complete
        self.cells: dict[Key, int | None] = {
            key: None if key in withheld else profile.printed(cell.number)
            for key, cell in page.printed.items()
        }

    @property
    def says_nothing(self) -> bool:
        """Whether something is withheld, and nothing but nought is left beside it."""
        return None in self.cells.values() and not any(self.cells.values())

    def percent(self) -> float | None:
        """Return the change of the calls, worked out from what is printed."""
        now, before = self.cells.get(("calls",)), self.cells.get(("calls_before",))
        if not self._complete or self.profile is HEADLINE or now is None or before is None:
            return None
        exact = self.page.printed["calls_before",].number
        return change(now, before) if min(before, exact) >= LEAST_BASE else None

    def measure(self, id: str) -> dict[str, Any]:
        """Return a measure's value, with ``withheld`` where it is."""
        if id == "calls_change_percent":
            value = self.percent() if ("calls",) in self.cells else None
            withheld = value is None and ("calls",) in self.cells
        else:
            value = self.cells.get((id,))
            withheld = value is None and (id,) in self.cells
        return {"value": value} | ({"withheld": True} if withheld else {})

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table's rows in an order that tells nothing of the counts."""
        made = []
        for key in sorted((key for key in self.cells if key[0] == table), key=_order):
            name: Any = int(key[1]) if table == "concerns_by_sharing_level" else key[1]
            row = {_FIRST[table]: name, "count": self.cells[key]}
            if self.cells[key] is None:
                row["withheld"] = True
            if table == "calls_by_month":
                row |= self._before(key[1])
            made.append(row)
        return made

    def _before(self, month: str) -> dict[str, Any]:
        key = ("calls_by_month_before", year_before(month))
        said = {"year_before": self.cells.get(key)}
        return said | ({"year_before_withheld": True} if self.cells.get(key, 0) is None else {})

    def released(self) -> str:
        """Say how many of those dealt with came to nothing."""
        value = self.cells.get(("offenders_released",))
        said = "too few to say" if value is None else self.said(value)
        return f"Of the offenders dealt with, arrested and released with no further action to date: {said}."

    def said(self, value: int) -> str:
        """Return a printed figure in words."""
        return f"more than {value}" if self.profile is HEADLINE else f"{value}"


def _order(key: Key) -> tuple[int, str]:
    return (len(key[1].rstrip("A")), key[1]) if key[0] == "outcomes_by_code" else (0, key[1])


def told(shown: Shown, beside: Shown | None) -> dict[str, Any]:
    """Return measures, tables and notes."""
    measures = []
    for id, label, definition in MEASURES:
        made = shown.measure(id)
        compare = beside.measure(id) if beside else {"value": None}
        measures.append(
            {"id": id, "label": label, "value": made["value"], "compare": compare["value"]}
            | {"definition": definition}
            | ({"withheld": True} if "withheld" in made else {})
            | ({"compare_withheld": True} if "withheld" in compare else {})
        )
    tables = [
        {"id": id, "label": label, "rows": shown.rows(id), "definition": definition}
        for id, label, definition in TABLES
        if id not in NEVER
    ]
    return {"measures": measures, "tables": tables}
