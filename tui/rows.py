"""How a record reads as one line of a list, and as the few lines of a preview. Nothing is read as markup."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules import periods
from db.rules.text import one_line
from db.rules.widths import fitted

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]

_ROOMY = 100  # cells from which a line has its wide columns


class Column(NamedTuple):
    """A column: its head, how wide it is (nought takes what is left), what stands in it, its width at 80."""

    head: str
    width: int
    said: Callable[[Row], str]
    narrow: int = 0


def moment(stored: str | None) -> str:
    """Return a time as officers read it: ``23 Nov 21:14``, with the year where it is another."""
    if not stored:
        return ""
    at = datetime.fromisoformat(stored)
    return f"{at.day:2} {at:%b} {at:%H:%M}"


def day(stored: str | None) -> str:
    """Return a date as officers read it."""
    return (
        periods.short(datetime.fromisoformat(stored).date()) if stored and len(stored) == 10 else stored or ""
    )


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: said(row.get(name))


def said(value: Any) -> str:
    """Return a value on one line: lists with commas, codes with blanks, yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(filter(None, map(said, value)))
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {said(one)}" for key, one in value.items() if one)
    return one_line(str(value))


def women(row: Row) -> str:
    """Return who was met: pseudonyms, and how many gave no name."""
    unnamed = [f"{row['people_unnamed']} unnamed"] if row["people_unnamed"] else []
    named: list[str] = row["who"] if "who" in row else row["people"]
    return ", ".join([*named, *unnamed])


def contact(row: Row) -> str:
    """Return how the contact came about, or that it was none."""
    code = row["initiated_by"] if row["contact"] == "spoke" else row["contact"]
    return (code or "not said").replace("_", " ")


def what(row: Row) -> str:
    """Return the first words of what was written."""
    return said(row["mentions"] or row["narrative"] or ", ".join(row["needs"]))


def called(row: Row) -> str:
    """Return what a man is called: a name, an alias in quotes, or that nobody knows."""
    name = row["name"] or " ".join(filter(None, (row["given_name"], row["surname"])))
    aliases = " ".join(f'"{alias}"' for alias in row["aliases"])
    return one_line(" ".join(filter(None, (name, aliases)))) or "not named"


def looks(row: Row) -> str:
    """Return what a man looks like, as far as it was said."""
    ages = [str(row[f"approximate_age_{end}"]) for end in ("from", "to") if row[f"approximate_age_{end}"]]
    age = row["age_text"] or "-".join(dict.fromkeys(ages))
    return ", ".join(filter(None, (age, said(row["build"]), said(row["hair"]), said(row["marks"]))))


def cars(row: Row) -> str:
    """Return a man's vehicles."""
    return "; ".join(
        " ".join(said(car[name]) for name in ("vrm", "colour", "make", "model") if car.get(name))
        for car in row["vehicles"]
    )


COLUMNS = {
    "engagement": (
        Column("When", 13, lambda row: moment(row["at"]), 12),
        Column("Ref", 7, _text("ref"), 6),
        Column("How", 13, contact, 12),
        Column("Who", 20, women, 13),
        Column("Sector", 10, _text("sector"), 9),
        Column("What was said", 0, what),
    ),
    "person": (
        Column("Ref", 7, _text("ref"), 6),
        Column("Pseudonym", 18, _text("pseudonym"), 14),
        Column("Known as", 18, _text("known_as"), 14),
        Column("Age", 8, _text("age_band")),
        Column("Risk", 8, _text("risk_grade")),
        Column("Safety", 0, _text("safety")),
    ),
    "offender": (
        Column("Ref", 7, _text("ref"), 6),
        Column("Called", 22, called, 18),
        Column("Car", 28, cars, 21),
        Column("Category", 9, _text("category")),
        Column("Looks", 0, looks),
    ),
    "followup": (
        Column("Due", 11, lambda row: day(row["due_on"])),
        Column("Ref", 7, _text("ref"), 6),
        Column("Who does it", 14, _text("owner")),
        Column("About", 7, _text("about")),
        Column("What", 0, _text("what")),
    ),
}


def heads(kind: str, width: int) -> str:
    """Return the line of column heads."""
    return _joined(kind, [column.head for column in COLUMNS[kind]], width)


def line(kind: str, row: Row, width: int) -> str:
    """Return a record as one line."""
    return _joined(kind, [column.said(row) for column in COLUMNS[kind]], width)


def _joined(kind: str, cells: list[str], width: int) -> str:
    roomy = width >= _ROOMY
    gap = 2 if roomy else 1
    wide = [column.width if roomy else column.narrow or column.width for column in COLUMNS[kind]]
    rest = max(width - sum(one + gap for one in wide if one), 8)
    return (
        (" " * gap)
        .join(fitted(text, one or rest, more="~") for text, one in zip(cells, wide, strict=True))
        .rstrip()
    )
