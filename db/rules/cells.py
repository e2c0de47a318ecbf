"""A value as one cell of a spreadsheet's text: lists joined, flags as words, and nothing that is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.rules import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_PIECE = 1 << 16
_AS_IS = {int, float, type(None)}  # a number, negative too, is no text and stays one
_WATCHED = set(text.STARTERS)


def cell(value: Any) -> str:
    """Return a value as one cell: a list joined with ``;``, a flag as yes or no, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all([isinstance(item, str) for item in value]):
        return text.join_list(value)
    if isinstance(value, (list, dict)):
        import json

        return json.dumps(value, ensure_ascii=False)
    return str(value)


def csv_text(
    rows: Iterable[Mapping[str, Any]], header: Sequence[str], *, bom: bool = False, first: str = ""
) -> Iterator[str]:
    """Yield rows as CSV that no spreadsheet runs, in pieces; ``first`` is a line before the header."""
    import csv
    import io

    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    held.write("\ufeff" if bom else "")
    held.write(first)
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            [
                one
                if type(one) in _AS_IS or (type(one) is str and one[:1] not in _WATCHED)
                else _shielded(one)
                for one in map(row.get, header)
            ]
        )
        if held.tell() > _PIECE:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def _shielded(value: Any) -> str:
    """Return a cell that no spreadsheet runs."""
    return text.shield_cell(value if type(value) is str else cell(value) if value != [] else "")
