"""How a sheet of paper leaves: as text, Markdown, HTML, CSV or a workbook, by what --out or -f says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from commands import printing
from commands.options import asked
from db.errors import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from db.rules.sheets import Sheet

PAGES = (".html", ".xlsx")
_NAMED = {".html", ".xlsx", ".md", ".csv", ".json", ".ndjson", ".jsonl", ".txt"}


def check_name() -> None:
    """Refuse a file whose name does not say what it is to be, before anything is read.

    Raises:
        Usage: it does not.
    """
    out = asked().out
    if out is not None and out.suffix.lower() not in _NAMED:
        raise Usage("--out: name a file that ends in .html, .xlsx, .md, .csv, .json or .txt")


def is_page() -> bool:
    """Tell whether a whole file is asked for, that no -f makes."""
    out = asked().out
    return out is not None and out.suffix.lower() in PAGES


def put(sheet: Sheet, made_on: date, *, drawn: bool = False) -> None:
    """Write a sheet where and as it was asked for.

    Args:
        sheet: the sheet.
        made_on: the day that a workbook's properties name.
        drawn: whether text has charts for its tables.
    """
    wanted = asked()
    if is_page() and wanted.out is not None:
        if wanted.out.suffix.lower() == ".xlsx":
            from db.rules.sheets import workbook

            printing.put_file(workbook.book(sheet, made_on), wanted.out)
            return
        from db.rules.sheets import web

        printing.put(web.page(sheet), wanted)
        return
    if wanted.format in ("json", "ndjson", "csv"):
        from db.rules.sheets import paper

        printing.emit(paper.flat(sheet), keys=paper.COLUMNS, marking=sheet.marked)
        return
    printing.put(_text(sheet, wanted.format, drawn))


def plain() -> bool:
    """Tell whether charts are better drawn in ASCII here."""
    from db.rules.charts import lines

    return lines.plain(os.environ)


def _text(sheet: Sheet, form: str, drawn: bool) -> Iterable[str]:
    from db.rules.sheets import paper

    if form == "md":
        return paper.markdown(sheet)
    return paper.text(sheet, drawn=drawn, ascii=plain())
