"""The few lines under a list: what is known of the row where the cursor rests. It asks for nothing anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.rows import Row


def preview(kind: str, row: Row) -> list[str]:
    """Return the lines."""
    return [line for line in _PREVIEWS[kind](row) if line]


def _spaced(*parts: object) -> str:
    return "  ".join(filter(None, map(rows.said, parts)))


def _engagement(row: Row) -> list[str]:
    needs = rows.said(row["needs"])
    return [
        _spaced(
            *(row["ref"], rows.moment(row["at"]), rows.contact(row), row["sector"], row["officers"]),
            f"sharing level {row['sharing_level']}",
        ),
        f"With {rows.women(row) or 'nobody named'}{f'; needs {needs}' if needs else ''}",
        f"Of a man or car: {rows.said(row['mentions'])}" if row["mentions"] else "",
        rows.said(row["narrative"]),
    ]


def _person(row: Row) -> list[str]:
    return [
        _spaced(row["ref"], row["pseudonym"], row["known_as"], row["status"]),
        f"!! {rows.said(row['safety'])}" if row["safety"] else "",
        f"Sharing level {row['sharing_level']}  Safe contact {rows.said(row['safe_contact'])}",
        _risk(row) if row["risk_grade"] else "",
    ]


def _risk(row: Row) -> str:
    again = f", again on {rows.day(row['risk_review_on'])}" if row["risk_review_on"] else ""
    return f"Risk {rows.said(row['risk_grade'])}{again}"


def _offender(row: Row) -> list[str]:
    return [
        _spaced(row["ref"], rows.called(row), row["category"], row["identity_confidence"]),
        f"!! {rows.said(row['warnings'])}" if row["warnings"] else "",
        f"Looks {rows.looks(row)}" if rows.looks(row) else "",
        f"Car {rows.cars(row)}" if row["vehicles"] else "",
        f"Does {rows.said(row['mo'])} {rows.said(row['mo_text'])}" if row["mo"] or row["mo_text"] else "",
    ]


def _followup(row: Row) -> list[str]:
    return [
        _spaced(row["ref"], f"due {rows.day(row['due_on'])}", row["owner"], row["about"]),
        rows.said(row["what"]),
        rows.said(row["result"]),
    ]


_PREVIEWS: dict[str, Callable[[Row], list[str]]] = {
    "engagement": _engagement,
    "person": _person,
    "offender": _offender,
    "followup": _followup,
}
