"""What leaves in the shape that ``summary -f json`` prints; what is withheld is None and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.tallies.calls import change, year_before
from db.tallies.definitions import HIGHEST, TABLES
from db.tallies.leaving import cuts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.rules.disclosure import Key, Profile
    from db.tallies.definitions import Measure

_FIRST = {
    "concerns_by_behaviour": "behaviour",
    "engagements_by_sector": "sector",
    "offenders_by_highest_action": "highest_action",
    "actions_by_kind": "action",
    "outcomes_by_code": "outcome_code",
    "concerns_by_sharing_level": "sharing_level",
    "calls_by_month": "month",
}
_GRAVEST = [name for name, _ in HIGHEST]
_NEVER = ("limitation_dates",)  # it names records
_OF_AREA = ("people_engaged", "concerns")


class Shown:
    """The figures of one period as they are printed: None is withheld, what is missing is not counted here.

    Args:
        cells: by key.
        profile: how they are printed.
        base: the least calls of a year before on which a change in per cent is given; None for none at all.
        area: where they are of one area alone.
    """

    def __init__(
        self, cells: Mapping[Key, int | None], profile: Profile, base: int | None, area: str | None = None
    ) -> None:
        self.cells, self.profile = cells, profile
        self._base, self._area = base, area

    @property
    def says_nothing(self) -> bool:
        """Whether something is withheld, and nothing but nought is left beside it."""
        return None in self.cells.values() and not any(self.cells.values())

    def measure(self, id: str) -> dict[str, Any]:
        """Return a measure's value, with ``withheld`` where it is."""
        if id == "calls_change_percent":
            value = self._percent()
            return {"value": value} | ({"withheld": True} if value is None and self._area is None else {})
        key: Key = (id,)
        if self._area is not None:
            key = (id, "in", self._area) if id in _OF_AREA else (id,)
            key = ("engagements_by_sector", self._area) if id == "engagements" else key
        return {"value": self.cells.get(key)} | self._withheld(key)

    def _withheld(self, key: Key) -> dict[str, bool]:
        return {"withheld": True} if self.cells.get(key, 0) is None else {}

    def _percent(self) -> float | None:
        """Return the change of the calls, worked out from what is printed."""
        now, before = self.cells.get(("calls",)), self.cells.get(("calls_before",))
        if self._base is None or now is None or before is None or before < self._base:
            return None
        return change(now, before)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table's rows in an order that tells nothing of the counts."""
        made = []
        keys = [] if self._area is not None else [key for key in self.cells if key[0] == table]
        if self.profile.name == "headline":  # a row that is not there is nought: it may not be told
            keys = [key for key in keys if self.cells[key] is not None]
        for key in sorted(keys, key=_order):
            name: Any = int(key[1]) if table == "concerns_by_sharing_level" else key[1]
            row = {_FIRST[table]: name, "count": self.cells[key]} | self._withheld(key)
            if table == "calls_by_month":
                before = ("calls_by_month_before", year_before(key[1]))
                row["year_before"] = self.cells.get(before)
                row |= {"year_before_withheld": True} if self._withheld(before) else {}
            made.append(row)
        return made

    def notes(self) -> list[str]:
        """Say how many of those dealt with came to nothing."""
        if self._area is not None:
            return []
        value = self.cells.get(("offenders_released",))
        said = "too few to say" if value is None else f"{value}"
        more = "more than " if value is not None and self.profile.name == "headline" else ""
        words = "Of the offenders dealt with, arrested and released with no further action to date"
        return [f"{words}: {more}{said}."]


def _order(key: Key) -> tuple[int, str]:
    if key[0] == "offenders_by_highest_action":  # the gravest first, as its definition has them
        return (_GRAVEST.index(key[1]), "")
    return (len(key[1].rstrip("A")), key[1]) if key[0] == "outcomes_by_code" else (0, key[1])


def told_cut(shown: Shown, cut: str) -> list[dict[str, Any]]:
    """Return the tables of a cut."""
    tables = []
    for one in cuts.CUTS[cut]:
        names = [name for name in shown.cells if name[:2] == cuts.key(one, "")[:2]]
        rows = [
            {one.row: name[2], "count": shown.cells[name]}
            | ({"withheld": True} if shown.cells[name] is None else {})
            for name in names
        ]
        id, label, definition = one.table
        tables.append({"id": id, "label": label, "rows": rows, "definition": definition})
    return tables


def told(shown: Shown, beside: Shown | None, defined: Sequence[Measure]) -> dict[str, Any]:
    """Return measures and tables; *defined* are the measures as the unit defines them."""
    measures = []
    for id, label, definition in defined:
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
        if id not in _NEVER
    ]
    return {"measures": measures, "tables": tables}
