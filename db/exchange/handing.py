"""An export as a file: CSV, JSON, NDJSON or a spreadsheet, its marking in front, in a column or beside it.

A file is made ready beside its place while the entry is written, and put there once that stands.
"""

from __future__ import annotations

import hashlib
import json
import os
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import BeechError, Refused, Usage
from db.exchange.reading import SIDECAR
from db.rules.cells import csv_text
from db.vault import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from db.exchange.exporting import Export

FORMATS = ("csv", "json", "ndjson", "xlsx")
MARKINGS = ("first-line", "column", "sidecar")


class Form(NamedTuple):
    """How an export is written: a format, where its marking stands, a byte-order mark for Excel."""

    format: str
    marking: str = "first-line"
    bom: bool = False


def form_of(place: Path | None, asked: str | None, marking: str, bom: bool) -> Form:
    """Return how an export is to be written, by what was asked for or by its file's name; CSV by default.

    Raises:
        Usage: the two do not go together.
    """
    suffix = place.suffix.lower().lstrip(".").replace("jsonl", "ndjson") if place is not None else ""
    how = asked or (suffix if suffix in FORMATS else "csv")
    if how not in FORMATS:
        raise Usage("an export is CSV, JSON or NDJSON, or XLSX with --out FILE.xlsx")
    if suffix == "xlsx" and how != "xlsx":
        raise Usage(f"--out: {how} does not go into an .xlsx file")
    if marking == "sidecar" and place is None:
        raise Usage("--marking sidecar: needs --out FILE, beside which the marking is put")
    if bom and how != "csv":
        raise Usage("--bom is for CSV")
    return Form(how, marking, bom)


def text(export: Export, form: Form) -> Iterator[str]:
    """Yield an export as text."""
    export = _in_columns(export) if form.marking == "column" else export
    first = form.marking == "first-line"
    head = {"marking": export.marking, "release": export.release}
    if form.format == "csv":
        line = f"# {export.marking} release={export.release}\n" if first else ""
        return csv_text(export.rows, export.header, bom=form.bom, first=line)
    if form.format == "ndjson":
        return (_json(row) + "\n" for row in chain([head] if first else [], export.rows))
    return _array(export.rows, head if first else None)


def _array(rows: list[dict[str, Any]], head: dict[str, str] | None) -> Iterator[str]:
    yield f'{_json(head)[:-1]}, "rows": [' if head else "["
    for number, row in enumerate(rows):
        yield (",\n " if number else "\n ") + _json(row)
    yield "\n]}\n" if head else "\n]\n"


_json = json.JSONEncoder(ensure_ascii=False).encode


def _in_columns(export: Export) -> Export:
    """Return an export each of whose rows carries the marking and the release."""
    more = {"marking": export.marking, "release": export.release}
    return export._replace(header=(*export.header, *more), rows=[row | more for row in export.rows])


class Ready:
    """Files that lie ready beside their places: a call puts them there, an error within takes them away."""

    def __init__(self, files_: list[tuple[Path, Path]]) -> None:
        self._files = files_

    def __call__(self) -> None:
        """Put them in their places; what cannot be put there is taken away."""
        try:
            for there, beside in reversed(self._files):
                files.rename(beside, there)
        except BeechError:
            self._drop()
            raise

    def __enter__(self) -> Ready:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take them away where the entry did not come to stand: no row stays in a file nothing tells of."""
        if kind is not None:
            self._drop()

    def _drop(self) -> None:
        for _, beside in self._files:
            beside.unlink(missing_ok=True)


def to_file(export: Export, form: Form, place: Path, about: dict[str, Any]) -> Ready:
    """Make a file ready beside its place; what is returned puts it there, over what was there.

    Args:
        export: what leaves.
        form: how it is written.
        place: the file; a sidecar is named like it, with ``.marking.json`` behind.
        about: what a sidecar says beside marking and release: recipient, purpose, who, when.

    Raises:
        Refused: the folder cannot be written to, or the file is a folder.
        Busy: there is no room.
    """
    raw = _bytes(export, form)
    ready = [(place, _beside(place, raw))]
    if form.marking == "sidecar":
        said = {"marking": export.marking, "release": export.release, **about}
        said |= {"rows": len(export.rows), "sha256": hashlib.sha256(raw).hexdigest()}
        side = place.with_name(place.name + SIDECAR)
        try:
            ready.append((side, _beside(side, (json.dumps(said, indent=2) + "\n").encode())))
        except BeechError:
            ready[0][1].unlink()
            raise
    return Ready(ready)


def _bytes(export: Export, form: Form) -> bytes:
    if form.format == "xlsx":
        from db.exchange import sheets

        return sheets.written(_in_columns(export) if form.marking == "column" else export, form)
    return "".join(text(export, form)).encode("utf-8", "backslashreplace")


def _beside(place: Path, raw: bytes) -> Path:
    beside = place.with_name(f".{place.name}.{os.urandom(6).hex()}.new")
    if place.is_dir():
        raise Refused(f"{place} is a folder: name a file in it")
    try:
        files.create_exclusive(beside, raw, 0o600)
    except BeechError as error:
        raise type(error)(str(error).replace(str(beside), str(place))) from None
    return beside
