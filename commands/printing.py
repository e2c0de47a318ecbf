"""How data leaves on stdout, or in a file: table, json, ndjson, csv, md. Talk goes to stderr.

What reaches a terminal is cleaned once more and never read as markup.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from commands.options import Asked, asked, is_sheet
from db.errors import Busy, Usage
from db.rules import text
from db.rules.cells import cell, csv_text
from db.rules.widths import fitted, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Record = dict[str, Any]


def say(sentence: str) -> None:
    """Say something to whoever is at the terminal; it is no data. Words are not broken at the edge."""
    said = text.one_line(sentence)
    if len(said) >= 40 and sys.stderr.isatty():
        said = _wrapped(said)
    with suppress(OSError):  # where nobody hears it, the work goes on
        sys.stderr.write(said + "\n")
        sys.stderr.flush()


def _wrapped(said: str) -> str:
    from shutil import get_terminal_size
    from textwrap import fill

    room = max(40, get_terminal_size().columns - 1)
    return fill(said, room, break_long_words=False, break_on_hyphens=False)


LIT, UNLIT = "\uf8f0", "\uf8f1"  # private characters that become bold and plain on a terminal


def is_lit() -> bool:
    """Tell whether a hit is shown in bold: a table on a terminal, and no NO_COLOR."""
    wanted = asked()
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return wanted.format == "table" and wanted.out is None and sys.stdout.isatty() and not plain


def _bold(line: str) -> str:
    """Return a line with its marked parts in bold; one that was cut off ends where the line does."""
    cut = line.count(LIT) > line.count(UNLIT)
    line = line.rstrip("\n") + (UNLIT if cut else "") + "\n" * line.endswith("\n")
    return line.replace(LIT, "\x1b[1m").replace(UNLIT, "\x1b[22m")


def emit(
    data: Record | Sequence[Record],
    *,
    columns: Sequence[str] = (),
    keys: Sequence[str] = (),
    empty: str = "",
    marking: str = "",
    kind: str = "",
) -> None:
    """Print a record or a list in the format that was asked for, on stdout or into ``--out``.

    Args:
        data: flat objects with the same keys.
        columns: what a table shows, of these keys; all of them by default. Empty columns are dropped.
        keys: the header of CSV where the list is empty.
        empty: what a table says on stderr where the list is empty.
        marking: the first line of a CSV or a spreadsheet that is a file.
        kind: whose fields these are, for the dates of a spreadsheet.
    """
    wanted = asked()
    if wanted.format == "table" and wanted.out is None and not data and empty:
        say(empty)
        return
    header = list(keys) if keys and not data else _header(data, columns, wanted.format)
    if is_sheet(wanted) and wanted.out is not None:
        from db.exchange import sheets

        rows = [data] if isinstance(data, dict) else data
        put_file(sheets.listed(kind, rows, header, marking), wanted.out)
        return
    if marking and wanted.format == "csv" and wanted.out is not None:
        put(
            csv_text(
                [data] if isinstance(data, dict) else data, header, bom=wanted.bom, first=f"# {marking}\n"
            ),
            wanted,
        )
        return
    chunks = _chunks(data, header, wanted)
    put(map(_bold, chunks) if is_lit() else chunks, wanted)


def put(chunks: Iterable[str], wanted: Asked | None = None) -> None:
    """Write finished text on stdout, or into ``--out`` at once, as a file of one's own.

    Raises:
        Usage: it is to go into a spreadsheet, which text is not.
    """
    wanted = wanted or asked()
    if is_sheet(wanted):
        raise Usage("--out: this is text, and no list for a spreadsheet: name a .txt or .md file")
    if wanted.out is None:
        try:
            sys.stdout.writelines(chunks)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise Busy(f"stdout takes no more ({reason}): its text is not whole; what was saved is") from None
        return
    put_file("".join(chunks).encode("utf-8", "backslashreplace"), wanted.out)


def put_file(data: bytes, place: Path) -> None:
    """Write a whole file of one's own."""
    from db.vault import files

    files.replace(place, data, 0o600)
    say(f"written to {place}")


def _header(data: Record | Sequence[Record], columns: Sequence[str], how: str) -> list[str]:
    first = data if isinstance(data, dict) else data[0] if data else {}
    every = list(first)
    return [name for name in columns if name in first] or every if how in ("table", "md") else every


def _chunks(data: Record | Sequence[Record], header: list[str], wanted: Asked) -> Iterator[str]:
    how = wanted.format
    if how in ("json", "ndjson"):
        return _json(data, how)
    if isinstance(data, dict) and how in ("table", "md"):
        pairs = [{"field": name, "value": data[name]} for name in data if data[name] not in (None, [], "")]
        return _table(pairs, ["field", "value"], wanted, titled=False) if how == "table" else _md(pairs)
    rows = [data] if isinstance(data, dict) else data
    if how == "csv":
        return csv_text(rows, header, bom=wanted.bom)
    full = [name for name in header if any(row[name] not in (None, [], "") for row in rows)] or header
    return _table(rows, full, wanted) if how == "table" else _md(rows, full)


def _json(data: Record | Sequence[Record], how: str) -> Iterator[str]:
    import json

    plain = sys.stdout.isatty()  # on a terminal nothing unprintable goes out as it is
    encode = json.JSONEncoder(ensure_ascii=False).encode  # made once: a list may be long

    def written(one: Any, indent: int | None = None) -> str:
        made = encode(one) if indent is None else json.dumps(one, ensure_ascii=False, indent=indent)
        safe = not plain or made.isascii() or all(line.isprintable() for line in made.split("\n"))
        return made if safe else json.dumps(one, indent=indent)

    if how == "ndjson":
        for row in [data] if isinstance(data, dict) else data:
            yield written(row) + "\n"
    elif isinstance(data, dict):
        yield written(data, 2) + "\n"
    else:
        yield "["
        for number, row in enumerate(data):
            yield (",\n " if number else "\n ") + written(row)
        yield "\n]\n" if data else "]\n"


# cells


def _shown(value: Any) -> str:
    """Return a value as it is read on a page: times to the minute, no offset."""
    if isinstance(value, str) and len(value) == 25 and value[10] == "T" and value[19] in "+-":
        return f"{value[:10]} {value[11:16]}"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return text.one_line(", ".join(value))
    if isinstance(value, dict):
        full = ((key, one) for key, one in value.items() if one not in (None, [], ""))
        return text.one_line(", ".join(f"{key.replace('_', ' ')} {_shown(one)}" for key, one in full))
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value)
    return text.one_line(cell(value))


_MARKUP = re.compile(r"[\\`*{}\[\]<>#|~]|(?<![a-z0-9])_|_(?![a-z0-9])")


def _md(rows: Sequence[Record], header: Sequence[str] = ("field", "value")) -> Iterator[str]:
    yield f"| {' | '.join(header)} |\n"
    yield f"|{' --- |' * len(header)}\n"
    for row in rows:
        cells = (_MARKUP.sub(r"\\\g<0>", _shown(row[name])) for name in header)
        yield f"| {' | '.join(cells)} |\n"


# tables


def _table(
    rows: Sequence[Record], header: Sequence[str], wanted: Asked, *, titled: bool = True
) -> Iterator[str]:
    lines = [[_shown(row[name]) for name in header] for row in rows]
    if titled:
        lines.insert(0, [name.replace("_", " ") for name in header])
    widths = [max((width(line[i]) for line in lines), default=0) for i in range(len(header))]
    if wanted.out is None and sys.stdout.isatty():
        from shutil import get_terminal_size

        _fit(widths, get_terminal_size().columns - 1)
    numbers = [
        all(isinstance(row[name], int) and not isinstance(row[name], bool) for row in rows) and titled
        for name in header
    ]
    for line in lines:
        cells = (
            fitted(one, room, right=right) for one, room, right in zip(line, widths, numbers, strict=True)
        )
        yield "  ".join(cells).rstrip() + "\n"


def _fit(widths: list[int], room: int) -> None:
    """Narrow the widest columns until the line has room; nothing below six."""
    spare = sum(widths) + 2 * (len(widths) - 1) - room
    while spare > 0 and max(widths) > 6:
        widest = widths.index(max(widths))
        rest = max([width for i, width in enumerate(widths) if i != widest] + [6])
        step = max(1, min(spare, widths[widest] - max(rest, 6)))
        widths[widest] -= step
        spare -= step
