"""A sheet of paper: marked, titled, in parts; told once, written as text, Markdown, HTML, CSV or workbook.

A figure that is withheld is not in it: no form of a sheet can say more than another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.rules.charts import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.rules.charts import Chart

MARKING = "OFFICIAL-SENSITIVE"
_NOTHING = "-"


class Withheld:
    """A cell that disclosure control keeps back. There is one of it."""

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN = Withheld()


class Figure(NamedTuple):
    """One number with its definition; *compare* is that of the other period, where one stands beside it."""

    id: str
    label: str
    value: object
    compare: object
    definition: str


class Grid(NamedTuple):
    """One table: rows of cells under a header, with its definition and, where it is drawn, its chart."""

    id: str
    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    definition: str = ""
    chart: Chart | None = None


class Part(NamedTuple):
    """One part of a sheet: its title, words, figures, tables, in that order."""

    title: str
    words: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    grids: tuple[Grid, ...] = ()


class Sheet(NamedTuple):
    """A whole sheet. *facts* stand under the title: period, profile, release, as-at date and the like."""

    title: str
    facts: tuple[tuple[str, object], ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    compared: str | None = None
    warning: str = ""

    @property
    def marked(self) -> str:
        """The marking, with what it warns of and the release it belongs to."""
        release = dict(self.facts).get("release")
        words = MARKING + (f" release={release}" if release else "")
        return f"{words}: {self.warning}" if self.warning else words

    def definitions(self) -> Iterator[tuple[str, str, str]]:
        """Yield id, label and definition of every figure and table that has one, in order."""
        for part in self.parts:
            yield from ((one.id, one.label, one.definition) for one in part.figures)
            yield from ((one.id, one.label, one.definition) for one in part.grids if one.definition)


def said(cell: object) -> str:
    """Return a cell as it is read: numbers with their thousands apart, a day as 2026-10-31."""
    if cell is None:
        return _NOTHING
    if isinstance(cell, Withheld):
        return WITHHELD
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (int, float)):
        return f"{cell:,}"
    return str(cell)


def is_number(cell: object) -> bool:
    """Tell whether a cell is a count or a percentage."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def figures_header(sheet: Sheet) -> tuple[str, ...]:
    """Return the header of a part's figures."""
    return ("figure", "value", *((sheet.compared,) if sheet.compared else ()), "what it counts")


def figure_cells(sheet: Sheet, figure: Figure) -> tuple[object, ...]:
    """Return a figure's cells under that header."""
    beside = (figure.compare,) if sheet.compared else ()
    return (figure.label, figure.value, *beside, figure.definition)
